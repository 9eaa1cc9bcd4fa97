"""高级查询 (SPARQL)."""

from __future__ import annotations

import streamlit as st

from kg.ui.frame import guarded
from kg.ui.querying import sparql_page

st.title("高级查询", anchor=False)
with guarded():
    sparql_page()
