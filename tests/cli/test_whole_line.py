"""The whole line on the five real documents, through the installed command: what a site must be able to rely on."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pyoxigraph
import pytest
import rdflib
from rdflib.compare import isomorphic

from kg.graph.queries import saved_query
from ontology.terms import PREFIXES

pytestmark = pytest.mark.long

COMMAND = Path(sys.executable).with_name("policykg")
FLAGSHIP = "哪些区开展过质量开放日，历年有何变化？"
ROWS = "SELECT DISTINCT ?title ?year WHERE { ?d a pkg:Document ; dcterms:title ?title ; pkg:activityYear ?year } ORDER BY ?title"
Run = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, corpus_dir: Path) -> Path:
    home = tmp_path_factory.mktemp("line") / "home"
    report = json.loads(run_in(home, "ingest", str(corpus_dir), "--json").stdout)
    assert (report["added"], report["failed"], report["skipped"]) == (5, [], [])
    return home


def run_in(home: Path, *args: str) -> subprocess.CompletedProcess[bytes]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("POLICYKG_")}
    return subprocess.run([COMMAND, *args, "--home", str(home)], capture_output=True, check=False, env=environment)


@pytest.fixture
def run(home: Path) -> Run:
    return lambda *args: run_in(home, *args)


def test_a_second_run_changes_nothing(run: Run, corpus_dir: Path) -> None:
    report = json.loads(run("ingest", str(corpus_dir), "--json").stdout)
    assert (report["added"], report["updated"], report["unchanged"], report["generation"]) == (0, 0, 5, 1)


def test_check_finds_nothing(run: Run) -> None:
    done = run("check", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["problems"] == []


def test_the_flagship_answer(run: Run) -> None:
    answer = json.loads(run("ask", FLAGSHIP, "--json").stdout)
    assert answer["answerable"]
    assert answer["sparql"]
    by_state: dict[tuple[int, str], set[str]] = {}
    for row in answer["rows"]:
        places = next(str(v) for k, v in row.items() if "地区" in k or "区" in k)
        by_state.setdefault((int(row["年份"]), row["状态"]), set()).update(places.split("、"))
    assert len(by_state[2019, "推及"]) == 16
    assert len(by_state[2022, "未提及"]) == 16
    assert by_state[2024, "点名"] == {"青浦区", "浦东新区"}
    assert len(by_state[2024, "未入库"]) == 14
    everything = answer["answer"] + json.dumps(answer["rows"], ensure_ascii=False)
    for carrier in (
        "上海市各区市场监督管理局",
        "上海市计量测试技术研究院",
        "青浦区质量工作领导小组办公室",
        "政府质量奖获奖单位",
    ):
        assert carrier in everything
    quotes = "".join(e["quote"] for e in answer["evidence"])
    assert quotes.count("质量开放日") >= 4


def rows_of(data: bytes, format_: str) -> list[tuple[str, ...]]:
    """The rows of a result in any of its formats, as text."""
    if format_ in ("csv", "tsv"):
        table = list(csv.reader(io.StringIO(data.decode()), delimiter="," if format_ == "csv" else "\t"))
        if format_ == "csv":
            return [tuple(r) for r in table[1:]]
        lines = data.decode().splitlines()[1:]
        return [tuple(rdflib_text(cell) for cell in line.split("\t")) for line in lines]
    if format_ == "json":
        found = json.loads(data)
        return [tuple(b[v]["value"] for v in found["head"]["vars"]) for b in found["results"]["bindings"]]
    if format_ == "xml":
        space = {"s": "http://www.w3.org/2005/sparql-results#"}
        root = ET.fromstring(data)  # noqa: S314  our own output
        return [
            tuple("".join(b.itertext()).strip() for b in result.findall("s:binding", space))
            for result in root.iter("{http://www.w3.org/2005/sparql-results#}result")
        ]
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    return [tuple(str(c) for c in row) for row in list(sheet.values)[1:]]


def rdflib_text(term: str) -> str:
    """A term of SPARQL TSV (Turtle syntax) as its bare text."""
    from rdflib.util import from_n3

    return str(from_n3(term)) if term[:1] in ('"', "<") else term


def test_a_result_is_the_same_in_every_format(run: Run, tmp_path: Path) -> None:
    found = {}
    for format_ in ("csv", "tsv", "json", "xml", "xlsx"):
        file = tmp_path / f"result.{format_}"
        assert run("sparql", ROWS, "--format", format_, "-o", str(file)).returncode == 0
        found[format_] = rows_of(file.read_bytes(), format_)
    assert len(found["json"]) == 5
    for format_, rows in found.items():
        assert rows == found["json"], format_


def test_construct_in_every_format(run: Run) -> None:
    query = "CONSTRUCT { ?d dcterms:title ?t } WHERE { ?d a pkg:Document ; dcterms:title ?t }"
    graphs = []
    for format_, name in (("ttl", "turtle"), ("nt", "nt"), ("jsonld", "json-ld")):
        done = run("sparql", query, "--format", format_)
        assert done.returncode == 0, done.stderr.decode()
        graphs.append(rdflib.Graph().parse(data=done.stdout, format=name))
    assert len(graphs[0]) == 5
    assert all(isomorphic(graphs[0], g) for g in graphs[1:])


def test_a_wrong_query_is_one_line_with_its_position(run: Run) -> None:
    done = run("sparql", "SELECT ?x WHERE {\n ?x a }")
    assert done.returncode == 2
    assert done.stdout == b""
    lines = done.stderr.decode().strip().splitlines()
    assert len(lines) == 1
    assert "第 2 行" in lines[0]


def test_an_exported_graph_says_the_same_elsewhere(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "graph.nq"
    assert run("export", "graph", "--format", "nq", "-o", str(file)).returncode == 0
    data = file.read_bytes()
    count = len(data.splitlines())
    plain, fresh = rdflib.Dataset(default_union=True), pyoxigraph.Store()
    plain.parse(data=data, format="nquads")
    fresh.load(data, format=pyoxigraph.RdfFormat.N_QUADS)
    assert count == len(fresh) == sum(1 for _ in plain.quads())
    for name in ("documents", "cited-not-held", "slogans-by-year"):
        ours = json.loads(run("sparql", "--saved", name, "--format", "json").stdout)["results"]["bindings"]
        query = saved_query(name)
        assert len(ours) > 0
        assert len(ours) == len(list(fresh.query(query, prefixes=PREFIXES, use_default_graph_as_union=True)))  # type: ignore[arg-type]
        assert len(ours) == len(plain.query(query, initNs=PREFIXES))


def test_removing_and_taking_in_again_gives_the_same_graph(run: Run, tmp_path: Path, corpus_dir: Path) -> None:
    before, without, after = (tmp_path / f"{n}.nq" for n in ("before", "without", "after"))
    file = next(f for f in corpus_dir.glob("*.txt") if "青浦" in f.name)
    assert run("export", "graph", "-o", str(before)).returncode == 0
    assert run("remove", file.name).returncode == 0
    assert run("export", "graph", "-o", str(without)).returncode == 0
    answer = json.loads(run("ask", FLAGSHIP, "--json").stdout)
    unheld = {r["地区"] for r in answer["rows"] if int(r["年份"]) == 2024 and r["状态"] == "未入库"}
    assert "青浦区" in unheld
    assert run("ingest", str(file)).returncode == 0
    assert run("export", "graph", "-o", str(after)).returncode == 0
    assert sorted(before.read_bytes().splitlines()) == sorted(after.read_bytes().splitlines())
    assert b"72\xe5\x8f\xb7" in before.read_bytes()  # 72号
    assert len(without.read_bytes()) < len(before.read_bytes())
