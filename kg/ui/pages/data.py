"""数据."""

from __future__ import annotations

import streamlit as st

from kg.ui.data import data_page
from kg.ui.frame import guarded

st.title("数据", anchor=False)
with guarded():
    data_page()
