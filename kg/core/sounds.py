"""How characters sound, whatever the tone: who types by sound writes 一战式 for 一站式."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_RARER = b"\xd8"  # characters of the second level are encoded from here on


@cache
def _readings() -> dict[str, str]:
    """Character -> pinyin without tone, for the 6,763 characters of GB 2312 (made with pypinyin)."""
    table: dict[str, str] = {}
    for line in Path(__file__).with_name("pinyin.txt").read_text(encoding="utf-8").splitlines():
        reading, _, characters = line.partition(" ")
        table.update(dict.fromkeys(characters, reading))
    return table


def sound(text: str) -> str:
    """How a text sounds: pinyin joined by blanks; characters without a reading stand for themselves.

    >>> sound("一战式") == sound("一站式")
    True
    """
    table = _readings()
    return " ".join(table.get(char, char) for char in text)


@cache
def _together() -> dict[str, str]:
    characters: dict[str, str] = {}
    for character, reading in _readings().items():
        if character.encode("gb2312") < _RARER:
            characters[reading] = characters.get(reading, "") + character
    return characters


def homophones(character: str) -> str:
    """The other characters that sound like one, of the 3,755 in common use (GB 2312, first level)."""
    return _together().get(_readings().get(character, ""), "").replace(character, "")
