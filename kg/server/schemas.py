"""JSON Schemas of what the server gives: the shapes of the command line's `--json`."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, get_args, get_origin

from kg.core.declaration import Field, Kind, hint_of
from kg.core.facts import KINDS
from kg.core.model import Evidence

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
WHOLE: Json = {"type": "integer"}
NUMBER: Json = {"type": "number"}
TRUTH: Json = {"type": "boolean"}
MAYBE_TEXT: Json = {"type": ["string", "null"]}
MAYBE_WHOLE: Json = {"type": ["integer", "null"]}
ANY: Json = {}


def listing(items: Json) -> Json:
    """A list of such items."""
    return {"type": "array", "items": items}


def record(**fields: Json) -> Json:
    """An object that has all of these keys, and may have more."""
    return {"type": "object", "properties": fields, "required": sorted(fields)}


EVIDENCE = record(quote=TEXT, start=WHOLE, end=WHOLE)
SUMMARY = record(
    id=TEXT, source=TEXT, title=TEXT, year=MAYBE_WHOLE, place=MAYBE_TEXT, kind=MAYBE_TEXT, level=MAYBE_TEXT
)


def fact(kind: Kind) -> Json:
    """A fact of a kind, as `kg.core.facts` declares it; the types are those of the dataclass."""
    fields = {}
    for field in kind.fields:
        hint, absent = hint_of(kind, field)
        fields[field.name] = {**_or_null(_of(hint, field), absent=absent), "description": field.label}
    return {**record(**fields), "description": kind.label}


def _of(hint: Any, field: Field) -> Json:
    inner = get_args(hint)
    if get_origin(hint) is tuple:
        items = fact(field.part) if field.part else _of(inner[0], field)
        return (
            listing(items) if inner[-1] is ... else {**listing(items), "minItems": len(inner), "maxItems": len(inner)}
        )
    if field.part:
        return fact(field.part)
    if hint is Evidence:
        return EVIDENCE
    if field.choices:
        return {**TEXT, "enum": [choice.value for choice in field.choices]}
    if issubclass(hint, StrEnum):
        return {**TEXT, "enum": [each.value for each in hint]}
    return _PLAIN[hint]


_PLAIN: dict[type, Json] = {str: TEXT, int: WHOLE, float: NUMBER, bool: TRUTH}


def _or_null(schema: Json, *, absent: bool) -> Json:
    return {"anyOf": [schema, {"type": "null"}]} if absent else schema


def document(kinds: Iterable[Kind]) -> Json:
    """A document with its facts of these kinds."""
    return record(**_HEADER, **{kind.key: listing(fact(kind)) for kind in kinds})


_HEADER = {
    "id": TEXT,
    "source": TEXT,
    "part": _or_null(record(file=TEXT, number=WHOLE, of=WHOLE), absent=True),
    "title": TEXT,
    "doc_number": MAYBE_TEXT,
    "issuers": listing(record(name=TEXT, as_written=TEXT, iri=TEXT)),
    "kind": MAYBE_TEXT,
    "date": MAYBE_TEXT,
    "printed_date": MAYBE_TEXT,
    "year": MAYBE_WHOLE,
    "level": MAYBE_TEXT,
    "region": MAYBE_TEXT,
    "theme": MAYBE_TEXT,
    "recipients": MAYBE_TEXT,
    "period": {"type": ["array", "null"], "items": TEXT},
}
DOCUMENT = document(KINDS)
HIT = record(
    document_id=TEXT, source=TEXT, passage_id=TEXT, heading=TEXT, text=TEXT, score=NUMBER, start=WHOLE, end=WHOLE
)
ANSWER = record(
    question=TEXT,
    answerable=TRUTH,
    answer=TEXT,
    columns=listing(TEXT),
    rows=listing({"type": "object"}),
    interpretation=MAYBE_TEXT,
    sparql=MAYBE_TEXT,
    evidence=listing(record(document_id=TEXT, source=TEXT, quote=TEXT, start=WHOLE, end=WHOLE)),
    chart={"type": ["object", "null"]},
    elapsed_ms=NUMBER,
)
AGENCY = record(label=TEXT, name=TEXT, kind=TEXT, place=MAYBE_TEXT, level=MAYBE_TEXT)
AGENCY_CARD = record(
    label=TEXT, name=TEXT, kind=TEXT, written=listing(TEXT), activities=listing(ANY), documents=listing(ANY)
)
EVOLUTION = record(
    held=listing(record(name=TEXT, activities=WHOLE, documents=WHOLE, years=listing(WHOLE))),
    name=MAYBE_TEXT,
    years=listing(WHOLE),
    places=listing(record(name=TEXT, level=MAYBE_TEXT)),
    cells=listing(record(place=TEXT, year=WHOLE, state=TEXT, facts=listing(ANY))),
    timeline=listing(record(year=WHOLE, text=TEXT)),
)
SAVED_QUERY = record(name=TEXT, title=TEXT, description=TEXT, parameters={"type": "object"}, text=TEXT)
STATUS = record(documents=WHOLE, passages=WHOLE, generation=MAYBE_WHOLE, pending=TRUTH)
HEALTH = record(status=TEXT, generation=WHOLE)
ERROR = record(error=TEXT)
