"""`tasks`: the ledger of tasks, on the screen, as a workbook, or as a calendar."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from kg.cli import output
from kg.cli.options import AsJson, Home, examples, service


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "tasks",
        help="任务台账：各文件部署的任务，承担单位、时限、后来有无通报。\n\n"
        + examples(
            "policykg tasks --body 青浦区市场监督管理局",
            "policykg tasks --due 2026-11 --ics 本月到期.ics",
            "policykg tasks --year 2024 --xlsx 任务台账.xlsx",
        ),
    )(tasks)


def tasks(
    body: Annotated[str | None, typer.Option("--body", help="承担单位（名称或其中几个字）", metavar="机构")] = None,
    year: Annotated[int | None, typer.Option("--year", help="年度")] = None,
    place: Annotated[str | None, typer.Option("--place", help="发文地区", metavar="地区")] = None,
    due: Annotated[str | None, typer.Option("--due", help="时限所在的月或年；this 为本月", metavar="2026-11")] = None,
    state: Annotated[str | None, typer.Option("--state", help="部署、已见通报或逾期未见通报", metavar="状态")] = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="写成 Excel", metavar="文件")] = None,
    ics: Annotated[Path | None, typer.Option("--ics", help="时限写成日历", metavar="文件")] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """All tasks, those with the nearest deadline first."""
    of = service(home)
    month = f"{datetime.now().astimezone():%Y-%m}" if due == "this" else due
    rows = of.tasks(body=body, year=year, place=place, due=month, state=state)
    for target, format_ in ((xlsx, "xlsx"), (ics, "ics")):
        if target is not None:
            output.write_file(target, of.tasks_file(rows, format_))
    if as_json:
        output.print_json(rows)
    elif xlsx is None and ics is None:
        shown = [
            [r["due"], r["state"], r["task"], "、".join(b["name"] for b in r["bodies"]), r["year"], r["document"]]
            for r in rows
        ]
        output.table(("时限", "状态", "任务", "单位", "年度", "文件"), shown)
