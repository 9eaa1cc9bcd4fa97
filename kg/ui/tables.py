"""Answers as tables on the screen (pandas); as files they are written by `kg.service.sheets`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kg.service.sheets import Sheet, cell, csv_bytes, grid, xlsx_bytes

__all__ = [
    "IN_THE_DARK",
    "STATES",
    "Sheet",
    "cell",
    "chip",
    "coloured",
    "csv_bytes",
    "grid",
    "ink",
    "states",
    "table",
    "xlsx_bytes",
]

STATES = {"点名": "#cfe8d5", "推及": "#dbe7f7", "未提及": "#fbe9c6", "未入库": "#e4e6ea"}
"""The four states of (series, place, year), each with the colour of its cell; the text on it is dark."""

IN_THE_DARK = {"点名": "#1f4d33", "推及": "#24406b", "未提及": "#5c4413", "未入库": "#3a414d"}
"""The same on a dark page; the text on it is light."""

_INK = {False: "#1c2430", True: "#f2f4f8"}  # of the text on a state, by whether the page is dark
_STYLED = 200_000  # cells: styling more would take seconds; pandas' own limit is 262,144


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Any:
    """A `pandas.DataFrame`; whole numbers stay whole beside empty cells, a mixed column becomes text."""
    import pandas as pd  # type: ignore[import-untyped]

    data = {}
    for number, name in enumerate(_distinct(columns)):
        values = [cell(row[number]) for row in rows]
        kinds = {type(value) for value in values if value is not None}
        if kinds <= {int} and kinds:
            data[name] = pd.array(values, dtype="Int64")
        elif kinds <= {int, float} and kinds:
            data[name] = pd.array(values, dtype="Float64")
        else:
            data[name] = pd.array([None if v is None else str(v) for v in values], dtype="object")
    return pd.DataFrame(data)


def states(*, dark: bool) -> dict[str, str]:
    """The colours of the four states on a page."""
    return IN_THE_DARK if dark else STATES


def ink(*, dark: bool) -> str:
    """The colour of the text on a state."""
    return _INK[dark]


def chip(state: str, *, dark: bool = False) -> str:
    """A state in its colour, as HTML."""
    return f'<span style="background:{states(dark=dark)[state]};color:{_INK[dark]}">{state}</span>'


def coloured(frame: Any, *, dark: bool = False) -> Any:
    """The table with the four states in colour as well as in letters; the table itself where it has none."""
    columns = [name for name in frame.columns if frame[name].isin(list(STATES)).any()]
    if not columns or frame.size > _STYLED:
        return frame
    colours = states(dark=dark)
    return frame.style.map(
        lambda value: f"background-color: {colours[value]}; color: {_INK[dark]}" if value in STATES else "",
        subset=columns,
    )


def _distinct(names: Sequence[str]) -> list[str]:
    """Column names, a repeated one numbered: a table cannot have two of the same name."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return result
