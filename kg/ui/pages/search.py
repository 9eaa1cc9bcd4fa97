"""检索."""

from __future__ import annotations

import streamlit as st

from kg.ui.frame import guarded
from kg.ui.searching import search_page

st.title("检索", anchor=False)
with guarded():
    search_page()
