"""The SPARQL page: saved queries, an editor, the result and its files."""

from __future__ import annotations

import time
from typing import Any

import streamlit as st

from kg.core.errors import QuerySyntaxError
from kg.ui import backend, tables
from kg.ui.answers import show_table

Json = dict[str, Any]

_TEXT = "query"  # also the name in the address bar
_TABLE_FILES = {"xlsx": "Excel", "json": "JSON"}
_GRAPH_FILES = {"ttl": "Turtle", "nt": "N-Triples", "jsonld": "JSON-LD"}


def sparql_page() -> None:
    """Choose or write a query, run it, take the result along."""
    saved = {query["name"]: query for query in backend.saved_queries()}
    chosen = st.selectbox(
        "现成的查询",
        list(saved),
        None,
        key="saved",
        format_func=lambda name: saved[name]["title"],
        placeholder="选一个，或在下面自己写",
        on_change=lambda: _take(saved),
    )
    if chosen:
        st.caption(saved[chosen]["description"])
    with st.form("sparql", border=False):
        text = st.text_area("查询语句", key=_TEXT, bind="query-params", height=250, label_visibility="collapsed")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.form_submit_button("运行", type="primary", icon=":material/play_arrow:", shortcut="Ctrl+Enter")
            st.caption("前缀 pkg、eli、org、schema、skos、dcterms 等可直接使用；只读，不能修改数据。")
    if (text or "").strip():
        _result(text or "")


def _take(saved: dict[str, Json]) -> None:
    """Put the chosen query into the editor (a callback)."""
    if name := st.session_state["saved"]:
        st.session_state[_TEXT] = saved[name]["text"]


def _result(text: str) -> None:
    begun = time.perf_counter()
    try:
        with st.spinner("正在查询…"):
            result = backend.sparql(text)
    except QuerySyntaxError as error:
        _point_at(error, text)
        return
    took = (time.perf_counter() - begun) * 1000
    if result["kind"] == "ask":
        st.success("是" if result["rows"] and result["rows"][0][0] else "否")
    st.caption(f"{len(result['rows'])} 行 · 用时 {took:.0f} 毫秒")
    if result["rows"] and result["kind"] != "ask":
        show_table(result["variables"], result["rows"], key="result")
    _files(result, text)


def _files(result: Json, text: str) -> None:
    graph = result["kind"] == "construct"
    with st.container(horizontal=True):
        if not graph:
            st.download_button(
                "下载 CSV",
                lambda: tables.csv_bytes(result["variables"], result["rows"]),
                "查询结果.csv",
                key="result-csv",
                on_click="ignore",
            )
        for format_, label in (_GRAPH_FILES if graph else _TABLE_FILES).items():
            if format_ == "xlsx" and result["kind"] == "ask":
                continue
            st.download_button(
                f"下载 {label}",
                lambda format_=format_: backend.sparql_bytes(text, format_),  # type: ignore[misc]
                f"查询结果.{format_}",
                key=f"result-{format_}",
                on_click="ignore",
            )


def _point_at(error: QuerySyntaxError, text: str) -> None:
    if error.line is None:
        st.error("查询语句有误，请检查括号、引号和句点是否成对、齐全。", icon=":material/error:")
    else:
        st.error(
            f"查询语句第 {error.line} 行第 {error.column} 列附近有误，请检查箭头所指处及其前一个符号。",
            icon=":material/error:",
        )
        st.code(pointed(text, error.line, error.column or 1), language=None)
    with st.expander("解析器的说明"):
        st.code(error.message, language=None, wrap_lines=True)


def pointed(text: str, line: int, column: int) -> str:
    """The line of the error with its neighbours, and an arrow under the column (full-width signs take two)."""
    lines = text.splitlines() or [""]
    at = min(max(line, 1), len(lines))
    shown = [f"{number:>4}  {lines[number - 1]}" for number in range(max(at - 1, 1), at + 1)]
    before = lines[at - 1][: max(column - 1, 0)].ljust(max(column - 1, 0))
    blanks = "".join("\u3000" if ord(char) > 0x2E80 else "\t" if char == "\t" else " " for char in before)
    return "\n".join([*shown, f"      {blanks}↑"])
