"""`evaluate`: how many questions of a file are answered as expected."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kg.cli import output
from kg.cli.options import AsJson, Home, examples, service

_SHOWN = 120  # characters of an answer that missed


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "evaluate",
        help="用自备的题目检验问答：按题型给出得分，并列出答错的题。\n\n"
        "题目文件为 JSON 列表，每题有 question 与 answer（应答出的各项），可有 id、type、"
        "evidence（原文应引到的话）；文件没有写的题写 unanswerable: true，应答为库内没有。\n\n"
        + examples("policykg evaluate 题目.json", "policykg evaluate 题目.json --json")
        + "\n\n\b\n题目文件：\n"
        '  [{"question": "青浦方案第10项由谁负责？", "type": "负责", "answer": ["青浦区农业农村委员会"]},\n'
        '   {"question": "启动仪式几点开始？", "unanswerable": true}]',
    )(evaluate)


def evaluate(
    questions: Annotated[Path, typer.Argument(help="题目文件（JSON）", metavar="题目.json", show_default=False)],
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Ask all questions of a file and compare; exit status 1 where some are missed."""
    report = service(home).evaluate(questions)
    if as_json:
        output.print_json(report)
    else:
        print_report(report)
    if report["misses"]:
        raise typer.Exit(1)


def print_report(report: dict[str, Any]) -> None:
    """Scores by type, then the misses."""
    output.table(["题型", "答对", "题数"], [[kind, *score.values()] for kind, score in report["types"].items()])
    total, cited = report["total"], report["cited"]
    print(f"\n共 {total['of']} 题，答对 {total['correct']} 题。")
    if cited["of"]:
        print(f"应引原文的 {cited['of']} 题中，{cited['correct']} 题引到了。")
    if report["misses"]:
        output.heading("答错的题")
    for miss in report["misses"]:
        print(f"  {miss['id']}  {miss['question']}")
        print(f"    {'；'.join(miss['reasons'])}")
        output.dim(f"    答：{miss['answered'][:_SHOWN]}")
