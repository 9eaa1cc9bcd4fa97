"""任务台账: tasks with their bodies, deadline, state, and the report that tells of them."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kg.catalogue import Catalogue
from kg.core.model import Activity, Document, Due, Evidence, Party, Role, Status
from kg.service.ledger import OVERDUE, SET, TOLD, chosen, ledger
from kg.service.ledger_files import ledger_ics, ledger_xlsx

TEXT = "组织质量开放日活动；开展技术帮扶；帮扶中小企业；举办质量论坛"
HELD = {"number": 3, "created": "2031-01-01T00:00:00+00:00", "documents": 2}


def words(quote: str) -> Evidence:
    return Evidence(quote, TEXT.index(quote), TEXT.index(quote) + len(quote))


def document(ident: str, year: int, day: str, *activities: Activity, place: str = "海城市") -> Document:
    return Document(
        ident, f"/{ident}.txt", "0", TEXT, title=f"{ident}标题", year=year, date=day, region=place,
        region_qualified=place, activities=activities,
    )  # fmt: skip


def party(name: str, role: Role | None = None) -> Party:
    return Party(name, name, role=role)


@pytest.fixture
def rows(tmp_path: Path) -> list[dict[str, Any]]:
    plan = document(
        "d-plan", 2030, "2030-05-01",
        Activity("a1", "组织质量开放日活动", Status.PLANNED, words("组织质量开放日活动"),
                 responsible=(party("海城市市场监管局", Role.LEAD),), deadline=Due("2030-06-30", "6月底前")),
        Activity("a2", "开展技术帮扶", Status.PLANNED, words("开展技术帮扶"), responsible=(party("海城市科技局"),),
                 deadline=Due("2030-06", "6月")),
        Activity("a3", "帮扶中小企业", Status.PLANNED, words("帮扶中小企业"), parent="a2"),
        Activity("a4", "举办质量论坛", Status.PLANNED, words("举办质量论坛"), deadline=Due("2031-12-31", "2031年")),
    )  # fmt: skip
    told = Activity("a1", "组织了质量开放日活动", Status.REPORTED, words("组织质量开放日活动"))
    report = document("d-report", 2030, "2030-12-01", told)
    earlier = document("d-earlier", 2029, "2029-12-01", told)
    elsewhere = document("d-elsewhere", 2030, "2030-12-01", told, place="山城市")
    with Catalogue.open(tmp_path / "catalogue.sqlite") as catalogue:
        for each in (plan, report, earlier, elsewhere):
            catalogue.put_document(each, (), steps={})
        return ledger(catalogue, today=date(2031, 1, 2))


def test_a_task_is_told_of_overdue_or_set_and_never_undone(rows: list[dict[str, Any]]) -> None:
    states = {row["task"]: row["state"] for row in rows}
    assert states == {
        "组织质量开放日活动": TOLD,
        "开展技术帮扶": OVERDUE,
        "帮扶中小企业": SET,
        "举办质量论坛": SET,
    }
    told = next(row["told"] for row in rows if row["state"] == TOLD)
    assert (told["document_id"], told["quote"]) == ("d-report", "组织质量开放日活动")
    assert [row["due"] for row in rows] == ["2030-06", "2030-06-30", "2031-12-31", None]


def test_what_names_nobody_is_carried_by_those_above(rows: list[dict[str, Any]]) -> None:
    [part] = [row for row in rows if row["task"] == "帮扶中小企业"]
    assert (part["bodies"], part["shared"]) == ([{"name": "海城市科技局", "role": "负责"}], True)


def test_rows_are_chosen_by_body_month_state_and_words(rows: list[dict[str, Any]]) -> None:
    assert {row["task"] for row in chosen(rows, body="科技局")} == {"开展技术帮扶", "帮扶中小企业"}
    assert len(chosen(rows, due="2030-06")) == 2
    assert len(chosen(rows, state=OVERDUE)) == 1
    assert len(chosen(rows, words="质量 论坛")) == 1
    assert chosen(rows, place="山城市") == []


def test_the_workbook_has_a_row_for_each_body_and_the_calendar_a_day_for_each_deadline(
    rows: list[dict[str, Any]],
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(ledger_xlsx(rows, HELD)))
    assert book["任务"].max_row == 1 + len(rows)
    assert any("不等于没有完成" in str(row[1].value) for row in book["说明"].iter_rows())
    text = ledger_ics(rows, stamp=datetime(2031, 1, 2, tzinfo=UTC)).decode()
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert text.count("BEGIN:VEVENT") == 2  # 6月 names no day
    assert "DTSTART;VALUE=DATE:20300630\r\nDTEND;VALUE=DATE:20300701\r\n" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    assert "SUMMARY:组织质量开放日活动（海城市市场监管局）" in unfolded
