"""Numbered and unnumbered headings to a tree (GB/T 9704-2012 §7.3.3: 一、 （一） 1. （1）; laws: 编 章 节 条)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ingest.layout import CleanText, Paragraph
from ingest.readers.base import LineKind
from kg.core.model import Section

_CN = "一二三四五六七八九十百零〇"
# label pattern, level; the order of trial matters only where prefixes overlap
LABELS: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(rf"第[{_CN}千\d]{{1,6}}编(?=\s|$|[^\s]{{1,20}}$)"), 0),
    (re.compile(rf"第[{_CN}千\d]{{1,6}}章(?=\s|$|[^\s]{{1,20}}$)"), 1),
    (re.compile(rf"第[{_CN}千\d]{{1,6}}节(?=\s|$|[^\s]{{1,20}}$)"), 2),
    (re.compile(rf"第[{_CN}千\d]{{1,8}}条(?:之[{_CN}]{{1,3}})?(?=[\s　【])"), 3),
    (re.compile(rf"[{_CN}]{{1,4}}、"), 1),
    (re.compile(rf"[（(][{_CN}]{{1,4}}[)）]、?"), 2),
    # 3.5万 is a number; 8．12365质量热线 and 2.2024年 begin with one behind the label
    (re.compile(r"\d{1,3}\s*(?:[.．、](?!\d)|[.．、](?=(?:19|20)\d\d年|\d{5}(?!\d))|、(?=\d))"), 3),
    # 一是…（责任单位：…）: an item of its own where it closes with its units
    (re.compile(rf"[{_CN}]{{1,2}}是(?=[^。]*[（(][^（）()]{{3,}}[)）][。；;]?$)"), 3),
    (re.compile(r"[（(]\d{1,3}[)）]、?"), 4),
    (re.compile(r"[①-⑳]"), 5),
)
_CHAPTER = re.compile(rf"[{_CN}]{{1,4}}、")
_ARTICLE = re.compile(r"^第.+条")
ARTICLE_LEVEL = 3
# The longest first sentence that still reads as a heading run in with its text.
_MAX_RUN_IN = 80
_UNNUMBERED = re.compile(r"^[^，。；：！？\t,;:]{2,20}$")


@dataclass(frozen=True, slots=True)
class _Open:
    title: str
    label: str
    level: int
    start: int
    body_start: int


def ranges_to_sections(clean: CleanText, ranges: Iterable[tuple[int, int]]) -> tuple[Section, ...]:
    """The trees of the main text and of the annexes, one after the other."""
    out: list[Section] = []
    for start, end in ranges:
        base = len(out)
        out += [
            section if section.parent is None else replace(section, parent=section.parent + base)
            for section in paragraphs_to_sections(clean, start, end)
        ]
    return tuple(out)


def paragraphs_to_sections(clean: CleanText, start: int, end: int) -> tuple[Section, ...]:
    """The heading tree of `text[start:end]`."""
    inside = [p for p in clean.paragraphs if start <= p.start < end]
    # Where a document numbers its chapters (一、), a short line without a number is a slogan or a signature.
    numbered = any(_CHAPTER.match(clean.of(p)) for p in inside)
    opened = [h for i, p in enumerate(inside) if (h := paragraph_to_heading(clean, inside, i, p, numbered=numbered))]
    return _close(_below_articles(opened), end)


def _below_articles(opened: list[_Open]) -> list[_Open]:
    """In a law （一） and 1. stand below 第三条, not above it."""
    first = next((i for i, h in enumerate(opened) if _ARTICLE.match(h.label)), None)
    if first is None:
        return opened
    return [
        replace(h, level=h.level + ARTICLE_LEVEL) if i > first and not h.label.startswith("第") and h.label else h
        for i, h in enumerate(opened)
    ]


def paragraph_to_heading(
    clean: CleanText, inside: list[Paragraph], i: int, p: Paragraph, *, numbered: bool
) -> _Open | None:
    """The heading that a paragraph is, or begins with; None for plain text."""
    if p.kind is LineKind.ROW:
        return None
    text = clean.of(p)
    for pattern, level in LABELS:
        if found := pattern.match(text):
            title_end = _title_end(text, found.end(), article=pattern is LABELS[ARTICLE_LEVEL][0])
            title = text[found.end() : title_end].strip().rstrip("。：:")
            return _Open(title, found[0].strip(), level, p.start, p.start + title_end)
    if p.kind is LineKind.HEADING:
        return _Open(text, "", max(p.level - 1, 0), p.start, p.end)
    if not numbered and _UNNUMBERED.match(text) and _opens_a_part(clean, inside, i):
        return _Open(text.strip(), "", 1, p.start, p.end)
    return None


def _title_end(text: str, label_end: int, *, article: bool) -> int:
    if article:
        return label_end
    stop = _first_stop(text, label_end)
    if stop is None:
        return len(text)
    # A numbered sentence that is all there is stays a heading; a very long one is text without a title of its own.
    return stop + 1 if stop - label_end <= _MAX_RUN_IN else min(len(text), label_end)


def _first_stop(text: str, at: int) -> int | None:
    depth = 0
    for i in range(at, len(text)):
        if text[i] in "（(《“":
            depth += 1
        elif text[i] in "）)》”":
            depth = max(0, depth - 1)
        elif text[i] == "。" and depth == 0:
            return i
    return None


def _opens_a_part(clean: CleanText, inside: list[Paragraph], i: int) -> bool:
    """A short line without stops is a heading when labelled items or a long paragraph follow it, not a lone line."""
    if i + 1 >= len(inside) or inside[i + 1].kind is LineKind.ROW:
        return False
    text, following = clean.of(inside[i]), clean.of(inside[i + 1])
    if re.search(r"[\d年月日]$|^\W", text) and not text.endswith("要求"):
        return False
    labelled = any(pattern.match(following) for pattern, _ in LABELS)
    # 活动主题 | 加强质量支撑 共建质量强国 | 活动内容: a heading, its one short line, the next heading.
    short = i + 2 < len(inside) and text.endswith(("主题", "时间", "口号", "地点", "对象"))
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
