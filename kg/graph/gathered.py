"""What links between documents are made from, kept while a graph is built anew.

All quads pass by then; to ask a store for them again, one node at a time, takes longer than to load them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from kg.graph.rdf import Quad, Term
from ontology.terms import DCTERMS, ELI, PKG, RDF, SCHEMA, SKOS

_OF_SUBJECT = frozenset(
    (
        *(DCTERMS.title, DCTERMS.spatial, ELI.id_local, ELI.passed_by, PKG.heldAs, PKG.issuerName, PKG.placeLevel),
        *(SKOS.prefLabel, SKOS.altLabel),
    )
)
_OF_VALUE = frozenset((ELI.cites, ELI.repeals, ELI.changes, ELI.type_document))  # whether there is one at all
_CHILDREN = SCHEMA.containedInPlace
_ASKED = _OF_SUBJECT | _OF_VALUE | {_CHILDREN, PKG.announcedIn, RDF.type}


class Gathered:
    """The statements that `Links` asks for, of the graphs that were taken; answers no others."""

    def __init__(self) -> None:
        self._values: dict[str, dict[str, list[Term]]] = {name: {} for name in (*_OF_SUBJECT, RDF.type)}
        self._subjects: dict[str, dict[Term, list[str]]] = {
            name: defaultdict(list) for name in (*_OF_VALUE, _CHILDREN, PKG.announcedIn)
        }

    def take(self, quads: Iterable[Quad]) -> None:
        """Those of one named graph: an activity is announced in the graph that says that it is one."""
        events: set[str] = set()
        announced: list[tuple[str, Term]] = []
        for subject, predicate, value, _ in quads:
            if predicate not in _ASKED:
                continue
            if predicate in _OF_SUBJECT:
                self._state(subject, predicate, value)
            elif predicate == RDF.type:
                if value == SCHEMA.Event:
                    events.add(subject)
                elif value == SCHEMA.AdministrativeArea:
                    self._state(subject, predicate, value)
            elif predicate == PKG.announcedIn:
                announced.append((subject, value))
            elif not (held := self._subjects[predicate][value]) or predicate == _CHILDREN:
                held.append(subject)
        for subject, document in announced:
            held = self._subjects[PKG.announcedIn][document]
            if subject in events and not held:
                held.append(subject)
                self._state(subject, RDF.type, SCHEMA.Event)

    def quads(
        self,
        subject: str | None = None,
        predicate: str | None = None,
        value: Term | None = None,
        graph: str | None = None,
    ) -> Iterator[Quad]:
        """Those that match, of no graph. `KeyError` for a pattern that is not kept."""
        if predicate is None or graph is not None:
            raise KeyError((subject, predicate, value, graph))
        if subject is not None:
            found = self._values[predicate].get(subject, ())
            return (Quad(subject, predicate, one, "") for one in found if value in (None, one))
        if value is None:
            raise KeyError((subject, predicate, value, graph))
        return (Quad(one, predicate, value, "") for one in self._subjects[predicate].get(value, ()))

    def _state(self, subject: str, predicate: str, value: Term) -> None:
        held = self._values[predicate].setdefault(subject, [])
        if value not in held:
            held.append(value)
