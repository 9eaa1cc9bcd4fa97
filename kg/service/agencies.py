"""What the documents say of one agency, and who carries what: each row with the sentence that says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from kg.core.errors import UnknownName
from kg.graph.iris import Iris
from kg.graph.protocol import GraphStore
from kg.graph.rdf import Literal
from kg.service.network import network_of, tie_text
from kg.service.snapshot import Snapshot
from ontology.terms import ELI, OA, ORG, PKG, PROV, SCHEMA, SKOS

Json = dict[str, Any]

ROLES = {PKG.Lead: "牵头", PKG.Co: "配合"}
NO_ROLE = "责任单位"  # named as responsible, with no word on leading or helping
STATUS = {PKG.Planned: "部署", PKG.Reported: "通报"}
NAMED, IMPLIED = "点名", "推及"  # written, or only as a member of a collective
_NEIGHBOURS = 12  # ties that a card lists, the strongest


def agency(snapshot: Snapshot, name: str) -> Json:
    """The card of an agency; `name` is its label in the network. Raises `UnknownName`.

    `{"label", "name", "kind", "place", "level", "written": [str], "superiors": [str], "groups": [str],
    "members": [str], "activities": [row of assignments], "documents": [{"id", "title", "year", "how"}],
    "neighbours": [{"label", "text"}]}`.
    """
    whole = network_of(snapshot)
    node = whole.node(name)
    data, store = whole.graph.nodes[node], snapshot.store
    facts = _Facts(snapshot)
    activities = [*facts.rows(node)]
    for group in _objects(store, None, ORG.hasMember, node):
        activities += [{**row, "assertion": IMPLIED} for row in facts.rows(group)]
    written, mentioning = facts.mentions(node)
    about: dict[str, list[str]] = {}
    for how, ids in (
        ("发文", facts.issued(node)),
        ("承担活动", [row["document_id"] for row in activities]),
        ("提及", mentioning),
    ):
        for document in ids:
            about.setdefault(document, [])
            about[document] += [] if how in about[document] else [how]
    strongest = sorted(whole.graph[node].items(), key=lambda item: (-item[1]["weight"], item[0]))
    return {
        "label": data["label"],
        "name": data["name"],
        "kind": data["category"],
        "place": data["place"],
        "level": data["level"],
        "written": sorted(set(written) | {row["as_written"] for row in activities if row["assertion"] == NAMED} - {""}),
        "superiors": facts.labels(_above(store, node)),
        "groups": facts.labels(_objects(store, None, ORG.hasMember, node)),
        "members": facts.labels(_objects(store, node, ORG.hasMember, None)),
        "activities": sorted(activities, key=_order),
        "documents": [{**held, "how": "、".join(how)} for key, how in about.items() if (held := facts.held(key))],
        "neighbours": [
            {"label": whole.graph.nodes[other]["label"], "text": tie_text(edge)}
            for other, edge in strongest[:_NEIGHBOURS]
        ],
    }


def assignments(snapshot: Snapshot, *, name: str | None = None, year: int | None = None) -> list[Json]:
    """Who carries what (任务分工): all agencies or one, all years or one, in order of agency, year and document.

    `{"agency", "place", "year", "activity", "role", "assertion", "as_written", "status", "document_id", "document",
    "source", "quote", "start", "end"}`; a row for each agency and activity. Rows of one agency include those that
    name only a collective that it belongs to.
    """
    if name is not None:
        rows = [{**row, "agency": name} for row in agency(snapshot, name)["activities"]]
    else:
        rows = list(_Facts(snapshot).rows(None))
    kept = [row for row in rows if year is None or row["year"] == year]
    return sorted(kept, key=lambda row: (row["agency"], *_order(row)))


def _order(row: Json) -> tuple[Any, ...]:
    return (-(row["year"] or 0), row["document_id"], row["start"], row["activity"])


class _Facts:
    """Reads responsibilities from the graph; quotes without personal data."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.store = snapshot.store
        self._catalogue = snapshot.catalogue
        self._prefix = Iris(snapshot.settings.base_iri).document("")
        self._held: dict[str, Json | None] = {}
        self._events: dict[str, Json] = {}

    def held(self, document: str) -> Json | None:
        """`{"id", "title", "year", "source"}`; None for one that the catalogue has no longer (it may be ahead)."""
        if document not in self._held:
            try:
                item = self._catalogue.summary(document)
                found = {"id": item.id, "title": item.title, "year": item.year, "source": item.source}
            except UnknownName:
                found = None
            self._held[document] = found
        return self._held[document]

    def rows(self, party: str | None) -> Iterator[Json]:
        """The responsibilities of a body (an IRI), or all."""
        for found in self.store.quads(None, PKG.party, party):
            body = str(found.object)
            facts = {q.predicate: q.object for q in self.store.quads(found.subject)}
            event = self._event(str(facts[PKG.inActivity]))
            if self.held(event["document_id"]) is None:
                continue
            yield {
                "agency": self._label(body),
                "place": self.place(body),
                **event,
                "role": ROLES.get(str(facts.get(PKG.role)), NO_ROLE),
                "assertion": NAMED,
                "as_written": _text(facts.get(PKG.asWritten)),
            }

    def _event(self, iri: str) -> Json:
        """An activity with its document and the words that tell it; kept, since it has a row for each party."""
        if iri not in self._events:
            facts = {q.predicate: q.object for q in self.store.quads(iri)}
            document = str(facts.get(PKG.announcedIn, "")).removeprefix(self._prefix)
            held = self.held(document) or {}
            self._events[iri] = {
                "activity": _text(facts.get(SCHEMA.name)),
                "year": int(_text(facts[PKG.activityYear])) if PKG.activityYear in facts else None,
                "status": STATUS.get(str(facts.get(PKG.status)), ""),
                "document_id": document,
                "document": held.get("title", ""),
                "source": held.get("source", ""),
                **self._words(facts.get(PROV.wasQuotedFrom)),
            }
        return self._events[iri]

    def _words(self, span: Any) -> Json:
        """`{"quote", "start", "end"}` of a span, which carries its positions in its name (Iris.span)."""
        if span is None:
            return {"quote": "", "start": 0, "end": 0}
        start, end = map(int, str(span).rpartition("/")[2].split("-"))
        quote = next((_text(q.object) for q in self.store.quads(f"{span}/quote", OA.exact)), "")
        return {"quote": quote, "start": start, "end": end}

    def mentions(self, body: str) -> tuple[list[str], list[str]]:
        """How documents write a body, and which (their ids)."""
        forms, documents = [], []
        for found in self.store.quads(None, PKG.refersTo, body):
            forms += [_text(q.object) for q in self.store.quads(found.subject, PKG.asWritten)]
            documents += [str(q.object) for q in self.store.quads(found.subject, PKG.announcedIn)]
        return forms, sorted(item.removeprefix(self._prefix) for item in documents)

    def issued(self, body: str) -> list[str]:
        """The ids of the documents that a body issued."""
        return sorted(q.subject.removeprefix(self._prefix) for q in self.store.quads(None, ELI.passed_by, body))

    def labels(self, bodies: Iterable[str]) -> list[str]:
        """Their names."""
        return sorted({self._label(body) for body in bodies})

    def place(self, body: str) -> str:
        """The name of a body's jurisdiction."""
        where = _objects(self.store, body, PKG.jurisdiction, None)
        return self._label(where[0]) if where else ""

    def _label(self, iri: str) -> str:
        return next((_text(q.object) for q in self.store.quads(iri, SKOS.prefLabel)), iri.rpartition("/")[2])


def _objects(store: GraphStore, subject: str | None, predicate: str, value: str | None) -> list[str]:
    """The other ends of the statements that match, each once."""
    found = store.quads(subject, predicate, value)
    return sorted({str(q.object) if subject else q.subject for q in found})


def _above(store: GraphStore, body: str) -> list[str]:
    return [*_objects(store, body, ORG.unitOf, None), *_objects(store, body, ORG.subOrganizationOf, None)]


def _text(term: Any) -> str:
    return term.lexical if isinstance(term, Literal) else str(term or "")
