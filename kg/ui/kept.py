"""Questions that people keep: they survive a reload, and are asked again when there is something new."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kg.core.errors import PolicyKGError
from kg.ui import backend, roles
from kg.ui.addresses import link
from kg.ui.history import address
from kg.ui.markup import plain, shortened

Json = dict[str, Any]

_NAME = 30  # characters of a name in the list
_TOLD = "kept-told"


def keep_button(question: str, previous: str | None) -> None:
    """Beside an answer: keep its question, under a name where one is given."""
    if not roles.visitor().may_edit:
        return
    with st.popover("收藏", icon=":material/bookmark:"):
        st.text_input("名称（可不填）", key="keep-name", placeholder=shortened(question, _NAME))
        st.button("收藏这个问题", key="keep", type="primary", on_click=_keep, args=(question, previous))
        st.caption("收藏在本机，刷新后仍在。有新文档时首页会提示重问，并告诉有什么变化。")


def _keep(question: str, previous: str | None) -> None:
    try:
        roles.writer().keep_question(question, name=st.session_state.get("keep-name") or "", previous=previous)
    except PolicyKGError as error:
        st.toast(plain(error.message), icon=":material/error:")
    else:
        st.toast("已收藏，在首页“我的问题”中", icon=":material/bookmark_added:")


def kept_questions() -> None:
    """On the first page: the questions that are kept, and what changed in those that were asked again."""
    try:
        kept = backend.seen().kept_questions()
    except PolicyKGError:
        return
    if not kept:
        return
    st.markdown("**我的问题**")
    may = roles.visitor().may_edit
    stale = [item["id"] for item in kept if item["stale"]]
    if stale and may:
        st.button(
            f"有新数据，重问 {len(stale)} 个",
            key="ask-again",
            icon=":material/refresh:",
            on_click=_again,
            args=(stale,),
        )
    told: dict[str, Json] = st.session_state.get(_TOLD, {})
    for item in kept:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"kept-{item['id']}"):
            where = address(item["question"], item["previous"])
            name = plain(shortened(item["name"], _NAME))
            link("ask", name, where, icon=":material/bookmark:", help_=plain(item["question"]))
            st.button(
                "移除", key=f"drop-kept-{item['id']}", type="tertiary", icon=":material/close:", disabled=not may,
                on_click=_drop, args=(item["id"],),
            )  # fmt: skip
        if item["id"] in told:
            st.caption(plain(difference(told[item["id"]])))


def difference(found: Json) -> str:
    """What changed since the answer was last seen."""
    if not found["changed"]:
        return "没有变化"
    if not found["added"] and not found["gone"]:
        return f"答案改为：{shortened(found['answer'], 80)}"
    parts = [f"新增 {shortened(row, 60)}" for row in found["added"]]
    parts += [f"另增 {found['more']} 行"] if found["more"] else []
    parts += [f"少了 {shortened(row, 60)}" for row in found["gone"]]
    return "；".join(parts)


def _again(ids: list[str]) -> None:
    """Ask anew (a callback)."""
    told = st.session_state.setdefault(_TOLD, {})
    for question_id in ids:
        try:
            told[question_id] = roles.writer().ask_again(question_id)
        except PolicyKGError as error:
            st.toast(plain(error.message), icon=":material/error:")


def _drop(question_id: str) -> None:
    try:
        roles.writer().drop_question(question_id)
    except PolicyKGError as error:
        st.toast(plain(error.message), icon=":material/error:")
