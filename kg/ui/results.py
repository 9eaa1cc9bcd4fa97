"""The result of a query: a table with links, a chart of its numbers, its files."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kg.service.reports import rests_on
from kg.service.running import QueryResult
from kg.ui import backend, tables
from kg.ui.charts import KINDS, axes, local_chart, result_chart
from kg.ui.entities import entity_link
from kg.ui.grids import AT_ONCE, show_grid

Json = dict[str, Any]

_TABLE_FILES = {"csv": "CSV", "xlsx": "Excel", "tsv": "TSV", "json": "JSON", "xml": "XML"}
_GRAPH_FILES = {"ttl": "Turtle", "nt": "N-Triples", "jsonld": "JSON-LD", "rdf": "RDF/XML"}


def show_result(result: QueryResult, query: str, *, seconds: float) -> None:
    """Everything about one result; `seconds` is what it took."""
    held = backend.generation()
    rows = result.rows
    if result.kind == "ask":
        st.success("是" if result.boolean else "否")
    st.caption(f"{len(rows)} 行 · 用时 {seconds * 1000:.0f} 毫秒 · 第 {held['number']} 代索引")
    if result.kind != "ask":
        if not rows:
            st.info("没有符合条件的结果。", icon=":material/search_off:")
        else:
            if result.kind == "select":
                _chart(list(result.variables), rows)
            base = backend.service().settings.base_iri
            linked = [
                [entity_link(term, base) if isinstance(term, str) else value for term, value in zip(*pair, strict=True)]
                for pair in zip(result.terms[:AT_ONCE], rows[:AT_ONCE], strict=True)
            ]
            show_grid(result.variables, linked, key="result", label="查询结果")
            if len(rows) > AT_ONCE:
                st.caption(f"只显示前 {AT_ONCE} 行；下载的文件有全部 {len(rows)} 行。")
    _files(result, query, held)


def _chart(columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    found = axes(columns, rows)
    if found is None:
        return
    numbers, first_x, first_y = found
    with st.container(horizontal=True, vertical_alignment="bottom", key="result-chart-choice"):
        if not st.toggle("画成图", key="chart", bind="query-params"):
            return
        y = st.selectbox("纵轴（数）", numbers, numbers.index(first_y), key="chart-y")
        others = [name for name in columns if name != y]
        x = st.selectbox("横轴", others, others.index(first_x) if first_x in others else 0, key="chart-x")
        kind = st.selectbox("图形", list(KINDS), key="chart-kind")
    spec, left_out = result_chart(columns, rows, x=x, y=y, kind=kind)
    st.vega_lite_chart(local_chart(spec), width="stretch", height=spec["height"], key="result-chart")
    if left_out:
        st.caption(f"图中只画前几项，另有 {left_out} 项未画；先在查询中排序、加 LIMIT 可以选定画哪些。")


def _files(result: QueryResult, query: str, held: Json) -> None:
    if result.kind == "construct":
        files = _GRAPH_FILES
    else:
        files = {
            format_: name for format_, name in _TABLE_FILES.items() if result.kind == "select" or format_ != "xlsx"
        }
    with st.container(horizontal=True, key="result-files"):
        for format_, name in files.items():
            st.download_button(
                f"下载 {name}",
                lambda format_=format_: file_of(result, query, held, format_),  # type: ignore[misc]
                f"查询结果.{format_}",
                key=f"result-{format_}",
                on_click="ignore",
            )


def file_of(result: QueryResult, query: str, held: Json, format_: str) -> bytes:
    """The result as a file; those for Excel keep text as text, and the workbook says what it rests on."""
    if format_ == "csv":
        return tables.csv_bytes(result.variables, result.rows)
    if format_ == "xlsx":
        about = [["项目", "内容"], *map(list, rests_on(held).items()), ["行数", len(result.rows)], ["查询语句", query]]
        return tables.xlsx_bytes(
            [tables.Sheet("结果", [list(result.variables), *result.rows]), tables.Sheet("说明", about)]
        )
    return result.serialize(format_, for_people=True)
