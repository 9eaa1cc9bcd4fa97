"""What a text says of something else: of the other half of the year, what is done where not doing it is asked about.

Covering words tells nothing of this: 上半年 and 下半年 share two characters of three, and （不含物业管理费） names the
fee.
"""

from __future__ import annotations

from collections.abc import Iterable

from kg.ask.sentences import denied
from kg.ask.text import plain
from ontology.forms import Forms


class Opposites:
    """The words of a question that have opposites, looked up once for all texts."""

    def __init__(self, question: str, forms: Forms, *, lead: str = "", sums: bool = False) -> None:
        """`lead` is what stands before a part of a question: it tells of what, where the part itself does not."""
        rows = [sorted(row["words"], key=len, reverse=True) for row in forms.rows("opposed.words")]
        self._asked = [(row, asked) for row in rows if (asked := _held(row, question) or _held(row, lead))]
        breach = forms.find("said.penalty", question) is not None  # 没有备案的罚多少
        things = [f["thing"] for f in forms.pattern("said.not_done").finditer(question)] if breach else []
        self._not_done = [thing for thing in things if not forms.find("said.penalty", thing)]  # 没罚款, 只警告
        self._denying = forms.pattern("said.denying")
        names = ("said.left_out", *(("said.excepted",) if sums else ()))
        patterns = map(forms.pattern, names)
        self._left_out = [one for one in patterns if not one.search(question)]  # unless just that is asked for

    def speaks_of_another(self, text: str, heads: str, around: str) -> bool:
        """Whether a text, or the heads that it stands under, has the opposite of a word of the question.

        Not where the word itself stands in it or around it.
        """
        for row, asked in self._asked:
            told = _held(row, text) or _held(row, heads)
            if told and not told & asked and not asked & _held(row, around):
                return True
        return False

    def denies(self, text: str) -> bool:
        """Whether a text denies what a question of a penalty says is not done; True for any other question."""
        return all(denied(plain(thing), text, self._denying) for thing in self._not_done)

    def says_it(self, text: str) -> bool:
        """Whether the text itself has those words of the question that have opposites: 一级, not the next grade."""
        return bool(self._asked) and all(asked & _held(row, text) for row, asked in self._asked)

    def without_left_out(self, text: str) -> str:
        """The text without what it says to be left out."""
        for pattern in self._left_out:
            text = pattern.sub("", text)
        return text


def _held(words: Iterable[str], text: str) -> set[str]:
    """The words of a row, longest first, that a text has, none as a part of another (全日制 of 非全日制)."""
    out: set[str] = set()
    for word in words:
        if word in text:
            out.add(word)
            text = text.replace(word, "|")
    return out
