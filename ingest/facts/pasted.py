"""Lists of tasks pasted one cell a line: headings stand one under the other, and so do the cells of each row.

序号 | 工作任务 | 责任单位 | 1 | 完成岸电改造20处 | 市交通运输局 | 2 | …, each in a line of its own
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.facts.bodies import Bodies
from ingest.facts.tables import LONGEST_HEADING, MOST_COLUMNS, UNITS, Column, TableReader, TaskRow
from ingest.layout import CleanText, Paragraph
from ingest.readers.base import LineKind
from ontology.forms import Forms

_IS_NUMBER = re.compile(r"\d{1,4}[.、]?|[一二三四五六七八九十]{1,4}、?")
_LONGEST_LIST = 4000  # paragraphs


class PastedReader:
    """Built once for the forms of a run."""

    def __init__(self, forms: Forms, tables: TableReader) -> None:
        self.tables = tables
        self._beside = forms.pattern("column.beside")

    def rows(self, clean: CleanText, bodies: Bodies) -> Iterator[tuple[TaskRow, tuple[int, int]]]:
        """Rows of lists that were pasted one cell a line, each with the stretch of the whole list."""
        paragraphs = [p for p in clean.paragraphs if p.kind is not LineKind.ROW]
        i = 0
        while i < len(paragraphs):
            head = self._head(clean, paragraphs[i : i + MOST_COLUMNS])
            if head is None:
                i += 1
                continue
            first = i + len(head)
            stop = first
            for task, at in self._rows(clean, paragraphs, first, head, bodies):
                stop = at + 1
                yield task, (paragraphs[i].start, paragraphs[at].end)
            i = max(stop, first)

    def _head(self, clean: CleanText, paragraphs: list[Paragraph]) -> tuple[Column, ...] | None:
        names: list[str] = []
        for p in paragraphs:
            words = clean.of(p).strip()
            if len(words) > LONGEST_HEADING or (
                self.tables.column_of(re.sub(r"\s", "", words)) is Column.OTHER
                and not (3 <= len(words) <= 6 and names and self._beside.fullmatch(words))
            ):
                break
            names.append(words)
        return self.tables.columns_of(tuple(names)) if len(names) >= 2 else None

    def _rows(
        self,
        clean: CleanText,
        paragraphs: list[Paragraph],
        first: int,
        head: tuple[Column, ...],
        bodies: Bodies,
    ) -> Iterator[tuple[TaskRow, int]]:
        """Cells counted back from those that hold units; a number may be missing, a heading may stand between rows."""
        unit = next(n for n, c in enumerate(head) if c in UNITS)
        if Column.DUTY in head or unit < head.index(Column.ACTIVITY):
            return  # cells are counted back from the units
        task = head.index(Column.ACTIVITY)
        last = first - 1
        group: str | None = None
        for at in range(first, min(len(paragraphs), first + _LONGEST_LIST)):
            words = clean.of(paragraphs[at]).strip()
            if at - last > 3 * len(head):
                return  # no row for a while: the list is over
            begin = at - (unit - task)
            if begin <= last or not self._holds_units(words, bodies):
                continue
            cells: list[tuple[tuple[str, int], Column]] = []
            low = max(last + 1, begin - task)
            if (
                low < begin
                and head[task + low - begin] is Column.NUMBER
                and not _IS_NUMBER.fullmatch(clean.of(paragraphs[low]).strip())
            ):
                low += 1  # the number is missing, what stands there is a heading between rows
            for n in range(low, at + 1):
                column = head[task + n - begin] if 0 <= task + n - begin < len(head) else Column.OTHER
                cells.append(((clean.of(paragraphs[n]).strip(), paragraphs[n].start), column))
            end = at
            for n in range(unit + 1, len(head)):  # columns behind the units
                if at + n - unit >= len(paragraphs):
                    break
                end = at + n - unit
                cells.append(((clean.of(paragraphs[end]).strip(), paragraphs[end].start), head[n]))
            by: dict[Column, tuple[str, int]] = {}
            for cell, column in cells:
                by.setdefault(column, cell)
            between = [clean.of(paragraphs[n]).strip() for n in range(last + 1, low)]
            group = next((b for b in reversed(between) if b and not b.isdigit()), group)
            yield self.tables.task_of(by, cells, group, paragraphs[low].start, paragraphs[end].end, bodies), end
            last = end

    def _holds_units(self, words: str, bodies: Bodies) -> bool:
        if not words or len(words) > 300 or "。" in words:
            return False
        found = self.tables.lists.read(words, bodies)
        single = found.bodies + found.others == 1
        return found.first_is_body and found.share >= 0.7 and (not single or bodies.is_sure(words))
