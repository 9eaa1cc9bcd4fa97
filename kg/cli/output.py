"""How results look: tables for people at a terminal, plain text in a pipe, JSON where asked for."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kg.core.errors import EnvironmentProblem
from kg.core.progress import Progress, silent


def print_json(value: Any) -> None:
    """One JSON value on stdout."""
    print(json.dumps(value, ensure_ascii=False, indent=1))


def note(text: str) -> None:
    """A line on stderr."""
    print(text, file=sys.stderr)


def write_file(target: Path, data: bytes) -> None:
    """Write a result to a file, and say so."""
    try:
        target.write_bytes(data)
    except OSError as error:
        raise EnvironmentProblem(f"无法写入 {target}：{error.strerror or error}") from error
    note(f"已写入 {target}（{len(data)} 字节）")


def heading(text: str) -> None:
    """The title of a part of an answer."""
    print(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n{text}")


def dim(text: str) -> None:
    """Text of second rank."""
    print(f"\033[2m{text}\033[0m" if sys.stdout.isatty() else text)


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Rows under headings: drawn at a terminal, separated by tabs in a pipe."""
    texts = [[_text(value) for value in row] for row in rows]
    if not sys.stdout.isatty():
        for row in (list(columns), *texts):
            print("\t".join(value.replace("\t", " ").replace("\n", " ") for value in row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(header_style="bold", row_styles=("", "dim") if len(texts) > 8 else None)
    for column in columns:
        drawn.add_column(column, overflow="fold")
    for row in texts:
        drawn.add_row(*(Text(value) for value in row))  # Text: [方括号] in a document is no markup
    Console().print(drawn)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, dict):
        return "；".join(f"{key}：{_text(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return "、".join(_text(item) for item in value)
    return str(value)


@contextmanager
def progress() -> Iterator[Progress]:
    """A bar on stderr while something runs; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    shown = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with shown:
        task = shown.add_task("", total=None)

        def advance(done: int, total: int | None, label: str) -> None:
            shown.update(task, completed=done, total=total, description=label[:30])

        yield advance
