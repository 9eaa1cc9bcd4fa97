"""Tables kept as .csv: separated by comma, TAB or semicolon, in any encoding of text files."""

from __future__ import annotations

import csv
import io

from ingest.readers.base import RawDocument
from ingest.readers.limits import LIMITS, DamagedFileError, Limits
from ingest.readers.pieces import pieces_to_raw
from ingest.readers.sheets import check_size, rows_to_pieces
from ingest.readers.text import decode, undecoded

_DELIMITERS = ",\t;，|"
_SAMPLE = 20  # lines that are asked which delimiter they share


def read_csv(data: bytes, limits: Limits = LIMITS) -> RawDocument:
    """A .csv file. Raises `RefusedFileError` with a reason."""
    text, encoding = decode(data)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
        rows = [[cell.strip() for cell in row] for row in reader]
    except csv.Error as error:
        raise DamagedFileError("CSV", "引号不成对，或某个单元格过长") from error
    check_size(len(rows), max(map(len, rows), default=0), limits)
    return pieces_to_raw(rows_to_pieces(rows), wrapped=False, encoding=encoding, limits=limits, losses=undecoded(text))


def _delimiter(text: str) -> str:
    """The mark that the first lines share, most of them as often as the others: titles may have none."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:_SAMPLE]

    def agree(mark: str) -> tuple[int, int]:
        counts = [n for line in lines if (n := line.count(mark))]
        usual = max(set(counts), key=counts.count) if counts else 0
        return counts.count(usual) if usual else 0, usual

    return max(_DELIMITERS, key=agree)
