"""What a saved query asks for, as inputs with the values that the data hold; they live in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from kg.ui import backend
from kg.ui.choosing import choose

Json = dict[str, Any]

_OFFERED = {"series": "series", "agency": "agencies", "policy": "policies", "theme": "themes", "place": "places"}
_MOST = 500  # values of a list; others can be typed
_COLUMNS = 4


def parameter_inputs(query: Json) -> dict[str, str]:
    """Show an input for each parameter of a saved query; the values, the defaults where nothing was chosen."""
    inputs = query["inputs"]
    if not inputs:
        return {}
    topics = backend.topics()
    values = {}
    for start in range(0, len(inputs), _COLUMNS):
        row = inputs[start : start + _COLUMNS]
        for column, parameter in zip(st.columns(_COLUMNS), row, strict=False):
            with column:
                values[parameter["name"]] = _input(query["name"], parameter, offered(parameter["type"], topics))
    return values


def offered(type_: str, topics: Mapping[str, Any]) -> list[str]:
    """The values that the data hold for a type of parameter, the latest or most frequent first."""
    if type_ == "year":
        return [str(year) for year in topics["years"]]
    if type_ == "kind":
        return list(topics["kinds"])
    names = (item["name"] for item in topics.get(_OFFERED.get(type_, ""), ()))
    return list(dict.fromkeys(names))[:_MOST]


def _input(query: str, parameter: Json, options: Sequence[str]) -> str:
    name, label, default = parameter["name"], parameter["label"], parameter["default"]
    key = f"set-{query}-{name}"
    wanted = str(st.query_params.get(name, default))
    if (st.session_state.get(key) or "") != wanted:
        st.session_state[key] = wanted or (None if options else "")

    def changed() -> None:
        given = (st.session_state[key] or "").strip()
        choose({name: None if given == default else given, "query": None})

    if not options:
        st.text_input(label, key=key, placeholder="" if default else "不限", on_change=changed, max_chars=200)
        return wanted
    st.selectbox(
        label,
        [*options, *([wanted] if wanted and wanted not in options else [])],
        None,
        key=key,
        placeholder="选一个或输入" if default else "不限",
        accept_new_options=True,
        on_change=changed,
    )
    return wanted
