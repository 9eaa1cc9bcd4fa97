"""The file that a document was read from, opened beside its text: at the page of the sentence in view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st
from streamlit import runtime

from kg.core.errors import PolicyKGError
from kg.ui import backend, roles
from kg.ui.markup import plain

if TYPE_CHECKING:
    from kg.service.originals import Original

_PAGED = ".pdf"  # what a browser opens at a page


def original_button(document_id: str, position: int | None, *, key: str = "original") -> None:
    """A button that shows where the file is, and opens or saves it, for those who may see the contacts in it."""
    if not roles.may_see_contacts() or roles.groups() is not None:
        return
    if st.button("原文件", icon=":material/file_open:", key=key, type="tertiary"):
        _dialog(document_id, position)


@st.dialog("原文件", width="medium")
def _dialog(document_id: str, position: int | None) -> None:
    try:
        found = backend.reader().original(document_id, position=position)
    except PolicyKGError as error:
        st.warning(error.message, icon=":material/warning:")
        return
    page = f"，这句话在第 {found.page} 页" if found.page is not None else ""
    st.caption(f"{plain(found.source)}{page}。文件与入库时一致。")
    with st.container(horizontal=True):
        if found.shown and (address := _address(found)):
            label = "在新标签页打开" + (f"（第 {found.page} 页）" if "#" in address else "")
            st.link_button(label, address, icon=":material/open_in_new:", type="primary")
        st.download_button("下载", found.data, found.name, found.media, icon=":material/download:", on_click="ignore")
    with st.spinner("正在画出这一页…"):
        picture = found.picture()
    if picture is not None and (shown := _kept(picture, _media_of(picture, found), found)):
        alt = f"原文件第 {found.page or 1} 页"
        st.html(f'<img class="pk-page" src="{shown}" alt="{alt}">')


def _address(found: Original) -> str:
    """Where the browser gets the bytes from while the dialog is open; relative, for an app below a path."""
    at = f"#page={found.page}" if found.page is not None and found.name.lower().endswith(_PAGED) else ""
    address = _kept(found.data, found.media, found)
    return address + at if address else ""


def _kept(data: bytes, media: str, found: Original) -> str:
    if not runtime.exists():
        return ""
    held: str = runtime.get_instance().media_file_mgr.add(data, media, f"original-{found.document_id}-{media}")
    return held.lstrip("/")


def _media_of(picture: bytes, found: Original) -> str:
    return found.media if picture is found.data else "image/png"
