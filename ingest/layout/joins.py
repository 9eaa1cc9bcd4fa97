"""Which line breaks are wraps, by the evidence of the whole text; see `fit` and `free` for the two ways to weigh it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ingest.layout.artefacts import Entry
from ingest.layout.fit import fit_lines, is_cut_up
from ingest.layout.free import judge_lines
from ingest.layout.marks import (
    mark_headings,
    mark_inside,
    mark_known,
    mark_numbers,
    mark_spaced_out,
    starts_after_blanks,
    weigh_marks,
)
from ingest.layout.pieces import End, LineForms, Piece
from ingest.layout.width import Measure, texts_to_measure
from ingest.readers.base import Line, LineKind
from ontology.forms import Forms


def lines_to_joints(lines: Sequence[Entry], forms: Forms, source: Iterable[Line] = ()) -> list[str | None]:
    """For each line what stands between it and the line before: None where a paragraph begins.

    `source` holds all lines, the empty ones too.
    """
    joints: list[str | None] = [None] * len(lines)
    pieces: list[Piece | None] = []
    blanks = starts_after_blanks(source, {line.start for line, _ in lines})
    line_forms, last = LineForms(forms), None
    for entry in lines:
        pieces.append(line_forms.piece(entry, last, entry[0].start in blanks) if _is_plain(entry) else None)
        last = entry
    plain = [p for p in pieces if p is not None]
    if not plain:
        return joints
    measure = texts_to_measure(
        [p.printed for p in plain],
        [p.end is End.OPEN and not q.label for p, q in zip(plain, [*plain[1:], Piece("", label=True)], strict=True)],
    )
    mark_spaced_out(plain)
    mark_numbers(plain)
    weigh_marks(plain)
    mark_known(plain, line_forms)
    mark_headings(plain, measure)
    cut_up = measure is not None and is_cut_up(plain, measure)
    for start, end in _runs(pieces):
        run = [p for p in pieces[start:end] if p is not None]
        mark_inside(run)
        joined = fit_lines(run, measure, cut_up=cut_up) if measure else judge_lines(run)
        for i, together in enumerate(joined):
            if together:
                joints[start + i] = _joint(run[i - 1], run[i], lines[start + i - 1][0], lines[start + i][0], measure)
    return joints


def _is_plain(entry: Entry) -> bool:
    return entry[0].kind is LineKind.TEXT and "\t" not in entry[1].text


def _runs(pieces: Sequence[Piece | None]) -> Iterator[tuple[int, int]]:
    """Stretches of plain lines."""
    start = 0
    for i, piece in enumerate([*pieces, None]):
        if piece is None:
            if i > start:
                yield start, i
            start = i + 1


def _joint(above: Piece, below: Piece, line: Line, next_line: Line, measure: Measure | None) -> str:
    """A blank where two Latin words meet, and behind 第五条. A number that a line end cuts is one number."""
    if above.bare and above.text[0] == "第":
        return " "
    a, b = above.text[-1], below.text[0]
    if measure is not None and not measure.columns:
        # a program cuts where its count ends, inside of words too, and keeps the blanks that it meets
        a_blank = line.text[-1:].isspace() or next_line.text[:1].isspace()
        return " " if a_blank and a.isascii() and b.isascii() else ""
    latin = a.isascii() and a.isalnum() and b.isascii() and b.isalnum()
    return " " if latin and not (a.isdigit() and b.isdigit()) else ""
