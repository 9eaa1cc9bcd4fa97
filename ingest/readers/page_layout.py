"""A printed page to its lines in reading order: tables by their rules, columns one after the other, then lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest.readers.columns import rows_to_columns
from ingest.readers.open_tables import aligned_tables, level_tables
from ingest.readers.printed import Box, Glyph, PrintedLine, glyphs_to_rows, has_ink
from ingest.readers.printed_tables import MAX_CELLS, cells_to_lines, frame_of, holds


def page_to_lines(
    glyphs: Sequence[Glyph], tables: Iterable[Sequence[Box]] = (), rules: Sequence[Box] = ()
) -> list[PrintedLine]:
    """The lines of a page with the rows of its tables in their places.

    `tables` are ruled ones, each given by its cells; `rules` are straight strokes, of which the level ones may make
    tables without upright rules.
    """
    left = list(glyphs)
    found: list[PrintedLine] = []
    frames: list[Box] = []
    for cells in tables:
        if len(cells) > MAX_CELLS:
            continue
        frame = frame_of(cells)
        inside = [g for g in left if holds(frame, g)]
        if inside and (rows := cells_to_lines(cells, inside)):
            frames.append(frame)
            found += rows
            left = [g for g in left if not holds(frame, g)]
    for frame, rows in level_tables([r for r in rules if not any(_within(r, frame) for frame in frames)], left):
        found += rows
        left = [g for g in left if not holds(frame, g)]
    columns = rows_to_columns([row for row in glyphs_to_rows(left) if has_ink(row)])
    blocks = [aligned_tables(rows) for rows in columns]
    if len(blocks) > 1:
        return _woven(blocks, found)
    return sorted([line for block in blocks for line in block] + found, key=lambda line: line.top)


def _within(rule: Box, frame: Box) -> bool:
    middle = (rule[1] + rule[3]) / 2
    return frame[1] - 1 <= middle <= frame[3] + 1 and rule[0] < frame[2] and rule[2] > frame[0]


def _woven(blocks: Sequence[Sequence[PrintedLine]], rows: Sequence[PrintedLine]) -> list[PrintedLine]:
    """Blocks one after the other; each row of a table before the first line of its own block that is below it."""
    out: list[PrintedLine] = []
    waiting = sorted(rows, key=lambda line: line.top)
    for n, block in enumerate(blocks):
        x0, x1 = min(line.x0 for line in block), max(line.x1 for line in block)
        last = n == len(blocks) - 1
        for line in block:
            ready = [r for r in waiting if r.top < line.top and r.x0 < x1 and r.x1 > x0]
            out += ready
            waiting = [r for r in waiting if r not in ready]
            out.append(line)
        if last:
            out += waiting
    return out
