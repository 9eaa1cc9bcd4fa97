"""Characters that only look like those that are meant, one for one: ⽴ for 立, ⻓ for 长, 不 (U+F967) for 不.

Fonts give one picture to a word and to the radical that it is (CJK Radicals, U+2E80 to U+2FD5); what is copied out of a
PDF, from macOS, or recognised by some programs brings the radical. NFKC knows the Kangxi radicals and the compatibility
ideographs; of the supplement (U+2E80 to U+2EF3) it knows two, the others stand below.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from ingest.readers.base import RawDocument

_KNOWN = ((0x2F00, 0x2FD6), (0xF900, 0xFB00), (0x2F800, 0x2FA20))  # to NFKC
_SUPPLEMENT = (
    "⺁厂⺄乙⺅亻⺉刂⺊卜⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺖忄⺗㣺⺘扌⺙攵⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺨犭⺪疋⺫目⺬示⺭礻⺮竹⺰纟⺲罒⺶羊⺷羊"
    "⺹耂⺻聿⺼肉⺽臼⺾艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏阝⻐钅⻑長⻒镸⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞"
    "⻝食⻟飠⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
_MEANT = {
    **dict(zip(_SUPPLEMENT[::2], _SUPPLEMENT[1::2], strict=True)),
    **{
        chr(n): meant
        for a, b in _KNOWN
        for n in range(a, b)
        if len(meant := unicodedata.normalize("NFKC", chr(n))) == 1
    },
}
_TABLE = str.maketrans({char: meant for char, meant in _MEANT.items() if char != meant})
_ALIKE = re.compile("[⺀-\u2fd5\uf900-\ufaff\U0002f800-\U0002fa1f]")


def as_meant(text: str) -> str:
    """The text with the characters that are meant; as long as it was.

    as_meant("⻓效管理，⽴即整改")  # 长效管理，立即整改
    """
    return text.translate(_TABLE) if _ALIKE.search(text) else text


def lines_as_meant(raw: RawDocument) -> RawDocument:
    """A document whose lines, and what is said of it, have the characters that are meant."""
    if not _ALIKE.search("\n".join((*(line.text for line in raw.lines), *raw.metadata.values()))):
        return raw
    lines = tuple(replace(line, text=as_meant(line.text)) for line in raw.lines)
    return replace(raw, lines=lines, metadata={key: as_meant(value) for key, value in raw.metadata.items()})
