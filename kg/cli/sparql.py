"""`sparql`, `export`: the graph in the formats of others."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kg.cli import output
from kg.cli.options import AsJson, Home, examples, service
from kg.core.errors import UsageError

_LIST = "list-all"  # what `--saved` without a name stands for


class Format(StrEnum):
    """Formats of query results."""

    TABLE = "table"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    XML = "xml"
    XLSX = "xlsx"
    TTL = "ttl"
    NT = "nt"
    JSONLD = "jsonld"


class What(StrEnum):
    """What can be exported."""

    GRAPH = "graph"
    AGENCIES = "agencies"


class ExportFormat(StrEnum):
    """Formats of exports."""

    TTL = "ttl"
    NQ = "nq"
    JSONLD = "jsonld"
    GRAPHML = "graphml"
    GEXF = "gexf"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        "sparql",
        help="运行 SPARQL 1.1 查询（只读），结果可存为多种格式。\n\n"
        + examples(
            "policykg sparql 'SELECT ?title WHERE { ?d a pkg:Document ; dcterms:title ?title }'",
            "policykg sparql --saved",
            "policykg sparql --saved documents --format xlsx -o 结果.xlsx",
            "policykg sparql --saved series-by-place-and-year --set series=质量开放日",
            "policykg sparql --saved documents --set year=2024 --set kind=通知",
            "policykg sparql --file 查询.rq --format csv",
        ),
    )(sparql)
    app.command(
        "export",
        help="导出整个图（ttl、nq、jsonld）或机构协作网络（graphml、gexf）。\n\n"
        + examples("policykg export graph --format nq -o 图.nq", "policykg export agencies -o 机构.graphml"),
    )(export)


def sparql(
    query: Annotated[str | None, typer.Argument(help="查询", metavar="[查询]", show_default=False)] = None,
    file: Annotated[Path | None, typer.Option("--file", help="从文件读查询", metavar="文件")] = None,
    saved: Annotated[str | None, typer.Option("--saved", help="已存查询的名称；不给名称则列出全部")] = None,
    values: Annotated[
        list[str] | None, typer.Option("--set", help="已存查询的参数，可多次给出", metavar="参数=值")
    ] = None,
    format_: Annotated[Format | None, typer.Option("--format", help="结果格式（默认 table；构图查询为 ttl）")] = None,
    target: Annotated[Path | None, typer.Option("--output", "-o", help="写入文件", metavar="文件")] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Rows or triples."""
    working = service(home)
    if saved == _LIST:
        found = working.saved_queries()
        if as_json:
            output.print_json(found)
        else:
            rows = [[q["name"], q["title"], q["description"], "；".join(map(_input, q["inputs"]))] for q in found]
            output.table(("名称", "标题", "说明", "参数与默认值"), rows)
        return
    given = [value for value in (query, file, saved) if value is not None]
    if values and saved is None:
        raise UsageError("--set 只用于 --saved 指定的查询")
    if len(given) != 1:
        raise UsageError("请给出一个查询：直接写出、用 --file 指定文件，或用 --saved 指定名称")
    text = query or (_read(file) if file else working.saved_query(saved or "", **_pairs(values or [])))
    chosen = "json" if as_json else str(format_) if format_ else _by_suffix(target)
    if chosen == Format.XLSX and target is None:
        raise UsageError("xlsx 是二进制格式，请用 -o 指定文件，例如 -o 结果.xlsx")
    data = working.sparql_bytes(text, chosen)
    if target is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data if data.endswith(b"\n") else data + b"\n")
        return
    output.write_file(target, data)


def export(
    what: Annotated[What, typer.Argument(help="graph 为整个图，agencies 为机构网络", metavar="内容")],
    target: Annotated[Path, typer.Option("--output", "-o", help="写入文件", metavar="文件")],
    format_: Annotated[ExportFormat | None, typer.Option("--format", help="格式（默认按文件扩展名）")] = None,
    with_contacts: Annotated[bool, typer.Option("--with-contacts", help="一并导出联系人（个人信息）")] = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """A file for other programs."""
    suffix = target.suffix.removeprefix(".").lower()
    known = [str(item) for item in ExportFormat]
    default = suffix if suffix in known else "nq" if what is What.GRAPH else "graphml"
    chosen = str(format_) if format_ else default
    result = service(home).export(str(what), chosen, target, with_contacts=with_contacts)
    if as_json:
        output.print_json(result)
    else:
        unit = "条" if what is What.GRAPH else "个机构"
        print(f"已写入 {result['path']}（{result['format']}，{result['count']} {unit}，{result['bytes']} 字节）")


def list_when_bare(arguments: list[str]) -> list[str]:
    """`--saved` as the last word asks for the list; the parser wants a value there."""
    if "sparql" in arguments and "--saved" in arguments:
        at = arguments.index("--saved")
        if at + 1 == len(arguments) or arguments[at + 1].startswith("-"):
            return [*arguments[: at + 1], _LIST, *arguments[at + 1 :]]
    return arguments


def _input(parameter: dict[str, str]) -> str:
    may_be_left_out = "" if parameter["default"] else "，可不填"
    return f"{parameter['name']}={parameter['default']}（{parameter['label']}{may_be_left_out}）"


def _pairs(values: list[str]) -> dict[str, str]:
    pairs = {name: value for name, separator, value in (item.partition("=") for item in values) if separator}
    if len(pairs) != len(values):
        raise UsageError("--set 的写法是 参数=值，每个参数一次，例如 --set series=质量开放日")
    return pairs


def _by_suffix(target: Path | None) -> str | None:
    suffix = target.suffix.removeprefix(".").lower() if target else ""
    return suffix if suffix in [str(item) for item in Format] else None


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"无法读取查询文件 {file}：{error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"查询文件 {file} 不是 UTF-8 编码，请另存为 UTF-8 后重试") from error
