"""Tables kept as .csv: separated by comma, TAB or semicolon, in any encoding of text files."""

from __future__ import annotations

import csv
import io
import re

from ingest.readers.base import RawDocument
from ingest.readers.limits import LIMITS, DamagedFileError, Limits
from ingest.readers.pieces import pieces_to_raw
from ingest.readers.sheets import check_size, rows_to_pieces
from ingest.readers.text import decode, undecoded

_DELIMITERS = ",\t;，|"
_SEPARATOR = re.compile(r"\s*sep=(.)[\r\n]+", re.IGNORECASE)
_AS_TEXT = re.compile(r'="((?:[^"]|"")*)"')
_QUOTED = re.compile(r'(?:(?<=[,\t;，|])|^)"(?:[^"]|"")*"', re.MULTILINE)
_SAMPLE = 20  # lines that are asked which delimiter they share


def read_csv(data: bytes, limits: Limits = LIMITS) -> RawDocument:
    """A .csv file. Raises `RefusedFileError` with a reason."""
    text, encoding = decode(data)
    text, named = _without_first(text)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=named or _delimiter(text))
        rows = [[_shown(cell.strip()) for cell in row] for row in reader]
    except csv.Error as error:
        raise DamagedFileError("CSV", "引号不成对，或某个单元格过长") from error
    check_size(len(rows), max(map(len, rows), default=0), limits)
    return pieces_to_raw(rows_to_pieces(rows), wrapped=False, encoding=encoding, limits=limits, losses=undecoded(text))


def _without_first(text: str) -> tuple[str, str]:
    """The text without a first line that only tells Excel how cells are parted (sep=;), and what it says."""
    found = _SEPARATOR.match(text)
    return (text[found.end() :], found[1]) if found else (text, "")


def _shown(cell: str) -> str:
    """="007", by which programs keep Excel from taking a text for a number, as Excel shows it."""
    found = _AS_TEXT.fullmatch(cell)
    return found[1].replace('""', '"') if found else cell


def _delimiter(text: str) -> str:
    """The mark that the first lines share, most of them as often as the others: titles may have none."""
    # what stands in quotation marks parts nothing, nor does a line end there
    bare = _QUOTED.sub("", text[:20_000])
    lines = [line for line in bare.splitlines() if line.strip()][:_SAMPLE]

    def agree(mark: str) -> tuple[int, int]:
        counts = [n for line in lines if (n := line.count(mark))]
        usual = max(set(counts), key=counts.count) if counts else 0
        return counts.count(usual) if usual else 0, usual

    return max(_DELIMITERS, key=agree)
