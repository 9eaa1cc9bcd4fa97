"""Form -> SPARQL 1.1: the constraints stand in the query, values are bound as terms, names of variables are ASCII.

The query that is shown is the query that makes the rows; a reader can change a year in it and run it anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.ask.columns import LABELS, fact_labels, kind_of
from kg.ask.constraints import (
    AT,
    QUOTE,
    holding,
    in_places,
    issued_by,
    needed_first,
    of_source,
    to_iri,
    to_label,
)
from kg.ask.form import Form
from kg.core.facts import JUDGED
from kg.graph.iris import Iris
from kg.graph.rdf import text, to_ntriples

_ROLES = {"lead": ("pkg:Lead", "牵头"), "co": ("pkg:Co", "配合")}


@dataclass(frozen=True, slots=True)
class Query:
    """A query and what its variables are called in a table."""

    text: str
    facts: str  # the same with the documents and activities themselves (two may have one title), and their words
    labels: dict[str, str]


def compile_form(form: Form, iris: Iris) -> Query:
    """The query of a form."""
    select, where, order, span = _PARTS[form.target](form, iris)
    if form.target in _FLAT:
        where = needed_first(where)
    labels = dict(LABELS) if form.target != "fact" else fact_labels(kind_of(form.fact))
    names = " ".join(f"?{name}" for name in select)
    ids = " ".join(f"?{name}" for name in IDS if any(f"?{name} " in line for line in where))
    more = "?more" if any("?more" in line for line in where) else ""
    quoted = span if not span or span.startswith("BIND") else f"OPTIONAL {{ {span} }}"
    ordered = " ".join(f"?{name}" for name in order)

    def query(variables: str, *lines: str) -> str:
        body = "\n".join(f"  {line}" for line in lines)
        return f"SELECT DISTINCT {variables}\nWHERE {{\n{body}\n}}\nORDER BY {ordered}"

    return Query(query(names, *where), query(f"{names} {ids} ?span {more}", *where, quoted), labels)


_FLAT = ("region", "document", "header", "reference")  # what is told of them needs no second look-up
IDS = ("source", "event")  # tell what has the same title apart; asked for beside a table, never shown in it

Parts = tuple[list[str], list[str], list[str], str]


def _event(form: Form, iris: Iris) -> list[str]:
    where = []
    if form.needles:  # one text for each event: joining its parts would take ten times as long
        variables = ["activity"] if form.within == "title" else ["context"]
        if form.within == "words":
            variables.append("wording")
        where += [f"?event pkg:{variable} ?{variable} ." for variable in variables if variable != "activity"]
        where += holding(form.needles, *variables)
    where.append(
        "?event a schema:Event ; schema:name ?activity ; pkg:announcedIn ?source ; prov:wasQuotedFrom ?words ."
    )
    where += of_source(form, iris, places=False)
    if form.places:
        where += [
            "?touch a pkg:Involvement ; pkg:inActivity ?event .",
            *in_places(form.places, iris, "?touch pkg:atPlace"),
        ]
    if form.issuers:
        where += issued_by(form.issuers)
    if form.series:
        where += [
            f"VALUES ?series {{ {' '.join(map(to_label, form.series))} }}",
            "?event pkg:inSeries/skos:prefLabel ?series .",
        ]
    if form.items:
        where += [
            f"VALUES ?no {{ {' '.join(to_ntriples(text(item)) for item in form.items)} }}",
            "?event pkg:number ?no .",
        ]
    return where


def _charged(number: str, names: Sequence[str], role: str | None) -> list[str]:
    """A duty of one of these bodies, of a collective that it is of, or of a member of the collective asked for."""
    who, via, charge = f"?who{number}", f"?via{number}", f"?charge{number}"
    where = [
        f"VALUES ?asked{number} {{ {' '.join(map(to_label, names))} }}",
        f"{who} skos:prefLabel ?asked{number} .",
        f"{who} (org:hasMember|^org:hasMember)? {via} . {charge} pkg:party {via} .",
        f"{charge} a pkg:Responsibility ; pkg:inActivity ?event .",
    ]
    return [*where, f"{charge} pkg:role {_ROLES[role][0]} ."] if role else where


def _body_constraints(form: Form) -> list[str]:
    """Each body of the question on a duty of the activity; several are alternatives unless they act together."""
    names = list(dict.fromkeys(name for group in form.bodies for name in group))
    if not names:
        return []
    if not form.joint:
        return _charged("", names, form.role)
    each = (_charged(str(number), group, form.role) for number, group in enumerate(form.bodies, 1))
    return [line for lines in each for line in lines]


_STATES = 'VALUES (?told ?state) { (pkg:Named "点名") (pkg:Implied "推及") }'


def _partners(form: Form, iris: Iris) -> list[str]:
    """Places that act together: named themselves, or by a body of theirs."""
    where = []
    for number, place in enumerate(form.partners, 1):
        at = to_iri(iris.place(place))
        where.append(f"?beside{number} a pkg:Responsibility ; pkg:inActivity ?event ; pkg:party ?partner{number} .")
        where.append(f"FILTER(?partner{number} = {at} || EXISTS {{ ?partner{number} pkg:jurisdiction {at} }})")
    return where


_ROLE = 'OPTIONAL { ?duty pkg:role ?part . VALUES (?part ?role) { (pkg:Lead "牵头") (pkg:Co "配合") } }'
_DUTY = (
    "?duty pkg:inActivity ?event FILTER EXISTS { ?duty a pkg:Responsibility } "
    "OPTIONAL { ?duty pkg:party ?party OPTIONAL { ?party skos:prefLabel ?body } } "
    "OPTIONAL { ?duty prov:wasQuotedFrom ?more }"
)
"""Who carries an activity, and where it says so, written so that it is looked up: see `_selected`."""


_ENOUGH = 1_000_000
"""Activities that no answer reaches: the bound is for engines that guess how many rows a group gives.

Oxigraph multiplies its guesses pattern by pattern up to the largest integer, where looking up seems no cheaper than
reading everything (0.01 against 42 s in 1.2 million statements). A bound caps the guess.
"""


def _events(form: Form, iris: Iris, more: list[str], *kept: str, told: Sequence[str] = ()) -> list[str]:
    """The activities first, by themselves: what is told of them is looked up for these alone.

    `more` is what they must fulfil, `told` what each has: an engine that cannot tell which is fewer goes by the order.
    """
    inner = " ".join(needed_first([*more, *_event(form, iris), *told]))
    names = " ".join(f"?{name}" for name in ("event", "words", "source", "activity", "document", "year", *kept))
    return [
        f"{{ SELECT DISTINCT {names} WHERE {{ {inner} }} LIMIT {_ENOUGH} }}",
        AT,
    ]


def _for_body(form: Form, iris: Iris) -> Parts:
    told = ["?event pkg:carriedAs ?holder ."]
    told += ["?duty pkg:inActivity ?holder ; a pkg:Responsibility ; pkg:party ?party . ?party skos:prefLabel ?body ."]
    if form.apart:
        told.append(f"FILTER(?body NOT IN ({', '.join(map(to_label, form.apart))}))")
    if form.role:
        told.append(f"?duty pkg:role {_ROLES[form.role][0]} .")
    where = _events(form, iris, _body_constraints(form), "duty", "body", told=told) + ([] if form.role else [_ROLE])
    select = ["year", "activity", "body", "document"] if form.role else ["year", "activity", "body", "role", "document"]
    return select, where, ["document", "at", "activity", "body"], "?duty prov:wasQuotedFrom ?span ."


def _for_activity(form: Form, iris: Iris) -> Parts:
    bodies, more = bool(form.bodies) and not form.joint, _body_constraints(form)
    if form.places:
        more.append(f"?touch pkg:assertionType ?told . {_STATES}")
    if bodies:
        more.append("?via skos:prefLabel ?through .")
    if form.only:
        names = ", ".join(to_label(name) for group in form.bodies for name in group)
        role = f"?other pkg:role ?as . FILTER(?as = {_ROLES[form.role][0]}) " if form.role else ""
        more.append(
            "FILTER NOT EXISTS { ?other a pkg:Responsibility ; pkg:inActivity ?event ; "
            f"pkg:party ?else . {role}FILTER NOT EXISTS {{ ?else skos:prefLabel ?own . FILTER(?own IN ({names})) }} }}"
        )
    kept = [*(["asked", "through"] if bodies else []), *(["state"] if form.places else [])]
    where = _events(form, iris, [*more, *_partners(form, iris)], *kept)
    if form.none:
        where.append("FILTER NOT EXISTS { ?any a pkg:Responsibility ; pkg:inActivity ?event }")
        where.append("FILTER NOT EXISTS { ?event schema:superEvent ?above }")
        return ["year", "activity", "document"], where, ["document", "at", "activity"], "BIND(?words AS ?span)"
    where.append(f"OPTIONAL {{ {_DUTY} {_ROLE} }}")
    where.append("OPTIONAL { ?event pkg:number ?item FILTER NOT EXISTS { ?event schema:superEvent ?over } }")
    select = ["year", "item", "activity", "body", "role", "document"]
    select += (["state"] if form.places else []) + (["asked", "through"] if bodies else [])
    return select, where, ["document", "at", "activity", "body"], "BIND(?words AS ?span)"


def _for_place(form: Form, iris: Iris) -> Parts:
    told = [
        "?found a pkg:Involvement ; pkg:inActivity ?event ; pkg:atPlace ?where ; pkg:assertionType ?told .",
        _STATES,
        "?where skos:prefLabel ?place .",
        *_which_places(form, iris),
    ]
    where = _events(form, iris, [], "found", "place", "state", told=told)
    select = ["year", "place", "state", "activity", "document"]
    return select, where, ["year", "place", "document", "at"], "?found prov:wasQuotedFrom ?span ."


def _which_places(form: Form, iris: Iris) -> list[str]:
    """Of which level the places are, how their names end, and which are left out."""
    where = []
    if form.level:
        levels = " ".join(to_ntriples(text(level)) for level in form.level)
        where += [f"VALUES ?level {{ {levels} }}", "?where pkg:placeLevel ?level ."]
    if form.ends:
        tests = (f"STRENDS(STR(?place), {to_ntriples(text(end))})" for end in form.ends)
        where.append(f"FILTER({' || '.join(tests)})")
    if form.apart:
        where.append(f"FILTER(?where NOT IN ({', '.join(to_iri(iris.place(place)) for place in form.apart)}))")
    return where


def _for_region(form: Form, iris: Iris) -> Parts:
    where = of_source(form, iris, places=False)
    where += ["?source dcterms:spatial ?where . ?where skos:prefLabel ?place ."]
    where += _which_places(form, iris)
    if form.places:
        where += in_places(form.places, iris, "?where schema:containedInPlace*")
    where += ["OPTIONAL { ?source eli:date_document ?date }", *holding(form.needles, "document")]
    return ["place", "document", "date"], where, ["place", "document", "date"], "?source prov:wasQuotedFrom ?span ."


def _for_document(form: Form, iris: Iris) -> Parts:
    where = of_source(form, iris, places=False)
    if form.places:
        where += [
            "?source dcterms:spatial ?where .", *in_places(form.places, iris, "?where schema:containedInPlace*"),
        ]  # fmt: skip
    span = "?source prov:wasQuotedFrom ?span ."
    if form.bodies:
        names = " ".join(to_label(name) for group in form.bodies for name in group)
        where += [
            f"VALUES ?asked {{ {names} }}",
            (
                "{ ?duty a pkg:Responsibility ; pkg:announcedIn ?source ; pkg:party/skos:prefLabel ?asked ; "
                "prov:wasQuotedFrom ?span } UNION "
                "{ ?source eli:passed_by/skos:prefLabel ?asked ; prov:wasQuotedFrom ?span }"
            ),
        ]
        span = ""
    if form.policy:
        where.append(f"?mention a pkg:PolicyMention ; pkg:refersTo {to_iri(form.policy)} ; pkg:announcedIn ?source .")
        span = "?mention prov:wasQuotedFrom ?span ."
    where += holding(form.needles, "document")
    where += ["OPTIONAL { ?source eli:id_local ?number }", "OPTIONAL { ?source eli:date_document ?date }"]
    if not form.kinds:
        where.append("OPTIONAL { ?source eli:type_document/skos:prefLabel ?kind }")
    return ["document", "number", "kind", "date"], where, ["date", "document", "number"], span


def _for_header(form: Form, iris: Iris) -> Parts:
    where = of_source(form, iris)
    where += holding(form.needles, "document")
    where += [
        "OPTIONAL { ?source eli:id_local ?number }",
        "OPTIONAL { ?source eli:date_document ?written }",
        "OPTIONAL { ?source eli:date_publication ?printed }",
        "BIND(COALESCE(?written, ?printed) AS ?date)",
        "OPTIONAL { ?source schema:temporalCoverage ?period }",
        "OPTIONAL { ?source eli:type_document/skos:prefLabel ?sort }",
        "OPTIONAL { ?source eli:passed_by/skos:prefLabel ?issuer }",
        "OPTIONAL { ?source dcterms:audience ?audience }",
        "OPTIONAL { ?source pkg:slogan ?theme }",
        "OPTIONAL { ?source eli:first_date_entry_in_force ?effective }",
    ]
    about = ["document", "number", "sort", "year", "date", "printed"]
    select = [*about, "issuer", "audience", "theme", "period", "effective"]
    return select, where, ["date", "document", "issuer"], "?source prov:wasQuotedFrom ?span ."


def _for_reference(form: Form, iris: Iris) -> Parts:
    where = ["?mention a pkg:PolicyMention ; pkg:announcedIn ?source ; pkg:refersTo ?cited ."]
    where += of_source(form, iris) + holding(form.needles, "document")
    if form.policy:
        where.append(f"VALUES ?cited {{ {to_iri(form.policy)} }}")
    if form.issuers:
        where += issued_by(form.issuers)
    if form.bodies:
        names = ", ".join(to_ntriples(text(name)) for group in form.bodies for name in group)
        where.append(f"FILTER(STR(?policy_issuer) IN ({names}))")
    where += ["OPTIONAL { ?mention pkg:relation ?relation }", "OPTIONAL { ?cited dcterms:title ?policy }"]
    where += [
        "OPTIONAL { ?cited eli:id_local ?policy_number }", "OPTIONAL { ?cited pkg:issuerName ?policy_issuer }",
    ]  # fmt: skip
    select = ["document", "relation", "policy", "policy_number", "policy_issuer"]
    return select, where, ["document", "policy", "relation", "policy_issuer"], "?mention prov:wasQuotedFrom ?span ."


def _for_fact(form: Form, iris: Iris) -> Parts:
    """The facts of any declared kind, each field that has a property and stands in tables in a column of its own."""
    kind = kind_of(form.fact)
    where = [f"?fact a {kind.rdf[-1]} ; pkg:announcedIn ?source ."]
    where += of_source(form, iris)
    shown = [field for field in kind.fields if field not in JUDGED and field.rdf and (field.column or field.needed)]
    for field in shown:
        if field.choices:
            values = " ".join(f"({choice.rdf} {to_ntriples(text(choice.label))})" for choice in field.choices)
            where.append(
                f"OPTIONAL {{ ?fact {field.rdf} ?c_{field.name} . "
                f"VALUES (?c_{field.name} ?f_{field.name}) {{ {values} }} }}"
            )
        else:
            where.append(f"OPTIONAL {{ ?fact {field.rdf} ?f_{field.name} }}")
    said = [f"f_{field.name}" for field in shown if not field.choices]
    where += ["OPTIONAL { ?fact prov:wasQuotedFrom ?words }", QUOTE, AT]
    where += holding(form.needles, *said, "quote", "document")
    select = [*(f"f_{field.name}" for field in shown), "document"]
    return select, where, ["document", "at", *said[:2]], "?fact prov:wasQuotedFrom ?span ."


_PARTS = {
    "body": _for_body, "activity": _for_activity, "place": _for_place, "region": _for_region,
    "document": _for_document, "header": _for_header, "reference": _for_reference, "fact": _for_fact,
}  # fmt: skip
