"""Words found in texts, leftmost and longest: by an automaton in long texts, by looking stretches up in a short one.

The automaton over the names of some thousand documents takes a tenth of a second to build; a question of fifty
characters has a thousand stretches, which a table knows or not in less than a thousandth.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

_SHORT = 200  # characters of a text that is looked through without the automaton, where there is none yet
_OFTEN = 50  # short texts after which it pays


class Longest:
    """Finds words as `AhoCorasick` with `MatchKind.LeftmostLongest` does; none of them may be empty or stand twice."""

    def __init__(self, words: Iterable[str]) -> None:
        self._numbers = {word: number for number, word in enumerate(words)}
        self._longest = max(map(len, self._numbers), default=0)
        self._first = {word[:1] for word in self._numbers}
        self._automaton: AhoCorasick | None = None
        self._asked = 0

    def find_matches_as_indexes(self, text: str) -> list[tuple[int, int, int]]:
        """(number of the word, start, end) of each match, in order, without overlaps."""
        self._asked += 1
        if self._automaton is None and len(text) <= _SHORT and self._asked <= _OFTEN:
            return self._looked_up(text)
        if self._automaton is None:
            from ahocorasick_rs import AhoCorasick, MatchKind

            self._automaton = AhoCorasick(list(self._numbers), matchkind=MatchKind.LeftmostLongest)
        return self._automaton.find_matches_as_indexes(text)

    def _looked_up(self, text: str) -> list[tuple[int, int, int]]:
        found: list[tuple[int, int, int]] = []
        at = 0
        while at < len(text):
            if text[at] in self._first:
                for end in range(min(len(text), at + self._longest), at, -1):
                    if (number := self._numbers.get(text[at:end])) is not None:
                        found.append((number, at, end))
                        at = end - 1
                        break
            at += 1
        return found
