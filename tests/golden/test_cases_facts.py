"""The small cases of ``../shared/eval/cases/reading`` about bodies in running text, figures and deadlines."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.core.model import Document
from tests.golden.test_cases_header import document_of


def bodies(document: Document) -> set[str]:
    return {a.name for a in document.agencies}


def figures(document: Document) -> set[tuple[float, str]]:
    return {(f.value, f.unit) for f in document.figures}


@pytest.mark.parametrize(
    ("name", "there", "own"),
    [
        ("agency-generic-1", set(), {"合肥市发展和改革委员会"}),
        ("agency-jing-1", {"数字经济发展部际联席会议", "经济责任审计工作联席会议"}, {"合肥市发展和改革委员会"}),
        ("junk-1", set(), {"芜湖市人民政府办公室", "芜湖市人民政府"}),
    ],
)
def test_a_suffix_alone_is_no_body(cases_dir: Path, name: str, there: set[str], own: set[str]) -> None:
    assert bodies(document_of(cases_dir, name)) == there | own


def test_party_and_government_are_two_issuers(cases_dir: Path) -> None:
    document = document_of(cases_dir, "agency-party-gov-1")
    assert {"中共安徽省委员会", "安徽省人民政府"} <= bodies(document)
    assert document.policy_references[0].issuer == "中共安徽省委员会、安徽省人民政府"


def test_time_limits_and_shares(cases_dir: Path) -> None:
    document = document_of(cases_dir, "figure-1")
    assert figures(document) == {
        (15, "个工作日"),
        (5, "个工作日"),
        (2, "个工作日"),
        (1, "小时"),
        (5, "天"),
        (1, "个百分点"),
    }
    assert [f.upper for f in document.figures if f.unit == "个百分点"] == [3]


def test_a_change_counts_what_it_changes(cases_dir: Path) -> None:
    what = {f.value: f.what for f in document_of(cases_dir, "figure-change-clause-1").figures}
    assert (what[5.2], what[1.2]) == ("地区生产总值", "服务业占比")
    assert "第一产业增加值" in what.values()
    assert "第二产业增加值" in what.values()


def test_directions_are_kept(cases_dir: Path) -> None:
    directions = {f.value: f.direction for f in document_of(cases_dir, "figure-direction-1").figures}
    assert directions == {32: "提升", 24: "下降", 0.4: "比上年下降", 4.5: "同比增长"}


def test_fractions_in_words(cases_dir: Path) -> None:
    found = [(f.value, f.qualifier) for f in document_of(cases_dir, "figure-fraction-1").figures]
    assert found == [(30, "近"), (40, "近"), (75, None), (90, "超过"), (50, "约")]


def test_from_one_value_to_another(cases_dir: Path) -> None:
    document = document_of(cases_dir, "figure-from-to-1")
    assert [(f.value, f.time) for f in document.figures if f.unit == "公里"] == [(1479, "2012"), (5481, "2021")]
    assert {f.value for f in document.figures if f.unit == "元"} == {2.5e8, 5e8}


def test_hundreds_and_large_numbers(cases_dir: Path) -> None:
    document = document_of(cases_dir, "figure-hundreds-1")
    hundreds = [f for f in document.figures if f.value == 100]
    assert sorted(f.unit for f in hundreds) == ["家", "项", "项", "项"]
    assert all(f.qualifier != "超过" for f in hundreds)
    assert {2e6, 6.97e8, 5.9e6} <= {f.value for f in document.figures}


def test_idioms_are_no_figures(cases_dir: Path) -> None:
    found = figures(document_of(cases_dir, "figure-idiom-1"))
    assert {(110, "家"), (80, "%")} <= found
    assert not [value for value, unit in found if unit == "件"]


def test_each_task_has_its_deadline(cases_dir: Path) -> None:
    tasks = document_of(cases_dir, "deadline-1").activities
    assert [t.deadline.date for t in tasks if t.deadline] == ["2024-10-31", "2024-06-30", "2024-08-31"]


def test_conduct_counts_only_with_a_body(cases_dir: Path) -> None:
    tasks = [t.title for t in document_of(cases_dir, "measure-1").activities if t.parent is None]
    assert tasks == ["建设岸电设施", "强化宣传"]
