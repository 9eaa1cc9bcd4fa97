"""`status`, `check`: how things stand."""

from __future__ import annotations

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
        + examples("policykg check", "policykg check --json"),
    )(check)


def status(as_json: AsJson = False, home: Home = None) -> None:
    """Works in an empty home, too."""
    found = service(home).status()
    if as_json:
        output.print_json(found)
        return
    print(f"索引文件夹：{found['home']}（{found['bytes'] / 2**20:.1f} MB）")
    if found["generation"] is None and not found["documents"]:
        print("尚未入库任何文档。请运行：policykg ingest 文件或文件夹")
        return
    print(f"文档 {found['documents']} 份，段落 {found['passages']} 段，图 {found['entries'].get('quads', 0)} 条")
    if found["generation"] is not None:  # none yet where the first run was killed before it published
        print(f"索引第 {found['generation']} 代，发布于 {found['created']}")
    if found["pending"]:
        print("注意：有变更尚未发布（上次运行被中断）。运行 policykg ingest 或 policykg rebuild 即可发布。")
    if found["stale"]:
        print(f"注意：设置或版本已变（{'、'.join(found['stale'])}）。运行 policykg rebuild 后生效。")


def check(as_json: AsJson = False, home: Home = None) -> None:
    """Exit status 1 when something is wrong."""
    with output.progress() as progress:
        found = service(home).check(progress=progress)
    if as_json:
        output.print_json(found)
    elif found["ok"]:
        print(f"一切正常：{found['documents']} 份文档，索引第 {found['generation']} 代。")
    else:
        print(f"发现 {len(found['problems'])} 个问题：")
        for problem in found["problems"]:
            print(f"  {problem['where']}：{problem['message']}")
    if not found["ok"]:
        raise typer.Exit(1)
