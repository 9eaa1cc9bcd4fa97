"""The page of agencies: the picture of their ties, and beside it one agency, the way between two, and the files."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from kg.core.errors import UnknownName
from kg.service import Service
from kg.service.duties import duties_docx
from kg.ui import backend, tables
from kg.ui.addresses import document_link, link
from kg.ui.graph import load_library, show_network
from kg.ui.markup import escaped, file_name, plain
from kg.ui.paging import page_of
from kg.ui.quotes import evidence_cards

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

Json = dict[str, Any]

_SIZES = {"联系多少": "degree", "居间作用": "betweenness"}
_FILTERS = ("year", "place", "level", "kind", "tie")
_PARTS = ("机构", "两机构之间", "导出")
_LEVELS = {"省": "省级（含直辖市）", "市": "地市级", "区": "区级", "县": "县级", "国家": "国家级"}
_HELP = "联系多少：有联系的机构数。居间作用：别的机构之间最短的联系有多少经过它。"
_PANEL = 430  # pixels: the panel ends about where the picture ends at 768 px
_PER_PAGE = 20  # documents of an agency, quotes of its activities
_OPENED = 12  # agencies whose ties are drawn beside the neighbourhood
_ASSIGNMENT = {
    "agency": "机构",
    "place": "地区",
    "year": "年度",
    "activity": "活动",
    "role": "角色",
    "assertion": "依据",
    "as_written": "文中写法",
    "status": "状态",
    "document": "文件",
    "source": "文件名",
    "quote": "原文",
}


def agencies_page() -> None:
    """Filters, the picture, and the panel: in the order in which they are sent the browser draws them."""
    load_library()
    with st.spinner("正在准备图谱…"):  # seconds where thousands of documents are held; then remembered
        known = backend.agencies()
    if not known["agencies"]:
        st.info("库中文档里没有识别到由哪个机构承担或印发的内容，因此没有图谱。", icon=":material/hub:")
        return
    labels = [item["label"] for item in known["agencies"]]
    chosen, filters = _filters(known, labels)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        told = st.empty()
        with st.popover("显示方式"):
            everything, size = _settings()
    opened = tuple(st.query_params.get_all("open"))[:_OPENED]
    with st.spinner("正在画图…"):
        picture = backend.agency_picture(size=size, centre=chosen, everything=everything, opened=opened, **filters)
    with st.container(key="agency-stage"):
        left, right = st.columns([2.3, 1], gap="small")
    with left:
        if picture["nodes"]:
            show_network(
                picture,
                chosen=chosen,
                on_choice=choose,
                on_tie=_choose_tie,
                on_open=_open,
                way=_way(chosen, labels),
                key="network",
            )
        else:
            st.info("没有符合条件的机构，请放宽条件。", icon=":material/filter_alt_off:")
    told.caption(plain(caption(picture, chosen, everything=everything)))
    with right:
        _panel(chosen, labels, filters["year"])


def first_picture() -> Json:
    """The picture before anything is chosen."""
    none = dict.fromkeys(_FILTERS)
    return backend.agency_picture(size=_SIZES["联系多少"], centre=None, everything=False, opened=(), **none)


def choose(label: str) -> None:
    """Put an agency into the box (a callback); the address follows."""
    st.session_state["agency"] = label


def _open(label: str) -> None:
    """Draw all that an agency has ties with, beside what is drawn (a callback)."""
    st.query_params["open"] = list(dict.fromkeys([*st.query_params.get_all("open"), label]))[-_OPENED:]


def _choose_tie(first: str, last: str) -> None:
    """Show what a tie rests on (a callback)."""
    st.session_state["agency"], st.session_state["to"] = first, last
    st.session_state["part"] = _PARTS[1]


def _way(chosen: str | None, labels: list[str]) -> list[str]:
    """The agencies on the way between the two that were chosen, to be marked in the picture."""
    other = st.session_state.get("to") or st.query_params.get("to")
    between = (st.session_state.get("part") or st.query_params.get("part")) == _PARTS[1]
    if not chosen or not between or other not in labels or other == chosen:
        return []
    try:
        steps = backend.reader().agency_path(chosen, str(other))
    except UnknownName:
        return []
    return [chosen, *(step["to"] for step in steps)]


def _filters(known: Json, labels: list[str]) -> tuple[str | None, Json]:
    with st.container(key="agency-filters"):
        who, year, place, level, kind, tie = st.columns([2, 1.1, 1.1, 1.1, 1.2, 1.3])
    chosen = who.selectbox("机构", labels, None, key="agency", bind="query-params", placeholder="输入几个字查找")
    values = (
        _choice(year, "年度", known["years"], "year"),
        _choice(place, "地区", known["places"], "place"),
        _choice(level, "层级", known["levels"], "level", _LEVELS),
        _choice(kind, "类别", known["kinds"], "kind"),
        _choice(tie, "联系", list(known["ties"]), "tie", known["ties"]),
    )
    return chosen, dict(zip(_FILTERS, values, strict=True))


def _choice(
    column: DeltaGenerator, label: str, values: list[Any], key: str, names: Mapping[str, str] | None = None
) -> Any:
    shown = names or {}
    return column.selectbox(
        label,
        values,
        None,
        key=key,
        format_func=lambda value: shown.get(value, str(value)),
        bind="query-params",
        placeholder="不限",
    )


def _settings() -> tuple[bool, str]:
    everything = st.toggle(
        "显示全部", key="all", bind="query-params", help="机构多时只画最近的一部分；打开后最多画 300 个"
    )
    size = st.radio("圆点大小", list(_SIZES), key="size", bind="query-params", help=_HELP)
    return everything, _SIZES[size or "联系多少"]


def caption(picture: Json, chosen: str | None, *, everything: bool) -> str:
    """What the picture shows of what there is."""
    text = f"{picture['total']} 个机构、{picture['total_ties']} 条联系"
    if picture["focused"]:
        text += f"；图中是“{picture['centre']}”周围的 {len(picture['nodes'])} 个"
        text += "（太多，未能全部画出）" if everything else "，选别的机构可换中心"
    if chosen and chosen not in {node["label"] for node in picture["nodes"]}:
        text += f"；“{chosen}”不在当前筛选范围内"
    return text


# -- beside the picture --------------------------------------------------------------------------------------------


def _panel(chosen: str | None, labels: list[str], year: int | None) -> None:
    part = st.segmented_control(
        "内容", _PARTS, default=_PARTS[0], key="part", bind="query-params", label_visibility="collapsed", required=True
    )
    with st.container(height=_PANEL, key="agency-panel"):
        if part == "两机构之间":
            _between(chosen, labels)
        elif part == "导出":
            _files(chosen, year)
        elif chosen:
            _card(backend.agency(chosen), year)
        else:
            st.caption("点选图中的圆点或列表中的机构，这里显示它的名称、上级、历年活动和有关文档。")


def _card(card: Json, year: int | None) -> None:
    st.html(card_html(card))
    where = {"part": "机构与政策", "name": card["label"]} if card.get("label") else {"part": "机构与政策"}
    link("review", "合并、又名、更名", where, icon=":material/fact_check:")
    rows = [row for row in card["activities"] if year is None or row["year"] == year]
    st.html(activities_html(rows))
    if any(row["assertion"] == "推及" for row in rows):
        st.caption("推及：文中只写了它所属的集体（如各区市场监管局），没有点名。")
    if quoted := [row for row in rows if row["quote"]]:
        with (quotes := st.expander("每项活动的原文", key=f"acts-{card['name']}", on_change="rerun")):
            if quotes.open:  # twenty cards of seven elements each, which the picture would wait for
                shown, _, pages = page_of(quoted, _PER_PAGE, key := f"acts-page-{card['name']}")
                evidence_cards(shown, key="acts-quotes")
                _pages(pages, key)
    st.markdown(f"**文档 {len(card['documents'])} 份**")
    documents, _, pages = page_of(card["documents"], _PER_PAGE, key := f"documents-page-{card['name']}")
    for item in documents:
        document_link(plain(f"{item['title'] or file_name(item['source'])}（{item['how']}）"), item["id"])
    _pages(pages, key)
    if card["neighbours"]:
        st.markdown("**联系最多的机构**")
        for number, item in enumerate(card["neighbours"]):
            st.button(
                plain(item["label"]), key=f"to-{number}", help=plain(item["text"]), type="tertiary",
                on_click=choose, args=(item["label"],),
            )  # fmt: skip


def _pages(pages: int, key: str) -> None:
    if pages > 1:
        st.pagination(pages, key=key)


def card_html(card: Json) -> str:
    """Name, kind and place, the names as written, what stands above, what it belongs to."""
    several = {"文中写法": "written", "上级": "superiors", "属于": "groups", "成员": "members"}
    facts = {"类别": card["kind"], "地区": card["place"], "层级": _LEVELS.get(card["level"], card["level"])}
    facts |= {title: "、".join(card[name]) for title, name in several.items()}
    spans = "".join(f"<span><i>{title}</i>{escaped(value)}</span>" for title, value in facts.items() if value)
    return f'<h2 class="pk-title">{escaped(card["name"])}</h2><p class="pk-facts">{spans}</p>'


def activities_html(rows: list[Json]) -> str:
    """The activities by year, the latest first, each with the role."""
    parts = [f"<p><b>活动 {len(rows)} 项</b></p>"]
    for year, group in groupby(rows, key=lambda row: row["year"]):
        items = "".join(f"<li>{escaped(row['activity'])}<i>{escaped(_part(row))}</i></li>" for row in group)
        parts.append(f"<h3>{f'{year}年' if year else '年度不明'}</h3><ul>{items}</ul>")
    return f'<div class="pk-duties">{"".join(parts)}</div>'


def _part(row: Json) -> str:
    notes = [row["role"], row["status"], "推及" if row["assertion"] == "推及" else ""]
    return "、".join(note for note in notes if note)


def _between(chosen: str | None, labels: list[str]) -> None:
    other = st.selectbox("到哪个机构", labels, None, key="to", bind="query-params", placeholder="输入几个字查找")
    if not chosen:
        st.caption("先在上方选一个机构，再在这里选另一个，就能看到两者之间最短的联系。")
        return
    if not other or other == chosen:
        st.caption(plain(f"从“{chosen}”出发，经过最少的机构到达所选机构；每一步都列出依据的文档。"))
        return
    try:
        steps = backend.reader().agency_path(chosen, other)
    except UnknownName as error:
        st.error(plain(error.message), icon=":material/error:")
        return
    if not steps:
        st.info("库中文档没有把这两个机构联系起来。", icon=":material/link_off:")
    for number, step in enumerate(steps):
        with st.container(border=True, gap="small", key=f"step-{number}"):
            st.html(step_html(number, step))
            for item in step["documents"]:
                document_link(plain(item["title"]), item["id"])


def step_html(number: int, step: Json) -> str:
    """One step of the way: who, to whom, by what."""
    what = "；".join(step["activities"])
    lines = [f"<b>{number + 1}. {escaped(step['from'])} → {escaped(step['to'])}</b>", escaped(step["text"])]
    lines += [f"活动：{escaped(what)}"] if what else []
    lines += ["隶属关系见内置或自有机构数据"] if step["stated"] and not step["documents"] else []
    lines += ["业务指导由两个机构的名称和地区推得，文件中没有写"] if step["inferred"] else []
    return '<p class="pk-facts">' + "<br>".join(lines) + "</p>"


# -- files ---------------------------------------------------------------------------------------------------------


def _files(chosen: str | None, year: int | None) -> None:
    reader = backend.reader()  # files are made when they are asked for, of what is on the screen
    scope = (chosen or "全部机构") + (f" · {year}年" if year else " · 各年")
    st.markdown("**任务分工表**")
    st.caption("Excel：机构 × 活动 × 角色 × 文件 × 原文；Word：按文件列出每项活动的牵头、责任和配合单位。")
    st.caption(plain(f"范围：{scope}（随上方的机构和年度）"))
    st.download_button(
        "下载任务分工表（Excel）", lambda: assignments_xlsx(reader, chosen, year), "任务分工表.xlsx", key="assignments",
        on_click="ignore",
    )  # fmt: skip
    st.download_button(
        "下载任务分工表（Word）", lambda: duties_docx(reader, name=chosen, year=year), "任务分工表.docx",
        key="assignments-docx", on_click="ignore",
    )  # fmt: skip
    st.markdown("**整个机构网络**")
    st.caption("GraphML、GEXF 可用 Gephi、yEd、Cytoscape 打开；图片用图左上角的“存为图片”。")
    for format_ in ("graphml", "gexf"):
        st.download_button(
            f"下载 {format_.upper()}",
            lambda format_=format_: network_bytes(reader, format_),  # type: ignore[misc]
            f"机构网络.{format_}",
            key=format_,
            on_click="ignore",
        )


def assignments_xlsx(service: Service, chosen: str | None, year: int | None) -> bytes:
    """任务分工表 as a workbook; every text stays text."""
    rows = service.assignments(name=chosen, year=year)
    cells = [[file_name(row[key]) if key == "source" else row[key] for key in _ASSIGNMENT] for row in rows]
    held = service.generation()
    notes = [
        ["项目", "内容"],
        ["范围", f"{chosen or '全部机构'}，{f'{year}年' if year else '各年'}"],
        ["依据的文档数", held["documents"]],
        ["索引", f"第 {held['number']} 代，{held['created']}"],
        ["推及", "文中只写了集体（如各区市场监管局），没有点名"],
    ]
    return tables.xlsx_bytes(
        [tables.Sheet("任务分工", [list(_ASSIGNMENT.values()), *cells]), tables.Sheet("说明", notes)]
    )


def network_bytes(service: Service, format_: str) -> bytes:
    """The network as GraphML or GEXF."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"agencies.{format_}"
        service.export("agencies", format_, path)
        return path.read_bytes()
