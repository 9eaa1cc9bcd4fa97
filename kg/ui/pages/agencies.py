"""机构图谱."""

from __future__ import annotations

import streamlit as st

from kg.ui.agencies import agencies_page
from kg.ui.frame import guarded

st.title("机构图谱", anchor=False)
with guarded():
    agencies_page()
