"""政策依据."""

from __future__ import annotations

import streamlit as st

from kg.ui.frame import guarded
from kg.ui.tracing import basis_page

st.title("政策依据", anchor=False)
with guarded():
    basis_page()
