"""Straight rules on a page to the cells of the tables that they make. Lengths in mm."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.readers.printed import Box

_TOLERANCE = 1.0  # mm: what still is one rule, or two that meet
_MIN_RULES = 6  # a table of two columns and one row has five; letterheads have two


def rules_to_tables(rules: Sequence[Box]) -> list[list[Box]]:
    """The cells of the tables that straight rules make, by pdfplumber's finder for edges that meet."""
    if len(rules) < _MIN_RULES:
        return []
    from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

    edges = []
    for x0, top, x1, bottom in rules:
        level = bottom - top <= x1 - x0
        edges.append(
            {"x0": x0, "x1": x1, "top": top, "bottom": bottom, "width": x1 - x0, "height": bottom - top}
            | {"orientation": "h" if level else "v"}
        )
    merged = merge_edges(edges, _TOLERANCE, _TOLERANCE, _TOLERANCE, _TOLERANCE)
    cells = intersections_to_cells(edges_to_intersections(merged, _TOLERANCE, _TOLERANCE))
    return [list(table) for table in cells_to_tables(cells)]
