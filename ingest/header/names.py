"""Written names to bodies and places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kg.core.model import Party, PartyKind
from ontology.forms import Forms
from ontology.names import Context, Resolver, text_to_parties
from ontology.places.index import PlaceMatch
from ontology.reference import PlaceRecord

_AROUND = 1000  # characters in which a city may stand that tells one of several 南山区
_REACH = 400  # characters in which a place is looked for
_SPOKEN = 20_000  # characters that tell which province a text without issuer and place is about


def bodies_in(
    text: str, resolver: Resolver, context: Context, *, start: int = 0, named: bool = False
) -> tuple[list[Party], list[str]]:
    """The bodies of a written list and what did not resolve.

    `named` says that the text is known to be names (a signature): what no list knows is then a body as written.
    """
    found, unresolved = text_to_parties(text, resolver, context, start=start, named=named)
    return [p for p in found if p.kind is PartyKind.AGENCY], unresolved


def plain_name(text: str, forms: Forms) -> str:
    """A name without what stands behind it: 等九部门, 官网, （代章）."""
    for name in ("and_others", "source_tail", "seal"):
        text = forms.pattern(f"header.{name}").sub("", text)
    return text.strip()


def place_in(text: str, resolver: Resolver, near: PlaceRecord | None = None) -> PlaceRecord | None:
    """The first place that is written with its 市, 区 or 县; of 广州市天河区 the inner one, of homonyms the nearest."""
    found: PlaceRecord | None = None
    at, limit = 0, min(len(text), _REACH)
    while at < limit:
        match = resolver.places.at(text[at : at + 20], found or near)
        if (
            match
            and match.whole
            and match.place.level != "国家"
            and (found is None or found in resolver.places.path(match.place))
        ):
            found = match.place
            at += match.length
        elif found is not None:
            return found
        else:
            at += 1
    return found


def place_among(text: str, around: str, resolver: Resolver) -> PlaceRecord | None:
    """`place_in`; where there are places of that name (南山区), the one in a city that is named in `around`."""
    found = place_in(text, resolver)
    if found is None or found.level not in ("区", "县") or found.qualified in text:
        return found
    for match in _matches(around[:_AROUND], resolver, whole=True):
        if match.place.level in ("省", "市"):
            nearer = place_in(text, resolver, match.place)
            if nearer is not None and nearer.name == found.name and match.place in resolver.places.path(nearer):
                return nearer
    return found


def spoken_of(title: str, text: str, resolver: Resolver) -> PlaceRecord | None:
    """The province or city that title and text speak of without 省 or 市 (数字广东建设), and of no other as often."""
    named = _spoken(title, resolver)
    if len(named) != 1:
        return None
    (place,) = named
    spoken, path = _spoken(text[:_SPOKEN], resolver), resolver.places.path
    others = (n for other, n in spoken.items() if place not in path(other) and other not in path(place))
    return place if spoken[place] > max(2, *(2 * n for n in others), 0) else None


def _spoken(text: str, resolver: Resolver) -> Counter[PlaceRecord]:
    return Counter(m.place for m in _matches(text, resolver) if m.place.level in ("省", "市"))


def _matches(text: str, resolver: Resolver, *, whole: bool = False) -> Iterator[PlaceMatch]:
    """The places that a text names, one behind the other; `whole`: those that are written with their 市 or 省 alone."""
    at = 0
    while at < len(text):
        match = resolver.places.at(text[at : at + 20])
        if match is None or (whole and not match.whole):
            at += 1
            continue
        yield match
        at += match.length


def place_of(party: Party, resolver: Resolver) -> PlaceRecord | None:
    """The record of the place of a body."""
    return resolver.places.by_qualified.get(party.place or "")
