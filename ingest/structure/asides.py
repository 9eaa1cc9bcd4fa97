"""Tables of contents and lists of annexes: lines that look like headings and items, and are neither."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from ingest.layout import CleanText, Paragraph
from ingest.readers.base import LineKind
from ontology.forms import Forms

_LONGEST_ENTRY = 90
_HEADING = 12  # characters of 目录 with its blanks
_ENDS = frozenset("0123456789０１２３４５６７８９）) ")
_MOST_ENTRIES = 400
_MOST_FILES = 60
_MOST_SIGNING = 6
_ENTRY_KEY = 4  # characters that tell one entry from another: 第一章总
_LEADERS = 2  # lines in a row that lead to a page


def inside(ranges: Sequence[tuple[int, int]], position: int) -> bool:
    """Whether a position stands in one of these ascending ranges."""
    n = bisect_right(ranges, position, key=lambda span: span[0]) - 1
    return n >= 0 and position < ranges[n][1]


def contents_ranges(clean: CleanText, paragraphs: Sequence[Paragraph], forms: Forms) -> tuple[tuple[int, int], ...]:
    """Tables of contents: below 目录 until the first entry comes again, and runs of lines that lead to pages."""
    out: list[tuple[int, int]] = []
    i = 0
    while i < len(paragraphs):
        p = paragraphs[i]
        # 目录, or a line that leads to a page
        if p.end - p.start > _HEADING and clean.text[p.end - 1] not in _ENDS:
            i += 1
            continue
        end = _below_heading(clean, paragraphs, i, forms) or _leaders(clean, paragraphs, i, forms)
        if end is None:
            i += 1
            continue
        out.append((paragraphs[i].start, paragraphs[end - 1].end))
        i = end
    return tuple(out)


def _below_heading(clean: CleanText, paragraphs: Sequence[Paragraph], i: int, forms: Forms) -> int | None:
    """The index after a table below 目录; the two characters may stand on lines of their own."""
    text = clean.of(paragraphs[i])
    if len(text) > _HEADING:
        return None
    first = i + 1
    if text == "目" and first < len(paragraphs) and clean.of(paragraphs[first]) in ("录", "次"):
        first += 1
    elif not forms.full("header.contents", text):
        return None
    if first >= len(paragraphs):
        return None
    key = _key(clean.of(paragraphs[first]), forms)
    for k in range(first + 1, min(first + _MOST_ENTRIES, len(paragraphs))):
        entry = clean.of(paragraphs[k])
        if key and _key(entry, forms).startswith(key[:_ENTRY_KEY]):
            return k
        if len(entry) > _LONGEST_ENTRY or "。" in entry:
            return None
    return None


def _leaders(clean: CleanText, paragraphs: Sequence[Paragraph], i: int, forms: Forms) -> int | None:
    """The index after a run of lines with dots and page numbers, 目录 above it included."""
    k = i
    text = clean.of(paragraphs[i])
    if len(text) <= _HEADING and forms.full("header.contents", text):
        k += 1
    found = 0
    while k < len(paragraphs) and len(clean.of(paragraphs[k])) <= 2 * _LONGEST_ENTRY:
        if not forms.find("header.contents_line", clean.of(paragraphs[k])):
            break
        found += 1
        k += 1
    return k if found >= _LEADERS else None


def _key(text: str, forms: Forms) -> str:
    bare = forms.pattern("header.contents_line").sub("", text)
    return "".join(c for c in bare if c.isalnum())


def attachment_lists(clean: CleanText, paragraphs: Sequence[Paragraph], forms: Forms) -> tuple[tuple[int, int], ...]:
    """Lists of annexes: 附件：1.… 2.…, each name on a line, above the signature or at the end."""
    out: list[tuple[int, int]] = []
    i = 0
    while i < len(paragraphs):
        if not clean.text.startswith("附", paragraphs[i].start) or paragraphs[i].kind is LineKind.ROW:
            i += 1
            continue
        text = clean.of(paragraphs[i])
        opened = forms.start("header.attachments", text)
        if opened is None and not (forms.full("header.annex", text) and not text.rstrip("：: ")[-1].isdecimal()):
            i += 1
            continue
        k = i + 1
        while k < min(len(paragraphs), i + _MOST_FILES) and _is_file(clean, paragraphs[k], forms):
            k += 1
        closed = k >= len(paragraphs) or _closes(clean.of(paragraphs[k]), forms)
        unnamed = k == i + 1 and text.endswith(("：", ":")) and _signed(clean, paragraphs[k:], forms)
        if opened or unnamed or (k > i + 1 and closed):
            out.append((paragraphs[i].start, paragraphs[k - 1].end if closed else paragraphs[i].end))
        i = k
    return tuple(out)


def _signed(clean: CleanText, below: Sequence[Paragraph], forms: Forms) -> bool:
    """Whether names and their date stand below: the annexes' own names were lost with the links of a page."""
    for number, paragraph in enumerate(below[: _MOST_SIGNING + 1]):
        text = clean.of(paragraph)
        if number and forms.full("header.dated", text):
            return True
        if not forms.full("header.name_line", text):
            return False
    return False


def _is_file(clean: CleanText, p: Paragraph, forms: Forms) -> bool:
    text = clean.of(p)
    return (
        p.kind is LineKind.TEXT
        and len(text) <= 120
        and "。" not in text
        and bool(forms.start("header.file_line", text))
    )


def _closes(text: str, forms: Forms) -> bool:
    """Whether a line may follow a list of annexes: a name, a date, another part of the document's foot."""
    return bool(
        forms.full("header.name_line", text)
        or forms.full("header.dated", text)
        or forms.full("header.seal_line", text)
        or forms.full("header.annex", text)
        or forms.start("header.copy_to", text)
        or forms.full("header.printed", text)
        or forms.full("header.front", text)
        or len(text) <= 12
    )
