"""Document numbers and dates, which have grammars of their own, as header and structure ask for them."""

from __future__ import annotations

import re

from ingest.facts.dates import find_dates
from ingest.facts.numbers import find_document_numbers
from ontology.forms import Forms

_LONGEST_NUMBER_LINE = 80
_DIGIT = re.compile(r"\d")


def number_alone(text: str, forms: Forms) -> str | None:
    """The document number that a line is, normalised; None for a line that is more than a number."""
    if not _DIGIT.search(text):
        return None
    beside = forms.quick("header.beside_number")
    bare = (beside.pattern.sub("", text) if beside.may_match(text) else text).strip()
    if not bare or len(bare) > _LONGEST_NUMBER_LINE:
        return None
    found = find_document_numbers(bare, forms)
    return found[0].normalised if len(found) == 1 and found[0].end - found[0].start >= len(bare) - 2 else None


def numbers_in(text: str, forms: Forms) -> list[tuple[int, int, str]]:
    """(start, end, normalised) of the document numbers in a stretch of text."""
    return [(n.start, n.end, n.normalised) for n in find_document_numbers(text, forms)]


def iso_day(text: str, forms: Forms) -> str | None:
    """The first whole date of a text as ISO; None where it has none to the day."""
    dates = find_dates(text, forms=forms)
    return next((d.iso_start for d in dates if d.precision == "day" and d.iso_start), None)
