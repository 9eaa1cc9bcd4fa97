"""The page of data: take files in, remove documents, look after quality and indexes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

import streamlit as st

from kg.core.errors import NotAllowed, NotBuilt
from kg.core.progress import Progress
from kg.service import Service
from kg.service.zips import SUFFIX as ZIP
from kg.ui import backend, roles, tables
from kg.ui.additions import ontology_part
from kg.ui.answers import show_table
from kg.ui.jobs import jobs
from kg.ui.markup import file_name, plain
from kg.ui.quotes import evidence_cards
from kg.ui.working import show_latest

Json = dict[str, Any]

_KINDS = {"上传": ("upload",), "移除": ("remove",), "索引与核对": ("check", "again", "rebuild")}
_PARTS = ("上传", "移除", "质量提示", "索引与核对", "本体")
_CHANGING = ("上传", "移除")
_REFUSED = "data-refused"
_CODES = {
    "missing-title": "缺标题",
    "missing-number": "缺文号",
    "missing-date": "缺成文日期",
    "missing-issuer": "缺发文机关",
    "contradictory-dates": "日期矛盾",
    "contradicts-metadata": "与网页信息栏不一",
    "blank-form": "空白表格",
    "possible-typo": "疑似错字",
    "numbering-gap": "序号跳号",
    "traditional-character": "繁体字",
}
_TALLEST = 330  # pixels of the table of notices: the card of a chosen one stays in sight
_ENTRIES = {
    "quads": "图中的陈述",
    "graphs": "命名图",
    "graph_at": "图所在的端点",
    "passages": "全文索引段落",
    "model": "向量模型",
    "names": "名称",
}
_GROUNDS = {
    "ontology": "本体",
    "base": "IRI 前缀",
    "embedder": "向量模型",
    "graph": "图的写法",
    "graph_at": "图所在的端点",
    "passages": "分段方法",
    "lexicon": "名称表",
    "catalogue": "目录库",
}
_COMMANDS = {"ingest": "入库", "remove": "移除", "rebuild": "重建索引"}
_MIB = 2**20


def data_page() -> None:
    """One part at a time; the job at work is seen from all of them."""
    part = st.segmented_control(
        "内容", _PARTS, default=_PARTS[0], key="part", bind="query-params", label_visibility="collapsed", required=True
    )
    if roles.groups() is not None:  # the house's affairs name documents of all groups
        st.info("您只能查看所在组的文档的质量提示。", icon=":material/lock:")
        _notices(False)
        return
    busy = show_latest(*_KINDS.get(part or _PARTS[0], ()))
    if refused := st.session_state.pop(_REFUSED, None):
        st.error(plain(refused), icon=":material/lock:")
    elif (who := roles.visitor()).refusal:
        st.info(plain(who.refusal), icon=":material/lock:")
    parts = {"上传": _upload, "移除": _remove, "质量提示": _notices, "索引与核对": _indexes, "本体": ontology_part}
    if part in _CHANGING and not roles.visitor().may_edit:
        return
    parts[part or _PARTS[0]](busy)


def _begin(kind: str, title: str, work: Callable[[Service, Progress], Json]) -> None:
    """Start a job on behalf of the visitor (in a callback), unless that is refused, or another one is at work."""
    try:
        service = roles.writer()
    except NotAllowed as error:
        st.session_state[_REFUSED] = error.message
    else:
        jobs().start(kind, title, lambda progress: work(service, progress))


# -- files in ------------------------------------------------------------------------------------------------------


def _upload(busy: bool) -> None:
    """A box for files or a folder."""
    upload_box(busy)


def upload_box(busy: bool) -> None:
    """The box of the page of data, and of a home where there is nothing yet."""
    formats = sorted({*backend.service().formats(), ZIP})
    folder = st.toggle("上传整个文件夹", key="folder", bind="query-params")
    files = st.file_uploader(
        "选择文件夹" if folder else "选择文件（可多选，也可拖到这里）",
        type=formats,
        accept_multiple_files="directory" if folder else True,
        max_upload_size=backend.service().settings.max_file_mb,
        key=f"files-{st.session_state.get('uploads', 0)}-{folder}",
    )
    st.button(
        f"入库 {len(files)} 个文件" if files else "入库",
        type="primary",
        icon=":material/upload:",
        disabled=busy or not files,
        on_click=lambda: _take_in([(file.name, file.getvalue()) for file in files]),
        key="take-in",
    )
    st.caption(
        plain(
            f"可读的格式：{' '.join(formats)}。zip 压缩包当作文件夹，逐个读其中的文件。"
            "文件保存在索引文件夹的 uploads 中；同名文件视为新版本，替换原来的。无法识别的文件不保留，并说明原因。"
        )
    )


def _take_in(files: list[tuple[str, bytes]]) -> None:
    """Start (a callback); the box is emptied."""
    _begin("upload", "入库", lambda service, progress: service.upload(files, progress=progress))
    st.session_state["uploads"] = st.session_state.get("uploads", 0) + 1


# -- documents out -------------------------------------------------------------------------------------------------


def _remove(busy: bool) -> None:
    held = _held()
    if not held:
        st.info("库中还没有文档。", icon=":material/folder_open:")
        return
    names = {item["id"]: f"{item['title'] or '（无题名）'}（{file_name(item['source'])}）" for item in held}
    chosen = st.multiselect(
        "要移除的文档",
        list(names),
        format_func=lambda document: names.get(document, document),
        key=f"removing-{backend.generation()['number']}",
        placeholder="输入题名或文件名中的几个字查找，可选多份",
    )
    if st.button("移除…", icon=":material/delete:", disabled=busy or not chosen, key="remove"):
        _confirm({document: names[document] for document in chosen})
    st.caption("移除的是文档及由它得到的全部事实。在本页上传的文件一并删除；从其他文件夹入库的原文件不受影响。")


@st.dialog("确认移除", width="medium")
def _confirm(chosen: dict[str, str]) -> None:
    st.markdown(f"将移除以下 {len(chosen)} 份文档及其全部事实，不能撤销（可以重新入库）：")
    st.markdown("\n".join(f"- {plain(name)}" for name in chosen.values()))
    if st.button("确认移除", type="primary", key="confirm"):
        ids = list(chosen)
        _begin("remove", "移除", lambda service, progress: service.discard(ids, progress=progress))
        st.rerun()


def _held() -> list[Json]:
    try:
        return backend.documents()
    except NotBuilt:
        return []


# -- quality -------------------------------------------------------------------------------------------------------


def _notices(_: bool) -> None:
    try:
        found = backend.notices()
    except NotBuilt:
        found = []
    if not found:
        st.info("没有质量提示。", icon=":material/check:")
        return
    counts = Counter(item["code"] for item in found)
    code = st.selectbox(
        "种类",
        list(counts),
        None,
        key="code",
        bind="query-params",
        format_func=lambda name: f"{_CODES.get(name, name)}（{counts.get(name, 0)}）",
        placeholder=f"不限（{len(found)} 条）",
    )
    shown = [item for item in found if code is None or item["code"] == code]
    rows = [
        [
            _CODES.get(item["code"], item["code"]),
            item["message"],
            item["quote"],
            item["title"],
            file_name(item["source"]),
        ]
        for item in shown
    ]
    event = st.dataframe(
        tables.table(["种类", "提示", "原文", "文档", "文件"], rows),
        hide_index=True,
        height=min(_TALLEST, 33 * (len(rows) + 1) + 3),
        key="notices",
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "种类": st.column_config.Column(width=120),
            "提示": st.column_config.Column(width=300),
            "原文": st.column_config.Column(width=140),
            "文档": st.column_config.Column(width="medium"),
        },
        placeholder="",
    )
    st.caption("这些是细心的读者会指出的问题；程序只报告，不替您改。点选一行，下面显示原文，可跳到文档。")
    picked = [shown[row] for row in event.selection.rows if row < len(shown)]
    evidence_cards([{**item, "start": item["start"] or 0, "end": item["end"] or 0} for item in picked], key="notice")


# -- indexes -------------------------------------------------------------------------------------------------------


def _indexes(busy: bool) -> None:
    status = backend.service().status()
    for column, (name, value) in zip(
        st.columns(4),
        {
            "文档": status["documents"],
            "段落": status["passages"],
            "索引": f"第 {status['generation']} 代" if status["generation"] else "无",
            "占用": f"{status['bytes'] / _MIB:.1f} MB" if "bytes" in status else "",
        }.items(),
        strict=True,
    ):
        column.metric(name, value)
    if status["pending"]:
        st.warning("有变更尚未发布（上次运行被中断）。点“重建索引”即可发布。", icon=":material/warning:")
    if status["stale"]:
        st.warning(
            plain(
                f"索引所依据的{'、'.join(_GROUNDS.get(name, name) for name in status['stale'])}已变。点“全部重新识别”。"
            ),
            icon=":material/warning:",
        )
    with st.container(horizontal=True):
        _starter("核对", "check", busy, "逐份核对引文位置、图和索引是否与目录库一致")
        _starter("全部重新识别", "again", busy, "按原来的路径再读一遍全部文件；没有变化的不动")
        _starter("重建索引", "rebuild", busy, "由目录库重新生成图、全文索引和向量，不读原文件")
    run = status["last_run"] or {}
    facts = [
        ["索引文件夹", status["home"]],
        ["生成时间", local_time(status["created"])],
        [
            "最近一次写入",
            f"{_COMMANDS.get(run['command'], run['command'])}，{local_time(run['started'])} 至 "
            f"{local_time(run['finished']) or '未完成'}"
            if run
            else None,
        ],
        *([_ENTRIES[name], value] for name, value in status["entries"].items() if name in _ENTRIES),
    ]
    show_table(["项目", "内容"], [[name, str(value)] for name, value in facts if value is not None], key="facts")


def local_time(moment: str | None) -> str | None:
    """2024-09-05 09:30:00 where this machine stands, from ISO 8601."""
    return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M:%S}" if moment else None


def _starter(title: str, kind: str, busy: bool, help_: str) -> None:
    work: dict[str, Callable[[Service, Progress], Json]] = {
        "check": lambda service, progress: service.check(progress=progress),
        "again": lambda service, progress: service.ingest_again(progress=progress),
        "rebuild": lambda service, progress: service.rebuild(progress=progress),
    }
    disabled = busy or not roles.visitor().may_edit
    st.button(
        title, key=f"start-{kind}", disabled=disabled, help=help_, on_click=_begin, args=(kind, title, work[kind])
    )
