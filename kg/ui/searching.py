"""The search page: a box, filters, passages with what was found in them marked."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kg.ui import backend
from kg.ui.addresses import document_link
from kg.ui.copying import copy_button
from kg.ui.markup import escaped, file_name, marked
from kg.ui.quotes import citation

Json = dict[str, Any]

STEP = 10  # passages at first, and more with each press of the button
_MOST = 100


def search_page() -> None:
    """Passages that are nearest to the words."""
    topics = backend.topics()
    query, filters = _form(topics)
    if not query:
        st.caption("按意思和字面一起查找全部原文，例如输入一项工作、一个机构、一种称谓。可先选年度、地区等缩小范围。")
        return
    asked = (query, *filters.values())
    if st.session_state.get("search-asked") != asked:
        st.session_state["search-asked"], st.session_state["search-top"] = asked, STEP
    top = st.session_state["search-top"]
    with st.spinner("正在检索…"):
        hits = backend.search(query, top=top, **filters)
    if not hits:
        st.info("没有找到相近的段落。请换一种说法，或放宽条件。", icon=":material/search_off:")
        return
    documents = {item["id"]: item for item in backend.documents()}
    st.caption(f"{len(hits)} 段，见于 {len({hit['document_id'] for hit in hits})} 份文档，最相近的在前")
    for number, hit in enumerate(hits):
        _hit({**hit, **_about(documents.get(hit["document_id"], {}))}, key=f"hit-{number}")
    if len(hits) == top < _MOST:
        st.button("再多一些", key="more", on_click=_more)


def _more() -> None:
    st.session_state["search-top"] += STEP


def _form(topics: Json) -> tuple[str, Json]:
    with st.form("search", border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            query = st.text_input(
                "检索内容",
                key="find",
                bind="query-params",
                placeholder="要找什么，按回车键",
                label_visibility="collapsed",
                max_chars=300,
            )
            st.form_submit_button("检索", type="primary", icon=":material/search:")
        choices = {
            "year": ("年度", topics["years"]),
            "place": ("地区", list(dict.fromkeys(place["name"] for place in topics["places"]))),
            "kind": ("文种", topics["kinds"]),
            "theme": ("主题", [theme["name"] for theme in topics["themes"]]),
            "agency": ("机构", [agency["name"] for agency in topics["agencies"]]),
        }
        filters = {}
        for column, (name, (label, values)) in zip(st.columns([1, 1, 1, 1.2, 2]), choices.items(), strict=True):
            filters[name] = column.selectbox(label, values, None, key=name, bind="query-params", placeholder="不限")
    return (query or "").strip(), filters


def _about(document: Json) -> Json:
    return {name: document.get(name) for name in ("doc_number", "date")}


def _hit(hit: Json, *, key: str) -> None:
    with st.container(border=True, gap="small"):
        st.html(hit_html(hit))
        with st.container(horizontal=True, vertical_alignment="center"):
            document_link("在文档中查看", hit["document_id"], hit["start"], hit["end"])
            copy_button(citation({**hit, "quote": hit["text"]}), "复制引文", key=f"copy-{key}")


def hit_html(hit: Json) -> str:
    """Title, heading path and the passage with the words found marked."""
    details = "".join(f"<span>{escaped(value)}</span>" for value in (hit["doc_number"], hit["date"]) if value)
    path = f'<p class="pk-path">{escaped(hit["heading"])}</p>' if hit["heading"] else ""
    return (
        f'<p class="pk-source"><b>{escaped(hit["title"] or file_name(hit["source"]))}</b>{details}</p>{path}'
        f'<p class="pk-quote">{marked(hit["text"], [(start, end) for start, end in hit["highlights"]])}</p>'
    )
