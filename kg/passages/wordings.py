"""Words for one another: how people say it, how documents write it, as the names and forms of the ontology have it.

They are gathered when a generation is published and read back in milliseconds, because a search that starts from the
shell cannot wait for the reference data. In a row of names the first is the one that a query is read as.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from kg.passages.tokens import normalise

if TYPE_CHECKING:
    from ontology.forms import Forms
    from ontology.reference import Reference

FILE = "wordings.json"
SHORTEST = 2  # characters; a lone character stands in too many words
_PLACE_ENDS = frozenset("省市县区州盟旗")
PATTERNS = ("search.not", "search.field", "search.range", "search.article", "search.asking")

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A wording in a text, and the row that it is of."""

    start: int
    end: int
    row: Row


@dataclass(frozen=True)
class Wordings:
    """`rows` are read as their first wording; `alike` stand for one another and are left as they are."""

    rows: tuple[Row, ...] = ()
    alike: tuple[Row, ...] = ()
    laws: tuple[Row, ...] = ()
    bodies: tuple[str, ...] = ()  # names of two characters, which are parts of other words
    asks: tuple[tuple[str, str], ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    patterns: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, reference: Reference, forms: Forms) -> Self:
        """From the reference data and the forms `search.*` and `same.words`."""
        bodies = [*_rows(forms, "search.body"), *_departments(reference), *_agencies(reference)]
        return cls(
            tuple(_merged(bodies)),
            (*_rows(forms, "search.same"), *_rows(forms, "same.words")),
            tuple(_rows(forms, "search.law")),
            tuple(dict.fromkeys(word for row in bodies for word in row if len(word) == SHORTEST)),
            tuple((str(row["ask"]), str(row["holds"])) for row in forms.rows("search.asks")),
            tuple((word, str(row["field"])) for row in forms.rows("search.fields") for word in row["words"]),
            {name: forms.source(name) for name in PATTERNS},
        )

    def save(self, folder: Path) -> None:
        """Write `folder/wordings.json`."""
        values = {
            name: getattr(self, name) for name in ("rows", "alike", "laws", "bodies", "asks", "fields", "patterns")
        }
        (folder / FILE).write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")

    def in_text(self, text: str) -> Iterator[Found]:
        """The wordings of `rows` in a normalised text, longest first, from left to right."""
        yield from _scan(text, self._index, self._names)

    def alike_in(self, text: str) -> Iterator[Found]:
        """Those of `alike`."""
        yield from _scan(text, self._alike_index, frozenset())

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(self.bodies)

    @cached_property
    def _index(self) -> dict[str, list[tuple[str, Row]]]:
        return _by_start(self.rows)

    @cached_property
    def _alike_index(self) -> dict[str, list[tuple[str, Row]]]:
        return _by_start(self.alike)


@lru_cache(maxsize=4)
def load_wordings(folder: Path) -> Wordings:
    """Those of a generation; none where it was built before there were any."""
    try:
        values: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Wordings()
    lists = {name: tuple(map(tuple, values[name])) for name in ("rows", "alike", "laws", "asks", "fields")}
    return Wordings(**lists, bodies=tuple(values["bodies"]), patterns=values["patterns"])


def _scan(text: str, index: dict[str, list[tuple[str, Row]]], names: frozenset[str]) -> Iterator[Found]:
    position = 0
    while position + SHORTEST <= len(text):
        for word, row in index.get(text[position : position + SHORTEST], ()):
            if text.startswith(word, position) and (word not in names or _stands_alone(text, position, word)):
                yield Found(position, position + len(word), row)
                position += len(word) - 1
                break
        position += 1


def _stands_alone(text: str, position: int, word: str) -> bool:
    """Whether two characters are a name: 文联 alone or behind a place (市文联), not in 中文联系."""
    return text == word or text[max(position - 1, 0) : position] in _PLACE_ENDS


def _by_start(rows: Iterable[Row]) -> dict[str, list[tuple[str, Row]]]:
    index: dict[str, list[tuple[str, Row]]] = {}
    for row in rows:
        for word in row:
            if len(word) >= SHORTEST:
                index.setdefault(word[:SHORTEST], []).append((word, row))
    for entries in index.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return index


def _rows(forms: Forms, name: str) -> Iterator[Row]:
    for row in next((form.rows for form in forms if form.name == name), ()):
        words = tuple(word for word in map(normalise, row["words"]) if len(word) >= SHORTEST)
        if len(words) > 1:
            yield words


def _departments(reference: Reference) -> Iterator[Row]:
    """市场监督管理局, 市场监管局, 市监局: behind any place or tier."""
    for kind in reference.departments:
        yield tuple(dict.fromkeys(normalise(word) for word in (kind.name, *kind.tails) if len(word) >= SHORTEST))


def _agencies(reference: Reference) -> Iterator[Row]:
    for agency in reference.agencies:
        words = (agency.name, *agency.aliases)
        yield tuple(dict.fromkeys(normalise(word) for word in words if len(word) >= SHORTEST))


def _merged(rows: Sequence[Row]) -> Iterator[Row]:
    """Each wording in one row: the first that has it keeps it."""
    taken: set[str] = set()
    for row in rows:
        free = tuple(word for word in row if word not in taken)
        if len(free) > 1:
            taken.update(free)
            yield free
