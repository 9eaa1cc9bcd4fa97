"""The small cases of ``../shared/eval/cases/reading`` about tasks and who is responsible for them.

One assertion a case, by hand, of what its ``right`` says. The cases are one kind of fault each, in words of our own.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.core.model import Document
from tests.golden.test_cases_header import document_of


def told(document: Document) -> dict[str, list[str]]:
    """Title of each task -> its bodies as written, with the role where one was given."""
    return {
        a.title: [p.as_written + (f"/{p.role.value}" if p.role else "") for p in a.responsible]
        for a in document.activities
        if a.parent is None
    }


def named(document: Document, title: str) -> list[str]:
    """The full names of those responsible for a task."""
    return [p.name for a in document.activities if a.title == title for p in a.responsible]


BUILD = "建设岸电设施"
RIGHT: dict[str, dict[str, list[str]]] = {
    "unit-form-1": {
        "开展节水进社区活动": ["节水处", "宣传处"],
        "举办节水知识竞赛": ["办公室/lead", "各科室/co"],
    },
    "unit-form-2": {
        BUILD: ["市交通运输局/lead", "市生态环境局/lead", "各县〈市、区〉人民政府/co", "市直各单位/co"],
        "推广清洁能源车辆": ["市交通运输局/lead", "各县（市、区）人民政府/co"],
    },
    "unit-form-3": {"开展节水宣传周活动": ["市水务局", "市教育局"], "开展节水进校园活动": ["市教育局"]},
    "unit-form-4": {
        "牵头推进岸电设施建设，定期通报进度": ["市交通运输局/lead"],
        "负责大气监测，配合开展执法检查": ["市生态环境局"],
        "落实主体责任，按期完成改造": ["各港口企业"],
    },
    "unit-form-6": {
        "完成岸电设施改造20处": ["市交通运输局", "市生态环境局"],
        "新建充电桩约30座": ["市发展改革委", "市财政局"],
    },
    "unit-form-8": {
        BUILD: ["市交通运输局", "区司法局/lead", "市级有关部门/co"],
        "整治行动": ["各区住房建设主管部门", "市建筑站", "市住房建设局"],
    },
    "role-1": {BUILD: ["市交通运输局/lead", "市生态环境局/co", "各县（市、区）人民政府/co"]},
    "lead-lost-1": {"开展燃气具专项检查": ["市市场监管局/lead", "市公安局/co"]},
    "sub-1": {"优化服务": ["市公安局"]},
    "item-long-dropped-1": {},
    "nested-1": {
        BUILD: ["市府办", "市交通运输局", "江湾公司", "滨江公司"],
        "开展联合巡查": ["市公安局/co", "长江裕溪口海事处/co", "航道管理处/co"],
    },
    "responsible-verb-1": {"创建绿色商场": ["商务部", "文化和旅游部", "国管局"]},
    "responsible-with-others-1": {"开展帮扶": ["商务部", "全国总工会", "各有关省级人民政府"]},
    "toc-as-activities-1": {},
    "group-1": {
        BUILD: ["各产业园区管委会", "市交通运输局"],
        "推广清洁能源车辆": ["市交通运输局", "市直各部门"],
        "优化作业流程": ["市交通运输局/lead", "市级有关部门/co"],
    },
    "group-2": {
        BUILD: [
            "市交通运输局/lead", "市公安局/co", "市财政局/co", "市商务局/co", "市直（驻市）进驻单位/co",
            "各县（市、区）人民政府/co",
        ],
        "推广清洁能源车辆": ["市交通运输局", "市城管局", "市级有关部门"],
    },
    "layout-1": {BUILD: ["市交通运输局", "市生态环境局"], "推广清洁能源车辆": ["市交通运输局"]},
    "layout-2": {},
}  # fmt: skip
del RIGHT["item-long-dropped-1"]  # its titles are long: below


@pytest.mark.parametrize("name", RIGHT)
def test_tasks_and_bodies(name: str, cases_dir: Path) -> None:
    assert told(document_of(cases_dir, name)) == RIGHT[name]


def test_tasks_without_bodies(cases_dir: Path) -> None:
    titles = list(told(document_of(cases_dir, "task-1")))
    assert titles == ["积极复制推广", "完善配套措施", "强化督促检查"]
    assert len(told(document_of(cases_dir, "items-1"))) == 5
    assert set(told(document_of(cases_dir, "attachment-list-as-activities-1"))).isdisjoint(
        {"操作指引.pdf", "网点名单.xlsx"}
    )


@pytest.mark.parametrize("name", ["items-len70", "items-len80", "items-len110"])
def test_length_drops_no_item(name: str, cases_dir: Path) -> None:
    assert list(told(document_of(cases_dir, name)).values()) == [["市交通运输局"]]


def test_long_first_sentences(cases_dir: Path) -> None:
    bodies = list(told(document_of(cases_dir, "item-long-dropped-1")).values())
    assert bodies == [["市场监管总局"], ["财政部", "国家卫生健康委"], ["国家发展改革委/lead", "财政部/co"]]


def test_reports_tell_of_events(cases_dir: Path) -> None:
    document = document_of(cases_dir, "report-genre-events-1")
    found = {(a.title, a.status.value) for a in document.activities}
    assert found == {
        ("举办政策宣讲会", "reported"),
        ("开展普惠金融畅通系列活动", "reported"),
        ("召开营商环境现场会", "planned"),
    }


def test_clauses_are_no_bodies(cases_dir: Path) -> None:
    junk = {"银行", "幼儿园", "医院", "领导小组", "联席会议"}
    document = document_of(cases_dir, "junk-1")
    assert [a.name for a in document.agencies if any(a.name.endswith(j) for j in junk)] == []
    assert all(not a.responsible for a in document.activities)


def test_bodies_beside_each_other(cases_dir: Path) -> None:
    assert named(document_of(cases_dir, "merge-1"), "保护权益") == [
        "芜湖市市场监督管理局", "芜湖市知识产权局", "芜湖市地方金融监督管理局", "芜湖市司法局",
    ]  # fmt: skip


def test_spoken_name_of_the_superior(cases_dir: Path) -> None:
    document = document_of(cases_dir, "merge-3")
    assert "杭州市公安局" in {a.name for a in document.agencies}
    assert document.activities == ()
