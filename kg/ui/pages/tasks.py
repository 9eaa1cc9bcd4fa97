"""任务台账."""

from __future__ import annotations

import streamlit as st

from kg.ui.frame import guarded
from kg.ui.ledger import tasks_page

st.title("任务台账", anchor=False)
with guarded():
    tasks_page()
