"""Who may import whom, where heavy packages live, how long a module may be."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = ("kg", "ingest", "ontology", "app")
NORM, LIMIT = 300, 350  # lines of a module

_BELOW_ANSWER = {"kg.core", "kg.catalogue", "ontology"}
_STORES = _BELOW_ANSWER | {"kg.graph", "kg.passages"}
# part -> what it may import beside itself. The longest matching part speaks for a module.
MAY_IMPORT: dict[str, set[str]] = {
    "kg": set(),
    "kg.core": set(),
    "ontology.terms": set(),
    "ontology": {"kg.core"},
    "ingest": {"kg.core", "ontology"},
    "kg.catalogue": {"kg.core"},
    "kg.graph": _BELOW_ANSWER,
    "kg.shared": {"kg.core", "kg.catalogue"},
    "kg.passages": _BELOW_ANSWER | {"kg.shared"},
    "kg.ask": _STORES,
    "kg.build": _STORES | {"ingest", "kg.ask", "kg.shared"},
    "kg.service": _STORES | {"ingest", "kg.ask", "kg.build"},
    # The faces know the service. `policykg serve` starts the server, which is all that one face may ask of another.
    "kg.cli": {"kg.core", "kg.service", "kg.server"},
    "kg.server": {"kg.core", "kg.service"},
    "kg.ui": {"kg.core", "kg.service"},
    "app": {"kg.ui"},
}
HEAVY = ("distributed", "faiss", "sentence_transformers", "pyoxigraph", "networkx")
# What a command must not load before it knows that it needs it.
NOT_AT_START = (
    *HEAVY,
    "streamlit",
    "torch",
    "numpy",
    "pydantic",
    "rdflib",
    "pyshacl",
    "tantivy",
    "sklearn",
    "transformers",
)


@dataclass(frozen=True)
class Import:
    """One import statement (or `import_module` call) and what it names."""

    module: str  # where it stands
    target: str  # dotted name, as deep as it can be a module
    line: int


def _files() -> list[Path]:
    return [ROOT / "app.py", *(p for package in ("kg", "ingest", "ontology") for p in (ROOT / package).rglob("*.py"))]


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def _modules() -> dict[str, Path]:
    return {_name(path): path for path in _files() if path.exists()}


def _imports_of(module: str, tree: ast.AST, *, is_package: bool = False) -> Iterator[Import]:
    """All imports, those inside functions and under TYPE_CHECKING too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(module, alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = module.split(".") if is_package else module.split(".")[:-1]
                base = ".".join([*package[: len(package) - node.level + 1], *([base] if base else [])])
            # `from kg import build` names the module kg.build; `from kg.core.model import Document` a class.
            yield from (Import(module, f"{base}.{alias.name}", node.lineno) for alias in node.names)
        elif isinstance(node, ast.Call) and node.args and isinstance(first := node.args[0], ast.Constant):
            called = ast.unparse(node.func).rsplit(".", 1)[-1]
            if called in ("import_module", "__import__") and isinstance(first.value, str):
                yield Import(module, first.value, node.lineno)


@cache
def _trees() -> dict[str, ast.Module]:
    return {module: ast.parse(path.read_bytes()) for module, path in _modules().items()}


@cache
def _imports() -> tuple[Import, ...]:
    return tuple(
        found
        for module, path in _modules().items()
        for found in _imports_of(module, _trees()[module], is_package=path.name == "__init__.py")
    )


def _part(name: str) -> str:
    return max((part for part in MAY_IMPORT if name == part or name.startswith(part + ".")), key=len, default="")


def _is_ours(name: str) -> bool:
    return name.split(".", maxsplit=1)[0] in OURS


def _complaint(found: Import) -> str | None:
    own, other = _part(found.module), _part(found.target)
    if not _is_ours(found.target) or other == own or other in MAY_IMPORT[own]:
        return None
    if other == "kg" and found.target not in _modules().keys() - {"kg"}:
        return None  # the bare package: its version, its folder
    if own.startswith("ontology") and other.startswith("ontology") and own != "ontology.terms":
        return None
    if other == "ontology.terms" and "ontology" in MAY_IMPORT[own]:
        return None
    return f"{found.module}:{found.line} imports {found.target}; {own} may import {sorted(MAY_IMPORT[own])}"


def test_every_module_belongs_to_a_part_of_the_table() -> None:
    assert len(_modules()) > 40
    assert [module for module in _modules() if not _part(module)] == []


def test_every_part_of_the_table_exists() -> None:
    assert [part for part in MAY_IMPORT if part not in _modules()] == []


def test_imports_follow_the_table() -> None:
    assert [complaint for found in _imports() if (complaint := _complaint(found))] == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("kg.core.text", "from kg.catalogue import Catalogue"),
        ("ingest.header", "def f():\n    from kg.build import run"),
        ("kg.graph.store", "import kg.passages.search"),
        ("kg.catalogue.schema", "from kg import service"),
        ("ingest.pipeline", "import importlib\nimportlib.import_module('kg.graph.store')"),
        ("kg.cli.main", "from ..ask import ask"),
        ("ontology.terms", "from ontology.reference import load_reference"),
        ("kg.ui.ask", "from kg.cli import main"),
    ],
)
def test_the_check_sees_a_forbidden_import(module: str, source: str) -> None:
    found = list(_imports_of(module, ast.parse(source)))
    assert [f for f in found if _complaint(f)]


@pytest.mark.parametrize("package", HEAVY)
def test_a_heavy_package_is_imported_in_exactly_one_module(package: str) -> None:
    users = {found.module for found in _imports() if found.target.split(".")[0] == package}
    assert len(users) == 1, f"{package}: {sorted(users)}"


def test_streamlit_is_imported_only_in_the_app() -> None:
    users = {found.module for found in _imports() if found.target.split(".")[0] == "streamlit"}
    assert users, "nobody imports streamlit"
    assert {user for user in users if _part(user) not in ("app", "kg.ui")} == set()


@pytest.mark.parametrize("module", ["kg.cli", "kg.service", "kg.core.config", "ingest.pipeline"])
def test_heavy_packages_are_loaded_lazily(module: str) -> None:
    code = f"import sys, {module}; print(*sorted(set(sys.modules) & set({NOT_AT_START!r})))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_no_module_is_too_long() -> None:
    lines = {module: path.read_bytes().count(b"\n") for module, path in _modules().items()}
    long = {module: count for module, count in lines.items() if count > LIMIT}
    assert long == {}, f"the norm is {NORM} lines, the limit {LIMIT}: divide it by concept"


def test_every_module_says_what_it_is_for() -> None:
    assert [module for module, tree in _trees().items() if not ast.get_docstring(tree)] == []


def _swallowing(tree: ast.AST) -> list[int]:
    """Lines of handlers that catch everything and answer with nothing."""
    out = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        wide = node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException"))
        last = node.body[-1]
        empty = isinstance(last, ast.Pass) or (
            isinstance(last, ast.Return)
            and (last.value is None or (isinstance(last.value, ast.Constant) and last.value.value is None))
        )
        if wide and len(node.body) == 1 and empty:
            out.append(node.lineno)
    return out


def test_no_handler_swallows_everything() -> None:
    assert {module: lines for module, tree in _trees().items() if (lines := _swallowing(tree))} == {}


@pytest.mark.parametrize("body", ["return None", "return", "pass"])
def test_the_check_sees_a_swallowing_handler(body: str) -> None:
    source = f"def f():\n    try:\n        g()\n    except Exception:\n        {body}\n"
    assert _swallowing(ast.parse(source)) == [4]
