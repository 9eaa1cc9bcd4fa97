"""Lists: which item of an article or a paragraph is the one that is asked about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.ask.sentences import Word
from kg.ask.text import plain
from kg.ask.windows import Window

_ITEM = re.compile(
    r"(?:^|\n)[ \u3000]*(?:[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）]|\d{1,2}[.．、](?!\d)|[^\n\t]*\t)"
)
"""What begins an item, or is the first cell of a row."""
_LESS = 0.25  # likely than the whole list may an item be
_SHARE = 0.7  # of what the whole says must the item say
_AHEAD = 0.06  # of all other items
_LEAST, _TIMES = 0.3, 1.5  # of the words, and as much as the next, must the item of a named article say
_FEW = 1  # pairs of the words that another item alone has


def the_item(told: Sequence[Window], weighed: Sequence[Window]) -> Window | None:
    """Of what may be `told`, best first, the one item of a list that answers as the first, the list, does.

    None where it is the list that answers: a question says the words of its item; where it asks for the items, its
    words are those of what stands over them. The item itself must hold all that is asked for.
    """
    first = told[0]
    if len(_ITEM.findall(first.text)) < 2:
        return None
    inside = [w for w in weighed if w is not first and _lies_within(w, first)]
    held = (w for w in told[1:] if w.slots == 1 and _lies_within(w, first))
    single = [w for w in held if _ITEM.match(w.text) and len(_ITEM.findall(w.text)) == 1]
    best = max(single, key=lambda w: (w.local, w.likely, -w.end), default=None)
    if best is None or best.likely < first.likely - _LESS or best.local < _SHARE * first.local:
        return None
    others = [w.local for w in inside if w.end <= best.start or best.end <= w.start]
    return best if best.local - max(others, default=0.0) >= _AHEAD else None


def _lies_within(window: Window, other: Window) -> bool:
    return window.document_id == other.document_id and other.start <= window.start and window.end <= other.end


@dataclass(frozen=True, slots=True)
class Items:
    """Where the items of an article stand, the last without what the article goes on with behind it."""

    spans: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, text: str) -> Items:
        """Those of a text; none where it has no list."""
        starts = [found.end() - len(found[0].lstrip("\n \u3000")) for found in _ITEM.finditer(text)]
        if not starts:
            return cls(())
        last = text.find("\n", starts[-1])
        return cls(tuple(pairwise((*starts, last if last >= 0 else len(text)))))

    def asked(self, text: str, words: Sequence[Word]) -> tuple[int, int] | None:
        """The one item that says the words of a question far more than the others do; None where there is none such.

        A pair of characters counts the more the fewer items have it: 集体研究决定 tells of one, 执法过错 of most.
        """
        if len(self.spans) < 2:
            return None
        lead = plain(text[: self.spans[0][0]])  # what stands over all items tells of none
        of_words = [[p for p in _pairs(word.text) if p not in lead] for word in words if word.must]
        pairs = [pair for some in of_words for pair in some]
        if not pairs:
            return None
        told = [plain(text[start:end]) for start, end in self.spans]
        holding = {pair: sum(pair in one for one in told) for pair in pairs}
        says = [sum(1 / holding[pair] for pair in pairs if pair in one) for one in told]
        best, second = sorted(says, reverse=True)[:2]
        if best < _LEAST * len(pairs) or best < _TIMES * second:
            return None
        chosen = says.index(best)
        others = [p for some in of_words if len(some) > 1 for p in some if holding[p] == 1 and p not in told[chosen]]
        return None if len(others) > _FEW else self.spans[chosen]  # two items are asked about


def _pairs(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(len(text) - 1)]
