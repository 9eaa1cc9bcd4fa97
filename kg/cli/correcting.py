"""`correct` and `review`: what people state about facts, and what waits for their word."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli import output
from kg.cli.options import AsJson, Home, examples, service
from kg.core.errors import UsageError

if TYPE_CHECKING:
    from kg.service import Service

Document = Annotated[str, typer.Argument(help="文档：编号、文件名、文号或题名", metavar="文档", show_default=False)]
Path_ = Annotated[
    str,
    typer.Argument(
        help="事实的位置，如 activities/3/responsible/1；document 为文档要素", metavar="位置", show_default=False
    ),
]
Values = Annotated[list[str], typer.Argument(help="字段=新值", metavar="字段=值…", show_default=False)]
Name = Annotated[str, typer.Argument(help="名称", metavar="名称", show_default=False)]
Other = Annotated[str, typer.Argument(help="另一名称", metavar="另一名称", show_default=False)]
Later = Annotated[bool, typer.Option("--later", help="先记下，不发布；下次发布时一并生效")]

correct = typer.Typer(
    no_args_is_help=True,
    help="核定：确认、更正、否定或补充一条事实，合并或分开机构。记在目录库，重新识别、备份、恢复后都在。\n\n"
    + examples(
        "policykg correct confirm 青浦区2024 activities/1/responsible/1",
        "policykg correct set 青浦区2024 activities/3/responsible/1 name=青浦区教育局 role=lead",
        "policykg correct set 青浦区2024 document date=2024-09-05",
        "policykg correct merge 甲市市场监管局 甲市市场监督管理局",
        "policykg correct undo 3f9a1c20",
    )
    + "\n\n事实的位置即 policykg document 文档 --json 中的位置，序号从 1 起：activities/3、figures/2、to_check/1。",
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(correct, name="correct")
    app.command(
        "review",
        help="待核：列出没有把握的事实，最值得看的在前；或列出已作的核定、待复核的核定，导出为题目。\n\n"
        + examples(
            "policykg review --top 20",
            "policykg review --made",
            "policykg review --again",
            "policykg review --gold 题目.json",
        ),
    )(review)


@correct.command("confirm")
def confirm(document: Document, path: Path_, later: Later = False, as_json: AsJson = False, home: Home = None) -> None:
    """确认一条事实；待核的（to_check/1）确认后成为事实。"""
    _state(service(home), [_about("confirm", document, path)], later=later, as_json=as_json)


@correct.command("set")
def set_(
    document: Document, path: Path_, values: Values, later: Later = False, as_json: AsJson = False, home: Home = None
) -> None:
    """更正一条事实的若干字段。"""
    _state(service(home), [_about("correct", document, path, values)], later=later, as_json=as_json)


@correct.command("reject")
def reject(document: Document, path: Path_, later: Later = False, as_json: AsJson = False, home: Home = None) -> None:
    """否定一条事实：文件没有这样说。"""
    _state(service(home), [_about("reject", document, path)], later=later, as_json=as_json)


@correct.command("add")
def add(
    document: Document,
    path: Path_,
    values: Values,
    quote: Annotated[str | None, typer.Option("--quote", help="所据的原文，从正文照抄", metavar="原文")] = None,
    later: Later = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """补充一条漏掉的事实；位置写清单，如 figures、activities/3/responsible。"""
    given = {**_about("add", document, path, values), "quote": quote}
    _state(service(home), [given], later=later, as_json=as_json)


@correct.command("merge")
def merge(
    name: Name,
    other: Other,
    policy: Annotated[bool, typer.Option("--policy", help="合并的是政策（题名），不是机构")] = False,
    later: Later = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """两个名称是同一机构：前一个都改记为后一个。"""
    kind = "policy" if policy else "body"
    _state(service(home), [_of_body("merge", name, other, kind=kind)], later=later, as_json=as_json)


@correct.command("split")
def split(
    name: Name,
    other: Other,
    document: Annotated[list[str], typer.Option("--document", help="在这些文档中（可多次给出）", metavar="文档")],
    later: Later = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """在指明的文档中，前一名称指的是后一个机构；其余文档不变。"""
    _state(service(home), [_of_body("split", name, other, documents=document)], later=later, as_json=as_json)


@correct.command("other-name")
def other_name(name: Name, other: Other, later: Later = False, as_json: AsJson = False, home: Home = None) -> None:
    """后一名称是前一机构的又名。"""
    _state(service(home), [_of_body("other-name", name, other)], later=later, as_json=as_json)


@correct.command("successor")
def successor(
    name: Name,
    other: Other,
    date: Annotated[str | None, typer.Option("--date", help="从何时起", metavar="日期")] = None,
    later: Later = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """前一机构由后一机构接续（更名、合并、撤并）。"""
    _state(service(home), [_of_body("successor", name, other, date=date)], later=later, as_json=as_json)


@correct.command("undo")
def undo(
    correction: Annotated[str, typer.Argument(help="核定编号或其开头", metavar="编号", show_default=False)],
    later: Later = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """撤销一条核定。"""
    done = service(home).undo_correction(correction, publish=not later)
    if as_json:
        output.print_json(done)
    else:
        print(f"已撤销：{_told(done['correction'])}")


@correct.command("import")
def import_(
    source: Annotated[Path, typer.Argument(help="一行一条 JSON", metavar="文件", show_default=False)],
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """成批核定，一次发布：每行 {"action", "document", "path", "values"}。有一条不合即全部不记。"""
    try:
        lines = source.read_text(encoding="utf-8-sig").splitlines()
        given = [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError) as error:
        raise UsageError(f"无法读取 {source}：{error}。应为 UTF-8，一行一条 JSON") from error
    _state(service(home), given, later=False, as_json=as_json)


def _about(action: str, document: str, path: str, values: list[str] | None = None) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for pair in values or ():
        name, sign, value = pair.partition("=")
        if not sign:
            raise UsageError(f"“{pair}”应写成 字段=值，如 name=青浦区教育局")
        told[name] = value
    return {"action": action, "document": document, "path": path, "values": told}


def _of_body(action: str, name: str, other: str, *, kind: str = "body", **more: Any) -> dict[str, Any]:
    return {"action": action, "kind": kind, "name": name, "other": other, **more}


def _state(of: Service, statements: list[dict[str, Any]], *, later: bool, as_json: bool) -> None:
    with output.progress() as progress:
        done = of.correct(statements, publish=not later, progress=progress)
    if as_json:
        output.print_json(done)
        return
    for each in done["corrections"]:
        print(_told(each))
    print(
        "已发布。" if done["generation"] is not None else "已记下，尚未发布：运行 policykg ingest 或 rebuild 即生效。"
    )


def _told(each: dict[str, Any]) -> str:
    """3f9a1c20b7d1  更正责任：机构 …: one statement in a line."""
    return f"{each['id']}  {each['words']}"


def review(
    top: Annotated[int, typer.Option("--top", help="列出几条", min=1)] = 20,
    document: Annotated[str | None, typer.Option("--document", help="只看这份文档", metavar="文档")] = None,
    made: Annotated[bool, typer.Option("--made", help="列出已作的核定")] = False,
    again: Annotated[bool, typer.Option("--again", help="列出待复核的：所据原文已变，或文档已移除")] = False,
    gold: Annotated[
        Path | None, typer.Option("--gold", help="把核定过的事实写成 evaluate 的题目", metavar="文件")
    ] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """What waits for a person's word."""
    of = service(home)
    if gold is not None:
        cases = of.gold()
        output.write_file(gold, json.dumps(cases, ensure_ascii=False, indent=1).encode())
        output.note(f"{len(cases)} 题")
    elif made or again:
        found = of.to_review_again() if again else of.corrections(document)
        if as_json:
            output.print_json(found)
            return
        rows = [[e["at"][:10], e["actor"], e["title"] or "", _told(e)] for e in found]
        output.table(("日期", "核定人", "文档", "核定"), rows)
    else:
        _queue(of.review_queue(top=top, document=document), as_json=as_json)


def _queue(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        output.print_json(found)
        return
    rows = [
        [i["document_id"], i["path"], i["label"], i["words"], f"{i['confidence']:.0%}", i["weight"], i["quote"][:60]]
        for i in found["items"]
    ]
    output.table(("文档", "位置", "种类", "事实", "可信度", "影响", "原文"), rows)
    print(f"待核 {found['left']} 条，已核定 {found['done']} 条。")
