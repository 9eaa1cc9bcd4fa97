"""A choice kept in the address by its value, not by its label. A value that is not on offer stays: the page tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st


def choice(
    label: str,
    name: str,
    options: Sequence[str],
    *,
    format_: Callable[[str], str] = str,
    placeholder: str = "",
    instead_of: Sequence[str] = (),
) -> str | None:
    """A select box for the parameter `name` of the address; choosing clears the parameters in `instead_of`."""
    key = f"choice-{name}"
    wanted = st.query_params.get(name) or None
    if st.session_state.get(key) != wanted:
        st.session_state[key] = wanted
        st.query_params.update({})  # a link to the page that one is on leaves the address bar as it was: send it again
    st.selectbox(
        label,
        [*options, *([wanted] if wanted and wanted not in options else [])],
        None,
        key=key,
        format_func=lambda value: format_(value) if value in options else value,
        placeholder=placeholder,
        on_change=lambda: choose({name: st.session_state[key], **dict.fromkeys(instead_of)}),
    )
    return wanted


def choose(values: dict[str, str | None]) -> None:
    """Put values into the address (a callback); None takes one out."""
    for name, value in values.items():
        if value:
            st.query_params[name] = value
        elif name in st.query_params:
            del st.query_params[name]
