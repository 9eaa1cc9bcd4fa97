"""Charts (Vega-Lite) as the app draws them: with data of their own only, and states in their colours."""

from __future__ import annotations

import copy
from typing import Any

from kg.core.errors import RefusedQuery

Json = dict[str, Any]

STATE_COLOURS = {"点名": "#3d8f5f", "推及": "#5b8fd0", "未提及": "#e0a83a", "未入库": "#b4bac4"}
"""The four states of DESIGN §4, as `tables.STATES` but strong enough for a bar."""


def local_chart(spec: Json) -> Json:
    """The chart with our settings. Raises `RefusedQuery` where it would fetch its data from an address."""
    if _names_address(spec):
        raise RefusedQuery("图表引用了外部数据，未显示")
    chart = copy.deepcopy(spec)
    chart.setdefault("config", {}).setdefault("axisX", {}).setdefault("labelAngle", 0)
    colour = chart.get("encoding", {}).get("color", {})
    values = {row.get(colour.get("field")) for row in chart.get("data", {}).get("values", ()) if isinstance(row, dict)}
    states = [state for state in STATE_COLOURS if state in values]
    if states and values <= STATE_COLOURS.keys():
        colour.setdefault("scale", {"domain": states, "range": [STATE_COLOURS[state] for state in states]})
    return chart


def _names_address(value: Any) -> bool:
    if isinstance(value, dict):
        return "url" in value or any(_names_address(item) for key, item in value.items() if key != "values")
    return isinstance(value, list) and any(_names_address(item) for item in value)
