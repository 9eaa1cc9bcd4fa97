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

_HEADLINE = re.compile(r"^[一二三四五六七八九十]+是(?P<of>[^，]{2,30})。$")
_ENUMERATOR = re.compile(r"^(?:[一二三四五六七八九十]{1,2}是|其中|同时|此外|另外|在此基础上|期间|截至目前)[，、]?")
_OWN = re.compile(
    r"^(?:我|本|全)(?:局|市|区|县|省|委|办|厅|院|中心|处|部门|单位|街道|镇|乡|州|旗|会|队|校)(?:还|也|共|已|将|先后|成功)*(?=[开举召组启发印推制建走])"
)
_TIME = re.compile(
    r"^(?:\d{4}年)?(?:\d{1,2}月)?(?:\d{1,2}日|[上中下]旬|初|底|末)?(?:至\S{1,8})?(?:期间)?(?:上午|下午)?$"
)
_FRAME = re.compile(
    r"(?:围绕|聚焦|针对|依托|结合|立足|紧扣|按照|根据|突出|坚持|充分发挥|发挥|利用|借助|瞄准|面向|以)[^，]{2,40}$"
)
_LEADS = re.compile(r"牵头$")
_HOSTED_BY = re.compile(r"^由.{2,80}(?:主办|举办|组织|指导)$")
_NOT_HELD = re.compile(r"参加|申报|集中在|收看|参训|惠及|参与人数|制定了|贯彻|召回率|同比|增长|占比|合格率|下同")
_PLAN_OPENS = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、，])?(?:下一步|下阶段|下一阶段|今后|接下来|明年|下半年|下一年|针对上述)"
)


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
        self._plans = forms.pattern("framing.plans")

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
                mine = Status.PLANNED if _PLAN_OPENS.match(opens) else status
            found = _HEADLINE.match(sentence.of(self.text).strip())
            headline = found["of"] if found else headline if line == paragraph else ""
            paragraph = line
            begin = max(sentence.start, start)
            for event, parts in self._events(Span(begin, min(sentence.end, end))):
                if mine is Status.PLANNED and not self.reader.is_event(event.object):
                    continue
                for doers, title in parts:
                    yield self._told(event, doers, title, mine, headline)

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
        if _HEADLINE.match(sentence.of(self.text).strip()):
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
            elif _HOSTED_BY.match(text[:120]):
                hosted = start
                continue
            if lead := _ENUMERATOR.match(text):
                text, start = text[lead.end() :], start + lead.end()
            if writer := _OWN.match(text):
                own, text, start = True, text[writer.end() :], start + writer.end()
            if not text or _TIME.match(text[:40]):
                when = text
                continue
            divided = text.startswith("分别")
            given = carried if opens or divided else ()
            event = None if _NOT_HELD.match(text) else self.reader.read(text, start, carried=given, own=own)
            if event is not None:
                if divided and out and out[-1][0].doers == event.doers:
                    out.pop()  # 推进…行动，分别举办甲、乙: the second clause says what the first one was
                event = replace(event, when=when)
                out.append((event, _event_to_parts(event)))
            when = ""
            named = event.doers if event else self.reader.doers_of(text, start)[0]
            if event is None and named and _LEADS.search(text):
                named = tuple(replace(p, role=Role.LEAD) for p in named)
            carried = named or carried
            # a clause without a doer speaks of an event of its own only where a new statement opens, or after a
            # frame (市市场监管局围绕锂电产业，组织…)
            framed = event is None and bool(named) and bool(_FRAME.search(text[-60:]))
            leads = event is None and bool(named) and bool(_LEADS.search(text))
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
