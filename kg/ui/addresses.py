"""The pages and the addresses of what they show, so that a link reopens the same answer or document."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from streamlit.navigation.page import Page as StreamlitPage

_PAGES = Path(__file__).resolve().parent / "pages"


def _page(name: str, title: str, icon: str, *, default: bool = False) -> StreamlitPage:
    return st.Page(_PAGES / f"{name}.py", title=title, icon=icon, url_path=name, default=default)


PAGES: dict[str, Callable[[], StreamlitPage]] = {
    "ask": partial(_page, "ask", "问答", ":material/forum:", default=True),
    "search": partial(_page, "search", "检索", ":material/search:"),
    "documents": partial(_page, "documents", "文档", ":material/description:"),
    "sparql": partial(_page, "sparql", "高级查询", ":material/code:"),
    "tasks": partial(_page, "tasks", "任务台账", ":material/task_alt:"),
    "compare": partial(_page, "compare", "衔接对照", ":material/compare_arrows:"),
    "evolution": partial(_page, "evolution", "活动演变", ":material/timeline:"),
    "basis": partial(_page, "basis", "政策依据", ":material/account_tree:"),
    "agencies": partial(_page, "agencies", "机构图谱", ":material/hub:"),
    "review": partial(_page, "review", "核定", ":material/fact_check:"),
    "data": partial(_page, "data", "数据", ":material/database:"),
}
"""Each page in the order of the navigation; made anew in each run, as Streamlit wants it.

The style sheet parts them into 查, 看 (from tasks on) and 管 (from review on): Streamlit's own sections are lists with
other children, which screen readers do not take for lists.
"""


def link(
    page: str,
    label: str,
    address: Mapping[str, str | int] | None = None,
    *,
    icon: str | None = None,
    help_: str | None = None,
) -> None:
    """A link to a page in the state that `address` names; `label` and `help_` are Markdown (see `markup.plain`)."""
    params = {name: str(value) for name, value in (address or {}).items()}
    st.page_link(PAGES[page](), label=label, icon=icon, help=help_, query_params=params)


def document_link(label: str, document_id: str, start: int | None = None, end: int | None = None) -> None:
    """A link to a document, at a sentence where one is given."""
    where: dict[str, str | int] = {"id": document_id}
    if start is not None and end is not None:
        where |= {"start": start, "end": end}
    link("documents", label, where, icon=":material/article:")


def review_link(document_id: str, start: int, end: int) -> None:
    """A link to where the facts of a sentence are confirmed or corrected."""
    where: dict[str, str | int] = {"document": document_id, "start": start, "end": end}
    link("review", "核定", where, icon=":material/fact_check:", help_="确认或更正由这句话得到的事实")


def keep(*names: str) -> None:
    """Tell the browser what of the address the page stands on, for names that no widget is bound to.

    A link to the page that is shown already does not change the address (Streamlit 1.67): the next click would be made
    on the page as it was before. The browser passes over what it knows.
    """
    st.query_params.update({name: st.query_params[name] for name in names if name in st.query_params})


def number(name: str) -> int | None:
    """A whole number from the address bar; None where there is none."""
    text = st.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
