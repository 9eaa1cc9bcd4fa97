"""Rows of names and numbers: which cells of a table, or of lines that are set as one, belong to persons.

Cells stand apart by tabulators (what the readers make of tables), by upright strokes, commas or wide blanks (what
people type). The head of a column says what is in it; a row may lack its number, or have a short one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ontology.forms import Forms

_BETWEEN = tuple(map(re.compile, (r"\t", r"\|", r"[,，]", r" {2,}", r" ")))
_RULE = re.compile(r"[\s|:\-]*")  # the line below the head in Markdown
_LONGEST_NAME, _SHORTEST_NAME = 4, 2
_SHORT_NUMBER = 5  # digits of a line within a house
LONGEST_LINE = 400  # characters of a line that may be a row
Cells = list[tuple[int, int]]


class Rosters:
    """Finds them, by the forms `personal.name-column` and `personal.number-column`."""

    def __init__(self, forms: Forms) -> None:
        self._name, self._number = forms.pattern("personal.name-column"), forms.pattern("personal.number-column")
        self._public, self._head = forms.pattern("personal.public"), forms.quick("personal.roster-head")

    def heads(self, text: str) -> Iterator[int]:
        """Where lines stand that may be the head of one."""
        at = 0 if self._head.may_match(text) else -1
        while at >= 0:
            if self._head.pattern.match(text, at):  # what it needs was looked for once, not from each line on
                yield at
            at = text.find("\n", at) + 1 or -1

    def begins(self, text: str, start: int) -> bool:
        """Whether the line that begins here may be one."""
        return self._head.pattern.match(text, start) is not None

    def end(self, text: str) -> int:
        """Where the rows end below a head that the text begins with: at an empty line, or one that cannot be a row."""
        at = _line_end(text, 0)
        between = self._columns(text[:at])[0]
        while between is not None and at < len(text):
            below = _line_end(text, at + 1)
            if not between.search(text, at + 1, below) or below - at > LONGEST_LINE:
                break
            at = below
        return at

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Stretches of cells with names and numbers of persons."""
        between, names, numbers = None, set[int](), set[int]()
        at = 0
        for line in text.split("\n"):
            found, own_names, own_numbers = self._columns(line) if len(line) <= LONGEST_LINE else (None, set(), set())
            if found is not None and (own_names or len(own_numbers) < len(_cells(line, found))):
                between, names, numbers = found, own_names, own_numbers
            elif between is None or not between.search(line):
                between = None
            elif not _RULE.fullmatch(line):
                yield from self._row(line, at, _cells(line, between), names, numbers)
            at += len(line) + 1

    def _columns(self, line: str) -> tuple[re.Pattern[str] | None, set[int], set[int]]:
        """How cells stand apart in a head, and which columns hold names and numbers; None where it is no head."""
        for between in _BETWEEN:
            cells = [line[first:last] for first, last in _cells(line, between)]
            numbers = {n for n, cell in enumerate(cells) if self._number.fullmatch(cell)}
            names = {n for n, cell in enumerate(cells) if self._name.fullmatch(cell)}
            if numbers and len(cells) > 1 and (names or between is _BETWEEN[0]):
                return between, names, {n for n in numbers if not self._public.search(cells[n])}
        return None, set(), set()

    def _row(self, line: str, at: int, cells: Cells, names: set[int], numbers: set[int]) -> Iterator[tuple[int, int]]:
        for number, (first, last) in enumerate(cells):
            inner = line[first:last]
            is_name = number in names and _SHORTEST_NAME <= len(inner.replace(" ", "")) <= _LONGEST_NAME
            is_number = number in numbers and sum(c.isdigit() for c in inner) >= _SHORT_NUMBER
            if (is_name and _is_han(inner)) or is_number:
                yield at + first, at + last


def _cells(line: str, between: re.Pattern[str]) -> Cells:
    """Where the words of each cell stand."""
    edges = [(m.start(), m.end()) for m in between.finditer(line)]
    starts, ends = [0, *(end for _, end in edges)], [*(start for start, _ in edges), len(line)]
    cells = []
    for start, end in zip(starts, ends, strict=True):
        inner = line[start:end]
        first = start + len(inner) - len(inner.lstrip())
        cells.append((first, first + len(inner.strip())))
    return cells


def _is_han(words: str) -> bool:
    return all("\u4e00" <= c <= "\u9fff" or c in " ·" for c in words)


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end
