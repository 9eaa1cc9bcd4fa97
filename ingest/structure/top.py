"""What stands before the body: 版头 (GB/T 9704-2012 §7.2), 标题 (§7.3.1) and 主送机关 (§7.3.2).

Lines are read in order and put where they belong; lines that are neither mark nor number nor recipients are the
title, or, when a number or 文件 follows, the names of a letterhead.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ingest.extract.numbers import find_document_numbers
from ingest.layout import CleanText, Paragraph
from ingest.readers.base import LineKind
from ingest.structure.headings import LABELS
from ingest.structure.kinds import STATUTORY, ends_like_title, title_to_kind
from ingest.structure.model import Element, element

_MARK = re.compile(r"^(.{2,60}?)\s*文件$|^(.{4,60}?)\s*[（(]\s*函\s*[)）]$")
_FRONT = re.compile(
    r"^(?:\d{6}|[绝机秘]\s?密\S{0,12}|特急|加急|平急|特提|明\s*传\s*电\s*报|内部明电|签发人\s*[：:].*|[（(].{1,80}[)）]|\*+)$"
)
_RECIPIENTS_NOT = re.compile(
    r"。|如下|现将|现就|下列|以下|^为|^根据|^按照|^经|^第|^[（(\d一二三四五六七八九十]+[、.．)）]|(?:主题|时间|地点|要求|内容|目的|对象|口号)$"
)
# what shares the number's line: 签发人：某某, 等级：特急
_BESIDE_NUMBER = re.compile(r"(?:签发人|等级|密级|紧急程度)\s*[：:]\s*\S+|^(?:特急|加急|平急)\s+")
_LAW_NOTE = re.compile(r"^[（(]?\s*(?:\d{4}|[一二〇○零九八七六五四三]{4})年\s*[\d一二三四五六七八九十]{1,3}\s*月")
_ORDER = re.compile(r"^(?:中华人民共和国)?(?P<body>[^，。]{2,30}?)(?:命?令)$")
_ORDER_NUMBER = re.compile(r"^第\s*\d{1,5}\s*号$")
# the lines of a web page's table above the title, where the page came as plain text
_METADATA = re.compile(
    r"^(?:索引号|索取号|主题分类|公开类别|公开主体|公开方式|公开属性|发布机构|发布单位|发文机关|发文单位|制发机关|发布日期|发文日期|发布时间|成文日期|"
    r"印发日期|有效性|来源|信息来源|信息分类|体裁分类|组配分类|浏览次数|字体|字号|文号|发文字号|文件编号|标题|名称)\s*[：:]"
)
_METADATA_NUMBER = re.compile(r"^(?:文号|发文字号|文件编号)\s*[：:]\s*")
# （2023）第6期, 〔2022〕5号 below the name of minutes or a bulletin
_ISSUE = re.compile(r"^[（(〔\[]?(?:19|20)\d{2}年?[）)〕\]]?\s*第?\s*\d{1,4}\s*[期号]$|^第\s*\d{1,4}\s*期$")
_HEAD_LINES = 16  # paragraphs among which the title is looked for
_LONGEST_TITLE_LINE = 120
_LONGEST_RECIPIENTS = 600


@dataclass(slots=True)
class Top:
    """What was found, and `after`: the index of the first paragraph of the body."""

    title: Element | None = None
    mark: tuple[Element, ...] = ()
    number: Element | None = None
    recipients: Element | None = None
    front: list[Element] = field(default_factory=list)
    after: int = 0


def read_top(clean: CleanText, paragraphs: list[Paragraph]) -> Top:
    """Everything before the first paragraph of the body."""
    return _TopReader(clean).read(paragraphs)


class _TopReader:
    def __init__(self, clean: CleanText) -> None:
        self.clean = clean
        self.top = Top()
        self.lines: list[Paragraph] = []  # title lines so far

    def read(self, paragraphs: list[Paragraph]) -> Top:
        for i, p in enumerate(paragraphs):
            self.top.after = i
            if self.top.recipients is not None or not self._take(p):
                break
        else:
            self.top.after = len(paragraphs)
        if self.lines:
            self.top.title = Element(self._title_words(), self.lines[0].start, self.lines[-1].end)
        return self.top

    def _take(self, p: Paragraph) -> bool:
        """Put one paragraph where it belongs; False when it begins the body."""
        text = self.clean.of(p)
        if p.kind is LineKind.HEADING:
            if self.lines or p.level > 1:
                return False
            self.lines.append(p)
            return True
        if p.kind is not LineKind.TEXT:
            return False
        if self.top.number is None and (number := self._number(text)):
            self._letterhead()
            self.top.number = Element(number, p.start, p.end)
            return True
        if self._beside_title(p, text):
            return True
        marked = self.lines and self.lines[-1].kind is LineKind.HEADING
        if is_body(text) or (self.lines and (marked or _LAW_NOTE.match(text))):
            return False
        if not self.top.mark and not self._has_title() and (mark := _MARK.match(text)):
            self._letterhead()
            self.top.mark = (*self.top.mark, element(self.clean, p, 0, mark.end(1) if mark[1] else mark.end(2)))
        elif _FRONT.match(text):
            self.top.front.append(element(self.clean, p))
        elif len(text) > _LONGEST_TITLE_LINE or (self._title_is_whole() and not text.startswith("—")):
            return False
        else:
            self.lines.append(p)
        return True

    def _beside_title(self, p: Paragraph, text: str) -> bool:
        """Take the recipients, a line of a web page's table above the title, or the number of an issue below it."""
        if self.lines and (closed := recipients_length(text)):
            self.top.recipients = element(self.clean, p, 0, closed)
        elif not self.lines and _METADATA.match(text):
            self.top.front.append(element(self.clean, p))
        elif self.lines and self.top.number is None and _ISSUE.match(text):
            self.top.number = element(self.clean, p)
        else:
            return False
        return True

    def _number(self, text: str) -> str | None:
        """A line that is a document number, or 第707号 below …令."""
        text = _METADATA_NUMBER.sub("", _BESIDE_NUMBER.sub("", text)).strip()
        numbers = find_document_numbers(text)
        if len(numbers) == 1 and numbers[0].end - numbers[0].start >= len(text) - 2:
            return numbers[0].normalised
        order = _ORDER.match("".join(self.clean.of(line) for line in self.lines))
        if order and _ORDER_NUMBER.match(text):
            first = self.lines[0]
            at = first.start + order.start("body")
            self.top.mark = (Element(order["body"], at, at + len(order["body"])),)
            self.lines = []
            return f"{order['body']}令{text}"
        return None

    def _has_title(self) -> bool:
        words = "".join(self.clean.of(line) for line in self.lines)
        return bool(self.lines) and (
            self.lines[0].kind is LineKind.HEADING or "关于" in words or ends_like_title(words)
        )

    def _letterhead(self) -> None:
        """Lines above a number or 文件 that are no title are the letterhead."""
        if self.lines and not self._has_title():
            self.top.mark = tuple(element(self.clean, line) for line in self.lines)
            self.lines = []

    def _title_is_whole(self) -> bool:
        words = "".join(self.clean.of(line) for line in self.lines)
        if not words:
            return False
        # 关于… asks for one of the statutory kinds: …审核制度 may be the end of a line, not of the title
        return (title_to_kind(words) in STATUTORY) if "关于" in words else ends_like_title(words)

    def _title_words(self) -> str:
        """The lines as one; names of several issuers above 关于 keep a blank between them."""
        words = ""
        for line in self.lines:
            text = self.clean.of(line)
            names = " " in words and "关于" not in words and "《" not in words and not text.startswith("—")
            words += (" " if names else "") + text
        return words


def head_lines(clean: CleanText) -> list[Paragraph]:
    """The paragraphs, with those of the head cut where a line of the source ends a title.

    A title as long as the text's lines looks like a wrapped line: the number or the recipients below are joined to it.
    """
    out: list[Paragraph] = []
    for n, p in enumerate(clean.paragraphs):
        out += _cut(clean, p) if n < _HEAD_LINES and p.kind is LineKind.TEXT else [p]
    return out


def _cut(clean: CleanText, p: Paragraph) -> Iterator[Paragraph]:
    for at in _line_starts(clean, p):
        above, below = clean.text[p.start : at].rstrip(), clean.text[at : p.end]
        titled = "关于" in above and len(above) <= _LONGEST_TITLE_LINE and title_to_kind(above) in STATUTORY
        if _is_number(below) and (titled or _MARK.match(above)):
            pass
        elif not ((titled or _is_number(above)) and recipients_length(below)) and not (
            _is_number(above) and "关于" in below and len(below) <= _LONGEST_TITLE_LINE
        ):
            continue
        yield replace(p, end=p.start + len(above))
        yield from _cut(clean, replace(p, start=at))
        return
    yield p


def _line_starts(clean: CleanText, p: Paragraph) -> Iterator[int]:
    """Where inside a paragraph the source was not unbroken: line ends, and blanks that were dropped."""
    starts = [here for here, _ in clean.offsets]
    yield from starts[bisect_right(starts, p.start) : bisect_right(starts, p.end - 1)]


def _is_number(text: str) -> bool:
    numbers = find_document_numbers(text.strip())
    return len(numbers) == 1 and numbers[0].end - numbers[0].start >= len(text.strip()) - 1


def is_body(text: str) -> bool:
    """Whether a paragraph is the body's: a numbered heading, or a sentence."""
    if any(pattern.match(text) for pattern, _ in LABELS):
        return True
    return len(text) > 15 and text[-1] in "。；：:" and ("，" in text or "。" in text)


def recipients_length(text: str) -> int | None:
    """The length of the recipients without their colon, or None."""
    if not text.endswith(("：", ":")) or len(text) > _LONGEST_RECIPIENTS or _RECIPIENTS_NOT.search(text[:-1]):
        return None
    return len(text) - 1
