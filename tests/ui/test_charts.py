"""Charts stay on this machine."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kg.core.errors import RefusedQuery
from kg.ui.charts import STATE_COLOURS, axes, local_chart, result_chart


def chart(*states: str, **extra):
    values = [{"状态": state, "数": 1} for state in states]
    return {"mark": "bar", "data": {"values": values}, "encoding": {"color": {"field": "状态"}}, **extra}


def test_states_get_their_colours_and_the_original_is_left_alone():
    given = chart("点名", "未入库")
    shown = local_chart(given)
    assert shown["encoding"]["color"]["scale"]["range"] == [STATE_COLOURS["点名"], STATE_COLOURS["未入库"]]
    assert "scale" not in given["encoding"]["color"]


def test_other_values_keep_the_palette():
    assert "scale" not in local_chart(chart("点名", "其他"))["encoding"]["color"]


@pytest.mark.parametrize("where", [{"data": {"url": "http://example.org/x.csv"}}, {"layer": [{"data": {"url": "x"}}]}])
def test_a_chart_that_fetches_is_refused(where):
    with pytest.raises(RefusedQuery):
        local_chart(chart("点名") | where)


def test_a_state_has_one_colour_on_a_page_whatever_the_chart_says():
    given = chart("点名")
    given["encoding"]["color"]["scale"] = {"domain": ["点名"], "range": ["#000000"]}
    assert local_chart(given)["encoding"]["color"]["scale"]["range"] == [STATE_COLOURS["点名"]]


def test_a_result_without_numbers_has_no_chart():
    assert axes(["a", "b"], [["甲", "乙"]]) is None
    assert axes(["a"], [[1]]) is None
    assert axes(["a", "b"], []) is None
    assert axes(["a", "b"], [["甲", True]]) is None


def test_amounts_go_up_and_names_or_years_across():
    assert axes(["year", "n"], [[2019, 3], [2024, 5]]) == (["year", "n"], "year", "n")
    assert axes(["who", "year", "n"], [["甲", 2019, 3], ["乙", 2024, None]]) == (["year", "n"], "who", "n")
    assert axes(["who", "year"], [["甲", 2019]]) == (["year"], "who", "year")


def test_equal_names_are_added_up_and_the_rest_is_told():
    rows = [["甲", 1], ["乙", Decimal("0.5")], ["甲", 2], [None, 4]]
    spec, left_out = result_chart(["who", "n"], rows, x="who", y="n", kind="柱")
    assert spec["data"]["values"] == [{"x": "甲", "y": 3}, {"x": "乙", "y": 0.5}, {"x": "（空）", "y": 4}]
    assert left_out == 0
    assert result_chart(["who", "n"], [[str(n), n] for n in range(50)], x="who", y="n", kind="柱")[1] == 10


def test_a_line_runs_in_order_and_long_names_lie():
    rows = [[2024, 1], [2019, 2]]
    line, _ = result_chart(["year", "n"], rows, x="year", y="n", kind="线")
    assert [point["x"] for point in line["data"]["values"]] == ["2019", "2024"]
    lying, _ = result_chart(["who", "n"], [["青浦区市场监督管理局", 1]], x="who", y="n", kind="柱")
    assert lying["encoding"]["y"]["field"] == "x"
