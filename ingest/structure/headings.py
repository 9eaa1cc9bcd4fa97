"""Numbered and unnumbered headings to a tree (GB/T 9704-2012 §7.3.3: 一、 （一） 1. （1）; laws: 编 章 节 条)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.layout import CleanText, Paragraph
from ingest.readers.base import LineKind
from ingest.structure.asides import inside
from kg.core.model import Section
from kg.core.numerals import label_number
from kg.core.replacing import replace
from ontology.forms import Forms

_CN = "一二三四五六七八九十百零〇"
# label pattern, level; the order of trial matters only where prefixes overlap
LABELS: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(rf"第[{_CN}千\d]{{1,6}}(?:编|部分)(?=[\s:：　]|$|[^\s]{{1,30}}$)[:：]?"), 0),
    (re.compile(rf"第[{_CN}千\d]{{1,6}}章(?=\s|$|[^\s]{{1,20}}$)"), 1),
    (re.compile(rf"第[{_CN}千\d]{{1,6}}节(?=\s|$|[^\s]{{1,20}}$)"), 2),
    (re.compile(rf"第[{_CN}千\d]{{1,8}}条(?:之[{_CN}]{{1,3}})?(?=[\s　【]|[\u4e00-\u9fff])"), 3),
    (re.compile(rf"[{_CN}]{{1,4}}、"), 1),
    (re.compile(rf"[（(][{_CN}]{{1,4}}[)）]、?"), 2),
    # 3.5万 is a number; 8．12365质量热线 and 2.2024年 begin with one behind the label
    (re.compile(r"\d{1,4}\s*(?:[.．、](?!\d)|[.．、](?=(?:19|20)\d\d年|\d{5}(?!\d))|、(?=\d))"), 3),
    # 一是…（责任单位：…）: an item of its own where it closes with its units
    (re.compile(rf"[{_CN}]{{1,2}}是(?=[^。]{{0,400}}[（(][^（）()]{{3,200}}[)）][。；;]?$)"), 3),
    (re.compile(r"[（(]\d{1,3}[)）]、?|\d{1,3}[)）](?![\d、，])"), 4),
    (re.compile(r"[①-⑳㉑-㉟]"), 5),
    (re.compile(r"[QqＱ]\s*\d{1,3}\s*[：:.．、]"), 3),
    (re.compile(r"0[1-9](?=\s*[\u4e00-\u9fff][^，。；]{1,30}$)"), 1),
)
# the labels that may begin with a character: most lines begin with none of these
_NUMERALS = "0123456789０１２３４５６７８９"
_CIRCLED = "".join(map(chr, (*range(0x2460, 0x2474), *range(0x3251, 0x3260))))
_FIRST: tuple[tuple[int, str], ...] = (
    *((n, "第") for n in range(4)),
    (4, _CN),
    (5, "（("),
    (6, _NUMERALS),
    (7, _CN),
    (8, "（(" + _NUMERALS),
    (9, _CIRCLED),
    (10, "QqＱ"),
    (11, "0"),
)
_BY_FIRST: dict[str, tuple[tuple[re.Pattern[str], int], ...]] = {
    char: tuple(LABELS[n] for n, chars in _FIRST if char in chars) for char in {c for _, chars in _FIRST for c in chars}
}
_CHAPTER = re.compile(rf"[{_CN}]{{1,4}}、")
_ARTICLE = re.compile(r"^第.{1,8}条")
_DIGITS = re.compile(r"\d+")
ARTICLE_LEVEL = 3
_ARTICLES = LABELS[3][0]
# The longest first sentence that still reads as a heading run in with its text.
_MAX_RUN_IN = 80
# A line without a full stop that is longer is text, whatever it begins with: every passage below repeats its headings.
_LONGEST_TITLE = 400
_UNNUMBERED = re.compile(r"^[^，。；：！？\t,;:]{2,20}$")
_LIST_LABELS = 999  # a greater number is a year or an amount unless the one before it stands above


@dataclass(slots=True)
class _Open:
    title: str
    label: str
    level: int
    start: int
    body_start: int


@dataclass(slots=True)
class _Count:
    """The numbers that labels have had so far: a label without a blank behind it must go on from them."""

    article: int = 0
    item: int = 0


def ranges_to_sections(
    clean: CleanText, ranges: Iterable[tuple[int, int]], forms: Forms, *, asides: Iterable[tuple[int, int]] = ()
) -> tuple[Section, ...]:
    """The trees of the main text and of the annexes, one after the other.

    In `asides` (tables of contents, lists of annexes) there are no headings.
    """
    out: list[Section] = []
    apart = sorted(asides)
    for start, end in ranges:
        base = len(out)
        out += [
            section if section.parent is None or not base else replace(section, parent=section.parent + base)
            for section in paragraphs_to_sections(clean, start, end, forms, apart)
        ]
    return tuple(out)


def paragraphs_to_sections(
    clean: CleanText, start: int, end: int, forms: Forms, asides: Sequence[tuple[int, int]] = ()
) -> tuple[Section, ...]:
    """The heading tree of `text[start:end]` without these stretches, which are in order."""
    there = [p for p in clean.within(start, end) if not inside(asides, p.start)]
    # Where a document numbers its chapters (一、), a short line without a number is a slogan or a signature.
    numbered = any(_CHAPTER.match(clean.text, p.start, p.end) for p in there)
    count = _Count()
    opened = [
        h
        for i, p in enumerate(there)
        if (h := paragraph_to_heading(clean, there, i, p, forms, numbered=numbered, count=count))
    ]
    _put_below_articles(opened)
    return _close(opened, end)


def _put_below_articles(opened: list[_Open]) -> None:
    """In a law （一） and 1. stand below 第三条, not above it."""
    first = next((i for i, h in enumerate(opened) if _ARTICLE.match(h.label)), len(opened))
    for h in opened[first + 1 :]:
        if h.label and not h.label.startswith("第"):
            h.level += ARTICLE_LEVEL


def label_of(text: str) -> tuple[re.Match[str], int] | None:
    """The label that a line begins with, and its level."""
    for pattern, level in _BY_FIRST.get(text[:1], ()):
        if found := pattern.match(text):
            return found, level
    return None


def begins_item(text: str, forms: Forms) -> bool:
    """Whether a line begins with the label of a heading or an item."""
    found = label_of(text)
    if found is None:
        return False
    label, _ = found
    return label.re is not _ARTICLES or bool(forms.start("genre.article", text))


def paragraph_to_heading(
    clean: CleanText,
    around: list[Paragraph],
    i: int,
    p: Paragraph,
    forms: Forms,
    *,
    numbered: bool,
    count: _Count | None = None,
) -> _Open | None:
    """The heading that a paragraph is, or begins with; None for plain text."""
    if p.kind is LineKind.ROW:
        return None
    text = clean.of(p)
    found = label_of(text)
    if found and _goes_on(found[0], text, count or _Count(), forms):
        label, level = found
        title_end = _title_end(text, label.end(), article=label.re is _ARTICLES)
        title = text[label.end() : title_end].strip().rstrip("。：:")
        return _Open(title, label[0].strip(), level, p.start, p.start + title_end)
    if p.kind is LineKind.HEADING and len(text) <= _LONGEST_TITLE:
        return _Open(text, "", max(p.level - 1, 0), p.start, p.end)
    if not numbered and _UNNUMBERED.match(text) and _opens_a_part(clean, around, i):
        return _Open(text.strip(), "", 1, p.start, p.end)
    return None


def _goes_on(label: re.Match[str], text: str, count: _Count, forms: Forms) -> bool:
    """Whether a label that may be something else (a year, a reference to an article) is one by its number."""
    if label.re is _ARTICLES:
        number = label_number(label[0])
        spaced = label.end() < len(text) and text[label.end()] in " \u3000【\t"
        if not forms.start("genre.article", text) or not (
            spaced or number in (count.article + 1, 1) or "之" in label[0]
        ):
            return False
        count.article = number or count.article
    elif digits := _DIGITS.match(label[0]):
        number = int(digits[0])
        if number > _LIST_LABELS and number != count.item + 1:
            return False
        count.item = number
    return True


def _title_end(text: str, label_end: int, *, article: bool) -> int:
    if article:
        return label_end
    stop = _first_stop(text, label_end)
    if stop is None:
        return len(text) if len(text) - label_end <= _LONGEST_TITLE else label_end
    # A numbered sentence that is all there is stays a heading; a very long one is text without a title of its own.
    return stop + 1 if stop - label_end <= _MAX_RUN_IN else min(len(text), label_end)


def _first_stop(text: str, at: int) -> int | None:
    depth = 0
    for i in range(at, len(text)):
        if text[i] in "（(《“":
            depth += 1
        elif text[i] in "）)》”":
            depth = max(0, depth - 1)
        elif text[i] in "。？?" and depth == 0:
            return i
    return None


def _opens_a_part(clean: CleanText, around: list[Paragraph], i: int) -> bool:
    """A short line without stops is a heading when labelled items or a long paragraph follow it, not a lone line."""
    if i + 1 >= len(around) or around[i + 1].kind is LineKind.ROW:
        return False
    text, following = clean.of(around[i]), clean.of(around[i + 1])
    if re.search(r"[\d年月日]$|^\W", text) and not text.endswith("要求"):
        return False
    labelled = label_of(following) is not None
    # 活动主题 | 加强质量支撑 共建质量强国 | 活动内容: a heading, its one short line, the next heading.
    short = i + 2 < len(around) and text.endswith(("主题", "时间", "口号", "地点", "对象"))
    return labelled or short or len(following) >= 60


def _close(opened: list[_Open], end: int) -> tuple[Section, ...]:
    out: list[Section] = []
    stack: list[int] = []
    ends: list[int] = [end] * len(opened)
    parents: list[int | None] = []
    for i, heading in enumerate(opened):
        while stack and opened[stack[-1]].level >= heading.level:
            ends[stack.pop()] = heading.start
        parents.append(stack[-1] if stack else None)
        stack.append(i)
    for i, h in enumerate(opened):
        out.append(Section(h.title, h.label, h.level, h.start, min(h.body_start, ends[i]), ends[i], parents[i]))
    return tuple(out)
