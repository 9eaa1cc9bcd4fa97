"""活动演变."""

from __future__ import annotations

import streamlit as st

from kg.ui.evolving import evolution_page
from kg.ui.frame import guarded

st.title("活动演变", anchor=False)
with guarded():
    evolution_page()
