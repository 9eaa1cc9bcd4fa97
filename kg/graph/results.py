"""What a query gave, as Python values and in the formats of the command line.

SPARQL 1.1 Query Results JSON, CSV/TSV and XML; xlsx with every text cell written as text, so that `=1+1` is no
formula; a plain table for the terminal; triples in Turtle, N-Triples, JSON-LD and RDF/XML.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from kg.core.cells import harmless
from kg.core.errors import UnknownName, UsageError
from kg.graph.rdf import Literal, PythonValue, Quad, Term, to_ntriples, to_python
from kg.graph.store import serialize
from ontology.terms import XSD

_NUMBERS = frozenset((XSD.integer, XSD.decimal, XSD.double))
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN", re.ASCII)
_CELL = 60  # characters of a table cell in the terminal
_XLSX_ROWS = 1_048_575  # a sheet's rows less the header
_XLSX_TEXT = 32_767  # characters of a cell


@dataclass(frozen=True, slots=True)
class QueryResult:
    """`kind` is select, ask or construct; `terms` are RDF terms in the order of `variables`, None where unbound."""

    kind: str
    variables: tuple[str, ...]
    terms: tuple[tuple[Term | None, ...], ...]

    def __repr__(self) -> str:
        return f"QueryResult({self.kind}, {len(self.terms)} × {len(self.variables)})"

    @property
    def rows(self) -> list[tuple[PythonValue, ...]]:
        """The rows as Python values."""
        return [tuple(to_python(term) for term in row) for row in self.terms]

    @property
    def boolean(self) -> bool:
        """The answer of an ASK query."""
        if self.kind != "ask":
            raise UsageError("只有 ASK 查询有是否之答")
        return self.terms[0][0] == Literal("true", XSD.boolean)

    def serialize(self, format_: str, *, for_people: bool = False) -> bytes:
        """The result in a format of `FORMATS`. Raises `UsageError` for one that does not fit the kind of query.

        `for_people`: a text that a spreadsheet would take for a formula is guarded in CSV and TSV. The protocol gives
        it raw.
        """
        if format_ not in FORMATS:
            raise UnknownName("结果格式", format_, FORMATS)
        if (format_ in _GRAPH_FORMATS) != (self.kind == "construct") and format_ != "table":
            fitting = _GRAPH_FORMATS if self.kind == "construct" else _ROW_FORMATS
            raise UsageError(f"{self.kind.upper()} 查询的结果不能写成 {format_}，可用：{'、'.join(fitting)}、table")
        return _OPENED[format_](self, harmless) if for_people and format_ in _OPENED else FORMATS[format_](self)


def _table(result: QueryResult) -> bytes:
    rows = [[_short(term) for term in row] for row in result.terms]
    widths = [max(map(_width, column)) for column in zip(result.variables, *rows, strict=True)]
    lines = [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (list(result.variables), ["─" * (width // _width("─")) for width in widths], *rows)
    ]
    return ("\n".join(lines) + "\n").encode()


def _short(term: Term | None) -> str:
    text = " ".join(str(to_python(term)).split()) if term is not None else ""
    return text if len(text) <= _CELL else text[: _CELL - 1] + "…"


def _width(text: str) -> int:
    """Terminal columns: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _csv(result: QueryResult, guard: Callable[[str], str] = str) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(result.variables)
    writer.writerows([_plain(term, guard) for term in row] for row in result.terms)
    return buffer.getvalue().encode()


def _plain(term: Term | None, guard: Callable[[str], str]) -> str:
    if not isinstance(term, Literal):
        return term or ""
    return term.lexical if _is_number(term) else guard(term.lexical)


def _is_number(term: Literal) -> bool:
    """Whether it is one, and not a text that only calls itself so: `"=1+1"^^xsd:integer`."""
    return term.datatype in _NUMBERS and _NUMBER.fullmatch(term.lexical) is not None


def _tsv(result: QueryResult, guard: Callable[[str], str] = str) -> bytes:
    def written(term: Term) -> str:
        if isinstance(term, Literal) and not _is_number(term):
            term = term._replace(lexical=guard(term.lexical))
        return to_ntriples(term)

    lines = ["\t".join(f"?{name}" for name in result.variables)]
    lines += ["\t".join("" if term is None else written(term) for term in row) for row in result.terms]
    return ("\n".join(lines) + "\n").encode()


def _json_term(term: Term) -> dict[str, str]:
    if isinstance(term, str):
        return {"type": "bnode", "value": term[2:]} if term.startswith("_:") else {"type": "uri", "value": term}
    value = {"type": "literal", "value": term.lexical}
    if term.lang:
        return {**value, "xml:lang": term.lang}
    return value if term.datatype == XSD.string else {**value, "datatype": term.datatype}


def _json(result: QueryResult) -> bytes:
    value: dict[str, object]
    if result.kind == "ask":
        value = {"head": {}, "boolean": result.boolean}
    else:
        bindings = [
            {name: _json_term(term) for name, term in zip(result.variables, row, strict=True) if term is not None}
            for row in result.terms
        ]
        value = {"head": {"vars": result.variables}, "results": {"bindings": bindings}}
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _xml_term(term: Term) -> str:
    def clean(text: str) -> str:
        return escape(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text), {"\r": "&#13;"})

    if isinstance(term, str):
        return f"<bnode>{clean(term[2:])}</bnode>" if term.startswith("_:") else f"<uri>{clean(term)}</uri>"
    if term.lang:
        return f"<literal xml:lang={quoteattr(term.lang)}>{clean(term.lexical)}</literal>"
    datatype = "" if term.datatype == XSD.string else f" datatype={quoteattr(term.datatype)}"
    return f"<literal{datatype}>{clean(term.lexical)}</literal>"


def _xml(result: QueryResult) -> bytes:
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">']
    if result.kind == "ask":
        parts.append(f"<head></head><boolean>{str(result.boolean).lower()}</boolean>")
    else:
        parts.append("<head>" + "".join(f"<variable name={quoteattr(n)}/>" for n in result.variables) + "</head>")
        parts.append("<results>")
        for row in result.terms:
            cells = zip(result.variables, row, strict=True)
            bound = (f"<binding name={quoteattr(n)}>{_xml_term(t)}</binding>" for n, t in cells if t is not None)
            parts.append(f"<result>{''.join(bound)}</result>")
        parts.append("</results>")
    parts.append("</sparql>\n")
    return "".join(parts).encode()


def _xlsx(result: QueryResult) -> bytes:
    import xlsxwriter

    if len(result.terms) > _XLSX_ROWS:
        raise UsageError(f"xlsx 一张表最多 {_XLSX_ROWS} 行，结果有 {len(result.terms)} 行；请改用 csv")
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    for column, name in enumerate(result.variables):
        sheet.write_string(0, column, name, bold)
    for number, row in enumerate(result.terms, start=1):
        for column, term in enumerate(row):
            value = to_python(term)
            if isinstance(value, bool):
                sheet.write_boolean(number, column, value)
            elif value is None or isinstance(value, str):
                sheet.write_string(number, column, (value or "")[:_XLSX_TEXT])
            elif hasattr(value, "isoformat"):
                sheet.write_string(number, column, value.isoformat())
            else:
                sheet.write_number(number, column, value)
    sheet.freeze_panes(1, 0)
    book.close()
    return buffer.getvalue()


def _triples(format_: str) -> Callable[[QueryResult], bytes]:
    def write(result: QueryResult) -> bytes:
        quads = (Quad(str(s), str(p), o, "") for s, p, o in result.terms if o is not None)
        return serialize(dict.fromkeys(quads), format_)

    return write


_OPENED = {"csv": _csv, "tsv": _tsv}  # with a spreadsheet, by whoever clicks on the file
_ROW_FORMATS = ("csv", "tsv", "json", "xml", "xlsx")
_GRAPH_FORMATS = ("ttl", "nt", "jsonld", "rdf")
FORMATS: dict[str, Callable[[QueryResult], bytes]] = {
    "table": _table,
    "csv": _csv,
    "tsv": _tsv,
    "json": _json,
    "xml": _xml,
    "xlsx": _xlsx,
    **{name: _triples(name) for name in _GRAPH_FORMATS},
}
"""The writers by the names of the command line."""
