"""What a text says of something else: of the other half of the year, or what a sum does not hold.

Covering words tells nothing of this: 上半年 and 下半年 share two characters of three, and （不含物业管理费） names the
fee.
"""

from __future__ import annotations

from collections.abc import Iterable

from ontology.forms import Forms


def of_another(question: str, text: str, heads: str, around: str, forms: Forms) -> bool:
    """Whether a text, or the heads that it stands under, has the opposite of a word of the question.

    Not where the word itself stands in it or around it.
    """
    for row in forms.rows("opposed.words"):
        if asked := _held(row["words"], question):
            told = _held(row["words"], text) or _held(row["words"], heads)
            if told and not told & asked and not asked & _held(row["words"], around):
                return True
    return False


def without_left_out(text: str, question: str, forms: Forms) -> str:
    """The text without what it says to be left out, unless just that is asked for."""
    pattern = forms.pattern("said.left_out")
    return text if pattern.search(question) else pattern.sub("", text)


def _held(words: Iterable[str], text: str) -> set[str]:
    """The words of a row that a text has, none as a part of another (全日制 of 非全日制)."""
    out: set[str] = set()
    for word in sorted(words, key=len, reverse=True):
        if word in text:
            out.add(word)
            text = text.replace(word, "|")
    return out
