"""点选查询: a query that grows by clicks, from a class along its ties; its rows and its SPARQL beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from kg.core.errors import RefusedQuery
from kg.service.reports import rests_on
from kg.service.stepwise import (
    At,
    Line,
    Written,
    added,
    changed,
    dumped,
    line_at,
    parse,
    removed,
    ties_query,
    to_query,
    values_query,
    walk,
)
from kg.service.stepwise_schema import Class, Tie, classes
from kg.ui import backend, tables
from kg.ui.choosing import choose
from kg.ui.entities import entity_link
from kg.ui.grids import Link, show_grid
from kg.ui.markup import plain, shortened

_ROWS = 200  # of the result that are shown; the files have all
_TOLD = 22  # characters of a test in a line
_INDENTED = 5  # depths that the style sheet indents
_HOW = {"must": "必须有", "may": "可以没有", "none": "必须没有"}
_SORTS = {"up": "升序", "down": "降序"}


def stepwise_page() -> None:
    """Choose what the rows are of; then a line after the other."""
    address = st.query_params.get("steps", "")
    if not address:
        _beginnings()
        return
    root = parse(address)
    lines = list(walk(root))
    focus = _focus({at for at, *_ in lines})
    left, right = st.columns([5, 8], gap="medium")
    with left:
        _tree(root, lines, focus)
    at, line, cls, tie = next(entry for entry in lines if entry[0] == focus)
    with right, st.container(border=True, key="step-panel"):
        _panel(root, at, line, cls, tie)
    _rows(to_query(root, limit=_ROWS + 1), to_query(root))


def _beginnings() -> None:
    st.caption("先选要列出的是什么，再沿着联系一步步加条件；每一步都能看到结果，不必写查询语句。")
    with st.container(horizontal=True, key="step-beginnings"):
        for cls in classes().values():
            if cls.begins:
                st.button(plain(cls.label), key=f"begin-{cls.name}", on_click=_begin, args=(cls.name,))


def _begin(name: str) -> None:
    _put(Line(name), ())


def _put(root: Line, focus: At) -> None:
    """The tree as it is now (a callback); one entry of the browser's history."""
    st.session_state["step-focus"] = focus
    choose({"steps": dumped(root), "way": None, "query": None, "saved": None})


def _focus(known: set[At]) -> At:
    """The line that is worked on; one that is gone gives way to the nearest above it."""
    focus: At = st.session_state.get("step-focus", ())
    while focus not in known:
        focus = focus[:-1]
    return focus


# -- the tree ----------------------------------------------------------------------------------------------------------


def _tree(root: Line, lines: Sequence[tuple[At, Line, Class | None, Tie | None]], focus: At) -> None:
    with st.container(gap="xsmall", key="step-tree"):
        for at, line, cls, tie in lines:
            depth = min(len(at) + 1, _INDENTED)
            with st.container(key=f"step{depth}-{'-'.join(map(str, at)) or 'first'}"):
                st.button(
                    _told(line, cls, tie),
                    key=f"line-{'-'.join(map(str, at)) or 'first'}",
                    type="primary" if at == focus else "secondary",
                    width="stretch",
                    on_click=_look,
                    args=(at,),
                )
    st.button("重新开始", key="step-again", icon=":material/restart_alt:", type="tertiary", on_click=_again)
    if root.lines:
        st.caption("点一行，在右边改它的条件，或接着加联系。浏览器的“后退”撤销一步。")


def _told(line: Line, cls: Class | None, tie: Tie | None) -> str:
    """A line in words."""
    label = tie.label if tie else cls.label if cls else line.tie
    tests = [f"是 {'、'.join(line.values)}"] if line.values else []
    tests += [f"含“{line.words}”"] if line.words else []
    tests += [f"≥ {line.least}"] if line.least else []
    tests += [f"≤ {line.most}"] if line.most else []
    signs = [_HOW[line.how]] if line.how != "must" else []
    signs += ["计数"] if line.count else []
    signs += ["不列出"] if line.hidden else []
    signs += [{"up": "↑", "down": "↓"}[line.sort]] if line.sort else []
    told = f"**{plain(label)}**"
    told += f" {plain(shortened('，'.join(tests), _TOLD))}" if tests else ""
    return told + (f" {plain('（' + '，'.join(signs) + '）')}" if signs else "")


def _look(at: At) -> None:
    st.session_state["step-focus"] = at


def _again() -> None:
    choose({"steps": None, "way": "steps"})


# -- the line that is worked on ----------------------------------------------------------------------------------------


def _panel(root: Line, at: At, line: Line, cls: Class | None, tie: Tie | None) -> None:
    label = tie.label if tie else cls.label if cls else line.tie
    tested = cls.title if cls else tie
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{plain(label)}**", width="content")
        if at:
            st.button(
                "去掉这一行", key="step-remove", icon=":material/delete:", type="tertiary", on_click=_remove,
                args=(root, at),
            )  # fmt: skip
    if tested is not None and line.how != "none":
        _tests(root, at, line, cls, tested)
    _options(root, at, line)
    if cls is not None:
        _ties(root, at, cls)


def _remove(root: Line, at: At) -> None:
    _put(removed(root, at), at[:-1])


def _set(root: Line, at: At, field: str, key: str) -> None:
    value = st.session_state[key]
    value = tuple(value) if field == "values" else (value or type(getattr(line_at(root, at), field))())
    _put(changed(root, at, **{field: value.strip() if isinstance(value, str) else value}), at)


def _key(at: At, field: str, wanted: Any) -> str:
    """The key of an input that shows what the address says."""
    key = f"step-{field}-{'-'.join(map(str, at)) or 'first'}"
    if st.session_state.get(key) != wanted:
        st.session_state[key] = wanted
    return key


def _tests(root: Line, at: At, line: Line, cls: Class | None, tested: Tie) -> None:
    values = _values(root, at)
    offered = values or {}
    options = [*offered, *(value for value in line.values if value not in offered)]
    key = _key(at, "values", list(line.values))
    st.multiselect(
        "是" if cls is None else f"是（{tested.label}）",
        options,
        key=key,
        format_func=lambda value: f"{value}（{offered[value]}）" if value in offered else value,
        placeholder="太多，列不出来，可以写一个"
        if values is None
        else "不限，选或写一个"
        if options
        else "没有可选的值",
        accept_new_options=True,
        on_change=_set,
        args=(root, at, "values", key),
    )
    ranged = tested.numeric or tested.dated
    fields = {"least": "从", "most": "到"} if ranged else {"words": "含有"}
    for column, (field, label) in zip(st.columns(max(len(fields), 1)), fields.items(), strict=False):
        key = _key(at, field, getattr(line, field))
        column.text_input(
            label,
            key=key,
            placeholder="如 2024-09 或 2024-09-01" if tested.dated else "数字" if ranged else "几个字",
            max_chars=100,
            on_change=_set,
            args=(root, at, field, key),
        )


def _values(root: Line, at: At) -> dict[str, int] | None:
    """The values that a line can be narrowed to, with the number of things that have each; None where too many."""
    try:
        rows = backend.sparql(values_query(root, at))["rows"]
    except RefusedQuery:
        return None
    return {str(value): int(number) for value, number in rows if value is not None}


def _options(root: Line, at: At, line: Line) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="step-options"):
        if at:
            key = _key(at, "how", line.how)
            st.segmented_control(
                "要求", list(_HOW), key=key, format_func=_HOW.__getitem__, required=True, on_change=_set,
                args=(root, at, "how", key),
            )  # fmt: skip
        if line.how == "none":
            return
        key = _key(at, "sort", line.sort or None)
        st.segmented_control(
            "排序", list(_SORTS), key=key, format_func=_SORTS.__getitem__, on_change=_set, args=(root, at, "sort", key)
        )
        for field, label in (("count", "计数"), ("hidden", "不列出")):
            key = _key(at, field, getattr(line, field))
            st.checkbox(label, key=key, on_change=_set, args=(root, at, field, key))


def _ties(root: Line, at: At, cls: Class) -> None:
    """What can be followed from here: only what some thing of the line has."""
    ties = cls.ties[1:]
    try:
        rows = backend.sparql(ties_query(root, at, ties))["rows"]
        found = {int(row[0]) for row in rows}
    except RefusedQuery:  # too much for the limits of a query: all that the class may have
        found = set(range(len(ties)))
    known = [tie for number, tie in enumerate(ties) if number in found]
    if not known:
        st.caption("符合条件的结果没有别的联系。")
        return
    st.caption("接着加：")
    for part in (
        [tie for tie in known if not tie.to],
        [tie for tie in known if tie.to and not tie.backward],
        [tie for tie in known if tie.to and tie.backward],
    ):
        if part:
            with st.container(horizontal=True, gap="xsmall", key=f"step-ties-{part[0].key}"):
                for tie in part:
                    st.button(
                        plain(tie.label),
                        key=f"tie-{tie.key}",
                        icon=":material/arrow_forward:" if tie.to else ":material/add:",
                        on_click=_follow,
                        args=(root, at, tie.key),
                    )


def _follow(root: Line, at: At, tie: str) -> None:
    _put(*added(root, at, tie))


# -- what comes of it --------------------------------------------------------------------------------------------------


def _rows(some: Written, every: Written) -> None:
    result = backend.sparql(some.query)
    rows = _drawn(some, result, backend.service().settings.base_iri)
    cut = len(rows) > _ROWS
    st.caption(f"{'先列出前 ' if cut else ''}{min(len(rows), _ROWS)} 行{'，下载的文件有全部' if cut else ''}")
    if not rows:
        st.info("没有符合条件的结果。放宽或去掉一个条件再看。", icon=":material/search_off:")
    else:
        show_grid([column.label for column in some.columns], rows[:_ROWS], key="step-result", label="点选结果")
    with st.container(horizontal=True, key="step-files"):
        held, reader = backend.generation(), backend.reader()
        for format_, name in (("xlsx", "Excel"), ("csv", "CSV")):
            st.download_button(
                f"下载 {name}",
                lambda format_=format_: _file(every, reader.sparql(every.query), held, format_),  # type: ignore[misc]
                f"点选结果.{format_}",
                key=f"step-{format_}",
                on_click="ignore",
            )
        st.button(
            "改成查询语句", key="step-write", icon=":material/code:", on_click=choose,
            args=({"query": every.query, "steps": None, "way": None},),
        )  # fmt: skip
    with st.expander("随点选而成的查询语句", icon=":material/code:", expanded=True):
        st.code(every.query, language="sparql", wrap_lines=True)


def _drawn(written: Written, result: dict[str, Any], base: str) -> list[list[Any]]:
    """The rows as people see them: a thing by what it is called, as a link to its page."""
    place = {name: number for number, name in enumerate(result["variables"])}
    rows = []
    for row in result["rows"]:
        drawn: list[Any] = []
        for column in written.columns:
            value = row[place[column.variable]]
            thing = row[place[column.thing]] if column.thing else None
            link = entity_link(thing, base) if thing else None
            drawn.append(Link(str(value or link.text), link.href, link.title) if isinstance(link, Link) else value)
        rows.append(drawn)
    return rows


def _file(written: Written, result: dict[str, Any], held: dict[str, Any], format_: str) -> bytes:
    """All rows as a file, with the names of things and without their addresses."""
    place = {name: number for number, name in enumerate(result["variables"])}
    heading = [column.label for column in written.columns]
    rows = [[row[place[column.variable]] for column in written.columns] for row in result["rows"]]
    if format_ == "csv":
        return tables.csv_bytes(heading, rows)
    about = [["项目", "内容"], *map(list, rests_on(held).items()), ["行数", len(rows)], ["查询语句", written.query]]
    return tables.xlsx_bytes([tables.Sheet("结果", [heading, *rows]), tables.Sheet("说明", about)])
