"""The saved queries of `ontology/queries/*.rq`, each with a title, a description and its parameters.

A query runs as it stands: a parameter's default is written in a `VALUES ?name { … }` clause, and binding a parameter
replaces that clause's value (as an escaped term, never as text), so that what is shown is what was run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import ontology
from kg.core.errors import UnknownName, UsageError
from kg.graph.rdf import Literal, text, to_ntriples, zh

FOLDER = Path(ontology.__file__).with_name("queries")
_FIELD = re.compile(r"^#\s*(title|description|parameter):\s*(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A query with what it is for. `parameters` are names with their default values."""

    name: str
    title: str
    description: str
    text: str
    parameters: tuple[tuple[str, str], ...] = ()

    def filled(self, **values: str) -> str:
        """The query with values in place of the defaults. Raises `UnknownName` for one that it does not have."""
        result = self.text
        for name, value in values.items():
            if name not in dict(self.parameters):
                raise UnknownName(f"参数（查询 {self.name}）", name, dict(self.parameters))
            result = _clause(name).sub(lambda found, value=value: _with_value(found, value), result)  # type: ignore[misc]
        return result


def _clause(name: str) -> re.Pattern[str]:
    return re.compile(rf'(VALUES \?{re.escape(name)} {{ )"[^"]*"(@zh)?( }})')


def _with_value(found: re.Match[str], value: str) -> str:
    term: Literal = zh(value) if found[2] else text(value)
    return found[1] + to_ntriples(term) + found[3]


def parse_query(name: str, source: str) -> SavedQuery:
    """A saved query from the text of its file. Raises `UsageError` when its head comment lacks something."""
    fields = _FIELD.findall(source)
    head = {key: value for key, value in fields if key != "parameter"}
    if missing := {"title", "description"} - head.keys():
        raise UsageError(f"查询文件 {name}.rq 的开头缺少 # {'、# '.join(sorted(missing))}")
    parameters = []
    for key, value in fields:
        if key == "parameter":
            parameter, _, default = value.partition(" ")
            if not _clause(parameter).search(source):
                raise UsageError(f"查询文件 {name}.rq 的参数 {parameter} 没有 VALUES ?{parameter} {{ … }}")
            parameters.append((parameter, default))
    return SavedQuery(name, head["title"], head["description"], source, tuple(parameters))


@lru_cache(maxsize=8)
def _load(folder: Path) -> tuple[SavedQuery, ...]:
    return tuple(parse_query(path.stem, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.rq")))


def saved_queries(folder: Path = FOLDER) -> list[SavedQuery]:
    """All saved queries, by name."""
    return list(_load(folder))


def saved_query(name: str, values: Mapping[str, str] | None = None) -> str:
    """The text of a saved query, with parameters. Raises `UnknownName` with the nearest names."""
    queries = {query.name: query for query in saved_queries()}
    if name not in queries:
        raise UnknownName("已存查询", name, queries)
    return queries[name].filled(**(values or {}))
