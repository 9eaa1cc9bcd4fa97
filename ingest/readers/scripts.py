"""Raised and lowered characters beside a number: which of them belong to it.

3200¹家 is 3200 with a note mark; 10⁴ and m² are powers; CO₂ and PM₂.₅ are names. A format that only says "raised"
(docx, pdf, html) leaves it to the words around.
"""

from __future__ import annotations

import re

_MARK = re.compile(r"[\[［〔(（]?[\d①-⑳*＊※#†,，、\-–~～注]{1,12}[\]］〕)）]?")
_POWER = re.compile(r"[-−–+]?\d{1,3}|[a-z]")
_UNIT = re.compile(r"(?:(?<![A-Za-z])(?:[kcdmnμ]?m|s|h)|[米尺秒]|[)）])$")
_TEN = re.compile(r"(?P<times>[×xX*·])?\s?(?<![\d.,])10$")
_LOW_POWERS = frozenset("12")  # 10¹家, 10²家 are the number ten with a note; 10³ and above are powers
RAISED = str.maketrans("0123456789+-−–n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻ⁿ")


def raised(words: str, before: str) -> str:
    """Raised words as they are to stand in the text after `before`; "" for the mark of a note.

    raised("4", "覆盖面积10")  # ⁴
    raised("1", "检查企业3200")  # nothing
    """
    text = words.strip()
    if not text or not before.strip():
        return words  # at the head of a line it is the note's own number
    if _POWER.fullmatch(text):
        ten = _TEN.search(before)
        if _UNIT.search(before) or (ten and (ten["times"] or text not in _LOW_POWERS)):
            return text.translate(RAISED)
    return "" if _MARK.fullmatch(text) else words
