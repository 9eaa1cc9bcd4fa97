"""A person's statement about a fact: the buttons, the form for other values, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import streamlit as st

from kg.core.corrections import checked, to_set
from kg.core.declaration import Field, Written
from kg.core.errors import PolicyKGError
from kg.ui import roles
from kg.ui.markup import escaped, plain, shortened

Json = dict[str, Any]

_SAID = "review-said"
_WIDE = ("title", "what", "name", "target", "recipients")
_LABEL = 80  # characters of a fact on a line


def tell() -> None:
    """What came of the last statement, once."""
    for good, text in st.session_state.pop(_SAID, []):
        (st.success if good else st.error)(plain(text), icon=":material/check:" if good else ":material/error:")


def state(*statements: Json, publish: bool = True, said: str = "已核定") -> bool:
    """Take statements in on behalf of the visitor (a callback); tells what came of it. Whether they were taken."""
    begun = time.monotonic()
    try:
        done = roles.writer().correct(list(statements), publish=publish)
    except PolicyKGError as error:
        st.session_state[_SAID] = [(False, error.message)]
        return False
    took = f"（{time.monotonic() - begun:.1f} 秒，答案和各页已按此显示）" if done["generation"] is not None else ""
    st.session_state[_SAID] = [(True, said + took)] if publish else []
    roles.view()
    return True


def stated(statement: Json) -> None:
    """Take one statement in and publish it (a callback)."""
    state(statement)


def undo(correction_id: str) -> None:
    """Take a statement back (a callback)."""
    try:
        roles.writer().undo_correction(correction_id)
    except PolicyKGError as error:
        st.session_state[_SAID] = [(False, error.message)]
    else:
        st.session_state[_SAID] = [(True, "已撤销，恢复为识别的结果")]
        roles.view()


def about(document_id: str, path: str, action: str, values: Mapping[str, Any] | None = None, **more: Any) -> Json:
    """A statement about one fact, as the service takes it."""
    return {"action": action, "document": document_id, "path": path, "values": dict(values or {}), **more}


def fact_card(document_id: str, fact: Json, *, key: str) -> None:
    """One fact with 正确 / 修改 / 有误, or what was stated of it with 撤销."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key=f"fact-{key}"):
        st.html(fact_html(fact), width="stretch")
        may = roles.visitor().may_edit
        if fact["review"]:
            st.button(
                "撤销核定", key=f"undo-{key}", icon=":material/undo:", type="tertiary", disabled=not may, on_click=undo,
                args=(fact["review"],),
            )  # fmt: skip
        for label, action, icon in (("正确", "confirm", "check"), ("有误", "reject", "close")):
            if not (fact["review"] and action == "confirm"):
                st.button(
                    label, key=f"{action}-{key}", icon=f":material/{icon}:", type="tertiary", disabled=not may,
                    on_click=stated, args=(about(document_id, fact["path"], action),),
                )  # fmt: skip
        if st.button("修改", key=f"edit-{key}", icon=":material/edit:", type="tertiary", disabled=not may):
            edit(document_id, fact)
        activity = fact["path"].count("/") == 1 and fact["path"].startswith("activities/")
        if activity and st.button(
            "补充责任单位", key=f"add-{key}", icon=":material/add:", type="tertiary", disabled=not may
        ):
            add_duty(document_id, fact)


def fact_html(fact: Json) -> str:
    """Kind, words, and how sure; what a person stated is said so."""
    sure = "人工核定" if fact["review"] else f"可信度 {fact['confidence']:.0%}" if fact["confidence"] < 1 else ""
    mark = f'<span class="pk-badge">{escaped(sure)}</span>' if fact["review"] else f"<span>{escaped(sure)}</span>"
    written = fact.get("as_written")
    told = f"<span>原文写法：{escaped(written)}</span>" if isinstance(written, str) and written else ""
    told_once = "　".join(dict.fromkeys(fact["words"].split("　")))  # a body's name is often all three of its names
    words = escaped(shortened(told_once, _LABEL))
    return f'<p class="pk-row"><b>{escaped(fact["label"])}</b>　{words}　{mark}{told}</p>'


@st.dialog("修改", width="medium")
def edit(document_id: str, fact: Json) -> None:
    """The form of a fact, filled with what was read; only what is changed is stated."""
    held = fact["values"]
    if fact["path"].startswith("to_check/"):
        st.caption("待核的事实：填好后即成为已核定的事实。")
    given = _form(fact["kind"], held, key="edit")
    if given is not None:
        changed = {name: value for name, value in given.items() if value != _shown(held.get(name))}
        if not changed:
            st.info("没有改动。确认无误请点“正确”。")
            return
        if state(about(document_id, fact["path"], "correct", changed)):
            st.rerun()
        tell()


@st.dialog("补充责任单位", width="medium")
def add_duty(document_id: str, fact: Json) -> None:
    """A body that the reading missed, on an activity."""
    given = _form("responsible", {}, key="duty")
    if given is not None:
        filled = {name: value for name, value in given.items() if value not in (None, "")}
        path = f"{fact['path']}/responsible"
        if state(about(document_id, path, "add", filled, quote=filled.get("as_written"))):
            st.rerun()
        tell()


@st.dialog("补充", width="medium")
def add(document_id: str, kind_name: str, list_: str, quote: str) -> None:
    """A fact that the reading missed, at a quote."""
    words = st.text_area("所据的原文（从正文照抄）", quote, key="add-quote")
    given = _form(kind_name, {}, key="add")
    if given is not None:
        filled = {name: value for name, value in given.items() if value not in (None, "")}
        if state(about(document_id, list_, "add", filled, quote=words.strip())):
            st.rerun()
        tell()


@st.dialog("修改文档要素", width="medium")
def edit_header(document_id: str, held: Json) -> None:
    """Title, number, kind, date and so on of a document as a whole."""
    given = _form("document", held, key="header")
    if given is not None:
        changed = {name: value for name, value in given.items() if value != _shown(held.get(name))}
        if changed and state(about(document_id, "document", "correct", changed)):
            st.rerun()
        tell()


def _form(kind_name: str, held: Mapping[str, Any], *, key: str) -> Json | None:
    """The fields that may be set; the values as text once the form is sent and they fit."""
    with st.form(f"form-{key}", border=False):
        given: Json = {}
        shown = [field for field in to_set(kind_name) if field.part is None or field.name == "deadline"]
        columns = st.columns(2)
        for number, field in enumerate(shown):
            given[field.name] = _input(columns[number % 2], field, held.get(field.name), key=f"{key}-{field.name}")
        sent = st.form_submit_button("保存", type="primary", icon=":material/save:")
    if not sent:
        return None
    try:
        changed = {name: value for name, value in given.items() if value != _shown(held.get(name))}
        checked(kind_name, changed)
    except PolicyKGError as error:
        st.error(plain(error.message), icon=":material/error:")
        return None
    return given


def _input(column: Any, field: Field, value: Any, *, key: str) -> Any:
    label = field.label + ("（必填）" if field.needed else "")
    if field.choices:
        labels = {choice.value: choice.label for choice in field.choices}
        options = [None, *labels]
        index = options.index(value) if value in labels else 0
        return column.selectbox(label, options, index, format_func=lambda v: labels.get(v, "未写明"), key=key)
    example = "如 2024-09-05" if field.written is Written.DATE else None
    return column.text_input(label, _shown(value), key=key, placeholder=example)


def _shown(value: Any) -> str | None:
    """A value as a field of the form shows it."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "、".join(map(str, value))
    if isinstance(value, dict):
        return str(value.get("date") or value.get("as_written") or "")
    if isinstance(value, float):
        return f"{value:.12g}"
    return str(value)
