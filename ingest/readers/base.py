"""What a reader returns: the decoded text and its lines, each with its place in that text."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kg.core.making import made_by_slots
from kg.core.model import Loss


class LineKind(StrEnum):
    """What the format itself says of a line; `TEXT` when it says nothing."""

    TEXT = "text"
    HEADING = "heading"
    ROW = "row"  # one table row, cells separated by TAB
    SKIP = "skip"  # a comment, a rule: kept in the source, no part of the text


@made_by_slots
@dataclass(frozen=True, slots=True)
class Line:
    """One line of the source. `start` is the position of `text` in the decoded source."""

    text: str
    start: int
    kind: LineKind = LineKind.TEXT
    level: int = 0  # of a heading
    page: int | None = None


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A decoded file. `wrapped` tells whether line ends may be mere wraps (False: each line is a paragraph)."""

    lines: tuple[Line, ...]
    wrapped: bool = True
    encoding: str = "utf-8"
    pages: tuple[tuple[int, int], ...] = ()
    """Of formats with pages: ascending (position in the decoded source, number of the page that begins there)."""
    metadata: dict[str, str] = field(default_factory=dict)
    fidelity: tuple[Loss, ...] = ()
    """What the file holds that is not in the lines, or not surely (`readers.fidelity`)."""
