"""What an input offers while one types: names that the documents hold, as the browser's own list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

_MOST = 150  # of each kind: the most frequent ones
_KINDS = ("series", "agencies", "policies", "themes")
_suggest = st.components.v2.component(
    "policykg_suggest",
    html="<i hidden></i>",
    js=Path(__file__).with_name("suggesting.js").read_text(encoding="utf-8"),
)


def suggest(label: str, names: list[str], *, key: str) -> None:
    """Offer names in the text input of that label."""
    with st.container(key=f"{key}-box"):
        _suggest(data={"label": label, "names": names}, key=key)


def suggestions(topics: dict[str, Any]) -> list[str]:
    """Series, agencies, policies and themes that the documents speak of, each once."""
    return list(dict.fromkeys(item["name"] for kind in _KINDS for item in topics[kind][:_MOST]))
