"""Lines as they were printed to the text that was meant, with a map back.

Certain repairs, in this order: characters (full-width digits and letters, blanks inside words, „2024‟ for 〔2024〕),
page artefacts (lone page numbers, running heads), wrapped lines joined to paragraphs. Anything uncertain (typos,
traditional characters) is left for a notice. Every character of the result knows the position in the decoded source
that it came from.
"""

from __future__ import annotations

from dataclasses import replace

from ingest.layout.artefacts import without_artefacts
from ingest.layout.clean import CleanText, Paragraph, lines_to_text, pages_to_starts
from ingest.layout.joins import lines_to_joints
from ingest.layout.unbroken import raw_to_broken
from ingest.layout.words import Words, line_to_words
from ingest.readers.base import Line, LineKind, RawDocument
from ontology.forms import Forms

__all__ = ["CleanText", "Paragraph", "raw_to_clean"]


def raw_to_clean(raw: RawDocument, forms: Forms) -> CleanText:
    """All repairs, by the forms of a run."""
    raw = raw_to_broken(raw, forms)
    skip = LineKind.SKIP
    lines: list[tuple[Line, Words]] = [
        (line, words)
        for line in raw.lines
        if line.kind is not skip and line.text and (words := line_to_words(line)) is not None
    ]
    lines = without_artefacts(lines, forms.pattern("layout.page"))
    clean = lines_to_text(lines, lines_to_joints(lines, forms, raw.lines) if raw.wrapped else None)
    return replace(clean, pages=pages_to_starts(raw.pages, clean)) if raw.pages else clean
