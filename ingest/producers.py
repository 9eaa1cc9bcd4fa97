"""The producer of each kind of fact, found by its name: of `figures` it is `PRODUCER` of `ingest/facts/figures.py`.

Kinds that need more than the text and its head (tasks, references, bodies), or no decision, are read in
`ingest.propose` by hand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

from ingest.candidates import Candidate, Given
from kg.core.declaration import Kind
from kg.core.facts import KINDS
from ontology.forms import Forms


class Producer(Protocol):
    """Reads the facts of one kind; made once a run, it may be shared by all documents."""

    def read(self, given: Given) -> Sequence[Candidate[Any]]:
        """All candidates in a document, in reading order."""
        ...


def _class_of(kind: Kind) -> Any:
    """What makes the producer of a kind; None where it has none of its own."""
    name = f"ingest.facts.{kind.key}"
    return getattr(import_module(name), "PRODUCER", None) if find_spec(name) else None


_CLASSES = {kind: made for kind in KINDS if (made := _class_of(kind))}
PRODUCED = tuple(_CLASSES)
"""The kinds with a producer, in the order of their declaration."""

VERSION = hashlib.sha256(",".join(kind.key for kind in PRODUCED).encode()).hexdigest()[:6]
"""Changes when a kind is added, so that documents are read again."""


def forms_to_producers(forms: Forms) -> Mapping[str, Producer]:
    """The producers by the keys of their kinds."""
    return {kind.key: made(forms) for kind, made in _CLASSES.items()}
