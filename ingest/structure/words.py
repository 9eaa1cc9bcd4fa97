"""The forms that the structure is read by, compiled once a run, and the two grammars that it borrows.

Document numbers and dates have grammars of their own; this module alone calls them for header and structure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ingest.facts.dates import find_dates
from ingest.facts.numbers import find_document_numbers
from ontology.forms import Forms, load

_LONGEST_NUMBER_LINE = 80


@dataclass(frozen=True, slots=True)
class Words:
    """Patterns of `ontology/forms/header.toml` and `genres.toml`, by what they mean here."""

    forms: Forms
    annex: re.Pattern[str]
    attachments: re.Pattern[str]
    beside_number: re.Pattern[str]
    contents: re.Pattern[str]
    contents_line: re.Pattern[str]
    copy_to: re.Pattern[str]
    dated: re.Pattern[str]
    dateline: re.Pattern[str]
    day: re.Pattern[str]
    file_line: re.Pattern[str]
    front: re.Pattern[str]
    issue: re.Pattern[str]
    law_note: re.Pattern[str]
    law_note_more: re.Pattern[str]
    loaded: re.Pattern[str]
    mark: re.Pattern[str]
    name_line: re.Pattern[str]
    order: re.Pattern[str]
    pair: re.Pattern[str]
    printed: re.Pattern[str]
    recipients: re.Pattern[str]
    recipients_not: re.Pattern[str]
    run: re.Pattern[str]
    seal_line: re.Pattern[str]
    stamp: re.Pattern[str]
    speaker: re.Pattern[str]
    spoken: re.Pattern[str]
    state: re.Pattern[str]
    title_date: re.Pattern[str]
    title_date_inside: re.Pattern[str]
    title_issuer: re.Pattern[str]
    labels: dict[str, str]
    article: re.Pattern[str]


@lru_cache(maxsize=2)
def words_of(forms: Forms) -> Words:
    """The compiled forms."""
    named = (name for name in Words.__slots__ if name not in ("forms", "labels", "article", "pair", "stamp"))
    return Words(
        forms=forms,
        labels={str(row["label"]): str(row["key"]) for row in forms.rows("meta.labels")},
        article=forms.pattern("genre.article"),
        pair=forms.pattern("meta.pair"),
        stamp=forms.pattern("web.stamp"),
        **{name: forms.pattern(f"header.{name}") for name in named},
    )


def words() -> Words:
    """The built-in forms."""
    return words_of(load())


def number_alone(text: str) -> str | None:
    """The document number that a line is, normalised; None for a line that is more than a number."""
    bare = words().beside_number.sub("", text).strip()
    if not bare or len(bare) > _LONGEST_NUMBER_LINE or not _DIGIT.search(bare):
        return None
    found = find_document_numbers(bare)
    return found[0].normalised if len(found) == 1 and found[0].end - found[0].start >= len(bare) - 2 else None


def numbers_in(text: str) -> list[tuple[int, int, str]]:
    """(start, end, normalised) of the document numbers in a stretch of text."""
    return [(n.start, n.end, n.normalised) for n in find_document_numbers(text)]


_DIGIT = re.compile(r"\d")


def iso_day(text: str) -> str | None:
    """The first whole date of a text as ISO; None where it has none to the day."""
    return next((d.iso_start for d in find_dates(text, year=None) if d.precision == "day" and d.iso_start), None)
