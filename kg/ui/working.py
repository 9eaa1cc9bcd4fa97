"""How a job is seen: a bar while it is at work, then what came of it."""

from __future__ import annotations

import time
from typing import Any

import streamlit as st

from kg.core.errors import NotBuilt
from kg.ui import backend
from kg.ui.addresses import link
from kg.ui.answers import show_table
from kg.ui.jobs import Job, jobs
from kg.ui.markup import file_name, plain

Json = dict[str, Any]

_FOUND = 8  # documents of which is told what was found
_COUNTED = {
    "activities": "活动",
    "agencies": "机构",
    "policy_references": "引用文件",
    "figures": "数字",
    "deadlines": "时限",
}
_OFTEN = 0.5  # seconds between two looks
_OUTCOMES = {"added": "新增", "updated": "更新", "unchanged": "未变", "skipped": "跳过", "failed": "失败"}


def show_latest(*kinds: str) -> bool:
    """The job at work, or what came of the last one if it is of these kinds; whether one is at work."""
    job = jobs().latest
    if job is None:
        return False
    if job.running:
        _watch()
        return True
    if job.kind in kinds:
        with st.container(border=True, key="job-result"):
            _result(job)
    return False


@st.fragment(run_every=_OFTEN)
def _watch() -> None:
    job = jobs().latest
    if job is None or not job.running:
        st.rerun()
    counted = f"{job.done}/{job.total}　" if job.total else ""
    st.progress(job.share, text=plain(f"{job.title}：{counted}{job.label or '准备'}"))
    if job.before:
        st.caption(plain(f"刚处理：{'、'.join(tuple(job.before))}"))
    st.caption(f"已用 {time.monotonic() - job.begun:.0f} 秒。可以离开本页，不会中断；其他页面照常使用。")


def _result(job: Job) -> None:
    if job.error is not None:
        st.error(plain(f"{job.title}未完成：{job.error}"), icon=":material/error:")
        return
    result = job.result or {}
    good, text = summary(job.kind, result)
    text = plain(f"{job.title}：{text}（{job.took or 0:.1f} 秒）")
    (st.success if good else st.warning)(text, icon=":material/check:" if good else ":material/warning:")
    columns, rows = details(job.kind, result)
    if rows:
        show_table(columns, rows, key="job-table")
    _found(job.kind, result)


def _found(kind: str, result: Json) -> None:
    """What was read in what came in, with a way there."""
    if kind not in ("upload", "samples"):
        return
    new = {item["document_id"] for item in result.get("files", ()) if item["outcome"] in ("added", "updated")}
    try:
        held = [item for item in backend.documents() if item["id"] in new or kind == "samples"]
    except NotBuilt:
        return
    for item in held[:_FOUND]:
        document = backend.document(item["id"])
        counts = [f"{name} {len(document[key])}" for key, name in _COUNTED.items() if document[key]]
        doubts = len(document["to_check"])
        told = "、".join(counts) or "没有识别出事实"
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            link("documents", plain(item["title"] or file_name(item["source"])), {"id": item["id"]})
            st.caption(plain(told + (f"，待核 {doubts}" if doubts else "")), width="content")
    if len(held) > _FOUND:
        link("documents", f"全部 {len(held)} 份文档")
    if held:
        link("ask", "去提问", icon=":material/forum:")


def summary(kind: str, result: Json) -> tuple[bool, str]:
    """Whether all went well, and what happened in one line."""
    if kind == "upload":
        outcomes = [item["outcome"] for item in result["files"]]
        counts = {name: outcomes.count(key) for key, name in _OUTCOMES.items()}
        return "failed" not in outcomes, _counted(counts)
    if kind in ("again", "samples"):
        counts = {name: _size(result[key]) for key, name in _OUTCOMES.items()}
        return not result["failed"], _counted(counts)
    if kind == "remove":
        return True, f"已移除 {len(result['removed'])} 份文档，删除上传的文件 {result['files']} 个"
    if kind == "check":
        return result["ok"], "一切一致" if result["ok"] else f"发现 {len(result['problems'])} 个问题"
    return True, f"完成，{result['documents']} 份文档"


def details(kind: str, result: Json) -> tuple[list[str], list[list[Any]]]:
    """The table beneath: each file with its outcome and reason, or each problem."""
    if kind == "upload":
        rows = [[item["name"], _OUTCOMES[item["outcome"]], item["reason"]] for item in result["files"]]
        return ["文件", "结果", "原因"], rows
    if kind in ("again", "samples"):
        rows = [
            [file_name(item["source"]), _OUTCOMES[key], item["reason"]]
            for key in ("failed", "skipped")
            for item in result[key]
        ]
        return ["文件", "结果", "原因"], rows
    if kind == "remove":
        return ["题名", "文件"], [[item["title"], file_name(item["source"])] for item in result["removed"]]
    if kind == "check":
        return ["位置", "问题"], [[file_name(item["where"]), item["message"]] for item in result["problems"]]
    return [], []


def _size(value: int | list[Any]) -> int:
    return value if isinstance(value, int) else len(value)


def _counted(counts: dict[str, int]) -> str:
    return "、".join(f"{name} {count}" for name, count in counts.items() if count) or "没有文件"
