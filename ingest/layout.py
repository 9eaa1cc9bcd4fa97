"""Lines as they were printed to the text that was meant, with a map back.

Four certain repairs, in this order: characters (full-width digits and letters, blanks inside words, „2024‟ for
〔2024〕), page artefacts (lone page numbers), wrapped lines joined to paragraphs, blanks at the joints dropped.
Anything uncertain (typos, traditional characters) is left for a notice. Every character of the result knows the
position in the decoded source that it came from.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, replace

from ingest.readers.base import Line, LineKind, RawDocument

_PAGE = re.compile(r"^(?:[-—–－·•\s]*\d{1,4}[-—–－·•\s]*|第\s*\d+\s*页(?:\s*[,，/]?\s*共\s*\d+\s*页)?|[Pp]age\s*\d+)$")
_MARKER = re.compile(
    r"^(?:[一二三四五六七八九十百]{1,4}、|[（(][一二三四五六七八九十百]{1,4}[)）]|\d{1,3}\s*[.．、](?!\d)|[（(]\d{1,3}[)）]"
    r"|[①-⑳]|第[一二三四五六七八九十百千零〇\d]{1,8}[编章节条](?![约款项])|附件\s*[:：\d一二三四五六七八九十]?|抄送\s*[:：]|——)"
)
# Half-width columns: 22 Han characters, the shortest page-broken line seen.
_LONG_LINE = 44
_TERMINAL = "。！？；：…!?;:"
_CLOSERS = "”’）)》〉」』】"
_OPEN, _CLOSE = "《〈（(“‘【〔", "》〉）)”’】〕"
_BAD_YEAR = re.compile(r"([„‟〔﹝\[［【〈(（])\s*((?:19|20)\d{2})\s*([‟„〕﹞\]］】〉)）])(?=\s*第?\s*\d{1,5}\s*号)")
# 1 846栋: a blank that groups the digits of one number
_GROUPED_DIGITS = re.compile(r"(?<=[\u4e00-\u9fff])\d{1,3}((?: \d{3})+)(?=[\u4e00-\u9fff])")
_FULLWIDTH = {c: c - 0xFEE0 for c in [*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)]}
_NEEDS_REPAIR = re.compile(r"[\s\u200b-\u200d\u2060\ufeff\u00ad０-９Ａ-Ｚａ-ｚ]|[„‟〔﹝\[［【〈(（]\s*(?:19|20)\d{2}")
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the clean text: `text[start:end]`, with what the reader said of it."""

    start: int
    end: int
    kind: LineKind = LineKind.TEXT
    level: int = 0


@dataclass(frozen=True, slots=True)
class CleanText:
    """The normalised text, its paragraphs, the offset map of `Document.offsets` and the starts of `Document.pages`."""

    text: str
    paragraphs: tuple[Paragraph, ...]
    offsets: tuple[tuple[int, int], ...]
    pages: tuple[tuple[int, int], ...] = ()

    def of(self, paragraph: Paragraph) -> str:
        """The words of a paragraph."""
        return self.text[paragraph.start : paragraph.end]


Chars = list[tuple[str, int]]  # a character and the source position that it came from


def raw_to_clean(raw: RawDocument) -> CleanText:
    """All repairs."""
    lines = [(line, line_to_chars(line)) for line in raw.lines if line.kind is not LineKind.SKIP]
    lines = [(line, chars) for line, chars in lines if chars and not _is_page_artefact(line, chars)]
    clean = groups_to_text(lines_to_groups(lines, wrapped=raw.wrapped))
    return replace(clean, pages=pages_to_starts(raw.pages, clean))


def pages_to_starts(pages: tuple[tuple[int, int], ...], clean: CleanText) -> tuple[tuple[int, int], ...]:
    """Where in the clean text pages begin that begin at these positions of the source; empty ones are left out."""
    sources = [there for _, there in clean.offsets]
    starts: dict[int, int] = {}
    for position, page in pages:
        entry = bisect_right(sources, position) - 1
        here, there = clean.offsets[entry] if entry >= 0 else (0, position)
        until = clean.offsets[entry + 1][0] if entry + 1 < len(clean.offsets) else len(clean.text)
        if (start := min(here + position - there, until)) < len(clean.text):
            starts[start] = page  # of two pages at one place the first holds nothing but what was dropped
    return tuple(starts.items())


def line_to_chars(line: Line) -> Chars:
    """The line's characters after repair, each with its source position; blanks at both ends are gone."""
    # an empty cell at the edge of a row is a cell
    blanks = " \u3000\xa0\r\n" if line.kind is LineKind.ROW or "\t" in line.text.strip() else None
    words = line.text.strip(blanks)
    if not _NEEDS_REPAIR.search(words):  # most lines: nothing to repair
        start = line.start + line.text.find(words)
        return list(zip(words, range(start, start + len(words)), strict=True))
    chars: Chars = [
        (char.translate(_FULLWIDTH), line.start + i) for i, char in enumerate(line.text) if char not in _INVISIBLE
    ]
    chars = _group_digits(_fix_year_brackets(_squeeze_blanks(chars, keep_tabs="\t" in words)))
    while chars and chars[0][0].isspace() and (blanks is None or chars[0][0] != "\t"):
        chars.pop(0)
    while chars and chars[-1][0].isspace() and (blanks is None or chars[-1][0] != "\t"):
        chars.pop()
    return chars if any(not c.isspace() for c, _ in chars) else []


def _squeeze_blanks(chars: Chars, *, keep_tabs: bool) -> Chars:
    """Runs of blanks become one; a single one beside a digit or letter next to Han, or inside 教 育 部, goes."""
    out: Chars = []
    i = 0
    while i < len(chars):
        char, position = chars[i]
        if not char.isspace() or (char == "\t" and keep_tabs):
            out.append((char, position))
            i += 1
            continue
        j = i
        while j < len(chars) and chars[j][0].isspace() and not (chars[j][0] == "\t" and keep_tabs):
            j += 1
        before = out[-1][0] if out else ""
        after = chars[j][0] if j < len(chars) else ""
        if not (j - i == 1 and before and after and _is_stray(out, chars, j)):
            out.append((" ", position))
        i = j
    return out


def _is_stray(out: Chars, chars: Chars, j: int) -> bool:
    before, after = out[-1][0], chars[j][0]
    if _is_han(before) != _is_han(after):
        # `2024 年`, `QC 小组`, `》 的`: typesetting, not a separator. Latin beside Latin keeps its blank.
        return not (before.isascii() and after.isascii())
    # 教 育 部: three or more single characters in a row. Two Han words of more characters keep their blank.
    return _is_han(before) and _stands_alone(out) and (j + 1 >= len(chars) or chars[j + 1][0].isspace())


def _stands_alone(out: Chars) -> bool:
    """Whether the last character had a blank (kept, or dropped a moment ago: a gap in positions) before it."""
    return len(out) == 1 or out[-2][0].isspace() or out[-1][1] - out[-2][1] > 1


def _is_han(char: str) -> bool:
    return unicodedata.category(char) == "Lo" or char in "〇、，。；：？！“”‘’《》〈〉（）【】〔〕—…·"


def _fix_year_brackets(chars: Chars) -> Chars:
    text = "".join(c for c, _ in chars)
    for found in _BAD_YEAR.finditer(text):
        for group, bracket in ((1, "〔"), (3, "〕")):
            at = found.start(group)
            chars[at] = (bracket, chars[at][1])
    return chars


def _group_digits(chars: Chars) -> Chars:
    text = "".join(c for c, _ in chars)
    gone = {i for m in _GROUPED_DIGITS.finditer(text) for i in range(*m.span(1)) if text[i] == " "}
    return [char for i, char in enumerate(chars) if i not in gone] if gone else chars


def _is_page_artefact(line: Line, chars: Chars) -> bool:
    return line.kind is LineKind.TEXT and bool(_PAGE.match("".join(c for c, _ in chars)))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def wrap_width(widths: list[int]) -> int | None:
    """The column at which lines are wrapped, or None when each line is a paragraph of its own.

    Wrapped text has many lines within three Han characters of one common width; free text has not.
    """
    long = sorted(w for w in widths if w >= 24)
    if len(long) < 8:
        return None
    width = long[int(len(long) * 0.9)]
    near = sum(width - 6 <= w <= width + 4 for w in long)
    return width if width <= 130 and near >= 0.45 * len(long) else None


def lines_to_groups(lines: list[tuple[Line, Chars]], *, wrapped: bool) -> list[list[tuple[Line, Chars]]]:
    """Lines that belong to one paragraph, together."""
    texts = ["".join(c for c, _ in chars) for _, chars in lines]
    plain = [
        _width(t) for (line, _), t in zip(lines, texts, strict=True) if line.kind is LineKind.TEXT and "\t" not in t
    ]
    width = wrap_width(plain) if wrapped else None
    groups: list[list[tuple[Line, Chars]]] = []
    so_far = ""
    for i, entry in enumerate(lines):
        if i and wrapped and _continues(so_far, texts[i - 1], texts[i], lines[i - 1][0], entry[0], width):
            groups[-1].append(entry)
            so_far += texts[i]
        else:
            groups.append([entry])
            so_far = texts[i]
    return groups


def _continues(so_far: str, last: str, text: str, last_line: Line, line: Line, width: int | None) -> bool:
    """Whether `text` goes on the paragraph `so_far`, whose last line is `last`."""
    if LineKind.TEXT not in (last_line.kind, line.kind) or last_line.kind is not line.kind:
        return False
    if "\t" in last or "\t" in text or _MARKER.match(text):
        return False
    if _unclosed(so_far) and len(so_far) < 2000:
        return True
    if line.text[:4].strip() == "" and last[-1] in _TERMINAL + _CLOSERS:
        return False  # an indented line after a full stop opens a paragraph
    ended = (
        last.rstrip(_CLOSERS)[-1:] in tuple(_TERMINAL) or last[-1] in _CLOSERS or unicodedata.category(last[-1]) == "So"
    )
    if width is None:
        # Free text: only a page break cuts a paragraph, so only a long line of prose without an end goes on; a
        # numbered line that holds no full stop yet is a heading, however long, and a title has no commas.
        prose = "，" in so_far and not (_MARKER.match(so_far) and "。" not in so_far)
        return not ended and prose and _width(so_far) >= _LONG_LINE
    here = _width(last)
    return here >= width - 6 if ended else here >= width * 0.72


def _unclosed(text: str) -> bool:
    tail = text[-400:]
    return any(tail.count(a) > tail.count(b) for a, b in (("《", "》"), ("（", "）"), ("“", "”")))


def groups_to_text(groups: list[list[tuple[Line, Chars]]]) -> CleanText:
    """Paragraphs one a line, with the offset map."""
    out: list[str] = []
    offsets: list[tuple[int, int]] = []
    paragraphs: list[Paragraph] = []
    length = 0

    def put(chars: Chars) -> None:
        nonlocal length
        if chars and chars[-1][1] - chars[0][1] == len(chars) - 1:  # an unbroken stretch: one entry at most
            if not offsets or chars[0][1] - length != offsets[-1][1] - offsets[-1][0]:
                offsets.append((length, chars[0][1]))
            out.append("".join(c for c, _ in chars))
            length += len(chars)
            return
        for char, position in chars:
            if not offsets or position - length != offsets[-1][1] - offsets[-1][0]:
                offsets.append((length, position))
            out.append(char)
            length += 1

    for group in groups:
        start = length
        for n, (_, chars) in enumerate(group):
            if (
                n
                and out[-1][-1].isascii()
                and out[-1][-1].isalnum()
                and chars[0][0].isascii()
                and chars[0][0].isalnum()
            ):
                put([(" ", chars[0][1])])  # two Latin words met at the wrap
            put(chars)
        line = group[0][0]
        kind = LineKind.ROW if any(c == "\t" for c, _ in group[0][1]) else line.kind
        paragraphs.append(Paragraph(start, length, kind, line.level))
        put([("\n", group[-1][1][-1][1] + 1)])
    return CleanText("".join(out), tuple(paragraphs), tuple(offsets))
