"""The page that puts two documents side by side: what is taken up, worded otherwise, not mentioned, new."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from kg.core.cells import STATUS, responsible
from kg.ui import backend
from kg.ui.addresses import document_link
from kg.ui.choosing import choice_of_many, choose
from kg.ui.markup import escaped, file_name, plain, shortened
from kg.ui.paging import page_of

Json = dict[str, Any]

PER_PAGE = 15  # rows; each is about a fifth of a screen
_BY = {"activities": "项活动", "sections": "条（节）", "paragraphs": "个自然段"}
_COLOURS = {"echoed": "#cfe8d5", "changed": "#dbe7f7", "dropped": "#fbe9c6", "added": "#eadcf5"}
_OFFERED = 6
_NUMBERED = 6  # characters by which a quote may exceed its title and say no more: a number and a full stop
_TITLE = 36  # characters of a title on a button


def compare_page() -> None:
    """Choose two documents; their tasks side by side."""
    documents = {item["id"]: item for item in backend.documents()}
    if len(documents) < 2:
        st.info("库中有两份以上文件后，可以在这里逐项对照。", icon=":material/compare_arrows:")
        st.caption("例如上级通知与本区方案、去年安排与今年安排：哪些任务呼应了、改了说法、没有提到、是新增的。")
        return
    backend.renew("left", "right")
    _begin(documents)
    left, right = _choose(documents)
    if left and right and left == right:
        st.warning("两边选的是同一份文件，请换一份。", icon=":material/compare_arrows:")
    elif left and right:
        _compared(left, right)
    else:
        _offer(left or right, documents, "left" if right else "right")


def _begin(documents: dict[str, Json]) -> None:
    """Without anything chosen: a document and the one that it rests on; with one chosen, its nearest counterpart."""
    chosen = {side: st.query_params.get(side) for side in ("left", "right")}
    if not any(chosen.values()):
        pair = first_pair()
        if len(pair) == 2 and all(id_ in documents for id_ in pair):
            choose({"left": pair[0], "right": pair[1]})


def first_pair() -> list[str]:
    """What the page begins with: the ids of two documents, or none."""
    return [item["id"] for item in _counterparts(backend.state(), None)]


def _choose(documents: dict[str, Json]) -> tuple[str | None, str | None]:
    ordered = sorted(documents, key=lambda id_: (-(documents[id_]["year"] or 0), documents[id_]["title"] or "", id_))

    def label(id_: str) -> str:
        item = documents[id_]
        about = "，".join(str(part) for part in (item["year"], item["place"]) if part)
        return (item["title"] or file_name(item["source"])) + (f"（{about}）" if about else "")

    first, second = st.columns(2)
    with first:
        left = choice_of_many("前一份文件", "left", ordered, format_=label, placeholder="如上级通知、上一年的安排")
    with second:
        right = choice_of_many("后一份文件", "right", ordered, format_=label, placeholder="如本区方案、今年的安排")
    unknown = [id_ for id_ in (left, right) if id_ and id_ not in documents]
    if unknown:
        st.error(plain(f"没有这个文档：{unknown[0]}。可能已经移除，请另选一份。"), icon=":material/error:")
        st.stop()
    return left, right


@st.cache_data(show_spinner=False, max_entries=64)
def _counterparts(state: backend.State, document_id: str | None) -> list[Json]:  # noqa: ARG001  the state is part of the key
    return backend.reader().counterparts(document_id)


@st.cache_data(show_spinner=False, max_entries=8)
def _comparison(state: backend.State, left: str, right: str) -> Json:  # noqa: ARG001
    return backend.reader().compare(left, right)


def _offer(chosen: str | None, documents: dict[str, Json], side: str) -> None:
    """What goes with the one document that is chosen."""
    if chosen is None:
        st.caption("请在上面选两份文件。常用的一对：上级文件在左，据它制定的文件在右；或同一单位的上一年与这一年。")
        return
    with st.spinner("正在查找可对照的文件…"):
        found = [item for item in _counterparts(backend.state(), chosen) if item["id"] in documents]
    if not found:
        st.caption("没有找到与它互相引用或题名相近的文件，请自行选择。")
        return
    st.markdown("**可以与它对照的文件**")
    other = "right" if side == "left" else "left"
    for position, item in enumerate(found[:_OFFERED]):
        before = {"left": item["id"], "right": chosen} if item["before"] else {"left": chosen, "right": item["id"]}
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            shown = plain(shortened(item["title"] or item["id"], _TITLE))
            st.button(shown, key=f"counterpart-{other}-{position}", on_click=choose, args=(before,))
            about = "，".join(str(part) for part in (item["why"], item["year"], item["place"]) if part)
            st.caption(plain(about), width="content")


# -- the comparison ----------------------------------------------------------------------------------------------------


def _compared(left: str, right: str) -> None:
    with st.spinner("正在逐项对照…"):
        compared = _comparison(backend.state(), left, right)
    st.html(legend_html(compared))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = {state: f"{name} {compared['counts'][state]}" for state, (name, _) in compared["states"].items()}
        states = st.pills(
            "只看",
            list(names),
            selection_mode="multi",
            format_func=lambda state: names[state],
            key="states",
            bind="query-params",
        )
        words = st.text_input("含有字词", key="words", bind="query-params", placeholder="如一个机构、一项工作")
        _files(compared)
        st.button("左右对换", icon=":material/swap_horiz:", on_click=choose, args=({"left": right, "right": left},))
    rows = fitting(compared["rows"], states=states or [], words=words or "")
    if not rows:
        st.caption("没有符合条件的行，请放宽条件。")
        return
    shown, page, pages = page_of(rows, PER_PAGE, "row-page")
    st.caption(f"{len(compared['rows'])} 行中的 {len(rows)} 行" + (f"，第 {page}/{pages} 页" if pages > 1 else ""))
    for position, row in enumerate(shown):
        _row(row, compared, position)
    if pages > 1:
        st.pagination(pages, key="row-page", bind="query-params")


def _files(compared: Json) -> None:
    for format_, label in (("xlsx", "下载 Excel"), ("docx", "下载 Word")):
        st.download_button(
            label,
            partial(_file, compared, format_),
            f"衔接对照.{format_}",
            key=f"compare-{format_}",
            on_click="ignore",
        )


def _file(compared: Json, format_: str) -> bytes:
    return backend.reader().comparison_file(compared, format_)


def legend_html(compared: Json) -> str:
    """The two documents, and what the four words mean."""
    heads = "".join(
        f"<p><b>{side}</b>{escaped(head['title'] or file_name(head['source']))}"
        f"<span>{head['tasks']} {_BY[compared['by']]}</span></p>"
        for side, head in (("前", compared["left"]), ("后", compared["right"]))
    )
    meanings = "".join(
        f'<p><span class="pk-badge" style="background:{_COLOURS[state]}">{name}</span>{meaning}</p>'
        for state, (name, meaning) in compared["states"].items()
    )
    return f'<div class="pk-compared">{heads}</div><div class="pk-meanings">{meanings}</div>'


def fitting(rows: Sequence[Json], *, states: Sequence[str], words: str) -> list[Json]:
    """The rows of these states (all without any) in which every blank-separated word occurs."""
    return [
        row
        for row in rows
        if (not states or row["state"] in states) and all(word.lower() in _searched(row) for word in words.split())
    ]


def _searched(row: Json) -> str:
    sides = [side for side in (row["left"], row["right"]) if side]
    texts = [text for side in sides for text in (side["title"], side["text"], responsible(side["units"]))]
    return "\n".join(texts).lower()


def _row(row: Json, compared: Json, position: int) -> None:
    with st.container(border=True, gap="small", key=f"row-{position}"):
        st.html(state_html(row, compared))
        for column, side, head in zip(
            st.columns(2), (row["left"], row["right"]), (compared["left"], compared["right"]), strict=True
        ):
            with column:
                if side is None:
                    st.html(f'<p class="pk-absent-side">{_absent(row["state"])}</p>')
                    continue
                st.html(side_html(side))
                evidence = side["evidence"]
                document_link("在文档中查看", head["id"], evidence["start"], evidence["end"])
        if row["diff"] and not _equal(row):
            with st.expander("逐句比较表述"):
                for column, runs in zip(st.columns(2), (row["diff"]["left"], row["diff"]["right"]), strict=True):
                    column.html(diff_html(runs))
                st.caption("加下划线和底色的是只在这一边写到的字句。")


def _absent(state: str) -> str:
    return "后一份文件未提及（不等于没有开展）" if state == "dropped" else "前一份文件没有写到"


def _equal(row: Json) -> bool:
    return all(same for side in row["diff"].values() for _, same in side)


def state_html(row: Json, compared: Json) -> str:
    """The state, what differs, and why the two were put together."""
    state = row["state"]
    changes = f"<span>不同：{escaped('、'.join(row['changes']))}</span>" if row["changes"] else ""
    reasons = f"<span>{escaped('；'.join(row['reasons']))}</span>" if row["reasons"] else ""
    badge = f'<span class="pk-badge" style="background:{_COLOURS[state]}">{compared["states"][state][0]}</span>'
    return f'<p class="pk-row" data-state="{state}">{badge}{changes}{reasons}</p>{_units_html(row["units"])}'


def _units_html(units: Json | None) -> str:
    """Responsible bodies without their place: common, only here, only there."""
    if not units:
        return ""
    parts = [
        f"{label}：{escaped('、'.join(units[key]))}"
        for label, key in (("共同", "both"), ("只在前一份", "left"), ("只在后一份", "right"))
        if units[key]
    ]
    return f'<p class="pk-note">责任单位（略去地区）　{"；".join(parts)}</p>'


def side_html(side: Json) -> str:
    """One task: number, title or text, heading, responsible bodies."""
    name = side["title"] or shortened(side["text"], 240)
    number = f"{escaped(side['no'])} " if side["no"] and not name.startswith(side["no"]) else ""
    page = side["evidence"].get("page")
    path = [side["heading"], STATUS.get(side["status"], ""), f"第 {page} 页" if page else ""]
    shown = "　".join(escaped(part) for part in path if part)
    units = f'<p class="pk-note">责任单位：{escaped(responsible(side["units"]))}</p>' if side["units"] else ""
    quote = side["evidence"]["quote"]
    more = side["title"] and len(quote) > len(name) + _NUMBERED
    words = f'<p class="pk-quote">“{escaped(shortened(quote, 160))}”</p>' if more else ""
    return f'<p class="pk-path">{shown}</p><p class="pk-task">{number}<b>{escaped(name)}</b></p>{words}{units}'


def diff_html(runs: Sequence[Sequence[Any]]) -> str:
    """One side of a comparison of wordings; what only it has is underlined as well as coloured."""
    words = "".join(escaped(text) if same else f'<ins class="pk-only">{escaped(text)}</ins>' for text, same in runs)
    return f'<p class="pk-quote">{words}</p>'
