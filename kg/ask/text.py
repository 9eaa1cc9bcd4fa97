"""Text as questions and facts are compared: one normal form, pairs of characters, weights."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache, lru_cache

from kg.core.text import CJK

_QUOTES = re.compile(r"[“”\"'‘’「」『』《》〈〉\s]+")
_RUN = re.compile(rf"[{CJK}]+|[a-z]+|\d+(?:\.\d+)?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def clean(text: str) -> str:
    """One line, NFKC, without control characters; half-width question marks and commas become full-width."""
    text = unicodedata.normalize("NFKC", _SURROGATE.sub("", _CONTROL.sub(" ", text)))
    return re.sub(r"\s+", " ", text).strip()


@lru_cache(maxsize=1 << 12)  # a question compares the same titles and stretches again and again
def plain(text: str) -> str:
    """The form in which names are looked up: NFKC, lower case, no blanks, no quotation marks or 《》."""
    return _QUOTES.sub("", unicodedata.normalize("NFKC", text)).lower()


_BETWEEN = "\0"  # joins with no character, and is no blank


def all_plain(texts: Sequence[str]) -> list[str]:
    """Many texts in that form, made at once."""
    whole = plain.__wrapped__(_BETWEEN.join(texts)).split(_BETWEEN) if texts else []
    return whole if len(whole) == len(texts) else [plain.__wrapped__(text) for text in texts]


def grams(text: str) -> list[str]:
    """Pairs of neighbouring Han characters, Latin words, numbers; never across punctuation."""
    out: list[str] = []
    for run in _RUN.findall(plain(text)):
        if len(run) > 1 and run[0] >= "\u3400":
            out += [run[i : i + 2] for i in range(len(run) - 1)]
        else:
            out.append(run)
    return out


class Weights:
    """How telling a pair of characters is: log(N / number of passages that hold it).

    `frequency` tells that number (the full-text index does), `total` is N.
    """

    def __init__(self, frequency: Callable[[str], int], total: int) -> None:
        self.frequency = cache(frequency)
        self.total = max(total, 1)

    def known(self, gram: str) -> bool:
        """Whether any held passage has it; a character and a figure are no pair."""
        return bool(_RUN.fullmatch(gram)) and self.frequency(gram) > 0

    def __call__(self, gram: str) -> float:
        """The weight; the highest for what only one passage has."""
        return 0.3 + math.log((self.total + 1) / (self.frequency(gram) + 1))


@cache
def sent_out(kinds: tuple[str, ...]) -> str:
    """A regular expression for titles of notices that send out a document of some kinds: 印发《…办法（试行）》的通知.

    Without groups that do not capture: queries hold it too (XPath has none).
    """
    return f"({'|'.join(map(re.escape, kinds))})([（(][^（）()]{{1,8}}[)）])?[》”]?的(通知|公告|函|决定)$"
