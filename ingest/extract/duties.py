"""Who is responsible, said in a sentence of an item rather than in its closing parentheses.

责任单位：市应急局、市教育局。            牵头部门：甲；配合部门：乙、丙。
由市应急局牵头，市教育局配合              由甲会同乙组织实施
由甲、乙负责                             甲牵头，乙、丙参加
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.resolve import grammar
from ingest.resolve.parties import text_to_parties
from ingest.resolve.places import Context
from ingest.resolve.resolver import Resolver
from kg.core.model import Party, Role

_UNITS = r"[^。；：\n]{2,80}?"
_LABEL = r"(?:第一)?(?:责任|牵头|主办|承办|负责|配合|协办|支持|参与|参加|实施|主责|协同|指导)(?:单位|部门|机构|科室)"
_LABELLED = re.compile(
    rf"(?P<label>{_LABEL})\s*(?:[：:]|为)\s*(?P<units>[^。；\n（）()]+(?:[（(][^（）()]{{1,20}}[)）][^。；\n（）()]*)*)"
)
_DO = (
    r"(?:牵头(?:负责|组织|实施|落实)?|负责(?:组织|落实|实施|牵头)?|(?:联合|共同)?(?:主办|承办|协办|举办)|"
    r"(?:共同|联合|具体)?(?:组织)?实施|组织开展|落实)"
)
_HELP = r"(?:积极)?(?:配合|参加|参与|协助|协办|支持)(?:做好[^，。；\n]{2,16})?"
_BY = re.compile(
    rf"(?:^|(?<=[，。；、：\n]))(?:此项工作|[^，。；、：\n由]{{0,10}}(?:活动|论坛|大会|会议|比赛|竞赛|大赛|仪式|培训|讲座|展))?由(?P<units>{_UNITS})(?:(?:拟|计划)?[于在][^。；：\n，]{{2,24}}?)?(?:按(?:照)?(?:各自)?(?:职责|职能)(?:分工)?(?:分别|共同)?)?(?P<do>{_DO})(?:[，、；](?P<others>{_UNITS}){_HELP})?(?=[，。；\n]|$)"
)
_LEADS = re.compile(
    rf"(?:^|(?<=[，。；\n]))(?P<units>[^，。；：\n]{{2,40}}?)(?P<do>牵头|负责)(?:[，、；](?P<others>{_UNITS}){_HELP})?(?=[，。；\n]|$)"
)
_HELPING_LABEL = re.compile(r"配合|协办|支持|参与|参加|协同")
_LEADING_LABEL = re.compile(r"牵头|主办|主责|第一")
_WITH = re.compile(r"会同|联合(?![会国大征])|携手")


def text_to_duties(text: str, start: int, resolver: Resolver, context: Context) -> list[Party]:
    """The parties that sentences of `text` (which stands at `start`) charge with something, with their roles."""
    out: list[Party] = []
    taken: list[tuple[int, int]] = []
    for found in (*_LABELLED.finditer(text), *_BY.finditer(text), *_LEADS.finditer(text)):
        if any(a < found.end() and found.start() < b for a, b in taken):
            continue
        parties = list(_parties(found, start, resolver, context))
        if parties:
            taken.append(found.span())
            out += parties
    has_lead = any(p.role is Role.LEAD for p in out)
    has_help = any(p.role is Role.CO for p in out)
    if has_help and not has_lead:
        # 责任单位 beside 配合单位 is the one that leads
        out = [_as(p, Role.LEAD) if p.role is None else p for p in out]
    return sorted(out, key=lambda p: p.start)


def _parties(found: re.Match[str], start: int, resolver: Resolver, context: Context) -> Iterator[Party]:
    groups = found.groupdict()
    if label := groups.get("label"):
        role = Role.CO if _HELPING_LABEL.search(label) else Role.LEAD if _LEADING_LABEL.search(label) else None
        yield from _list(found["units"], start + found.start("units"), role, resolver, context, labelled=True)
        return
    role = Role.LEAD if "牵头" in found["do"] or groups.get("others") else None
    at = found.start("units")
    charged: list[Party] = []
    for n, part in enumerate(re.split(r"(会同|联合(?![会国大征])|携手)", found["units"])):
        if not _WITH.fullmatch(part):
            mine = Role.CO if n else (Role.LEAD if _WITH.search(found["units"]) else role)
            named = list(_list(part, start + at, mine, resolver, context, labelled=False))
            if not named and part:
                return
            charged += named
        at += len(part)
    yield from charged
    if others := groups.get("others"):
        yield from _list(others, start + found.start("others"), Role.CO, resolver, context, labelled=False)


def _list(
    text: str, start: int, role: Role | None, resolver: Resolver, context: Context, *, labelled: bool
) -> list[Party]:
    parties, unresolved = text_to_parties(text, resolver, context, start=start, role=role, named=labelled)
    if unresolved and not labelled:
        if len(unresolved) >= len(parties) or any(map(grammar.is_loose, unresolved)):
            return []
        # most of a list are bodies: the rest are too, whatever their names
        return text_to_parties(text, resolver, context, start=start, role=role, named=True)[0]
    return parties


def _as(party: Party, role: Role) -> Party:
    return replace(party, role=role)
