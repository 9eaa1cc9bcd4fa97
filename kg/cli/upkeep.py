"""`status`, `check`, `backup`, `restore`, `audit`: how things stand, and what keeps them so."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kg.cli import output
from kg.cli.options import AsJson, Home, examples, service


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        "status",
        help="显示索引的规模、版本和是否有未发布的变更。\n\n" + examples("policykg status", "policykg status --json"),
    )(status)
    app.command(
        "check",
        help="核对目录库、引文、图（SHACL）与各索引是否一致；有问题时以 1 退出。\n\n"
        + examples("policykg check", "policykg check --repair", "policykg check --json"),
    )(check)
    app.command(
        "backup",
        help="把目录库、上传的文件、自有本体和设置写成一个备份文件（zip）。运行中也可备份，不影响读写。\n\n"
        + examples("policykg backup 备份.zip"),
    )(backup)
    app.command(
        "restore",
        help="从备份文件恢复，并重建各索引。索引文件夹中已有数据时须加 --force，原有数据会先另存。\n\n"
        + examples("policykg restore 备份.zip", "policykg restore 备份.zip --force"),
    )(restore)
    app.command(
        "audit",
        help="谁在何时入库、移除、导出、备份、恢复、核定了什么。\n\n"
        + examples("policykg audit", "policykg audit --since 2026-11-01 --json"),
    )(audit)


def status(as_json: AsJson = False, home: Home = None) -> None:
    """Works in an empty home, too."""
    found = service(home).status()
    if as_json:
        output.print_json(found)
        return
    print(f"索引文件夹：{found['home']}（{found['bytes'] / 2**20:.1f} MB）")
    if at := found["reading_at"]:
        print(f"入库时由 dask 调度器 {at} 的 worker 读取文件")
    if found["generation"] is None and not found["documents"]:
        print("尚未入库任何文档。请运行：policykg ingest 文件或文件夹")
        return
    print(f"文档 {found['documents']} 份，段落 {found['passages']} 段，图 {found['entries'].get('quads', 0)} 条")
    if at := found["entries"].get("graph_at"):
        print(f"图在 SPARQL 端点 {at}")
    if at := found["entries"].get("store_at"):
        print(f"是共享存储 {at} 的副本")
    if found["generation"] is not None:  # none yet where the first run was killed before it published
        print(f"索引第 {found['generation']} 代，发布于 {found['created']}")
    if found["pending"]:
        print("注意：有变更尚未发布（上次运行被中断）。运行 policykg ingest 或 policykg rebuild 即可发布。")
    if found["stale"]:
        print(f"注意：设置或版本已变（{'、'.join(found['stale'])}）。运行 policykg rebuild 后生效。")


def check(
    repair: Annotated[bool, typer.Option("--repair", help="修复能修复的：重建索引、清除残留、补算向量")] = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Exit status 1 when something is wrong (after a repair: when something still is)."""
    with output.progress() as progress:
        found = service(home).check(repair=repair, progress=progress)
    if as_json:
        output.print_json(found)
        raise typer.Exit(0 if found["ok"] else 1)
    for done in found.get("repaired", ()):
        print(f"已修复：{done}")
    if found["ok"]:
        print(f"一切正常：{found['documents']} 份文档，索引第 {found['generation']} 代。")
    else:
        print(f"发现 {len(found['problems'])} 个问题：")
        for problem in found["problems"]:
            print(f"  {problem['where']}：{problem['message']}")
    if not found["ok"]:
        raise typer.Exit(1)


def backup(
    target: Annotated[Path, typer.Argument(help="备份文件", metavar="文件", show_default=False)],
    with_secrets: Annotated[bool, typer.Option("--with-secrets", help="连同设置中的令牌和密钥")] = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """A backup of that name is replaced once the new one is complete."""
    with output.progress() as progress:
        done = service(home).backup(target, with_secrets=with_secrets, progress=progress)
    if as_json:
        output.print_json(done)
        return
    print(
        f"已备份 {done['documents']} 份文档、{done['uploads']} 个上传的文件到 {done['path']}（{_size(done['bytes'])}）"
    )
    _print_notes(done["notes"])


def restore(
    source: Annotated[Path, typer.Argument(help="备份文件", metavar="文件", show_default=False)],
    force: Annotated[bool, typer.Option("--force", help="替换已有的数据（先另存为一个备份）")] = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Nothing changes before the backup is verified and its indexes are built."""
    with output.progress() as progress:
        done = service(home).restore(source, force=force, progress=progress)
    if as_json:
        output.print_json(done)
        return
    print(f"已恢复 {done['documents']} 份文档、{done['uploads']} 个上传的文件（索引第 {done['generation'] or 0} 代）")
    if done["before"]:
        print(f"原有数据另存于 {done['before']}，确认无误后可删除")
    _print_notes(done["notes"])


def _print_notes(notes: list[str]) -> None:
    for note in notes:
        print(f"注意：{note}")


def _size(count: int) -> str:
    return f"{count / 2**20:.1f} MB"


_VIA = {"cli": "命令行", "app": "网页", "http": "接口", "library": "程序"}
_ACTIONS = {
    "ingest": "入库",
    "remove": "移除",
    "rebuild": "重建",
    "repair": "修复",
    "export": "导出",
    "backup": "备份",
    "restore": "恢复",
    "correct": "核定",
    "undo": "撤销核定",
    "ontology": "本体",
    "contacts": "查看联系方式",
    "migrate": "迁移",
    "unverified": "保留无从核实的记录",
    "lengthen-ids": "加长文档编号",
}


def audit(
    since: Annotated[str | None, typer.Option("--since", help="只列此时间之后的", metavar="日期")] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """The latest first."""
    found = service(home).audit(since)
    if as_json:
        output.print_json(found)
        return
    rows = [
        [_local(e["at"]), e["actor"], _VIA.get(e["via"], e["via"]), _ACTIONS.get(e["action"], e["action"]), _did(e)]
        for e in found
    ]
    output.table(("时间", "用户", "途径", "操作", "内容"), rows)


def _local(at: str) -> str:
    from datetime import datetime

    return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M:%S")


_COUNTS = {"added": "新增", "updated": "更新", "removed": "移除", "failed": "失败", "documents": "文档"}


def _did(entry: dict[str, Any]) -> str:
    """What an entry did, in a few words: numbers, and the titles of what was removed."""
    detail, counts = entry["detail"], entry["counts"]
    parts = [f"{name} {counts[key]}" for key, name in _COUNTS.items() if counts.get(key)]
    documents = detail.get("documents")
    if isinstance(documents, list):
        parts += [f"{item['title'] or item['id']}" for item in documents]
    elif documents and not counts:
        parts.append(f"文档 {documents}")
    if entry["action"] in ("correct", "undo") and "kind" in detail:
        from kg.core.corrections import ACTIONS, Action
        from kg.core.facts import label_of

        parts += [ACTIONS[Action(detail["action"])], label_of(detail["kind"]), detail.get("document", "")]
    if entry["action"] == "ontology":
        parts += ["移除" if detail["removed"] else "加入", detail["name"]]
    if entry["action"] == "export":
        parts += [detail["what"], detail["format"], *(["含联系人"] if detail.get("with_contacts") else [])]
    if entry["run"] is not None and entry["finished"] is None:
        parts.append(f"未完成（已改动 {entry['documents']} 份文档）")
    return "，".join(str(part) for part in parts)
