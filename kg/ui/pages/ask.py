"""问答."""

from __future__ import annotations

import streamlit as st

from kg.ui.asking import question_page
from kg.ui.frame import guarded

st.title("问答", anchor=False)
with guarded():
    question_page()
