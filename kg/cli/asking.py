"""`ask`, `search`: questions and passages."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from kg.cli import output
from kg.cli.options import AsJson, Home, examples, service, words
from kg.core.errors import UnknownName

_QUOTES = 8  # quotes that a person gets to see; --json gives all


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        "ask",
        help="用一句话提问，得到答案、表格、原文依据和所用的查询。\n\n"
        + examples(
            "policykg ask 哪些区开展过质量开放日，历年有何变化？",
            "policykg ask 青浦区市场监督管理局负责哪些活动？ --json",
            "policykg ask 哪些文件引用了质量强国建设纲要？ -o 答案.docx",
            "policykg ask 那浦东呢？ --after 青浦的质量开放日由哪些单位负责？",
        ),
    )(ask)
    app.command(
        "search",
        help="按内容检索段落（全文与语义结合），可按年度、地区、机构、文种、主题、成文日期筛选。\n\n"
        + examples(
            "policykg search 首席质量官",
            "policykg search 质量开放日 --year 2024 --place 浦东新区 --top 5",
            "policykg search 电梯 --since 2022-05 --until 2024 --order newest",
            "policykg search '标题：质量月 “首席质量官” -培训'",
        ),
    )(search)


def ask(
    question: Annotated[list[str], typer.Argument(help="问题", metavar="问题", show_default=False)],
    after: Annotated[
        str | None, typer.Option("--after", help="上一问；本问可以省略与它相同的部分", metavar="上一问")
    ] = None,
    target: Annotated[
        Path | None, typer.Option("--output", "-o", help="写入文件：.docx .xlsx .csv .md", metavar="文件")
    ] = None,
    with_contacts: Annotated[bool, typer.Option("--with-contacts", help="不遮盖联系人（个人信息）")] = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """One question, one answer; `--after` makes it a follow-up."""
    gc.disable()  # one question ends before there is anything to collect
    asked = service(home)
    from kg.service.reports import FORMATS, answer_file  # here, for the help knows nothing of answers

    format_ = target.suffix.removeprefix(".").lower() if target else ""
    if target and format_ not in FORMATS:
        raise UnknownName("答案的格式", format_ or target.name, FORMATS)
    more: dict[str, Any] = {"previous": after} if after else {}
    if with_contacts:
        more["with_contacts"] = True
    answer = asked.ask(words(question), **more)
    if target:
        output.write_file(target, answer_file(asked, answer, format_))
    if as_json:
        output.print_json(answer)
    elif not target:
        print_answer(answer)


def print_answer(answer: dict[str, Any]) -> None:
    """The answer as a person reads it: words, table, quotes, how it was understood, the query last."""
    from kg.service import MASK

    print(answer["answer"])
    if answer["rows"]:
        print()
        output.table(answer["columns"], [[row.get(name) for name in answer["columns"]] for row in answer["rows"]])
    if answer["evidence"]:
        output.heading("原文依据")
    for item in answer["evidence"][:_QUOTES]:
        print(f"  “{item['quote'].strip()}”")
        output.dim(f"    —— {item['source'].rpartition('/')[2]}{_page(item)}（{item['start']}–{item['end']}）")
    if len(answer["evidence"]) > _QUOTES:
        output.dim(f"  …… 另有 {len(answer['evidence']) - _QUOTES} 处，加 --json 可全部列出")
    if answer["interpretation"]:
        output.heading("对问题的理解")
        print(f"  {answer['interpretation']}")
    if MASK in answer["answer"] or any(MASK in item["quote"] for item in answer["evidence"]):
        output.dim("  联系方式（个人信息）已用＊遮盖，确需查看时加 --with-contacts，会记入操作记录")
    if answer["sparql"]:
        output.heading("所用查询（SPARQL）")
        output.dim(answer["sparql"].strip())


def search(
    query: Annotated[list[str], typer.Argument(help="检索内容", metavar="内容", show_default=False)],
    *,
    top: Annotated[int, typer.Option("--top", min=1, help="返回的段落数", metavar="N")] = 10,
    year: Annotated[int | None, typer.Option("--year", help="年度")] = None,
    place: Annotated[str | None, typer.Option("--place", help="地区，如 青浦区")] = None,
    agency: Annotated[str | None, typer.Option("--agency", help="机构")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="文种，如 通知")] = None,
    theme: Annotated[str | None, typer.Option("--theme", help="主题或系列")] = None,
    since: Annotated[str | None, typer.Option("--since", help="成文日期不早于：2024、2024-05 或 2024-05-01")] = None,
    until: Annotated[str | None, typer.Option("--until", help="成文日期不晚于，写法同上")] = None,
    order: Annotated[
        str, typer.Option("--order", help="排序：relevance 相关度、newest 由新到旧、oldest 由旧到新")
    ] = "relevance",
    with_contacts: Annotated[bool, typer.Option("--with-contacts", help="不遮盖联系人（个人信息）")] = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Passages, best first."""
    gc.disable()
    held = service(home)
    filters = {
        "year": year,
        "place": place,
        "agency": agency,
        "kind": kind,
        "theme": theme,
        "since": since,
        "until": until,
    }
    found = held.search(words(query), top=top, with_contacts=with_contacts, order=order, **filters)
    if as_json:
        output.print_json(found)
        return
    if found and (note := held.search_note(words(query), filters)):
        output.dim(note)
    if not found:
        print("没有找到相关段落。")
    for number, hit in enumerate(found, 1):
        output.heading(f"{number}. {hit['title']}")
        output.dim(f"   {hit['source']}{_page(hit)}  {hit['heading']}")
        print(f"   {_marked(hit['text'], hit['highlights'])}")


def _page(item: dict[str, Any]) -> str:
    return f"（第{item['page']}页）" if item.get("page") else ""


def _marked(text: str, spans: list[list[int]]) -> str:
    if not sys.stdout.isatty():
        return text.replace("\n", "\n   ")
    for start, end in reversed(spans):
        text = f"{text[:start]}\033[1;33m{text[start:end]}\033[0m{text[end:]}"
    return text.replace("\n", "\n   ")
