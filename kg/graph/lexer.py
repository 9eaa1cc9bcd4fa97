"""Looks at a query before it runs: what it declares, which graphs it reads, and whether it would leave this machine.

Oxigraph fetches `SERVICE` from the network, so a query with that word outside strings, IRIs and comments is refused;
so is an update, and a `FROM` with a graph that is not held.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from kg.core.errors import QuerySyntaxError, RefusedQuery

# SPARQL 1.1 §19.8 (terminals), longest first. An IRI may hold no blank and no brace, so that `?a<?b` followed by a
# group never hides a word from us. A run is what could have been a prefix: it is taken whole, because each word of it
# would otherwise look ahead for the colon again (a megabyte of "a-" took hours). So is a string that is never closed,
# which no grammar allows: each quote in it would look for the end again (60 KB of "\\" took minutes).
_TOKEN = re.compile(
    r"""
      (?P<comment>\#[^\n\r]*)
    | (?P<iri><(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)
    | (?P<string>\"{3}(?:(?:"|"")?(?:[^"\\]|\\.))*\"{3}|'{3}(?:(?:'|'')?(?:[^'\\]|\\.))*'{3}
        |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
    | (?P<open>\"{3}(?:(?:"|"")?(?:[^"\\]|\\.))*|'{3}(?:(?:'|'')?(?:[^'\\]|\\.))*
        |"(?:[^"\\\n\r]|\\.)*|'(?:[^'\\\n\r]|\\.)*)
    | (?P<variable>[?$]\w+)
    | (?P<language>@[A-Za-z][\w-]*)
    | (?P<prefixed>(?:[^\W\d_][\w.·-]*|_)?:(?:[\w.·:-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*)
    | (?P<run>[^\W\d_][\w.·-]*)
    | (?P<word>\d+(?:\.\d+)?|\w+)
    | (?P<other>\S)
    """,
    re.VERBOSE | re.DOTALL,
)
_OF_RUN = re.compile(r"(?P<word>\w+)|(?P<other>\S)")
_CODEPOINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_UPDATES = frozenset(["INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"])
_FORMS = frozenset(["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"])
_MAX_CODEPOINT = 0x10FFFF
_HALF = (0xD800, 0xDFFF)  # surrogates: no characters by themselves
# What is beyond these is no query that ends, and is told after some milliseconds instead of half a second of looking:
_TOKENS = 20_000  # a list of two thousand IRIs has two thousand and some
_DEPTH = 100  # brackets inside one another; a few hundred end the process that reads them
_PATTERNS = 500  # in one group: Oxigraph takes 1 s to put 100 in order, and sixteen times as long for twice as many
_OPENING, _CLOSING, _BETWEEN = "{([", "})]", ".;,"


@dataclass(frozen=True, slots=True)
class Token:
    """A terminal of a query with its place (both from 1)."""

    kind: str
    text: str
    line: int
    column: int


def query_to_tokens(text: str) -> Iterator[Token]:
    """The terminals of a query, comments and blanks left out; code point escapes stay as they are written."""
    line, line_start, seen = 1, 0, 0
    for match in _TOKEN.finditer(text):
        newlines = text.count("\n", seen, match.start())
        if newlines:
            line += newlines
            line_start = text.rfind("\n", 0, match.start()) + 1
        seen = match.start()
        if match.lastgroup == "comment":
            continue
        for part in _OF_RUN.finditer(text, *match.span()) if match.lastgroup == "run" else (match,):
            yield Token(str(part.lastgroup), part[0], line, part.start() - line_start + 1)


def _unescape(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    whole = code <= _MAX_CODEPOINT and not _HALF[0] <= code <= _HALF[1]
    return chr(code) if whole else match[0]


@dataclass(frozen=True, slots=True)
class QueryOutline:
    """What a query says about itself: its form, its graphs (`FROM`, `FROM NAMED`) as IRIs."""

    form: str
    graphs: tuple[str, ...]


def outline(query: str, known_prefixes: dict[str, str], *, base: str = "") -> QueryOutline:
    """Read a query's outline; `base` is what its relative IRIs are relative to, unless it says BASE.

    Raises `RefusedQuery` for an update or `SERVICE`, `QuerySyntaxError` for an undeclared prefix: Oxigraph reports
    that one as something missing behind it.
    """
    tokens = list(_bounded(query))
    # The standard reads code point escapes before anything else (§19.2), Oxigraph inside strings and IRIs only:
    # \u0022 ends a string for the one and not for the other. So the word must be absent from both readings.
    readings = (tokens, _bounded(_CODEPOINT.sub(_unescape, query)) if "\\u" in query.lower() else ())
    if any(_may_leave(token) for reading in readings for token in reading):
        raise _leaving()
    prefixes = dict(known_prefixes)
    form = ""
    graphs = []
    for position, token in enumerate(tokens):
        word = token.text.upper() if token.kind == "word" else ""
        before = tokens[position - 1].text.upper() if position else ""
        if not form and word in _UPDATES:
            raise _writing(word)
        if not form and word in _FORMS:
            form = word.lower()
        if token.kind == "prefixed":
            name = token.text.split(":")[0]
            if before == "PREFIX":
                declared = tokens[position + 1] if position + 1 < len(tokens) else token
                prefixes[name] = _joined(base, declared)
            elif name not in prefixes and name != "_":
                raise QuerySyntaxError(f"前缀 {name}: 没有声明", token.line, token.column)
        if token.kind == "iri" and before == "BASE":
            base = _joined(base, token)
        if token.kind in ("iri", "prefixed") and _is_dataset(tokens, position):
            graphs.append(_expand(token, prefixes, base))
    return QueryOutline(form, tuple(graphs))


def _bounded(query: str) -> Iterator[Token]:
    """The terminals, as long as they may be those of a query that can be answered.

    Raises `QuerySyntaxError` for a string that does not end, `RefusedQuery` for too many, too deep ones, and for
    `SERVICE` in what is not looked at any more.
    """
    first = ""  # the word that says what it is
    separators, parentheses = [0], [False]  # of each open bracket, the outermost first
    for count, token in enumerate(query_to_tokens(query)):
        if token.kind == "open":
            if "SERVICE" in query.upper():
                raise _leaving()
            raise QuerySyntaxError("字符串没有结束的引号", token.line, token.column)
        if not first and token.kind == "word" and token.text.upper() in _FORMS | _UPDATES:
            first = token.text.upper()
        if token.kind == "other":
            if token.text in _OPENING:
                separators.append(0)
                parentheses.append(token.text == "(")
            elif token.text in _CLOSING and len(separators) > 1:
                separators.pop()
                parentheses.pop()
            elif token.text in _BETWEEN and not parentheses[-1]:
                separators[-1] += 1
        if len(separators) > _DEPTH or separators[-1] > _PATTERNS or count > _TOKENS:
            raise _writing(first) if first in _UPDATES else _too_large(len(separators), separators[-1])
        yield token


def _too_large(depth: int, patterns: int) -> RefusedQuery:
    if depth > _DEPTH:
        told = f"括号嵌套超过 {_DEPTH} 层，请简化查询"
    elif patterns > _PATTERNS:
        told = f"一组中的条件超过 {_PATTERNS} 个，请拆成几次查询，或用 VALUES 列出值"
    else:
        told = f"查询超过 {_TOKENS:,} 个词，请拆成几次查询"
    return RefusedQuery(told, limit="size")


def _writing(word: str) -> RefusedQuery:
    return RefusedQuery(f"只能查询，不能修改（{word}）。修改请用 policykg ingest 或 policykg remove")


def _leaving() -> RefusedQuery:
    return RefusedQuery("查询不得使用 SERVICE：它会访问本机以外的服务。请改为只查询本库；前缀的名称中也不得有这个词")


def _may_leave(token: Token) -> bool:
    """Whether Oxigraph could find the keyword here: it needs no blank before or behind it (`5SERVICE:a`)."""
    if token.kind == "prefixed":
        return "SERVICE" in token.text.partition(":")[0].upper()
    return token.kind in ("word", "language") and "SERVICE" in token.text.upper()


def _is_dataset(tokens: list[Token], position: int) -> bool:
    words = [t.text.upper() if t.kind == "word" else "" for t in tokens[max(0, position - 2) : position]]
    return words[-1:] == ["FROM"] or words == ["FROM", "NAMED"]


def _iri(token: Token) -> str:
    return _CODEPOINT.sub(_unescape, token.text[1:-1])


def _joined(base: str, token: Token) -> str:
    try:
        return urljoin(base, _iri(token))
    except ValueError as error:  # http://[
        raise QuerySyntaxError("不是有效的 IRI", token.line, token.column) from error


def _expand(token: Token, prefixes: dict[str, str], base: str) -> str:
    if token.kind == "iri":
        return _joined(base, token)
    name, _, local = token.text.partition(":")
    return prefixes.get(name, "") + local
