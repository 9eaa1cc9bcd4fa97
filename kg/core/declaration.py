"""What a declaration of a kind of fact says; the kinds themselves are declared in `kg.core.facts`.

The types of values are those of the dataclass in `kg.core.model`; a declaration adds what a dataclass cannot say: the
words for people, the terms of the graph, and what tables show. JSON (`kg.service.views`), quads and shapes
(`kg.graph.facts`, `kg.graph.fact_shapes`), the API's schema (`kg.server.schemas`), the command's and the reader's
tables all follow from it.
"""

from __future__ import annotations

import hashlib
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

Json = dict[str, Any]
Cell = Callable[[Json], Any]


class Written(StrEnum):
    """How a text stands in the graph."""

    WORDS = "words"  # Chinese, tagged so
    CODE = "code"  # a plain string: numbers as written, codes
    DATE = "date"  # as precise as it is known: xsd:date, gYearMonth, gYear


class Tab(StrEnum):
    """Whether a reader's panel has a tab for a kind."""

    ALWAYS = "always"
    FILLED = "filled"  # where there are any
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values that a field may have, the word for it, and its term in the graph."""

    value: str
    label: str
    rdf: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind: an attribute of the dataclass (or a value made from it), and its key in JSON.

    `rdf` is a prefixed name (`pkg:dueDate`); empty where the field has no property of its own. `needed` is the sentence
    for people where the field is missing (数字应有数值); empty where it may be. `column` puts the field into tables:
    True as it is, a function of the fact's JSON where it reads differently. `value` makes what is no attribute, `given`
    leaves it to whoever writes the JSON; either needs a `hint`, its type. `answers` names what asking it answers, as in
    `ontology/forms/questions.toml`: where for 在哪里.
    """

    name: str
    label: str
    rdf: str = ""
    written: Written = Written.WORDS
    needed: str = ""
    choices: tuple[Choice, ...] = ()
    part: Kind | None = None
    column: bool | Cell = False
    value: Callable[[Any], Any] | None = None
    given: bool = False
    hint: Any = None
    answers: tuple[str, ...] = ()

    def cell(self, fact: Json) -> Any:
        """What a table shows."""
        return self.column(fact) if callable(self.column) else fact.get(self.name)


@dataclass(frozen=True, slots=True, eq=False)  # each is declared once: it is itself, and no other is equal
class Kind:
    """One kind of fact.

    `key` is the attribute of `Document` and the key in JSON, empty for a part of another kind; `name` stands in IRIs
    and in `Doubt.kind`. `rdf` are its classes, none where it is not in the graph. `states` is False for a part of the
    text (an article), which states nothing. `private` facts are given only on request, `personal` ones name a person.
    `called` are words by which people ask for it beside its label, `words` puts a doubtful fact before a person.
    """

    type: type
    key: str
    name: str
    label: str
    fields: tuple[Field, ...]
    rdf: tuple[str, ...] = ()
    states: bool = True
    named_by: str = ""  # the attribute that stands in the IRI; else facts are numbered
    private: bool = False
    personal: bool = False
    tab: Tab = Tab.FILLED
    listed: bool = True  # in the command's tables
    left_out: frozenset[str] = frozenset()  # attributes that are nobody's business
    known_by: tuple[str, ...] = ()  # what tells a fact from others at the same words, whatever else is read of it
    called: tuple[str, ...] = ()
    words: Callable[[Any], str] | None = None

    def __post_init__(self) -> None:
        own = {field.name for field in fields(self.type)} - self.left_out
        made = {field.name for field in self.fields if field.given or (field.value and field.name not in own)}
        declared = {field.name for field in self.fields} - made
        if wrong := sorted(declared ^ own):
            raise TypeError(f"{self.type.__name__}: {', '.join(wrong)} must be both a field and declared")

    def field(self, name: str) -> Field:
        """A field by its name."""
        return next(field for field in self.fields if field.name == name)

    @property
    def judged(self) -> bool:
        """Whether facts of the kind are decided on, and people may say a word on them."""
        return {"rule", "confidence", "review"} <= {field.name for field in self.fields}

    @property
    def answers(self) -> frozenset[str]:
        """What asking its fields answer."""
        return frozenset(name for field in self.fields for name in field.answers)

    @property
    def may_be_added(self) -> bool:
        """Whether a person who reads a sentence may say that it states one: what has words, and no parts of its own."""
        names = {field.name for field in self.fields}
        return self.judged and "evidence" in names and all(field.part is None for field in self.fields)

    def in_words(self, fact: Any) -> str:
        """A fact as it is put before a person; where nothing else is declared, what it is known by."""
        if self.words is not None:
            return self.words(fact)
        return "：".join(str(value) for name in self.known_by if (value := getattr(fact, name)) not in (None, ""))


@cache
def _own_hints(type_: type) -> Mapping[str, Any]:
    return get_type_hints(type_)


def hint_of(kind: Kind, field: Field) -> tuple[Any, bool]:
    """The type of a field's values without `None`, and whether it may be `None`."""
    hint = field.hint if field.hint is not None else _own_hints(kind.type)[field.name]
    return optional(hint)


def optional(hint: Any) -> tuple[Any, bool]:
    """`str | None` as (`str`, True), `str` as (`str`, False)."""
    if get_origin(hint) not in (Union, types.UnionType):
        return hint, False
    inner = [each for each in get_args(hint) if each is not type(None)]
    if len(inner) != 1:
        raise TypeError(f"{hint} has more than one type")
    return inner[0], True


def table(
    kind: Kind, facts: Sequence[Json], own: Mapping[str, Cell] = types.MappingProxyType({})
) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """The columns of facts (as JSON) and their rows; columns that are empty throughout are left out.

    `own` are cells, by the field's name, that a face shows in its own way.
    """
    shown = [(field.label, own.get(field.name, field.cell)) for field in kind.fields if field.column]
    cells = {label: [cell(fact) for fact in facts] for label, cell in shown}
    kept = tuple(label for label, column in cells.items() if any(value not in (None, "") for value in column))
    return kept, [tuple(cells[label][row] for label in kept) for row in range(len(facts))]


def fingerprint(kinds: Iterable[Kind]) -> str:
    """Changes with whatever a declaration says about the graph, so that graphs of before are built anew."""
    digest = hashlib.sha256()
    for kind in kinds:
        for field in kind.fields:
            terms = [choice.value + choice.rdf for choice in field.choices]
            said = (kind.key, kind.name, *kind.rdf, kind.states, kind.named_by, field.name, field.rdf, field.written)
            digest.update(f"{said}{terms}{hint_of(kind, field)}\n".encode())
    return digest.hexdigest()[:8]  # 32 bits: compared with that of the version before, with no other
