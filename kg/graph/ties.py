"""What of a document's quads decides links between documents: its titles and numbers, whom it cites, what it names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Self

import msgspec

from kg.core.segments import Kind, Segments
from kg.graph.proposals import names_of
from kg.graph.rdf import Literal, Quad
from ontology.terms import ELI, PKG, RDF, SCHEMA

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


class Known(msgspec.Struct, array_like=True, frozen=True):
    """By what a document may be a policy, and what its activities could be known by; or the former of a policy."""

    exact: list[str] = []
    """Keys of a document's own titles."""
    loose: list[str] = []
    """Keys of other forms of its titles."""
    numbers: list[str] = []
    """Keys of its numbers."""
    names: list[tuple[str, str]] = []
    """(name, activity)."""
    policy: list[str] = []
    """Keys of a policy's titles in all forms, and of its numbers."""


def _terms(known: Known) -> Iterator[bytes]:
    for field in ("exact", "loose", "numbers", "policy"):
        for key in getattr(known, field):
            yield _term(field, key)
    for name, _ in known.names:
        yield _term("names", name)


def _term(field: str, key: str) -> bytes:
    return f"{field} {key}".encode()


LINKS = Kind("links", Known, _terms)
"""Rows by document and by policy; at an endpoint they have the name of its state, too."""
_NOTHING = Known()
_DOCUMENT, _POLICY = "document ", "policy "  # what rows are of, before the node


class Keys:
    """The keys under which all documents and policies of a generation may be the same, and the names of activities.

    What a change of some documents touches is looked up here, so that the rest need not be read.
    """

    def __init__(self, held: Segments[Known] | None = None) -> None:
        self._held = held if held is not None else Segments(LINKS)
        self._new: dict[str, Known | None] = {}
        self._found: dict[bytes, dict[str, None]] = defaultdict(dict)  # rows that were put since, by their terms

    def save(self, folder: Path, name: str = LINKS.name) -> None:
        """Write them into the folder of the next generation."""
        rows = {key: ("", known) if known is not None else None for key, known in self._new.items()}
        self._held.save(folder, rows, name=name)

    @classmethod
    def open(cls, folder: Path, name: str = LINKS.name) -> Keys | None:
        """Those of a generation; None where it has none under the name."""
        found = Segments.open(folder, replace(LINKS, name=name))
        return cls(found) if found.is_there else None

    def document(self, document: str) -> Known:
        """What is known of a document; nothing of one that is not there."""
        return self._get(_DOCUMENT + document) or _NOTHING

    def put(self, document: str, known: Known | None) -> None:
        """Keep what is known of a document, None of one that is gone."""
        self._put(_DOCUMENT + document, known)

    def put_policy(self, policy: str, keys: list[str]) -> None:
        """Keep the keys of a policy; of one that has none nothing is kept."""
        self._put(_POLICY + policy, Known(policy=keys) if keys else None)

    def documents_by(self, field: str, key: str) -> set[str]:
        """The documents of a key: one of `exact`, `loose` and `numbers`."""
        return {row.removeprefix(_DOCUMENT) for row, _ in self._find(_term(field, key))}

    def policies_by(self, key: str) -> set[str]:
        """The policies of a key."""
        return {row.removeprefix(_POLICY) for row, _ in self._find(_term("policy", key))}

    def activities(self, name: str) -> dict[str, str]:
        """The activities that could be known by a name, each with its document."""
        return {
            activity: row.removeprefix(_DOCUMENT)
            for row, known in self._find(_term("names", name))
            for other, activity in known.names
            if other == name
        }

    def _get(self, row: str) -> Known | None:
        return self._new[row] if row in self._new else self._held.get(row)

    def _put(self, row: str, known: Known | None) -> None:
        self._new[row] = known
        for term in _terms(known) if known is not None else ():
            self._found[term][row] = None

    def _find(self, term: bytes) -> Iterator[tuple[str, Known]]:
        for row in self._found.get(term, ()):
            known = self._new[row]
            if known is not None and term in _terms(known):
                yield row, known
        for row, known in self._held.find(term):
            if row not in self._new and term in _terms(known):
                yield row, known
