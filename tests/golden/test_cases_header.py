"""The small cases of ``../shared/eval/cases/reading`` about what stands around a text: head, foot, files, notices.

One assertion a case, by hand, of what its ``right`` says. The cases are one kind of fault each, in words of our own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingest.pipeline import read_document
from kg.core.model import Document
from ontology.reference import load_reference

SUFFIXES = (".txt", ".md", ".html")
WUHU = "芜湖市人民政府办公室"
GRAIN = {
    "title": "关于印发《合肥市粮食仓储管理办法》的通知",
    "doc_number": "合粮规〔2025〕5号",
    "recipients": "各有关单位",
    "date": "2025-07-28",
    "issuers": ["合肥市粮食和物资储备局"],
}
PORT = {
    "title": "芜湖市交通运输局关于开展2024年本市绿色港口建设工作的函",
    "doc_number": "芜交规〔2024〕61号",
    "kind": "函",
    "recipients": "各区人民政府，经开区、高新区等管委会",
    "issuers": ["芜湖市交通运输局"],
    "date": "2024-02-01",
}
# what each case says of the header: field -> value
HEADERS: dict[str, dict[str, Any]] = {
    "head-1": {
        "title": "芜湖市推进绿色港口建设十条措施",
        "doc_number": "芜港改办发〔2024〕8号",
        "issuers": ["芜湖市推进港口转型升级协调小组办公室"],
        "region": "芜湖市",
    },
    "head-2": PORT,
    "head-2b": PORT,
    "head-3": {
        "title": "镜湖区教育局关于印发《2024年镜湖区幼儿园招生工作方案》的通知",
        "recipients": "各幼儿园",
        "issuers": ["芜湖市镜湖区教育局"],
        "date": "2024-04-20",
    },
    "head-4": {
        "issuers": [
            "芜湖市镜湖区发展和改革委员会",
            "芜湖市镜湖区水务局",
            "芜湖市镜湖区教育局",
            "芜湖市镜湖区财政局",
        ]
    },
    "head-6": {"title": "芜湖市水务局关于印发河湖保护工作方案的通知", "doc_number": "芜水〔2024〕7号"},
    "head-7": {
        "title": "芜湖市水务局关于印发河湖管护方案的通知",
        "doc_number": "芜水〔2024〕20号",
        "date": "2024-07-15",
    },
    "title-firstline-1": {"title": "国务院办公厅关于全面推行行政规范性文件合法性审核机制的指导意见"},
    "title-glued-subtitle-1": {
        "title": "政府工作报告",
        "kind": "报告",
        "issuers": ["合肥市人民政府"],
        "date": "2025-01-08",
    },
    "frontmatter-number-1": GRAIN,
    "frontmatter-rule-line-1": GRAIN,
    "letter-title-1": {"title": "", "recipients": "李明等代表", "kind": "答复", "issuers": ["桐城市水利局"]},
    "party-title-1": {
        "title": "中共中央 国务院关于做好2023年粮食仓储工作的意见",
        "issuers": ["中共中央", "国务院"],
        "date": "2023-01-02",
    },
    "region-1": {"region": "德化县", "level": "县", "issuers": ["德化县科学技术协会"]},
    "region-2": {"region": "织金县", "level": "县", "issuers": ["织金县防汛抗旱指挥部办公室"]},
    "region-3": {"region": "平舆县", "level": "县", "issuers": ["平舆县人民政府办公室"]},
    "county-unknown-1": {"region": "镇康县", "level": "县", "issuers": ["镇康县人民政府办公室"]},
    "year-from-body-1": {"year": 2024, "date": "2024-09-04", "issuers": ["合肥市商务局"]},
    "annex-1": {"date": "2024-05-08", "issuers": ["芜湖市水务局"]},
    "attachment-list-as-activities-1": {"date": "2025-03-27", "issuers": ["合肥市社会保险中心"]},
    "award-list-as-issuers-1": {"issuers": ["合肥市人民政府办公室"], "region": "合肥市", "level": "市"},
    "agency-region-unresolved-1": {
        "title": "合肥市北斗产业发展三年行动计划（2021-2023年）",
        "region": "合肥市",
        "level": "市",
    },
}


def document_of(folder: Path, name: str) -> Document:
    file = next(f for s in SUFFIXES if (f := folder / f"{name}{s}").is_file())
    return read_document(file.read_bytes(), source=file.name, document_id=name, reference=load_reference())


def field_of(document: Document, field: str) -> Any:
    value = getattr(document, field)
    if field == "issuers":
        return [party.name for party in value]
    return value.value if field == "level" and value else value


def agencies_of(document: Document) -> set[str]:
    return {agency.name for agency in document.agencies}


@pytest.mark.parametrize("name", HEADERS)
def test_header(cases_dir: Path, name: str) -> None:
    document = document_of(cases_dir, name)
    assert {field: field_of(document, field) for field in HEADERS[name]} == HEADERS[name]


def test_menus_and_footers_name_no_body(cases_dir: Path) -> None:
    assert agencies_of(document_of(cases_dir, "html-furniture-1")) == {"合肥市人民政府"}


def test_names_below_each_other_are_two_bodies(cases_dir: Path) -> None:
    found = agencies_of(document_of(cases_dir, "joint-1"))
    joint = {"芜湖市安全生产委员会办公室", "芜湖市消防安全委员会办公室", "中共芜湖市委员会", "芜湖市人民政府"}
    assert joint <= found
    assert found - joint == {WUHU}


def test_a_zone_of_a_county_is_not_that_of_the_province(cases_dir: Path) -> None:
    found = agencies_of(document_of(cases_dir, "region-1"))
    assert {"德化县科学技术协会", "德化县教育局"} <= found
    assert not any(name.startswith("福建") and "高新" in name for name in found)


def test_bodies_of_a_county(cases_dir: Path) -> None:
    activities = document_of(cases_dir, "region-3").activities
    assert next(p.name for p in activities[0].responsible) == "平舆县交通运输局"
    assert {"镇康县农业农村局", "镇康县财政局"} <= agencies_of(document_of(cases_dir, "county-unknown-1"))
    activities = document_of(cases_dir, "region-2").activities
    units = [p.name for p in activities[0].responsible]
    assert units[0] == "织金县水务局"
    assert all("办公室" not in name and "指挥部" not in name for name in units)


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("annex-1", ["开展巡查"]),
        ("attachment-list-as-activities-1", []),
        ("toc-as-activities-1", []),
        ("head-3", ["报名"]),
        ("title-glued-subtitle-1", ["举办世界制造业大会"]),
        ("agency-region-unresolved-1", ["开展攻关"]),
        ("abbrev-1", ["积极推广", "完善措施"]),
    ],
)
def test_lists_of_files_and_contents_are_no_tasks(cases_dir: Path, name: str, titles: list[str]) -> None:
    assert [activity.title for activity in document_of(cases_dir, name).activities] == titles


def test_nobody_misses_the_number_of_a_communique(cases_dir: Path) -> None:
    notices = [notice.code for notice in document_of(cases_dir, "false-number-notice-1").notices]
    assert "missing-number" not in notices


def test_awardees_are_no_issuers_but_bodies(cases_dir: Path) -> None:
    assert {"肥东县人民政府", "长丰县人民政府"} <= agencies_of(document_of(cases_dir, "award-list-as-issuers-1"))


def test_bureaus_of_every_county_are_not_those_of_the_state(cases_dir: Path) -> None:
    found = agencies_of(document_of(cases_dir, "agency-recipients-national-1"))
    assert "公安部" in found
    assert not found & {"国家发展和改革委员会", "国家旅游局"}


def test_bodies_are_those_of_the_city_in_the_title(cases_dir: Path) -> None:
    found = agencies_of(document_of(cases_dir, "agency-region-unresolved-1"))
    assert {"合肥市科学技术局", "合肥市发展和改革委员会"} <= found


def test_no_place_inside_of_two_words(cases_dir: Path) -> None:
    assert [place.name for place in document_of(cases_dir, "place-1").places] == ["镜湖区"]


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("ref-unquoted-plan-1", ["“十四五”数字经济发展规划"]),
        ("ref-work-policy-1", ["煤矿安全生产基本条件", "电动自行车行业规范条件"]),
        ("abbrev-1", ["国务院办公厅关于复制推广营商环境创新试点改革举措的通知"]),
    ],
)
def test_references(cases_dir: Path, name: str, titles: list[str]) -> None:
    assert list(dict.fromkeys(r.title for r in document_of(cases_dir, name).policy_references)) == titles


def test_words_of_a_campaign_alone_make_no_series(cases_dir: Path) -> None:
    activities = document_of(cases_dir, "series-1").activities
    assert activities
    assert not [activity.series for activity in activities if activity.series]
