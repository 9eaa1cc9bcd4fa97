"""What a command reads before it runs: its own module alone, and no package that its values do not need."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.main import get_command

from kg.cli.app import COMMANDS, application
from kg.cli.plain_values import take_as_given

ROOT = Path(__file__).resolve().parents[2]


def _names(app: typer.Typer) -> list[str]:
    return sorted(get_command(app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("module", COMMANDS)
def test_the_table_names_the_commands_that_a_module_registers(module: str) -> None:
    for name in COMMANDS[module]:
        assert _names(application([name, "--json"])) == sorted(COMMANDS[module])


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--home", "ask", "search", "x"], ["ask", "search"]),
        (["--home=ask", "check"], ["audit", "backup", "check", "restore", "status"]),
    ],
)
def test_the_home_before_a_command_is_no_command(arguments: list[str], expected: list[str]) -> None:
    assert _names(application(arguments)) == expected


@pytest.mark.parametrize("arguments", [[], ["--help"], ["serach"], ["--home", "ask"]])
def test_all_commands_are_there_where_none_is_named(arguments: list[str]) -> None:
    assert len(_names(application(arguments))) == sum(map(len, COMMANDS.values()))


def both_ways(command: Callable[..., None]) -> Iterator[Any]:
    """The command with its values taken as given, and as typer takes them."""
    for plain in (True, False):
        app = typer.Typer()
        app.command()(command)
        made = get_command(app)
        if plain:
            take_as_given(made)
        yield made


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        (["a", "b"], {"texts": ["a", "b"], "top": 10, "name": None, "home": None}),
        (["a", "--top", "3", "--name", "甲"], {"texts": ["a"], "top": 3, "name": "甲", "home": None}),
        (["--home", "x", "--", "-a"], {"texts": ["-a"], "top": 10, "name": None, "home": Path("x")}),
    ],
)
def test_values_are_those_that_typer_gives(arguments: list[str], given: dict[str, object]) -> None:
    def command(texts: list[str], top: int = 10, name: str | None = None, home: Path | None = None) -> None:
        found.append({"texts": texts, "top": top, "name": name, "home": home})

    found: list[dict[str, object]] = []
    for made in both_ways(command):
        made.main(arguments, standalone_mode=False)
    assert found == [given, given]


@pytest.mark.parametrize("readable", [True, False])
def test_paths_are_those_that_typer_gives_or_refuses(
    readable: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def command(paths: list[Path]) -> None:
        found.append(paths)

    (tmp_path / "a.txt").touch()
    if not readable:
        monkeypatch.setattr("os.access", lambda *_: False)
    found: list[list[Path]] = []
    refused: list[str] = []
    for made in both_ways(command):
        try:
            made.main([str(tmp_path), str(tmp_path / "a.txt"), "没有"], standalone_mode=False)
        except typer.BadParameter as error:
            refused.append(error.message)
    assert found == ([[tmp_path, tmp_path / "a.txt", Path("没有")]] * 2 if readable else [])
    assert len(refused) == (0 if readable else 2)
    assert all("not readable" in message for message in refused)


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        ("['--help']", ("pydantic", "msgspec", "sqlite3", "kg.service", "kg.core.model", "tomllib")),
        ("['ingest', '--home', '/proc/nowhere', '/nowhere/at/all.txt']", ("pydantic", "tantivy", "faiss")),
        ("['ask', '--home', '/nowhere/at/all', '问题']", ("pydantic", "tantivy", "numpy", "pyoxigraph")),
    ],
)
def test_what_a_command_does_not_need_is_not_loaded(arguments: str, absent: tuple[str, ...]) -> None:
    code = f"import sys; from kg.cli import run; run({arguments}); print(*sorted(set(sys.modules) & set({absent!r})))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1].split() == []
