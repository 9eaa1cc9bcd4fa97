"""The document pages: the list with its filters, and one document with its facts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import streamlit as st

from kg.ui import backend, tables
from kg.ui.addresses import keep, link, number, review_link
from kg.ui.facts import FactTable, fact_tables
from kg.ui.grids import Link, show_grid
from kg.ui.markup import escaped, file_name, plain
from kg.ui.originals import original_button
from kg.ui.paging import page_of
from kg.ui.reader import show_text

Json = dict[str, Any]

PER_PAGE = 20
_FACTS_HEIGHT = 450  # pixels: the tables end where the reader ends at 768 px
_FACTS_ROW, _LINE = 66, 15  # pixels of a row in which longer cells wrap (from 4rem on), characters of a wide column
_PASSAGES = 200  # nearest passages whose documents a search of the texts keeps
_HELP_TEXT = f"只列出与这些字词最相近的 {_PASSAGES} 个段落所在的文档；要看段落，请用检索页。"
_RELATED = 8  # documents offered beneath one
_LEVELS = ("国家", "省", "市", "区", "县", "街镇")
_NARROW = {
    "序号": 52,
    "状态": 60,
    "关系": 90,
    "数值": 110,
    "范围": 80,
    "正文": 70,
    "可信度": 70,
    "性质": 60,
    "变化": 80,
    "时间": 90,
    "截止日期": 100,
    "时限": 100,
    "日期": 100,
    "条": 90,
    "款": 50,
    "项": 50,
    "姓名": 90,
    "职责": 90,
    "类别": 90,
    "处数": 60,
    "部分": 90,
}


def documents_page() -> None:
    """The list; one document where the address names one."""
    backend.renew("id")
    wanted = st.query_params.get("id")
    if wanted:
        keep("id", "start", "end")
        _document(wanted)
    else:
        st.title("文档", anchor=False)
        _list(backend.documents())


# -- the list ------------------------------------------------------------------------------------------------------


def _list(held: list[Json]) -> None:
    name, body = st.columns(2)
    words = name.text_input("题名、文号或文件名", key="name", bind="query-params", placeholder="输入其中几个字")
    within = body.text_input(
        "正文", key="text", bind="query-params", placeholder="按意思和字面查正文", max_chars=300, help=_HELP_TEXT
    )
    agencies = [item["label"] for item in backend.bodies()]
    year, place, level, kind, agency = st.columns([1, 1.2, 1, 1.1, 2])
    limits: list[set[str]] = []
    if chosen := agency.selectbox(
        "机构", agencies, None, key="a", bind="query-params", placeholder="不限", help="只列出写到这个机构的文档"
    ):
        limits.append({item["id"] for item in backend.agency(chosen)["documents"]})
    if (within or "").strip():
        with st.spinner("正在检索…"):
            limits.append({hit["document_id"] for hit in backend.search(str(within).strip(), top=_PASSAGES)})
    found = matching(
        [item for item in held if all(item["id"] in limit for limit in limits)],
        words=words or "",
        year=year.selectbox("年度", _values(held, "year"), None, key="y", bind="query-params", placeholder="不限"),
        place=place.selectbox("地区", _values(held, "place"), None, key="p", bind="query-params", placeholder="不限"),
        level=level.selectbox("层级", _levels(held), None, key="l", bind="query-params", placeholder="不限"),
        kind=kind.selectbox("文种", _values(held, "kind"), None, key="k", bind="query-params", placeholder="不限"),
    )
    st.caption(f"{len(found)} 份文档" if len(found) == len(held) else f"{len(held)} 份中的 {len(found)} 份")
    if not found:
        st.info("没有符合条件的文档，请放宽条件。", icon=":material/filter_alt_off:")
    if found and st.toggle("列成表", key="table", bind="query-params", help="点表头排序；可整表复制"):
        show_grid(_TABLE, table_rows(found), key="documents-table", label="文档")
        return
    shown, _, pages = page_of(found, PER_PAGE, "page")
    for item in shown:
        _entry(item)
    if pages > 1:
        st.pagination(pages, key="page", bind="query-params")


_TABLE = ["题名", "文号", "年度", "成文日期", "地区", "层级", "文种", "文件"]


def table_rows(found: list[Json]) -> list[list[Any]]:
    """The documents as rows of a table; the title leads to the document."""
    return [
        [
            Link(item["title"] or file_name(item["source"]), f"documents?{urlencode({'id': item['id']})}", item["id"]),
            *(item[name] for name in ("doc_number", "year", "date", "place", "level", "kind")),
            file_name(item["source"]),
        ]
        for item in found
    ]


def _values(held: list[Json], name: str) -> list[Any]:
    """The values of a filter, years latest first."""
    values = {item[name] for item in held if item[name]}
    return sorted(values, reverse=name == "year")


def _levels(held: list[Json]) -> list[str]:
    """The levels of administration, the highest first."""
    return sorted(_values(held, "level"), key=lambda level: _LEVELS.index(level) if level in _LEVELS else len(_LEVELS))


def matching(
    held: list[Json], *, words: str, year: int | None, place: str | None, level: str | None, kind: str | None
) -> list[Json]:
    """The documents that fit, the latest first; every blank-separated word must occur in title, number or file name."""
    wanted = {"year": year, "place": place, "level": level, "kind": kind}
    fitting = [
        item
        for item in held
        if all(value is None or item[name] == value for name, value in wanted.items())
        and all(word.lower() in _searched(item) for word in words.split())
    ]
    return sorted(fitting, key=lambda item: (-(item["year"] or 0), item["title"] or "", item["id"]))


def _searched(item: Json) -> str:
    return f"{item['title']}\n{item['doc_number'] or ''}\n{file_name(item['source'])}".lower()


def _entry(item: Json) -> None:
    with st.container(border=True, gap=None, key=f"entry-{item['id']}"):
        title = plain(item["title"] or file_name(item["source"]))
        link("documents", title, {"id": item["id"]}, icon=":material/article:")
        details = [item["doc_number"], item["date"], item["place"], item["kind"], file_name(item["source"])]
        year = f"{item['year']}年度" if item["year"] else None
        st.html(_details_html([year, *details]))


def _details_html(details: list[str | None]) -> str:
    return '<p class="pk-facts">' + "".join(f"<span>{escaped(detail)}</span>" for detail in details if detail) + "</p>"


# -- one document --------------------------------------------------------------------------------------------------


def _document(wanted: str) -> None:
    document = backend.document(wanted)
    reading = backend.reading(document["id"])
    with st.container(horizontal=True, vertical_alignment="center"):
        link("documents", "全部文档", icon=":material/arrow_back:")
        link("compare", "与其他文件对照", {"right": document["id"]}, icon=":material/compare_arrows:")
        header = document["title"]
        link(
            "review",
            "核定要素",
            {"document": document["id"], "start": 0, "end": max(len(header), 1)},
            icon=":material/fact_check:",
        )
        link("basis", "它依据什么、谁引用它", {"document": document["id"]}, icon=":material/account_tree:")
        sentence = focus(len(reading["text"]))
        original_button(document["id"], sentence[0] if sentence else 0)
    st.html(header_html(document))
    with st.container(key="document-stage"):
        text, facts = st.columns([1.25, 1], gap="medium")
    with text:
        with st.spinner("正在标出机构、政策…"):
            highlights, networked = backend.reader().highlights(document["id"]), _networked()
        show_text(reading, highlights, networked=networked, focus=sentence)
    with facts:
        shown = fact_tables(document)
        for tab, table in zip(st.tabs([table.label for table in shown]), shown, strict=True):
            with tab:
                _facts(table, document["id"])
    _related(document["id"])


def _networked() -> dict[str, str]:
    """The bodies that the page of agencies knows, with what it calls them."""
    return {item["name"]: item["label"] for item in reversed(backend.bodies())}


@st.cache_data(show_spinner=False, max_entries=64)
def _related_documents(state: backend.State, document_id: str) -> list[Json]:  # noqa: ARG001  the state is part of the key
    return backend.reader().related_documents(document_id, top=_RELATED)


def _related(document_id: str) -> None:
    """Documents that belong to this one."""
    related = _related_documents(backend.state(), document_id)
    if not related:
        return
    with st.expander(f"相关文档（{len(related)}）", icon=":material/library_books:"):
        for item in related:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                link("documents", plain(item["title"] or item["document_id"]), {"id": item["document_id"]})
                st.caption(plain("；".join(item["why"])), width="content")


def focus(length: int) -> tuple[int, int] | None:
    """The sentence that the address names, drawn into the text; None where it names none."""
    start, end = number("start"), number("end")
    if start is None or end is None or not start < min(end, length):
        return None
    return start, min(end, length)


def header_html(document: Json) -> str:
    """Title and header elements."""
    named = {
        "文号": document["doc_number"],
        "发文机关": _several([issuer["name"] for issuer in document["issuers"]]),
        "成文日期": document["date"],
        "文种": document["kind"],
        "地区": document["region"],
        "主送": document["recipients"],
        "文件": file_name(document["source"]),
    }
    spans = "".join(f"<span><i>{name}</i>{escaped(value)}</span>" for name, value in named.items() if value)
    title = document["title"] or file_name(document["source"])
    return f'<h1 class="pk-title">{escaped(title)}</h1><p class="pk-facts">{spans}</p>'


def _several(names: list[str], most: int = 3) -> str:
    return "、".join(names[:most]) + (f" 等{len(names)}个机关" if len(names) > most else "")


def _facts(table: FactTable, document_id: str) -> None:
    if not table.rows:
        st.caption(f"这份文档没有识别出{table.name}。")
        return
    key = f"facts-{table.name}-{document_id}"
    st.dataframe(
        tables.table(table.columns, table.rows),
        hide_index=True,
        height=_FACTS_HEIGHT,
        row_height=_FACTS_ROW if _is_long(table) else None,
        column_config=_widths(table),
        key=key,
        on_select=lambda: _turn_to(table, st.session_state[key].selection.cells),
        selection_mode="single-cell",
        placeholder="",
    )
    st.caption("点选一格，原文定位到所依据的句子。")
    cells = st.session_state[key].selection.cells if key in st.session_state else []
    if cells and (place := table.spans[cells[0][0]]):
        review_link(document_id, *place)


def _widths(table: FactTable) -> Json:
    """Column widths in pixels: the first two wide columns share what 1366 px leave to the tables."""
    wide = 430 if len(table.columns) == 1 else 225
    return {name: st.column_config.Column(width=_NARROW.get(name, wide)) for name in table.columns}


def _is_long(table: FactTable) -> bool:
    """Whether some cell does not fit on its line."""
    wide = [place for place, name in enumerate(table.columns) if name not in _NARROW]
    return any(len(str(row[place] or "")) > _LINE for row in table.rows for place in wide)


def _turn_to(table: FactTable, cells: list[tuple[int, str]]) -> None:
    """Put the place of the chosen row into the address (a callback)."""
    place = table.spans[cells[0][0]] if cells else None
    if place:
        st.query_params["start"], st.query_params["end"] = str(place[0]), str(place[1])
