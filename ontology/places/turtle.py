"""The counties as Turtle, in the manner of places.ttl: what the graph and people's own tools read."""

from __future__ import annotations

from collections.abc import Iterable

from kg.core.ids import DEFAULT_BASE, iri
from ontology.places.record import PlaceRecord

_HEAD = f"""\
@base <{DEFAULT_BASE}> .
@prefix pkg: <https://w3id.org/policykg/ontology#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

"""


def to_turtle(places: Iterable[PlaceRecord]) -> str:
    """One statement a place: label, other labels, code, level and container; values as they stand in places.ttl."""
    return _HEAD + "".join(_statement(place) for place in places)


def _statement(place: PlaceRecord) -> str:
    said = [f'skos:prefLabel "{place.name}"@zh']
    if place.aliases:
        said.append("skos:altLabel " + ", ".join(f'"{alias}"@zh' for alias in place.aliases))
    if place.code:
        said.append(f'skos:notation "{place.code}"')
    said.append(f'pkg:placeLevel "{place.level}"')
    if place.parent:
        said.append(f"schema:containedInPlace <{_relative(place.parent)}>")
    return f"<{_relative(place.qualified)}> a schema:AdministrativeArea ; {' ; '.join(said)} .\n"


def _relative(qualified: str) -> str:
    return iri(DEFAULT_BASE, "place", qualified).removeprefix(DEFAULT_BASE)
