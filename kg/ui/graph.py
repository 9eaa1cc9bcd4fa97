"""The picture of agencies and their ties: Cytoscape.js, which comes with the project, inside a component of ours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__)
_VENDOR = _HERE.parent / "vendor" / "cytoscape" / "cytoscape.min.js"

# The library is a component of its own that shows nothing: its message never changes, so the browser keeps it and is
# sent 40 bytes instead of 430 kB each time the picture changes.
_library = st.components.v2.component(
    "policykg_cytoscape",
    html="<i hidden></i>",
    js=(
        "globalThis.policykgCytoscape ??= (() => { const module = { exports: {} }; const exports = module.exports;\n"
        f"{_VENDOR.read_text(encoding='utf-8')}\nreturn module.exports; }})();\n"
        'dispatchEvent(new Event("policykg-cytoscape"));\nexport default function () {}\n'
    ),
)
_network = st.components.v2.component(
    "policykg_network",
    html='<div class="network"></div>',
    css=_HERE.with_name("network.css").read_text(encoding="utf-8"),
    js="\n".join(_HERE.with_name(name).read_text(encoding="utf-8") for name in ("sights.js", "network.js")),
)


def load_library() -> None:
    """Have the browser get the library ready; what a page draws first, so that it is there when the picture is."""
    with st.container(key="network-library"):
        _library(key="cytoscape")


def show_network(
    picture: dict[str, Any],
    *,
    chosen: str | None,
    on_choice: Callable[[str], None],
    on_tie: Callable[[str, str], None],
    on_open: Callable[[str], None],
    way: list[str],
    key: str,
) -> None:
    """Draw what `Service.agency_picture` gave, `chosen` (a label) and the `way` between two marked.

    Needs `load_library`. A click on a body calls `on_choice` with its label, one on a tie `on_tie` with both; the
    button that shows all ties of a body calls `on_open` with its label.
    """

    def clicked() -> None:
        if isinstance(label := st.session_state[key].chosen, str):
            on_choice(label)

    def tied() -> None:
        tie = st.session_state[key].tie
        if isinstance(tie, list) and len(tie) == 2 and all(isinstance(label, str) for label in tie):
            on_tie(*tie)

    def opened() -> None:
        if isinstance(label := st.session_state[key].open, str):
            on_open(label)

    data = {"nodes": picture["nodes"], "edges": picture["edges"], "chosen": chosen, "way": way}
    _network(data=data, key=key, height="content", on_chosen_change=clicked, on_tie_change=tied, on_open_change=opened)
