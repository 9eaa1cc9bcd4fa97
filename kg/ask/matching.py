"""Words of a question to needles: the stretches of them that titles and activities hold, for a query to ask for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from kg.ask.form import Needle
from kg.ask.sentences import Word, stretches_uncovered
from kg.ask.text import plain

_ENOUGH = 0.74  # of a word must stand in the text


def words_to_needles(words: Sequence[Word], texts: Iterable[str]) -> tuple[Needle, ...] | None:
    """Needles for all words, cut as the text that covers them best has them; None where no text covers each.

    `texts` are as written: a query compares with the text as it is, so needles are cut from it.
    """
    best: tuple[float, str] | None = None
    for text in texts:
        flat = _flat(text)
        shares = [word.covered(flat) for word in words]
        if min(shares, default=0) < _ENOUGH or any(stretches_uncovered(word, flat) for word in words):
            continue
        rank = (sum(shares), text)
        if best is None or rank[0] > best[0]:
            best = rank
    if best is None:
        return None
    lowered = best[1].lower()
    out = [needle for word in words for needle in _pieces(word, lowered)]
    return tuple(dict.fromkeys(out))


@lru_cache(maxsize=50_000)
def _flat(text: str) -> str:
    """Titles and activities are compared with question after question."""
    return plain(text)


def _pieces(word: Word, text: str) -> list[Needle]:
    """The longest stretches of the best wording that stand in the text as it is written."""
    wording = max(word.wordings, key=lambda w: (word_share(w, text), w == word.text))
    pieces, at = [], 0
    while at < len(wording):
        length = next((n for n in range(len(wording) - at, 0, -1) if wording[at : at + n] in text), 0)
        if length > 1 or (length == 1 and len(wording) == 1):
            pieces.append(Needle((wording[at : at + length],)))
        at += max(length, 1)
    return pieces


def word_share(word: str, text: str) -> float:
    """The share of a word's characters that stand in the text in stretches of two or more."""
    got, at = 0, 0
    while at < len(word):
        length = next((n for n in range(len(word) - at, 1, -1) if word[at : at + n] in text), 0)
        got += length
        at += max(length, 1)
    return got / max(len(word), 1)
