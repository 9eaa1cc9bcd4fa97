"""The page 任务台账: tasks by body, year, place, month and state; the sentence of the chosen one; files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import streamlit as st

from kg.service.ledger import STATES, chosen
from kg.ui import backend, tables
from kg.ui.addresses import link
from kg.ui.markup import plain
from kg.ui.quotes import evidence_cards

Json = dict[str, Any]

_COLUMNS = ("时限", "状态", "任务", "承担单位", "年度", "地区", "文件")
_TALLEST = 520  # pixels
_ROW = 35
_ROW_OF_LINES = 66  # in which longer cells wrap: Streamlit lets them from 4rem on


def tasks_page() -> None:
    """Filters, the table, the chosen task."""
    rows = backend.tasks()
    if not rows:
        st.info("库中文档没有识别到部署的任务。", icon=":material/task_alt:")
        return
    found = _filtered(rows)
    overdue = sum(row["state"] == STATES[0] for row in found)
    st.caption(
        f"{len(found)} 项任务" + (f"，其中 {overdue} 项时限已过、库中没有文件通报（不等于没有完成）" if overdue else "")
    )
    _files(found)
    if not found:
        st.info("没有符合条件的任务，请放宽条件。", icon=":material/filter_alt_off:")
        return
    cells = [
        [row["due"] or row["due_as_written"], row["state"], row["task"], bodies(row), row["year"], row["place"],
         row["document"]]
        for row in found
    ]  # fmt: skip
    picked = st.dataframe(
        tables.table(_COLUMNS, cells),
        hide_index=True,
        height=min(_ROW_OF_LINES * len(found) + _ROW + 3, _TALLEST),
        row_height=_ROW_OF_LINES,
        column_config={
            "时限": st.column_config.Column(width=105),
            "状态": st.column_config.Column(width=110),
            "任务": st.column_config.Column(width=300),
            "承担单位": st.column_config.Column(width=260),
            "年度": st.column_config.NumberColumn(format="%d", width=60),
            "地区": st.column_config.Column(width=90),
        },
        key="tasks",
        on_select="rerun",
        selection_mode="single-row",
        placeholder="",
    )
    chosen_rows = picked.selection.rows
    if chosen_rows and chosen_rows[0] < len(found):
        _task(found[chosen_rows[0]])
    else:
        st.caption("选一行，下面显示原文和后来的通报。")


def bodies(row: Json) -> str | None:
    """甲（牵头）、乙; those of the task above are said to be so."""
    names = "、".join(b["name"] + (f"（{b['role']}）" if b["role"] != "负责" else "") for b in row["bodies"])
    if not names:
        return "未识别到"
    return names + ("（上级任务的单位）" if row["shared"] else "")


def _filtered(rows: list[Json]) -> list[Json]:
    year, place, state, words = st.columns([0.8, 1, 1.1, 1.6])
    body, due = st.columns([1.9, 1.1], vertical_alignment="bottom")
    years = sorted({row["year"] for row in rows if row["year"]}, reverse=True)
    places = sorted({row["place"] for row in rows if row["place"]})
    names = sorted({b["name"] for row in rows for b in row["bodies"]})
    months = sorted({row["due"][:7] for row in rows if row["due"]}, reverse=True)
    this = f"{datetime.now().astimezone():%Y-%m}"
    only = due.selectbox(
        "时限", [this, *(m for m in months if m != this)], None, key="m", bind="query-params", placeholder="不限",
        format_func=lambda month: f"本月（{month}）到期" if month == this else month,
    )  # fmt: skip
    return chosen(
        rows,
        body=body.selectbox("承担单位", names, None, key="a", bind="query-params", placeholder="输入几个字查找"),
        year=year.selectbox("年度", years, None, key="y", bind="query-params", placeholder="不限"),
        place=place.selectbox("地区", places, None, key="p", bind="query-params", placeholder="不限"),
        state=state.selectbox("状态", STATES, None, key="s", bind="query-params", placeholder="不限"),
        due=only,
        words=words.text_input("任务中的字词", key="w", bind="query-params", placeholder="空格分开") or "",
    )


def _files(found: list[Json]) -> None:
    seen = backend.seen()  # a file is made when nobody knows any more for whom
    with st.container(horizontal=True, key="task-files"):
        for format_, label in (("xlsx", "下载 Excel"), ("ics", "下载日历（.ics）")):
            st.download_button(
                label,
                lambda format_=format_: seen.tasks_file(found, format_),  # type: ignore[misc]
                f"任务台账.{format_}",
                key=f"tasks-{format_}",
                on_click="ignore",
                disabled=format_ == "ics" and not any(row["due"] for row in found),
            )


def _task(row: Json) -> None:
    """The words of a task, and of the report that tells of it."""
    st.subheader(plain(row["task"]), anchor=False)
    evidence_cards([row], key="task")
    if row["told"]:
        st.markdown("**后来的通报**")
        evidence_cards([row["told"]], key="told")
    else:
        st.caption("库中没有文件通报这项任务；没有通报不等于没有开展。")
    place = row["place"] or ""
    question = f"{place}{row['year']}年“{row['task']}”由谁负责？" if row["year"] else f"“{row['task']}”由谁负责？"
    link("ask", "就这项任务提问", {"q": question}, icon=":material/forum:")
