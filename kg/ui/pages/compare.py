"""衔接对照."""

from __future__ import annotations

import streamlit as st

from kg.ui.comparing import compare_page
from kg.ui.frame import guarded

st.title("衔接对照", anchor=False)
with guarded():
    compare_page()
