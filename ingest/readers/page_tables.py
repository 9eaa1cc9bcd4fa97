"""Tables of web pages: which are data and not layout, and their rows as a reader sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ingest.readers.base import LineKind
from ingest.readers.page_model import NOTHING, Block, is_hidden

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_LONG_CELL = 400  # characters: a cell that long holds text, not data
_SPAN = 100  # the most rows or columns that one cell may span
_DATA = 0.6  # share of rows with several cells
_WIDE = 2  # cells that make a row


def is_data(table: LexborNode) -> bool:
    """A table of data, not of layout: several rows of several short cells, no table inside."""
    if _holds_tables(table) or table.css_first("form, h1, h2") is not None:
        return False
    rows = table.css("tr")
    if len(rows) < 2:
        return False
    widths: list[int] = []
    captions = 0  # rows that name what follows over all columns
    down: list[int] = []  # how many rows more each cell that spans several goes on
    for row in rows:
        cells = row.css("td, th")
        widths.append(len(cells) + len(down))
        captions += len(cells) == 1 and not down and _span(cells[0], "colspan") > 1
        down = [n - 1 for n in [*down, *(_down(cell) - 1 for cell in cells)] if n > 1]
    wide = sum(w >= _WIDE for w in widths)
    if wide >= 2 and all(len(cell.text(strip=True)) <= _LONG_CELL for cell in table.css("td, th")):
        return wide >= (len(widths) - captions) * _DATA
    if max(widths) < _WIDE or wide < len(widths) * _DATA:
        return False
    first = rows[0].css("td, th")
    return not all(len(cell.text(strip=True)) > _LONG_CELL for cell in first)


def _holds_tables(table: LexborNode) -> bool:
    """Whether there are tables inside; a selector of `table` finds the table itself as well."""
    return any(inner.mem_id != table.mem_id for inner in table.css("table"))


def is_grid(table: LexborNode) -> bool:
    """A table of several columns, no table inside."""
    return not _holds_tables(table) and any(len(row.css("td, th")) > 1 for row in table.css("tr"))


def table_to_rows(
    table: LexborNode, words_of: Callable[[LexborNode, frozenset[int]], tuple[str, int]], gone: frozenset[int] = NOTHING
) -> Iterator[Block]:
    """Rows as cells with TABs, their words by `words_of`.

    A cell that spans rows is repeated in each; one over the whole width is a caption.
    """
    rows = [
        [cell for cell in row.css("td, th") if not is_hidden(cell, gone)]
        for row in table.css("tr")
        if not is_hidden(row, gone)
    ]
    width = _width(rows)
    spanning: dict[int, tuple[int, str]] = {}
    for row in rows:
        cells: list[str] = []
        linked = marks = 0
        for cell in row:
            while spanning.get(len(cells), (0, ""))[0] > 0:
                cells.append(_take(spanning, len(cells)))
            words, left_out = words_of(cell, gone)
            marks += left_out
            linked += sum(len(a.text(strip=True)) for a in cell.css("a[href]"))
            down = _down(cell)
            for _ in range(min(_span(cell, "colspan"), width)):
                if down > 1:
                    spanning[len(cells)] = (down - 1, words)
                cells.append(words)
        while spanning.get(len(cells), (0, ""))[0] > 0:
            cells.append(_take(spanning, len(cells)))
        if len(row) == 1 and _span(row[0], "colspan") >= width > 1 and cells[0]:
            yield Block(cells[0], LineKind.TEXT, 0, linked, marks)
        elif any(cells):
            yield Block("\t".join(cells), LineKind.ROW, 0, linked, marks)


def _width(rows: list[list[LexborNode]]) -> int:
    """The columns; a lone cell that spans more than any row of several has (colspan=1000) means all of them."""
    spans = [[_span(cell, "colspan") for cell in row] for row in rows]
    return max((sum(row) for row in spans if len(row) > 1), default=max(map(sum, spans), default=0))


def _take(spanning: dict[int, tuple[int, str]], column: int) -> str:
    left, words = spanning[column]
    spanning[column] = (left - 1, words)
    return words


def _span(cell: LexborNode, name: str) -> int:
    value = (cell.attributes.get(name) or "1").strip()
    return max(1, min(int(value), _SPAN)) if value.isdecimal() and len(value) < 5 else 1


def _down(cell: LexborNode) -> int:
    """The rows that a cell goes over; 0 stands for all that follow (HTML §4.9.11)."""
    return _SPAN if (cell.attributes.get("rowspan") or "").strip() == "0" else _span(cell, "rowspan")
