"""Activities of reports (通报, 总结, 情况报告): sentences that say who did what.

A report's first part states the frame, its last (下一步 …) states plans: neither tells of an activity that was held.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.extract.draft import Draft
from ingest.extract.events import ACT, CAMPAIGN, EVENT_NOUN, ClauseReader, Event, split_items
from ingest.extract.sentences import Segmentation, Span
from ingest.layout import CleanText
from ingest.resolve.places import Context
from ingest.resolve.resolver import Resolver
from kg.core.model import Party, PartyKind, Section, Status

_PLANS = re.compile(
    r"^(?:[一二三四五六七八九十]+[、，])?(?:下一步|下阶段|下一阶段|今后|接下来|明年|下半年|下一年|针对上述)"
)
_PLAN_HEADING = re.compile(
    r"下一步|下阶段|工作(?:打算|计划|安排)|存在(?:的)?(?:问题|不足)|主要问题|有关要求|工作要求|意见建议"
)
_HEADLINE = re.compile(r"^[一二三四五六七八九十]+是(?P<of>[^，]{2,30})。$")
_ENUMERATOR = re.compile(r"^(?:[一二三四五六七八九十]+是|其中|同时|此外|另外|在此基础上|期间|截至目前)[，、]?")
_TIME = re.compile(
    r"^(?:\d{4}年)?(?:\d{1,2}月)?(?:\d{1,2}日|[上中下]旬|初|底|末)?(?:至\S{1,8})?(?:期间)?(?:上午|下午)?$"
)
_FRAME = re.compile(
    r"(?:围绕|聚焦|针对|依托|结合|立足|紧扣|按照|根据|突出|坚持|充分发挥|发挥|利用|借助|瞄准|面向|以)[^，]{2,40}$"
)
_HOSTED_BY = re.compile(r"^由.{2,80}(?:主办|举办|组织|指导)$")
_NOT_HELD = re.compile(r"参加|申报|集中在|收看|参训|惠及|参与人数|制定了|贯彻|召回率|同比|增长|占比|合格率")


def report_to_drafts(
    clean: CleanText,
    sections: tuple[Section, ...],
    resolver: Resolver,
    context: Context,
    segmentation: Segmentation,
    body: tuple[int, int],
) -> list[Draft]:
    """All reported activities in the order of the text."""
    reader = ClauseReader(resolver, context)
    drafts: list[Draft] = []
    headline, paragraph = "", -1
    for sentence in segmentation.sentences:
        line = clean.text.rfind("\n", 0, sentence.start)
        found = _HEADLINE.match(sentence.of(clean.text).strip())
        headline = found["of"] if found else headline if line == paragraph else ""
        paragraph = line
        if not _is_account(clean, sections, sentence, body):
            continue
        section = next((s for s in reversed(sections) if s.start <= sentence.start < s.end and s.title), None)
        if section is not None and sentence.start < section.body_start:
            continue
        where = f"{section.label}{section.title}" if section else None
        for event, each in _sentence_to_events(reader, segmentation, sentence):
            drafts += [
                replace(_draft(event, doers, title, where, reader, segmentation), headline=headline)
                for doers, title in each
            ]
    drafts += _headings(clean, sections, reader, segmentation, body, drafts)
    return sorted(drafts, key=lambda d: d.start)


def _headings(
    clean: CleanText,
    sections: tuple[Section, ...],
    reader: ClauseReader,
    segmentation: Segmentation,
    body: tuple[int, int],
    drafts: list[Draft],
) -> Iterator[Draft]:
    """1.开展电动自行车专项整治。区市场监管局检查门店156户…: what a heading alone says was held."""
    for i, section in enumerate(sections):
        act = ACT.match(section.title)
        inner = any(s.parent == i for s in sections) or section.parent is None
        told = any(section.start <= d.start < section.end for d in drafts)
        if act is None or inner or told or not (EVENT_NOUN.search(section.title) or CAMPAIGN.search(section.title)):
            continue
        if not _is_account(clean, sections, Span(section.start, section.end), body):
            continue
        clauses = [c for c in segmentation.clauses if section.body_start <= c.start < section.end]
        first = clauses[0].of(clean.text).strip("，；。、,; \n") if clauses else ""
        above = sections[section.parent] if section.parent is not None else section
        yield Draft(
            section.title,
            Status.REPORTED,
            segmentation.evidence(Span(section.start, section.start + len(section.label) + len(section.title))),
            None,
            f"{above.label}{above.title}",
            None,
            reader.doers_of(first, clauses[0].start)[0] if clauses else (),
            words=clean.text[section.start : section.end],
            start=section.start,
        )


def _is_account(clean: CleanText, sections: tuple[Section, ...], sentence: Span, body: tuple[int, int]) -> bool:
    if not body[0] <= sentence.start < body[1] or "\t" in sentence.of(clean.text):
        return False
    first = sections[0].start if sections else body[0]
    if sentence.start < first:
        return False
    if any(_PLAN_HEADING.search(s.title) for s in sections if s.start <= sentence.start < s.end):
        return False
    paragraph = clean.text.rfind("\n", 0, sentence.start) + 1
    return not _PLANS.match(clean.text[paragraph : paragraph + 20])


def _sentence_to_events(
    reader: ClauseReader, segmentation: Segmentation, sentence: Span
) -> list[tuple[Event, list[tuple[tuple[Party, ...], str]]]]:
    words = sentence.of(segmentation.text)
    if _HEADLINE.match(words.strip()):
        return []
    out: list[tuple[Event, list[tuple[tuple[Party, ...], str]]]] = []
    carried: tuple[Party, ...] = ()
    opens = True
    hosted: int | None = None
    when = ""
    for clause in segmentation.clauses:
        if not sentence.start <= clause.start < sentence.end:
            continue
        text = clause.of(segmentation.text).strip("，；。、！,; \n")
        start = clause.start + clause.of(segmentation.text).find(text)
        if hosted is not None:
            # 由甲、乙主办，丙承办的启动仪式在…举行: one statement in two clauses
            text, start, hosted = segmentation.text[hosted : start + len(text)], hosted, None
        elif _HOSTED_BY.match(text):
            hosted = start
            continue
        lead = _ENUMERATOR.match(text)
        if lead:
            text, start = text[lead.end() :], start + lead.end()
        if not text or _TIME.match(text):
            when = text
            continue
        divided = text.startswith("分别")
        event = None if _NOT_HELD.match(text) else reader.read(text, start, carried=carried if opens or divided else ())
        if event is not None:
            if divided and out and out[-1][0].doers == event.doers:
                out.pop()  # 推进…行动，分别举办甲、乙: the second clause says what the first one was
            event = replace(event, when=when)
            out.append((event, _event_to_parts(event)))
        when = ""
        named = event.doers if event else reader.doers_of(text, start)[0]
        carried = named or carried
        # a clause without a doer speaks of an event of its own only where a new statement opens, or after a frame
        # (市市场监管局围绕锂电产业，组织…)
        framed = event is None and bool(named) and bool(_FRAME.search(text))
        opens = framed or clause.of(segmentation.text).rstrip()[-1:] in ("；", ";")
    return out


def _event_to_parts(event: Event) -> list[tuple[tuple[Party, ...], str]]:
    """One activity, or with 分别 one for each doer, in order."""
    if event.each or len(event.doers) > 1:
        items = split_items(event.object)
        items[-1] = re.sub(r"等(?:系列)?(?:活动|工作)?$", "", items[-1]) if items else ""
        if event.each and len(items) == len(event.doers):
            return [((doer,), item) for doer, item in zip(event.doers, items, strict=True)]
    return [(event.doers, event.title)]


def _draft(
    event: Event,
    doers: tuple[Party, ...],
    title: str,
    section: str | None,
    reader: ClauseReader,
    segmentation: Segmentation,
) -> Draft:
    places = tuple(p.place for p in doers if p.kind is PartyKind.PLACE and p.place)
    if event.place_phrase:
        where = reader.resolver.places.at(event.place_phrase, reader.context.place)
        # 在黄浦区开展: the place itself, not a street or a hall that begins with its name
        if where and where.whole and where.length == len(event.place_phrase):
            places = (*places, where.place.qualified)
    sentence = segmentation.evidence(segmentation.clause_at(event.start, event.end))
    return Draft(
        title,
        Status.REPORTED,
        sentence,
        None,
        section,
        None,
        doers,
        places,
        words=f"{event.when}，{sentence.quote}",
        start=event.start,
    )
