"""The matrix of a series as a picture: SVG written here, PNG drawn from it by the browser. Nothing is fetched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from kg.ui.markup import escaped, shortened
from kg.ui.tables import STATES

Json = dict[str, Any]

_HERE = Path(__file__)
_button = st.components.v2.component(
    "policykg_picture",
    html='<div class="place"></div>',
    css=_HERE.with_name("copying.css").read_text(encoding="utf-8"),  # the same button
    js=_HERE.with_name("pictures.js").read_text(encoding="utf-8"),
)

_ROW, _CELL, _FIRST, _EDGE, _HEAD = 30, 92, 150, 20, 62  # pixels
_LEGEND_LINE = 24
_LONGEST = 10  # characters of a place's name that fit
_FONT = "Microsoft YaHei, PingFang SC, Noto Sans CJK SC, Source Han Sans SC, WenQuanYi Micro Hei, sans-serif"
_INK, _LINE = "#1c2430", "#c3cad6"


def png_button(svg: str, label: str, name: str, *, key: str) -> None:
    """A button that saves an SVG as a PNG of twice its size."""
    _button(data={"svg": svg, "label": label, "name": name}, key=key, width="content", height="content")


def matrix_svg(shown: Json, legend: Json) -> str:
    """The matrix of `Service.evolution` with its legend (`{state: meaning}`), places down and years across."""
    years, places = shown["years"], shown["places"]
    states = {(cell["place"], cell["year"]): cell["state"] for cell in shown["cells"]}
    width = max(_EDGE * 2 + _FIRST + _CELL * len(years), 660)
    bottom = _HEAD + _ROW * (len(places) + 1)
    height = bottom + _EDGE + _LEGEND_LINE * len(legend) + _EDGE
    parts = [_text(_EDGE, 34, f"{shown['name']}：各地历年情况", size=18, weight=600)]
    for column, year in enumerate(years):
        parts.append(
            _text(_EDGE + _FIRST + _CELL * (column + 0.5), _HEAD + 20, f"{year}年", anchor="middle", weight=600)
        )
    for row, place in enumerate(places, start=1):
        top = _HEAD + _ROW * row
        parts.append(_text(_EDGE, top + 18, shortened(place["name"], _LONGEST)))
        for column, year in enumerate(years):
            parts += _box(_EDGE + _FIRST + _CELL * column, top, states[place["name"], year])
    for line, (state, meaning) in enumerate(legend.items()):
        top = bottom + _EDGE + _LEGEND_LINE * line
        parts += _box(_EDGE, top - 3, state, width=64, height=22)
        parts.append(_text(_EDGE + 76, top + 13, meaning, size=13))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="{_FONT}"><rect width="100%" height="100%" fill="#ffffff"/>{"".join(parts)}</svg>'
    )


def _box(x: float, y: float, state: str, *, width: int = _CELL - 4, height: int = _ROW - 4) -> list[str]:
    box = f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="3" fill="{STATES[state]}" stroke="{_LINE}"/>'
    return [box, _text(x + width / 2, y + height / 2 + 5, state, anchor="middle")]


def _text(x: float, y: float, text: str, *, size: int = 14, anchor: str = "start", weight: int = 400) -> str:
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}" font-weight="{weight}" fill="{_INK}">'
        f"{escaped(text)}</text>"
    )
