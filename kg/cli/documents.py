"""`documents`, `document`: what is held, and what is known of one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kg.cli import output
from kg.cli.options import AsJson, Home, examples, service, words
from kg.core.errors import UsageError

_CELLS = {"document_id": lambda reference: reference["document_id"] or "未入库"}  # the next command needs the id


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        "documents",
        help="列出已入库的文档。\n\n" + examples("policykg documents", "policykg documents --json"),
    )(documents)
    app.command(
        "document",
        help="显示一份文档的要素、活动、引用、数字和原文依据。可给编号、编号开头、路径或文件名。\n\n"
        + examples("policykg document d-3f9a1c20b7d84e651f02", "policykg document 通知.txt --json"),
    )(document)
    app.command(
        "open",
        help="打开一份文档的原文件；给出一句原文时，指明它在第几页。只打开入库时的那个文件：改动过或已不在原处的会说明。\n\n"
        + examples(
            "policykg open d-3f9a1c20b7d84e651f02",
            "policykg open 通知.pdf --quote 质量开放日",
            "policykg open 公文.zip/通知.docx -o 通知.docx",
        ),
    )(open_original)


def documents(as_json: AsJson = False, home: Home = None) -> None:
    """One line a document."""
    found = service(home).documents()
    if as_json:
        output.print_json(found)
        return
    columns = ("编号", "标题", "年度", "地区", "文种", "来源")
    output.table(columns, [[d[k] for k in ("id", "title", "year", "place", "kind", "source")] for d in found])


def document(
    name: Annotated[list[str], typer.Argument(help="编号、路径或文件名", metavar="文档", show_default=False)],
    with_contacts: Annotated[
        bool, typer.Option("--with-contacts", help="一并给出联系人，原句不遮盖（个人信息）")
    ] = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """All that is known of one document."""
    from kg.core.ids import is_former

    found = service(home).document(words(name), with_contacts=with_contacts)
    if is_former(words(name)) and found["id"] != words(name):
        output.note(f"{words(name)} 是旧编号，现为 {found['id']}")
    if as_json:
        output.print_json(found)
    else:
        _print(found)


def open_original(
    name: Annotated[list[str], typer.Argument(help="编号、路径或文件名", metavar="文档", show_default=False)],
    quote: Annotated[str, typer.Option("--quote", help="正文中的一句话，用来找页码", metavar="原文")] = "",
    at: Annotated[int | None, typer.Option("--at", min=0, help="正文中的位置（start），用来找页码")] = None,
    target: Annotated[
        Path | None, typer.Option("-o", "--output", help="另存为这个文件，不打开", metavar="文件", show_default=False)
    ] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """The file that was read, in the program that the machine has for it; with `--json` only where it stands."""
    found = service(home).original(words(name), position=at, quote=quote)
    if target is not None:
        output.write_file(target, found.data)
    if as_json:
        output.print_json(found.as_dict())
        return
    page = f"，第 {found.page} 页" if found.page is not None else ""
    print(f"{found.path or found.source}{page}")
    if target is not None:
        return
    if found.path is None:
        raise UsageError("这个文件在压缩包内，不能直接打开；请加 -o 文件名 另存")
    if typer.launch(str(found.path)):
        output.note("没有找到能打开它的程序，请按上面的路径自行打开")


def _print(item: dict[str, Any]) -> None:
    from kg.core.declaration import table
    from kg.core.facts import KINDS  # here, for the help knows nothing of facts

    print(item["title"] or item["source"])
    head = (
        ("编号", item["id"]),
        ("来源", item["source"]),
        (
            "所在文件",
            (part := item["part"]) and f"{part['file']}（共 {part['of']} 份公文，这是第 {part['number']} 份）",
        ),
        ("发文字号", item["doc_number"]),
        ("发文机关", "、".join(issuer["name"] for issuer in item["issuers"])),
        ("成文日期", item["date"]),
        ("印发日期", item["printed_date"]),
        ("年度", item["year"]),
        ("地区", f"{item['region'] or ''}（{item['level']}）" if item["level"] else item["region"]),
        ("主题", item["theme"]),
        ("主送", item["recipients"]),
        ("活动期间", " 至 ".join(item["period"]) if item["period"] else None),
    )
    for label, value in head:
        if value:
            print(f"  {label}：{value}")
    for kind in KINDS:
        if kind.listed and (facts := item[kind.key]):
            output.heading(f"{kind.label}（{len(facts)}）")
            output.table(*table(kind, facts, _CELLS))
