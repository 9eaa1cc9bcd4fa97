"""The search page: a box, facets with counts, passages with what was found in them marked, and what is like them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from kg.service.searching import DAY
from kg.ui import backend, tables
from kg.ui.addresses import document_link, link
from kg.ui.choosing import choice, choose
from kg.ui.copying import copy_button
from kg.ui.markup import escaped, file_name, marked, plain, shortened
from kg.ui.quotes import citation
from kg.ui.suggesting import suggest, suggestions

Json = dict[str, Any]

STEP = 10  # passages at first, and more with each press of the button
_MOST = 100
_FACETS = {"year": "年度", "place": "地区", "kind": "文种", "theme": "主题", "agency": "机构"}
_PERIOD = {"since": "成文日期起", "until": "止"}
_ORDERS = {"relevance": "最相近的在前", "newest": "最新的在前", "oldest": "最早的在前"}
_MODES = {"meaning": "按意思和字面", "literal": "只按字面", "title": "只看题名"}
_COLUMNS = ["序号", "文件", "文号", "成文日期", "章节", "段落", "文件名", "页"]
_WRITING = (
    "“质量开放日” 用引号：必须有这几个字。电梯 -检查：不要有“检查”的。标题：质量月、地区：青浦、文种：通知、"
    "日期：2023-01..2024-06 都可以写在一起。"
)
_VALUES = 8  # values of a facet that are shown; the most frequent ones
_LABEL = 11  # characters of a value that fit the column at 1024 px
_DIGITS = 10  # of a year in an address: more would not fit the index
_ALIKE = 5  # similar passages, related documents


def search_page() -> None:
    """Passages that are nearest to the words."""
    documents = {item["id"]: item for item in backend.documents()}
    typed = _form()
    mode = st.query_params.get("mode") if st.query_params.get("mode") in _MODES else "meaning"
    query = typed if mode == "meaning" else backend.reader().in_mode(typed, str(mode))
    if not query:
        st.caption(
            "按意思和字面一起查找全部原文，例如输入一项工作、一个机构、一种称谓。查到后可按年度、地区等缩小范围。"
        )
        return
    filters = {name: st.query_params.get(name) or None for name in _FACETS}
    period = {name: _day(st.query_params.get(name)) for name in _PERIOD}
    order = st.query_params.get("order") if st.query_params.get("order") in _ORDERS else "relevance"
    asked = (query, *filters.values(), *period.values(), order)
    if st.session_state.get("search-asked") != asked:
        st.session_state["search-asked"], st.session_state["search-top"] = asked, STEP
        st.session_state.pop("alike", None)
    top = st.session_state["search-top"]
    wanted = {**filters, **period, "year": whole(filters["year"])}
    with st.spinner("正在检索…"):
        hits = backend.search(query, top=top, order=order, **wanted)
        note = backend.reader().search_note(query, wanted) if hits else None
        counts = {name: _counts(query, name, wanted) for name in _FACETS}
    with st.container(key="search-stage"):
        side, results = st.columns([1, 3.2], gap="medium")
    with side:
        _period_and_order()
        _facets(filters, counts)
    with results:
        if note:
            st.info(note, icon=":material/info:")
        _results(hits, top, documents, _ORDERS[order or "relevance"])
        if hits:
            _files(query, hits, documents, {"order": order, **wanted})


def _files(query: str, hits: list[Json], documents: Mapping[str, Json], wanted: Json) -> None:
    """The passages as a file: all that the page could show, in its order."""
    reader = backend.reader()

    def rows() -> list[list[Any]]:
        found = hits if len(hits) < STEP else reader.search(query, top=_MOST, **wanted)
        shown = ({**hit, **_about(documents.get(hit["document_id"], {}))} for hit in found)
        return [passage_row(number, hit) for number, hit in enumerate(shown, start=1)]

    with st.container(horizontal=True, key="search-files"):
        st.download_button(
            "下载 Excel", lambda: tables.xlsx_bytes([tables.Sheet("检索结果", [_COLUMNS, *rows()])]), "检索结果.xlsx",
            key="search-xlsx", on_click="ignore", help=f"最多 {_MOST} 段",
        )  # fmt: skip
        st.download_button(
            "下载 CSV", lambda: tables.csv_bytes(_COLUMNS, rows()), "检索结果.csv", key="search-csv", on_click="ignore"
        )


def passage_row(number: int, hit: Json) -> list[Any]:
    """A passage as a row of the files."""
    source = file_name(hit["source"])
    return [number, hit["title"], hit["doc_number"], hit["date"], hit["heading"], hit["text"], source, hit.get("page")]


def _period_and_order() -> None:
    """Between which dates the documents lie, and in which order the passages stand; kept in the address."""
    choice("排序", "order", list(_ORDERS), format_=_ORDERS.__getitem__, placeholder=_ORDERS["relevance"])
    first, last = st.columns(2, gap="small")
    for column, (name, label) in zip((first, last), _PERIOD.items(), strict=True):
        written = column.text_input(label, key=name, bind="query-params", placeholder="2024-05", max_chars=10)
        if written and _day(written) is None:
            column.caption("请写作 2024、2024-05 或 2024-05-01")


def _day(text: str | None) -> str | None:
    """A date as the search takes it; what is none narrows nothing, and the page says so."""
    return text if text and DAY.fullmatch(text) else None


def whole(text: str | None) -> int | None:
    """A year from the address bar; what is no number finds nothing."""
    if text is None:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < _DIGITS else 0


def _counts(query: str, name: str, filters: Json) -> dict[str, int]:
    """How many passages have which value of a facet, given the other facets: so that another value can be chosen."""
    others = {other: value for other, value in filters.items() if other != name and value is not None}
    found: dict[str, int] = _facet_counts(backend.state(), query, tuple(others.items())).get(name, {})
    return found


@st.cache_data(show_spinner=False, max_entries=128)
def _facet_counts(state: backend.State, query: str, filters: tuple[tuple[str, Any], ...]) -> dict[str, dict[str, int]]:  # noqa: ARG001
    return backend.reader().search_facets(query, dict(filters))


def _facets(filters: Mapping[str, str | None], counts: Mapping[str, dict[str, int]]) -> None:
    """A list of values with counts for each facet; a click narrows, another one widens."""
    if any(filters.values()):
        st.button(
            "清除条件", icon=":material/filter_alt_off:", on_click=choose, args=(dict.fromkeys(_FACETS),), key="widen"
        )
    for name, label in _FACETS.items():
        wanted = filters[name]
        shown = offered(counts[name], wanted)
        if shown:
            _facet(name, label, shown, wanted)
    st.caption("括号里是符合的段数；没有段落写到全部字词时，只数最相近的 200 段。")


def offered(counts: Mapping[str, int], wanted: str | None) -> dict[str, int]:
    """The most frequent values, and the chosen one also where it has become rare."""
    shown = dict(sorted(counts.items(), key=lambda item: -item[1])[:_VALUES])
    return shown if wanted is None or wanted in shown else {**shown, wanted: counts.get(wanted, 0)}


def _facet(name: str, label: str, shown: Mapping[str, int], wanted: str | None) -> None:
    key = f"facet-{name}"
    if st.session_state.get(key) != wanted:
        st.session_state[key] = wanted
    st.pills(
        label,
        list(shown),
        format_func=lambda value: f"{plain(shortened(value, _LABEL))}（{shown[value]}）",
        key=key,
        wrap=True,
        on_change=lambda: choose({name: st.session_state[key]}),
    )


def _results(hits: list[Json], top: int, documents: Mapping[str, Json], order: str) -> None:
    if not hits:
        st.info("没有找到相近的段落。请换一种说法，或放宽条件。", icon=":material/search_off:")
        return
    st.caption(f"{len(hits)} 段，见于 {len({hit['document_id'] for hit in hits})} 份文档，{order}")
    for number, hit in enumerate(hits):
        _hit({**hit, **_about(documents.get(hit["document_id"], {}))}, key=f"hit-{number}")
    if len(hits) == top < _MOST:
        st.button("再多一些", key="more", on_click=_more)
    _related(hits[0])


def _related(best: Json) -> None:
    """Documents that belong to that of the best passage."""
    found = backend.reader().related_documents(best["document_id"], top=_ALIKE)
    if not found:
        return
    with st.expander("与第一段所在文件相关的文档", icon=":material/library_books:"):
        for item in found:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                link("documents", plain(item["title"] or item["document_id"]), {"id": item["document_id"]})
                st.caption(plain("；".join(item["why"])), width="content")


def _more() -> None:
    st.session_state["search-top"] += STEP


def _form() -> str:
    with (
        st.form("search", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        query = st.text_input(
            "检索内容",
            key="find",
            bind="query-params",
            placeholder="要找什么，按回车键",
            label_visibility="collapsed",
            max_chars=300,
        )
        st.form_submit_button("检索", type="primary", icon=":material/search:")
    suggest("检索内容", suggestions(backend.topics()), key="suggest-search")
    with st.container(horizontal=True, vertical_alignment="center", key="search-mode"):
        key = "search-how"
        wanted = st.query_params.get("mode") if st.query_params.get("mode") in _MODES else "meaning"
        if st.session_state.get(key) != wanted:
            st.session_state[key] = wanted
        st.segmented_control(
            "找法", list(_MODES), key=key, format_func=_MODES.__getitem__, required=True, label_visibility="collapsed",
            on_change=lambda: choose({"mode": None if st.session_state[key] == "meaning" else st.session_state[key]}),
        )  # fmt: skip
        with st.popover("写法", icon=":material/help:"):
            st.markdown(plain(_WRITING))
    return (query or "").strip()


def _about(document: Json) -> Json:
    return {name: document.get(name) for name in ("doc_number", "date")}


def _hit(hit: Json, *, key: str) -> None:
    with st.container(border=True, gap="small", key=key):
        st.html(hit_html(hit))
        with st.container(horizontal=True, vertical_alignment="center"):
            document_link("在文档中查看", hit["document_id"], hit["start"], hit["end"])
            copy_button(citation({**hit, "quote": hit["text"]}), "复制引文", key=f"copy-{key}")
            open_ = st.session_state.get("alike") == hit["passage_id"]
            st.button(
                "收起相似段落" if open_ else "相似段落",
                key=f"alike-{key}",
                icon=":material/join_inner:",
                on_click=_compare_with,
                args=(None if open_ else hit["passage_id"],),
            )
        if hit.get("similar"):
            with st.expander(f"另有 {len(hit['similar'])} 段相同"):
                for other in hit["similar"]:
                    document_link(plain(other["title"] or other["document_id"]), other["document_id"])
        if open_:
            _alike(hit)


def _compare_with(passage_id: str | None) -> None:
    st.session_state["alike"] = passage_id


def _alike(hit: Json) -> None:
    """Passages of other documents that say nearly the same."""
    with st.spinner("正在查找相似段落…"):
        found = backend.reader().similar_passages(hit["document_id"], hit["start"], hit["end"], top=_ALIKE)
    if not found:
        st.caption("其他文件中没有相似的段落。")
    for other in found:
        with st.container(border=True, gap="small"):
            st.html(hit_html({**other, "doc_number": None, "date": None, "highlights": []}))
            document_link("在文档中查看", other["document_id"], other["start"], other["end"])


def hit_html(hit: Json) -> str:
    """Title, heading path and the passage with the words found marked."""
    page = f"第 {hit['page']} 页" if hit.get("page") else None
    details = "".join(f"<span>{escaped(value)}</span>" for value in (hit["doc_number"], hit["date"], page) if value)
    path = f'<p class="pk-path">{escaped(hit["heading"])}</p>' if hit["heading"] else ""
    return (
        f'<p class="pk-source"><b>{escaped(hit["title"] or file_name(hit["source"]))}</b>{details}</p>{path}'
        f'<p class="pk-quote">{marked(hit["text"], [(start, end) for start, end in hit["highlights"]])}</p>'
    )
