"""Lines of no measure: each break judged by what stands on its two sides. Each line may be a paragraph."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.layout.pieces import QUOTES, End, Piece
from ingest.layout.width import columns

_LONG_LINE = 44  # columns: 22 Han characters, the shortest line that a page break was seen to cut

_NO_HEADING = 34  # columns: headings without numbers are shorter


def judge_lines(run: Sequence[Piece]) -> list[bool]:
    """For each piece whether it goes on the paragraph of the one before, by what stands on the two sides."""
    joined = [False] * len(run)
    length, prose, stop = 0, False, False  # of the paragraph so far
    first = run[0]
    for i, piece in enumerate(run):
        if i:
            # a numbered line that holds no full stop yet is a heading, however long, and a title has no commas
            plain = not first.label
            text_behind = not run[i - 1].titled and not piece.opening and piece.prose and piece.end is End.TERMINAL
            long = plain and ((prose and length >= _LONG_LINE) or (text_behind and length >= _NO_HEADING))
            sentence = stop or first.sentence or long
            joined[i] = _goes_on(run[i - 1], piece, sentence=sentence)
        if not joined[i]:
            length, prose, stop, first = 0, False, False, piece
        length += columns(piece.text)
        prose = prose or "，" in piece.text
        stop = stop or "。" in piece.text
    return joined


def _goes_on(above: Piece, piece: Piece, *, sentence: bool) -> bool:
    if piece.label or piece.alone or above.alone:
        return False
    if piece.never_first or above.end is End.GOES_ON or above.bare or piece.inside or piece.known:
        return True
    if above.end is End.TERMINAL or piece.indent >= 2 or piece.after_blank or piece.body:
        return False
    if above.end is End.CLOSED and not (above.text[-1] in QUOTES and piece.prose):
        return False
    return sentence  # only a page break cuts such a paragraph: one that has not ended goes on
