"""机构图谱 without a browser: what is said beside the picture, and the files."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from kg.core.errors import NotBuilt
from kg.ui.agencies import activities_html, assignments_xlsx, caption, card_html, step_html
from tests.ui.test_pages import html


def agency(label: str, **given: Any) -> dict[str, Any]:
    facts = {"name": label, "kind": "政府部门", "place": "松江区", "level": "区", "activities": 1, "ties": 1}
    return {"label": label, **facts, "size": 1.0, "group": 0, **given}


def known(*labels: str) -> dict[str, Any]:
    filters = {"years": [2031], "places": ["松江区"], "levels": ["区"], "kinds": ["政府部门"]}
    return {"agencies": [agency(label) for label in labels], **filters, "ties": {"activity": "共同承担活动"}}


def picture(*labels: str, **given: Any) -> dict[str, Any]:
    whole = {"nodes": [agency(label) for label in labels], "edges": [], "groups": [], "centre": "甲局"}
    return {**whole, "total": len(labels), "total_ties": 0, "focused": False, **given}


def duty(**given: Any) -> dict[str, Any]:
    facts = {"agency": "甲局", "place": "松江区", "year": 2031, "activity": "讲堂", "role": "牵头", "assertion": "点名"}
    where = {"as_written": "区甲局", "status": "部署", "document_id": "d-1", "document": "题", "source": "/a/b.txt"}
    return {**facts, **where, "quote": "", "start": 0, "end": 0, **given}


CARD = {
    **agency("甲局"),
    "written": ["区<甲>局"],
    "superiors": [],
    "groups": ["各局"],
    "members": [],
    "activities": [duty(), duty(year=2030, assertion="推及")],
    "documents": [{"id": "d-1", "title": "题", "source": "/a/b.txt", "year": 2031, "how": "提及"}],
    "neighbours": [{"label": "乙局", "text": "共同承担活动 1 项"}],
}


@pytest.fixture
def page(fake: Any, open_page: Any) -> Any:
    def run(**address: str) -> Any:
        fake(agencies=known("甲局", "乙局"), agency_picture=picture("甲局", "乙局"), agency=CARD, agency_path=[])
        return open_page("agencies", **address)

    return run


def test_without_an_agency_the_panel_teaches(page: Any):
    shown = page()
    assert not shown.exception
    assert any("点选图中的圆点" in item.value for item in shown.caption)
    assert any(item.value == "2 个机构、0 条联系" for item in shown.caption)


def test_the_address_chooses_the_agency_and_a_neighbour_is_one_click_away(page: Any):
    shown = page(agency="甲局")
    assert "<h2" in html(shown)
    assert "区&lt;甲&gt;局" in html(shown)
    next(button for button in shown.button if button.label == "乙局").click().run()
    assert shown.selectbox(key="agency").value == "乙局"


def test_what_an_agency_has_in_many_documents_comes_by_pages(fake: Any, open_page: Any):
    many = [{"id": f"d-{n}", "title": f"题{n}", "source": "/a/b.txt", "year": 2031, "how": "提及"} for n in range(45)]
    card = {**CARD, "documents": many}
    fake(agencies=known("甲局"), agency_picture=picture("甲局"), agency=card, agency_path=[])
    shown = open_page("agencies", agency="甲局")
    assert any("文档 45 份" in item.value for item in shown.markdown)

    def linked() -> list[str]:
        return [item.proto.label for item in shown.main.get("page_link") if item.proto.label.startswith("题")]

    assert len(linked()) == 20
    shown.session_state["documents-page-甲局"] = 3
    shown.run()
    assert linked() == [f"题{n}（提及）" for n in range(40, 45)]


def test_no_way_between_two_is_said(page: Any):
    shown = page(agency="甲局", part="两机构之间", to="乙局")
    assert "没有把这两个机构联系起来" in shown.info[0].value


def test_nothing_that_fits_says_so(fake: Any, open_page: Any):
    fake(agencies=known("甲局"), agency_picture=picture())
    assert "没有符合条件的机构" in open_page("agencies").info[0].value


def test_documents_without_agencies_say_so(fake: Any, open_page: Any):
    fake(agencies=known())
    assert "没有图谱" in open_page("agencies").info[0].value


def test_an_empty_home_teaches(fake: Any, open_page: Any, tmp_path: Any):
    fake(generation=NotBuilt(tmp_path))
    assert "还没有文档" in open_page("agencies").info[0].value


def test_the_caption_says_what_is_left_out():
    focused = picture("甲局", total=100, total_ties=7, focused=True)
    assert (
        caption(focused, None, everything=False) == "100 个机构、7 条联系；图中是“甲局”周围的 1 个，选别的机构可换中心"
    )
    assert "未能全部画出" in caption(focused, None, everything=True)
    assert caption(picture("甲局"), "丙局", everything=False).endswith("“丙局”不在当前筛选范围内")


def test_what_documents_say_is_escaped():
    assert "<b>" not in card_html({**CARD, "name": "<b>"}).replace("<b>活动", "")
    assert "&lt;i&gt;" in activities_html([duty(activity="<i>")])
    step = {"from": "<a>", "to": "乙", "text": "集体成员", "activities": ["<u>"], "documents": [], "stated": True}
    step["inferred"] = True
    shown = step_html(0, step)
    assert "&lt;a&gt; → 乙" in shown
    assert "&lt;u&gt;" in shown
    assert "机构数据" in shown
    assert "由两个机构的名称和地区推得" in shown


def test_duties_stand_under_their_year_with_role_and_ground():
    shown = activities_html(CARD["activities"])
    assert shown.index("2031年") < shown.index("2030年")
    assert "牵头、部署<" in shown
    assert "牵头、部署、推及<" in shown


def test_the_workbook_keeps_formulas_as_text(fake: Any):
    service = fake(assignments=[duty(activity="=1+1", quote="@SUM(A1)")])
    book = openpyxl.load_workbook(io.BytesIO(assignments_xlsx(service, "甲局", 2031)))
    header, row = list(book["任务分工"].iter_rows())
    assert [cell.value for cell in header][:4] == ["机构", "地区", "年度", "活动"]
    assert (row[3].value, row[3].data_type) == ("=1+1", "s")
    assert (row[2].value, row[2].data_type) == (2031, "n")
    assert row[9].value == "b.txt"
    assert "甲局，2031年" in [cell.value for cell in book["说明"]["B"]]
