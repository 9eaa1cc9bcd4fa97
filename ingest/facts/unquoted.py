"""Names of policies without 《》, only where their form leaves no doubt.

中华人民共和国产品质量法; 关于…的意见（国发〔2015〕43号）; 关于禁止化学武器国际公约; “十四五”数字经济发展规划 after a
verb; and known names after a verb that takes a policy (严格执行中央八项规定).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ingest.facts.numbers import NumberMention
from ontology.forms import Forms

_SHORTEST_KNOWN = 4
_OF_ONE_PAPER = ("请示", "函", "报告")  # a paper that came in is told by its number: no policy bears its title
_TREATIES = ("公约", "协定")


@dataclass(frozen=True, slots=True)
class UnquotedName:
    """A name as written at `start`; `title` is None where the paper is told by its number alone."""

    start: int
    written: str
    title: str | None
    number: NumberMention | None
    rule: str


class UnquotedReader:
    """Finds names without marks by the forms `reference.law`, `reference.paper`, `reference.period-plan` ..."""

    def __init__(self, forms: Forms) -> None:
        self._law = forms.quick("reference.law")
        self._paper = forms.pattern("reference.paper")
        self._plan = forms.quick("reference.period-plan")
        self._named = forms.quick("reference.after-verb")
        self._genre = forms.pattern("reference.genre-word")

    def find(
        self, text: str, numbers: Sequence[NumberMention], starts: Sequence[int], known: Callable[[str], str | None]
    ) -> Iterator[UnquotedName]:
        """All names without marks, those inside 《》 included: the caller knows where titles are."""
        for m in self._law.finditer(text):
            if not _is_heading(text, m):
                yield UnquotedName(m.start(), m[0], m[0], None, "law-name-without-marks")
        for m in self._paper.finditer(text):
            if not _is_heading(text, m):
                yield from self._one_paper(text, m, numbers, starts)
        for m in self._plan.finditer(text):
            yield UnquotedName(m.start("name"), m["name"], m["name"], None, "period-plan-without-marks")
        for m in self._named.finditer(text):
            for word in reversed(list(self._genre.finditer(m["name"]))):
                name = m["name"][: word.end()]
                full = known(name) if len(name) >= _SHORTEST_KNOWN else None
                if full:
                    yield UnquotedName(m.start("name"), name, full, None, "known-name-without-marks")
                    break

    def _one_paper(
        self, text: str, m: re.Match[str], numbers: Sequence[NumberMention], starts: Sequence[int]
    ) -> Iterator[UnquotedName]:
        n = bisect_left(starts, m.end())
        near = numbers[n] if n < len(numbers) and text[m.end() : m.end() + 1] in ("（", "(") else None
        if near is not None and near.start <= m.end() + 3:
            title = None if m[0].endswith(_OF_ONE_PAPER) else m[0]
            yield UnquotedName(m.start(), m[0], title, near, "title-without-marks")
        elif m[0].endswith(_TREATIES) and "的" not in m[0][2:6]:
            yield UnquotedName(m.start(), m[0], m[0], None, "treaty-without-marks")


def _is_heading(text: str, m: re.Match[str]) -> bool:
    """The name is all its line, or the line is a Markdown heading: a title, not a reference."""
    start = text.rfind("\n", 0, m.start()) + 1
    end = text.find("\n", m.end())
    line = text[start : len(text) if end < 0 else end].strip()
    return line == m[0] or line.startswith("#")
