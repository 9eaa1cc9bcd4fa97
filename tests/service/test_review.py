"""People's statements about facts: taken in, shown, undone, and never lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kg.core.config import Settings
from kg.core.errors import UnknownName, UsageError
from kg.service import Service
from kg.service.audit import Actor
from tests.service.outliving import outlive_everything, random_statements

pytestmark = pytest.mark.long

NOTICE = """海城市市场监督管理局文件
海市监〔2026〕7号
关于开展2026年“质量月”活动的通知
各区市场监督管理局：
一、组织“质量开放日”活动
由海城市市场监督管理局牵头，海城市教育局配合。
二、开展质量技术帮扶
全市帮扶企业200家。（责任单位：市科技局）
海城市市场监督管理局
2026年9月1日
"""


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(Settings(home=tmp_path / "home", embedder="none", file_seconds=0), actor=Actor("张三", "app"))


@pytest.fixture
def notice(service: Service, tmp_path: Path) -> Path:
    path = tmp_path / "通知.txt"
    path.write_text(NOTICE)
    assert service.ingest([path])["failed"] == []
    return path


def document(service: Service, name: str = "通知.txt") -> dict[str, Any]:
    return service.document(name)


def about(action: str, path: str, **values: Any) -> dict[str, Any]:
    return {"action": action, "document": "通知.txt", "path": path, "values": values}


def bodies(service: Service, name: str = "通知.txt") -> list[str]:
    return [party["name"] for a in document(service, name)["activities"] for party in a["responsible"]]


def test_a_corrected_duty_is_shown_published_and_undone(service: Service, notice: Path) -> None:
    before = document(service)
    number = next(n for n, a in enumerate(before["activities"], 1) if "帮扶" in a["title"])
    path = f"activities/{number}/responsible/1"
    done = service.correct([about("correct", path, name="海城市经济和信息化局", role="牵头")])
    party = document(service)["activities"][number - 1]["responsible"][0]
    assert (party["name"], party["role"], party["as_written"]) == ("海城市经济和信息化局", "lead", "市科技局")
    assert party["review"] == done["corrections"][0]["id"]
    assert party["confidence"] == 1.0
    names = {entry["name"] for entry in document(service)["agencies"]}
    assert "海城市经济和信息化局" in names
    answer = service.ask("海城市经济和信息化局负责哪些活动？")
    assert "帮扶" in json.dumps(answer, ensure_ascii=False)
    rows = service.sparql(
        "PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX pkg: <https://w3id.org/policykg/ontology#> "
        "SELECT ?action WHERE { ?duty a pkg:Responsibility ; prov:wasGeneratedBy ?review ; pkg:asWritten ?w . "
        "?review a pkg:Review ; pkg:reviewAction ?action . FILTER(STR(?w) = '市科技局') }"
    )["rows"]
    assert rows == [["correct"]]
    service.undo_correction(done["corrections"][0]["id"])
    assert document(service) == before
    assert [entry["action"] for entry in service.audit()][:2] == ["undo", "correct"]


def test_facts_are_rejected_added_and_the_header_is_set(service: Service, notice: Path) -> None:
    figures = document(service)["figures"]
    assert figures
    service.correct([about("reject", "figures/1")])
    assert len(document(service)["figures"]) == len(figures) - 1
    added = {**about("add", "figures", what="帮扶企业", value="200", unit="家"), "quote": "全市帮扶企业200家"}
    service.correct([added, about("correct", "document", year="2025", kind="方案", region="海城市")])
    found = document(service)
    [figure] = [f for f in found["figures"] if f["review"]]
    assert (figure["value"], figure["unit"], figure["evidence"]["quote"]) == (200.0, "家", "全市帮扶企业200家")
    assert (found["year"], found["kind"]) == (2025, "方案")
    [listed] = service.documents()
    assert (listed["year"], listed["kind"]) == (2025, "方案")


def test_what_does_not_fit_the_declaration_is_refused_and_nothing_is_kept(service: Service, notice: Path) -> None:
    good = about("correct", "document", year=2025)
    for wrong, error in (
        (about("correct", "document", date="9月1日"), UsageError),
        (about("correct", "figures/1", value="很多"), UsageError),
        (about("correct", "figures/1", colour="红"), UnknownName),
        (about("correct", "figures/99", value=3), UnknownName),
        (about("correct", "activities/1/responsible/1", role="站台"), UnknownName),
        (about("add", "figures", what="甲", value=1, unit="家"), UsageError),
        ({**about("add", "figures", what="甲", value=1, unit="家"), "quote": "没有这句话"}, UsageError),
        ({"action": "merge", "kind": "body", "name": "甲局", "other": "甲局"}, UsageError),
        (about("praise", "figures/1"), UnknownName),
    ):
        with pytest.raises(error):
            service.correct([good, wrong])
    assert service.corrections(undone=True) == []
    assert document(service)["year"] == 2026


def test_a_statement_outlives_another_reading_and_falls_when_its_words_go(service: Service, notice: Path) -> None:
    number = next(n for n, a in enumerate(document(service)["activities"], 1) if "帮扶" in a["title"])
    service.correct([about("correct", f"activities/{number}/responsible/1", name="海城市经济和信息化局")])
    service.correct([about("correct", "figures/1", what="受帮扶企业")])
    notice.write_text(NOTICE.replace("各区市场监督管理局：", "各区市场监督管理局：\n现就有关事项通知如下。"))
    service.ingest([notice])
    assert "海城市经济和信息化局" in bodies(service)
    assert [f["what"] for f in document(service)["figures"] if f["review"]] == ["受帮扶企业"]
    assert service.to_review_again() == []
    notice.write_text(NOTICE.replace("全市帮扶企业200家。（责任单位：市科技局）", "（责任单位：市环保局）"))
    service.ingest([notice])
    assert [each["kind"] for each in service.to_review_again()] == ["figure", "responsible"]
    assert "海城市经济和信息化局" not in bodies(service)
    notice.write_text(NOTICE)
    service.ingest([notice])
    assert service.to_review_again() == []
    assert "海城市经济和信息化局" in bodies(service)


def test_a_later_statement_about_a_fact_is_undone_before_the_earlier(service: Service, notice: Path) -> None:
    first = service.correct([about("correct", "figures/1", what="甲")])["corrections"][0]["id"]
    second = service.correct([about("correct", "figures/1", what="乙")])["corrections"][0]["id"]
    assert document(service)["figures"][0]["what"] == "乙"
    with pytest.raises(UsageError, match=second):
        service.undo_correction(first)
    service.undo_correction(second)
    assert document(service)["figures"][0]["what"] == "甲"


def test_bodies_are_merged_split_and_have_other_names(service: Service, notice: Path, tmp_path: Path) -> None:
    other = tmp_path / "另一通知.txt"
    other.write_text(NOTICE.replace("2026", "2027").replace("海城市教育局", "海城市教育委员会"))
    service.ingest([other])
    merged = {"action": "merge", "kind": "body", "name": "海城市教育委员会", "other": "海城市教育局"}
    done = service.correct([merged])
    assert "海城市教育局" in bodies(service, "另一通知.txt")
    assert "海城市教育委员会" not in bodies(service, "另一通知.txt")
    other.write_text(other.read_text() + "\n（此件公开发布）\n")
    service.ingest([other])
    assert "海城市教育局" in bodies(service, "另一通知.txt")
    service.undo_correction(done["corrections"][0]["id"])
    assert "海城市教育委员会" in bodies(service, "另一通知.txt")
    split = {"action": "split", "kind": "body", "name": "海城市教育局", "other": "海城市教育考试院"}
    service.correct([{**split, "documents": ["通知.txt"]}])
    assert "海城市教育考试院" in bodies(service)
    named = {"action": "other-name", "kind": "body", "name": "海城市市场监督管理局", "other": "海城老工商局"}
    service.correct([named])
    assert "海城老工商局" in json.dumps(service.sparql(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> SELECT ?n WHERE { ?b skos:altLabel ?n }"
    )["rows"], ensure_ascii=False)  # fmt: skip
    assert service.ask("海城老工商局负责哪些活动？")["answerable"]


def test_the_queue_shortens_with_each_word_and_gold_is_what_was_confirmed(service: Service, corpus_dir: Path) -> None:
    service.ingest([corpus_dir])
    found = service.review_queue(top=5)
    scores = [item["score"] for item in found["items"]]
    assert scores == sorted(scores, reverse=True)
    assert found["left"] > 5
    for item in found["items"][:2]:
        assert item["quote"]
        service.correct(
            [{"action": "confirm", "document": item["document_id"], "path": item["path"], "values": {}}], publish=False
        )
    after = service.review_queue(top=5)
    assert after["left"] == found["left"] - 2
    assert after["done"] == 2
    service.publish_corrections()
    asked = service.gold()
    assert all(case["question"].endswith("？") and case["answer"] for case in asked)


# -- 200 statements and 20 merges, and everything that may befall them -----------------------------------------------


def test_two_hundred_statements_and_twenty_merges_outlive_everything(tmp_path: Path, corpus_dir: Path) -> None:
    outlive_everything(tmp_path, (path for path in corpus_dir.iterdir() if path.is_file()), statements=200, merges=20)


def test_statements_stay_where_paragraphs_come_in_above_and_below(tmp_path: Path, corpus_dir: Path) -> None:
    """The same, but for positions: the words move."""
    files = tmp_path / "files"
    files.mkdir()
    for path in sorted(corpus_dir.iterdir()):
        if path.is_file():
            (files / path.name).write_bytes(path.read_bytes())
    service = Service(Settings(home=tmp_path / "home", embedder="none", file_seconds=0))
    service.ingest([files])
    service.correct(random_statements(service, 200))

    def reviewed() -> set[str]:
        found = set()
        for item in service.documents():
            for key, facts in service.document(item["id"]).items():
                for fact in facts if isinstance(facts, list) else ():
                    for each in (fact, *fact.get("responsible", ())) if isinstance(fact, dict) else ():
                        if each.get("review"):
                            name = each.get("title") or each.get("name") or each.get("what") or each.get("as_written")
                            found.add(f"{each['review']} {key} {name}")
        return found

    before = reviewed()
    for path in sorted(files.iterdir()):
        text = path.read_text(encoding="utf-8").split("\n")
        path.write_text("\n".join([*text[:-1], text[-1], "", "抄送：有关单位。"]), encoding="utf-8")
    service.ingest([files])
    assert reviewed() == before
    assert service.to_review_again() == []


def test_what_was_said_of_a_file_goes_with_it_to_another_folder(service: Service, notice: Path, tmp_path: Path) -> None:
    service.correct([about("correct", "document", year=2025)])
    service.remove(["通知.txt"])
    elsewhere = tmp_path / "别处"
    elsewhere.mkdir()
    (elsewhere / "通知.txt").write_text(NOTICE)
    notice.unlink()
    service.ingest([elsewhere])
    assert document(service)["year"] == 2025
