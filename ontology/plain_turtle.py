"""The plain part of Turtle, as reference files are written, read ten times faster than by a full parser.

Plain are: `@prefix` and `@base`, IRIs, prefixed names, `a`, strings on one line (with language, or `xsd:date`),
`;` and `,`. Anything else (blank nodes, lists, numbers, long strings, a mistake) is left to the full parser, which
also knows how to say what is wrong. tests/ontology/test_places.py compares the two on every file that comes along.
"""

from __future__ import annotations

import re

from ontology.terms import RDF, XSD

_TOKEN = re.compile(
    r"(?:[ \t\r\n]+|#[^\n]*)*(?:"
    r"(?P<iri><[^<>\"{}|^`\\\s]*>)"
    r'|(?P<text>"(?:[^"\\\n\r]|\\["\\nt])*"(?!"))(?:@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\^\^(?P<type>[\w-]+:[\w-]+))?'
    r"|(?P<name>[A-Za-z][\w-]*:[\w-]*)(?![\w.%\\-]*[\w%\\-])"
    r"|(?P<mark>[;,.])"
    r"|(?P<a>a)(?=[ \t\r\n<])"
    r"|(?P<word>@prefix|@base)(?=[ \t\r\n])"
    r"|(?P<end>\Z)"
    r")"
)
_ESCAPE = re.compile(r'\\(["\\nt])')
_ESCAPED = {'"': '"', "\\": "\\", "n": "\n", "t": "\t"}
_PREFIX = re.compile(r"[ \t\r\n]+([A-Za-z][\w-]*):[ \t\r\n]*<([^<>\"{}|^`\\\s]+)>[ \t\r\n]*\.")
_BASE = re.compile(r"[ \t\r\n]+<([^<>\"{}|^`\\\s]+)>[ \t\r\n]*\.")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")

Triple = tuple[str, str, str]


def plain_turtle(text: str, base: str) -> list[Triple] | None:
    """The triples of a plain text, literals as their strings, or None where it is not plain."""
    prefixes: dict[str, str] = {}
    out: list[Triple] = []
    subject: str | None = None
    predicate: str | None = None
    awaited = "subject"  # what comes next: subject, predicate, object, or mark
    at = 0
    while True:
        found = _TOKEN.match(text, at)
        if found is None:
            return None
        at = found.end()
        kind = found.lastgroup
        if kind == "mark" and awaited == "mark":
            mark = found["mark"]
            awaited = {";": "predicate", ",": "object", ".": "subject"}[mark]
            continue
        if kind == "mark" and awaited == "predicate" and found["mark"] == ".":
            awaited = "subject"  # a semicolon before the full stop
            continue
        if kind == "mark":
            return None
        if kind == "end":
            return out if awaited == "subject" else None
        if kind == "word":
            said = (_PREFIX if found["word"] == "@prefix" else _BASE).match(text, at)
            if said is None or awaited != "subject" or not _ABSOLUTE.match(said[said.re.groups]):
                return None
            if said.re is _PREFIX:
                prefixes[said[1]] = said[2]
            else:
                base = said[1]
            at = said.end()
            continue
        term = _term(found, prefixes, base)
        if term is None:
            return None
        literal = kind in ("text", "type")
        if awaited == "subject" and not literal and kind != "a":
            subject, awaited = term, "predicate"
        elif awaited == "predicate" and not literal:
            predicate, awaited = term, "object"
        elif awaited == "object" and kind != "a" and subject is not None and predicate is not None:
            out.append((subject, predicate, term))
            awaited = "mark"
        else:
            return None


def _term(found: re.Match[str], prefixes: dict[str, str], base: str) -> str | None:
    if (name := found["name"]) is not None:
        prefix, _, local = name.partition(":")
        return prefixes[prefix] + local if prefix in prefixes else None
    if (iri := found["iri"]) is not None:
        iri = iri[1:-1]
        if _ABSOLUTE.match(iri):
            return iri
        # only what needs no rule of RFC 3986 but to be put behind the base
        return base + iri if iri and iri[0] not in "/#?." and base.endswith("/") and "/." not in iri else None
    if (string := found["text"]) is not None:
        if (kind := found["type"]) is not None:
            prefix, _, local = kind.partition(":")
            if prefixes.get(prefix, "") + local != XSD.date:
                return None  # the full parser brings other values to their usual form
        string = string[1:-1]
        return _ESCAPE.sub(lambda m: _ESCAPED[m[1]], string) if "\\" in string else string
    return RDF.type
