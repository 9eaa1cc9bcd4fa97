"""Where a figure stands: the words on either side of it that belong to it, and those of the clauses next to its own."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.sentences import Span
from kg.core.making import made_by_slots
from ontology.quantities import Quantity

_FAR, _LINE = 80, 8
_CUT = 6  # fewer characters at the head of a line are the rest of a word or phrase
_MARKS = "。；;！？：:），,、\n"
_GOES_ON = ("，\n", "、\n", ",\n")
_END = re.compile(r"[，,。；;：:！？\t]|(?<=[。；])\n")
# （一）按属地划分: a heading of its own ends where its line does
_HEADING = re.compile(r"(?:[（(][一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}、)[^，。；\n]{2,30}$")
_BREAK = re.compile(r"\s*\n\s*")


@made_by_slots
@dataclass(frozen=True, slots=True)
class Place:
    """The quantities of a sentence (`around`), which of them this is, its sentence and its clause.

    `before` holds the subjects of the quantities before it; `group` is the run of quantities (first, one past the
    last) that `、` and 和 join to it.
    """

    text: str
    sentence: Span
    clause: Span
    around: tuple[Quantity, ...]
    index: int
    group: tuple[int, int]
    before: tuple[str, ...]

    @property
    def quantity(self) -> Quantity:
        """The quantity itself."""
        return self.around[self.index]

    @property
    def left(self) -> str:
        """The words between the figure (or group) before and this one, within the clause.

        A figure at the head of a line that was broken in its sentence has the end of the line before.
        """
        first = self.group[0]
        start = self.clause.start
        if first and self.around[first - 1].end > start:
            start = self.around[first - 1].end
        words = self.text[start : self.around[first].start]
        broken = start == self.clause.start and len(words) < _CUT and self._is_broken(self.clause.start)
        return self.earlier + words if broken else words

    @property
    def follows_count(self) -> bool:
        """Whether `left` begins right behind a count of the same clause: 86家|企业解决质量难题|152个."""
        first = self.group[0]
        before = self.around[first - 1] if first else None
        return before is not None and before.kind in ("count", "noun") and before.end > self.clause.start

    @property
    def right(self) -> str:
        """The words from this one (or the last of its group) to the next figure or the end of the clause."""
        last = self.group[1] - 1
        start, end = self.around[last].end, self.clause.end
        if last + 1 < len(self.around):
            end = min(end, self.around[last + 1].start)
        words = self.text[start : max(end, start)]
        if end == self.clause.end and self._is_broken(end):
            words = words.rstrip() + self.later.lstrip()
        return words

    @property
    def rest(self) -> str:
        """Everything after the figure in its clause, further figures included."""
        return self.text[self.quantity.end : self.clause.end]

    @property
    def earlier(self) -> str:
        """The clause before, within the sentence, or within the line that was broken in it."""
        end, floor = self.clause.start, self.sentence.start
        if end == floor and (self._is_broken(end) or self.text[max(0, end - 2) : end] in _GOES_ON):
            floor = max(0, end - _FAR)
        while end > floor and self.text[end - 1] in "，,；;、：: \n":
            end -= 1
        above = self.text[max(floor, end - _FAR) : end]
        above = above[max(above.rfind(c) for c in "，,；;：:。\t") + 1 :]
        return "".join([line for line in above.split("\n") if line.strip()][-2:])

    @property
    def later(self) -> str:
        """The clause after, within the sentence, or over the break of a line."""
        words = self.text[self.clause.end : self.clause.end + _FAR]
        found = _END.search(words, 1)
        return _BREAK.sub("", words[: found.start()] if found else words)

    @property
    def opens_bracket(self) -> bool:
        """Whether it stands inside a bracket that its clause opens."""
        words = self.text[self.clause.start : self.quantity.start]
        return words.rfind("（") > words.rfind("）")

    def _is_broken(self, edge: int) -> bool:
        """Whether a line ends right before `edge` in the middle of a clause."""
        if not (edge > 0 and self.text[edge - 1] == "\n"):
            return False
        above = self.text[max(0, edge - _LINE - 1) : edge - 1]
        if len(above) < _LINE or "\n" in above or above[-1] in _MARKS:
            return False
        return not _HEADING.match(self.text, self.text.rfind("\n", 0, edge - 1) + 1, edge - 1)
