"""The questions of this sitting; they are kept in the browser session only."""

from __future__ import annotations

import streamlit as st

from kg.ui.addresses import link
from kg.ui.markup import plain, shortened

_KEY = "asked"
_KEPT = 30
_SHOWN = 8
_LABEL = 30  # characters; the style sheet cuts what the side bar has no room for


def remember(question: str) -> None:
    """Put a question on top."""
    asked = [item for item in questions() if item != question]
    st.session_state[_KEY] = [question, *asked][:_KEPT]


def questions() -> list[str]:
    """The latest first."""
    return list(st.session_state.get(_KEY, ()))


def show() -> None:
    """Links that ask again."""
    asked = questions()
    if not asked:
        return
    with st.container(key="history", gap=None):
        st.caption("本次提问")
        for question in asked[:_SHOWN]:
            link(
                "ask",
                plain(shortened(question, _LABEL)),
                {"q": question},
                icon=":material/history:",
                help_=plain(question),
            )
