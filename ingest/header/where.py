"""Whose words a document is: the place of its issuer, of its title, or of the page that it was taken from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.header.names import bodies_in, place_among, place_in, place_of, spoken_of
from ingest.layout import CleanText
from ingest.structure.elements import Elements
from kg.core.model import Level, Party
from ontology.forms import Forms
from ontology.names import STATE, Context, Resolver
from ontology.reference import PlaceRecord

# the rules by which a signature tells its place
_PLACED = frozenset(("place", "grammar", "gazetteer", "place-only", "unit"))
_LEVELS = {
    "国家": Level.STATE, "省": Level.PROVINCE, "市": Level.CITY, "区": Level.DISTRICT, "县": Level.COUNTY,
    "镇": Level.TOWN, "乡": Level.TOWN, "街道": Level.TOWN, "街镇": Level.TOWN,
}  # fmt: skip
_SEPARATORS = re.compile(r"[、，,：:\s]+")
_OPENING = 200  # characters of the text that may name the place of a document without any other


def elements_to_context(
    elements: Elements, clean: CleanText, resolver: Resolver, metadata: dict[str, str] | None = None, file: str = ""
) -> Context:
    """The place whose words these are: of the issuer, else of the title, else of the page, else in the file's name."""
    metadata = metadata or {}
    free = resolver.context(None)
    signed = [p for line in elements.signature for p in bodies_in(line.text, resolver, free)[0]]
    for text in _issuer_texts(elements, metadata.get("title", ""), resolver.forms):
        if resolver.forms.start("header.state", text):
            return resolver.context(resolver.places.by_qualified.get(STATE))
        for party in bodies_in(text, resolver, free)[0]:
            if party.place == STATE:
                return resolver.context(resolver.places.by_qualified.get(STATE))
            if party.place and party.rule.partition("+")[0] in _PLACED:
                return resolver.context(_innermost(party, signed, resolver))
    told = _told(elements, clean, resolver, metadata) or place_in(file, resolver)
    title = elements.title.text if elements.title else metadata.get("title", "") or file
    return resolver.context(told or spoken_of(title, clean.text, resolver))


def _told(elements: Elements, clean: CleanText, resolver: Resolver, metadata: dict[str, str]) -> PlaceRecord | None:
    """The place that title, page or first words tell."""
    state = resolver.places.by_qualified.get(STATE)
    title = elements.title.text if elements.title else metadata.get("title", "")
    if place := place_among(title, clean.text, resolver):
        return place
    if resolver.forms.find("header.state", title) or any(
        resolver.forms.find("header.state", note.text) for note in elements.notes
    ):
        return state
    for _, value in ((k, e.text) for k, e in elements.meta if k in ("issuer", "publisher", "source")):
        if place := place_in(value, resolver):
            return place
    for key in ("issuer", "source", "publisher", "site"):
        if place := place_in(metadata.get(key, ""), resolver):
            return place
    for line in (elements.attached_title, *elements.signature):
        if line and (place := place_in(line.text, resolver)):
            return place
    if elements.recipients and (place := _city_of(elements.recipients.text, resolver)):
        return place
    return place_in(clean.text[elements.body[0] : elements.body[0] + _OPENING], resolver)


def _city_of(recipients: str, resolver: Resolver) -> PlaceRecord | None:
    """The city whose counties and zone are addressed: 各县（区）人民政府、抚州高新区管委会."""
    if not resolver.forms.start("header.own_counties", recipients):
        return None
    named = (resolver.places.at(name, None, 0) for name in _SEPARATORS.split(recipients) if name)
    found = {match.place.qualified: match.place for match in named if match and not match.doubtful}
    cities = [place for place in found.values() if place.level == "市"]
    return cities[0] if len(cities) == 1 else None


def _innermost(first: Party, signed: list[Party], resolver: Resolver) -> PlaceRecord | None:
    """The place of the first issuer, or a district of it where a body of that one signs too: 区 is then the district.

    No city inside a province: 长沙海关 signs with bodies of the province and speaks for all of it.
    """
    innermost = place_of(first, resolver)
    for party in signed:
        place = place_of(party, resolver) if party.rule.partition("+")[0] in _PLACED else None
        if place is not None and place.level in ("区", "县") and innermost in resolver.places.path(place):
            innermost = place
    return innermost


def _issuer_texts(elements: Elements, said: str, forms: Forms) -> Iterator[str]:
    yield from (line.text for line in elements.signature)
    yield from (line.text for line in elements.mark)
    if found := forms.start("header.title_issuer", elements.title.text if elements.title else said):
        yield found["names"]
    if elements.title and elements.printed_by:
        yield elements.printed_by.text


def place_of_issuers(issuers: tuple[Party, ...], context: Context, resolver: Resolver) -> PlaceRecord | None:
    """The place of the first issuer whose place is known, else that of the document's words."""
    return next((place for party in issuers if (place := place_of(party, resolver))), context.place)


def level_of(place: PlaceRecord | None) -> Level | None:
    """The level of the bodies of a place; the four municipalities count as cities."""
    if place is None:
        return None
    return Level.CITY if place.municipality else _LEVELS.get(place.level)
