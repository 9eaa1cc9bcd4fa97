"""What 我局, 贵委, 区局 mean in a document: its issuer, its addressee, the offices above."""

from __future__ import annotations

import re

from ingest.header.model import Header
from ingest.header.names import bodies_in
from kg.core.model import Party, PartyKind
from ontology.names import Context, Resolver

_BRANCH = re.compile(r"(?P<above>[\u4e00-\u9fff]{4,12}?局)[\u4e00-\u9fff]{1,8}分局")  # 杭州市公安局余杭区分局


def deictic_of(header: Header, resolver: Resolver, context: Context) -> dict[str, Party]:
    """我局, 本委 for the one issuer; 贵委, 你局 for the one addressee of a letter."""
    out: dict[str, Party] = {}
    if len(header.issuers) == 1:
        out |= {f"{word}{_office(header.issuers[0].name)}": header.issuers[0] for word in ("我", "本")}
        # 支队防火监督处 in a document of the 支队
        spoken = (word for word in ("支队", "总队", "大队") if header.issuers[0].name.endswith(word))
        out |= dict.fromkeys(spoken, header.issuers[0])
        out |= _superiors(header.issuers[0], resolver, context)
    addressed = bodies_in(header.recipients, resolver, context)[0] if header.recipients else []
    if len(addressed) == 1:
        out |= {f"{word}{_office(addressed[0].name)}": addressed[0] for word in ("贵", "你")}
    return out


def _superiors(issuer: Party, resolver: Resolver, context: Context) -> dict[str, Party]:
    """区局 for the issuing bureau of a district, 市局 for the city's bureau of the same name."""
    out: dict[str, Party] = {}
    if not issuer.name.endswith("局"):
        return out
    if branch := _BRANCH.fullmatch(issuer.name):
        above = resolver.resolve(branch["above"], context)
        tier = next((t for t, p in context.tiers.items() if above and p.qualified == above[0].place), None)
        return {"分局": issuer} | ({f"{tier}局": above[0]} if tier else {})
    own = next((p for p in context.tiers.values() if p.qualified == issuer.place), None)
    tail = issuer.name.removeprefix(own.formal) if own else issuer.name
    for tier, place in context.tiers.items() if tail != issuer.name else ():
        found = resolver.resolve(place.name + tail, context)
        if len(found) == 1 and found[0].kind is PartyKind.AGENCY and found[0].place == place.qualified:
            out[f"{tier}局"] = found[0]
    return out


def _office(name: str) -> str:
    """The word by which a body is spoken of: 局, 委, 办, 厅."""
    for ending, word in (("委员会", "委"), ("管委会", "委"), ("办公室", "办"), ("人民政府", "府")):
        if name.endswith(ending):
            return word
    return name[-1:]
