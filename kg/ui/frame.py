"""What all pages share: title, style, navigation, the side bar, and how errors are told."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from kg.core.errors import NotBuilt, PolicyKGError
from kg.ui import backend, history, roles
from kg.ui.addresses import PAGES
from kg.ui.beginning import beginning
from kg.ui.markup import plain

if TYPE_CHECKING:
    from streamlit.navigation.page import Page as StreamlitPage

LOG = logging.getLogger("policykg.app")
_STYLE = Path(__file__).with_name("style.css")
_OFTEN = 5.0  # seconds between two looks for newer data
_PATIENCE = 600.0  # seconds that an old generation is kept for a page that nobody touches
_ICON = Path(__file__).with_name("icon.png")  # a :material: icon would be fetched from fonts.gstatic.com


def begin() -> None:
    """Title, width and style; the first call of each run."""
    st.set_page_config(page_title="政策知识库", page_icon=_ICON, layout="wide")
    st.html(_STYLE)
    roles.gate()
    roles.view()


def navigation() -> StreamlitPage:
    """The pages in the side bar; returns the one to run."""
    return st.navigation([page() for page in PAGES.values()], position="sidebar", expanded=True)


def side() -> None:
    """Under the navigation: the questions of this sitting, and what the answers rest on."""
    with st.sidebar:
        history.show()
        roles.show_visitor()
        roles.show_contacts()
        try:
            held = backend.generation()
        except PolicyKGError:
            st.caption("尚无文档")
            return
        st.caption(f"库中 {held['documents']} 份文档 · 第 {held['number']} 代索引")
        _newer(held["number"])


@st.fragment(run_every=_OFTEN)
def _newer(shown: int) -> None:
    """Tell when someone has published newer data: what is on the screen stays as it is until one asks for it."""
    newest = backend.seen().newest()
    if newest is None or newest <= shown:
        return
    told: tuple[int, float] | None = st.session_state.get("newer-told")
    if told is None or told[0] != newest:
        told = st.session_state["newer-told"] = (newest, time.monotonic())
        st.toast(f"有更新的数据（第 {newest} 代），点左侧“刷新”", icon=":material/update:")
    if time.monotonic() - told[1] > _PATIENCE:
        backend.let_go()
    st.info(f"有更新的数据（第 {newest} 代）", icon=":material/update:")
    if st.button("刷新", key="refresh", width="stretch"):
        st.rerun()


@contextmanager
def guarded() -> Iterator[None]:
    """Run a page: an empty home teaches, an expected error says what to do, any other is told without a traceback."""
    try:
        yield
    except NotBuilt:
        beginning()
    except PolicyKGError as error:
        st.error(plain(error.message), icon=":material/error:")
    except Exception as error:
        LOG.exception("page failed")
        st.error(
            "程序内部出错，本页内容没有完整显示。请刷新页面重试；若仍出错，请把下面一行连同操作步骤告诉维护人员。",
            icon=":material/error:",
        )
        st.code(f"{type(error).__name__}: {error}", language=None, wrap_lines=True)
