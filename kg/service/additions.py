"""The site's own vocabulary that comes through the app: Turtle files in `ontology/` of the home.

`Settings.load` adds that folder to the setting `ontology`, so that every face recognises by it. A file is taken in only
if the whole reference data can be read with it; documents that are held are read anew by `ingest_again`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kg.core.config import OWN_ONTOLOGY, Settings
from kg.core.errors import EnvironmentProblem, UnknownName, UsageError
from kg.service.uploads import safe_name

Json = dict[str, Any]

SUFFIX = ".ttl"
_LARGEST = 5 * 2**20  # bytes: the largest built-in file, every place of the country, has 2.4 MB


def own_files(settings: Settings) -> list[Path]:
    """The files that came through the app."""
    folder = settings.home / OWN_ONTOLOGY
    return sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else []


def add_ontology(settings: Settings, name: str, data: bytes) -> Json:
    """Take a file in, or a new version of it: `{"name", "added": {"机构": 2, …}, "replaced": bool}`.

    `added` counts the records that are new or say more than before. Raises `UsageError` for a file that says nothing
    of use, `BadReference` (with the line) for one that cannot be read; nothing is kept then.
    """
    from ontology.reference import load_reference

    target = settings.home / OWN_ONTOLOGY / safe_name(name).name
    if target.suffix.lower() != SUFFIX:
        raise UsageError(f"本体文件应为 {SUFFIX}（Turtle），不是“{name}”")
    if len(data) > _LARGEST:
        raise UsageError(f"本体文件不能超过 {_LARGEST // 2**20} MB")
    before = target.read_bytes() if target.exists() else None
    _without(target)
    try:
        known = load_reference(_setting(settings))
        _write(target, data)
        added = _more(load_reference(_setting(settings)), known)
    except BaseException:
        _without(target)
        if before is not None:
            _write(target, before)
        raise
    return {"name": target.name, "added": added, "replaced": before is not None}


def drop_ontology(settings: Settings, name: str) -> Json:
    """Remove a file that came through the app: `{"name"}`. Raises `UnknownName`."""
    names = {path.name: path for path in own_files(settings)}
    if name not in names:
        raise UnknownName("自有本体文件", name, names)
    names[name].unlink()
    return {"name": name}


def _setting(settings: Settings) -> str:
    """The setting as it would be read now: with the home's folder only if there is something in it."""
    folder = str(settings.home / OWN_ONTOLOGY)
    others = [part for part in settings.ontology.split(":") if part and part != folder]
    return ":".join([*others, *([folder] if own_files(settings) else [])])


def _more(now: Any, before: Any) -> dict[str, int]:
    kinds = {"地区": "places", "机构": "agencies", "部门命名规律": "departments", "活动系列": "series"}
    kinds |= {"主题": "themes", "政策": "policies"}
    found = {what: len(set(getattr(now, name)) - set(getattr(before, name))) for what, name in kinds.items()}
    if not any(found.values()):
        raise UsageError("文件可以读，但里面没有识别时用得上的内容（地区、机构、部门、活动系列、主题或政策）")
    return {what: count for what, count in found.items() if count}


def _write(target: Path, data: bytes) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    except OSError as error:
        raise EnvironmentProblem(f"无法保存本体文件 {target}：{error.strerror}。请检查磁盘空间和权限") from error


def _without(target: Path) -> None:
    target.unlink(missing_ok=True)
