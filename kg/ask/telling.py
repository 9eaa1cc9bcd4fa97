"""Rows of a form in words: the fact first, in full names, with the numbers of the sources behind each statement.

Numbers of things are told only because the rows are all that the graph has; nothing is cut before it is counted.
"""

from __future__ import annotations

from kg.ask.library import Library
from kg.ask.question import Question
from kg.ask.session import Rows
from kg.ask.tell_documents import tell_document, tell_fact, tell_header, tell_reference, tell_region
from kg.ask.tell_duties import tell_activity, tell_body, tell_place
from kg.ask.told import Told
from kg.ask.wording import Sources

_TELLERS = {
    "body": tell_body, "activity": tell_activity, "place": tell_place, "region": tell_region,
    "document": tell_document, "header": tell_header, "reference": tell_reference, "fact": tell_fact,
}  # fmt: skip


def tell(found: Rows, question: Question, library: Library, sources: Sources) -> str | None:
    """The sentences; None where the rows do not answer."""
    return _TELLERS[found.form.target](Told(found, question, library, sources))
