"""Word 97-2003 documents (.doc) and WPS documents (.wps), by the piece table ([MS-DOC] 2.4.1, 2.9.38).

A document is a stream of characters in pieces, 8 or 16 bits wide; marks below U+0020 end paragraphs and cells and
frame fields. What is left out is counted.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from ingest.readers.base import RawDocument
from ingest.readers.doc_lists import DocLists
from ingest.readers.doc_properties import (
    CHARACTERS,
    DELETED,
    FROM_ABOVE,
    FROM_LEFT,
    HIDDEN,
    HIGH,
    IN_TABLE,
    LIST,
    PARAGRAPHS,
    ROW_END,
    SCRIPT,
    Runs,
    read_runs,
)
from ingest.readers.fidelity import Losses, Why
from ingest.readers.framing import only_counts
from ingest.readers.limits import LIMITS, DamagedFileError, EncryptedFileError, LimitError, Limits, RefusedFileError
from ingest.readers.pieces import Piece, cells_to_row, pieces_to_raw
from ingest.readers.scripts import raised
from ingest.readers.word_headers import Frame, belongs_to_text

_KIND = "Word 97-2003"
_IDENT, _IDENT_95, _WORD_97 = 0xA5EC, 0xA5DC, 0x00C1
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200  # FibBase flags
_COUNTS = 0x4C  # characters of the text, footnotes, headers, macros, annotations, endnotes, text boxes
_FOOTNOTES, _HEADERS, _ENDNOTES, _BOXES = 1, 2, 5, 6
_CLX = 0x1A2  # place of fcClx and lcbClx
_PRC, _PCDT = 1, 2  # kinds of entries of the Clx
_CELL, _NOTE, _FIELD, _RESULT, _FIELD_END = "\x07", "\x02", "\x13", "\x14", "\x15"
_BEFORE = 24  # characters before a raised one that tell what it is
_PLAIN = str.maketrans({"\x1e": "-", "\x1f": None, "\x0b": "\n", "\x0e": "\n", "\xa0": " ", "\t": " "})
_MARKS = re.compile(r"[\x00-\x06\x08\x0f-\x12\x13-\x1d]")


@dataclass(frozen=True, slots=True)
class _Text:
    """Characters with the place of each in the main stream: properties are kept by place."""

    chars: str
    places: list[int]

    def part(self, start: int, end: int) -> _Text:
        return _Text(self.chars[start:end], self.places[start:end])

    def only(self, keep: list[bool]) -> _Text:
        kept = [n for n, wanted in enumerate(keep) if wanted]
        return _Text("".join(self.chars[n] for n in kept), [self.places[n] for n in kept])


def read_doc(data: bytes, limits: Limits = LIMITS) -> RawDocument:
    """A .doc or .wps file; a line is a paragraph. Raises `RefusedFileError` with a reason."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            losses = _around(ole)
            streams = {name: _stream(ole, name, limits) for name in ("WordDocument", "0Table", "1Table")}
    except RefusedFileError:
        raise
    except (OSError, LookupError, ValueError, struct.error, TypeError, AttributeError) as error:
        raise DamagedFileError(_KIND, "复合文件结构无法读取") from error
    try:
        pieces = _pieces(streams, losses)
        return pieces_to_raw(pieces, wrapped=False, encoding="utf-16-le", limits=limits, losses=losses)
    except (struct.error, IndexError) as error:
        raise DamagedFileError(_KIND, "文字表不完整") from error


def _around(ole: Any) -> Losses:
    """What a file holds beside its text."""
    losses = Losses()
    inside = {entry[1] for entry in ole.listdir(streams=True, storages=True) if len(entry) > 1}
    losses.add(
        "嵌入对象", Why.EMBEDDED, sum(name.startswith("_") for name in inside) if ole.exists("ObjectPool") else 0
    )
    return losses


def _stream(ole: Any, name: str, limits: Limits) -> bytes:
    if not ole.exists(name):
        return b""
    if (size := ole.get_size(name)) > limits.part_bytes:
        raise LimitError(f"{name} 的字节数", size, limits.part_bytes)
    _refuse_circles(ole, name)
    return bytes(ole.openstream(name).read())


def _refuse_circles(ole: Any, name: str) -> None:
    """Raises `DamagedFileError` for a stream whose chain of sectors comes back to itself: it would repeat its text."""
    entry = ole.direntries[ole._find(name)]  # noqa: SLF001 - olefile has no other way to a stream's first sector
    small = entry.size < ole.minisectorcutoff
    ole.openstream(name)  # loads the table of small sectors
    table, size = (ole.minifat, ole.mini_sector_size) if small else (ole.fat, ole.sector_size)
    seen: set[int] = set()
    sector = entry.isectStart
    for _ in range(-(-entry.size // size)):
        if sector in seen:
            raise DamagedFileError(_KIND, "扇区链成环")
        if not 0 <= sector < len(table):
            return  # a short chain: olefile says so itself
        seen.add(sector)
        sector = table[sector]


def _pieces(streams: dict[str, bytes], losses: Losses) -> Iterator[Piece]:
    main = streams["WordDocument"]
    ident, version = struct.unpack_from("<HH", main, 0)
    if ident not in (_IDENT, _IDENT_95):
        raise DamagedFileError(_KIND, "缺少文件头")
    if ident == _IDENT_95 or version < _WORD_97:
        raise RefusedFileError("这是 Word 95 或更早的格式，请用 Word 或 WPS 另存为 .docx 后重试")
    (flags,) = struct.unpack_from("<H", main, 0x0A)
    if flags & _ENCRYPTED:
        raise EncryptedFileError(_KIND)
    table = streams["1Table" if flags & _TABLE_1 else "0Table"]
    counts = struct.unpack_from("<7i", main, _COUNTS)
    if any(n < 0 for n in counts):
        raise DamagedFileError(_KIND, "字数记录有误")
    text = _characters(main, table, sum(counts))
    starts = [sum(counts[:n]) for n in range(len(counts) + 1)]
    parts = [_printed(text.part(a, b), main, table, losses) for a, b in pairwise(starts)]
    notes = [n for number in (_FOOTNOTES, _ENDNOTES) for n in parts[number].chars.split(_NOTE)[1:] if n.strip()]
    runs = read_runs(main, table, PARAGRAPHS)
    _count(parts[0], losses)
    yield from _heads(parts[_HEADERS].chars, losses)
    yield from _paragraphs(parts[0], runs, notes, _lists(main, table), losses)
    yield from _plain(parts[_BOXES].chars)


def _lists(main: bytes, table: bytes) -> DocLists | None:
    """The lists; None where their tables cannot be followed, which is no reason to refuse the text."""
    try:
        return DocLists(main, table)
    except (struct.error, IndexError):
        return None


def _count(text: _Text, losses: Losses) -> None:
    losses.add("图片", Why.PICTURE, text.chars.count("\x01") + text.chars.count("\x08"))
    losses.add("批注", Why.COMMENT, text.chars.count("\x05"))


def _heads(text: str, losses: Losses) -> Iterator[Piece]:
    """The lines of headers and footers that are part of the document: letterhead and number often stand there."""
    frame = Frame("", first=False)
    for piece in dict.fromkeys(_plain(text)):
        if not piece.text.strip() or only_counts(piece.text):
            continue
        if belongs_to_text(piece.text, frame):
            yield piece
        else:
            losses.add("页眉页脚", Why.REPEATED)


def _characters(main: bytes, table: bytes, wanted: int) -> _Text:
    """All characters of the document in order, from the pieces of the Clx (2.9.38, 2.8.35, 2.9.177)."""
    start, size = struct.unpack_from("<II", main, _CLX)
    clx = table[start : start + size]
    at = 0
    while at < len(clx) and clx[at] == _PRC:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at >= len(clx) or clx[at] != _PCDT:
        raise DamagedFileError(_KIND, "缺少文字表")
    (length,) = struct.unpack_from("<I", clx, at + 1)
    body = clx[at + 5 : at + 5 + length]
    count = (len(body) - 4) // 12
    bounds = struct.unpack_from(f"<{count + 1}I", body, 0)
    out: list[str] = []
    places: list[int] = []
    for n in range(count):
        (fc,) = struct.unpack_from("<I", body, 4 * (count + 1) + 8 * n + 2)
        number = min(bounds[n + 1] - bounds[n], wanted - len(places))
        if number <= 0:
            continue
        width = 1 if fc & 0x4000_0000 else 2
        place = (fc & 0x3FFF_FFFF) // (3 - width)  # the place of a narrow piece is stored doubled
        raw = main[place : place + number * width]
        if len(raw) < number * width:
            raise DamagedFileError(_KIND, "文字流被截断")
        # A character a unit, so that places stay in step; surrogates are joined when a paragraph is done.
        out.append(raw.decode("cp1252", "replace") if width == 1 else "".join(map(chr, _units(raw))))
        places += range(place, place + number * width, width)
    if len(places) < wanted:
        raise DamagedFileError(_KIND, "文字表不完整")
    return _Text("".join(out), places)


def _units(raw: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(raw) // 2}H", raw)


def _printed(text: _Text, main: bytes, table: bytes, losses: Losses) -> _Text:
    """Without what is not printed: deleted and hidden characters, field codes; raised ones as they are meant."""
    if runs := read_runs(main, table, CHARACTERS):
        # the mark of a cell stays: without it, the words of a row would come to stand anywhere
        kept = (
            c == _CELL or not runs.at(p).keys() & {DELETED, HIDDEN}
            for c, p in zip(text.chars, text.places, strict=True)
        )
        text = _as_raised(text.only(list(kept)), runs, losses)
    return _without_field_codes(text) if _FIELD in text.chars else text


def _as_raised(text: _Text, runs: Runs, losses: Losses) -> _Text:
    """With raised characters judged: the mark of a note behind a number is no digit of it."""
    high = [runs.at(place).get(SCRIPT) == HIGH for place in text.places]
    if not any(high):
        return text
    chars, keep, at = list(text.chars), [True] * len(high), 0
    for is_high, group in groupby(high):
        end = at + sum(1 for _ in group)
        words = text.chars[at:end]
        if is_high and _NOTE not in words and words.isprintable():
            shown = raised(words, "".join(chars[max(at - _BEFORE, 0) : at]))
            if not shown and words.strip():
                losses.add("上标", Why.NOTE_MARK)
                keep[at:end] = [False] * (end - at)
            elif len(shown) == len(words):
                chars[at:end] = shown
        at = end
    return _Text("".join(chars), text.places).only(keep)


def _without_field_codes(text: _Text) -> _Text:
    """PAGE, HYPERLINK "…", TOC … go, what they show stays (2.8.25)."""
    in_code: list[bool] = []  # for each open field, whether we are still in its code
    keep: list[bool] = []
    for char in text.chars:
        if char == _FIELD:
            in_code.append(True)
        elif char == _RESULT and in_code:
            in_code[-1] = False
        keep.append(char not in (_FIELD, _RESULT, _FIELD_END) and not any(in_code))
        if char == _FIELD_END and in_code:
            in_code.pop()
    return text.only(keep)


def _paragraphs(text: _Text, runs: Runs, notes: list[str], lists: DocLists | None, losses: Losses) -> Iterator[Piece]:
    """Paragraphs; cells gathered to rows; each note after the paragraph that it belongs to."""
    cells: list[str] = []
    cell: list[str] = []  # the paragraphs of the cell at hand
    above: list[str] = []  # the cells of the row before
    waiting = list(reversed(notes)) if text.chars.count(_NOTE) == len(notes) else []
    begun = 0
    for end in (n for n, char in enumerate(text.chars) if char in "\r\x07\x0c"):
        words = _clean(text.chars[begun:end])
        due = [waiting.pop() for _ in range(text.chars.count(_NOTE, begun, end) if waiting else 0)]
        begun = end + 1
        marks = runs.at(text.places[end])
        if words:
            label = lists.label(marks) if lists else None if marks.get(LIST) else ""
            losses.add("自动编号", Why.NUMBERING, label is None)
            words = f"{_clean(label or '')}{words}"
        if text.chars[end] == _CELL:
            # Without properties a second mark ends the row; an empty cell then looks the same.
            if ROW_END in marks or (not runs and not words and not cell and cells):
                above = _merged(cells, above, marks)
                yield from _row(above)
                cells.clear()
            else:
                cells.append(" ".join([*cell, words]))
                cell.clear()
        elif IN_TABLE in marks:
            cell.append(words)
        else:
            yield from map(Piece, words.split("\n"))
        for note in due:
            yield from _plain(note)
    yield from map(Piece, [*cells, *cell, _clean(text.chars[begun:])])
    if len(notes) != text.chars.count(_NOTE):
        for note in notes:
            yield from _plain(note)


def _merged(cells: list[str], above: list[str], marks: Mapping[int, int]) -> list[str]:
    """The cells of a row, merged ones repeated in each, as in other formats."""
    out = list(cells)
    for n, words in enumerate(cells):
        if words.strip():
            continue
        if marks.get(FROM_ABOVE, 0) >> n & 1 and n < len(above):
            out[n] = above[n]
        elif marks.get(FROM_LEFT, 0) >> n & 1 and n:
            out[n] = out[n - 1]
    return out


def _row(cells: list[str]) -> Iterator[Piece]:
    if len(cells) > 1:
        yield cells_to_row(cells)
    elif cells:
        yield Piece(" ".join(cells[0].split()))


def _plain(text: str) -> Iterator[Piece]:
    for line in re.split(r"[\r\n\x07\x0c]", text):
        yield Piece(_clean(line))


def _clean(text: str) -> str:
    text = _MARKS.sub("", text).translate(_PLAIN)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
