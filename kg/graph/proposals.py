"""Series that the documents suggest: the same quoted name, or the same head phrase, in two documents or more.

Kept apart from the curated series (`ontology/series.ttl`): a `pkg:ProposedSeries` in the links graph, to which its
activities point by `pkg:inProposedSeries`. A person decides whether to make it a series, by adding it to the ontology;
its activities then belong to that one and the proposal goes by itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from kg.core.ids import slug
from kg.graph.iris import Iris
from kg.graph.protocol import GraphStore
from kg.graph.rdf import Literal, Quad, integer, zh
from ontology.terms import PKG, RDF, SCHEMA, SKOS

_QUOTED = re.compile(r"“(?P<name>[^“”]{3,16})”")
# 开展公园服务质量专项检查 -> 公园服务质量专项检查: acts, years, ordinals and the word 活动 do not tell series apart
_ACT = re.compile(
    r"^(?:组织|开展|举办|举行|召开|实施|启动|协办|承办|深入|广泛|积极|持续|联合|首届|第[一二三四五六七八九十\d]+届|\d{4}年度?)+"
)
_TAIL = re.compile(r"(?:系列)?(?:活动|工作|行动)$")
_SHORTEST, _LONGEST = 5, 20
# What every campaign has: no proposal tells anything new by these.
_COMMON = re.compile(r"^(?:质量月|安全生产月|宣传周|宣传月|启动仪式|现场咨询|公益宣传|十四五|双随机|放管服|互联网\+?)$")


def proposals_to_quads(store: GraphStore, iris: Iris) -> Iterator[Quad]:
    """The proposals with their names, the number of documents that name them, and their activities."""
    named: dict[str, dict[str, str]] = defaultdict(dict)  # name -> activity -> document
    curated = {quad.subject for quad in store.quads(None, PKG.inSeries)}
    documents = {q.subject: str(q.object) for q in store.quads(None, PKG.announcedIn)}
    for quad in store.quads(None, SCHEMA.name):
        if quad.subject in curated or quad.subject not in documents or not isinstance(quad.object, Literal):
            continue
        for name in names_of(quad.object.lexical):
            named[name][quad.subject] = documents[quad.subject]
    for name, activities in sorted(named.items()):
        count = len(set(activities.values()))
        if count < 2:
            continue
        node = f"{iris.base}proposal/{slug(name)}"
        yield Quad(node, RDF.type, PKG.ProposedSeries, iris.links)
        yield Quad(node, SKOS.prefLabel, zh(name), iris.links)
        yield Quad(node, PKG.documentCount, integer(count), iris.links)
        for activity in sorted(activities):
            yield Quad(activity, PKG.inProposedSeries, node, iris.links)


def names_of(title: str) -> set[str]:
    """What a title could be known by next year: the names that it quotes, else its head phrase."""
    quoted = {m["name"] for m in _QUOTED.finditer(title) if not _COMMON.match(m["name"])}
    if quoted or "“" in title:
        return quoted
    phrase = _TAIL.sub("", _ACT.sub("", title.strip()))
    fits = _SHORTEST <= len(phrase) <= _LONGEST and not re.search(r"[、，。；《》（）\d]", phrase)
    return {phrase} if fits and not _COMMON.match(phrase) else set()
