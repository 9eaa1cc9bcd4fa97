"""Options that several commands share, and the service that a command works with."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from kg.service import Service

Home = Annotated[
    str | None,
    typer.Option("--home", help="索引所在文件夹（默认：环境变量 POLICYKG_HOME，否则 ./indexes）", metavar="文件夹"),
]
AsJson = Annotated[bool, typer.Option("--json", help="标准输出只给一个 JSON 值，供程序读取")]
COMMON_HOME: ContextVar[str | None] = ContextVar("COMMON_HOME", default=None)
"""`--home` where it stands before the command; after the command it counts for more."""


def examples(*lines: str) -> str:
    r"""The examples at the end of a command's help; `\b` keeps the parser from joining the lines."""
    return "\b\n例：\n" + "\n".join(f"  {line}" for line in lines)


def service(home: str | None, **settings: Any) -> Service:
    """The service on the home that the options name; `settings` are set where they are not None."""
    import dataclasses

    from kg.core.config import Settings
    from kg.service import Service
    from kg.service.audit import system_user

    given = {name: value for name, value in settings.items() if value is not None}
    loaded = Settings.load(home=home or COMMON_HOME.get())
    return Service(dataclasses.replace(loaded, **given), actor=system_user("cli"))


def words(parts: list[str]) -> str:
    """A text that was typed in one or several arguments; bytes that are not UTF-8 become question marks."""
    return " ".join(parts).encode("utf-8", "replace").decode().strip()
