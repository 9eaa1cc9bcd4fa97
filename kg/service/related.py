"""Documents that belong to one: near in subject, bound to it by citations, or part of the same series."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from kg.core.errors import UnknownName
from kg.graph.iris import Iris
from kg.graph.rdf import Term
from kg.graph.sparql import run
from kg.service.snapshot import Snapshot
from ontology.terms import DCTERMS

Json = dict[str, Any]

NEAR = 0.35  # cosine from which two documents count as near; seen on the laws: one subject .5-.98, strangers below .3
CITES, CO_CITED, SERIES = 0.15, 0.2, 0.1  # what the graph adds to a cosine at the most
_CANDIDATES = 50  # nearest documents looked at
_NAMED = 3  # policies or series that a reason names

# A UNION for each kind of tie. `?this` is put in as an IRI: values bound from outside do not reach into a UNION.
_TIES = """SELECT DISTINCT ?how ?what ?document WHERE {
  { ?mine pkg:announcedIn <THIS> ; a pkg:PolicyMention ; pkg:refersTo ?what .
    ?what pkg:heldAs/dcterms:identifier ?document . BIND ("cites" AS ?how) }
  UNION
  { ?what pkg:heldAs <THIS> .
    ?mine pkg:refersTo ?what ; a pkg:PolicyMention ; pkg:announcedIn/dcterms:identifier ?document .
    BIND ("cited" AS ?how) }
  UNION
  { ?mine pkg:announcedIn <THIS> ; a pkg:PolicyMention ; pkg:refersTo ?what .
    ?other pkg:refersTo ?what ; a pkg:PolicyMention ; pkg:announcedIn/dcterms:identifier ?document .
    BIND ("both" AS ?how) }
  UNION
  { ?event pkg:announcedIn <THIS> ; pkg:inSeries ?what .
    ?other pkg:inSeries ?what ; pkg:announcedIn/dcterms:identifier ?document . BIND ("series" AS ?how) }
}"""


@dataclass(slots=True)
class _Ties:
    """What binds a document to the one in question; `both` and `series` are IRIs with their weights."""

    cites: bool = False
    cited: bool = False
    both: dict[str, float] = field(default_factory=dict)
    series: dict[str, float] = field(default_factory=dict)

    def score(self, both: float, series: float) -> float:
        """What they add; `both` and `series` are the weights of all that the document in question has."""
        return (
            CITES * (self.cites or self.cited)
            + CO_CITED * (sum(self.both.values()) / both if both else 0)
            + SERIES * (sum(self.series.values()) / series if series else 0)
        )


def related_documents(snapshot: Snapshot, document_id: str, *, top: int) -> list[Json]:
    """See `Service.related_documents`."""
    catalogue = snapshot.catalogue
    document_id = catalogue.summary(document_id).id  # UnknownName
    cosines = dict(snapshot.search.similar_documents(document_id, top=max(_CANDIDATES, top)))
    ties = _ties(snapshot, document_id, documents=max(catalogue.count(), 2))
    own = ties.pop(document_id, _Ties())
    both, series = sum(own.both.values()), sum(own.series.values())
    scores = {key: cosines.get(key, 0.0) + ties.get(key, _Ties()).score(both, series) for key in {*cosines, *ties}}
    rows: list[Json] = []
    for key in sorted(scores, key=lambda key: (-scores[key], key)):
        if len(rows) == top:
            break
        near, bound = cosines.get(key, 0.0) >= NEAR, ties.get(key, _Ties())
        why = [*(["内容相近"] if near else []), *_reasons(snapshot, bound)]
        if not why:
            continue
        try:
            item = catalogue.summary(key)
        except UnknownName:  # removed since this generation was published
            continue
        about = {"title": item.title, "doc_number": item.doc_number, "date": item.date}
        rows.append({"document_id": key, **about, "score": round(scores[key], 4), "why": why})
    return rows


def _ties(snapshot: Snapshot, document_id: str, *, documents: int) -> dict[str, _Ties]:
    """Of every document that the graph binds to this one, itself among them: it shares all with itself."""
    this = Iris(snapshot.settings.base_iri).document(document_id)
    found = list(run(snapshot.store, _TIES.replace("THIS", this)).rows)
    sharing: dict[tuple[str, str], int] = defaultdict(int)
    for how, what, _ in found:
        sharing[str(how), str(what)] += 1
    ties: dict[str, _Ties] = defaultdict(_Ties)
    for how, what, other in found:
        tie = ties[str(other)]
        if how in ("cites", "cited"):
            setattr(tie, str(how), True)
        else:  # what every document cites binds none: the weight is the share of information, as in idf
            weight = math.log(1 + documents / sharing[str(how), str(what)]) / math.log(1 + documents)
            getattr(tie, str(how))[str(what)] = weight
    return dict(ties)


def _reasons(snapshot: Snapshot, ties: _Ties) -> list[str]:
    out = [*(["本文件引用它"] if ties.cites else []), *(["它引用本文件"] if ties.cited else [])]
    if ties.both:
        out.append("同引" + "、".join(f"《{_title(snapshot, iri)}》" for iri in _heaviest(ties.both)))
    if ties.series:
        out.append("同属活动系列：" + "、".join(_last(iri) for iri in _heaviest(ties.series)))
    return out


def _heaviest(weights: dict[str, float]) -> list[str]:
    return sorted(weights, key=lambda iri: (-weights[iri], iri))[:_NAMED]


def _title(snapshot: Snapshot, policy: str) -> str:
    """A policy's title as the documents write it, else what its IRI says."""
    titles = (_text(quad.object) for quad in snapshot.store.quads(policy, DCTERMS.title))
    return max((title for title in titles if title), key=len, default=_last(policy))


def _text(term: Term) -> str:
    return term if isinstance(term, str) else term.lexical


def _last(iri: str) -> str:
    return unquote(iri.rpartition("/")[2])
