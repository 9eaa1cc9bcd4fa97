"""活动演变 without a browser."""

from __future__ import annotations

import io
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from kg.core.errors import UnknownName
from kg.ui import tables
from kg.ui.evolving import (
    LEGEND,
    carriers,
    cells_of,
    evolution_xlsx,
    fact_html,
    heading_html,
    label,
    legend_html,
    matrix,
)
from kg.ui.pictures import matrix_svg

HELD = {"name": "开放日", "activities": 2, "documents": 1, "years": [2030, 2031]}
FACT = {
    "state": "推及",
    "activity": "=1+1<b>开放日</b>",
    "status": "部署",
    "carriers": [{"name": "某局", "role": "牵头"}, {"name": "<i>各区</i>", "role": None}],
    "words": "各区<局>",
    "document_id": "d-1",
    "source": "某方案",
    "title": "某方案",
    "start": 1,
    "end": 3,
    "quote": "@原句",
}


def cell(place: str, year: int, state: str, **given: Any) -> dict[str, Any]:
    return {"place": place, "year": year, "state": state, "facts": [], "documents": [], **given}


def shown(**given: Any) -> dict[str, Any]:
    return {
        "held": [HELD],
        "name": "开放日",
        "years": [2030, 2031],
        "places": [{"name": "<甲>市", "level": "市"}, {"name": "乙区", "level": "区"}],
        "cells": [
            cell("<甲>市", 2030, "未入库"),
            cell("<甲>市", 2031, "未提及", documents=[{"document_id": "d-1", "title": "某*方案*"}]),
            cell("乙区", 2030, "点名", facts=[{**FACT, "state": "点名", "words": None}]),
            cell("乙区", 2031, "推及", facts=[FACT]),
        ],
        "timeline": [{"year": 2031, "text": "推及 1 个：<乙>区。"}],
        **given,
    }


QUOTED = {
    "document_id": "d-1",
    "source": "某方案",
    "title": "某方案",
    "doc_number": None,
    "date": None,
    "heading": "",
    "before": "",
    "quote": "@原句",
    "after": "",
    "cut_before": False,
    "cut_after": False,
    "start": 1,
    "end": 3,
}


def html(page: Any) -> str:
    return "\n".join(element.proto.body for element in page.get("html"))


def captions(page: Any) -> str:
    return "\n".join(item.value for item in page.caption)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("state", list(LEGEND))
def test_the_letters_stand_out_from_each_colour(state: str):
    ratio = (_luminance(tables.STATES[state]) + 0.05) / (_luminance("#1c2430") + 0.05)
    assert (_luminance("#f2f4f8") + 0.05) / (_luminance(tables.IN_THE_DARK[state]) + 0.05) >= 7
    assert ratio >= 7  # WCAG AAA


def test_the_legend_explains_all_four_states():
    assert list(LEGEND) == list(tables.STATES)
    assert all(state in legend_html() and LEGEND[state] in legend_html() for state in LEGEND)


def test_the_matrix_is_in_letters_places_down_and_years_across():
    assert matrix(shown()) == (["地区", "2030", "2031"], [["<甲>市", "未入库", "未提及"], ["乙区", "点名", "推及"]])


def test_a_place_has_its_cells_of_one_year_or_of_all():
    assert [c["state"] for c in cells_of(shown(), "乙区", None)] == ["点名", "推及"]
    assert [c["state"] for c in cells_of(shown(), "乙区", 2031)] == ["推及"]
    assert cells_of(shown(), "丙", None) == []


def test_a_series_says_how_much_is_known_of_it():
    assert label(HELD) == "开放日（2 项，1 份文件，2030、2031 年）"
    assert label({**HELD, "years": []}) == "开放日（2 项，1 份文件）"


def test_facts_and_headings_escape_what_documents_say():
    assert carriers(FACT) == "某局（牵头）、<i>各区</i>"
    assert "&lt;b&gt;开放日&lt;/b&gt;" in fact_html(FACT)
    assert "“各区&lt;局&gt;”" in fact_html(FACT)
    assert "未识别到" in fact_html({**FACT, "carriers": [], "words": None})
    assert "&lt;甲&gt;市 2031年" in heading_html("<b>", shown()["cells"][1])
    assert "<b>。" not in heading_html("<b>", shown()["cells"][1])


def test_the_picture_is_xml_with_letters_colours_and_legend():
    root = ET.fromstring(matrix_svg(shown(), LEGEND))  # noqa: S314  our own
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"开放日：各地历年情况", "<甲>市", "2031年", "推及", LEGEND["推及"]} <= set(texts)
    fills = {element.get("fill") for element in root.iter("{http://www.w3.org/2000/svg}rect")}
    assert set(tables.STATES.values()) <= fills
    assert "href" not in matrix_svg(shown(), LEGEND)


def test_the_workbook_holds_matrix_evidence_and_meaning_as_text():
    data = evolution_xlsx(shown(), {"number": 7, "created": "2031", "documents": 3})
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert [cell.value for cell in book["矩阵"][3]] == ["乙区", "点名", "推及"]
    activity = book["依据"]["D2"]
    assert (activity.value, activity.data_type) == ("=1+1<b>开放日</b>", "s")
    assert book["依据"]["B2"].value == 2030
    assert [row[0] for row in book["说明"].iter_rows(values_only=True)][2:6] == list(LEGEND)


def test_an_empty_home_teaches_how_to_begin(empty_home: Any, open_page: Any):
    assert "还没有文档" in open_page("evolution").info[0].value


def test_documents_without_series_teach_what_a_series_is(fake: Any, open_page: Any):
    fake(evolution={"held": []})
    page = open_page("evolution")
    assert "还没有识别出活动系列" in page.info[0].value
    assert "质量开放日" in captions(page)


def test_a_series_on_offer_goes_into_the_address(fake: Any, open_page: Any):
    fake(evolution=shown(), passage_context=QUOTED)
    page = open_page("evolution")
    assert not page.dataframe
    page.button[0].click().run()
    assert page.query_params["series"] == "开放日"
    assert page.dataframe[0].value["2031"].tolist() == ["未提及", "推及"]
    assert "&lt;乙&gt;区" in html(page)


def test_a_cell_of_the_address_shows_its_facts_and_a_choice_moves_on(fake: Any, open_page: Any):
    fake(evolution=shown(), passage_context=QUOTED)
    page = open_page("evolution", series="开放日", place="乙区", year="2031")
    assert "推及自" in html(page)
    assert "<mark>@原句</mark>" in html(page)
    page.selectbox(key="choice-place").set_value("<甲>市").run()
    assert page.query_params["place"] == "<甲>市"
    assert "以下 1 份文件涉及该地该年" in html(page)


def test_a_place_or_year_that_is_not_in_the_table_is_told(fake: Any, open_page: Any):
    fake(evolution=shown())
    page = open_page("evolution", series="开放日", place="丙")
    assert not page.exception
    assert "表中没有这个地区或年度" in page.info[0].value


def test_an_unknown_series_is_told_with_the_nearest(fake: Any, open_page: Any):
    service = fake(evolution=shown())

    def evolution(series: str | None) -> Any:
        if series:
            raise UnknownName("活动系列", series, ["开放日"])
        return shown()

    service.evolution = evolution
    assert "您是不是要找：开放日" in open_page("evolution", series="开放月").error[0].value
