"""A button that copies text, also where the page is not served over HTTPS."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_JS = Path(__file__).with_name("copying.js").read_text(encoding="utf-8")
_CSS = Path(__file__).with_name("copying.css").read_text(encoding="utf-8")
_button = st.components.v2.component("policykg_copy", html='<div class="place"></div>', css=_CSS, js=_JS)


def copy_button(text: str, label: str, *, key: str) -> None:
    """Show it; `text` goes to the clipboard as it is."""
    _button(data={"text": text, "label": label, "done": "已复制"}, key=key, width="content", height="content")
