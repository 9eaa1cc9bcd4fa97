"""Text to index terms: CJK bigrams, Latin words, numbers; document numbers and 《titles》 as whole keys.

Bigrams without a segmenter did better than jieba words on law questions (R@10 .465 against .461) at a tenth of
the cost (docs/decisions/0004). The terms are joined by blanks for tantivy's `whitespace` tokenizer, so the
index and the query always agree on them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from operator import add
from pathlib import Path

from kg.core.ids import number_key, title_key
from kg.core.text import CJK

# 发文字号 (GB/T 9704-2012 §7.2.5): 青质办〔2024〕72号, also with [], (), （）, 【】 or „‟ and stray blanks;
# and order numbers: 国家市场监督管理总局令第75号.
_DOCUMENT_NUMBER = re.compile(
    rf"[{CJK}A-Za-z]{{1,16}}\s*[〔\[(（【„〈]\s*(?:19|20)\d{{2}}\s*[〕\])）】‟〉]\s*(?:第\s*)?\d{{1,5}}\s*号"
    rf"|[{CJK}]{{2,20}}令\s*第\s*\d{{1,5}}\s*号"
)
_TITLE = re.compile(r"《([^《》]{2,80}(?:〈[^〈〉]*〉[^《》]*)?)》")
_RUN = re.compile(rf"[{CJK}]+|[a-z]+|\d+(?:\.\d+)?")


def is_run(text: str) -> bool:
    """Whether a text is all of one kind, characters, letters or a number: others are parted, and are no term."""
    return _RUN.fullmatch(text) is not None


@cache
def simplified() -> dict[str, str]:
    """Character map made with OpenCC's `t2s`, one character for one (`simplified.txt`; a test compares them)."""
    source, target = (Path(__file__).parent / "simplified.txt").read_text(encoding="utf-8").splitlines()
    return dict(zip(source, target, strict=True))


@cache
def _simplified() -> dict[int, int]:
    return {ord(source): ord(target) for source, target in simplified().items()}


def normalise(text: str) -> str:
    """NFKC, lower case, traditional to simplified. The length may change: not for offsets."""
    return unicodedata.normalize("NFKC", text).lower().translate(_simplified())


def normalise_aligned(text: str) -> str:
    """As `normalise`, but one character for one, so that positions hold in the original (for highlights)."""
    return text.translate(_ALIGNED)


class _Aligned(dict[int, str]):
    """Folded form of a character, found once: `str.translate` asks for the missing ones."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = normalise(char)
        self[code] = folded if len(folded) == 1 else char
        return self[code]


_ALIGNED = _Aligned()


def folded_character(code: int) -> str:
    """The one character that `normalise_aligned` makes of a character."""
    return _ALIGNED[code]


def terms(text: str) -> list[str]:
    """Index terms in the order of the text.

    >>> terms("质量月 GB/T 9704，2024年")
    ['质量', '量月', 'gb', 't', '9704', '2024', '年']
    """
    out: list[str] = []
    for run in _RUN.findall(normalise(text)):
        if len(run) > 1 and not run[0].isascii():
            out += map(add, run, run[1:])
        else:
            out.append(run)
    return out


@lru_cache(maxsize=4096)
def word_terms(word: str) -> tuple[str, ...]:
    """`terms` of a word that is met again and again: those that stand for one another are a few hundred."""
    return tuple(terms(word))


def presplit(text: str) -> str:
    """`terms` joined by blanks, the form in which tantivy gets every text field."""
    return " ".join(terms(text))


def document_numbers(text: str) -> list[str]:
    """Keys of the 文号 written in a text, each longest first: the mark may have words glued in front.

    `根据青质办〔2024〕72号` yields keys for every tail of the Han run before the bracket that has two or more
    characters, because no rule can tell where the mark begins; an exact key comparison then decides.
    """
    keys: list[str] = []
    if "号" not in text:  # saves most passages the pattern
        return keys
    for match in _DOCUMENT_NUMBER.finditer(text):
        key = number_key(match[0])
        head = re.match(rf"[{CJK}A-Za-z]*", key)
        length = len(head[0]) if head else 0
        keys += [key[i:] for i in range(max(1, length - 1))]
    return keys


def titles(text: str) -> list[str]:
    """Keys of the 《titles》 in a text, as `kg.core.ids.title_key` compares them."""
    return [key for match in _TITLE.finditer(text) if (key := title_key(match[1]))]


def phrases(query: str) -> list[str]:
    """The parts of a query in quotes (“”, "", 「」), which must occur word for word."""
    return [p for group in re.findall(r"“([^“”]+)”|\"([^\"]+)\"|「([^「」]+)」", query) for p in group if p.strip()]
