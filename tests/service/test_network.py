"""Agencies and their ties: filters, neighbourhoods, the way between two, the card, the table of duties."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from kg.core.config import Settings
from kg.core.errors import UnknownName
from kg.service import Service
from kg.service.network import TIES
from kg.service.network_picture import CROWDED

pytestmark = pytest.mark.long

BUREAU = "青浦区市场监督管理局"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, corpus_dir: Path) -> Service:
    service = Service(Settings(home=tmp_path_factory.mktemp("home"), embedder="none", file_seconds=0))
    service.ingest([corpus_dir])
    return service


def labels(picture) -> set[str]:
    return {node["label"] for node in picture["nodes"]}


def test_labels_are_unique_and_the_best_connected_come_first(service: Service):
    known = service.agencies()
    names = [item["label"] for item in known["agencies"]]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    ties = [item["ties"] for item in known["agencies"]]
    assert ties == sorted(ties, reverse=True)
    assert known["years"] == [2024, 2022, 2019]
    assert {"国家", "省", "区"} <= set(known["levels"])


def test_bodies_of_one_name_are_told_apart_by_the_papers_that_they_belong_to(tmp_path: Path):
    for number, name in enumerate(("读书节", "健步走")):
        (tmp_path / f"{number}.txt").write_text(
            f"关于开展{name}活动的通知\n各有关单位：\n一、举办{name}启动仪式。（责任单位：各有关单位、市文化局）\n"
            f"江州市文化局\n2024年3月{number + 1}日\n",
            encoding="utf-8",
        )
    own = Service(Settings(home=tmp_path / "home", embedder="none", file_seconds=0))
    own.ingest([tmp_path])
    named = {item["label"] for item in own.agencies()["agencies"] if item["label"].startswith("各有关单位")}
    assert named == {"各有关单位（关于开展读书节活动的通知）", "各有关单位（关于开展健步走活动的通知）"}


def test_a_large_network_is_drawn_around_one_agency(service: Service):
    picture = service.agency_picture()
    assert picture["focused"]
    assert len(picture["nodes"]) <= CROWDED < picture["total"]
    around = service.agency_picture(centre="国家市场监督管理总局")
    assert around["centre"] == "国家市场监督管理总局"
    assert "国家市场监督管理总局" in labels(around)
    assert labels(around) != labels(picture)


def test_everything_shows_all_and_edges_stay_inside(service: Service):
    picture = service.agency_picture(everything=True)
    assert not picture["focused"]
    assert len(picture["nodes"]) == picture["total"] == len(service.agencies()["agencies"])
    ends = {edge[end] for edge in picture["edges"] for end in ("source", "target")}
    assert ends <= labels(picture)
    assert all(set(edge["ties"]) <= TIES.keys() and edge["ties"] for edge in picture["edges"])


def test_the_picture_is_the_same_each_time(service: Service):
    assert service.agency_picture(year=2024) == service.agency_picture(year=2024)


@pytest.mark.parametrize("tie", list(TIES))
def test_a_tie_keeps_its_edges_only(service: Service, tie: str):
    edges = service.agency_picture(tie=tie, everything=True)["edges"]
    assert edges
    assert all(tie in edge["ties"] for edge in edges)


def test_filters_hold_together(service: Service):
    nodes = service.agency_picture(place="青浦区", kind="政府部门", level="区")["nodes"]
    assert BUREAU in {node["label"] for node in nodes}
    assert {(node["place"], node["kind"], node["level"]) for node in nodes} == {("青浦区", "政府部门", "区")}
    assert service.agency_picture(place="青浦区", tie="issued")["nodes"] == []


def test_joint_issuers_are_one_community(service: Service):
    picture = service.agency_picture(tie="issued")
    assert len(picture["groups"]) == 1
    assert {node["group"] for node in picture["nodes"]} == {0}


def test_size_by_betweenness_differs_from_degree(service: Service):
    degree = {node["label"]: node["size"] for node in service.agency_picture()["nodes"]}
    between = {node["label"]: node["size"] for node in service.agency_picture(size="betweenness")["nodes"]}
    assert degree.keys() == between.keys()
    assert max(between.values()) <= 1
    assert min(degree.values()) >= 1


def test_unknown_names_suggest_the_nearest(service: Service):
    for call in (
        lambda: service.agency("青浦区市场监督管理"),
        lambda: service.agency_path(BUREAU, "查无此局"),
        lambda: service.agency_picture(tie="guess"),
        lambda: service.agency_picture(size="guess"),
    ):
        with pytest.raises(UnknownName):
            call()


def test_each_step_of_the_way_stands_on_documents(service: Service):
    steps = service.agency_path(BUREAU, "上海市教育委员会")
    assert steps[0]["from"] == BUREAU
    assert steps[-1]["to"] == "上海市教育委员会"
    assert all(left["to"] == right["from"] for left, right in zip(steps, steps[1:], strict=False))
    held = {item["id"] for item in service.documents()}
    assert all({item["id"] for item in step["documents"]} <= held for step in steps)
    assert all(step["documents"] or step["stated"] for step in steps)
    assert service.agency_path(BUREAU, BUREAU) == []


def test_no_way_is_no_step(service: Service):
    assert service.agency_path(BUREAU, "上海市总工会") == []


def test_the_card_tells_names_and_duties_and_what_is_only_implied(service: Service):
    card = service.agency(BUREAU)
    assert "区市场监管局" in card["written"]
    assert "上海市各区市场监督管理局" in card["groups"]
    assert {row["assertion"] for row in card["activities"]} == {"点名", "推及"}
    implied = [row for row in card["activities"] if row["assertion"] == "推及"]
    assert {row["agency"] for row in implied} <= set(card["groups"])
    years = [row["year"] for row in card["activities"]]
    assert years == sorted(years, reverse=True)
    assert {item["id"] for item in card["documents"]} >= {row["document_id"] for row in card["activities"]}


def test_every_duty_quotes_its_document(service: Service):
    rows = service.assignments()
    assert len(rows) > 100
    for row in rows:
        assert row["agency"]
        assert row["activity"]
        assert row["role"] in ("牵头", "配合", "责任单位")
        text = service.text(row["document_id"])
        assert text[row["start"] : row["end"]] == row["quote"] or "＊" in row["quote"]


def test_duties_of_one_agency_and_year(service: Service):
    rows = service.assignments(name=BUREAU, year=2024)
    assert {(row["agency"], row["year"]) for row in rows} == {(BUREAU, 2024)}
    assert len(rows) < len(service.assignments(name=BUREAU))


def test_guidance_tells_what_is_written_from_what_follows_from_names(service: Service):
    edges = service.agency_picture(tie="guidance", everything=True)["edges"]
    texts = {frozenset((edge["source"], edge["target"])): edge["text"] for edge in edges}
    written = frozenset(("上海市国有资产监督管理委员会", "上海城投公路投资（集团）有限公司"))
    assert "文件写明的指导" in texts[written]
    above = frozenset((BUREAU, "上海市市场监督管理局"))
    assert "同系统上下级业务指导" in texts[above]
    assert frozenset((BUREAU, "国家市场监督管理总局")) not in texts  # the city stands between
    (step,) = service.agency_path("江苏省市场监督管理局", "国家市场监督管理总局")[-1:]
    assert step["inferred"]
    assert step["documents"] == []


def test_one_stays_with_the_generation_that_one_reads(tmp_path: Path):
    service = Service(Settings(home=tmp_path / "home", embedder="none", file_seconds=0))
    assert service.newest() is None
    first, second = tmp_path / "甲.txt", tmp_path / "乙.txt"
    first.write_text("青浦区人民政府\n关于开展质量月活动的通知\n2024年9月1日\n", encoding="utf-8")
    second.write_text("青浦区人民政府\n关于开展读书活动的通知\n2023年9月1日\n", encoding="utf-8")
    service.ingest([first])
    staying = service.staying()
    number = staying.generation()["number"]
    service.ingest([second])
    assert service.newest() == number + 1 == service.generation()["number"]
    assert staying.generation() == {**staying.generation(), "number": number, "documents": 1}
    assert service.staying().generation()["documents"] == 2


def test_a_writer_does_not_double_what_readers_hold(service: Service):
    held = service.staying().snapshot()
    service._snapshots.drop()
    assert service.snapshot() is held
