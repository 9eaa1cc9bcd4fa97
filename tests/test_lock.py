"""The lock (requirements/) in step with pyproject.toml and with what is installed; every file with its hashes."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from importlib import metadata
from pathlib import Path
from types import ModuleType

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "requirements"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
UNLOCKED = {"bench", "quality"}  # never installed by `make`


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("policykg_lock", FOLDER / "lock.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


lock = _script()
TEXTS = {name: (FOLDER / f"{name}.txt").read_text(encoding="utf-8") for name in (*lock.SETS, "torch")}
PINS = {name: lock.pins(text) for name, text in TEXTS.items()}


def until(last: str) -> dict[str, str]:
    """Name -> version of all that is installed with a set and those before it."""
    held: dict[str, str] = {}
    for name in lock.SETS:
        held |= PINS[name]
        if name == last:
            break
    return held | (PINS["torch"] if last in ("models", "build", "dev") else {})


def asked(last: str) -> list[Requirement]:
    """What pyproject.toml asks for with a set and those before it."""
    out = list(PROJECT["project"]["dependencies"])
    for name, extras in lock.SETS.items():
        out += [requirement for extra in extras for requirement in EXTRAS[extra]]
        out += PROJECT["build-system"]["requires"] if name == "build" else []
        if name == last:
            break
    return [found for line in out if (found := Requirement(line)).name != "policykg"]


def unmet(requirements: list[Requirement], held: dict[str, str]) -> list[str]:
    return [
        str(requirement)
        for requirement in requirements
        if requirement.marker is None or requirement.marker.evaluate({**default_environment(), "extra": ""})
        if not requirement.specifier.contains(held.get(lock.name_of(requirement.name), "0"), prereleases=True)
        or lock.name_of(requirement.name) not in held
    ]


def needed_by(name: str, extras: set[str]) -> list[Requirement]:
    """What an installed package asks for here, with those of its extras that are wanted."""
    environments = [{**default_environment(), "extra": extra} for extra in ("", *extras)]
    lines = metadata.requires(name) or []
    return [
        found
        for line in lines
        if (found := Requirement(line)).marker is None or any(found.marker.evaluate(e) for e in environments)
    ]


@pytest.mark.parametrize("name", lock.SETS)
def test_what_pyproject_asks_for_is_locked(name: str) -> None:
    assert unmet(asked(name), until(name)) == [], "pyproject.toml has changed: make lock"


def test_every_extra_is_locked_or_named_here() -> None:
    assert {extra for extras in lock.SETS.values() for extra in extras} == set(EXTRAS) - UNLOCKED


def test_a_range_that_the_lock_leaves_and_a_package_that_it_lacks_are_noticed() -> None:
    assert unmet([Requirement("numpy>=99"), Requirement("no-such-package"), Requirement("rich")], until("run")) == [
        "numpy>=99",
        "no-such-package",
    ]


@pytest.mark.parametrize("name", lock.SETS)
def test_each_set_is_complete_with_those_before_it(name: str) -> None:
    """Installed with --no-deps, so what a package needs must stand there too."""
    held = until(name)
    missing = {package: unmet(needed_by(package, set()), held) for package in PINS[name] if _here(package)}
    assert {package: what for package, what in missing.items() if what} == {}


def _here(package: str) -> bool:
    """Is it one for this machine and this Python: others stand in the lock with a marker."""
    line = re.search(rf"^{re.escape(package)}==\S+ ; (.+?) \\$", "".join(TEXTS.values()), re.MULTILINE)
    return line is None or Requirement(f"{package} ; {line[1]}").marker.evaluate()  # type: ignore[union-attr]


def test_nothing_is_locked_that_nobody_needs() -> None:
    reached: set[str] = set()
    waiting = [(lock.name_of(found.name), frozenset(found.extras)) for found in asked("dev")]
    waiting += [("torch", frozenset()), ("editables", frozenset())]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        name, extras = one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        reached.add(name)
        if name in until("dev") and _here(name):
            waiting += [(lock.name_of(r.name), frozenset(r.extras)) for r in needed_by(name, set(extras))]
    # cloudpickle and others of torch's CUDA builds may stand there: what they bring is asked of them, not of the CPU build
    idle = {name for name in until("dev") if _here(name)} - reached
    assert idle == set(), "make lock"


def test_what_is_installed_is_what_is_locked() -> None:
    held = {name: version for name, version in until("dev").items() if _here(name)}
    found = {name: metadata.version(name).partition("+")[0] for name in held}
    assert found == held, "the environment is not that of the lock: make check installs it"


@pytest.mark.parametrize("name", lock.SETS)
def test_every_package_has_hashes_and_one_place(name: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", TEXTS[name].partition("\n")[2])
    assert [entry for entry in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}", entry)] == []
    assert len(entries) == len(PINS[name])
    others = {package for other, held in PINS.items() if other != name for package in held}
    assert set(PINS[name]) & others == set()


@pytest.mark.parametrize("name", [*lock.SETS, "torch"])
def test_no_registry_is_named(name: str) -> None:
    assert re.findall(r"https?:|file:|--(?:extra-)?index-url|--find-links|^-i ", TEXTS[name], re.MULTILINE) == []


def test_torch_is_pinned_and_stands_outside() -> None:
    assert list(PINS["torch"]) == ["torch"]
    assert unmet([Requirement(line) for line in EXTRAS["models"] if line.startswith("torch")], PINS["torch"]) == []
    assert [name for name in until("dev") if lock.OUTSIDE.fullmatch(name)] == ["torch"]


def test_the_program_itself_needs_no_torch() -> None:
    assert {"torch", "sentence-transformers", "transformers", "tokenizers"} & set(until("extras")) == set()
