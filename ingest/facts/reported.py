"""Activities of reports (通报, 总结, 情况报告): sentences that say who did what, headings that say what was done.

The first part of a report states the frame, its last (下一步 …) states plans. What a plan says will be held is planned.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.facts.clauses import ClauseReader, Event, split_items
from ingest.sentences import Segmentation, Span
from kg.core.model import Party, PartyKind, Role, Status
from ontology.forms import Forms

_EDGES = " \u3000\n，；。、"


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that a report tells: `start`/`end` is the clause that tells it."""

    title: str
    doers: tuple[Party, ...]
    status: Status
    start: int
    end: int
    words: str
    headline: str = ""
    place: str | None = None  # 在…: where it was held, as written


class ReportReader:
    """Reads the joined text of one document."""

    def __init__(self, forms: Forms, clauses: ClauseReader, segmentation: Segmentation) -> None:
        self.text = segmentation.text
        self.reader = clauses
        self.segmentation = segmentation
        self._headline = forms.pattern("told.headline")
        self._enumerator = forms.pattern("told.enumerator")
        self._own = forms.pattern("told.own")
        self._time = forms.pattern("told.time")
        self._frame = forms.pattern("told.frame")
        self._leads = forms.pattern("told.leads")
        self._hosted_by = forms.pattern("told.hosted_by")
        self._not_held = forms.pattern("told.not_held")
        self._plan_opens = forms.pattern("told.plan_opens")

    def told(self, start: int, end: int, *, status: Status = Status.REPORTED) -> Iterator[Told]:
        """What the sentences of a stretch tell; 下一步 … opens a paragraph of plans."""
        sentences = self.segmentation.sentences
        i = max(0, bisect_left(sentences, Span(start, 0)) - 1)
        headline, paragraph, mine = "", -1, status
        for sentence in sentences[i:]:
            if sentence.start >= end:
                return
            if sentence.end <= start or "\t" in sentence.of(self.text):
                continue
            line = self.text.rfind("\n", 0, sentence.start)
            if line != paragraph:
                opens = self.text[line + 1 : line + 24].strip()
                mine = Status.PLANNED if self._plan_opens.match(opens) else status
            found = self._headline.match(sentence.of(self.text).strip())
            headline = found["of"] if found else headline if line == paragraph else ""
            paragraph = line
            begin = max(sentence.start, start)
            for event, parts in self._events(Span(begin, min(sentence.end, end))):
                if mine is Status.PLANNED and not self.reader.is_event(event.object):
                    continue
                for doers, title in parts:
                    yield self._told(event, doers, title, mine, headline)

    def actors(self, start: int, end: int) -> tuple[Party, ...]:
        """The bodies that the clauses of a stretch say did something, whatever it was: 区市场监管局检查门店156户."""
        seen: dict[str, Party] = {}
        clauses, bodies = self.segmentation.clauses, self.reader.bodies
        for clause in clauses[bisect_left(clauses, Span(start, 0)) :]:
            if clause.start >= end:
                break
            text = clause.of(self.text).lstrip(_EDGES)
            if lead := self._enumerator.match(text):
                text = text[lead.end() :]
            for party in self.reader.doers_of(text, clause.end - len(text))[0]:
                if party.kind is PartyKind.AGENCY and bodies.is_known(party.as_written):
                    seen.setdefault(party.name, party)
        return tuple(seen.values())

    def _told(self, event: Event, doers: tuple[Party, ...], title: str, status: Status, headline: str) -> Told:
        told = self.segmentation.evidence(self.segmentation.clause_at(event.start, event.end))
        return Told(
            title, doers, status, told.start, told.end, f"{event.when}，{told.quote}", headline, event.place_phrase
        )

    def places(self, told: Told) -> tuple[str, ...]:
        """The places of those who did it, and the place that it was held in: the place itself, no hall or street."""
        out = [p.place for p in told.doers if p.kind is PartyKind.PLACE and p.place]
        if told.place:
            where = self.reader.bodies.resolver.places.at(told.place, self.reader.bodies.context.place)
            if where and where.whole and where.length == len(told.place):
                out.append(where.place.qualified)
        return tuple(out)

    def _events(self, sentence: Span) -> list[tuple[Event, list[tuple[tuple[Party, ...], str]]]]:
        if self._headline.match(sentence.of(self.text).strip()):
            return []
        out: list[tuple[Event, list[tuple[tuple[Party, ...], str]]]] = []
        carried: tuple[Party, ...] = ()
        opens = True
        hosted: int | None = None
        when = ""
        own = False
        clauses = self.segmentation.clauses
        i = bisect_left(clauses, Span(sentence.start, 0))
        for clause in clauses[i:]:
            if clause.start >= sentence.end:
                break
            text = clause.of(self.text).strip("，；。、！,; \n")
            start = clause.start + clause.of(self.text).find(text)
            if hosted is not None:
                # 由甲、乙主办，丙承办的启动仪式在…举行: one statement in two clauses
                text, start, hosted = self.text[hosted : start + len(text)], hosted, None
            elif self._hosted_by.match(text[:120]):
                hosted = start
                continue
            if lead := self._enumerator.match(text):
                text, start = text[lead.end() :], start + lead.end()
            if writer := self._own.match(text):
                own, text, start = True, text[writer.end() :], start + writer.end()
            if not text or self._time.match(text[:40]):
                when = text
                continue
            divided = text.startswith("分别")
            given = carried if opens or divided else ()
            event = None if self._not_held.match(text) else self.reader.read(text, start, carried=given, own=own)
            if event is not None:
                if divided and out and out[-1][0].doers == event.doers:
                    out.pop()  # 推进…行动，分别举办甲、乙: the second clause says what the first one was
                event = replace(event, when=when)
                out.append((event, _event_to_parts(event)))
            when = ""
            named = event.doers if event else self.reader.doers_of(text, start)[0]
            if event is None and named and self._leads.search(text):
                named = tuple(replace(p, role=Role.LEAD) for p in named)
            carried = named or carried
            # a clause without a doer speaks of an event of its own only where a new statement opens, or after a
            # frame (市市场监管局围绕锂电产业，组织…)
            framed = event is None and bool(named) and bool(self._frame.search(text[-60:]))
            leads = event is None and bool(named) and bool(self._leads.search(text))
            opens = framed or leads or clause.of(self.text).rstrip()[-1:] in ("；", ";")
        return out


def _event_to_parts(event: Event) -> list[tuple[tuple[Party, ...], str]]:
    """One activity, or with 分别 one for each doer, in order."""
    if event.each or len(event.doers) > 1:
        items = split_items(event.object)
        items[-1] = re.sub(r"等(?:系列)?(?:活动|工作)?$", "", items[-1]) if items else ""
        if event.each and len(items) == len(event.doers):
            return [((doer,), item) for doer, item in zip(event.doers, items, strict=True)]
    return [(event.doers, event.title)]
