"""Facts as tables."""

from __future__ import annotations

from typing import Any

from kg.core.cells import due, quantity, responsible, sureness
from kg.core.facts import KINDS
from kg.ui.facts import fact_tables
from kg.ui.statements import fact_html

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


def tab(name: str, **given: Any) -> Any:
    """The tab of one kind."""
    return next(table for table in fact_tables(document(**given)) if table.name == name)


def test_what_is_handed_in_has_a_tab_of_its_own():
    deadline = {"what": "总结", "date": "2024-09-25", "to": "区质量办", "evidence": EVIDENCE}
    shown = tab("时限", deadlines=[deadline])
    assert shown.columns == ("事项", "截止日期", "报送对象")
    assert shown.rows == (("总结", "2024-09-25", "区质量办"),)
    lasting = {**deadline, "date": None, "as_written": "每月底前"}
    assert tab("时限", deadlines=[lasting]).rows[0][1] == "每月底前"


def test_rarer_facts_have_tabs_where_there_are_any():
    article = {"label": "第二条", "chapter": "总则", "start": 4, "end": 9, "paragraphs": [[4, 9]], "items": []}
    shown = tab("条款", articles=[article])
    assert (shown.label, shown.columns, shown.rows) == ("条款 1", ("条", "章", "款"), (("第二条", "总则", 1),))
    assert shown.spans == ((4, 9),)
    person = {"name": "周明", "post": "组长", "title": None, "group": None, "evidence": EVIDENCE}
    assert tab("人员", persons=[person]).rows == (("周明", "组长"),)
    doubt = {"kind": "responsible", "text": "市教育局", "confidence": 0.41, "evidence": EVIDENCE}
    assert tab("待核", to_check=[doubt]).rows == (("责任", "市教育局", "41%"),)
    assert tab("未读内容", fidelity=[{"part": "图片", "count": 2, "reason": "无文字"}]).spans == (None,)
    names = [table.name for table in fact_tables(document())]
    assert not {"条款", "人员", "效力", "时限", "待核", "未读内容"} & set(names)


def test_a_task_shows_its_deadline_and_how_sure_it_is():
    task = {"no": "1", "title": "建书房", "responsible": [], "series": None, "status": "planned", "evidence": EVIDENCE}
    sure = {**task, "deadline": {"date": None, "as_written": "长期坚持"}, "confidence": 0.934}
    shown = tab("活动", activities=[task, sure])
    assert shown.columns == ("序号", "活动", "时限", "状态", "可信度")
    assert shown.rows[1] == ("1", "建书房", "长期坚持", "部署", "93%")
    assert (due(None), sureness({"confidence": 1.0})) == (None, None)


def test_every_column_has_a_name_of_its_own():
    for kind in KINDS:
        names = [field.label for field in kind.fields if field.column]
        assert len(names) == len(set(names)), kind.name


def test_a_body_that_is_called_the_same_throughout_is_named_once() -> None:
    fact = {"label": "机构", "words": "国务院　国务院　国务院", "review": None, "confidence": 0.82}
    assert fact_html(fact).count("国务院") == 1
    other = {**fact, "words": "青浦区市场监督管理局　区市场监管局　青浦区市场监督管理局"}
    assert "青浦区市场监督管理局　区市场监管局　" in fact_html(other)
    assert fact_html(other).count("青浦区市场监督管理局") == 1
