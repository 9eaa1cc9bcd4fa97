"""Vega-Lite specifications for what is better seen than read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kg.answer.model import Row

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


def count_chart(rows: Sequence[Row], by: str) -> dict[str, Any]:
    """Bars of the number of rows for each value of a column."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[str(row[by])] = counts.get(str(row[by]), 0) + 1
    return {
        "$schema": _SCHEMA,
        "data": {"values": [{by: key, "数量": value} for key, value in counts.items()]},
        "mark": "bar",
        "encoding": {
            "y": {"field": by, "type": "nominal", "sort": None},
            "x": {"field": "数量", "type": "quantitative"},
        },
    }


def bar_chart(rows: Sequence[Row], by: str, value: str) -> dict[str, Any]:
    """Bars of one column for each value of another, in the order of the rows."""
    return {
        "$schema": _SCHEMA,
        "data": {"values": [{by: row[by], value: row[value]} for row in rows]},
        "mark": "bar",
        "encoding": {
            "y": {"field": by, "type": "nominal", "sort": None},
            "x": {"field": value, "type": "quantitative"},
        },
    }
