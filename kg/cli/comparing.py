"""`compare`: two documents side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kg.cli import output
from kg.cli.options import AsJson, Home, examples, service
from kg.core.errors import UnknownName


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "compare",
        help="衔接对照：前一份文件（如上级通知、上一年安排）的任务，后一份文件是呼应、调整还是没有提及，又新增了什么。"
        "“未提及”只说明后一份文件没有写到。\n\n"
        + examples(
            "policykg compare 全国通知.txt 某区方案.txt", "policykg compare 2019年安排.txt 2022年通报.txt -o 对照.xlsx"
        ),
    )(compare)


def compare(
    left: Annotated[str, typer.Argument(help="前一份：编号、路径或文件名", metavar="文档甲", show_default=False)],
    right: Annotated[str, typer.Argument(help="后一份：编号、路径或文件名", metavar="文档乙", show_default=False)],
    output_file: Annotated[
        Path | None, typer.Option("--output", "-o", help="写入文件：.xlsx 或 .docx", metavar="文件", show_default=False)
    ] = None,
    with_contacts: Annotated[bool, typer.Option("--with-contacts", help="不遮盖联系人（个人信息）")] = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Task by task."""
    if output_file and output_file.suffix not in (".xlsx", ".docx"):
        raise UnknownName("对照的格式", output_file.suffix or output_file.name, (".xlsx", ".docx"))
    asked = service(home)
    found = asked.compare(left, right, with_contacts=with_contacts)
    if output_file:
        output_file.write_bytes(asked.comparison_file(found, output_file.suffix[1:]))
        output.note(f"已写入 {output_file}")
    if as_json:
        output.print_json(found)
        return
    for label, key in (("甲", "left"), ("乙", "right")):
        print(f"{label}：{found[key]['title'] or found[key]['source']}（{found[key]['tasks']} 项）")
    print("，".join(f"{name} {found['counts'][state]}" for state, (name, _) in found["states"].items()))
    output.table(
        ("结果", "甲", "乙", "变化", "依据"),
        [
            [found["states"][row["state"]][0], _cell(row["left"]), _cell(row["right"]), row["changes"], row["reasons"]]
            for row in found["rows"]
        ],
    )
    output.dim(f"未提及：{found['states']['dropped'][1]}。")


def _cell(side: dict[str, Any] | None) -> str:
    return f"{side['no']} {side['title'] or side['text'][:60]}".strip() if side else ""
