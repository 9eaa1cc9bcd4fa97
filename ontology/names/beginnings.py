"""Names that begin with nothing known (瑞金医院, 大宁集团): is it a name, and where does it begin?

A suffix alone is no name: 打通银行, 确保幼儿园, 承担领导小组. What speaks for one is how the words before the ending
are cut and tagged (a proper noun must open them, no verb may stand there), and its company: a list of other bodies.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.core.model import Party
from kg.core.replacing import replace

if TYPE_CHECKING:
    from ontology.names.context import Context
    from ontology.names.resolver import Resolver

_WINDOW = 32
_TO_MARK = re.compile("(?s:.*)[，。；：！？、,;:\\s“”‘’《》〈〉…—（）()\t]")
_REACH = 10  # characters behind a place in which a name that goes on ends
_AROUND = 6
_PROPER = ("ns", "nr", "nz", "nt", "nrt", "nrfg")
_INSIDE = frozenset((*_PROPER, "n", "j", "vn", "b", "l", "f", "s", "a", "an", "v", "m", "eng", "i", "q"))
_ACTING = frozenset(("v", "p", "d", "c", "u", "ul", "uj", "ud", "vd"))
_NOMINAL = frozenset((*_PROPER, "n", "j", "vn", "b", "l", "an"))
_PURPOSE = ("联席会议", "领导小组", "联席会议办公室", "领导小组办公室", "协调小组")
_PURPOSE_STEM = 4  # 部际联席会议 alone says nothing
_OPENERS = ("中国", "全国", "国家", "中华", "国际", "世界", "亚洲")
_SPECIFIC = 5  # characters of a name that is found by its form alone


def reads_as_noun(text: str) -> bool:
    """Whether the words of a short text hold no verb, preposition or adverb (一次性告知企业, 按月督促企业 do)."""
    import rjieba

    return all(tag not in _ACTING for _, tag in rjieba.tag(text))


def verbs_in(text: str) -> int:
    """How many words of a text are nothing but verbs."""
    import rjieba

    return sum(tag == "v" for _, tag in rjieba.tag(text))


def in_words(text: str, start: int, end: int) -> bool:
    """Whether a stretch begins where a word begins; at the edge of a text or behind a mark it always does."""
    import rjieba

    if not start or not "\u4e00" <= text[start - 1] <= "\u9fff":
        return True
    low = max(0, start - _AROUND)
    while low < start and not "\u4e00" <= text[low] <= "\u9fff":
        low += 1
    at = low
    for word in rjieba.cut(text[low : end + _AROUND]):
        if at == start:
            return True
        if at < start < at + len(word):
            return word.endswith(text[start : at + len(word)]) and at + len(word) >= end
        at += len(word)
    return True


def noun_before(stem: str) -> str:
    """The nouns at the end of a stretch: 数字经济发展部际 of 建立数字经济发展部际."""
    import rjieba

    words = rjieba.tag(stem)
    length = 0
    for word, tag in reversed(words):
        if tag not in _NOMINAL:
            break
        length += len(word)
    return stem[len(stem) - length :]


class ProperStart:
    """Finds names by their ending and the words before it."""

    def __init__(self, resolver: Resolver, goes_on: re.Pattern[str]) -> None:
        """`goes_on` matches behind an ending that is a part of a word: 会|堂."""
        self.resolver = resolver
        self._word_goes_on = goes_on
        grammar = resolver.grammar
        strong = sorted(grammar.strong, key=lambda ending: (-len(ending), ending))
        self._tail = resolver.forms.compile("|".join(map(re.escape, strong)))
        self._boundary = resolver.forms.pattern("mention.boundary")

    def find(self, text: str, covered: list[tuple[int, int]], context: Context) -> Iterator[Party]:
        """Names outside the spans that are covered already, in order."""
        starts = [a for a, _ in covered]
        for found in self._tail.finditer(text):
            purpose = found[0] in _PURPOSE
            n = bisect_right(starts, found.start()) - 1
            if n >= 0 and covered[n][1] > found.start():
                continue
            if n + 1 < len(covered) and covered[n + 1][0] < found.end():
                continue
            low = max(found.start() - _WINDOW, covered[n][1] if n >= 0 else 0)
            window = text[low : found.start()]
            cut = self._last_boundary(window)
            stem = window[cut:]
            if purpose:
                noun = noun_before(stem)
                cut += len(stem) - len(noun)
                stem = noun
                if len(stem) < _PURPOSE_STEM:
                    continue
            elif len(stem) < 2 or not self._opens_with_a_name(stem + found[0], len(stem)):
                continue
            name = stem + found[0]
            if len(name) < _SPECIFIC - 1 or self._goes_on(text, found.end()):
                continue
            parties = self.resolver.resolve(name, context)
            if purpose and not parties:
                home = context.place.qualified if context.place else None
                parties = (Party(name, name, place=home, category="议事协调机构", rule="grammar", confidence=0.6),)
            if len(parties) == 1 and parties[0].rule in ("grammar", "form", "gazetteer") and not self._sort(name):
                yield replace(parties[0], start=low + cut, end=found.end())

    def _last_boundary(self, window: str) -> int:
        """Where the words that may belong to a name begin: behind the last mark, and the last word that ties clauses.

        A boundary is a word of its own: 经 in 经济 is none.
        """
        import rjieba

        cut = len(window) - len(_TO_MARK.sub("", window, count=1))
        if not self._boundary.search(window, cut):
            return cut
        at = cut
        for word in rjieba.cut(window[cut:]):
            at += len(word)
            if self._boundary.fullmatch(word):
                cut = at
        return cut

    def _sort(self, name: str) -> bool:
        return self.resolver.grammar.is_sort(name) or self.resolver.grammar.is_loose(name)

    def _goes_on(self, text: str, end: int) -> bool:
        if self._word_goes_on.match(text, end) or text.startswith(("各成员单位", "成员单位"), end):
            return True
        if (place := self.resolver.places.at(text[end : end + _WINDOW])) is not None:
            after = end + place.length  # 某大学|广州国际科技中心: one name that goes on with a place
            if self.resolver.grammar.ends.search(text, after, after + _REACH):
                return True
        following = text[end : end + 1]
        return "\u4e00" <= following <= "\u9fff" and following in "员长生业化级类型"

    @staticmethod
    def _opens_with_a_name(words: str, stem: int) -> bool:
        """Whether the first word is a proper noun and none before the ending is a verb, preposition or particle."""
        import rjieba  # its dictionary costs memory: only where such a name may stand

        if words.startswith(_OPENERS):
            return True
        at = 0
        for n, (word, tag) in enumerate(rjieba.tag(words)):
            if at >= stem:
                break
            if n == 0 and tag not in _PROPER:
                return False
            if tag not in _INSIDE:
                return False
            at += len(word)
        return True
