"""What a keeper of the library looks at: the notices of all documents, and the reference data in use."""

from __future__ import annotations

from typing import Any

from kg.core.config import Settings
from kg.graph.iris import Iris
from kg.graph.rdf import Literal
from kg.service.snapshot import Snapshot
from ontology.terms import OA, PKG, PROV

Json = dict[str, Any]


def notices(snapshot: Snapshot) -> list[Json]:
    """The notices of all documents, by code, then by document and place.

    Those that depend on what else is held (`cited-not-held`) are left to the list of missing policies.

    `{"code", "message", "document_id", "title", "source", "quote", "start", "end"}`; quote and positions are None
    for a notice about the document as a whole.
    """
    store, prefix = snapshot.store, Iris(snapshot.settings.base_iri).document("")
    held = {item.id: item for item in snapshot.catalogue.documents()}
    found = []
    for quad in store.quads(None, PKG.noticeCode):
        facts = {q.predicate: q.object for q in store.quads(quad.subject)}
        document = str(facts.get(PKG.announcedIn, "")).removeprefix(prefix)
        if document not in held:
            continue
        quote, start, end = None, None, None
        if span := facts.get(PROV.wasQuotedFrom):
            start, end = map(int, str(span).rpartition("/")[2].split("-"))
            quote = next((_text(q.object) for q in store.quads(f"{span}/quote", OA.exact)), "")
        found.append(
            {
                "code": _text(quad.object),
                "message": _text(facts.get(PKG.what)),
                "document_id": document,
                "title": held[document].title,
                "source": held[document].source,
                "quote": quote,
                "start": start,
                "end": end,
            }
        )
    return sorted(found, key=lambda item: (item["code"], item["source"], item["start"] or 0, item["message"]))


def reference_data(settings: Settings) -> Json:
    """The files that names are known from: `{"files": [{"name", "own", "bytes"}], "counts": {…}, "version"}`.

    Raises `BadReference` for a file of the site's own that cannot be used.
    """
    from ontology.reference import FOLDER, load_reference

    reference = load_reference(settings.ontology)
    counted = {
        "地区": reference.places,
        "机构": reference.agencies,
        "部门命名规律": reference.departments,
        "活动系列": reference.series,
        "主题": reference.themes,
        "政策": reference.policies,
    }
    return {
        "files": [
            {
                "name": path.name if path.parent == FOLDER else str(path),
                "own": path.parent != FOLDER,
                "bytes": path.stat().st_size,
            }
            for path in reference.files
        ],
        "counts": {name: len(records) for name, records in counted.items()},
        "version": reference.version,
    }


def _text(term: Any) -> str:
    return term.lexical if isinstance(term, Literal) else str(term or "")
