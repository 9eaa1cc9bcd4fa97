"""The text with its broken lines joined, and the way back.

Text layers and pasted pages break lines inside sentences, brackets, even inside 责/任单位. Reading goes over the joined
text; every position is mapped back to the text of the document.

推进          1.推进“信易贷”扩大信用贷款。
“信易贷”  ->
扩大信用贷款。
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from ingest.layout import CleanText
from ingest.readers.base import LineKind
from kg.core.model import Evidence

_CN = "一二三四五六七八九十百零〇"
LABEL = re.compile(
    rf"[ \u3000]{{0,4}}(?:第[{_CN}千\d]{{1,8}}[编章节条](?![约款项第规的所之和至到及、，,])|[{_CN}]{{1,4}}[、.．](?!\d)"
    rf"|[（(〔【][{_CN}]{{1,4}}[)）〕】]"
    rf"|\d{{1,4}}[ ]?[.．、](?!\d)|\d{{1,4}}[)）]|[（(]\d{{1,4}}[)）]|[①-⑳⑴-⒛㉑-㉟]|附[ ]?件|[{_CN}]{{1,2}}是)"
)
_OPEN, _CLOSE = "（(〔【《“", "）)〕】》”"
_ENDED = "。！？；：…!?;:"
_GOES_ON = "，、（(《“〔—·,"
_CONTINUES = re.compile(r"[，。、；：）〕】》”)]|[^，。；：\s]{1,3}。|“[^”]{1,12}”(?![：:])")
_FRAGMENT = re.compile(r"[\u4e00-\u9fff]{1,3}[，、]")  # …各指标 | 部门，…
_LABELLED = re.compile(r"[\u4e00-\u9fff（）]{2,8}[：:]")  # 配合单位：…
_SENTENCE = 12  # characters; a shorter line is a heading
_LONG_LINE = 30  # characters; a line of a text layer holds 35-45
_LABEL_LINES = 3  # as many broken lines show the width at which a text is broken
_WIDTH_SLACK = 4
_FITS = 12  # characters; what would have stood in the line before, had it gone on
_LOOK_BACK = 400


@dataclass(frozen=True, slots=True)
class Flat:
    """`text` is the joined text; where the distance to the source changes stand `here` (joined) and `there`."""

    text: str
    here: tuple[int, ...]
    there: tuple[int, ...]
    source: str

    def at(self, position: int) -> int:
        """The position in the source of `text[position]`."""
        i = bisect_right(self.here, position) - 1
        return self.there[i] + position - self.here[i]

    def back(self, position: int) -> int:
        """The position in the joined text of `source[position]`; of a dropped break, of what follows it."""
        i = bisect_right(self.there, position) - 1
        until = self.here[i + 1] if i + 1 < len(self.here) else len(self.text)
        return min(self.here[i] + position - self.there[i], until)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the source for `text[start:end]`."""
        return (self.at(start), self.at(end - 1) + 1) if end > start else (self.at(start), self.at(start))

    def evidence(self, start: int, end: int) -> Evidence:
        """The stretch as evidence, without blanks at its edges."""
        a, b = self.span(start, end)
        while a < b and self.source[a].isspace():
            a += 1
        while b > a and self.source[b - 1].isspace():
            b -= 1
        return Evidence(self.source[a:b], a, b)


def clean_to_flat(clean: CleanText) -> Flat:
    """Join the lines that go on; rows of tables and headings stay as they are."""
    lines = [(p.start, p.end, p.kind) for p in clean.paragraphs]
    width = _width([clean.of(p) for p in clean.paragraphs if p.kind is LineKind.TEXT])
    out: list[str] = []
    here, there = [0], [0]
    length = 0
    tail = ""  # the end of the paragraph so far
    for n, (start, end, kind) in enumerate(lines):
        words = clean.text[start:end]
        joined = n > 0 and kind is LineKind.TEXT and lines[n - 1][2] is LineKind.TEXT
        before = clean.text[lines[n - 1][0] : lines[n - 1][1]] if n else ""
        beside = max(len(words), lines[n - 2][1] - lines[n - 2][0]) if n > 1 else len(words)
        if joined and line_goes_on(tail, before, words, width, beside):
            tail = (tail + words)[-_LOOK_BACK:]
        else:
            out.append("\n" if n else "")
            length += 1 if n else 0
            tail = words[-_LOOK_BACK:]
        if start - length != there[-1] - here[-1]:
            here.append(length)
            there.append(start)
        out.append(words)
        length += end - start
    return Flat("".join(out), tuple(here), tuple(there), clean.text)


def line_goes_on(tail: str, before: str, words: str, width: int | None, beside: int = 0) -> bool:
    """Whether a line goes on in the next one. `tail` is the end of the paragraph so far, `before` its last line.

    `beside` is the length of the longer of the two lines around `before`.
    """
    last = before.rstrip()
    if not last or not words.strip():
        return False
    if (opens := LABEL.match(words)) and not (opens[0].lstrip().startswith("附") and _unclosed(tail)):
        return False
    label = LABEL.match(last)
    if label and label.end() >= len(last) and not last.startswith("附"):
        return True  # （一） alone in its line
    if _unclosed(tail) or last[-1] in _GOES_ON or _CONTINUES.match(words):
        return last[-1] not in "。！？"
    if last[-1] in _ENDED or last[-1] in _CLOSE:
        return False
    if label:
        return width is not None and abs(len(last) - width) <= _WIDTH_SLACK
    return _text_goes_on(last, words, beside)


def _text_goes_on(last: str, words: str, beside: int) -> bool:
    """The same for a line without a label or a mark that says so."""
    if _LABELLED.match(words) or (_LABELLED.match(last) and beside > len(last) + _FITS):
        return False  # a line that is broken is as long as lines get: 责任单位：… between whole paragraphs has ended
    if len(last) >= _SENTENCE and _FRAGMENT.match(words):
        return True
    return len(last) >= _LONG_LINE and any(c in last + words[:20] for c in "，、；")


def _width(lines: list[str]) -> int | None:
    """The width at which a text is broken; None where lines are whole paragraphs."""
    broken = sorted(
        len(line)
        for line in lines
        if 25 <= len(line) <= 60 and line[-1] not in _ENDED + _CLOSE and not LABEL.match(line)
    )
    return broken[len(broken) // 2] if len(broken) >= _LABEL_LINES else None


def _unclosed(tail: str) -> bool:
    """Whether a bracket is open at the end of a paragraph; （ and ( are often mixed in one pair."""
    if not any(c in tail for c in _OPEN):
        return False
    round_open = tail.count("（") + tail.count("(") > tail.count("）") + tail.count(")")
    if round_open and tail.rfind("（") < 0 and tail.rfind("(") < 0:
        return False
    return round_open or any(
        tail.count(a) > tail.count(b) for a, b in (("《", "》"), ("“", "”"), ("〔", "〕"), ("【", "】"))
    )
