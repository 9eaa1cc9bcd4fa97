"""A home where there is nothing yet: what this is, and two ways to begin, both without leaving the browser."""

from __future__ import annotations

import streamlit as st

from kg.core.errors import NotAllowed
from kg.ui import backend, roles
from kg.ui.examples import FORMS
from kg.ui.jobs import jobs
from kg.ui.markup import plain
from kg.ui.working import show_latest


def beginning() -> None:
    """Upload a folder, or load the samples; what is being done is shown meanwhile."""
    st.info(
        "还没有文档。放进一批公文（文件夹、文件或 zip 压缩包都可以），就可以提问了。", icon=":material/folder_open:"
    )
    busy = show_latest("upload", "samples")
    if refusal := roles.visitor().refusal:
        st.caption(plain(refusal))
    else:
        _ways(busy)
    st.markdown("**入库后可以这样问**")
    st.markdown("\n".join(f"- {form}" for form in FORMS))
    st.caption("全部在本机处理，不连外网。文件保存在 " + plain(backend.service().settings.home.absolute()))


def _ways(busy: bool) -> None:
    from kg.ui.data import upload_box  # the page of data shows this one where there is nothing to remove

    with st.container(border=True, key="begin-upload"):
        upload_box(busy)
    st.button(
        "先用随附的示例文档试一试", icon=":material/science:", key="begin-samples", disabled=busy, on_click=_samples
    )


def _samples() -> None:
    """Take the samples in (a callback)."""
    try:
        service = roles.writer()
    except NotAllowed:
        return
    jobs().start("samples", "入库示例文档", lambda progress: service.ingest_samples(progress=progress))
