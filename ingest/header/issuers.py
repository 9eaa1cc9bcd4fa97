"""The bodies that issued a document: who signs, whose letterhead it is, with whose name the title begins."""

from __future__ import annotations

from dataclasses import replace

from ingest.header.names import bodies_in, place_in, plain_name
from ingest.structure.elements import Element, Elements
from kg.core.model import Party
from ontology.names import Context, Resolver

_LONGEST_NOTE = 600
_LONGEST_NAME = 40


def elements_to_issuers(elements: Elements, resolver: Resolver, context: Context) -> tuple[Party, ...]:
    """The bodies that sign; without a signature those of the letterhead, then those that the title begins with."""
    for lines in (elements.signature, elements.mark):
        if parties := _of_lines(lines, resolver, context):
            return parties
    title = elements.title
    return (
        (title_to_issuers(title.text, title.start, resolver, context) if title else ())
        or _of_notes(elements, resolver, context)
        or _of_report(elements, resolver, context)
    )


def _of_lines(lines: tuple[Element, ...], resolver: Resolver, context: Context) -> tuple[Party, ...]:
    parties: list[Party] = []
    for line in (part for whole in lines for part in _apart(whole, resolver)):
        written = plain_name(line.text, resolver.forms)
        found, unresolved = bodies_in(written, resolver, context, start=line.start)
        if not found or unresolved:
            named, rest = bodies_in(written, resolver, context, start=line.start, named=True)
            # a part of a name that no list holds (…职能转变 和 放管服改革协调小组办公室) is no body: the line is
            found = (
                named
                if named and not rest
                else [_as_written(line, resolver, context)]
                if _is_name(line, resolver)
                else found
            )
        parties += found
    return tuple({(p.name, p.place): p for p in parties}.values())


def _apart(line: Element, resolver: Resolver) -> list[Element]:
    """The names of a line that stand side by side without a mark; the line itself where it is one."""
    cuts = [0, *(found.start() for found in resolver.forms.pattern("header.next_name").finditer(line.text))]
    parts = [
        replace(line, text=line.text[a:b], start=line.start + a) for a, b in zip(cuts, [*cuts[1:], None], strict=True)
    ]
    return parts if all(_is_name(part, resolver) for part in parts) else [line]


def _is_name(line: Element, resolver: Resolver) -> bool:
    return bool(resolver.forms.full("header.name_line", line.text)) and len(line.text) <= _LONGEST_NAME


def _as_written(line: Element, resolver: Resolver, context: Context) -> Party:
    """A body that no list knows, as the line names it."""
    place = context.place.qualified if context.place else None
    name = plain_name(line.text, resolver.forms)
    return Party(
        name, name, place=place, rule="as-written", confidence=0.6, start=line.start, end=line.start + len(name)
    )


def title_to_issuers(title: str, start: int, resolver: Resolver, context: Context) -> tuple[Party, ...]:
    """The bodies with whose names a title begins that stands at `start`: 某市水务局关于…的通知."""
    begins = resolver.forms.start("header.title_issuer", title)
    if begins is None:
        return ()
    written = plain_name(begins["names"], resolver.forms)
    named, unresolved = bodies_in(written, resolver, context, start=start)
    if named and not unresolved:
        return tuple(named)
    if resolver.forms.full("header.name_line", written):
        named, _ = bodies_in(written, resolver, context, start=start, named=True)
        return tuple(named)
    return ()


def _of_notes(elements: Elements, resolver: Resolver, context: Context) -> tuple[Party, ...]:
    """Who passed a law or made it public: 第十三届全国人民代表大会常务委员会第三十一次会议通过."""
    forms = resolver.forms
    for note in elements.notes:
        found = forms.find("header.passed_by", note.text[:_LONGEST_NOTE])
        if not found:
            continue
        name = forms.pattern("header.session").sub("", found["body"]).removeprefix("中华人民共和国")
        parties, unresolved = bodies_in(name, resolver, context, start=note.start + found.start("body"))
        told = place_in(elements.title.text, resolver) if elements.title else None
        here = not parties or told is None or parties[0].place == told.qualified
        if parties and not unresolved and here:
            return tuple(parties[:1])
    return ()


def _of_report(elements: Elements, resolver: Resolver, context: Context) -> tuple[Party, ...]:
    """政府工作报告: of the government of the place whose congress heard it."""
    title, spoken = elements.title, elements.spoken
    if title is None or not resolver.forms.start("header.government_report", title.text):
        return ()
    place = place_in(title.text, resolver) or (place_in(spoken.text.partition("在")[2], resolver) if spoken else None)
    if place is None:
        return ()
    parties, _ = bodies_in(place.name + "人民政府", resolver, context, start=title.start)
    return tuple(parties[:1])
