"""Paragraphs below the body that a line join put together: signatures, seals and labels of annexes on their own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ingest.layout import CleanText, Paragraph
from ingest.readers.base import LineKind
from ingest.structure.atoms import line_starts
from ingest.structure.headings import begins_item
from ontology.forms import Forms

_FOOT = 400  # characters of a paragraph in which the names of a signature stand
_SHORT, _LINE = 12, 60  # characters: what holds no other line, the longest line of a foot
_ANNEX_LABEL = 12  # characters: the longest label of an annex


def recut(clean: CleanText, paragraphs: Sequence[Paragraph], forms: Forms) -> list[Paragraph]:
    """The paragraphs, with signatures and seals that a line join put behind or before other text on their own again."""
    out: list[Paragraph] = []
    text = clean.text
    for i, p in enumerate(paragraphs):
        cuts: list[int] = []
        if p.kind is LineKind.TEXT and p.end - p.start > _SHORT:
            below = paragraphs[i + 1] if i + 1 < len(paragraphs) else None
            if below is not None and below.end - below.start < _LINE and _is_foot(clean.of(below), forms):
                cuts = _signature_cuts(clean, p, forms)
            if text[p.start] in "（(【" and i and forms.full("header.dated", clean.of(paragraphs[i - 1])[:_LINE]):
                starts = line_starts(clean, p.start, p.end)[:3]
                cuts += [at for at in starts if forms.full("header.seal_line", text[p.start : at].strip())][:1]
        if text.startswith("附", p.start) and p.kind is LineKind.TEXT:
            cuts += _annex_cut(clean, p, forms)
        if not cuts:
            out.append(p)
            continue
        bounds = [p.start, *sorted(cuts), p.end]
        out += [p._replace(start=a, end=a + len(text[a:b].rstrip())) for a, b in pairwise(bounds)]
    return out


def _is_foot(line: str, forms: Forms) -> bool:
    return bool(forms.full("header.dated", line) or forms.full("header.name_line", line))


def _annex_cut(clean: CleanText, p: Paragraph, forms: Forms) -> list[int]:
    """Where 附件1 ends that was joined to the title of the annex below it."""
    for at in line_starts(clean, p.start, min(p.end, p.start + _ANNEX_LABEL)):
        rest = clean.text[at : p.end]
        if (
            forms.full("header.annex", clean.text[p.start : at].strip())
            and "。" not in rest
            and not begins_item(rest, forms)
        ):
            return [at]
    return []


def _signature_cuts(clean: CleanText, p: Paragraph, forms: Forms) -> list[int]:
    """Where the names begin that end a paragraph above a date: each on a line, behind a sentence."""
    starts = line_starts(clean, max(p.start, p.end - _FOOT), p.end)
    cuts: list[int] = []
    end = p.end
    for at in reversed(starts):
        piece = clean.text[at:end].strip()
        if not forms.full("header.name_line", piece) and not (cuts and forms.full("header.seal_line", piece)):
            break
        cuts.append(at)
        end = at
    above = clean.text[p.start : cuts[-1]].rstrip() if cuts else ""
    told = above.endswith(("。", "！", "）", ")", "”", "通知", "此复")) or forms.full("header.name_line", above)
    return cuts if told else []
