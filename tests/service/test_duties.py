"""任务分工表 as a Word document."""

from __future__ import annotations

import io
from typing import Any

import docx

from kg.service.duties import duties, duties_docx


def row(agency: str, activity: str, role: str, **given: Any) -> dict[str, Any]:
    where = {"document_id": "d-1", "document": "甲区方案", "year": 2031, "start": 5, "quote": "原句"}
    return {"agency": agency, "activity": activity, "role": role, **where, **given}


class Keeper:
    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.rows = rows

    def generation(self) -> dict[str, Any]:
        return {"number": 7, "created": "2031-01-01T00:00:00+00:00", "documents": 3}

    def assignments(self, *, name: str | None = None, year: int | None = None) -> list[dict[str, Any]]:
        return [row for row in self.rows if name in (None, row["agency"]) and year in (None, row["year"])]


ROWS = [
    row("甲局", "讲堂", "牵头"),
    row("乙局", "讲堂", "配合"),
    row("丙局", "讲堂", "配合"),
    row("乙局", "展览", "责任单位", start=40),
    row("乙局", "论坛", "责任单位", document_id="d-2", document="乙区方案", year=2032),
]


def test_activities_stand_under_their_document_with_each_role_in_its_column():
    later, earlier = duties(ROWS)
    assert (later["year"], [item["activity"] for item in later["items"]]) == (2032, ["论坛"])
    assert [item["activity"] for item in earlier["items"]] == ["讲堂", "展览"]
    assert earlier["items"][0] == {
        "activity": "讲堂",
        "quote": "原句",
        "牵头": ["甲局"],
        "责任单位": [],
        "配合": ["丙局", "乙局"],
    }


def test_the_table_of_one_agency_names_everybody_who_takes_part():
    report = docx.Document(io.BytesIO(duties_docx(Keeper(ROWS), name="甲局")))
    (table,) = report.tables
    cells = [[cell.text for cell in line.cells] for line in table.rows]
    assert cells == [["序号", "活动", "牵头单位", "责任单位", "配合单位"], ["1", "讲堂", "甲局", "", "丙局、乙局"]]
    said = "\n".join(paragraph.text for paragraph in report.paragraphs)
    assert "甲局，各年" in said
    assert "甲区方案（2031年）" in said


def test_an_agency_without_duties_is_told_so():
    report = docx.Document(io.BytesIO(duties_docx(Keeper(ROWS), name="丁局", year=2031)))
    assert report.tables == []
    assert "没有写到" in report.paragraphs[-1].text
