"""A choice kept in the address by its value, not by its label. A value that is not on offer stays: the page tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.errors import StreamlitAPIException

MOST = 100  # options of a select box that a page sends


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


def choice_of_many(
    label: str,
    name: str,
    options: Sequence[str],
    *,
    format_: Callable[[str], str] = str,
    placeholder: str = "",
    instead_of: Sequence[str] = (),
) -> str | None:
    """`choice` for lists that may hold thousands: beyond `MOST`, a box narrows them and the rest is not sent.

    A select box sends all its options to the browser with each run of the page.
    """
    if len(options) <= MOST:
        return choice(label, name, options, format_=format_, placeholder=placeholder, instead_of=instead_of)
    typed = st.text_input(f"查找{label}", key=f"find-{name}", placeholder=f"{len(options)} 项，输入几个字缩小范围")
    words = (typed or "").lower().split()
    fitting = [value for value in options if all(word in format_(value).lower() for word in words)]
    wanted = st.query_params.get(name) or ""
    shown = fitting[:MOST] + ([wanted] if wanted in options and wanted not in fitting[:MOST] else [])
    if not fitting:
        placeholder = "没有符合的，请换几个字"
    elif len(fitting) > MOST:
        placeholder = f"{placeholder}（列出前 {MOST} 项，共 {len(fitting)} 项）"
    elif words:
        placeholder = f"{placeholder}（{len(fitting)} 项符合）"
    return choice(label, name, shown, format_=format_, placeholder=placeholder, instead_of=instead_of)


def choose(values: dict[str, str | None]) -> None:
    """Put values into the address (a callback); None takes one out. One entry of the browser's history."""
    address = {name: st.query_params.get_all(name) for name in st.query_params}
    for name, value in values.items():
        address.pop(name, None)
        if value:
            address[name] = [value]
    try:
        st.query_params.from_dict(address)
    except StreamlitAPIException:  # a widget is bound to one of the others: each by itself, then
        for name, value in values.items():
            if value:
                st.query_params[name] = value
            elif name in st.query_params:
                del st.query_params[name]
