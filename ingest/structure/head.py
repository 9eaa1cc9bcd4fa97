"""What stands before the body: 版头 (GB/T 9704-2012 §7.2), 标题 (§7.3.1), 主送机关 (§7.3.2), and all else.

The head is the best way to divide its atoms among the elements. Each element says how well a run of atoms has its form;
the division with the highest sum wins, so that no rule depends on the order in which rules are tried. What is left when
nothing fits any longer is the body.
"""

from __future__ import annotations

from ingest.layout import CleanText, Paragraph
from ingest.readers.base import LineKind
from ingest.structure.atoms import clean_to_atoms
from ingest.structure.head_forms import ADDRESSED, BEFORE, TITLED, HeadForms, Piece
from ingest.structure.head_parts import Head, pieces_to_head
from ingest.structure.titles import title_letters
from ontology.forms import Forms

__all__ = ["Head", "read_head"]


def read_head(clean: CleanText, paragraphs: list[Paragraph], forms: Forms, *, said: str = "") -> Head:
    """Everything before the body. `said` is the title that the file or its collector gives elsewhere."""
    head = HeadForms(clean_to_atoms(clean, paragraphs, forms), title_letters(said), forms)
    pieces, after = _best(head)
    return pieces_to_head(pieces, head, after if after >= 0 else len(clean.text))


def _best(forms: HeadForms) -> tuple[list[Piece], int]:
    """The pieces of the best division, and where the body begins (-1: nowhere)."""
    count = len(forms.atoms)
    best: dict[tuple[int, int], tuple[float, tuple[Piece, ...]]] = {(0, BEFORE): (0.0, ())}
    final: tuple[float, tuple[Piece, ...], int] | None = None
    for i in range(count + 1):
        for phase in (BEFORE, TITLED, ADDRESSED):
            if (state := best.get((i, phase))) is None:
                continue
            score, way = state
            total = score + _body(forms, i, way)
            if final is None or total > final[0]:
                final = (total, way, i)
            for piece in forms.pieces(i, phase, way):
                key = (piece.last, piece.phase)
                sum_ = score + piece.score
                if key not in best or sum_ > best[key][0]:
                    best[key] = (sum_, (*way, piece))
    if final is None:
        return [], -1
    _, way, at = final
    return list(way), forms.atoms[at].start if at < count else -1


def _body(forms: HeadForms, i: int, way: tuple[Piece, ...]) -> float:
    """How well the body begins with atom `i`."""
    if i >= len(forms.atoms):
        return -0.5
    atom = forms.atoms[i]
    if not atom.first and not (way and way[-1].kind in ("recipients", "number", "title", "titledate")):
        return -6.0
    addressed = bool(way) and way[-1].kind == "recipients"
    score = 0.0 if atom.first else -1.0 if addressed else -2.5
    if (
        (forms.is_body(atom.text) and not forms.is_address(atom.text))
        or atom.kind is LineKind.ROW
        or forms.forms.full("header.contents", atom.text)
    ):
        score += 1.5
    if forms.numbers[i]:
        score -= 2.0
    return score
