"""How telling a character is, for what a question and a passage have in common when they do not share a word.

退货 is asked for and 退回 is written, 补 stands for 补助: they share the character that says what it is about.
`characters.txt` holds the characters that at least one in 400 passages has, in rows after the logarithm of how few have
them, in steps of a half: counted over 24,936 passages of laws and official documents. All others are rare.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from kg.core.text import CJK

RARE = 6.0
_CHARACTER = re.compile(rf"[{CJK}]")


@cache
def _weights() -> dict[str, float]:
    lines = (Path(__file__).parent / "characters.txt").read_text(encoding="utf-8").splitlines()
    return {character: float(weight) for weight, row in (line.split(" ") for line in lines) for character in row}


def telling_characters(text: str) -> dict[str, float]:
    """The Chinese characters of a normalised text, each once, with their weights."""
    weights = _weights()
    return {character: weights.get(character, RARE) for character in dict.fromkeys(_CHARACTER.findall(text))}
