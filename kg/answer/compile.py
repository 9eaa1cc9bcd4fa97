"""Plan -> SPARQL. The only place where queries are put together; values are bound as escaped terms, never as text.

Hubs are joined along the schema of the ontology (`_LINKS`): whatever a plan mentions is linked to what it needs.
Variables that are shown carry Chinese names, so the query's result is the table of the answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kg.answer.plan import (
    AllParties,
    AllPlaces,
    Constraint,
    Contains,
    Hub,
    InSeries,
    InYears,
    OneOf,
    Plan,
    Reported,
    Spoken,
    TopLevel,
)
from kg.graph.rdf import text as literal
from kg.graph.rdf import to_ntriples


@dataclass(frozen=True, slots=True)
class Column:
    """How a shown value hangs on a hub."""

    hub: Hub
    pattern: str
    optional: bool = False
    derived: str = ""  # BIND and its OPTIONALs, stated last


COLUMNS: dict[str, Column] = {
    "年份": Column(Hub.DOCUMENT, "?document pkg:activityYear ?年份 .", optional=True),
    "文件": Column(Hub.DOCUMENT, "?document dcterms:title ?文件 ."),
    "发文字号": Column(Hub.DOCUMENT, "?document eli:id_local ?发文字号 .", optional=True),
    "成文日期": Column(Hub.DOCUMENT, "?document eli:date_document ?成文日期 .", optional=True),
    "印发日期": Column(Hub.DOCUMENT, "?document eli:date_publication ?印发日期 .", optional=True),
    "主送": Column(Hub.DOCUMENT, "?document dcterms:audience ?主送 .", optional=True),
    "活动主题": Column(Hub.DOCUMENT, "?document pkg:slogan ?活动主题 ."),
    "活动时间": Column(Hub.DOCUMENT, "?document schema:temporalCoverage ?活动时间 .", optional=True),
    "发文地": Column(
        Hub.DOCUMENT, "?document dcterms:spatial ?spatial . ?spatial skos:prefLabel ?发文地 .", optional=True
    ),
    "发文机关": Column(Hub.ISSUER, "?issuer skos:prefLabel ?发文机关 ."),
    "活动": Column(Hub.ACTIVITY, "?activity schema:name ?活动 ."),
    "序号": Column(Hub.ACTIVITY, "?activity pkg:number ?序号 .", optional=True),
    "状态": Column(
        Hub.ACTIVITY,
        "?activity pkg:status ?status .",
        derived='BIND(IF(?status = pkg:Planned, "安排", "通报") AS ?状态)',
    ),
    "责任单位": Column(Hub.PARTY, "?party skos:prefLabel ?责任单位 ."),
    "原文写法": Column(Hub.PARTY, "?responsibility pkg:asWritten ?原文写法 .", optional=True),
    "角色": Column(
        Hub.PARTY,
        "",
        derived="OPTIONAL { ?responsibility pkg:role ?role . } "
        'BIND(IF(!BOUND(?role), "责任", IF(?role = pkg:Lead, "牵头", "配合")) AS ?角色)',
    ),
    "地区": Column(Hub.PLACE, "?place skos:prefLabel ?地区 ."),
    "事项": Column(Hub.FIGURE, "?figure pkg:what ?事项 ."),
    "数值": Column(Hub.FIGURE, "?figure pkg:asWritten ?数值 ."),
    "政策": Column(
        Hub.POLICY,
        "",
        derived="OPTIONAL { ?policy dcterms:title ?title . } OPTIONAL { ?policy eli:id_local ?localNumber . } "
        "BIND(COALESCE(?title, ?localNumber) AS ?政策)",
    ),
    "文号": Column(Hub.POLICY, "?policy eli:id_local ?文号 .", optional=True),
    "制定机关": Column(Hub.POLICY, "?policy pkg:issuerName ?制定机关 .", optional=True),
    "发布日期": Column(Hub.POLICY, "?policy eli:date_document ?发布日期 .", optional=True),
    "提法": Column(Hub.POLICY, "?mention pkg:asWritten ?提法 ."),
    "关系": Column(Hub.POLICY, "?mention pkg:relation ?关系 .", optional=True),
    "报送内容": Column(Hub.DEADLINE, "?deadline pkg:what ?报送内容 ."),
    "截止日期": Column(Hub.DEADLINE, "?deadline pkg:dueDate ?截止日期 .", optional=True),
    "报送对象": Column(Hub.DEADLINE, "?deadline pkg:submitTo ?报送对象 .", optional=True),
}

# Each hub with the pattern that ties it to the hubs before it, in the order in which queries state them.
_LINKS: dict[Hub, tuple[tuple[Hub, ...], str]] = {
    Hub.ACTIVITY: ((Hub.DOCUMENT,), "?activity a schema:Event ; pkg:announcedIn ?document ."),
    Hub.DOCUMENT: ((), "?document a pkg:Document ."),
    Hub.PARTY: ((Hub.ACTIVITY,), "?responsibility pkg:inActivity ?activity ; pkg:party ?party ."),
    Hub.PLACE: ((Hub.ACTIVITY,), "?involvement pkg:inActivity ?activity ; pkg:atPlace ?place ."),
    Hub.FIGURE: ((Hub.DOCUMENT,), "?figure a schema:Observation ; pkg:announcedIn ?document ."),
    Hub.POLICY: (
        (Hub.DOCUMENT,),
        "?mention a pkg:PolicyMention ; pkg:announcedIn ?document ; pkg:refersTo ?policy .",
    ),
    Hub.ISSUER: ((Hub.DOCUMENT,), "?document eli:passed_by ?issuer ."),
    Hub.DEADLINE: ((Hub.DOCUMENT,), "?deadline a pkg:Deadline ; pkg:announcedIn ?document ."),
}
_QUOTED = {Hub.PARTY: "responsibility", Hub.POLICY: "mention", Hub.PLACE: "involvement"}
_HIDDEN_ORDER = {
    "文序": "?document",
    "活动序": 'xsd:integer(REPLACE(STR(?activity), "^.*[^0-9]", ""))',
    "责任序": 'xsd:integer(REPLACE(STR(?responsibility), "^.*[^0-9]", ""))',
}


def iris(values: Iterable[str]) -> str:
    """IRIs for a VALUES clause."""
    return " ".join(to_ntriples(value) for value in values)


def words(value: str) -> str:
    """A string as an escaped SPARQL literal."""
    return to_ntriples(literal(value))


def compile_plan(plan: Plan) -> str:
    """The query whose result is the answer's table."""
    head = "SELECT DISTINCT " + " ".join(f"?{name}" for name in plan.columns)
    order = " ".join(_HIDDEN_ORDER.get(name, f"?{name}") for name in plan.order)
    tail = f"\nORDER BY {order}" if order else ""
    tail += f"\nLIMIT {plan.limit}" if plan.limit else ""
    return f"{head}\nWHERE {{\n{_body(plan)}\n}}{tail}"


def compile_evidence(plan: Plan) -> str:
    """The query for the words that carry the same facts: `?span`."""
    hubs = dict.fromkeys((plan.target, *plan.cite))
    needed = tuple(name for name in plan.columns if not COLUMNS[name].optional and not COLUMNS[name].derived)
    # the whole body in each branch: joined afterwards, a union of quotations reads every one that is held
    branches = []
    for hub in hubs:
        optional = tuple(one for one in plan.optional if one is not hub)
        body = _body(replace(plan, target=hub, columns=needed, optional=optional))
        branches.append(f"{{\n{body}\n  ?{_QUOTED.get(hub, hub.value)} prov:wasQuotedFrom ?span .\n}}")
    return f"SELECT DISTINCT ?span\nWHERE {{\n{' UNION '.join(branches)}\n}}\nORDER BY ?span"


def _shown(plan: Plan) -> set[Hub]:
    return {COLUMNS[name].hub for name in plan.columns}


def _body(plan: Plan) -> str:
    """What must hold first and together, so that the engine can order the joins; OPTIONAL and BIND come last."""
    narrow = [line for constraint in plan.constraints for line in _first(constraint)]
    required: list[str] = []
    later: list[str] = []
    needed = _needed(plan)
    for hub, (_, pattern) in _LINKS.items():
        if hub not in needed:
            continue
        columns = [COLUMNS[name] for name in plan.columns if COLUMNS[name].hub is hub]
        own = [f"OPTIONAL {{ {c.pattern} }}" if c.optional else c.pattern for c in columns if c.pattern]
        derived = [c.derived for c in columns if c.derived]
        if hub in plan.optional:
            later.append(f"OPTIONAL {{ {' '.join([pattern, *own])} }}")
            later += derived
        else:
            required += [pattern, *(c.pattern for c in columns if c.pattern and not c.optional)]
            later += [f"OPTIONAL {{ {c.pattern} }}" for c in columns if c.optional] + derived
    after = [line for constraint in plan.constraints for line in _after(constraint)]
    return "\n".join(f"  {line}" for line in (*narrow, *required, *later, *after))


def _needed(plan: Plan) -> set[Hub]:
    needed = {plan.target, *plan.optional, *(COLUMNS[name].hub for name in plan.columns)}
    for constraint in plan.constraints:
        needed |= _hubs(constraint)
    todo = list(needed)
    while todo:
        for other in _LINKS[todo.pop()][0]:
            if other not in needed:
                needed.add(other)
                todo.append(other)
    return needed


def _hubs(constraint: Constraint) -> set[Hub]:
    if isinstance(constraint, OneOf | Contains):
        return {constraint.hub}
    if isinstance(constraint, InYears):
        return {Hub.DOCUMENT}
    return {Hub.ACTIVITY}


def _first(constraint: Constraint) -> list[str]:
    """What narrows the search goes first."""
    if isinstance(constraint, OneOf):
        return [f"VALUES ?{constraint.hub.value} {{ {iris(constraint.iris)} }}"]
    if isinstance(constraint, InYears):
        # a FILTER, not VALUES: the engine would begin with every document of the year
        listed = ", ".join(str(int(year)) for year in constraint.years)
        return ["?document pkg:activityYear ?inYear .", f"FILTER(?inYear IN ({listed}))"]
    if isinstance(constraint, InSeries):
        return [f"?activity pkg:inSeries {iris([constraint.series])} ."]
    if isinstance(constraint, AllParties):
        return [
            f"?r{n} pkg:party {iris([party])} ; pkg:inActivity ?activity ."
            for n, party in enumerate(constraint.parties)
        ]
    if isinstance(constraint, AllPlaces):
        return [
            f"?i{n} pkg:inActivity ?activity ; pkg:atPlace {iris([place])} ; pkg:assertionType pkg:Named ."
            for n, place in enumerate(constraint.places)
        ]
    if isinstance(constraint, Spoken):
        named = "" if constraint.implied else " ; pkg:assertionType pkg:Named"
        place = iris([constraint.place])
        return [f"?touch pkg:inActivity ?activity ; pkg:atPlace {place}{named} ."]
    return []


def _after(constraint: Constraint) -> list[str]:
    if isinstance(constraint, Contains):
        return [
            f"?{constraint.hub.value} {constraint.property} ?said .",
            f"FILTER(CONTAINS(STR(?said), {words(constraint.words)}))",
        ]
    if isinstance(constraint, Reported):
        return [f"?activity pkg:status {'pkg:Reported' if constraint.done else 'pkg:Planned'} ."]
    if isinstance(constraint, TopLevel):
        # each activity is looked up by itself; MINUS would gather the parts of every activity that is held
        return ["FILTER NOT EXISTS { ?activity schema:superEvent ?above . ?above a schema:Event . }"]
    return []
