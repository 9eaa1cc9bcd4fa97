"""Which known series an activity belongs to, and which themes it touches: by label, alias, and title pattern."""

from __future__ import annotations

import re

from kg.core.text import squeeze
from ontology.reference import Reference

_QUOTES = re.compile(r"[“”\"‘’'「」]")

_MEMO = 20_000
_TELLING = 4  # characters of a name that tells of a series wherever it stands


class SeriesMatcher:
    """Built once per set of reference data."""

    def __init__(self, reference: Reference) -> None:
        self._series = [
            (
                record.label,
                [_plain(n) for n in (record.label, *record.aliases)],
                [re.compile(p) for p in record.patterns],
            )
            for record in reference.series
        ]
        self._known: dict[str, str | None] = {}
        self._themes = [
            (record.label, (record.label, *record.aliases, *record.keywords)) for record in reference.themes
        ]

    def series_of(self, title: str) -> str | None:
        """The series with the longest name or pattern match in a title; the earliest of equals."""
        if title not in self._known:
            if len(self._known) > _MEMO:
                self._known.clear()
            self._known[title] = self._series_of(title) if title else None
        return self._known[title]

    def _series_of(self, title: str) -> str | None:
        plain = _plain(title)
        best: tuple[int, int, str] | None = None
        for label, names, patterns in self._series:
            for name in names:
                if len(name) < _TELLING and name != plain:
                    continue  # 计量 is a word of many titles
                if (at := plain.find(name)) >= 0:
                    best = max(best or (0, 0, ""), (len(name) * 2, -at, label))
            for pattern in patterns:
                if found := pattern.search(plain) or (plain != title and pattern.search(title)):
                    best = max(best or (0, 0, ""), (len(found[0]) * 2 - 1, -found.start(), label))
        return best[2] if best else None

    def themes_of(self, *texts: str) -> tuple[str, ...]:
        """The themes whose words occur, in the order of the scheme."""
        plain = "\n".join(_plain(t) for t in texts if t)
        return tuple(label for label, words in self._themes if any(w in plain for w in words))


def _plain(text: str) -> str:
    return squeeze(_QUOTES.sub("", text))
