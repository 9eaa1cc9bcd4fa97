"""A question as understood: what it speaks of, and what it asks for."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.answer.focus import Ask
from kg.answer.lexicon import Body, Concept, Doc, Place, Policy


@dataclass(frozen=True, slots=True)
class BodyMention:
    """Words that name a body. `bodies` are those it may be; `all_of`: they are meant together (苏浙皖赣沪…局)."""

    surface: str
    bodies: tuple[Body, ...]
    all_of: bool = False
    assumed: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that was recognised. `rest` is the text without the names and years; `flat` the mended text."""

    text: str
    flat: str
    rest: str
    asks: frozenset[Ask] = frozenset()
    years: tuple[int, ...] = ()
    span: bool = False
    places: tuple[Place, ...] = ()
    nation: bool = False
    bodies: tuple[BodyMention, ...] = ()
    series: tuple[Concept, ...] = ()
    policies: tuple[Policy, ...] = ()
    documents: tuple[Doc, ...] = ()
    unknown_titles: tuple[str, ...] = ()
    unknown_numbers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    number: str | None = None
    notes: tuple[str, ...] = field(default=())
    content: tuple[str, ...] = ()

    def has(self, *asks: Ask) -> bool:
        """Whether it asks for any of these."""
        return any(ask in self.asks for ask in asks)
