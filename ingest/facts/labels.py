"""Who is responsible by labels and brackets, which say it outright.

责任单位：甲、乙。   牵头单位：甲。责任单位：乙。完成时限：6月底。   （甲牵头，乙配合）   〔责任部门：甲，时限要求：…〕
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from ingest.facts.bodies import Bodies
from ingest.facts.duty import UNDERTAKES, Duty, ruled
from ingest.facts.unit_lists import UnitList, UnitLists
from kg.core.model import Role
from kg.core.replacing import replace
from ontology.forms import Forms

_OPEN = {"（": "）", "(": "）", "〔": "〕", "[": "〕", "【": "】"}
_CLOSE = {"）": "）", ")": "）", "〕": "〕", "]": "〕", "】": "】"}
_BRACKETS = re.compile(r"[（(〔\[【）)〕\]】]")
_STOPS = "。；;！!\n”’》"
_LONGEST_BRACKET = 700
_LONGEST_LABEL = 18
_MOSTLY = 0.7  # of the pieces of a column that are bodies


class LabelReader:
    """Reads labels and brackets in the joined text of one document."""

    def __init__(self, forms: Forms, lists: UnitLists, bodies: Bodies, text: str, *, first_leads: bool = False) -> None:
        """`first_leads`: the document says that who stands first in a list leads."""
        self.text = text
        self.lists = lists
        self.bodies = bodies
        self.first_leads = first_leads
        self._not_bracket = forms.pattern("bracket.not")
        self._number = forms.pattern("bracket.number")
        self._run_together = forms.pattern("column.run-together")

    def explicit(self, start: int, end: int) -> list[Duty]:
        """What labels and brackets in a stretch of the text say."""
        pairs = list(self._brackets(start, end))
        out = list(self._labelled(start, end, pairs))
        taken = [(d.start, d.end) for d in out]
        for a, b in pairs:
            if any(x < b and a < y for x, y in taken):
                continue
            if duty := self._bracket(a, b, start, end):
                out.append(duty)
        return sorted(out, key=lambda d: d.start)

    def _brackets(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The outermost brackets (position of the opening one, position behind the closing one)."""
        stack: list[int] = []
        want: list[str] = []
        text = self.text
        for found in _BRACKETS.finditer(text, start, end):
            at, char = found.start(), found[0]
            if char in _OPEN:
                stack.append(at)
                want.append(_OPEN[char])
            elif stack and _CLOSE[char] in want:
                while want and want[-1] != _CLOSE[char]:
                    want.pop()
                    stack.pop()
                opened = stack.pop()
                want.pop()
                if not stack and at - opened <= _LONGEST_BRACKET:
                    yield opened, at + 1
            elif stack and at - stack[0] > _LONGEST_BRACKET:
                stack, want = [], []

    def column(self, start: int, end: int) -> Duty | None:
        """What a column of units left behind the last sentence of a stretch, where a table lost its columns.

        （2.加大政策公开力度。）市教育局，各区人民政府
        """
        begin = max(self.text.rfind(mark, start, end) for mark in "。；") + 1
        stop = end - len(self.text[start:end]) + len(self.text[start:end].rstrip())
        if begin <= start or not self._columns or not 1 < stop - begin <= _LONGEST_BRACKET:
            return None
        begin += len(self.text[begin:stop]) - len(self.text[begin:stop].lstrip())
        value = self.lists.read(self.text[begin:stop], self.bodies)
        if value.labelled or value.verbs or not value.first_is_body or value.share < _MOSTLY:
            return None
        return self._duty(value, begin, begin, stop, alone=True)

    @cached_property
    def _columns(self) -> bool:
        """Whether the headings of a table of tasks stand in one line without anything between them."""
        return self._run_together.search(self.text) is not None

    def _labelled(self, start: int, end: int, pairs: list[tuple[int, int]]) -> Iterator[Duty]:
        """Labels outside brackets: 责任单位：… to the end of the sentence or line."""
        at = start
        text = self.text
        while at < end:
            colon = _next_colon(text, at, end)
            if colon < 0:
                return
            at = colon + 1
            begin = self._label_start(start, colon)
            if begin is None or any(a < begin < b for a, b in pairs):
                continue
            stop = self._value_end(at, end)
            value = self.lists.read(text[begin:stop], self.bodies)
            if duty := self._duty(value, begin, begin, stop, alone=text[max(start, begin - 1) : begin] in ("", "\n")):
                yield duty
            at = max(at, stop)

    def _label_start(self, start: int, colon: int) -> int | None:
        """Where the label that this colon ends begins, if it is one of units."""
        for begin in range(max(start, colon - _LONGEST_LABEL), colon - 1):
            before = self.text[begin - 1] if begin > start else "\n"
            if before not in "。；;，,、！\n）)〕】 \u3000”：:.．":
                continue
            found = self.lists.label_at(self.text, begin, colon + 1)
            if found and found.end() == colon + 1:
                return begin
        return None

    def _value_end(self, at: int, end: int) -> int:
        """The end of the sentence or of the line; a label alone in its line has its value in the next."""
        text = self.text
        while at < end and text[at] in " \u3000\n":
            at += 1
        depth = 0
        for i in range(at, end):
            char = text[i]
            if char in "（(〔":
                depth += 1
            elif char in "）)〕":
                depth = max(0, depth - 1)
            elif char == "\n" or (char == "。" and depth == 0 and not self._label_follows(i + 1, end)):
                return i
        return end

    def _label_follows(self, at: int, end: int) -> bool:
        """牵头单位：甲。责任单位：乙。完成时限：…: one statement in several sentences."""
        while at < end and self.text[at] in " \u3000":
            at += 1
        return self.lists.label_at(self.text, at, min(end, at + 24)) is not None

    def _bracket(self, a: int, b: int, start: int, end: int) -> Duty | None:
        text = self.text
        inside = text[a + 1 : b - 1]
        if self._not_bracket.match(inside) or self._number.search(inside):
            return None
        label = self.lists.label_at(inside, 0)
        before = text[a - 1] if a > start else "\n"
        after = text[b] if b < end else "\n"
        placed = before in _STOPS + "）)〕" or after in "。；;\n" or not text[b:end].strip()
        if label is None and not placed:
            return None
        value = self.lists.read(inside, self.bodies)
        glued = label is None and not value.verbs and before not in _STOPS + "）)〕"
        if glued and any(self.bodies.is_body(text[max(start, a - n) : a]) for n in (3, 4, 5, 6, 7, 8)):
            return None  # 通报社会事业局（教育处）。 says which part of the body
        return self._duty(value, a + 1, a, b, alone=before == "\n" and after == "\n")

    def _duty(self, value: UnitList, offset: int, start: int, end: int, *, alone: bool) -> Duty | None:
        """The duty that a list gives, if what it holds are bodies enough for its form."""
        if not value.runs or not value.bodies:
            return None
        if value.labelled:
            rule = "label"
        elif value.form_label:
            rule, enough = "label-form", value.first_is_body and value.share >= 0.6
            if not enough:
                return None
        elif value.verbs and value.share >= 0.5:
            rule = "bracket-verb"
        elif value.first_is_body and value.share >= 0.6:
            rule = "bracket"
            if value.bodies + value.others == 1 and not self.bodies.is_sure(value.runs[0].text):
                return None
        else:
            return None
        parties = [
            replace(party, role=party.role or run.role, rule=_marked(party.rule, run.how))
            for run in value.runs
            for party in self.bodies.read(run.text, offset + run.start, run.role, named=not run.person)
            if not run.person or self.bodies.is_body(party.as_written)
        ]
        if rule in ("label", "bracket-verb"):
            for run in value.runs:
                parties += self.bodies.unnamed(run.text, offset + run.start, run.role, parties, all_told=value.labelled)
            parties.sort(key=lambda p: p.start)
        if self.first_leads and len(parties) > 1 and all(p.role is None for p in parties):
            parties = [replace(p, role=Role.CO if i else Role.LEAD) for i, p in enumerate(parties)]
        return Duty(ruled(parties, rule), start, end, rule, alone) if parties else None


def _marked(rule: str, how: str) -> str:
    return f"{how}/{rule}" if how == UNDERTAKES else rule


def _next_colon(text: str, at: int, end: int) -> int:
    a, b = text.find("：", at, end), text.find(":", at, end)
    return min(x for x in (a, b) if x >= 0) if max(a, b) >= 0 else -1
