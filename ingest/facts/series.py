"""Which known series an activity belongs to, and which themes it touches: by label, alias, and title pattern."""

from __future__ import annotations

import re

from ahocorasick_rs import AhoCorasick

from kg.core.text import squeeze
from ontology.reference import Reference

_QUOTES = re.compile(r"[“”\"‘’'「」]")

_MEMO = 20_000
_TELLING = 4  # characters of a name that tells of a series wherever it stands


class SeriesMatcher:
    """Built once per set of reference data."""

    def __init__(self, reference: Reference) -> None:
        names = ((_plain(n), r.label) for r in reference.series for n in (r.label, *r.aliases))
        self._names = [(name, label) for name, label in names if name]
        self._named = AhoCorasick([name for name, _ in self._names])
        self._patterns = [(record.label, re.compile(p)) for record in reference.series for p in record.patterns]
        self._known: dict[str, str | None] = {}
        self._themes = [record.label for record in reference.themes]
        words = [(w, n) for n, r in enumerate(reference.themes) for w in (r.label, *r.aliases, *r.keywords) if w]
        self._theme_of = [n for _, n in words]
        self._theme_words = AhoCorasick([word for word, _ in words])

    def series_of(self, title: str) -> str | None:
        """The series with the longest name or pattern match in a title; the earliest of equals."""
        if title not in self._known:
            if len(self._known) > _MEMO:
                self._known.clear()
            self._known[title] = self._series_of(title) if title else None
        return self._known[title]

    def _series_of(self, title: str) -> str | None:
        plain = _plain(title)
        fits: list[tuple[int, int, str]] = []
        for n, start, _ in self._named.find_matches_as_indexes(plain, overlapping=True):
            name, label = self._names[n]
            if len(name) >= _TELLING or name == plain:  # 计量 is a word of many titles
                fits.append((len(name) * 2, -start, label))
        for label, pattern in self._patterns:
            if found := pattern.search(plain) or (plain != title and pattern.search(title)):
                fits.append((len(found[0]) * 2 - 1, -found.start(), label))
        return max(fits)[2] if fits else None

    def themes_of(self, *texts: str) -> tuple[str, ...]:
        """The themes whose words occur, in the order of the scheme."""
        plain = "\n".join(_plain(t) for t in texts if t)
        held = {self._theme_of[n] for n, _, _ in self._theme_words.find_matches_as_indexes(plain, overlapping=True)}
        return tuple(self._themes[n] for n in sorted(held))


def _plain(text: str) -> str:
    return squeeze(_QUOTES.sub("", text))
