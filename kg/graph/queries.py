"""The saved queries of `ontology/queries/*.rq`, each with a title, a description and its parameters.

A query runs as it stands: a parameter's default is written in a `VALUES ?name { … }` clause (`?name_wanted` where the
query needs `?name` for its result), and binding a parameter replaces that clause's value (as an escaped term, never as
text), so that what is shown is what was run. `UNDEF` there means any value. The head comment says what is asked for:

    # parameter: year year 年度 = 2024        name, type (one of TYPES), label, default; no default: may be left out
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import ontology
from kg.core.errors import UnknownName, UsageError
from kg.graph.rdf import Literal, text, to_ntriples, zh

FOLDER = Path(ontology.__file__).with_name("queries")
_FIELD = re.compile(r"^#\s*(title|description|parameter):\s*(.+?)\s*$", re.MULTILINE)
_PARAMETER = re.compile(r"(?P<name>[a-z]\w*) (?P<type>\w+) (?P<label>[^=]+?) ?= ?(?P<default>.*)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_INTEGER = re.compile(r"-?\d{1,9}")

TYPES = ("text", "integer", "year", "place", "series", "agency", "policy", "theme", "kind")
"""What a parameter can be: a face may offer the held years, places … for it."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a saved query asks for; with an empty `default` it may be left out."""

    name: str
    type: str
    label: str
    default: str

    def checked(self, value: str) -> str:
        """The value, blanks around it removed. Raises `UsageError` where it does not fit the type."""
        value = value.strip()
        if not value and not self.default:
            return value
        if self.type == "year" and not _YEAR.fullmatch(value):
            raise UsageError(
                f"参数 {self.name}（{self.label}）应为四位年份，例如 {self.default or 2024}，不能是“{value}”"
            )
        if self.type == "integer" and not _INTEGER.fullmatch(value):
            raise UsageError(f"参数 {self.name}（{self.label}）应为整数，不能是“{value}”")
        return value


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A query with what it is for and what it asks for."""

    name: str
    title: str
    description: str
    text: str
    parameters: tuple[Parameter, ...] = ()

    @property
    def defaults(self) -> tuple[tuple[str, str], ...]:
        """The names of the parameters with their defaults."""
        return tuple((parameter.name, parameter.default) for parameter in self.parameters)

    def as_dict(self) -> dict[str, Any]:
        """What a face shows of it; `parameters` are the defaults by name, `inputs` all about each."""
        return {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "parameters": dict(self.defaults),
            "inputs": [asdict(parameter) for parameter in self.parameters],
            "text": self.text,
        }

    def filled(self, **values: str) -> str:
        """The query with values in place of the defaults.

        Raises `UnknownName` for a parameter that it does not have, `UsageError` for a value that does not fit.
        """
        result, known = self.text, {parameter.name: parameter for parameter in self.parameters}
        for name, value in values.items():
            if name not in known:
                raise UnknownName(f"参数（查询 {self.name}）", name, known)
            result = _with_value(result, known[name], known[name].checked(value))
        return result


def _clause(name: str) -> re.Pattern[str]:
    return re.compile(rf'(VALUES \?{re.escape(name)}(?:_wanted)? {{ )(?:"[^"]*"(@zh)?|-?\d+|UNDEF)( }})')


def _with_value(query: str, parameter: Parameter, value: str) -> str:
    def term(found: re.Match[str]) -> str:
        if not value and not parameter.default:
            return f"{found[1]}UNDEF{found[3]}"
        wanted: Literal = zh(value) if found[2] else text(value)
        shown = str(int(value)) if parameter.type in ("year", "integer") else to_ntriples(wanted)
        return found[1] + shown + found[3]

    return _clause(parameter.name).sub(term, query)


def parse_query(name: str, source: str) -> SavedQuery:
    """A saved query from the text of its file. Raises `UsageError` when its head comment lacks something."""
    fields = _FIELD.findall(source)
    head = {key: value for key, value in fields if key != "parameter"}
    if missing := {"title", "description"} - head.keys():
        raise UsageError(f"查询文件 {name}.rq 的开头缺少 # {'、# '.join(sorted(missing))}")
    parameters = []
    for line in (value for key, value in fields if key == "parameter"):
        match = _PARAMETER.fullmatch(line)
        if match is None or match["type"] not in TYPES:
            raise UsageError(
                f"查询文件 {name}.rq 的参数应写成 # parameter: 名称 类型 标签 = 默认值，类型有 {'、'.join(TYPES)}"
            )
        parameter = Parameter(**match.groupdict())
        if not _clause(parameter.name).search(source):
            raise UsageError(f"查询文件 {name}.rq 的参数 {parameter.name} 没有 VALUES ?{parameter.name} {{ … }}")
        parameters.append(parameter)
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
