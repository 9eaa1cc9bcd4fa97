"""The items of a text: numbered lines in every style, numbers inside a paragraph, headings without a number.

一、 （一） 1. （1） ①            lines that begin with a number
…：1.开展巡查。2.发布通报。       a run inside one paragraph
…配合三.建立机制                 a number that lost its line break, known by its neighbours
一是…（责任单位：甲）二是…        enumerations, where each names its units
一、… | …。 | 责任单位：甲 | …。 | 责任单位：乙   paragraphs without a number, where each has its line of units
市教育局：负责… | 市公安局：负责…   lines that begin with a body, below a heading that speaks of duties
（一）活动 | 1.时间：… 2.组织单位：…   particulars are a part of the item above them
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from ingest.facts.flat import Flat
from ingest.layout import CleanText
from ingest.readers.base import LineKind
from kg.core.model import Section
from kg.core.numerals import label_number, number_to_chinese
from kg.core.replacing import replace
from ontology.forms import Forms

_CN = "一二三四五六七八九十百零〇"
_NO_ARTICLE = "约款项第规的所之和至到及、，,。：中以"  # 第三条规定, 第三条和第四条
_STOP = "。；;：:，,）)〕】日” \u3000"
# style, level, pattern; the first that fits decides
STYLES: tuple[tuple[str, int, re.Pattern[str]], ...] = (
    ("chapter", 0, re.compile(rf"第([{_CN}千\d]{{1,6}})[编章节](?=\s|$|\S{{1,24}}$)", re.MULTILINE)),
    ("article", 3, re.compile(rf"第([{_CN}千\d]{{1,8}})条(?:之[{_CN}]{{1,3}})?(?![{_NO_ARTICLE}])")),
    ("cn", 1, re.compile(rf"([{_CN}]{{1,4}})[ ]?(?:[、．.](?!\d)|、(?=(?:19|20)\d\d年))")),
    ("(cn)", 2, re.compile(rf"[（(〔【]([{_CN}]{{1,4}})[)）〕】][、.．]?")),
    ("num", 3, re.compile(r"(\d{1,4})[ ]?(?:[.．、](?!\d)|[.．、](?=(?:19|20)\d\d年|\d{5}(?!\d))|、(?=\d))")),
    ("num", 3, re.compile(r"(\d{1,2})[.．](?=\d{1,4}[\u4e00-\u9fff“](?<![万亿元倍米吨度]))")),  # 11.121人才项目
    ("num)", 4, re.compile(r"(\d{1,3})[)）]")),
    ("(num)", 4, re.compile(r"[（(](\d{1,3})[)）][、.．]?")),
    ("circled", 5, re.compile(r"([①-⑳㉑-㉟⑴-⒇⒈-⒛])")),
    ("is", 6, re.compile(rf"([{_CN}]{{1,2}})是(?![否的])")),
)
# a number inside a line begins an item where it goes on from the one before; what stands before it is often lost
_INNER = re.compile(
    rf"(?<![第、和至])[（(][{_CN}\d]{{1,4}}[)）](?![项款、和至])|(?<![\d.A-Za-z])\d{{1,4}}[.．、](?!\d)|[①-⑳]"
    rf"|(?<=[{_STOP}])(?:[{_CN}]{{1,3}}、|[{_CN}]{{1,2}}是(?![否的])|第[{_CN}]{{1,5}}条)"
)
_TITLED = re.compile(r"[^，。；：]{4,30}。\s*\S")
_HEADING_LINE = re.compile(r"#{1,6}\s+")
_LONGEST_HEADING = 40  # characters of a line that may say that duties follow
_MOST_INNER = 3000
_BODY_LEVEL = 7
_A_RUN = 2  # of an enumeration must name their units, or have titles


@dataclass(frozen=True, slots=True)
class Item:
    """An item in the joined text. Its words begin at `head`, its own text ends at `own_end`, all of it at `end`.

    `line` says whether it begins a line.
    """

    style: str
    level: int
    label: str
    number: int | None
    start: int
    head: int
    own_end: int
    end: int
    parent: int | None = None
    line: bool = True
    children: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Mark:
    style: str
    level: int
    label: str
    number: int | None
    start: int
    head: int
    line: bool = True


class ItemReader:
    """Finds the items of a document; built once for the forms of a run."""

    def __init__(self, forms: Forms) -> None:
        self._particular = forms.pattern("label.particular")
        self._unit = forms.pattern("label.unit")
        self._short_unit = forms.pattern("label.short")
        self._duties = forms.pattern("framing.duties")
        ends = f"{forms.source('name.endings')}|部门|单位|组"
        self._body = re.compile(
            rf"[^：:。；，\n“《]{{0,58}}?(?:{ends})(?:[：:][ \u3000]?(?:(?=[\u4e00-\u9fff“《])|$)|(?=负责|牵头|承担))"
        )
        self._charged = re.compile(r"[（(〔][^（()）〔〕\n]{2,160}(?:负责|牵头|配合|落实|参与)[）)〕]")

    def items(
        self, clean: CleanText, flat: Flat, ranges: Iterable[tuple[int, int]], sections: tuple[Section, ...]
    ) -> tuple[Item, ...]:
        """The items of these ranges of the text, each range a tree of its own."""
        unnumbered = {s.start: s for s in sections if not s.label}
        rows = {flat.back(p.start) for p in clean.paragraphs if p.kind is LineKind.ROW}
        out: list[Item] = []
        for start, end in ranges:
            begin, stop = flat.back(start), flat.back(end)
            marks = list(self._marks(flat, begin, stop, rows, unnumbered))
            marks = self._with_lost(flat.text, self._bodies(flat.text, marks))
            marks = self._enumerations(flat.text, marks, stop)
            marks = self._with_paragraphs(flat.text, marks, stop)
            out += _tree(_below_articles(marks), stop, len(out))
        return tuple(out)

    def _marks(
        self, flat: Flat, begin: int, stop: int, rows: set[int], unnumbered: dict[int, Section]
    ) -> Iterator[_Mark]:
        text = flat.text
        at = begin
        article = item = 0
        while at < stop:
            line_end = text.find("\n", at, stop)
            line_end = stop if line_end < 0 else line_end
            if at not in rows and line_end > at:
                for mark in self._line_marks(text, at, line_end, unnumbered.get(flat.at(at))):
                    if mark.style == "article":
                        # 第三条 in the middle of a sentence that was broken is no article: its number does not go on
                        if text[mark.head - 1] == "条" and mark.number not in (1, article + 1):
                            continue
                        article = mark.number or article
                    elif mark.style == "num":
                        # 3.5 in a broken line is an amount, 11.121人才项目 below number ten is not
                        if text[mark.head].isdigit() and text[mark.head - 1] in ".．" and mark.number != item + 1:
                            continue
                        item = mark.number or item
                    yield mark
            at = line_end + 1

    def _line_marks(self, text: str, at: int, line_end: int, heading: Section | None) -> Iterator[_Mark]:
        begin = at
        if hashes := _HEADING_LINE.match(text, at, line_end):
            begin = hashes.end()
        mark = _mark_at(text, begin, line_end)
        if mark is None and heading is not None:
            yield _Mark("heading", heading.level, "", None, at, begin)
        elif mark is not None:
            if self._is_particular(text, mark.head):
                return  # 1.时间：…, 3.组织单位：…: of the item above
            yield replace(mark, start=at)
        elif self._body.match(text, begin, line_end) and not self._unit.match(text, begin):
            yield _Mark("body", _BODY_LEVEL, "", None, at, begin)
        yield from self._inner(text, mark, mark.head if mark else begin, line_end)

    def _with_paragraphs(self, text: str, marks: list[_Mark], stop: int) -> list[_Mark]:
        """With the paragraphs below a heading that stands alone, where at least two of them close with their units."""
        out: list[_Mark] = []
        bounds = [m.start for m in marks] + [stop]
        for i, mark in enumerate(marks):
            out.append(mark)
            begin = text.find("\n", mark.head, bounds[i + 1])
            if begin < 0 or mark.style == "article" or "。" in text[mark.head : begin]:
                continue
            inside: list[_Mark] = []
            at, waiting = begin + 1, None
            for line in text[begin + 1 : bounds[i + 1]].split("\n"):
                head = at + len(line) - len(line.lstrip())
                if self._unit.match(text, head):
                    inside += [waiting] if waiting else []
                    waiting = None
                elif line.strip() and waiting is None:
                    waiting = _Mark("paragraph", _BODY_LEVEL, "", None, at, head)
                at += len(line) + 1
            if len(inside) >= _A_RUN:
                out += inside
        return out

    def _is_particular(self, text: str, at: int) -> bool:
        return any(p.match(text, at) for p in (self._particular, self._unit, self._short_unit))

    def _names_units(self, text: str, start: int, end: int) -> bool:
        return any(p.search(text, start, end) for p in (self._unit, self._charged))

    def _inner(self, text: str, first: _Mark | None, at: int, line_end: int) -> Iterator[_Mark]:
        """Numbers inside a line: a run that begins with one, or goes on from the number of the line."""
        marks: list[_Mark] = []
        for found in _INNER.finditer(text, at, line_end):
            inner = _mark_at(text, found.start(), line_end)
            if inner is not None and not self._is_particular(text, inner.head):
                marks.append(replace(inner, line=False))
            if len(marks) > _MOST_INNER:
                break
        if not marks:
            return
        last: dict[str, int] = {first.style: first.number} if first and first.number is not None else {}
        follows = {(m.style, m.number) for m in marks}
        for mark in marks:
            number = mark.number or 0
            goes_on = last.get(mark.style) == number - 1
            run = (mark.style, 2) in follows or mark.style == "is"
            opens = number == 1 and run and (first is None or mark.level > first.level)
            if goes_on or opens:
                last[mark.style] = number
                yield mark

    def _bodies(self, text: str, marks: list[_Mark]) -> list[_Mark]:
        """Without the lines that begin with a body where one stands alone or nothing says that duties follow."""
        out: list[_Mark] = []
        for style, run in groupby(marks, key=lambda mark: mark.style):
            found = list(run)
            if style == "body":
                above = text[out[-1].start if out else 0 : found[0].start].strip().split("\n")
                told = {above[0][:_LONGEST_HEADING], above[-1][-_LONGEST_HEADING:]}
                if len(found) < _A_RUN or not any(map(self._duties.search, told)):
                    continue
            out += found
        return out

    @staticmethod
    def _with_lost(text: str, marks: list[_Mark]) -> list[_Mark]:
        """Numbers that lost their line: 二、… 配合三.建立… 四、: known because their neighbours stand there."""
        out: list[_Mark] = []
        last: dict[str, _Mark] = {}
        for mark in marks:
            for style in [s for s, m in last.items() if m.level > mark.level]:
                del last[style]
            before = last.get(mark.style)
            if (
                before is not None
                and mark.style in ("cn", "(cn)", "is")
                and mark.number is not None
                and before.number is not None
                and before.number + 2 == mark.number
            ):
                lost = re.compile(_written(mark.style, before.number + 1))
                if found := lost.search(text, before.head, mark.start):
                    out.append(
                        _Mark(
                            mark.style, mark.level, found[0], before.number + 1, found.start(), found.end(), line=False
                        )
                    )
            out.append(mark)
            last[mark.style] = mark
        return sorted(out, key=lambda m: m.start)

    def _enumerations(self, text: str, marks: list[_Mark], stop: int) -> list[_Mark]:
        """一是…二是… stay prose, unless at least two of a run name their units, or each has a title of its own."""
        bounds = [m.start for m in marks] + [stop]
        keep: set[int] = set()
        waiting: list[int] = []  # of the run so far, what is not kept yet
        count = named = above = 0
        titled = True
        for i, mark in enumerate(marks):
            if mark.style != "is":
                count, above = 0, mark.level
                continue
            if mark.number == 1 or not count:
                # 一是推进城乡融合。完善…二是…: right below a chapter they are its items
                waiting, count, named, titled = [], 0, 0, above <= 1
            waiting.append(i)
            count += 1
            named += self._names_units(text, mark.start, bounds[i + 1])
            titled = titled and _TITLED.match(text, mark.head, bounds[i + 1]) is not None
            if named >= _A_RUN or (titled and count >= _A_RUN):
                keep.update(waiting)
                waiting.clear()
        return [m for i, m in enumerate(marks) if m.style != "is" or i in keep]


def _mark_at(text: str, at: int, end: int) -> _Mark | None:
    while at < end and text[at] in " \u3000*":
        at += 1
    for style, level, pattern in STYLES:
        if found := pattern.match(text, at, end):
            head = found.end()
            while head < end and text[head] in " \u3000*":
                head += 1
            return _Mark(style, level, found[0].strip(), label_number(found[1]), at, head)
    return None


def _written(style: str, number: int) -> str:
    cn = number_to_chinese(number)
    if style == "is":
        return rf"(?<![{_CN}第]){cn}是(?=\S)"
    return rf"(?<![{_CN}第]){cn}[、．.](?=\S)" if style == "cn" else rf"[（(]{cn}[)）](?=\S)"


def _below_articles(marks: list[_Mark]) -> list[_Mark]:
    """In a law （一） and 1. stand below 第三条, not above it."""
    first = next((i for i, m in enumerate(marks) if m.style == "article"), None)
    if first is None:
        return marks
    return [
        replace(m, level=m.level + 3) if i > first and m.style not in ("article", "chapter", "heading") else m
        for i, m in enumerate(marks)
    ]


def _tree(marks: list[_Mark], stop: int, base: int) -> list[Item]:
    ends = [stop] * len(marks)
    parents: list[int | None] = []
    children: list[list[int]] = [[] for _ in marks]
    stack: list[int] = []
    for i, mark in enumerate(marks):
        while stack and marks[stack[-1]].level >= mark.level:
            ends[stack.pop()] = mark.start
        parents.append(stack[-1] if stack else None)
        if stack:
            children[stack[-1]].append(i)
        stack.append(i)
    out = []
    for i, mark in enumerate(marks):
        own_end = marks[children[i][0]].start if children[i] else ends[i]
        parent = parents[i]
        out.append(
            Item(
                mark.style, mark.level, mark.label, mark.number, mark.start, min(mark.head, own_end), own_end, ends[i],
                None if parent is None else parent + base, mark.line, tuple(c + base for c in children[i]),
            )
        )  # fmt: skip
    return out
