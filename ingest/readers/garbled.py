"""Text that some program has decoded wrongly and stored so: å…³äºŽ for 关于, 鑻忓窞 for 苏州, ËÕÖÝ for 苏州.

What one wrong reading has made, one wrong writing undoes, as long as no byte was lost on the way; what was lost
(锟斤拷 stands for it) is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape

from ontology.forms.quick import Quick

_WRONGLY = ("cp1252", "latin-1", "gb18030")  # what it was taken for
_RIGHTLY = ("utf-8", "gb18030")  # what it was
_SAMPLE = 4000
_SENSIBLE = 0.8  # share of common characters: more than of any text that is in order by chance
_SENSELESS = 0.5
_LATIN = re.compile("[\u0080-\u00ff\u0152-\u0178\u02c6\u02dc\u2013-\u203a\u20ac\u2122]")
_MOSTLY = 0.4  # share of such characters in text that was taken for Western
_WRITTEN = re.compile(r"&(?:nbsp|e[mn]sp|thinsp|[lr][ds]quo|quot|[mn]dash|middot|hellip|#\d{2,5});")
_LOST = Quick(re.compile("锟斤拷|\u00ef\u00bf\u00bd|烫{3,}|屯{4,}"))


def ungarbled(text: str, sense_of: Callable[[str], float]) -> str | None:
    """The text as it was written; None where it is in order, or cannot be undone. `sense_of` judges by characters."""
    sample = text[:_SAMPLE]
    western = len(_LATIN.findall(sample)) >= _MOSTLY * len("".join(sample.split()))
    if not western and sense_of(sample) >= _SENSELESS:
        return None
    for wrongly in _WRONGLY if western else _WRONGLY[-1:]:
        for back in _undone(text, wrongly):
            if _holds_han(back) and sense_of(back) >= _SENSIBLE:
                return back
    return None


def with_signs(text: str) -> str:
    """The text with the signs that a database has written as entities: nobody means to show &ldquo; so."""
    return _WRITTEN.sub(lambda found: unescape(found[0]), text) if "&" in text else text


def lost_characters(text: str) -> int:
    """In how many places stands what another program writes for characters that it could not decode."""
    return sum(1 for _ in _LOST.finditer(text))


def _undone(text: str, wrongly: str) -> Iterator[str]:
    try:
        data = b"".join(_bytes(char, wrongly) for char in text) if wrongly == "cp1252" else text.encode(wrongly)
    except UnicodeEncodeError:
        return
    for rightly in _RIGHTLY:
        try:
            yield data.decode(rightly)
        except UnicodeDecodeError:
            continue


def _bytes(char: str, encoding: str) -> bytes:
    """A byte that the code page does not know is kept as it is by programs of the Web."""
    return char.encode("latin-1") if "\x80" <= char <= "\x9f" else char.encode(encoding)


def _holds_han(text: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in text[:_SAMPLE])
