"""核定."""

from __future__ import annotations

import streamlit as st

from kg.ui.frame import guarded
from kg.ui.reviewing import review_page

st.title("核定", anchor=False)
with guarded():
    review_page()
