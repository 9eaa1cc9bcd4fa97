"""Charts stay on this machine."""

from __future__ import annotations

import pytest

from kg.core.errors import RefusedQuery
from kg.ui.charts import STATE_COLOURS, local_chart


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
