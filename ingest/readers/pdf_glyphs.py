"""The characters of a PDF page: where they stand as it is shown, whether anybody sees them, whether they can be read.

A character that is white, transparent, tiny or drawn in the invisible mode (ISO 32000-1 §9.3.6) is looked for in the
page as it is drawn: the text layer of a scan lies over ink, what was hidden lies over nothing.
"""

from __future__ import annotations

import ctypes
import math
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ingest.readers.lookalikes import as_meant
from ingest.readers.printed import Box, Glyph

UNREAD = "\ufffd"  # stands for a character whose font does not say what it is
_HAN, _ASCII = (0x4E00, 0x9FFF), (0x20, 0x7E)  # nearly all characters: nothing is to be looked up
_SURROGATES = range(0xD800, 0xE000)
_LIGATED = frozenset("fijlst")  # letters of ligatures
_NO_CHARACTERS = frozenset([0, 0xFFFE, 0xFFFF])
_QUARTER = 90
_LEAN = 4  # degrees off a quarter turn that are no slant
_TURNED_TEXT = 12  # characters: fewer along the edge of a page are a note or a stamp
_INVISIBLE_MODES = frozenset([3, 7])  # neither filled nor stroked; clipping only
_PALE = 235  # of 255 in each colour: what is lighter may not be seen on white
_FAINT = 40  # of 255: alpha below it
_MOST_MARKS = 20  # around one object
_TINY = 2.0  # points
_CONTRAST = 24  # grey values between ink and ground in a character's box
_LOST = 0.3  # share of a font's characters without a meaning above which the others mean nothing either
_MOST_PIXELS = 4_000_000


@dataclass(slots=True)
class _Character:
    glyph: Glyph
    angle: int  # degrees, counter-clockwise on the page as shown
    run: int  # the text object it belongs to; 0 for none


@dataclass(frozen=True, slots=True)
class _Run:
    """What all characters of a text object share."""

    font: str
    doubtful: bool  # perhaps not to be seen
    angle: int  # degrees counter-clockwise on the page as stored


@dataclass(frozen=True, slots=True)
class Block:
    """Characters that stand upright once the page is turned by `turn` degrees clockwise, with the page's size then."""

    glyphs: list[Glyph]
    turn: int = 0


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page in blocks, the upright one first; and what is not in them."""

    blocks: tuple[Block, ...]
    hidden: int = 0  # characters that nobody sees
    slanted: int = 0  # of watermarks, and along the edges
    unread: int = 0  # characters whose font does not say what they are


def page_to_text(page: Any) -> PageText:
    """All that a page says, as it is shown."""
    runs: dict[int, _Run] = {}
    found = _parted(list(_characters(page, runs)))
    if not found:
        return PageText(())
    wide, high = page.get_size()
    kept = [c for c in found if not _is_outside(c.glyph, wide, high)]
    doubtful = [c for c in kept if c.run in runs and runs[c.run].doubtful and not c.glyph.char.isspace()]
    if doubtful:
        gone = {id(c) for c in _unseen(page, doubtful, (wide, high))}
        kept = [c for c in kept if id(c) not in gone]
    hidden = sum(not c.glyph.char.isspace() for c in found) - sum(not c.glyph.char.isspace() for c in kept)
    unread = _mark_unread(kept, runs)
    turned: dict[int, list[Glyph]] = defaultdict(list)
    for c in kept:
        turned[_quarter(c.angle)].append(c.glyph)
    slanted = len(turned.pop(-1, ()))
    # upright text first: it is the heading of what is turned
    order = sorted(turned, key=lambda angle: (angle != 0, -len(turned[angle])))
    most = max(map(len, turned.values()), default=0)
    blocks = []
    for angle in order:
        if angle and len(turned[angle]) < min(_TURNED_TEXT, most):
            slanted += len(turned[angle])
        else:
            blocks.append(Block([_turned_glyph(g, angle, wide, high) for g in turned[angle]], angle))
    return PageText(tuple(blocks), hidden, slanted, unread)


def _characters(page: Any, runs: dict[int, _Run]) -> Iterator[_Character]:
    import pypdfium2.raw as c

    media = page.get_cropbox()
    rotation = page.get_rotation()
    opened = page.get_textpage()
    text = opened.raw  # a call on the wrapper looks the handle up each time
    try:
        box = c.FS_RECTF()
        at = ctypes.byref(box)
        for i in range(c.FPDFText_CountChars(text)):
            code = c.FPDFText_GetUnicode(text, i)
            if c.FPDFText_IsGenerated(text, i) == 1:
                continue  # blanks and line ends that pdfium adds: ours come from the places
            # where a font has no mapping, enough of its characters come out as something else than Han
            lost = not _HAN[0] <= code <= _HAN[1] and (
                code in _NO_CHARACTERS or c.FPDFText_HasUnicodeMapError(text, i) == 1
            )
            if not c.FPDFText_GetLooseCharBox(text, i, at):
                continue
            shown = shown_box((box.left, box.bottom, box.right, box.top), media, rotation)
            run = _run(text, i, runs)
            degrees = (runs[run].angle if run else _angle(text, i)) - rotation
            char = UNREAD if lost else _char(code)
            yield _Character(Glyph(char, shown[0], shown[2], shown[1], shown[3]), degrees % 360, run)
    finally:
        opened.close()


def _parted(characters: list[_Character]) -> list[_Character]:
    """Letters that one glyph shows (ﬃ), which pdfium gives in one place, side by side: they are not printed twice."""
    at = 0
    for end in range(1, len(characters) + 1):
        if end < len(characters) and _is_of_one_glyph(characters[at], characters[end]):
            continue
        count = end - at
        if count > 1:
            g = characters[at].glyph
            wide = (g.x1 - g.x0) / count
            for n in range(count):
                x0 = g.x0 + n * wide
                characters[at + n].glyph = replace(characters[at + n].glyph, x0=x0, x1=x0 + wide)
        at = end
    return characters


def _is_of_one_glyph(one: _Character, other: _Character) -> bool:
    a, b = one.glyph, other.glyph
    place = (a.x0, a.x1, a.top, a.bottom) == (b.x0, b.x1, b.top, b.bottom)
    return place and one.run == other.run and a.char in _LIGATED and b.char in _LIGATED and not one.angle


def _char(code: int) -> str:
    if _HAN[0] <= code <= _HAN[1] or _ASCII[0] <= code <= _ASCII[1]:
        return chr(code)
    if code in _SURROGATES or code > sys.maxunicode:
        return UNREAD
    char = as_meant(chr(code))  # some producers map 月 to the radical ⽉
    return UNREAD if not char.isspace() and unicodedata.category(char) in ("Cn", "Cc") else char


def _run(text: Any, i: int, runs: dict[int, _Run]) -> int:
    import pypdfium2.raw as c

    item = c.FPDFText_GetTextObject(text, i)
    if not item:
        return 0
    key = ctypes.addressof(item.contents)
    if key not in runs:
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        coloured = c.FPDFText_GetFillColor(text, i, red, green, blue, alpha)
        mode = c.FPDFTextObj_GetTextRenderMode(item)
        pale = bool(coloured) and (min(red.value, green.value, blue.value) >= _PALE or alpha.value < _FAINT)
        size = c.FPDFText_GetFontSize(text, i)
        name = ctypes.create_string_buffer(64)
        c.FPDFText_GetFontInfo(text, i, name, 64, None)
        matrix = c.FS_MATRIX()
        scale = 1.0
        if c.FPDFText_GetMatrix(text, i, matrix):
            scale = math.sqrt(abs(matrix.a * matrix.d - matrix.b * matrix.c))
        doubtful = mode in _INVISIBLE_MODES or pale or 0 < size * scale < _TINY or _is_optional(item)
        runs[key] = _Run(name.value.decode("latin-1"), doubtful, _angle(text, i))
    return key


def _is_optional(item: Any) -> bool:
    """Whether an object belongs to a layer, which may be switched off (§8.11): the page as drawn knows."""
    import pypdfium2.raw as c

    for n in range(min(c.FPDFPageObj_CountMarks(item), _MOST_MARKS)):
        name, length = (ctypes.c_ushort * 4)(), ctypes.c_ulong()
        mark = c.FPDFPageObj_GetMark(item, n)
        if c.FPDFPageObjMark_GetName(mark, name, ctypes.sizeof(name), length) and name[:3] == [79, 67, 0]:  # OC
            return True
    return False


def _angle(text: Any, i: int) -> int:
    """The angle of a character; pdfium counts clockwise, and does not know how the page is turned."""
    import pypdfium2.raw as c

    return -round(math.degrees(c.FPDFText_GetCharAngle(text, i)))


def _quarter(angle: int) -> int:
    """0, 90, 180 or 270, or -1 for what is slanted."""
    near = round(angle / _QUARTER) * _QUARTER
    return near % 360 if abs(angle - near) <= _LEAN else -1


def _is_outside(glyph: Glyph, wide: float, high: float) -> bool:
    x, y = glyph.middle
    return not (0 <= x <= wide and 0 <= y <= high)


def _unseen(page: Any, characters: Sequence[_Character], size: tuple[float, float]) -> list[_Character]:
    """Those in whose place the drawn page shows nothing."""
    import numpy as np

    wide, high = size
    scale = min(1.5, math.sqrt(_MOST_PIXELS / max(wide * high, 1.0)))
    grey = np.asarray(page.render(scale=scale).to_pil().convert("L"))
    out = []
    for c in characters:
        g = c.glyph
        part = grey[
            max(int(g.top * scale), 0) : max(math.ceil(g.bottom * scale), 0),
            max(int(g.x0 * scale), 0) : max(math.ceil(g.x1 * scale), 0),
        ]
        if part.size == 0 or int(part.max()) - int(part.min()) < _CONTRAST:
            out.append(c)
    return out


def _mark_unread(characters: Sequence[_Character], runs: dict[int, _Run]) -> int:
    """Replace what a font without a mapping seems to say; returns how many characters cannot be read."""
    if not any(c.glyph.char == UNREAD or "\ue000" <= c.glyph.char <= "\uf8ff" for c in characters):
        return 0
    lost: Counter[str] = Counter()
    all_: Counter[str] = Counter()
    for c in characters:
        if c.run in runs and not c.glyph.char.isspace():
            all_[runs[c.run].font] += 1
            lost[runs[c.run].font] += c.glyph.char == UNREAD or unicodedata.category(c.glyph.char) == "Co"
    bad = {font for font, n in lost.items() if n > _LOST * all_[font]}
    for c in characters:
        if bad and c.run in runs and runs[c.run].font in bad and not c.glyph.char.isspace():
            c.glyph = replace(c.glyph, char=UNREAD)
    return sum(c.glyph.char == UNREAD for c in characters)


def shown_box(box: Box, media: Box, rotation: int) -> Box:
    """A box in PDF coordinates as it is shown: x0, top, x1, bottom from the upper left corner."""
    x0, y0, x1, y1 = box
    left, low, right, high = media
    if rotation == _QUARTER:
        return y0 - low, x0 - left, y1 - low, x1 - left
    if rotation == 2 * _QUARTER:
        return right - x1, y0 - low, right - x0, y1 - low
    if rotation == 3 * _QUARTER:
        return high - y1, right - x1, high - y0, right - x0
    return x0 - left, high - y1, x1 - left, high - y0


def turned_box(box: Box, turn: int, wide: float, high: float) -> Box:
    """A box of a page of that size after the page is turned clockwise."""
    x0, top, x1, bottom = box
    if turn == _QUARTER:
        return high - bottom, x0, high - top, x1
    if turn == 2 * _QUARTER:
        return wide - x1, high - bottom, wide - x0, high - top
    if turn == 3 * _QUARTER:
        return top, wide - x1, bottom, wide - x0
    return box


def _turned_glyph(glyph: Glyph, turn: int, wide: float, high: float) -> Glyph:
    if not turn:
        return glyph
    x0, top, x1, bottom = turned_box((glyph.x0, glyph.top, glyph.x1, glyph.bottom), turn, wide, high)
    return Glyph(glyph.char, x0, x1, top, bottom)
