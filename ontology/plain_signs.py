"""A text as a telephone reads it: digits, blanks and dashes of any writing as the plain ones, one for one.

Offsets stay valid. Digits that are words elsewhere (一, ①) are taken for digits only where many stand in a row.
"""

from __future__ import annotations

import re
import unicodedata

_BLANKS = "\u3000\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500\uff0d"
_SIGNS = {
    **dict.fromkeys(map(ord, _BLANKS + _UNSEEN), " "),
    **dict.fromkeys(map(ord, _DASHES), "-"),
    **{code: chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *map(ord, "＠＋．＃／ＸｘａｔＡＴ"))},
}
_HAN = dict(zip("〇○零一二三四五六七八九壹贰叁肆伍陆柒捌玖幺两", "000123456789123456789" + "12", strict=True))
DIGIT = r"\d①-⑨⓪❶-❾➀-➈" + "".join(_HAN)
"""What may be a digit, for a class of characters."""
BETWEEN = r" \-()（）*＊xX./·" + _BLANKS + _UNSEEN + _DASHES + "／．"
"""What may stand between two digits of a number."""
_ROW = re.compile(f"[{DIGIT}]{{7,}}")  # nothing that is counted or dated is written so: 二〇二四


def plain(text: str) -> str:
    """The text with plain digits, blanks and dashes, of the same length."""
    return _ROW.sub(lambda row: "".join(map(_digit, row[0])), text.translate(_SIGNS))


def _digit(character: str) -> str:
    return _HAN.get(character) or str(unicodedata.digit(character))
