"""The names of a lexicon under the forms in which questions have them."""

from __future__ import annotations

from dataclasses import dataclass

from kg.ask.lexicon import Lexicon
from kg.ask.text import plain


@dataclass(frozen=True, slots=True)
class Tables:
    """Names -> numbers in the lists of the lexicon."""

    bodies: dict[str, list[int]]  # by the forms in which documents write them
    titles: dict[str, list[int]]
    policies: dict[str, int]
    series: dict[str, int]


def tables_of(lexicon: Lexicon) -> Tables:
    """The tables of a lexicon, whose records have their forms with them."""
    bodies: dict[str, list[int]] = {}
    for number, body in enumerate(lexicon.bodies):
        for form in (*body.forms, *body.asked):
            bodies.setdefault(form, []).append(number)
    titles: dict[str, list[int]] = {}
    for number, doc in enumerate(lexicon.documents):
        for key in (doc.key, *doc.asked) if doc.key else doc.asked:
            titles.setdefault(key, []).append(number)
    policies: dict[str, int] = {}
    for number, policy in enumerate(lexicon.policies):
        for key in policy.asked:
            policies.setdefault(key, number)
    series: dict[str, int] = {}
    for number, concept in enumerate(lexicon.series):
        for word in (concept.label, *concept.words):
            series.setdefault(plain(word), number)
    return Tables(bodies, titles, policies, series)
