"""Facts as tables."""

from __future__ import annotations

from typing import Any

from kg.ui.facts import fact_tables, first_mention, located, quantity, responsible

EVIDENCE = {"quote": "x", "start": 3, "end": 9}


def party(name: str, role: str | None = None, members: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"name": name, "role": role, "members": list(members)}


def document(**given: Any) -> dict[str, Any]:
    names = ("activities", "agencies", "policy_references", "figures", "deadlines", "notices")
    return {**{name: [] for name in names}, **given}


def figure(**given: Any) -> dict[str, Any]:
    return {"what": "家", "value": 10000.0, "upper": None, "unit": "家", "qualifier": None, "scope": None, **given}


def test_responsible_parties_say_their_role_and_how_many_they_are():
    parties = [party("甲局", "lead"), party("各区局", "co", ("一", "二")), party("丙")]
    assert responsible(parties) == "甲局（牵头）、各区局（配合，2个）、丙"


def test_quantities_read_as_written_in_chinese():
    assert quantity(figure()) == "10000 家"
    assert quantity(figure(value=54.77, unit="亿元", qualifier="近")) == "近54.77 亿元"
    assert quantity(figure(value=400, unit="名", qualifier="余")) == "400余 名"
    assert quantity(figure(value=3, upper=5, unit="项")) == "3–5 项"


def test_tabs_come_in_order_with_counts_and_without_empty_columns():
    notice = {"code": "missing-date", "message": "没有成文日期", "evidence": None}
    tables = fact_tables(document(notices=[notice]))
    assert [table.label for table in tables] == ["活动 0", "机构 0", "引用文件 0", "数字 0", "提示 1"]
    assert tables[-1].columns == ("提示",)
    assert tables[-1].spans == (None,)


def test_each_row_knows_its_place():
    tables = fact_tables(document(figures=[{**figure(), "evidence": EVIDENCE}]))
    assert tables[3].spans == ((3, 9),)
    assert tables[3].columns == ("内容", "数值")


def test_deadlines_stand_among_the_notices():
    deadline = {"what": "总结", "date": "2024-09-25", "to": "区质量办", "evidence": EVIDENCE}
    rows = fact_tables(document(deadlines=[deadline]))[-1].rows
    assert "总结" in rows[0][0]
    assert "2024-09-25" in rows[0][0]


def test_an_agency_is_found_where_it_is_first_written():
    assert first_mention("丙由乙办，甲办", ["甲", "乙", ""]) == (2, 3)
    assert first_mention("丙", ["甲"]) is None
    agency = {"name": "甲局", "as_written": ["甲"], "kind": None, "members": []}
    held = document(agencies=[agency])
    assert located(fact_tables(held)[1], "由甲办", held).spans == ((1, 2),)
