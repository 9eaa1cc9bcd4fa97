"""What an endpoint is sent: a query with its prefixes and values, and, for Virtuoso, in words that it understands.

Virtuoso 7.2 takes no variables with Chinese names, and reads a Chinese string as bytes where it is an argument of
GROUP_CONCAT or REPLACE: `SEPARATOR = "、"` comes back as `?`. Both are written in ASCII on the way there and read back
in what returns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kg.core.errors import UsageError
from kg.graph.lexer import Token, query_to_tokens
from kg.graph.rdf import Literal, Quad, Term, to_ntriples
from ontology.terms import PREFIXES, XSD

_NOT_IRI = re.compile(r'[<>"{}|^`\\\x00-\x20]')
_LANGUAGE = re.compile(r"[A-Za-z]+(?:-[A-Za-z0-9]+)*")
_VARIABLE = re.compile(r"[^\W\d]\w*|\d\w*")
_FORMS = {"SELECT": "select", "ASK": "ask", "CONSTRUCT": "construct", "DESCRIBE": "construct"}
_IN_ASCII = "~u{:06x}~"
_FROM_ASCII = re.compile(r"~u([0-9a-f]{6})~")
_NAMED = "x_u_"
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_TRUTHS = {"0": "false", "1": "true"}


def term_to_sparql(term: Term) -> str:
    """A term as a query may hold it. Raises `UsageError` for what could be read as anything else, and blank nodes."""
    if isinstance(term, Literal):
        if (term.lang and not _LANGUAGE.fullmatch(term.lang)) or _NOT_IRI.search(term.datatype):
            raise UsageError(f"不是有效的 RDF 文字：{term.lexical[:80]}")
    elif not term or term.startswith("_:") or _NOT_IRI.search(term):
        raise UsageError(f"不是有效的 IRI：{term[:80]}")
    return to_ntriples(term)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A query to send. `shift` is how many characters stand before its first line."""

    text: str
    kind: str
    shift: int


def prepared(query: str, *, bindings: Mapping[str, Term], base: str | None, is_virtuoso: bool) -> Prepared:
    """A query that needs nothing more: prefixes that it uses and does not declare, values for its variables.

    Values stand in a VALUES clause behind it (SPARQL 1.1 §10.2.2), which is joined with what its pattern gives.
    """
    tokens = list(query_to_tokens(query))
    declared: set[str] = set()
    used: set[str] = set()
    kind = before = ""
    for token in tokens:
        if token.kind == "prefixed":
            (declared if before == "PREFIX" else used).add(token.text.partition(":")[0])
        before = token.text.upper() if token.kind == "word" else ""
        kind = kind or _FORMS.get(before, "")
    head = f"BASE {term_to_sparql(base)} " if base else ""
    head += "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in sorted((used & PREFIXES.keys()) - declared))
    text = _in_ascii(query, tokens) if is_virtuoso else query
    return Prepared(head + text + _values(bindings), kind or "select", len(head))


def _values(bindings: Mapping[str, Term]) -> str:
    if not bindings:
        return ""
    if wrong := [name for name in bindings if not _VARIABLE.fullmatch(name)]:
        raise UsageError(f"不是有效的变量名：{wrong[0][:80]}")
    names = " ".join(f"?{name}" for name in bindings)
    return f"\nVALUES ({names}) {{ ({' '.join(term_to_sparql(value) for value in bindings.values())}) }}"


def _in_ascii(query: str, tokens: list[Token]) -> str:
    starts = [0]
    for line in query.split("\n")[:-1]:
        starts.append(starts[-1] + len(line) + 1)
    pieces, done = [], 0
    for token, written in _rewritten(tokens):
        at = starts[token.line - 1] + token.column - 1
        pieces += [query[done:at], written]
        done = at + len(token.text)
    return "".join([*pieces, query[done:]])


def _rewritten(tokens: list[Token]) -> Iterator[tuple[Token, str]]:
    opened: list[bool] = []  # for each open bracket, whether it is one of REPLACE
    for position, token in enumerate(tokens):
        if token.text == "(":
            opened.append(position > 0 and tokens[position - 1].text.upper() == "REPLACE")
        elif token.text == ")" and opened:
            opened.pop()
        if not _NON_ASCII.search(token.text):
            continue
        if token.kind == "variable":
            yield token, token.text[0] + _NAMED + token.text[1:].encode().hex()
        elif token.kind == "string" and (_is_separator(tokens, position) or (opened and opened[-1])):
            yield token, _NON_ASCII.sub(lambda found: _IN_ASCII.format(ord(found[0])), token.text)


def _is_separator(tokens: list[Token], position: int) -> bool:
    return [token.text.upper() for token in tokens[max(position - 2, 0) : position]] == ["SEPARATOR", "="]


def variable_back(name: str) -> str:
    """The name that a variable has in the query."""
    if name.startswith(_NAMED):
        try:
            return bytes.fromhex(name.removeprefix(_NAMED)).decode()
        except ValueError:
            return name
    return name


def term_back(term: Term | None) -> Term | None:
    """A term as the query would have it, of what Virtuoso gives."""
    if isinstance(term, Literal) and "~u" in term.lexical:
        return term._replace(lexical=_FROM_ASCII.sub(lambda found: chr(int(found[1], 16)), term.lexical))
    return term


def term_of_virtuoso(term: Term | None) -> Term | None:
    """A term of its answers as it was written."""
    if isinstance(term, Literal) and term.datatype == XSD.boolean:  # it says 1 for true
        return term._replace(lexical=_TRUTHS.get(term.lexical, term.lexical))
    return term_back(term)


def changes_to_update(changes: Iterable[tuple[str, Quad]]) -> str:
    """An update: what follows one another with the same verb in the same graph stands together."""
    parts: list[str] = []
    at: tuple[str, str] | None = None
    for verb, quad in changes:
        if at != (verb, quad.graph):
            if at is not None:
                parts.append("} } ;")
            parts.append(f"{verb} DATA {{ GRAPH {term_to_sparql(quad.graph)} {{")
            at = (verb, quad.graph)
        s, p, o = map(term_to_sparql, quad[:3])
        parts.append(f"{s} {p} {o} .")
    return "\n".join([*parts, "} }"])
