"""Part of the page of data: the files that names are known from, and the site's own additions to them."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kg.core.errors import PolicyKGError
from kg.service.additions import SUFFIX, add_ontology, drop_ontology, own_files
from kg.ui import backend, roles
from kg.ui.answers import show_table
from kg.ui.markup import file_name, plain

Json = dict[str, Any]

_SAID = "additions-said"


def ontology_part(busy: bool) -> None:
    """What is known, and for an editor a box for files of one's own."""
    _tell()
    try:
        with st.spinner("正在读取…"):
            known = backend.service().reference_data()
    except PolicyKGError as error:
        st.error(plain(error.message), icon=":material/error:")
    else:
        rows = [
            ["自有" if item["own"] else "内置", file_name(item["name"]), round(item["bytes"] / 1024, 1)]
            for item in known["files"]
        ]
        show_table(["来源", "文件", "KB"], rows, key="ontology")
        st.caption("、".join(f"{name} {count}" for name, count in known["counts"].items()))
    if not roles.visitor().may_edit:
        return
    files = st.file_uploader(
        "加入自有本体文件（.ttl：本地的机构、简称、活动系列、政策等）",
        type=[SUFFIX],
        accept_multiple_files=True,
        max_upload_size=5,
        key=f"own-{st.session_state.get('own-taken', 0)}",
    )
    with st.container(horizontal=True):
        st.button(
            "检查并加入",
            type="primary",
            icon=":material/extension:",
            disabled=busy or not files,
            key="add-own",
            on_click=lambda: _add([(file.name, file.getvalue()) for file in files]),
        )
    st.caption("先检查，有误的不加入。写法见使用手册第 6 节。")
    st.caption("加入后到“索引与核对”点“全部重新识别”，已入库的文档才按新的名称识别。")
    for path in own_files(backend.service().settings):
        st.button(
            plain(f"移除 {path.name}"), icon=":material/delete:", disabled=busy, key=f"drop-{path.name}",
            on_click=_drop, args=(path.name,),
        )  # fmt: skip


def _add(files: list[tuple[str, bytes]]) -> None:
    """Take files in (a callback)."""
    said: list[tuple[bool, str]] = []
    for name, data in files:
        try:
            taken = add_ontology(roles.writer().settings, name, data)
        except PolicyKGError as error:
            said.append((False, f"{name} 没有加入：{error.message}"))
        else:
            roles.writer().record("ontology", {"name": taken["name"], "removed": False})
            counted = "、".join(f"{what} {count}" for what, count in taken["added"].items())
            said.append((True, f"{taken['name']} 已{'更新' if taken['replaced'] else '加入'}：{counted}"))
    _changed(said)


def _drop(name: str) -> None:
    """Remove a file (a callback)."""
    try:
        drop_ontology(roles.writer().settings, name)
    except PolicyKGError as error:
        _changed([(False, error.message)])
    else:
        roles.writer().record("ontology", {"name": name, "removed": True})
        _changed([(True, f"{name} 已移除")])


def _changed(said: list[tuple[bool, str]]) -> None:
    st.session_state[_SAID] = said
    st.session_state["own-taken"] = st.session_state.get("own-taken", 0) + 1
    backend.reload()


def _tell() -> None:
    for good, text in st.session_state.pop(_SAID, []):
        (st.success if good else st.error)(plain(text), icon=":material/check:" if good else ":material/error:")
