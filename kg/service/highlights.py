"""Where the things that a document names stand in its text, by type: what a reader's highlights are made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ahocorasick_rs import AhoCorasick, MatchKind

from ingest.facts.dates import find_dates
from kg.core.model import Document, Figure, PolicyReference
from ontology.reference import SeriesRecord

Json = dict[str, Any]

KINDS = {
    "policy": "政策",
    "date": "日期",
    "figure": "数字",
    "agency": "机构",
    "place": "地区",
    "series": "活动系列",
}
"""The types, what claims words first before what comes later: a body in a policy's title is part of the title."""

_OPENING = ("“", "《")
_NAMED = 5  # members of a collective that a card names
_SHORTEST = 2  # characters of a name that stands for itself


@dataclass(slots=True)
class _Thing:
    kind: str
    name: str
    details: list[tuple[str, str]] = field(default_factory=list)
    document_id: str | None = None


_Span = tuple[int, int, _Thing]


def highlights(
    document: Document, *, held: Callable[[PolicyReference], str | None], series: Iterable[SeriesRecord]
) -> Json:
    """`{"kinds": {kind: label}, "things": [...], "spans": [[start, end, thing]]}`.

    A thing is `{"kind", "name", "details": [[label, text]], "document_id", "count"}` (`document_id` of a policy whose
    text is held); spans are ascending, do not overlap, and name a thing by its position in the list.
    """
    records = {record.label: record for record in series}
    finders: dict[str, Callable[[], Iterator[_Span]]] = {
        "policy": lambda: _policies(document, held),
        "date": lambda: _dates(document),
        "figure": lambda: _figures(document.figures, document.text),
        "agency": lambda: _agencies(document),
        "place": lambda: _places(document),
        "series": lambda: _series(document, records),
    }
    taken = bytearray(len(document.text))
    chosen: list[_Span] = []
    for kind in KINDS:
        for start, end, thing in sorted(finders[kind](), key=lambda span: (span[0] - span[1], span[0])):
            if start < end and not any(taken[start:end]):
                taken[start:end] = b"\x01" * (end - start)
                chosen.append((start, end, thing))
    chosen.sort(key=lambda span: span[0])
    numbers: dict[int, int] = {}
    things: list[_Thing] = []
    counts: list[int] = []
    spans = []
    for start, end, thing in chosen:
        if id(thing) not in numbers:
            numbers[id(thing)] = len(things)
            things.append(thing)
            counts.append(0)
        counts[numbers[id(thing)]] += 1
        spans.append([start, end, numbers[id(thing)]])
    return {
        "kinds": dict(KINDS),
        "things": [
            {
                "kind": thing.kind,
                "name": thing.name,
                "details": [list(detail) for detail in thing.details],
                "document_id": thing.document_id,
                "count": count,
            }
            for thing, count in zip(things, counts, strict=True)
        ],
        "spans": spans,
    }


def _written(text: str, forms: dict[str, _Thing]) -> Iterator[_Span]:
    """Every place where one of the forms is written, the longest of several that begin there."""
    names = [form for form in forms if len(form) >= _SHORTEST]
    if not names:
        return
    automaton = AhoCorasick(names, matchkind=MatchKind.LeftmostLongest)
    for number, start, end in automaton.find_matches_as_indexes(text):
        yield start, end, forms[names[number]]


def _policies(document: Document, held: Callable[[PolicyReference], str | None]) -> Iterator[_Span]:
    things: dict[str, _Thing] = {}
    forms: dict[str, _Thing] = {}
    for reference in document.policy_references:
        name = reference.alias_of or reference.title or reference.number or reference.as_written
        if name not in things:
            text = held(reference)
            details = [
                ("文号", reference.number or ""),
                ("制定机关", reference.issuer or ""),
                ("关系", reference.relation or ""),
                ("正文", "已入库" if text else "未入库"),
            ]
            things[name] = _Thing("policy", name, [detail for detail in details if detail[1]], text)
        forms.setdefault(reference.as_written, things[name])
    yield from _written(document.text, forms)


def _dates(document: Document) -> Iterator[_Span]:
    things: dict[tuple[str | None, str | None, str], _Thing] = {}
    for found in find_dates(document.text, year=document.year):
        words = document.text[found.start : found.end]
        key = (found.iso_start, found.iso_end, "" if found.iso_start else words)
        if key not in things:
            days = [day for day in dict.fromkeys((found.iso_start, found.iso_end)) if day]
            things[key] = _Thing("date", words, [("日期", " 至 ".join(days))] if days else [])
        yield found.start, found.end, things[key]


def _figures(figures: Sequence[Figure], text: str) -> Iterator[_Span]:
    for figure in figures:
        at = text.find(figure.as_written, figure.evidence.start, figure.evidence.end) if figure.as_written else -1
        if at < 0:
            continue
        amount = f"{figure.qualifier or ''}{figure.value:.12g}" + (f"–{figure.upper:.12g}" if figure.upper else "")
        details = [("数值", f"{amount} {figure.unit}"), ("范围", figure.scope or ""), ("截至", figure.as_of or "")]
        thing = _Thing("figure", figure.what or figure.as_written, [detail for detail in details if detail[1]])
        yield at, at + len(figure.as_written), thing


def _agencies(document: Document) -> Iterator[_Span]:
    """A form that several bodies share (苏浙皖赣沪市场监管局) is one thing that says which; a place's is a place."""
    places = {form for place in document.places for form in (place.name, place.qualified, *place.as_written)}
    bodies: dict[str, list[_Thing]] = {}
    for entry in document.agencies:
        members = f"{len(entry.members)} 个：" + "、".join(entry.members[:_NAMED]) if entry.members else ""
        details = [
            ("类别", entry.kind or ""),
            ("地区", entry.region or ""),
            ("隶属", entry.parent or ""),
            ("成员", members + ("等" if len(entry.members) > _NAMED else "")),
        ]
        thing = _Thing("agency", entry.name, [detail for detail in details if detail[1]])
        for form in dict.fromkeys((*entry.as_written, entry.name)):
            if form not in places:
                bodies.setdefault(form, []).append(thing)
    forms = {
        form: things[0] if len(things) == 1 else _Thing("agency", form, [("包括", "、".join(t.name for t in things))])
        for form, things in bodies.items()
    }
    yield from _written(document.text, forms)


def _places(document: Document) -> Iterator[_Span]:
    forms: dict[str, _Thing] = {}
    for place in document.places:
        details = [("全称", place.qualified), ("行政区划代码", place.code or "")]
        thing = _Thing("place", place.name, [detail for detail in details if detail[1]])
        for form in (*place.as_written, place.name):
            forms.setdefault(form, thing)
    yield from _written(document.text, forms)


def _series(document: Document, records: dict[str, SeriesRecord]) -> Iterator[_Span]:
    """The words of an activity that make it one of a series; elsewhere the name of the series."""
    things: dict[str, _Thing] = {}
    forms: dict[str, _Thing] = {}
    for activity in document.activities:
        if not activity.series:
            continue
        thing = things.setdefault(activity.series, _Thing("series", activity.series))
        record = records.get(activity.series)
        for form in (activity.series, *(record.aliases if record else ())):
            forms.setdefault(form, thing)
        quote, start = activity.evidence.quote, activity.evidence.start
        found = next((m for p in (record.patterns if record else ()) if (m := re.search(p, quote))), None)
        if found and found.end() > found.start():
            opened = quote[found.start() - 1 : found.start()] in _OPENING and found.start() > 0
            yield start + found.start() - opened, start + found.end(), thing
        elif (at := quote.find(activity.title)) >= 0:
            yield start + at, start + at + len(activity.title), thing
    yield from _written(document.text, forms)
