"""Beneath the box where nothing was asked: what is held, what came last, what waits for a person."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kg.ui import backend, roles
from kg.ui.addresses import link
from kg.ui.grids import show_grid
from kg.ui.kept import kept_questions
from kg.ui.markup import plain, shortened

Json = dict[str, Any]

_TITLE = 42  # characters of a title in the list of what came last
_SHOWN = 8  # values of a count on a line


def home() -> None:
    """Numbers with links, the map of coverage, the latest documents."""
    held = backend.overview()
    with st.container(key="home-columns"):
        left, right = st.columns([1.35, 1], gap="large")
    with left:
        _held(held)
        _coverage(held["coverage"])
    with right:
        kept_questions()
        _latest(held["recent"])
        _waiting(held)


def _held(held: Json) -> None:
    st.markdown(f"**库中文档 {held['documents']} 份**")
    for label, counts, name in (
        ("年度", held["years"], "y"),
        ("层级", held["levels"], "l"),
        ("文种", held["kinds"], "k"),
    ):
        if not counts:
            continue
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(label, width="content")
            for value, count in counts[:_SHOWN]:
                link("documents", plain(f"{value} {count}"), {name: value})
            if len(counts) > _SHOWN:
                st.caption(f"等 {len(counts)} 种", width="content")


def _coverage(coverage: Json) -> None:
    """Places × years with the number of documents; an empty cell is a year of which nothing is held."""
    if not coverage["rows"] or not coverage["years"]:
        return
    shown = len(coverage["rows"])
    more = f"（文档最多的 {shown} 个，共 {coverage['places']} 个）" if coverage["places"] > shown else ""
    st.markdown(f"**地区 × 年度**{more}")
    columns = ["地区", *map(str, coverage["years"])]
    rows = [[row[0], *(count or None for count in row[1:])] for row in coverage["rows"]]
    show_grid(columns, rows, key="coverage", label="各地区各年度的文档数")
    st.caption("格中是入库的文档数；空格是没有入库，不等于没有发文。")


def _latest(recent: list[Json]) -> None:
    if not recent:
        return
    st.markdown("**最近入库**")
    for item in recent:
        link("documents", plain(shortened(item["title"], _TITLE)), {"id": item["id"]}, icon=":material/article:")


def _waiting(held: Json) -> None:
    st.markdown("**待办**")
    with st.container(gap="small"):
        count = held["to_check"]
        link(
            "review",
            f"待核：存疑的 {count} 条，另有可信度不高的" if count else "待核：没有存疑的",
            icon=":material/fact_check:",
        )
        if held["review_again"]:
            link("review", f"待复核的核定 {held['review_again']} 条", {"part": "待复核"}, icon=":material/rule:")
        if held["unread"]:
            link(
                "data", f"有内容没有读出的文档 {held['unread']} 份", {"part": "质量提示"},
                icon=":material/visibility_off:",
            )  # fmt: skip
        if roles.visitor().may_edit:
            link("data", "上传文档", icon=":material/upload:")
