"""A table of HTML: it sorts, pages and copies, its IRIs are links, and the keyboard and screen readers reach it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import streamlit as st

from kg.ui.tables import STATES, cell

AT_ONCE = 5_000  # rows that the browser is sent; the files have them all
_PAGE = 50  # rows of a page

_HERE = Path(__file__)
_grid = st.components.v2.component(
    "policykg_grid",
    html='<div class="grid"></div>',
    css=_HERE.with_name("grid.css").read_text(encoding="utf-8"),
    js=_HERE.with_name("grid.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True, slots=True)
class Link:
    """A value that leads somewhere: an address of this app, relative to the page."""

    text: str
    href: str
    title: str


def show_grid(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, key: str, label: str) -> None:
    """Show it; a value may be a `Link`."""
    _grid(data=grid_data(columns, rows, label=label), key=key, height="content")


def grid_data(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, label: str) -> dict[str, Any]:
    """What the component draws; numbers stay numbers, so that they sort as such."""
    drawn = [[asdict(value) if isinstance(value, Link) else _plain(value) for value in row] for row in rows[:AT_ONCE]]
    numeric = [_is_numeric([row[number] for row in drawn]) for number in range(len(columns))]
    return {
        "columns": list(columns),
        "rows": drawn,
        "numeric": numeric,
        "size": _PAGE,
        "colours": STATES,
        "label": label,
    }


def _plain(value: Any) -> str | int | float | None:
    shown: str | int | float | None = float(value) if isinstance(value, Decimal) else cell(value)
    return shown


def _is_numeric(values: Sequence[Any]) -> bool:
    kinds = {type(value) for value in values if value is not None}
    return bool(kinds) and kinds <= {int, float}
