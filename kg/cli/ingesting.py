"""`ingest`, `remove`, `rebuild`, `demo`: the commands that write."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kg.cli import output
from kg.cli.options import AsJson, Home, examples, service

DEMO_QUESTION = "哪些区开展过质量开放日，历年有何变化？"
_SHOWN = 20  # entries of a list that a person gets to see


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        "ingest",
        help="读入文件或文件夹，抽取事实，更新索引。已入库且未变的文件不会重复处理。\n\n"
        + examples("policykg ingest 通知.txt", "policykg ingest 公文/ --workers 2", "policykg ingest 公文/ --json"),
    )(ingest)
    app.command(
        "remove",
        help="移除文档及其全部事实。可给编号、编号开头、路径或文件名。\n\n"
        + examples("policykg remove d-3f9a1c20b7d84e651f02", "policykg remove 通知.txt"),
    )(remove)
    app.command(
        "rebuild",
        help="由目录库重建图、全文与向量索引（不重读原文件）。\n\n" + examples("policykg rebuild"),
    )(rebuild)
    app.command(
        "demo",
        help="入库随附的示例文档，并回答一个问题。\n\n" + examples("policykg demo", "policykg demo --home /tmp/试用"),
    )(demo)


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="文件或文件夹", metavar="路径...", show_default=False)],
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="并行进程数", metavar="N")] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Exit status 1 when some inputs failed."""
    with output.progress() as progress:
        report = service(home, workers=workers).ingest(paths, progress=progress)
    if as_json:
        output.print_json(report)
    else:
        print_report(report)
    if report["failed"]:
        raise typer.Exit(1)


def print_report(report: dict[str, Any]) -> None:
    """What a run did, what it did not take in, and what of the files was not read."""
    counts = f"新增 {report['added']}，更新 {report['updated']}，未变 {report['unchanged']}"
    if report["moved"]:
        counts += f"，移动 {len(report['moved'])}"
    print(f"{counts}，跳过 {len(report['skipped'])}，失败 {len(report['failed'])}")
    if report["moved"]:
        output.heading("移动或改名")
        print_lines([f"{item['from']} → {item['source']}" for item in report["moved"]])
    for title, entries in (("跳过", report["skipped"]), ("失败", report["failed"])):
        if entries:
            output.heading(title)
            print_lines([f"{entry['source']}：{entry['reason']}" for entry in entries])
    if not any(report[name] for name in ("added", "updated", "unchanged", "skipped", "failed", "moved")):
        print("没有找到可入库的文件。")
    if report["not_read"]:
        lost: dict[str, int] = {}
        for loss in report["not_read"]:
            part = "部分页" if loss["part"].startswith("第 ") else loss["part"].partition(" ")[0]
            lost[part] = lost.get(part, 0) + loss["count"]
        parts = "、".join(f"{part} {count} 处" for part, count in lost.items())
        print(f"未读入：{parts}（原因见 policykg document 编号，或加 --json）")


def print_lines(lines: list[str]) -> None:
    """The first lines of a list, and how many more there are."""
    for line in lines[:_SHOWN]:
        print(f"  {line}")
    if len(lines) > _SHOWN:
        print(f"  …… 另有 {len(lines) - _SHOWN} 个，加 --json 可全部列出")


def remove(
    names: Annotated[list[str], typer.Argument(help="编号、路径或文件名", metavar="文档...", show_default=False)],
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """An unknown name removes nothing."""
    with output.progress() as progress:
        result = service(home).remove(names, progress=progress)
    if as_json:
        output.print_json(result)
        return
    for item in result["removed"]:
        print(f"已移除 {item['id']} {item['title']}（{item['source']}）")


def rebuild(as_json: AsJson = False, home: Home = None) -> None:
    """Everything but the catalogue is made anew."""
    with output.progress() as progress:
        result = service(home).rebuild(progress=progress)
    if as_json:
        output.print_json(result)
    elif result["generation"] is None:
        print("目录库是空的，没有可重建的内容。")
    else:
        print(f"已重建 {result['documents']} 份文档的索引（第 {result['generation']} 代，{result['seconds']:.1f} 秒）")


def demo(home: Home = None) -> None:
    """From nothing to an answered question."""
    from kg.cli.asking import print_answer
    from kg.cli.shipped import samples

    folder = samples()
    with output.progress() as progress:
        working = service(home)
        report = working.ingest([folder], progress=progress)
    print(f"示例文档：{folder}")
    print_report(report)
    output.heading(f"问：{DEMO_QUESTION}")
    print_answer(working.ask(DEMO_QUESTION))
    output.heading("接下来可以试试")
    print("  policykg ask 青浦区市场监督管理局负责哪些活动？\n  policykg app")
    if report["failed"]:
        raise typer.Exit(1)
