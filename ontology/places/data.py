"""The data files of this folder as plain values. Counties are read with the reference data; the rest when asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_TWO = 2
FOLDER = Path(__file__).resolve().parent
FILES = tuple(
    FOLDER / name
    for name in (
        "counties.tsv",
        "aliases.tsv",
        "ranks.tsv",
        "zones.tsv",
        "former.tsv",
        "corps.tsv",
        "words.txt",
        "generic.txt",
        "nouns.txt",
        "chars.tsv",
        "towns.zip",
    )
)
"""Everything that a reading depends on, for the version of the reference data."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A line of zones.tsv. `where` is the path of the place that runs it (陕西省, 西安市)."""

    code: str | None
    name: str
    where: tuple[str, ...]
    level: str
    aliases: tuple[str, ...]
    since: str | None
    until: str | None


@dataclass(frozen=True, slots=True)
class Former:
    """A line of former.tsv: a place until `until` (a year), and the path of what it belongs to now."""

    code: str
    path: tuple[str, ...]
    since: str | None
    until: str
    now: tuple[str, ...]


def _rows(name: str, width: int) -> Iterator[list[str]]:
    """The rows of a file of tab-separated columns, each with `width` of them; lines with # are for people."""
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            row = line.split("\t")
            yield row + [""] * (width - len(row))


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split("、")) if text else ()


def counties() -> Iterator[tuple[str, str]]:
    """(code, name) of every county-level place in the order of the codes; `6531??` where only the city's is known."""
    return ((code, name) for code, name in _rows("counties.tsv", 2))


@lru_cache(maxsize=1)
def aliases() -> dict[str, tuple[str, ...]]:
    """Qualified name -> what people also write for it."""
    return {qualified: _split(names) for qualified, names in _rows("aliases.tsv", 2)}


@lru_cache(maxsize=1)
def ranks() -> dict[str, tuple[str, ...]]:
    """Name of a city or zone -> its ranks: 大连市 -> 副省级市, 计划单列市."""
    out: dict[str, tuple[str, ...]] = {}
    for rank, names in _rows("ranks.tsv", 2):
        for name in _split(names):
            out[name] = (*out.get(name, ()), rank)
    return out


@lru_cache(maxsize=1)
def zones() -> tuple[Zone, ...]:
    """The development zones, new areas and the like that are known by name."""
    return tuple(
        Zone(code or None, name, tuple(where.split("/")), level, _split(names), since or None, until or None)
        for code, name, where, level, names, since, until in _rows("zones.tsv", 7)
    )


@lru_cache(maxsize=1)
def former() -> tuple[Former, ...]:
    """The places that are no more."""
    return tuple(
        Former(code, tuple(path.split("/")), since or None, until, tuple(now.split("/")))
        for code, path, since, until, now in _rows("former.tsv", 5)
    )


@lru_cache(maxsize=1)
def corps() -> tuple[tuple[str, str | None, tuple[str, ...]], ...]:
    """The divisions of the 新疆生产建设兵团 with the city that each is one with, and other names."""
    return tuple((name, city or None, _split(names)) for name, city, names in _rows("corps.tsv", 3))


def _words(name: str) -> frozenset[str]:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@lru_cache(maxsize=1)
def words() -> frozenset[str]:
    """Bare names that are common words as often as places."""
    return _words("words.txt")


@lru_cache(maxsize=1)
def generic() -> frozenset[str]:
    """Whole names that are common nouns: 城区."""
    return _words("generic.txt")


def is_word(name: str) -> bool:
    """Whether a name of a place, whole or bare, is also a word or falls out of two: 城区, 东方, 和县 (市和县)."""
    return name in generic() or name in words() or (len(name) == _TWO and name.endswith("县"))


@lru_cache(maxsize=1)
def nouns() -> frozenset[str]:
    """Words that end like a place and are none: 社区, 下乡."""
    return _words("nouns.txt")


@lru_cache(maxsize=1)
def chars() -> dict[str, int]:
    """Character -> how much more often it stands in names of places than in documents, as a natural logarithm."""
    return {char: int(score) for score, chars in _rows("chars.tsv", 2) for char in chars}
