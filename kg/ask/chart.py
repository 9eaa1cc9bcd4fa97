"""Vega-Lite specifications for what is better seen than read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kg.ask.model import Row

_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
_COLOURS = {"点名": "#1b7f5c", "推及": "#8cc9a8", "未提及": "#d9a441", "未入库": "#c9c9c9"}


def trend_chart(rows: Sequence[Row]) -> dict[str, Any]:
    """Bars of the number of places by year, coloured by state."""
    values = [{"年份": str(row["年份"]), "状态": row["状态"], "数量": row["数量"]} for row in rows]
    return {
        "$schema": _SCHEMA,
        "data": {"values": values},
        "mark": "bar",
        "encoding": {
            "x": {"field": "年份", "type": "ordinal"},
            "y": {"field": "数量", "type": "quantitative", "title": "地方数"},
            "color": {
                "field": "状态",
                "type": "nominal",
                "scale": {"domain": list(_COLOURS), "range": list(_COLOURS.values())},
            },
        },
    }
