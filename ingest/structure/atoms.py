"""The head of a document as atoms: the smallest pieces that an element can begin or end with.

A paragraph may hold several elements where the layout joined lines (a title as long as a line, the number below it) or
where nobody put a line end (title and number run together). It is cut where a line of the source may have ended, and
around document numbers and dates in brackets; what belongs together is found by `head`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise

from ingest.layout import CleanText, Paragraph
from ingest.readers.base import LineKind
from ingest.structure.grammars import numbers_in
from kg.core.making import made_by_slots
from ontology.forms import Forms

_PARAGRAPHS = 40  # among which the head is looked for
_ATOMS = 90
_LONG = 160  # characters: a paragraph of text
_ENOUGH_TEXT = 3  # long paragraphs in a row after which no head goes on
_CUTS = 14  # in one paragraph
_CUT_LENGTH = 600  # characters of a paragraph in which a head may stand


@made_by_slots
@dataclass(frozen=True, slots=True)
class Atom:
    """A piece of a paragraph. `first` and `last` say whether it begins and ends one."""

    start: int
    end: int
    text: str
    kind: LineKind
    level: int
    first: bool
    last: bool
    paragraph: int


def clean_to_atoms(clean: CleanText, paragraphs: list[Paragraph], forms: Forms) -> list[Atom]:
    """The atoms of the head; what lies behind the last one is body."""
    out: list[Atom] = []
    long = 0
    for n, p in enumerate(paragraphs[:_PARAGRAPHS]):
        cuts = _cuts(clean, p, forms) if p.kind is LineKind.TEXT else []
        bounds = [p.start, *cuts, p.end]
        pieces = [(a, b) for a, b in pairwise(bounds) if clean.text[a:b].strip()]
        for i, (begin, end) in enumerate(pieces):
            a = begin + len(clean.text[begin:end]) - len(clean.text[begin:end].lstrip())
            text = clean.text[a:end].rstrip()
            out.append(Atom(a, a + len(text), text, p.kind, p.level, i == 0, i == len(pieces) - 1, n))
        long = long + 1 if p.end - p.start > _LONG else 0
        if len(out) >= _ATOMS or long >= _ENOUGH_TEXT:
            break
    return out


def _cuts(clean: CleanText, p: Paragraph, forms: Forms) -> list[int]:
    end = min(p.end, p.start + _CUT_LENGTH)
    cuts = set(line_starts(clean, p.start, end)[:_CUTS])
    text = clean.text[p.start : end]
    numbers = [(a, b) for a, b, _ in numbers_in(text, forms)] if "号" in text else []
    whole = [_with_brackets(text, a, b) for a, b in numbers if not _of_cited(text, a, b, forms)]
    whole += [found.span() for found in forms.pattern("header.title_date_inside").finditer(text)]
    for a, b in whole:
        cuts -= set(range(p.start + a + 1, p.start + b))
        cuts |= {p.start + a, p.start + b}
    return sorted(c for c in cuts if p.start < c < p.end)


def _with_brackets(text: str, start: int, end: int) -> tuple[int, int]:
    """A number at the end of a paragraph with the brackets around it: …的通知（甲政发〔2007〕1号）."""
    before, behind = len(text[:start].rstrip()), text[end:].strip()
    inside = before > 0 and text[before - 1] in "（(" and behind in ("）", ")")
    return (before - 1, len(text)) if inside else (start, end)


def _of_cited(text: str, start: int, end: int, forms: Forms) -> bool:
    """Whether a number is that of a paper which the sentence names: 你街道《…的请示》（甲街办〔2013〕62号）收悉."""
    bracket = text[:start].rstrip(" ")
    named = bracket.endswith(("（", "(")) and bracket.rstrip("（( ").endswith("》")
    return named and forms.start("header.goes_on", text[end:]) is not None


def line_starts(clean: CleanText, start: int, end: int) -> list[int]:
    """Where between two positions the source was not unbroken: line ends, and blanks that were dropped."""
    lo = bisect_right(clean.offsets, start, key=lambda entry: entry[0])
    hi = bisect_left(clean.offsets, end, key=lambda entry: entry[0])
    return [here for here, _ in clean.offsets[lo:hi]]
