"""The page of citations: what a document rests on, what rests on it, and what is cited but not held."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from kg.core.cells import STATUS, responsible
from kg.ui import backend, tables
from kg.ui.addresses import document_link, link
from kg.ui.choosing import choice_of_many, choose
from kg.ui.course import show_course, standing_html
from kg.ui.markup import escaped, file_name, plain, shortened
from kg.ui.quotes import evidence_cards

Json = dict[str, Any]

STEP = 15  # nodes of a tree at first, and more with each press of the button
_OFFERED = 5
_INDENTED = 5  # depths that the style sheet indents
_ROW = 33  # pixels of a table row at the font size of .streamlit/config.toml
_TALLEST = 14
_ROWS = 500  # of the list that are sent to the browser; the files have all
_CITING = 120  # characters of the titles of citing documents in a cell


def basis_page() -> None:
    """Choose a policy or a document; its trees. Without a choice: what is cited most, what should be collected."""
    with st.spinner("正在汇总…"):
        policies = {item["name"]: item for item in backend.basis(None, None)["policies"]}
    documents = {item["id"]: item for item in backend.documents()}
    if not policies:
        st.info("库中文件还没有识别出所引用的政策。", icon=":material/link_off:")
        st.caption("文件中用书名号、发文字号写到的政策，入库时自动识别；本页随后显示谁依据谁、哪些政策还没有收进来。")
        return
    backend.renew("document")
    left, right = st.columns(2)
    with left:
        policy = choice_of_many(
            "政策",
            "policy",
            list(policies),
            format_=lambda name: f"{name}（{policies[name]['documents']} 份文件引用）",
            placeholder="选一项被引用的政策",
            instead_of=("document",),
        )
    with right:
        document = choice_of_many(
            "文件",
            "document",
            sorted(documents, key=lambda id_: (-(documents[id_]["year"] or 0), documents[id_]["title"] or "")),
            format_=lambda id_: documents[id_]["title"] or file_name(documents[id_]["source"]),
            placeholder="或选一份库中的文件",
            instead_of=("policy",),
        )
    if policy or document:
        everything = st.toggle(
            "连同不成为依据的引用（提到、修改、废止、违反等）", key="everything", bind="query-params"
        )
        with st.spinner("正在追溯…"):
            shown = backend.basis(document, None if document else policy, everything=everything)
        _trees(shown)
    else:
        _overview(list(policies.values()))


# -- without a choice --------------------------------------------------------------------------------------------------


def _overview(policies: list[Json]) -> None:
    st.markdown("**引用最多的政策**")
    with st.container(horizontal=True, key="policies-offered"):
        for position, item in enumerate(policies[:_OFFERED]):
            shown = plain(f"{item['name']}（{item['documents']}）")
            st.button(shown, key=f"policy-{position}", on_click=choose, args=({"policy": item["name"]},))
    st.subheader("补档清单", anchor=False)
    missing = missing_of(policies)
    if not missing:
        st.success("被引用的政策都已入库。")
        return
    st.caption(
        f"库中文件引用而没有收录正文的政策，共 {len(missing)} 项，引用多的在前。补收后重新入库，追溯就能再上一层。"
        "点一行，看哪些文件引用了它。"
    )
    words = st.text_input("在清单中查找", key="missing-words", bind="query-params", placeholder="政策名称、文号、机关")
    rows, listed = missing_rows(missing), found_in(missing, words or "")
    if not listed:
        st.caption("清单中没有符合的，请换几个字。")
    else:
        _table_of(listed)
    if len(listed) > _ROWS:
        st.caption(f"符合的有 {len(listed)} 项，表中列出前 {_ROWS} 项；下载的文件里是全部 {len(missing)} 项。")
    with st.container(horizontal=True):
        st.download_button(
            "下载 Excel",
            lambda: tables.xlsx_bytes([tables.Sheet("补档清单", [MISSING, *rows])]),
            "补档清单.xlsx",
            key="missing-xlsx",
            on_click="ignore",
        )
        st.download_button(
            "下载 CSV", lambda: tables.csv_bytes(MISSING, rows), "补档清单.csv", key="missing-csv", on_click="ignore"
        )


def _table_of(missing: list[Json]) -> None:
    """The first rows of the list; a click opens the tree of one."""
    missing = missing[:_ROWS]
    rows = [[*row[:-1], shortened(row[-1], _CITING)] for row in missing_rows(missing)]
    st.dataframe(
        tables.table(MISSING, rows),
        hide_index=True,
        height=_ROW * (min(len(rows), _TALLEST) + 1) + 3,
        column_config={
            "政策": st.column_config.Column(width=330),
            "文号": st.column_config.Column(width=120),
            "制定机关": st.column_config.Column(width=130),
            "引用文件数": st.column_config.NumberColumn(width=86, alignment="left"),
            "引用处数": st.column_config.NumberColumn(width=72, alignment="left"),
            "关系": st.column_config.Column(width=120),
            "引用它的文件": st.column_config.Column(width=200),
        },
        key="missing",
        on_select=lambda: _open(missing, st.session_state["missing"].selection.cells),
        selection_mode="single-cell",
        placeholder="",
    )


def found_in(missing: Sequence[Json], words: str) -> list[Json]:
    """Those in whose name, number, issuer or citing documents every blank-separated word occurs."""
    wanted = words.lower().split()
    return [
        item
        for item in missing
        if all(
            word in "\n".join(filter(None, (item["name"], item["number"], item["issuer"], *item["cited_by"]))).lower()
            for word in wanted
        )
    ]


MISSING = ["政策", "文号", "制定机关", "引用文件数", "引用处数", "关系", "引用它的文件"]


def missing_of(policies: Sequence[Json]) -> list[Json]:
    """Those that are cited and not held."""
    return [item for item in policies if not item["held"]]


def missing_rows(missing: Sequence[Json]) -> list[list[Any]]:
    """The rows of the list of what should be collected."""
    return [
        [
            *(item["name"], item["number"], item["issuer"], item["documents"], item["mentions"]),
            *("、".join(item["relations"]), "；".join(item["cited_by"])),
        ]
        for item in missing
    ]


def _open(missing: list[Json], cells: list[tuple[int, str]]) -> None:
    if cells:
        choose({"policy": missing[cells[0][0]]["name"]})


# -- trees -------------------------------------------------------------------------------------------------------------


def _trees(shown: Json) -> None:
    root, course = shown["root"], shown["course"]
    with st.container(border=True, gap="small", key="basis-root"):
        st.html(root_html(root))
        if course:
            st.html(standing_html(course))
        with st.container(horizontal=True, vertical_alignment="center"):
            if root["document_id"]:
                document_link("打开这份文件", root["document_id"])
            st.download_button(
                "下载 Excel", lambda: tree_xlsx(shown), "政策依据.xlsx", key="tree-xlsx", on_click="ignore"
            )
        if not root["document_id"]:
            st.caption("正文没有入库，不能继续向上追溯；补收正文后，本页会列出它的依据。")
        _activities(root, key="root")
    if course:
        show_course(course)
    if root["document_id"]:
        st.subheader("向上：它依据什么", anchor=False)
        if not shown["upward"]:
            st.caption("没有识别到这份文件所依据的政策。")
        _nodes(shown["upward"], shown["left_off"]["upward"], "up")
    st.subheader("向下：谁依据它，落实成什么活动", anchor=False)
    if not shown["downward"]:
        st.caption("库中没有文件以它为依据；打开上面的开关，看有没有提到它的。")
    _nodes(shown["downward"], shown["left_off"]["downward"], "down")


def root_html(root: Json) -> str:
    """The thing itself: its name, level, number, whether it is held."""
    details = [root["number"], root["issuer"], root["place"], f"{root['year']}年度" if root["year"] else None]
    spans = "".join(f"<span>{escaped(detail)}</span>" for detail in details if detail)
    name = f'<p class="pk-node" data-testid="root">{badges(root)}<b>{escaped(root["name"])}</b></p>'
    return f'{name}<p class="pk-facts">{spans}</p>'


def badges(node: Json) -> str:
    """The level of a held document, or that it is not held."""
    held = node["level"] or "已入库" if node["held"] else "未入库"
    return f'<span class="pk-badge{"" if node["held"] else " pk-absent"}">{escaped(held)}</span>'


def _nodes(nodes: list[Json], left_off: int, way: str) -> None:
    key = f"basis-{way}-{st.query_params.get('policy')}-{st.query_params.get('document')}"
    top = st.session_state.get(key, STEP)
    for position, node in enumerate(nodes[:top]):
        _node(node, way, position)
    if len(nodes) > top:
        st.button("再多一些", key=f"more-{way}", on_click=_more, args=(key, top))
    elif left_off:
        st.caption(f"另有 {left_off} 项没有列出。可用高级查询页的“谁引用了某政策”查看全部。")


def _more(key: str, top: int) -> None:
    st.session_state[key] = top + STEP


def _node(node: Json, way: str, position: int) -> None:
    """One line; the key carries the depth, by which the style sheet indents it."""
    depth = min(node["depth"], _INDENTED)
    with st.container(border=True, gap="small", key=f"depth{depth}-{way}-{position}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.html(f'<p class="pk-node">{relation_html(node, way)}{badges(node)}</p>', width="content")
            where = {"document": node["document_id"]} if node["document_id"] else {"policy": node["name"]}
            link("basis", plain(node["name"]), where, icon=":material/account_tree:")
            if node["number"] and node["number"] != node["name"]:
                st.html(f'<p class="pk-facts">{escaped(node["number"])}</p>', width="content")
            if node["again"]:
                st.caption("已在别处列出", width="content")
        _quotes(node["quotes"])
        _activities(node, key=f"{way}-{position}")


def relation_html(node: Json, way: str) -> str:
    """The verbs of the citation: upward what is done with it, downward what it does with the one above it."""
    verbs = "、".join(node["relations"]) or "提到"
    times = f"（{node['mentions']} 处）" if node["mentions"] > 1 else ""
    return f'<span class="pk-verb">{"" if way == "up" else "↳ "}{escaped(verbs)}{times}</span>'


def _quotes(quotes: list[Json]) -> None:
    if not quotes:
        return
    _quote(quotes[0])
    if rest := quotes[1:]:
        with st.expander(f"其余 {len(rest)} 处原文"):
            for quote in rest:
                _quote(quote)


def _quote(quote: Json) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(f'<p class="pk-quote">“{escaped(quote["quote"])}”</p>', width="content")
        document_link("在文档中查看", quote["document_id"], quote["start"], quote["end"])


ACTIVITY = ("序号", "活动", "责任单位", "状态")


def activity_rows(activities: Sequence[Json]) -> list[list[Any]]:
    """The activities of a document: number, title, who, planned or reported."""
    return [
        [a["no"], a["title"], responsible(a["responsible"]), STATUS.get(a["status"], a["status"])] for a in activities
    ]


def _activities(node: Json, *, key: str) -> None:
    activities = node["activities"]
    if not activities:
        return
    with st.expander(f"这份文件的 {len(activities)} 项活动", icon=":material/event:"):
        rows = activity_rows(activities)
        chosen = st.dataframe(
            tables.table(ACTIVITY, rows),
            hide_index=True,
            height=_ROW * (min(len(rows), _TALLEST) + 1) + 3,
            column_config={
                "序号": st.column_config.Column(width=52),
                "活动": st.column_config.Column(width="large"),
                "责任单位": st.column_config.Column(width="large"),
                "状态": st.column_config.Column(width=60),
            },
            key=f"activities-{key}-{node['document_id']}",
            on_select="rerun",
            selection_mode="single-cell",
            placeholder="",
        ).selection.cells
        if not chosen:
            st.caption("点一行，看原句。")
            return
        evidence = activities[chosen[0][0]]["evidence"]
        item = {"document_id": node["document_id"], "source": node["name"], **evidence}
        evidence_cards([item], key=f"activity-{key}")


_TREE = ["方向", "层", "名称", "文号", "级别", "地区", "年度", "入库", "关系", "处数", "原文"]
_WAYS = {"upward": "向上", "downward": "向下"}


def tree_rows(shown: Json) -> list[list[Any]]:
    """Both trees as rows, in order of reading."""
    return [
        [
            *(_WAYS[way], node["depth"], node["name"], node["number"], node["level"], node["place"], node["year"]),
            *("是" if node["held"] else "否", "、".join(node["relations"]) or "提到", node["mentions"]),
            "；".join(quote["quote"] for quote in node["quotes"]),
        ]
        for way in _WAYS
        for node in shown[way]
    ]


def tree_xlsx(shown: Json) -> bytes:
    """A workbook: the trees, and the activities of each document in them."""
    nodes = [shown["root"], *shown["downward"]]
    activities = [[node["name"], *row] for node in nodes for row in activity_rows(node["activities"])]
    return tables.xlsx_bytes(
        [
            tables.Sheet("依据", [_TREE, *tree_rows(shown)]),
            tables.Sheet("活动", [["文件", *ACTIVITY], *activities]),
        ]
    )
