"""The typed plan between a question and SPARQL: what is wanted, under which constraints, shown how."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Hub(StrEnum):
    """A kind of node that a plan may range over; each is one variable of the query."""

    DOCUMENT = "document"
    ACTIVITY = "activity"
    PARTY = "party"
    PLACE = "place"
    FIGURE = "figure"
    POLICY = "policy"
    ISSUER = "issuer"
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True)
class OneOf:
    """The node of a hub is one of these (IRIs)."""

    hub: Hub
    iris: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InYears:
    """The document is about one of these years."""

    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class InSeries:
    """The activity belongs to this series (IRI)."""

    series: str


@dataclass(frozen=True, slots=True)
class AllPlaces:
    """The activity involves every one of these places (IRIs)."""

    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllParties:
    """Every one of these parties (IRIs) stands among the responsible ones."""

    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contains:
    """A text property of a hub contains these words."""

    hub: Hub
    property: str  # e.g. pkg:slogan
    words: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """The document mentions the place as a doer: it is named as involved, not only as the issuer's own place."""

    place: str
    implied: bool = False


@dataclass(frozen=True, slots=True)
class TopLevel:
    """Only activities that are no part of another one."""


@dataclass(frozen=True, slots=True)
class Reported:
    """Only activities that a document reports as done (True) or only plans (False)."""

    done: bool


Constraint = Reported | OneOf | InYears | InSeries | AllPlaces | AllParties | Contains | Spoken | TopLevel


@dataclass(frozen=True, slots=True)
class Plan:
    """`columns` are names of `kg.answer.columns.COLUMNS`; `order` are columns or query variables.

    `target` is the hub whose words are cited as evidence, together with those of `cite`.
    """

    target: Hub
    columns: tuple[str, ...]
    constraints: tuple[Constraint, ...] = ()
    order: tuple[str, ...] = ()
    cite: tuple[Hub, ...] = ()
    optional: tuple[Hub, ...] = ()
    limit: int | None = None
