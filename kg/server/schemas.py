"""JSON Schemas of what the server gives: the shapes of the command line's `--json`."""

from __future__ import annotations

from typing import Any

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
PARTY = record(name=TEXT, as_written=TEXT)
DOCUMENT = record(
    id=TEXT,
    source=TEXT,
    title=TEXT,
    doc_number=MAYBE_TEXT,
    issuers=listing(record(name=TEXT, as_written=TEXT, iri=TEXT)),
    kind=MAYBE_TEXT,
    date=MAYBE_TEXT,
    year=MAYBE_WHOLE,
    level=MAYBE_TEXT,
    region=MAYBE_TEXT,
    theme=MAYBE_TEXT,
    activities=listing(record(title=TEXT, status=TEXT, responsible=listing(PARTY), evidence=EVIDENCE)),
    policy_references=listing(record(as_written=TEXT, title=MAYBE_TEXT, relation=TEXT, document_id=MAYBE_TEXT)),
    figures=listing(record(what=TEXT, unit=MAYBE_TEXT, evidence=EVIDENCE)),
    agencies=listing(record(name=TEXT, as_written=listing(TEXT), kind=TEXT)),
    places=listing(ANY),
    deadlines=listing(ANY),
    notices=listing(record(code=TEXT, message=TEXT)),
)
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
