"""The commands and their order in `policykg --help`."""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli import (
    asking,
    comparing,
    correcting,
    documents,
    embedding,
    evaluating,
    ingesting,
    serving,
    sparql,
    syncing,
    tasks,
    upkeep,
)
from kg.cli.options import COMMON_HOME, Home, examples

app = typer.Typer(
    name="policykg",
    add_completion=False,
    rich_markup_mode=None,  # plain help: no import of rich, and it reads the same in a pipe
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="公文知识图谱与语义检索：入库、提问、检索、查询、导出。每条事实都给出原文。\n\n"
    + examples(
        "policykg ingest 公文文件夹/",
        "policykg ask 哪些区开展过质量开放日，历年有何变化？",
        "policykg app",
    )
    + "\n\n索引默认放在 ./indexes，可用 --home 或环境变量 POLICYKG_HOME 另指。",
)


def _version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        typer.echo(f"policykg {version('policykg')}")
        raise typer.Exit


@app.callback()
def _options(
    home: Home = None,
    debug: Annotated[  # noqa: ARG001 - taken out of the arguments before they are parsed; here for the help
        bool, typer.Option("--debug", help="出错时显示详细信息（亦可设 POLICYKG_DEBUG=1）")
    ] = False,
    version: Annotated[  # noqa: ARG001 - its callback does it
        bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本后退出")
    ] = False,
) -> None:
    COMMON_HOME.set(home)


for module in (
    ingesting,
    syncing,
    documents,
    correcting,
    comparing,
    asking,
    tasks,
    evaluating,
    sparql,
    embedding,
    upkeep,
    serving,
):
    module.register(app)
