"""Charts (Vega-Lite) as the app draws them: with data of their own only, and states in their colours."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from kg.core.errors import RefusedQuery

Json = dict[str, Any]

STATE_COLOURS = {"点名": "#3d8f5f", "推及": "#5b8fd0", "未提及": "#e0a83a", "未入库": "#b4bac4"}
"""The four states, as `tables.STATES` but strong enough for a bar."""


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
        colour["scale"] = {"domain": states, "range": [STATE_COLOURS[state] for state in states]}  # as in the table
    return chart


def _names_address(value: Any) -> bool:
    if isinstance(value, dict):
        return "url" in value or any(_names_address(item) for key, item in value.items() if key != "values")
    return isinstance(value, list) and any(_names_address(item) for item in value)


KINDS = {"柱": "bar", "线": "line"}
"""The kinds of chart of a query's result."""

_LOW, _BAR = 280, 20  # pixels: of a chart, of a bar that lies
_MOST = 40  # values along an axis that can still be told apart
_LONG = 6  # characters of a label from which on bars lie, so that their labels can be read
_YEARS = range(1900, 2101)


def axes(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> tuple[list[str], str, str] | None:
    """The columns of numbers, and the axes to begin with (across, up); None where there is nothing to draw.

    A column of years is a scale rather than an amount, so another one goes up where there is one.
    """
    values = {name: [row[number] for row in rows if row[number] is not None] for number, name in enumerate(columns)}
    numbers = [name for name, found in values.items() if found and all(map(_is_number, found))]
    if not numbers or len(columns) < 2:
        return None
    amounts = [name for name in numbers if not all(value in _YEARS for value in values[name])]
    up = (amounts or numbers)[0]
    across = next((name for name in columns if name not in numbers), None) or next(n for n in columns if n != up)
    return numbers, across, up


def result_chart(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], *, x: str, y: str, kind: str
) -> tuple[Json, int]:
    """A chart of `y` by `x` (a kind of `KINDS`), equal values of `x` added up; and how many values were left out."""
    sums: dict[str, float] = {}
    at_x, at_y = columns.index(x), columns.index(y)
    for row in rows:
        name = "（空）" if row[at_x] is None else str(row[at_x])
        sums[name] = sums.get(name, 0) + float(row[at_y] or 0)
    names = list(sums)[:_MOST]
    if kind == "线":
        names.sort()
    data = [{"x": name, "y": sums[name]} for name in names]
    lying = kind == "柱" and max(map(len, names), default=0) > _LONG
    axis = {"labelLimit": 260, "labelOverlap": not lying}  # each bar that lies has room for its name
    label: Json = {"field": "x", "type": "nominal", "title": x, "sort": None, "axis": axis}
    amount: Json = {"field": "y", "type": "quantitative", "title": y}
    if all(value.is_integer() for value in sums.values()):
        amount["axis"] = {"tickMinStep": 1, "format": "d"}
    spec = {
        "height": max(_LOW, _BAR * len(names)) if lying else _LOW,
        "data": {"values": data},
        "mark": {"type": KINDS[kind], **({"point": True} if kind == "线" else {})},
        "encoding": {
            "x": amount if lying else label,
            "y": label if lying else amount,
            "tooltip": [{"field": "x", "title": x}, {"field": "y", "title": y}],
        },
    }
    return spec, len(sums) - len(names)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
