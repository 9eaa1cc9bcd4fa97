"""Series that the documents suggest: the same quoted name, or the same head phrase, in two documents or more.

Kept apart from the curated series (`ontology/series.ttl`): a `pkg:ProposedSeries` in the links graph, to which its
activities point by `pkg:inProposedSeries`. A person decides whether to make it a series, by adding it to the ontology;
its activities then belong to that one and the proposal goes by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kg.core.ids import slug
from kg.graph.iris import Iris
from kg.graph.rdf import Quad, integer, zh
from ontology.terms import PKG, RDF, SKOS

_QUOTED = re.compile(r"“(?P<name>[^“”]{3,16})”")
# 开展公园服务质量专项检查 -> 公园服务质量专项检查: acts, years, ordinals and the word 活动 do not tell series apart
_ACT = re.compile(
    r"^(?:组织|开展|举办|举行|召开|实施|启动|协办|承办|深入|广泛|积极|持续|联合|首届|第[一二三四五六七八九十\d]+届|\d{4}年度?)+"
)
_TAIL = re.compile(r"(?:系列)?(?:活动|工作|行动)$")
_SHORTEST, _LONGEST = 5, 20
# What every campaign has: no proposal tells anything new by these.
_COMMON = re.compile(r"^(?:质量月|安全生产月|宣传周|宣传月|启动仪式|现场咨询|公益宣传|十四五|双随机|放管服|互联网\+?)$")


def proposal_node(name: str, iris: Iris) -> str:
    """The node of what activities of several documents could be known by."""
    return f"{iris.base}proposal/{slug(name)}"


def proposal_to_quads(name: str, activities: Mapping[str, str], iris: Iris) -> Iterator[Quad]:
    """The proposal with its name, the number of documents that name it, and its activities; none for one document.

    `activities` are those that no series holds, each with its document.
    """
    count = len(set(activities.values()))
    if count < 2:
        return
    node = proposal_node(name, iris)
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
