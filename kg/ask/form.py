"""The logical form of a question: a target, constraints along the schema, an operator."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.ask.question import Span


@dataclass(frozen=True, slots=True)
class Needle:
    """Words that must stand in a text of what is asked for; any of the wordings will do."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """What to select, under which constraints.

    `target` is one of `TARGETS`. `bodies` are groups of names, each group one body of the question under the names
    that it may have; all of them must take part when `joint`. `consumed` are the spans that the form explains.
    """

    target: str
    years: tuple[int, ...] = ()
    months: tuple[str, ...] = ()  # in which the document was issued, as 2023-05
    places: tuple[str, ...] = ()
    bodies: tuple[tuple[str, ...], ...] = ()
    issuers: tuple[str, ...] = ()  # who issued the document, where that is not who acts
    partners: tuple[str, ...] = ()  # places that must take part, by themselves or by a body of theirs
    role: str | None = None
    series: tuple[str, ...] = ()
    needles: tuple[Needle, ...] = ()
    within: str = "near"  # the needles stand in the title, near it (section, document), or in the words
    titles: tuple[str, ...] = ()  # documents named by the question
    policy: str | None = None  # an IRI
    kinds: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()  # how the names of places asked for end
    items: tuple[str, ...] = ()  # numbers of items, in every writing
    fact: str = ""  # the name of a declared kind of fact
    only: bool = False
    none: bool = False
    joint: bool = False
    apart: tuple[str, ...] = ()  # places or bodies that are left out
    operator: str = "list"  # list, count, order, change, most, least
    consumed: frozenset[Span] = field(default=frozenset())

    @property
    def constrained(self) -> bool:
        """Whether anything narrows it."""
        narrows = (
            self.months,
            self.places,
            self.bodies,
            self.issuers,
            self.series,
            self.needles,
            self.titles,
            self.policy,
        )
        return any(map(bool, (*narrows, self.kinds, self.items)))


_DUTIES = frozenset(("years", "places", "bodies", "role", "series", "needles", "titles", "kinds", "items"))
TARGETS: dict[str, frozenset[str]] = {
    "body": _DUTIES,
    "activity": _DUTIES | {"partners", "only", "none"},
    "place": frozenset(("years", "places", "series", "titles")),
    "region": frozenset(("years", "months", "places", "needles", "kinds")),
    "document": frozenset(("years", "months", "places", "bodies", "needles", "titles", "kinds", "policy")),
    "header": frozenset(("years", "months", "places", "needles", "titles", "kinds")),
    "reference": frozenset(("years", "places", "bodies", "needles", "titles", "kinds", "policy")),
    "fact": frozenset(("years", "places", "titles", "needles", "kinds")),
}
"""The targets, each with the constraints that the schema allows for it."""
