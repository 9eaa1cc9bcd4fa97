"""The command-line contract: exit status, one JSON value on stdout, Chinese one-line errors, help with examples."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kg.cli import run
from kg.cli.app import application
from kg.service import Service
from tests.seekdb import need

NOTICE = """青浦区示范工作办公室文件

青示范办〔2023〕5号

关于开展2023年“示范月”活动的通知

各街镇：

    现将有关事项通知如下。

一、活动内容

    1.组织“质量开放日”活动。面向市民开放实验室。（区市场监管局、各街镇）

二、工作要求

    请各单位认真组织，于2023年10月15日前报送总结。

                                  青浦区示范工作办公室
                                  2023年9月1日
"""
PLAN = """# 崇明区2021年质量宣传方案

为贯彻落实《质量强国建设纲要》，制定本方案。

一、举办质量论坛。邀请企业交流。（区市场监管局牵头）
"""
COMMANDS = tuple(command.name or "" for command in application().registered_commands)


@dataclass
class Done:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Done]


@pytest.fixture(scope="session")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    (folder / "通知.txt").write_text(NOTICE, encoding="utf-8")
    (folder / "方案.md").write_text(PLAN, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def built(docs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("built") / "home"
    assert run(["ingest", str(docs), "--home", str(home)]) == 0
    return home


@pytest.fixture
def policykg(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setenv("POLICYKG_HOME", str(tmp_path / "home"))

    def call(*arguments: object) -> Done:
        capfdbinary.readouterr()
        status = run([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return Done(status, out.decode(), err.decode())

    return call


def assert_one_line(done: Done, *parts: str) -> None:
    assert done.status == 2
    assert done.out == ""
    assert done.err.startswith("错误：")
    assert done.err.count("\n") == 1
    for part in parts:
        assert part in done.err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(policykg: Run, command: str) -> None:
    done = policykg(command, "--help")
    assert done.status == 0
    assert "例：" in done.out
    assert f"policykg {command}" in done.out


def test_the_contract_names_these_commands() -> None:
    contract = "ingest documents document remove status check rebuild ask search sparql export serve app demo"
    assert set(contract.split()) <= set(COMMANDS)


def test_ingest_reports_as_the_contract_says(policykg: Run, docs: Path) -> None:
    first = policykg("ingest", docs, "--json")
    empty = {"skipped": [], "failed": [], "moved": [], "not_read": [], "generation": 1}
    assert (first.status, first.json) == (0, {"added": 2, "updated": 0, "unchanged": 0, **empty})
    again = policykg("ingest", docs, "--json")
    assert (again.status, again.json) == (0, {"added": 0, "updated": 0, "unchanged": 2, **empty})


def test_failed_inputs_give_status_1_and_their_reason(policykg: Run, docs: Path, tmp_path: Path) -> None:
    (tmp_path / "空.txt").write_bytes(b"")
    (tmp_path / "图.gif").write_bytes(b"GIF89a")
    done = policykg("ingest", docs / "方案.md", tmp_path, tmp_path / "没有.txt", "--json")
    assert done.status == 1
    assert done.json["added"] == 1
    assert {Path(entry["source"]).name for entry in done.json["failed"]} == {"空.txt", "没有.txt"}
    assert [Path(entry["source"]).name for entry in done.json["skipped"]] == ["图.gif"]
    assert all(entry["reason"] for entry in done.json["failed"] + done.json["skipped"])


def test_parallel_reading_gives_the_same_documents(policykg: Run, docs: Path, built: Path) -> None:
    assert policykg("ingest", docs, "--workers", 2).status == 0
    ids = [document["id"] for document in policykg("documents", "--json").json]
    one_by_one = policykg("documents", "--home", built, "--json").json
    assert ids == [document["id"] for document in one_by_one]
    for document_id in ids:
        alone = policykg("document", document_id, "--home", built, "--json").json
        assert policykg("document", document_id, "--json").json == alone


def test_documents_and_document_have_the_contracts_fields(policykg: Run, docs: Path, built: Path) -> None:
    listed = policykg("documents", "--home", built, "--json").json
    assert {"id", "source", "title", "year", "place", "kind"} <= listed[0].keys()
    notice = next(item for item in listed if item["source"] == str(docs / "通知.txt"))
    found = policykg("document", notice["id"], "--home", built, "--json").json
    fields = (
        "id source title doc_number issuers kind date printed_date year level region theme recipients period activities"
        " policy_references works figures agencies places deadlines contacts notices"
    )
    assert set(fields.split()) <= found.keys()
    assert found["doc_number"] == "青示范办〔2023〕5号"
    (activity,) = [item for item in found["activities"] if "质量开放日" in item["title"]]
    assert {"no", "section", "title", "parent", "status", "responsible", "series", "places", "evidence"} <= set(
        activity
    )
    assert activity["status"] == "planned"
    assert {"name", "as_written", "role", "kind", "members"} <= activity["responsible"][0].keys()
    assert {"quote", "start", "end"} == activity["evidence"].keys()
    assert found["issuers"][0]["iri"].startswith("https://w3id.org/policykg/id/agency/")


@pytest.mark.parametrize("name", ["通知.txt", "通知", "{source}", "{prefix}"])
def test_a_document_answers_to_its_names(policykg: Run, docs: Path, built: Path, name: str) -> None:
    source = str(docs / "通知.txt")
    listed = policykg("documents", "--home", built, "--json").json
    (wanted,) = [item["id"] for item in listed if item["source"] == source]
    done = policykg("document", name.format(source=source, prefix=wanted[:8]), "--home", built, "--json")
    assert done.json["id"] == wanted


def test_an_unknown_document_names_the_nearest(policykg: Run, built: Path) -> None:
    assert_one_line(policykg("document", "通之.txt", "--home", built), "没有这个文档", "通知.txt")
    assert_one_line(policykg("document", "通之.txt", "--home", built, "--json"), "通知.txt")


def test_contacts_are_given_only_when_asked_for(policykg: Run, docs: Path) -> None:
    text = NOTICE.replace("报送总结。", "报送总结。\n\n    联系人：张三，联系电话：021-55550100")
    (docs.parent / "联系.txt").write_text(text, encoding="utf-8")
    policykg("ingest", docs.parent / "联系.txt")
    assert policykg("document", "联系", "--json").json["contacts"] == []
    assert "55550100" in json.dumps(policykg("document", "联系", "--with-contacts", "--json").json["contacts"])


@pytest.mark.long
def test_remove_and_the_same_graph_after_ingesting_again(policykg: Run, docs: Path) -> None:
    policykg("ingest", docs)
    query = ("sparql", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "--format", "nt")
    before = policykg(*query).out
    removed = policykg("remove", "方案.md", "--json")
    assert [Path(item["source"]).name for item in removed.json["removed"]] == ["方案.md"]
    assert len(policykg("documents", "--json").json) == 1
    assert policykg("check").status == 0
    without = policykg(*query).out
    assert "2021年质量宣传方案" in before  # words of that document alone
    assert "2021年质量宣传方案" not in without
    policykg("ingest", docs)
    assert sorted(policykg(*query).out.splitlines()) == sorted(before.splitlines())


def test_removing_an_unknown_name_removes_nothing(policykg: Run, docs: Path) -> None:
    policykg("ingest", docs)
    assert_one_line(policykg("remove", "通知.txt", "无此文.txt"), "无此文.txt")
    assert len(policykg("documents", "--json").json) == 2


def test_status_and_check(policykg: Run, built: Path) -> None:
    status = policykg("status", "--home", built, "--json")
    assert status.status == 0
    assert (status.json["documents"], status.json["generation"], status.json["pending"]) == (2, 1, False)
    check = policykg("check", "--home", built, "--json")
    assert check.json["problems"] == []
    assert (check.status, check.json["ok"]) == (0, True)


def test_status_of_an_empty_home_is_no_error(policykg: Run, tmp_path: Path) -> None:
    done = policykg("status", "--json")
    assert (done.status, done.json["documents"], done.json["generation"]) == (0, 0, None)
    assert not (tmp_path / "home").exists(), "looking must not write"


def test_a_killed_publish_is_told_and_healed(policykg: Run, docs: Path, tmp_path: Path) -> None:
    policykg("ingest", docs)
    (tmp_path / "home" / "current").unlink()  # as after a first run that died before the swap
    assert policykg("status", "--json").json["pending"] is True
    told = policykg("status")
    assert told.status == 0
    assert "None" not in told.out
    check = policykg("check", "--json")
    assert (check.status, check.json["ok"]) == (1, False)
    again = policykg("ingest", docs, "--json")
    assert again.json["unchanged"] == 2
    assert policykg("check").status == 0


def test_check_finds_a_quote_that_is_not_there(policykg: Run, docs: Path, tmp_path: Path) -> None:
    policykg("ingest", docs)
    import sqlite3

    with sqlite3.connect(tmp_path / "home" / "catalogue.sqlite") as database:
        database.execute("UPDATE passages SET text = 'x' || text WHERE number = 1")
    database.close()
    done = policykg("check", "--json")
    assert done.status == 1
    assert any("与原文不符" in problem["message"] for problem in done.json["problems"])


@pytest.mark.parametrize("command", ["documents", "document 甲", "search 质量", "rebuild", "check", "remove 甲"])
def test_before_anything_is_ingested_it_says_what_to_do(policykg: Run, command: str) -> None:
    assert_one_line(policykg(*command.split()), "policykg ingest")


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["ingset", "x"], "ingest"),
        (["ingest"], "缺少参数"),
        (["search", "质量", "--tops", "3"], "--top"),
        (["search", "质量", "--top", "many"], "--top"),
        (["search", "质量", "--top", "0"], "--top"),
        (["export", "everything", "-o", "x"], "内容"),
        (["sparql", "SELECT * {}", "--format", "docx"], "--format"),
        (["sparql"], "--saved"),
        (["sparql", "SELECT * {}", "--saved", "documents"], "一个查询"),
        (["sparql", "--saved", "documents", "--set", "broken"], "--set"),
        (["sparql", "--file", "/no/such/file.rq"], "/no/such/file.rq"),
        (["status", "extra"], "extra"),
    ],
)
def test_a_wrong_call_is_one_chinese_line(policykg: Run, arguments: list[str], part: str) -> None:
    assert_one_line(policykg(*arguments), part)


def test_a_bad_setting_is_one_chinese_line(policykg: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICYKG_WORKERS", "many")
    assert_one_line(policykg("status"), "workers", "many")


def test_a_scheduler_is_named_and_one_that_is_not_there_is_one_chinese_line(
    policykg: Run, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need("distributed")
    monkeypatch.setenv("POLICYKG_WORKERS", "tcp://127.0.0.1:1")
    monkeypatch.setattr("kg.build.scheduler._CONNECT_SECONDS", 0.5)
    assert "tcp://127.0.0.1:1" in policykg("status").out
    assert policykg("status", "--json").json["reading_at"] == "tcp://127.0.0.1:1"
    assert_one_line(policykg("ingest", docs), "dask", "tcp://127.0.0.1:1", "--workers")
    assert policykg("ingest", docs, "--workers", 1).status == 0


def test_a_damaged_catalogue_is_one_chinese_line(policykg: Run, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "catalogue.sqlite").write_bytes(b"garbage" * 1000)
    assert_one_line(policykg("status"), "已损坏")
    assert_one_line(policykg("ingest", tmp_path), "已损坏")


def test_an_unexpected_error_is_one_line_and_a_traceback_only_on_demand(
    policykg: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(self: Service) -> None:
        raise ZeroDivisionError("inside")

    monkeypatch.setattr(Service, "status", explode)
    assert_one_line(policykg("status"), "程序出错", "--debug")
    done = policykg("status", "--debug")
    assert "Traceback" in done.err
    assert done.status == 2


def test_an_interrupt_is_130_with_a_line(policykg: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: Service) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Service, "status", interrupted)
    done = policykg("status")
    assert done.status == 130
    assert done.err.startswith("已中断")


def test_home_may_stand_before_or_after_the_command(policykg: Run, built: Path) -> None:
    before = policykg("--home", built, "status", "--json").json
    assert before == policykg("status", "--home", built, "--json").json
    assert before["documents"] == 2
    assert policykg("status", "--json").json["documents"] == 0, "and is forgotten afterwards"


def test_search_has_the_contracts_fields(policykg: Run, built: Path) -> None:
    found = policykg("search", "开放", "实验室", "--top", 1, "--home", built, "--json").json
    assert len(found) == 1
    assert {"document_id", "source", "passage_id", "heading", "text", "score", "start", "end"} <= found[0].keys()
    assert "实验室" in found[0]["text"]


def test_search_filters_inside(policykg: Run, built: Path) -> None:
    found = policykg("search", "质量", "--year", 2021, "--place", "崇明区", "--home", built, "--json").json
    assert {Path(hit["source"]).name for hit in found} == {"方案.md"}


def test_answers_show_words_table_quotes_and_query(policykg: Run, built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = {
        "question": "问",
        "answerable": True,
        "answer": "两个区开展过。",
        "columns": ["年度", "地区"],
        "rows": [{"年度": 2023, "地区": ["青浦区", "[red]方括号[/red]"]}],
        "interpretation": "系列＝质量开放日",
        "sparql": "SELECT ?x WHERE {}",
        "evidence": [{"document_id": "d-1", "source": "a/通知.txt", "quote": "组织活动", "start": 1, "end": 5}],
        "chart": None,
    }
    monkeypatch.setattr(Service, "ask", lambda self, question: answer | {"question": question})
    out = policykg("ask", "哪些区", "开展过", "--home", built).out
    positions = [out.index(part) for part in ("两个区开展过", "青浦区、[red]", "“组织活动”", "通知.txt", "SELECT ?x")]
    assert positions == sorted(positions)
    assert policykg("ask", "哪些区", "开展过", "--home", built, "--json").json["question"] == "哪些区 开展过"


@pytest.mark.parametrize("format_", ["table", "csv", "tsv", "json", "xml"])
def test_sparql_formats(policykg: Run, built: Path, format_: str) -> None:
    query = "SELECT ?number WHERE { ?d a pkg:Document ; eli:id_local ?number }"
    done = policykg("sparql", query, "--format", format_, "--home", built)
    assert done.status == 0
    assert "青示范办〔2023〕5号" in done.out


def test_sparql_writes_files_and_takes_the_format_from_the_name(policykg: Run, built: Path, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    (tmp_path / "q.rq").write_text("\ufeffSELECT ?t WHERE { ?d a pkg:Document ; dcterms:title ?t } ORDER BY ?t")
    target = tmp_path / "结果.xlsx"
    done = policykg("sparql", "--file", tmp_path / "q.rq", "-o", target, "--home", built)
    assert (done.status, done.out) == (0, "")
    rows = list(load_workbook(target).active.values)
    assert rows[0] == ("t",)
    assert len(rows) == 3
    assert_one_line(policykg("sparql", "SELECT * {}", "--format", "xlsx", "--home", built), "-o")
    assert_one_line(policykg("sparql", "SELECT * {}", "-o", tmp_path / "no" / "x.csv", "--home", built), "无法写入")


def test_construct_is_turtle_by_default(policykg: Run, built: Path) -> None:
    out = policykg("sparql", "CONSTRUCT { ?d a pkg:Document } WHERE { ?d a pkg:Document }", "--home", built).out
    assert "pkg:Document" in out or "ontology#Document" in out


def test_a_wrong_query_tells_where(policykg: Run, built: Path) -> None:
    assert_one_line(policykg("sparql", "SELECT ?x WHERE {", "--home", built), "第 1 行")
    assert_one_line(policykg("sparql", "DELETE WHERE { ?s ?p ?o }", "--home", built))


def test_saved_queries_are_listed_and_run(policykg: Run, built: Path) -> None:
    names = [query["name"] for query in policykg("sparql", "--saved", "--json", "--home", built).json]
    assert "documents" in names
    for name in names:
        assert policykg("sparql", "--saved", name, "--format", "json", "--home", built).json["head"]["vars"]
    assert_one_line(policykg("sparql", "--saved", "document", "--home", built), "documents")


@pytest.mark.parametrize("name", ["图.nq", "图.ttl", "图.jsonld"])
def test_exports_of_the_graph(policykg: Run, built: Path, tmp_path: Path, name: str) -> None:
    result = policykg("export", "graph", "-o", tmp_path / name, "--home", built, "--json").json
    assert result["count"] > 100
    assert (tmp_path / name).stat().st_size == result["bytes"]


@pytest.mark.parametrize("name", ["机构.graphml", "机构.gexf"])
def test_exports_of_the_agencies(policykg: Run, built: Path, tmp_path: Path, name: str) -> None:
    assert policykg("export", "agencies", "-o", tmp_path / name, "--home", built).status == 0
    assert "市场监督管理局" in (tmp_path / name).read_text(encoding="utf-8")


def test_the_installed_command_works_in_a_pipe_and_in_any_locale(built: Path) -> None:
    environ = {**os.environ, "POLICYKG_HOME": str(built), "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-c", "from kg.cli import main; main()", "documents", "--json"]
    done = subprocess.run(command, check=True, capture_output=True, env=environ)
    assert "通知" in done.stdout.decode("utf-8")
    assert done.stderr == b""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ) as closed:
        assert closed.stdout is not None
        assert closed.stderr is not None
        closed.stdout.close()  # the reader of the pipe has gone
        assert closed.stderr.read() == b""
        assert closed.wait() == 0


def test_reading_commands_import_nothing_heavy(built: Path) -> None:
    script = (
        "import sys; from kg.cli import run; run(['documents', '--json']); run(['search', '质量', '--json'])\n"
        "heavy = {'streamlit', 'sentence_transformers', 'torch', 'networkx', 'rdflib', 'pandas', 'pyshacl', 'rich'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    environ = {**os.environ, "POLICYKG_HOME": str(built)}
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, env=environ)
    assert done.stderr == "[]\n"


def test_search_between_dates_in_order(policykg: Run, built: Path) -> None:
    dates = [item["date"] for item in policykg("documents", "--home", built, "--json").json if item["date"]]
    first = min(dates)
    found = policykg("search", "质量", "--until", first, "--order", "oldest", "--home", built, "--json").json
    ids = {item["id"] for item in policykg("documents", "--home", built, "--json").json if item["date"] == first}
    assert {hit["document_id"] for hit in found} == ids
    assert policykg("search", "质量", "--since", "2099", "--home", built, "--json").json == []
    refused = policykg("search", "质量", "--since", "去年", "--home", built)
    assert refused.status == 2
    assert "2024-05" in refused.err


def test_a_search_says_when_nothing_holds_the_words(policykg: Run, built: Path) -> None:
    assert "0 处" in policykg("search", "开放日实验室论坛", "--home", built).out
    assert "0 处" not in policykg("search", "实验室", "--home", built).out
