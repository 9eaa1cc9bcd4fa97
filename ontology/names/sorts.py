"""Sorts of bodies that share what they begin or end with.

各省级住房城乡建设、发展改革、财政等部门   省级住房城乡建设部门, 省级发展改革部门, 省级财政部门
勘察、设计、施工单位                      勘察单位, 设计单位, 施工单位
县级以上卫生行政部门、民政部门              the second is 县级以上 too
发展改革、教育等有关部门                   one collective: the list is open
"""

from __future__ import annotations

import re

from kg.core.model import Party, PartyKind
from kg.core.replacing import replace
from ontology.forms import Forms
from ontology.names.context import Context
from ontology.names.groups import STATE
from ontology.names.resolver import Resolver

_TIE = re.compile(r"(?<=[\u4e00-\u9fff]{2})(?:以及|[和与及])(?=[\u4e00-\u9fff]{2})")
_LONGEST = 160
_MOST = 24  # sorts in one list


class Sorts:
    """Reads such lists; built once for the forms of a run."""

    def __init__(self, forms: Forms, resolver: Resolver) -> None:
        self.resolver = resolver
        self._level = forms.pattern("sort.level")
        self._tail = forms.pattern("sort.tail")
        self._open = forms.pattern("sort.open")
        self._name = forms.pattern("sort.name")
        self._trade = forms.pattern("sort.trade")

    def read(self, text: str, context: Context, *, start: int = 0) -> list[Party]:
        """The sorts that all of `text` lists; nothing where it is another kind of list. `start` is its place."""
        if not 4 < len(text) <= _LONGEST or not self._tail.search(text):
            return []
        level = self._level.match(text)
        head = level[0] if level else text[0] if self.resolver.begins_with_tier(text, context.tiers) else ""
        is_open = self._open.search(text)
        spans = self._pieces(text, len(head), is_open.start() if is_open else len(text), context)
        if not 1 < len(spans) <= _MOST:
            return []
        shared = self._tail.search(text)
        tails: list[str] = []
        for a, b in reversed(spans):  # what has no tail of its own has that of the next
            own = self._tail.search(text, a, b)
            tails.insert(0, "" if own or shared is None else shared[0])
            shared = own or shared
        if not any(tails) and not head:
            return []  # 民政部门、财政部门: names that need nothing of each other
        names = [(text[a:b], t) for (a, b), t in zip(spans, tails, strict=True)]
        if not all(self._is_sort(n, t, context) for n, t in names):
            return []
        if is_open and is_open["some"]:
            return [self._group(text, text, context, start)]
        begins = [0, *(a for a, _ in spans[1:])]  # the first is written with its level
        return [
            self._party(head + text[a:b] + tail, text[begin:b], context, start + begin)
            for begin, (a, b), tail in zip(begins, spans, tails, strict=True)
        ]

    def _is_sort(self, name: str, tail: str, context: Context) -> bool:
        """Whether a piece is the line of a department (发展改革, 卫生行政部门) or a trade (施工); no body by name."""
        if not self._name.fullmatch(name):
            return False
        found = self._tail.search(name + tail)
        stem = (name + tail)[: found.start()] if found else ""
        if found is None or not found[0].endswith("部门"):
            return bool(self._trade.fullmatch(stem))
        # 水行政主管部门 says itself what it is
        return bool(stem) and (found["rank"] is not None or self._is_line(stem, context))

    def _is_line(self, stem: str, context: Context) -> bool:
        """工业和信息化: the line of a department."""
        place = context.place or self.resolver.places.by_qualified[STATE]
        return self.resolver.departments.of_sector(stem, place) is not None

    def _pieces(self, text: str, begin: int, stop: int, context: Context) -> list[tuple[int, int]]:
        """The pieces between 、 and 和, but for a 和 inside the line of one department."""
        out: list[tuple[int, int]] = []
        at = begin
        while at <= stop:
            end = text.find("、", at, stop)
            end = stop if end < 0 else end
            stem = self._tail.sub("", text[at:end])
            if (tie := _TIE.search(text, at, end)) and not self._is_line(stem, context):
                out.append((at, tie.start()))
                at = tie.end()
            else:
                out.append((at, end))
                at = end + 1
        return out

    def _party(self, name: str, written: str, context: Context, start: int) -> Party:
        found = self.resolver.resolve(name, context)
        party = found[0] if len(found) == 1 else self._group(name, written, context, start)
        return replace(party, as_written=written, start=start, end=start + len(written))

    def _group(self, name: str, written: str, context: Context, start: int) -> Party:
        place = context.place.qualified if context.place is not None else None
        return Party(
            name,
            written,
            PartyKind.GROUP,
            place=place,
            category="集体",
            rule="collective",
            confidence=0.8,
            start=start,
            end=start + len(written),
        )
