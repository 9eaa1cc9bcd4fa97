"""Tables of tasks (安排表, 任务分工表): columns by their headings, several units in a cell, cells merged.

Lists pasted one cell a line are read by `pasted`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from ingest.facts.bodies import Bodies
from ingest.facts.duty import CONFIDENCE
from ingest.facts.unit_lists import UnitLists
from ingest.layout import CleanText
from ingest.readers.base import LineKind
from kg.core.model import Party, Role
from kg.core.numerals import label_number
from kg.core.replacing import replace
from ontology.forms import Forms


class Column(StrEnum):
    """What a column holds."""

    NUMBER = "number"
    ACTIVITY = "activity"
    CONTENT = "content"  # what an activity consists of, beside a column with its name
    DUTY = "duty"  # what the body of the row has to do, in a table whose rows are bodies
    LEAD = "lead"
    CO = "co"
    UNIT = "unit"  # responsible, role not said
    OFFICE = "office"  # the internal office beside the body that owns it
    TIME = "time"
    PLACE = "place"
    SECTION = "section"
    OTHER = "other"


UNITS = frozenset((Column.LEAD, Column.CO, Column.UNIT, Column.OFFICE))
_ROLES = {Column.LEAD: Role.LEAD, Column.CO: Role.CO}
_ITEM_END = re.compile(r"[；;]\s*")
_SENTENCE_END = re.compile(r"[；;]\s*|(?<=。)\s*")
# how duties are counted inside a cell: 1. 1、 （1） ① 一是; what stands before a number ends a clause or is nothing
_CN = "一二三四五六七八九十"
_BEFORE = r"(?:^|(?<=[。；;，,：:）)\s])|(?<=[\u4e00-\u9fff]))"
_NUMBERED = tuple(
    re.compile(_BEFORE + mark + r"\s*")
    for mark in (
        r"(\d{1,2})[.．、](?!\d)",
        r"[（(](\d{1,2})[)）]",
        r"([①-⑳])",
        rf"([{_CN}]{{1,2}})是(?!否)",
        rf"[（(]?([{_CN}]{{1,2}})[)）、]",
    )
)
_A_RUN = 2
LONGEST_HEADING = 16
MOST_COLUMNS = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A table row: its cells with their positions."""

    cells: tuple[tuple[str, int], ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One row of a table of tasks."""

    task: tuple[str, int]
    content: tuple[str, int]
    number: str | None
    section: str | None
    when: str
    place: str
    parties: tuple[Party, ...]
    start: int
    end: int
    duties: bool = False  # the row is a body's, its cell tells what that body has to do


class TableReader:
    """Reads tables of tasks; built once for the forms of a run."""

    def __init__(self, forms: Forms, lists: UnitLists) -> None:
        self.lists = lists
        self._pattern = {name: forms.pattern(f"column.{name}") for name in (
            "number", "section", "co", "lead", "unit", "not_unit", "office", "time", "place", "task", "name", "content",
            "form", "empty", "chapter", "total", "duty", "body",
        )}  # fmt: skip

    def columns_of(self, cells: tuple[str, ...]) -> tuple[Column, ...] | None:
        """The columns if the row is a heading row of a table of tasks."""
        names = tuple(re.sub(r"\s", "", cell) for cell in cells)
        if not 1 < len(names) <= MOST_COLUMNS or any(len(n) > LONGEST_HEADING for n in names):
            return None
        columns = tuple(map(self.column_of, names))
        if Column.ACTIVITY not in columns:
            columns = self._duties(names, columns)
        if not {Column.ACTIVITY, Column.DUTY} & set(columns) or not UNITS & set(columns):
            return None
        if sum(bool(self._pattern["form"].search(n)) for n in names) > 1:
            return None
        return tuple(self._divided(names, columns))

    def column_of(self, name: str) -> Column:
        """What a column holds, by its heading without blanks."""
        p = self._pattern
        if p["number"].fullmatch(name):
            return Column.NUMBER
        if p["section"].fullmatch(name):
            return Column.SECTION
        if not p["not_unit"].search(name):
            for key in ("co", "lead", "unit", "office"):
                if p[key].search(name):
                    return Column(key)
        for key in ("time", "place"):
            if p[key].search(name):
                return Column(key)
        return Column.ACTIVITY if p["task"].search(name) else Column.OTHER

    def _duties(self, names: tuple[str, ...], columns: tuple[Column, ...]) -> tuple[Column, ...]:
        """部门 | 主要职责: rows that are bodies, each with what it has to do; the columns as they are otherwise."""
        at = next((i for i, n in enumerate(names) if self._pattern["duty"].fullmatch(n)), None)
        if at is None:
            return columns
        out = [Column.DUTY if i == at else c for i, c in enumerate(columns)]
        if not UNITS & set(out):
            out = [Column.UNIT if self._pattern["body"].fullmatch(n) else c for n, c in zip(names, out, strict=True)]
        return tuple(out) if UNITS & set(out[:at]) else columns

    def _divided(self, names: tuple[str, ...], columns: tuple[Column, ...]) -> Iterator[Column]:
        """Of a name's column and a content's, the first says which task, the second what happens in it."""
        about = [i for i, c in enumerate(columns) if c is Column.ACTIVITY]
        by_content = {i for i in about if self._pattern["content"].search(names[i])}
        named = [i for i in about if self._pattern["name"].search(names[i]) and i not in by_content]
        contents = by_content if named else set()
        first = named[0] if contents else None
        for i, column in enumerate(columns):
            if first is None or column is not Column.ACTIVITY:
                yield column
            elif i in contents:
                yield Column.CONTENT
            else:
                yield Column.ACTIVITY if i == first else Column.SECTION if i < first else Column.OTHER

    @staticmethod
    def apart(rows: list[TaskRow]) -> list[TaskRow]:
        """Rows under one merged cell that names them are told apart by what each says happens in it."""
        out: list[TaskRow] = []
        for i, row in enumerate(rows):
            beside = [rows[n] for n in (i - 1, i + 1) if 0 <= n < len(rows)]
            merged = any(b.task[0] == row.task[0] and b.number == row.number for b in beside)
            out.append(
                replace(row, task=row.content, content=("", row.start), section=row.task[0])
                if merged and row.content[0]
                else row
            )
        return out

    # -- rows ---------------------------------------------------------------------------------------------------------

    def rows(self, clean: CleanText, bodies: Bodies) -> Iterator[TaskRow]:
        """The rows of every table of tasks; a heading row holds until a row of another width."""
        columns: tuple[Column, ...] | None = None
        group: str | None = None
        rows = list(whole_rows(clean_to_rows(clean)))
        for row, below in zip_longest(rows, rows[1:]):
            cells = tuple(c for c, _ in row.cells)
            if found := self.columns_of(cells):
                columns, group = found, None
                continue
            if columns is None:
                continue
            filled = [c for c in cells if c]
            if len(set(filled)) == 1:
                group = filled[0]  # a row that is one merged cell heads the rows below
                continue
            if len(row.cells) == len(columns):
                by: dict[Column, tuple[str, int]] = {}
                for cell, column in zip(row.cells, columns, strict=True):
                    by.setdefault(column, cell)
                if Column.DUTY in by:
                    by[Column.ACTIVITY] = by[Column.DUTY]
                if self._pattern["total"].fullmatch(by[Column.ACTIVITY][0]):
                    continue
                if self._heads_rows(by) and not self._goes_on(columns, below):
                    group = by[Column.ACTIVITY][0]
                    continue
                group = by[Column.SECTION][0] or group if Column.SECTION in by else group
                yield self.task_of(by, list(zip(row.cells, columns, strict=True)), group, row.start, row.end, bodies)

    def _heads_rows(self, by: dict[Column, tuple[str, int]]) -> bool:
        """一、 | 巩固成果 | | : a chapter among numbered rows, charged to nobody."""
        number = by.get(Column.NUMBER, ("", 0))[0]
        charged = any(column in UNITS and not self._empty(cell[0]) for column, cell in by.items())
        return bool(self._pattern["chapter"].fullmatch(number)) and not charged

    def _goes_on(self, columns: tuple[Column, ...], below: Row | None) -> bool:
        """Whether the row below is numbered in the same way: in a table numbered 一、二、 no row heads another."""
        if below is None or len(below.cells) != len(columns):
            return True
        return bool(self._pattern["chapter"].fullmatch(below.cells[columns.index(Column.NUMBER)][0]))

    def task_of(
        self,
        by: dict[Column, tuple[str, int]],
        cells: list[tuple[tuple[str, int], Column]],
        group: str | None,
        start: int,
        end: int,
        bodies: Bodies,
    ) -> TaskRow:
        """A row from its cells with their columns; `by` holds the first cell of each column."""
        return TaskRow(
            by.get(Column.ACTIVITY, ("", start)),
            by.get(Column.CONTENT, ("", start)),
            by.get(Column.NUMBER, ("", 0))[0] or None,
            group,
            by.get(Column.TIME, ("", 0))[0],
            by.get(Column.PLACE, ("", 0))[0],
            tuple(self._parties(cells, bodies)),
            start,
            end,
            Column.DUTY in by,
        )

    def _parties(self, cells: list[tuple[tuple[str, int], Column]], bodies: Bodies) -> Iterator[Party]:
        leads = any(c is Column.LEAD and not self._empty(cell[0]) for cell, c in cells)
        for (text, at), column in sorted(cells, key=lambda c: list(Column).index(c[1])):
            if column not in UNITS or self._empty(text):
                continue
            role = _ROLES.get(column) or (Role.CO if leads else None)
            for run in self.lists.read(text, bodies, role=role).runs:
                for party in bodies.read(run.text, at + run.start, run.role, named=True):
                    confidence = min(party.confidence, CONFIDENCE["column"])
                    yield replace(party, role=run.role, rule=f"column/{party.rule}", confidence=confidence)

    def _empty(self, text: str) -> bool:
        return bool(self._pattern["empty"].fullmatch(text))


def clean_to_rows(clean: CleanText) -> Iterator[Row]:
    """All table rows in order."""
    for p in clean.paragraphs:
        if p.kind is LineKind.ROW:
            cells, at = [], p.start
            for cell in clean.of(p).split("\t"):
                body = cell.strip()
                cells.append((body, at + (cell.find(body) if body else 0)))
                at += len(cell) + 1
            yield Row(tuple(cells), p.start, p.end)


def whole_rows(rows: Iterator[Row]) -> Iterator[Row]:
    """Rows, with one that a line break inside a cell has cut in two put together again.

    The width is that of the last row with the most cells; two rows that together have one cell more are one row.
    """
    width = 0
    before: Row | None = None
    for row in rows:
        if before is not None and len(before.cells) + len(row.cells) - 1 == width and row.start == before.end + 1:
            (head, at), (tail, _) = before.cells[-1], row.cells[0]
            before = Row((*before.cells[:-1], (f"{head}\n{tail}", at), *row.cells[1:]), before.start, row.end)
            continue
        if before is not None:
            yield before
        width = max(width, len(row.cells)) if before is not None and before.end + 1 == row.start else len(row.cells)
        before = row
    if before is not None:
        yield before


def cell_to_items(text: str, start: int, end: re.Pattern[str] = _ITEM_END) -> list[tuple[str, int]]:
    """The tasks of one cell, separated by ；, with their positions."""
    out, at = [], 0
    for piece in end.split(text):
        where = text.index(piece, at)
        body = piece.strip()
        if body:
            out.append((body, start + where + piece.index(body)))
        at = where + len(piece)
    return out


def numbered_items(text: str, start: int) -> list[tuple[str, int]]:
    """1.制定…；2.组织…: the items of a cell that begins with number one and counts on; nothing in another cell.

    Their numbers are left out: they are counted anew in every cell.
    """
    for style in _NUMBERED:
        marks: list[re.Match[str]] = []
        for found in style.finditer(text):
            if label_number(found[1]) == len(marks) + 1:
                marks.append(found)
        if len(marks) < _A_RUN or text[: marks[0].start()].strip():
            continue
        ends = [m.start() for m in marks[1:]] + [len(text)]
        pieces = [
            (text[m.end() : e].rstrip().rstrip("；;，,").rstrip(), m.end()) for m, e in zip(marks, ends, strict=True)
        ]
        if all(piece for piece, _ in pieces):
            return [(piece, start + at) for piece, at in pieces]
    return []


SENTENCE_END = _SENTENCE_END
