"""The question page: the box, the examples, the answer."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kg.ui import backend, history
from kg.ui.addresses import link
from kg.ui.answers import question_buttons, show_answer
from kg.ui.examples import example_questions
from kg.ui.home import home
from kg.ui.markup import plain, shortened

_FEW = 6  # years that a line lists
_BOX = "q"  # also the name in the address bar
_AFTER = "after"  # in the address: the question that this one follows
_THREAD, _CRUMB = 5, 24  # questions of a thread that are shown, and characters of each


def ask_this(question: str) -> None:
    """Put a question into the box (a callback); the address follows."""
    st.session_state[_BOX] = question
    st.query_params.pop(_AFTER, None)


def _ask_on(root: str) -> None:
    """Put what follows on a question into the box (a callback)."""
    said = (st.session_state.get("more") or "").strip()
    if said:
        st.session_state[_BOX] = said
        st.session_state["more"] = ""
        st.query_params[_AFTER] = root


def question_page() -> None:
    """One box; beneath it the answer, or examples where nothing was asked."""
    topics = backend.topics()
    question = _box()
    if not question:
        _invitation(topics)
        home()
        return
    previous = st.query_params.get(_AFTER) or None
    history.remember(question, previous)
    _thread(question, previous)
    with st.spinner("正在查找…"):
        answer = backend.ask(question, previous)
    show_answer(answer, ask=ask_this, previous=previous, follow=lambda: _follow_up(previous or question))
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
        st.form_submit_button("提问", type="primary", icon=":material/send:", on_click=_alone)
    return (text or "").strip()


def _alone() -> None:
    """What is typed into the box above stands by itself (a callback)."""
    st.query_params.pop(_AFTER, None)


def _thread(question: str, previous: str | None) -> None:
    """What was asked before in this thread, to go back to."""
    root = previous or question
    asked = [item for item in history.thread(root) if item != (question, previous)]
    if previous and (previous, None) not in asked:
        asked.insert(0, (previous, None))
    if not asked:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="thread"):
        st.caption("接着问", width="content")
        for said, before in asked[-_THREAD:]:
            link("ask", plain(shortened(said, _CRUMB)), history.address(said, before), help_=plain(said))


def _follow_up(root: str) -> None:
    """A box for what one asks on: a year, a place, another matter; all else stays as it was asked."""
    with (
        st.form("follow", border=False, clear_on_submit=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        st.text_input(
            "接着问", key="more", placeholder="接着问，如：那2022年呢", label_visibility="collapsed", max_chars=100
        )
        st.form_submit_button("接着问", icon=":material/subdirectory_arrow_right:", on_click=_ask_on, args=(root,))


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
    st.caption("把公文变成可以提问的知识图谱：答案只来自库中文档，每一条都附原文；库中没有的，会如实说明。")
