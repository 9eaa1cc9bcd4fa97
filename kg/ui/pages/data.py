"""数据."""

from __future__ import annotations

import streamlit as st

from kg.ui.data import data_page
from kg.ui.frame import guarded

st.title("数据", anchor=False, help="目前供本机一人使用，不分角色：能打开本页的人都可以增删文档。")
with guarded():
    data_page()
