"""The text of a document to read: headings, an outline to jump by, one sentence marked and scrolled to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__)
_reader = st.components.v2.component(
    "policykg_reader",
    html='<div class="reader"></div>',
    css=_HERE.with_name("reader.css").read_text(encoding="utf-8"),
    js=_HERE.with_name("reader.js").read_text(encoding="utf-8"),
)


def show_text(reading: dict[str, Any], *, focus: tuple[int, int] | None, key: str) -> None:
    """The whole text of `Service.reading`; `focus` are positions in it. The script builds text nodes, never HTML."""
    _reader(
        data={"text": reading["text"], "outline": reading["outline"], "focus": list(focus) if focus else None},
        key=key,
        height="content",
    )
