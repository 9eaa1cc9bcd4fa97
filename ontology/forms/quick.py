"""A pattern that is tried only where it can match: what each match holds and begins with, the pattern itself tells.

`re` tries an expression with alternatives, look-behinds or a lazy beginning at every position of a text. Nearly all
lines lack the words that it needs (日 of a date, 领导小组 of a group), and nearly no character can open it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cached_property
from re import _parser as parser  # type: ignore[attr-defined]

from ontology.forms.parsed import (
    NONE_HELD,
    edge_characters,
    first_characters,
    held_words,
    is_at_end,
    may_be_empty,
    needed_words,
    skips,
    ways_of,
)

_LINE = 100  # characters: in less the words that a match holds are looked for once
_FARTHEST = 120  # characters behind the beginning of a match that a word may stand and still tell where to look
_TELLING = 2  # characters of a word that is rarer than what opens a match


_Anchors = tuple[str | re.Pattern[str], int]
"""A word, or a pattern of words, and how far behind the beginning of a match one stands at most."""


_NONE: Iterator[re.Match[str]] = iter(())


class Quick:
    """Searches as its pattern does, with the same results."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self._tree = parser.parse(pattern.pattern, pattern.flags)
        words = needed_words(self._tree)
        self._word = words[0] if len(words) == 1 else ""
        # where `re` passes over what cannot open a match by itself, a look for several words is the slower one
        look = len(words) > 1 and not self._skips
        self._needed = re.compile("|".join(map(re.escape, words))) if look else None
        self._opens: frozenset[str] | None = None
        self._closes: frozenset[str] | None = None
        self._before_last: frozenset[str] | None = None
        self._ways: list[tuple[frozenset[str] | None, frozenset[str] | None]] = []
        self._at_end = is_at_end(self._tree)
        self._longest = -1  # not asked for yet

    def may_match(self, text: str, start: int = 0, end: int = sys.maxsize) -> bool:
        """Whether a stretch holds what every match holds."""
        if self._word:
            return text.find(self._word, start, end) >= 0
        return self._needed is None or self._needed.search(text, start, end) is not None

    def match(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """The match at `start`."""
        if self._longest < 0:
            self._find_edges()
        if self._opens is not None:
            if text[start : start + 1] not in self._opens:
                return None
        elif self._ways and (last := text[min(end, len(text)) - 1 : end]) != "\n":
            first = text[start : start + 1]
            for opens, closes in self._ways:
                if (opens is None or first in opens) and (closes is None or last in closes):
                    break
            else:
                return None
        return self.pattern.match(text, start, end) if self.may_match(text, start, end) else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The match of the whole text."""
        if self._longest < 0:
            self._find_edges()
        # most lines are too long, or end or begin with another character than a match does
        if (
            (self._closes is not None and text[-1:] not in self._closes)
            or (self._before_last is not None and text[-2:-1] not in self._before_last)
            or (self._opens is not None and text[:1] not in self._opens)
            or len(text) > self._longest
        ):
            return None
        return self.pattern.fullmatch(text) if self.may_match(text) else None

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """The first match."""
        if self._at_end and end >= len(text):  # the last character of the text must be one that a match ends with
            if self._longest < 0:
                self._find_edges()
            if self._closes is not None and (last := text[-1:]) not in self._closes and last != "\n":
                return None
        if len(text) - start > _LINE and end - start > _LINE and self._anchor is not None:
            return next(self._beside_anchors(self._anchor, text, start, end), None)
        if self._word:
            return self.pattern.search(text, start, end) if text.find(self._word, start, end) >= 0 else None
        if self._needed is not None and self._needed.search(text, start, end) is None:
            return None
        return self.pattern.search(text, start, end)

    def finditer(self, text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """All matches, sought at the characters that can open one, and near the words that each match holds."""
        if len(text) - start > _LINE and end - start > _LINE and self._anchor is not None:
            return self._beside_anchors(self._anchor, text, start, end)
        if not self.may_match(text, start, end):
            return _NONE
        if self._first is None or self._skips:
            return self.pattern.finditer(text, start, end)
        return self._at_openings(self._first, text, start, end)

    def _at_openings(self, first: re.Pattern[str], text: str, start: int, end: int) -> Iterator[re.Match[str]]:
        opens, match = first.search, self.pattern.match
        while head := opens(text, start, end):
            start = head.start()
            if (found := match(text, start, end)) is None:
                start += 1
                continue
            yield found
            start = max(start + 1, found.end())

    def _beside_anchors(self, anchors: _Anchors, text: str, start: int, end: int) -> Iterator[re.Match[str]]:
        """A match that begins at `start` or behind it begins at most `reach` characters before the next such word."""
        words, reach = anchors
        word = words if isinstance(words, str) else ""
        seek = None if isinstance(words, str) else words.search
        opens, match = self._first.search if self._first else None, self.pattern.match
        while True:
            if seek is None:
                anchor = text.find(word, start, end)
            else:
                anchor = found.start() if (found := seek(text, start, end)) else -1
            if anchor < 0:
                return
            start = max(start, anchor - reach)
            # the last that may open a match is the word itself, with the character behind it
            stop, found = min(anchor + 2, end), None
            while start <= anchor:
                if opens is not None:
                    if (head := opens(text, start, stop)) is None:
                        break
                    if (start := head.start()) > anchor:
                        break
                if (found := match(text, start, end)) is not None:
                    break
                start += 1
            if found is None:
                start = anchor + 1
                continue
            yield found
            start = max(start + 1, found.end())

    # -- asked for when it is first needed ----------------------------------------------------------------------------

    def _find_edges(self) -> None:
        tree = self._tree
        self._opens, _ = edge_characters(tree)
        self._closes, self._before_last = edge_characters(tree, backwards=True)
        if self._opens is None and len(ways := ways_of(tree)) > 1:
            told = [
                (edge_characters(way)[0], edge_characters(way, backwards=True)[0] if is_at_end(way) else None)
                for way in ways
            ]
            self._ways = told if all(told_of != (None, None) for told_of in told) else []
        self._longest = int(self._tree.getwidth()[1])

    @cached_property
    def _skips(self) -> bool:
        return skips(self._tree)

    @cached_property
    def _first(self) -> re.Pattern[str] | None:
        return first_characters(self._tree)

    @cached_property
    def _anchor(self) -> _Anchors | None:
        """The words beside which matches stand, and how far behind the beginning of a match; None for none near."""
        if may_be_empty(self._tree):
            return None
        held = held_words(self._tree, _FARTHEST) if not self._tree.state.flags & re.IGNORECASE else NONE_HELD
        words = held.words
        if not words or held.reach < _TELLING or (self._skips and (len(words) > 1 or len(words[0]) < _TELLING)):
            return None  # `re` itself goes from one place where a match may begin to the next
        return (words[0] if len(words) == 1 else re.compile("|".join(map(re.escape, words)))), held.reach
