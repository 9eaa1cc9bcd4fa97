"""The question page: the box, the examples, the answer."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kg.ui import backend, history
from kg.ui.answers import question_buttons, show_answer
from kg.ui.examples import example_questions
from kg.ui.home import home

_FEW = 6  # years that a line lists
_BOX = "q"  # also the name in the address bar


def ask_this(question: str) -> None:
    """Put a question into the box (a callback); the address follows."""
    st.session_state[_BOX] = question


def question_page() -> None:
    """One box; beneath it the answer, or examples where nothing was asked."""
    topics = backend.topics()
    question = _box()
    if not question:
        _invitation(topics)
        home()
        return
    history.remember(question)
    with st.spinner("正在查找…"):
        answer = backend.ask(question)
    show_answer(answer, ask=ask_this)
    if not answer["answerable"]:
        st.caption(
            f"查过的范围：库中全部 {topics['documents']} 份文档（{_span(topics['years'])}）。可以换一种问法，例如："
        )
        question_buttons(example_questions(topics, most=3), ask_this, key="instead")


def _box() -> str:
    with st.form("ask", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            "问题",
            key=_BOX,
            bind="query-params",
            placeholder="用一句话提问，按回车键",
            label_visibility="collapsed",
            max_chars=500,
        )
        st.form_submit_button("提问", type="primary", icon=":material/send:")
    return (text or "").strip()


def _span(years: list[int]) -> str:
    """2019、2022、2024 年度; the ends only where there are many."""
    if not years:
        return "年度不明"
    return f"{'、'.join(map(str, sorted(years)))} 年度" if len(years) <= _FEW else f"{min(years)}—{max(years)} 年度"


def _invitation(topics: dict[str, Any]) -> None:
    questions = example_questions(topics)
    if questions:
        st.markdown("**可以这样问**")
        question_buttons(questions, ask_this, key="examples")
    st.caption("答案只来自库中文档；每一条都附原文，可以核对。库中没有的，会如实说明。")
