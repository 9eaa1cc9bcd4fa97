"""Long lists by pages: a thousand elements at once take a browser many seconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

T = TypeVar("T")


def page_of(items: Sequence[T], size: int, key: str) -> tuple[Sequence[T], int, int]:
    """What stands on the page that a visitor is on, the number of that page (from 1), and how many there are.

    `key` is that of the control (`st.pagination`) that the caller draws where there are several.
    """
    pages = max(1, -(-len(items) // size))
    page = min(st.session_state.get(key) or 1, pages)
    return items[(page - 1) * size :][:size], page, pages
