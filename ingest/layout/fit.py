"""Lines of one measure: the cheapest reading of the lines as printed lines of paragraphs.

A page wraps at one column. A tool that takes its text apart may also cut a printed line at each punctuation mark
(justified lines are stretched there), so that lines of very different lengths stand in the file. Both show in the
sums: pieces that together fill one printed line exactly belong together, and a full line goes on in the next. So the
breaks are not judged one by one; all ways to lay the pieces out on printed lines are weighed against each other
(dynamic programming; time grows with the lines).
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.layout.pieces import QUOTES, End, Piece
from ingest.layout.width import Measure

_MOST_PIECES = 24  # of one printed line; a line of 80 columns with every second character a comma has 20
_FAR = 1e9

# What a reading costs. Set by eye on the text layers of 115 documents, checked on their annotated ones; only the order
# of magnitude matters: what is impossible costs 6 and more, what is unusual 2 to 5, what is common below 1.
_IMPOSSIBLE = 8.0
_LABEL_INSIDE = 6.0
_BRACKET_BROKEN = 5.0
_PROSE_BROKEN = 4.0
_MARKED_INSIDE = 3.0
_KNOWN_BROKEN = 2.0
_QUOTE_BROKEN = 2.0
_LONGER = 1.0  # a line wider than the measure was a paragraph, or is one whose other breaks are mended
_OFF_BUT_KNOWN = 1.5
_HEADING_GOES_ON = 1.5
_FIELD_INSIDE = 1.5
_BRACKET_FIRST = 1.0
_CUT_BETWEEN_WORDS = 1.5
_CUT_IN_SHORT_LINE = 1.0
_CUT_UP = 0.04  # share of lines; cut-up texts have .2 to .5
_COLON_GOES_ON = 0.5
_RECIPIENTS_GO_ON = 1.5
_EXACT = 2  # columns
_COLUMN_OFF = 0.25  # for each column between a wrapped line and the measure


def fit_lines(run: Sequence[Piece], measure: Measure, *, cut_up: bool) -> list[bool]:
    """For each piece whether it goes on the paragraph of the one before.

    `cut_up` says whether a printed line may be many pieces.
    """
    begins = [_begin(run[i - 1] if i else None, piece) for i, piece in enumerate(run)]
    goes = [_go_on(run[i - 1], piece) if i else 0.0 for i, piece in enumerate(run)]
    most = _MOST_PIECES if cut_up else 1
    cuts = [_cut(run[i - 1], piece) if i else 0.0 for i, piece in enumerate(run)]
    n = len(run)
    # the cheapest reading of pieces 0 … i-1 whose last printed line ends a paragraph, or goes on
    ended, open_ = [0.0] + [_FAR] * n, [_FAR] * (n + 1)
    # how it was reached: where that line begins, and whether it begins a paragraph
    from_ended: list[tuple[int, bool]] = [(0, True)] * (n + 1)
    from_open: list[tuple[int, bool]] = [(0, True)] * (n + 1)
    for i in range(n):
        total, cut, number, prose = 0, 0.0, 0, False
        broken = _broken(run[i + 1]) if i + 1 < n else 0.0
        known = i + 1 < n and (run[i + 1].known or run[i + 1].inside)
        best_ended, best_open = _FAR, _FAR
        for j in range(i, max(-1, i - most), -1):
            total += run[j].width
            if j < i:
                cut += cuts[j + 1]
                number += 1
                if total > measure.width + measure.slack:
                    break
            prose = prose or run[j].prose
            as_first, as_next = ended[j] + begins[j] + cut, open_[j] + goes[j] + cut
            closing = _close(run, j, i, prose=prose) + broken + number * _CUT_IN_SHORT_LINE
            for first, cost in ((True, as_first), (False, as_next)):
                if cost + closing < best_ended:
                    best_ended, from_ended[i + 1] = cost + closing, (j, first)
                off = _off(total, measure, run[i], first=first)
                filled = cost + (min(off, _OFF_BUT_KNOWN) if known else off)
                if filled < best_open:
                    best_open, from_open[i + 1] = filled, (j, first)
        ended[i + 1], open_[i + 1] = best_ended, best_open
    return _trace(n, from_ended, from_open)


def _trace(n: int, from_ended: list[tuple[int, bool]], from_open: list[tuple[int, bool]]) -> list[bool]:
    joined = [True] * n
    at, end = n, True
    while at:
        start, first = (from_ended if end else from_open)[at]
        joined[start] = not first
        at, end = start, first
    return joined


def is_cut_up(pieces: Sequence[Piece], measure: Measure) -> bool:
    """Whether printed lines were cut: many short lines then end in a comma, which in wrapped text next to none does."""
    short = sum(p.end is End.GOES_ON and p.width < measure.width - 2 * measure.slack for p in pieces)
    return short >= max(2, _CUT_UP * len(pieces))


def _broken(below: Piece) -> float:
    """The cost of a paragraph that ends before this piece, for what it breaks."""
    return (_BRACKET_BROKEN if below.inside else 0.0) + (_KNOWN_BROKEN if below.known else 0.0)


def _begin(above: Piece | None, piece: Piece) -> float:
    """The cost of a paragraph that begins with this piece."""
    if above is None or piece.label or piece.alone:
        return 0.0
    if piece.never_first:
        return _IMPOSSIBLE
    if piece.indent >= 2 or piece.after_blank:
        return 0.0
    if above.end is End.TERMINAL:
        return 0.6
    return _BRACKET_FIRST if piece.text[0] in "（(" and not above.body else 0.3


def _go_on(above: Piece, piece: Piece) -> float:
    """The cost of a printed line that begins with this piece and goes on a paragraph."""
    cost = 0.0
    if (piece.label or piece.alone) and not piece.inside:
        cost += _LABEL_INSIDE
    if piece.indent >= 2 or piece.after_blank or (piece.opening and (above.titled or above.text[-1] in "：:")):
        cost += _MARKED_INSIDE
    elif above.heading and piece.prose:
        cost += _HEADING_GOES_ON
    elif (piece.field or piece.body) and above.end in (End.TERMINAL, End.CLOSED):
        cost += _FIELD_INSIDE
    return cost


def _cut(above: Piece, piece: Piece) -> float:
    """The cost of a printed line that was cut before this piece: low at the marks where lines are stretched.

    Cells of a table end in a bracket or a colon too, so these count little where no sentence is.
    """
    if above.end is End.GOES_ON or piece.never_first:
        cost = 0.1
    elif (above.text[-1] in "：:" and not piece.inside) or above.body:
        cost = 1.0  # recipients and signatures stand above other lines
    elif above.text[-1] in "。；！？》”" or piece.text[0] in "《“":
        cost = 0.2
    elif above.end is not End.OPEN or piece.opens:
        cost = 0.5 if above.prose or piece.prose else 1.0
    else:
        cost = _CUT_BETWEEN_WORDS
    return cost + _go_on(above, piece)


def _close(run: Sequence[Piece], first: int, last: int, *, prose: bool) -> float:
    """The cost of a paragraph that ends with the printed line `run[first..last]`."""
    piece = run[last]
    if piece.end is End.TERMINAL or piece.alone:
        return 0.0
    if last + 1 == len(run):
        return 0.0
    if piece.end is End.GOES_ON and piece.text[-1].isalpha() and run[last + 1].label:
        return _PROSE_BROKEN  # 15日内重新申请的 is a heading
    if piece.end is End.GOES_ON or piece.bare:
        return _IMPOSSIBLE
    if piece.end is End.CLOSED:
        return _QUOTE_BROKEN if prose and piece.text[-1] in QUOTES and not run[first].label else 0.2
    return 0.5 if run[first].label or not prose else _PROSE_BROKEN


def _off(total: int, measure: Measure, last: Piece, *, first: bool) -> float:
    """The cost of a line of this width that goes on in the next; where a sentence ends the width must be exact."""
    short = measure.width - total
    if -short > 2 * measure.slack:
        return _LONGER
    closed = last.end is End.TERMINAL
    slack = min(measure.slack, _EXACT if measure.columns else 0) if closed else measure.slack
    if first and short > slack:
        short = max(0, short - measure.indent)
    column = _COLUMN_OFF * (1 if measure.columns else 2) * (2 if closed else 1)
    beyond = max(0, abs(short) - slack) * column
    if last.text[-1] in "：:":
        beyond += _COLON_GOES_ON if "。" in last.text else _RECIPIENTS_GO_ON
    return beyond
