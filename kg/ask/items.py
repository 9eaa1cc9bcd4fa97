"""Lists: which item of an article or a paragraph is the one that is asked about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.ask.sentences import Word
from kg.ask.text import plain
from kg.ask.windows import Window

_ITEM = re.compile(
    r"(?:^|\n)[ \u3000]*(?:[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）]|\d{1,2}[.．、](?!\d)|[^\n\t]*\t)"
)
"""What begins an item, or is the first cell of a row."""
_LIKELY, _LESS = 0.5, 0.25  # how likely an item must answer, by itself and beside the whole list
_SHARE = 0.7  # of what the whole says must the item say
_AHEAD = 0.06  # of all other items
_LEAST, _TIMES = 0.3, 1.5  # of the words, and as much as the next, must the item of a named article say


def the_item(told: Window, weighed: Sequence[Window]) -> Window | None:
    """The one item of a list that answers as the list does; None where it is the list that answers.

    A question says the words of its item; where it asks for the items, its words are those of what stands over them.
    """
    if len(_ITEM.findall(told.text)) < 2:
        return None
    inside = [
        w
        for w in weighed
        if w.document_id == told.document_id and told.start <= w.start and w.end <= told.end and w is not told
    ]
    single = [w for w in inside if _ITEM.match(w.text) and len(_ITEM.findall(w.text)) == 1 and w.slots >= told.slots]
    best = max(single, key=lambda w: (w.local, w.likely, -w.end), default=None)
    if best is None or best.likely < max(_LIKELY, told.likely - _LESS) or best.local < _SHARE * told.local:
        return None
    others = [w.local for w in inside if w.end <= best.start or best.end <= w.start]
    return best if best.local - max(others, default=0.0) >= _AHEAD else None


def item_asked(text: str, words: Sequence[Word]) -> tuple[int, int] | None:
    """Where in an article the one item stands that says the words of a question far more than the others do.

    A pair of characters counts the more the fewer items have it: 集体研究决定 tells of one, 执法过错 of most.
    """
    starts = [found.end() - len(found[0].strip()) for found in _ITEM.finditer(text)]
    pairs = [word.text[at : at + 2] for word in words if word.must for at in range(len(word.text) - 1)]
    lead = plain(text[: starts[0]]) if starts else ""
    pairs = [pair for pair in pairs if pair not in lead]  # what stands over all items tells of none
    if len(starts) < 2 or not pairs:
        return None
    items = list(zip(starts, [*starts[1:], len(text)], strict=True))
    told = [plain(text[start:end]) for start, end in items]
    holding = {pair: sum(pair in one for one in told) for pair in pairs}
    says = [sum(1 / holding[pair] for pair in pairs if pair in one) for one in told]
    best, second = sorted(says, reverse=True)[:2]
    return items[says.index(best)] if best >= _LEAST * len(pairs) and best >= _TIMES * second else None
