"""The page of a series: places and years with their states, the facts behind a cell, the years in words, files."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kg.service.evolution import is_large, narrowed
from kg.ui import backend, tables
from kg.ui.addresses import document_link, link, number
from kg.ui.choosing import choice, choose
from kg.ui.markup import escaped, plain
from kg.ui.pictures import matrix_svg, png_button
from kg.ui.quotes import evidence_cards
from kg.ui.tiles import cities_of, tiles_html

Json = dict[str, Any]

LEGEND = {
    "点名": "文件写明该地或其机构，或者是该地自己的文件",
    "推及": "只写到集体（如“各区市场监管局”），该地是其一员",
    "未提及": "有涉及该地该年的文件，没有写到；不等于没有办",
    "未入库": "没有涉及该地该年的文件，无从判断，请先补收",
}
_PLACE = "地区"
_VIEWS = ("历年矩阵", "方块图")
_ROW = 33  # pixels of a table row at the font size of .streamlit/config.toml
_TALLEST = 18  # rows before the table scrolls: a city with its districts stays whole
_OFFERED = 12
_ALL = "默认只列该系列第一次写到以来的年度，以及写到它的省份的地区；导出的图片和表格与所见一致"
_SHORT = 8  # facts of a cell shown at once


def evolution_page() -> None:
    """Choose a series; its matrix, and the facts of the chosen place and year."""
    with st.spinner("正在汇总…"):
        held = {item["name"]: item for item in backend.evolution(None)["held"]}
    if not held:
        st.info("库中文件还没有识别出活动系列。", icon=":material/event_busy:")
        st.caption("系列是每年都办的同一种活动，如质量开放日。各地的文件入库后，同名活动会自动归到一个系列。")
        st.caption("本地特有的系列，可以写进自己的本体文件，写法见使用手册第 6 节。")
        return
    series = choice(
        "活动系列",
        "series",
        list(held),
        format_=lambda name: label(held[name]),
        placeholder="选一个系列，或输入其中几个字",
        instead_of=("place", "year"),
    )
    if series is None:
        _invitation(held)
        return
    with st.spinner("正在汇总…"):
        shown = backend.evolution(series)
    _series(shown)


def label(item: Json) -> str:
    """质量开放日（6 项，3 份文件，2019、2024 年）."""
    years = f"，{'、'.join(map(str, item['years']))} 年" if item["years"] else ""
    return f"{item['name']}（{item['activities']} 项，{item['documents']} 份文件{years}）"


def _invitation(held: dict[str, Json]) -> None:
    st.caption("选定一个系列，就能看到各地各年的情况：哪里点名、哪里推及、哪里没有提到、哪里还没有收文件。")
    st.markdown("**库中提得最多的**")
    with st.container(horizontal=True, key="series-offered"):
        for name in list(held)[:_OFFERED]:
            st.button(plain(name), key=f"series-{name}", on_click=choose, args=({"series": name},))


def _series(shown: Json) -> None:
    if is_large(shown):
        small = narrowed(shown)
        everything = st.toggle("显示全部地区和年度", key="all", bind="query-params", help=_ALL)
        if not everything:
            years, places = (len(shown[name]) - len(small[name]) for name in ("years", "places"))
            shown = small
            st.caption(f"另有 {places} 个地区、{years} 个年度没有写到“{plain(shown['name'])}”，已略去。")
    st.html(f'<div class="pk-lines" data-testid="timeline">{timeline_html(shown)}</div>')
    with st.container(key="evolution-stage"):
        matrix, behind = st.columns([1.1, 1.1], gap="medium")
    with matrix:
        if cities_of(shown) and _view() == _VIEWS[1]:
            _tiles(shown)
        else:
            _matrix(shown)
        st.html(legend_html(dark=_is_dark()))
        _files(shown)
    with behind:
        place, year = _chosen(shown)
        _behind(shown, place, year)


def timeline_html(shown: Json) -> str:
    """A line for each year."""
    return "".join(f"<p><b>{line['year']}年</b>{escaped(line['text'])}</p>" for line in shown["timeline"])


def _is_dark() -> bool:
    return st.context.theme.type == "dark"


def legend_html(*, dark: bool = False) -> str:
    """The four states: colour, word, meaning."""
    return (
        '<div class="pk-legend" data-testid="legend">'
        + "".join(f"<p>{tables.chip(state, dark=dark)}{meaning}</p>" for state, meaning in LEGEND.items())
        + "</div>"
    )


def matrix(shown: Json) -> tuple[list[str], list[list[str]]]:
    """The columns (place, then years) and the rows, in letters."""
    states = {(cell["place"], cell["year"]): cell["state"] for cell in shown["cells"]}
    columns = [_PLACE, *map(str, shown["years"])]
    return columns, [[p["name"], *(states[p["name"], year] for year in shown["years"])] for p in shown["places"]]


def _matrix(shown: Json) -> None:
    columns, rows = matrix(shown)
    key = f"matrix-{shown['name']}"
    st.dataframe(
        tables.coloured(tables.table(columns, rows), dark=_is_dark()),
        hide_index=True,
        height=_ROW * (min(len(rows), _TALLEST) + 1) + 3,
        column_config={_PLACE: st.column_config.Column(width="small", pinned=True)},
        key=key,
        on_select=lambda: _turn_to(rows, st.session_state[key].selection.cells),
        selection_mode="single-cell",
    )


def _view() -> str | None:
    return st.segmented_control(
        "看法", _VIEWS, default=_VIEWS[0], key="view", bind="query-params", label_visibility="collapsed", required=True
    )


def _tiles(shown: Json) -> None:
    """The districts of one year: the one that is chosen, else the last that tells of the series."""
    told = {cell["year"] for cell in shown["cells"] if cell["facts"]}
    wanted = number("year")
    year = wanted if wanted is not None and wanted in shown["years"] else max(told or shown["years"])
    st.markdown(f"**{year}年**")
    st.html(tiles_html(shown, year, dark=_is_dark()))
    st.caption("方块按各区县的相对位置排列，不是地图边界；年度另选。")


def _turn_to(rows: list[list[str]], cells: list[tuple[int, str]]) -> None:
    """Put the place and the year of the chosen cell into the address (a callback); a place's name means all years."""
    if cells:
        row, column = cells[0]
        choose({"place": rows[row][0], "year": None if column == _PLACE else column})


def _chosen(shown: Json) -> tuple[str | None, int | None]:
    where, when = st.columns([1.4, 1])
    with where:
        place = choice("地区", "place", [item["name"] for item in shown["places"]], placeholder="点一格，或在此选")
    with when:
        choice("年度", "year", [str(year) for year in shown["years"]], placeholder="各年")
    return place, number("year")


def cells_of(shown: Json, place: str, year: int | None) -> list[Json]:
    """The cells of a place, of one year or of all."""
    return [cell for cell in shown["cells"] if cell["place"] == place and year in (None, cell["year"])]


def _behind(shown: Json, place: str | None, year: int | None) -> None:
    if place is None:
        st.caption("点一格，这里列出所依据的活动、承担单位和原句；点地区名称看该地各年。")
        return
    cells = cells_of(shown, place, year)
    if not cells:
        st.info("表中没有这个地区或年度，请重新选择。", icon=":material/search_off:")
    for cell in cells:
        _cell(shown["name"], cell)


def _cell(series: str, cell: Json) -> None:
    st.html(heading_html(series, cell, dark=_is_dark()))
    key = f"{cell['place']}-{cell['year']}"
    for position, fact in enumerate(cell["facts"][:_SHORT]):
        st.html(fact_html(fact))
        evidence_cards([fact], key=f"fact-{key}-{position}")
    if rest := cell["facts"][_SHORT:]:
        st.caption(f"另有 {len(rest)} 项，见导出的表格。")
    if cell["state"] == "未提及":
        for document in cell["documents"]:
            document_link(plain(document["title"]), document["document_id"])
    if cell["state"] == "未入库":
        link("basis", "看看补档清单里有没有这份文件", icon=":material/playlist_add:")


def heading_html(series: str, cell: Json, *, dark: bool = False) -> str:
    """青浦区 2024年 点名, and what that rests on."""
    state, count = cell["state"], len(cell["facts"])
    rests = {
        "点名": f"{count} 项活动",
        "推及": f"{count} 项活动，只写到集体",
        "未提及": f"以下 {len(cell['documents'])} 份文件涉及该地该年，其中未识别到{series}",
        "未入库": f"库中没有涉及{cell['place']}{cell['year']}年的文件，无从判断",
    }[state]
    return (
        f'<p class="pk-state" data-testid="cell"><b>{escaped(cell["place"])} {cell["year"]}年</b>'
        f"{tables.chip(state, dark=dark)}{escaped(rests)}</p>"
    )


def fact_html(fact: Json) -> str:
    """The activity: title, planned or reported, who carries it, the collective's words where it is implied."""
    shared = "（上级活动的单位）" if fact.get("shared") else ""
    words = f"<span><i>推及自</i>“{escaped(fact['words'])}”</span>" if fact["words"] else ""
    return (
        f'<p class="pk-facts"><b>{escaped(fact["activity"])}</b>　<span>{escaped(fact["status"])}</span>'
        f"<span><i>承担</i>{escaped(carriers(fact) or '未识别到')}{shared}</span>{words}</p>"
    )


def carriers(fact: Json) -> str:
    """上海市市场监督管理局（牵头）、…"""
    return "、".join(item["name"] + (f"（{item['role']}）" if item["role"] else "") for item in fact["carriers"])


# -- files -------------------------------------------------------------------------------------------------------------


def _files(shown: Json) -> None:
    name = f"{shown['name']}-各地历年情况"
    with st.container(horizontal=True, vertical_alignment="center", key="evolution-files"):
        st.download_button(
            "下载 Excel",
            lambda: evolution_xlsx(shown, backend.generation()),
            f"{name}.xlsx",
            key="evolution-xlsx",
            on_click="ignore",
        )
        svg = matrix_svg(shown, LEGEND)
        png_button(svg, "下载图片 PNG", f"{name}.png", key="evolution-png")
        st.download_button("下载图片 SVG", svg, f"{name}.svg", "image/svg+xml", key="evolution-svg", on_click="ignore")


_EVIDENCE = [
    "地区",
    "年度",
    "状态",
    "活动",
    "部署或通报",
    "承担单位",
    "集体写法",
    "文件",
    "原文",
    "文档编号",
    "起",
    "止",
]


def evolution_xlsx(shown: Json, held: Json) -> bytes:
    """A workbook: the matrix, its evidence, what the words mean and what it rests on."""
    columns, rows = matrix(shown)
    facts = [
        [
            *(cell["place"], cell["year"], fact["state"], fact["activity"], fact["status"], carriers(fact)),
            *(fact["words"], fact["title"], fact["quote"], fact["document_id"], fact["start"], fact["end"]),
        ]
        for cell in shown["cells"]
        for fact in cell["facts"]
    ]
    notes = [
        ["项目", "内容"],
        ["活动系列", shown["name"]],
        *([state, meaning] for state, meaning in LEGEND.items()),
        *([f"{line['year']}年", line["text"]] for line in shown["timeline"]),
        ["依据的文档数", held["documents"]],
        ["索引", f"第 {held['number']} 代，{held['created']}"],
    ]
    return tables.xlsx_bytes(
        [tables.Sheet("矩阵", [columns, *rows]), tables.Sheet("依据", [_EVIDENCE, *facts]), tables.Sheet("说明", notes)]
    )
