"""Queries that grow step by step: a thing, its ties, a test on each, and the SPARQL that follows from them.

    [活动] ── 责任单位 ── [机构：是 青浦区市场监督管理局] ── 管辖地 ── [行政区划]
      └─ 年度 [从 2024]

A query is a tree of `Line`s. The first names a class (`kg.service.stepwise_schema`), every other a tie of the class of
the line above it. Values are bound as terms, never pasted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

import msgspec

from kg.core.bounds import NAME, bounded
from kg.core.errors import UsageError
from kg.graph.rdf import Literal as Term
from kg.graph.rdf import text, to_ntriples, zh
from kg.service.stepwise_schema import Class, Tie, class_named
from ontology.terms import XSD

MOST_LINES = 24
_SAMPLE = 2_000  # things whose ties are looked at: beyond, one that few have may not be offered
_COUNTED = 20_000  # pairs of a value and a thing that are counted at most
_OFFERED = 200  # values to choose from

_ORDERS = {"up": "ASC", "down": "DESC"}
_LEAST, _MOST = -15, 15  # powers of ten: beyond, stores no longer count by ones, and 1e-999999999 is written out
_DIGITS = 30

At = tuple[int, ...]
"""Where a line stands: (0, 2) is the third line below the first one below the beginning; () is the beginning."""


class Line(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One line. `tie` is a class in the first line, the key of a tie in the others.

    `how`: it must be there, may be, or must not. The tests are on the value, or on what a thing is called; `least` and
    `most` are a number or a day. With a `count` the other columns are what is counted by.
    """

    tie: str
    how: Literal["must", "may", "none"] = "must"
    values: tuple[str, ...] = ()
    words: str = ""
    least: str = ""
    most: str = ""
    count: bool = False
    hidden: bool = False
    sort: Literal["", "up", "down"] = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the result: its variable, its heading, and the variable of the thing that it calls by its name."""

    variable: str
    label: str
    thing: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A query with the columns that people are shown."""

    query: str
    columns: tuple[Column, ...]


# -- the tree ----------------------------------------------------------------------------------------------------------


def parse(address: str) -> Line:
    """The tree that an address holds. Raises `UsageError` for what is none, `UnknownName` for an unknown tie."""
    bounded(address, NAME, "点选的查询")
    try:
        root = msgspec.json.decode(address, type=Line)
    except msgspec.DecodeError as error:
        raise UsageError("地址中的点选查询不完整，请重新点选") from error
    if sum(1 for _ in walk(root)) > MOST_LINES:
        raise UsageError(f"点选的查询最多 {MOST_LINES} 行，请去掉几行，或改用查询语句")
    return root


def dumped(root: Line) -> str:
    """The tree as it stands in an address."""
    return msgspec.json.encode(root).decode()


def walk(root: Line) -> Iterator[tuple[At, Line, Class | None, Tie | None]]:
    """Each line in order of reading with its class (None for a value) and its tie (None for the first)."""

    def below(at: At, line: Line, cls: Class) -> Iterator[tuple[At, Line, Class | None, Tie | None]]:
        for number, child in enumerate(line.lines):
            tie = cls.tie(child.tie)
            to = class_named(tie.to) if tie.to else None
            yield (*at, number), child, to, tie
            if to is not None:
                yield from below((*at, number), child, to)

    first = class_named(root.tie)
    yield (), root, first, None
    yield from below((), root, first)


def line_at(root: Line, at: At) -> Line:
    """The line that stands there. Raises `IndexError`."""
    for number in at:
        root = root.lines[number]
    return root


def changed(root: Line, at: At, **fields: Any) -> Line:
    """The tree with a line changed."""
    if not at:
        return msgspec.structs.replace(root, **fields)
    lines = list(root.lines)
    lines[at[0]] = changed(lines[at[0]], at[1:], **fields)
    return msgspec.structs.replace(root, lines=tuple(lines))


def added(root: Line, at: At, tie: str) -> tuple[Line, At]:
    """The tree with one more line below a line, and where it stands."""
    line = line_at(root, at)
    return changed(root, at, lines=(*line.lines, Line(tie))), (*at, len(line.lines))


def removed(root: Line, at: At) -> Line:
    """The tree without a line and what is below it."""
    above, number = at[:-1], at[-1]
    lines = line_at(root, above).lines
    return changed(root, above, lines=(*lines[:number], *lines[number + 1 :]))


# -- queries -----------------------------------------------------------------------------------------------------------


def to_query(root: Line, *, limit: int | None = None) -> Written:
    """The query of a tree and its columns. Raises `UnknownName` for an unknown class or tie."""
    writer = _Writer(root)
    shown = [named for named in writer.named if not named.line.hidden and not named.absent] or writer.named[:1]
    counted = [named for named in shown if named.line.count]
    others = [named for named in shown if not named.line.count]
    grouped = [f"?{name}" for named in others for name in named.variables]
    columns = [Column(named.value, named.label, named.thing) for named in others]
    columns += [Column(f"{named.name}_count", f"{named.label}（个数）") for named in counted]
    counts = [f"(COUNT(DISTINCT ?{named.name}) AS ?{named.name}_count)" for named in counted]
    order = [
        f"{_ORDERS[named.line.sort]}(?{f'{named.name}_count' if named.line.count else named.value})"
        for named in shown
        if named.line.sort
    ] or [f"DESC(?{named.name}_count)" for named in counted]
    head = f"SELECT {'' if counted else 'DISTINCT '}{' '.join([*grouped, *counts])}"
    tail = [f"GROUP BY {' '.join(grouped)}"] if counted and grouped else []
    tail += [f"ORDER BY {' '.join(order)}"] if order else []
    tail += [f"LIMIT {limit}"] if limit is not None else []
    return Written("\n".join([head, "WHERE {", *writer.pattern, "}", *tail]), tuple(columns))


def values_query(root: Line, at: At) -> str:
    """A query for the values that a line can be narrowed to: `?the_value`, and `?the_number` of things that have it.

    Of the first line some names as they come: each is of one thing or two, and there may be hundreds of thousands.
    """
    writer = _Writer(_asking(root, at), names=at)
    named = writer.at(at)
    first = writer.at(())
    pattern = "\n".join(writer.pattern)
    most = _COUNTED if at else _OFFERED
    return (
        f"SELECT (STR(?{named.value}) AS ?the_value) (COUNT(?{first.name}) AS ?the_number)\n"
        f"WHERE {{ SELECT DISTINCT ?{named.value} ?{first.name} WHERE {{\n{pattern}\n}} LIMIT {most} }}\n"
        f"GROUP BY ?{named.value} ORDER BY DESC(?the_number) ?the_value LIMIT {_OFFERED}"
    )


def ties_query(root: Line, at: At, ties: Sequence[Tie]) -> str:
    """A query for those of some ties that a thing of that line has: their numbers in the list, as `?the_tie`."""
    writer = _Writer(_asking(root, at))
    thing = writer.at(at).name
    inside = "\n".join(writer.pattern)
    some = f"{{ SELECT DISTINCT ?{thing} WHERE {{\n{inside}\n}} LIMIT {_SAMPLE} }}"
    parts = [
        f"{{ SELECT ({number} AS ?the_tie) WHERE {{ {some} {' '.join(_reach(thing, tie, 'other'))} }} LIMIT 1 }}"
        for number, tie in enumerate(ties)
    ]
    return f"SELECT ?the_tie WHERE {{\n{' UNION '.join(parts)}\n}}"


def _asking(root: Line, at: At) -> Line:
    """The tree with a line and those above it that must be there, without the tests of that line."""
    for depth in range(len(at) + 1):
        root = changed(root, at[:depth], how="must", count=False)
    return _nameless(changed(root, at, values=(), words="", least="", most=""))


def _nameless(line: Line) -> Line:
    """The tree without the names that only the eye needs."""
    return msgspec.structs.replace(line, hidden=True, lines=tuple(map(_nameless, line.lines)))


@dataclass(frozen=True, slots=True)
class _Named:
    """A line with its variables: of the value or thing, and of what the thing is called."""

    at: At
    line: Line
    label: str
    name: str
    thing: str | None
    absent: bool  # it, or one above it, must not be there

    @property
    def value(self) -> str:
        return f"{self.name}_label" if self.thing else self.name

    @property
    def variables(self) -> tuple[str, ...]:
        return (self.name, self.value) if self.thing else (self.name,)


class _Writer:
    """Writes the pattern of a tree; `names`: a line whose things must be called something, though nothing tests it."""

    def __init__(self, root: Line, *, names: At | None = None) -> None:
        self._taken: Counter[str] = Counter()
        self._names = names
        self.named: list[_Named] = []
        first = class_named(root.tie)
        variable = self._variable(first.name.partition(":")[2])
        begin = "  " + " ".join(_typed(variable, first))
        self.pattern = [begin, *self._thing((), root, first, variable, first.label, "  ", absent=False)]

    def at(self, at: At) -> _Named:
        """The variables of a line."""
        return next(named for named in self.named if named.at == at)

    def _variable(self, name: str) -> str:
        name = name[:1].lower() + name[1:]
        self._taken[name] += 1
        return name if self._taken[name] == 1 else f"{name}{self._taken[name]}"

    def _thing(
        self, at: At, line: Line, cls: Class, name: str, label: str, indent: str, *, absent: bool
    ) -> Iterator[str]:
        self.named.append(named := _Named(at, line, label, name, name, absent))
        tests = list(_tests(line, cls.title, named.value))
        called = f"?{name} {cls.title.path} ?{named.value} ."
        if tests or self._names == at:
            yield from (indent + part for part in (called, *tests))
        elif not line.hidden and not line.count and not absent:
            yield f"{indent}OPTIONAL {{ {called} }}"
        for number, child in enumerate(line.lines):
            yield from self._line((*at, number), child, cls, name, indent, absent=absent)

    def _line(self, at: At, line: Line, cls: Class, subject: str, indent: str, *, absent: bool) -> Iterator[str]:
        tie = cls.tie(line.tie)
        name = self._variable(tie.name)
        opening = {"must": "", "may": "OPTIONAL {", "none": "FILTER NOT EXISTS {"}[line.how]
        inner = indent + "  " if opening else indent
        absent = absent or line.how == "none"
        if opening:
            yield indent + opening
        yield inner + " ".join(_reach(subject, tie, name))
        if tie.to:
            yield from self._thing(at, line, class_named(tie.to), name, tie.label, inner, absent=absent)
        else:
            self.named.append(_Named(at, line, tie.label, name, None, absent))
            yield from (inner + part for part in _tests(line, tie, name))
        if opening:
            yield indent + "}"


def _reach(subject: str, tie: Tie, name: str) -> Iterator[str]:
    yield f"?{subject} {tie.path} ?{name} ."
    if tie.to and tie.backward:  # several classes may point there by one property
        yield from _typed(name, class_named(tie.to))


def _typed(name: str, cls: Class) -> Iterator[str]:
    if len(cls.types) == 1:
        yield f"?{name} a {cls.types[0]} ."
    else:
        yield f"?{name} a ?{name}_type . VALUES ?{name}_type {{ {' '.join(cls.types)} }}"
    if cls.other_than:
        yield f"FILTER NOT EXISTS {{ ?{name} a {cls.other_than} }}"


def _tests(line: Line, tie: Tie, variable: str) -> Iterator[str]:
    if line.values and (tie.numeric or tie.dated):
        listed = ", ".join(_number(value) if tie.numeric else to_ntriples(text(value)) for value in line.values)
        yield f"FILTER ({_compared(tie, variable)} IN ({listed}))"
    elif line.values:
        terms = (zh(value) if tie.datatype != XSD.string else text(value) for value in line.values)
        yield f"VALUES ?{variable} {{ {' '.join(map(to_ntriples, terms))} }}"
    if line.words:
        yield f"FILTER (CONTAINS(LCASE(STR(?{variable})), {to_ntriples(text(line.words.lower()))}))"
    for sign, bound in ((">=", line.least), ("<=", line.most)):
        if bound:
            written = _number(bound) if tie.numeric else to_ntriples(text(bound))
            yield f"FILTER ({_compared(tie, variable, len(bound))} {sign} {written})"


def _compared(tie: Tie, variable: str, length: int | None = None) -> str:
    """Numbers by their value; days by as much of their writing as is given: 2024-09 has all days of September."""
    if tie.numeric:
        return f"?{variable}"
    return f"STR(?{variable})" if length is None else f"SUBSTR(STR(?{variable}), 1, {length})"


def _number(value: str) -> str:
    """A number as SPARQL writes it. Raises `UsageError` for what is none."""
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise UsageError(f"“{value}”不是数字，请改成如 2024 或 0.8 的写法") from error
    short = number.is_finite() and len(number.as_tuple().digits) <= _DIGITS
    if not short or not (number.is_zero() or _LEAST <= number.adjusted() < _MOST) or "_" in value:
        raise UsageError(f"“{value}”不是可用的数字，请改成如 2024 或 0.8 的写法")
    whole = number == number.to_integral_value()
    return str(int(number)) if whole else to_ntriples(Term(format(number, "f"), XSD.decimal))
