"""`policykg check --repair`: mend what can be mended, and name what cannot, with what to do about it."""

from __future__ import annotations

from typing import Any

import kg.build.repair as rereading
from kg.build.generations import mend_copy
from kg.build.lineage import catalogue_of
from kg.build.replica import own_turn
from kg.catalogue import Actor
from kg.core.config import Settings
from kg.core.progress import Progress, silent
from kg.service import litter
from kg.service.checks import check
from kg.service.snapshot import Snapshots

Json = dict[str, Any]

_BY_HAND = {
    "catalogue": "无法自动修复，请从备份恢复：policykg restore 备份文件 --force",
    "document": "原文件已不在或已改变，无法自动修复，请从备份恢复，或移除后重新入库",
    "history": "记录本身无从复原，可从备份恢复",
    "shacl": "由抽取结果而来，重建后仍在，请核对该文件并反馈",
}

_OF_A_COPY = (
    "这是共享存储的副本：请移走索引文件夹（留下其中的 uploads、ontology 和 .toml 文件）后重新运行，它会重新取得全部内容"
)
_NOT_OURS = {"upload", "shared"}  # nothing that is built anew would change it


def repair(settings: Settings, snapshots: Snapshots, actor: Actor, progress: Progress = silent) -> Json:
    """As `check`, after mending; `repaired` says what was done, each problem that is left what people can do.

    A home where all is well is left as it is. Raises `NotBuilt`.
    """
    done = _tidy(settings)
    found = check(settings, snapshots, progress)
    codes = {problem["code"] for problem in found["problems"]}
    if "catalogue" in codes:  # nothing is written into a file that is damaged
        for problem in found["problems"]:
            problem["message"] += f"；{_OF_A_COPY if settings.store else _BY_HAND['catalogue']}"
    elif codes - _NOT_OURS:
        snapshots.drop()
        documents = dict.fromkeys(p["document_id"] for p in found["problems"] if p["code"] == "document")
        done += rereading.repair(settings, documents, actor=actor, progress=progress)
        found = check(settings, snapshots, progress)
        for problem in found["problems"]:
            if problem["code"] in _BY_HAND:
                problem["message"] += f"；{_BY_HAND[problem['code']]}"
    return {**found, "repaired": done}


def _tidy(settings: Settings) -> list[str]:
    """Remove what killed runs left behind."""
    if not catalogue_of(settings.home).exists():
        return []
    with own_turn(settings, settings.lock_seconds):
        mended = mend_copy(settings.home)
        left = litter.clear(settings)
    return [*([mended] if mended else []), *(f"清除上次中断的残留 {name}" for name in left)]
