"""What producers are given, and what they hand to `ingest.decide`: a fact that may be, with the evidence for it.

A producer never decides: it names its rule and the features that it saw, and proposes whatever has the form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from ingest.sentences import Segmentation
from kg.core.making import made_by_slots

Fact = TypeVar("Fact")
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Given:
    """One document as producers read it: the clean text and what its head says; spans are half-open.

    `date` is the document's (ISO), `day` the same where the text itself tells it. `blanks` are forms to be filled in,
    `personal` the lines of contacts.
    """

    text: str
    segmentation: Segmentation
    title: str = ""
    year: int | None = None
    date: str | None = None
    day: str | None = None
    blanks: Spans = ()
    personal: Spans = ()


@made_by_slots
@dataclass(frozen=True, slots=True)
class Candidate(Generic[Fact]):
    """A fact of `kg.core.model` as it would stand. `kind` names the sort of fact (figure, task, agency, ...).

    `start` and `end` are its span in the clean text, `rule` the form that found it, `features` the names of what
    speaks for or against it; their weights stand in `ontology/forms/weights.toml`.
    """

    kind: str
    fact: Fact
    start: int
    end: int
    rule: str
    features: frozenset[str] = frozenset()
