"""What shows only in many lines: brackets over line ends, numbering, indents, words that stand unbroken elsewhere."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ahocorasick_rs import AhoCorasick

from ingest.layout.pieces import End, LineForms, Piece
from ingest.layout.width import Measure, columns
from ingest.readers.base import Line

_PARTNER = {"》": "《", "）": "（", "”": "“", "〕": "〔", "】": "【", ")": "（"}
_BRACKETS = re.compile("[《》（）“”〔〕【】()]")
_LONGEST_BRACKET = 400  # characters: a list of responsible bodies; what closes later was not closed
_LONGEST_NUMBER = 24  # characters from the bracket to the year
_YEAR = re.compile(r"〔\d{4}〕")
_DEEPEST = 8  # brackets in brackets; more are a fault of the text
_DIGIT = re.compile("[0-9A-Za-z年月日 ]")
_FIRST_NUMBER = re.compile("[（(]?[一1①][、.．)）]")
_FEW_HEADINGS = 3
_SENTENCE_LONG = 60  # columns: a printed line has about that, and ends a sentence by chance only
_FEWEST_LONG = 2
_PARAGRAPHS = 0.8
_MOSTLY_HEADINGS = 0.6


def starts_after_blanks(source: Iterable[Line], kept: set[int]) -> set[int]:
    """The starts of the lines above which a line is empty; those beside a page number are empty for its sake."""
    found: set[int] = set()
    empty, page = False, True
    for line in source:
        if not line.text or line.text.isspace():
            empty = True
            continue
        if line.start in kept:
            if empty and not page:
                found.add(line.start)
            page = False
        else:
            page = True
        empty = False
    return found


def weigh_marks(pieces: Sequence[Piece]) -> None:
    """Indents and blank lines say something where some lines have them and others have not; else they are dropped."""
    later = pieces[1:]
    indented = sum(p.indent >= 2 for p in later)
    if not 0.03 * len(later) <= indented <= 0.7 * len(later):
        for p in pieces:
            p.indent = 0
    blanks = [q for q in later if q.after_blank]
    unfinished = sum(
        p.end is End.GOES_ON or q.never_first for p, q in zip(pieces, later, strict=False) if q.after_blank
    )
    long = [p for p in pieces if columns(p.text) >= _SENTENCE_LONG]
    ended = sum(p.end is End.TERMINAL for p in long)
    # between all lines: of a page that was printed so, or because each line is a paragraph; then the long ones end
    everywhere = len(blanks) > 0.7 * len(later) and (len(long) < _FEWEST_LONG or ended < _PARAGRAPHS * len(long))
    if everywhere or unfinished > 0.1 * len(blanks):
        for p in pieces:
            p.after_blank = False


def mark_spaced_out(pieces: Sequence[Piece]) -> None:
    """第一章|总|则: the characters of a heading that was printed with wide gaps."""
    for above, piece in pairwise(pieces):
        single = len(piece.text) == 1 and piece.text.isalpha() and not piece.text.isascii()
        piece.spaced_out = single and (above.spaced_out or above.bare)
        piece.never_first = piece.never_first or (piece.spaced_out and above.spaced_out)


def mark_numbers(pieces: Sequence[Piece]) -> None:
    """Mark the number of a document that stands behind its title: 《…的通知》|（某政发〔2031〕6号）."""
    for n, (above, piece) in enumerate(pairwise(pieces), 1):
        if above.text[-1] == "》" and piece.text[0] in "（(":
            ahead = "".join(p.text for p in pieces[n : n + 4])[:_LONGEST_NUMBER]
            piece.never_first = piece.never_first or _YEAR.search(ahead) is not None


def mark_inside(pieces: Sequence[Piece]) -> None:
    """Mark the breaks inside brackets. What no bracket near enough closes is open by mistake and holds nothing."""
    stack: list[tuple[str, int, int]] = []  # the bracket, the number of its line, its position
    position = 0
    for n, piece in enumerate(pieces):
        for found in _BRACKETS.finditer(piece.text):
            char = found[0]
            if (wanted := _PARTNER.get(char)) is None:
                stack.append(("（" if char == "(" else char, n, position + found.start()))
                del stack[:-_DEEPEST]
                continue
            for depth in range(len(stack) - 1, -1, -1):
                kind, line, at = stack[depth]
                if kind != wanted:
                    continue
                if position + found.start() - at <= _LONGEST_BRACKET:
                    for i in range(line + 1, n + 1):
                        # a numbered paragraph behind a full stop begins, whatever bracket was left open above
                        pieces[i].inside = not (pieces[i].label and pieces[i - 1].end is End.TERMINAL)
                del stack[depth:]
                break
        position += len(piece.text)


def mark_known(pieces: Sequence[Piece], forms: LineForms) -> None:
    """Mark the breaks whose words are joined elsewhere: 工作|要点 where the text also has 工作要点."""
    asked = [
        n for n in range(1, len(pieces))
        if pieces[n - 1].end in (End.OPEN, End.CLOSED) and not pieces[n].label and not pieces[n].alone
    ]  # fmt: skip
    if not asked:
        return
    words = {n: pieces[n - 1].text[-2:] + pieces[n].text[:2] for n in asked}
    joined = list({across for across in words.values() if len(across) == 4 and not _DIGIT.search(across)})
    text = "\n".join(p.text for p in pieces)
    held = {joined[i] for i, _, _ in AhoCorasick(joined).find_matches_as_indexes(text, overlapping=True)}
    for n in asked:
        above, below = pieces[n - 1].text, pieces[n].text
        if above[-1] in "）)〕】" or below[0] in "（(〔【":
            continue  # （次） and （个） stand between the cells of a table
        if pieces[n - 1].label and "关于" not in above and "，" not in above:
            continue  # a heading may end with the word that its text begins behind
        if forms.are_bodies(above, below):
            continue  # the names of bodies below each other, which the title has in one line
        pieces[n].known = words[n] in held


def mark_headings(pieces: Sequence[Piece], measure: Measure | None) -> None:
    """Mark numbered lines by their like: 一、 … are headings in lines of their own, 1. … are whole sentences."""
    short = math.inf
    if measure is not None:
        short = float(measure.width - measure.slack - measure.indent)
        for piece in pieces:
            piece.width = measure.of(piece.printed)
    for group in _series(pieces):
        if len(group) < _FEW_HEADINGS:
            continue
        headings = sum(_may_be_heading(p) and p.width < short for p in group)
        whole = sum(p.end is End.TERMINAL or "。" in p.text for p in group)
        for piece in group:
            piece.heading = headings >= _MOSTLY_HEADINGS * len(group) and _may_be_heading(piece)
            piece.sentence = whole >= _MOSTLY_HEADINGS * len(group)


def _series(pieces: Sequence[Piece]) -> Iterable[list[Piece]]:
    """The numbered lines of one style from its first number to the next first number."""
    alike: dict[tuple[str, int], list[Piece]] = {}
    begun: Counter[str] = Counter()
    for piece in pieces:
        if piece.label and not piece.bare:
            style = _style(piece.text)
            begun[style] += _FIRST_NUMBER.match(piece.text) is not None
            alike.setdefault((style, begun[style]), []).append(piece)
    return alike.values()


def _may_be_heading(piece: Piece) -> bool:
    return piece.end in (End.OPEN, End.CLOSED) and "。" not in piece.text


def _style(text: str) -> str:
    """How a label is written: （一）, 一、, 1., （1）, 第, ——."""
    if text[0] == "—":
        return text[0]
    second = text[1:2] if text[0] in "（(" else text[0]
    return ("（" if text[0] in "（(" else "") + ("1" if second.isdigit() else "第" if second == "第" else "一")
