"""Text of two bytes a character (GB 18030, Big5) with a byte that is lost, added or changed.

Such a byte puts all characters after it out of step, up to the next ASCII character; most of what comes out is valid
and means nothing (一〖喽焦芾砭). Of all ways to cut the bytes of such a line into characters, the one that costs least
is taken: a common character costs nothing, a rare one something, a byte that is given up more.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property, lru_cache

from ontology.forms import Forms, load

# a shift of one byte costs one _LOST, and saves several _RARE; a letter may be the second byte of a character
_KNOWN, _RARE, _ODD, _LOST, _LETTER = 0.3, 1.0, 2.2, 2.0, 0.5
# the first level of each standard, which holds the characters in use: rows of GB/T 2312, lead bytes of Big5
_FIRST_LEVEL = {"gb18030": range(0xB0, 0xD8), "big5hkscs": range(0xA4, 0xC7)}
_SIGNS = range(0xA1, 0xA4)  # lead bytes of punctuation and full-width forms, in both
_SENSE = 0.8  # share of common characters
_MOST = 200_000  # bytes of damaged lines that are tried: a file that is all damage is no text
_CONTROLS = frozenset(range(32)) - {9, 12}
_FOUR = range(0x30, 0x3A)  # the second byte of GB 18030's characters of four bytes


def decode_in_step(data: bytes, encoding: str) -> str:
    """The text; bytes that belong to no character become U+FFFD, and what follows them is read in step again."""
    words = _words_of(load())
    text = data.decode(encoding, errors="replace")
    if not words.strange.search(text):
        return text
    out: list[str] = []
    left = _MOST
    for line in data.split(b"\n"):
        plain = line.decode(encoding, errors="replace")
        if words.strange.search(plain) and len(line) <= left:
            left -= len(line)
            cut = _cut(line, encoding, words.common)
            # a line whose bytes all decode may be a list of rare words (嘌呤、嘧啶): it gives way to plain sense alone
            plain = cut if "\ufffd" in plain or _makes_sense(plain, cut, words.common) else plain
        out.append(plain)
    return "\n".join(out)


def common_characters() -> frozenset[str]:
    """The characters that texts are made of, simplified and traditional."""
    return _words_of(load()).common


class _Words:
    def __init__(self, forms: Forms) -> None:
        self.common = frozenset("".join(forms.words("text.common")))

    @cached_property
    def strange(self) -> re.Pattern[str]:
        """Two rare characters side by side; only what is not UTF-8 is looked at for them."""
        rare = "".join(chr(n) for n in (*range(0x3400, 0xA000), *range(0xE000, 0xF900)) if chr(n) not in self.common)
        return re.compile(f"\ufffd|[{rare}][^\n]?[{rare}]")


@lru_cache(maxsize=2)
def _words_of(forms: Forms) -> _Words:
    return _Words(forms)


def _cut(line: bytes, encoding: str, common: frozenset[str]) -> str:
    """The characters of a line by the cheapest cut."""
    size = len(line)
    costs = [0.0] + [float("inf")] * size
    came: list[tuple[int, str]] = [(0, "")] * (size + 1)

    def step(at: int, to: int, char: str, cost: float) -> None:
        if costs[at] + cost < costs[to]:
            costs[to] = costs[at] + cost
            came[to] = (at, char)

    for at in range(size):
        first = line[at]
        if first < 0x80:
            glued = first >= 0x40 and at > 0 and line[at - 1] >= 0x80
            step(at, at + 1, chr(first), _ODD if first in _CONTROLS else _LETTER if glued else 0.0)
            continue
        step(at, at + 1, "\ufffd", _LOST)
        wide = 4 if at + 1 < size and line[at + 1] in _FOUR else 2
        if at + wide <= size and (char := _character(line[at : at + wide], encoding)):
            step(at, at + wide, char, 0.0 if char in common else _cost(char, encoding, line[at : at + wide]))
    out: list[str] = []
    at = size
    while at:
        at, char = came[at]
        out.append(char)
    return "".join(reversed(out))


def _alike(one: str, other: str) -> int:
    """How many characters at the beginning are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _makes_sense(plain: str, cut: str, common: frozenset[str]) -> bool:
    """Whether what a cut changes in a line are common characters and marks, for one byte that is given up."""
    first = _alike(plain, cut)
    last = len(cut) - _alike(plain[:first:-1], cut[:first:-1])
    changed = cut[first:last]
    known = sum(c in common or c.isascii() or unicodedata.category(c)[0] == "P" for c in changed)
    given_up = changed.count("\ufffd")
    return given_up <= 1 and known >= _SENSE * (len(changed) - given_up)


@lru_cache(maxsize=30_000)
def _character(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return ""


def _cost(char: str, encoding: str, data: bytes) -> float:
    """What a character that is not common costs."""
    if len(data) > 2 or "\ue000" <= char <= "\uf8ff":
        return _ODD
    if encoding == "big5hkscs" or data[1] >= 0xA1:  # below it GBK has rare characters, in any row
        if data[0] in _SIGNS:
            return 0.0
        if data[0] in _FIRST_LEVEL[encoding]:
            return _KNOWN
    return _RARE
