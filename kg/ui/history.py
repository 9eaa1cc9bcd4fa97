"""The questions of this sitting; they are kept in the browser session only."""

from __future__ import annotations

import streamlit as st

from kg.ui.addresses import link
from kg.ui.markup import plain, shortened

_KEY = "asked"
_KEPT = 30
_SHOWN = 8
_LABEL = 30  # characters; the style sheet cuts what the side bar has no room for


Asked = tuple[str, str | None]
"""A question, and the one that it follows."""


def remember(question: str, previous: str | None = None) -> None:
    """Put a question on top."""
    asked = [item for item in questions() if item != (question, previous)]
    st.session_state[_KEY] = [(question, previous), *asked][:_KEPT]


def questions() -> list[Asked]:
    """The latest first."""
    return list(st.session_state.get(_KEY, ()))


def thread(root: str) -> list[Asked]:
    """A question and those that followed it in this sitting, in the order in which they were asked."""
    return [item for item in reversed(questions()) if root in (item[1], item[0] if item[1] is None else None)]


def address(question: str, previous: str | None) -> dict[str, str | int]:
    """Where a question is answered."""
    return {"q": question, **({"after": previous} if previous else {})}


def show() -> None:
    """Links that ask again."""
    asked = questions()
    if not asked:
        return
    with st.container(key="history", gap=None):
        st.caption("本次提问")
        for question, previous in asked[:_SHOWN]:
            link(
                "ask",
                plain(shortened(question, _LABEL)),
                address(question, previous),
                icon=":material/history:",
                help_=plain(question),
            )
