"""What of a document's quads decides links between documents: its titles and numbers, whom it cites, what it names."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Self

import msgspec

from kg.graph.proposals import names_of
from kg.graph.rdf import Literal, Quad
from ontology.terms import ELI, PKG, RDF, SCHEMA

FILE = "links.msgpack"

_CITES = frozenset((ELI.cites, ELI.repeals, ELI.changes))
_FIELDS = frozenset((RDF.type, PKG.inSeries, PKG.announcedIn, SCHEMA.name, ELI.type_document, *_CITES))


class Ties(msgspec.Struct, frozen=True):
    """Nodes of one or several graphs whose links depend on these graphs."""

    documents: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    names: frozenset[tuple[str, str, str]] = frozenset()
    """(what an activity outside any series could be known by, the activity, its document)."""

    @classmethod
    def of(cls, quads: Iterable[Quad]) -> Self:
        """Those of a document's graph."""
        documents, policies, places, kinds, curated = set(), set(), set(), set(), set()
        announced: dict[str, str] = {}
        named: list[tuple[str, str]] = []
        for subject, predicate, value, _ in quads:
            if predicate not in _FIELDS:
                continue
            if predicate == RDF.type:
                if value == PKG.Document:
                    documents.add(subject)
                elif value == ELI.LegalResource:
                    policies.add(subject)
                elif value == SCHEMA.AdministrativeArea:
                    places.add(subject)
            elif predicate == PKG.announcedIn:
                announced[subject] = str(value)
            elif predicate == PKG.inSeries:
                curated.add(subject)
            elif predicate == SCHEMA.name:
                named += [(subject, value.lexical)] if isinstance(value, Literal) else []
            elif predicate == ELI.type_document:
                kinds.add(str(value))
            else:
                policies.add(str(value))
        names = (
            (name, activity, announced[activity])
            for activity, title in named
            if activity in announced and activity not in curated
            for name in names_of(title)
        )
        return cls(
            frozenset(documents), frozenset(policies - documents), frozenset(places), frozenset(kinds), frozenset(names)
        )

    def __or__(self, other: Ties) -> Ties:
        return Ties(*(getattr(self, name) | getattr(other, name) for name in self.__struct_fields__))


def joined(ties: Iterable[Ties]) -> Ties:
    """One for many: unions one by one would copy the first of them each time."""
    sets = zip(*(tuple(getattr(tie, name) for name in tie.__struct_fields__) for tie in ties), strict=True)
    return Ties(*(frozenset().union(*group) for group in sets))


class Keys(msgspec.Struct):
    """The keys under which all documents and policies of a generation may be the same, and the names of activities.

    What a change of some documents touches is looked up here, so that the rest need not be read.
    """

    exact: dict[str, list[str]] = {}
    """Document -> keys of its own titles."""
    loose: dict[str, list[str]] = {}
    """Document -> keys of other forms of its titles."""
    numbers: dict[str, list[str]] = {}
    """Document -> keys of its numbers."""
    policies: dict[str, list[str]] = {}
    """Policy that is mentioned -> keys of its titles in all forms, and of its numbers."""
    names: dict[str, list[tuple[str, str]]] = {}
    """Document -> (name, activity)."""

    def save(self, folder: Path, name: str = FILE) -> None:
        """Write `folder/links.msgpack`."""
        # sorted here: `order="sorted"` takes quadratic time for a few keys out of place, which every change makes
        fields = {field: dict(sorted(getattr(self, field).items())) for field in sorted(self.__struct_fields__)}
        (folder / name).write_bytes(msgspec.msgpack.encode(fields))

    @classmethod
    def open(cls, folder: Path, name: str = FILE) -> Keys | None:
        """Those of a generation; None where it was built before this file was."""
        try:
            return msgspec.msgpack.decode((folder / name).read_bytes(), type=cls)
        except (OSError, msgspec.DecodeError):
            return None
