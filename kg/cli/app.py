"""The commands and their order in `policykg --help`; one that is run is read alone."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Annotated

import typer

from kg.cli.options import COMMON_HOME, Home, examples

COMMANDS = {
    "ingesting": ("ingest", "remove", "rebuild", "demo"),
    "syncing": ("sync",),
    "documents": ("documents", "document", "open"),
    "correcting": ("correct", "review"),
    "comparing": ("compare",),
    "asking": ("ask", "search"),
    "tasks": ("tasks",),
    "evaluating": ("evaluate",),
    "sparql": ("sparql", "export"),
    "embedding": ("train-embedder",),
    "upkeep": ("status", "check", "backup", "restore", "audit"),
    "migrating": ("migrate",),
    "serving": ("serve", "app"),
}
"""Module -> the commands that it registers, in the order of the help."""


def application(arguments: Sequence[str] | None = None) -> typer.Typer:
    """The command line; with `arguments` only what they run, where they name a command.

    Thirty commands with their options take a tenth of a second to read, one of them nothing.
    """
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
    app.callback()(_options)
    wanted = _module_of(arguments) if arguments else None
    for module in COMMANDS if wanted is None else (wanted,):
        import_module(f"kg.cli.{module}").register(app)
    return app


def _module_of(arguments: Sequence[str]) -> str | None:
    """The module of the command that is run; None where all of them are to be shown or the name is no command's."""
    words = iter(arguments)
    for word in words:
        if word == "--home":
            next(words, None)
        elif not word.startswith("-"):
            return next((module for module, names in COMMANDS.items() if word in names), None)
        elif not word.startswith("--home="):
            return None
    return None


def _version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        typer.echo(f"policykg {version('policykg')}")
        raise typer.Exit


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
