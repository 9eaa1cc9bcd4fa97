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
    best_of_all = told[0]
    if len(_ITEM.findall(best_of_all.text)) < 2:
        return None
    inside = [w for w in weighed if w is not best_of_all and _lies_within(w, best_of_all)]
    single = [
        w
        for w in told[1:]
        if _lies_within(w, best_of_all) and _ITEM.match(w.text) and len(_ITEM.findall(w.text)) == 1 and w.slots == 1
    ]
    best = max(single, key=lambda w: (w.local, w.likely, -w.end), default=None)
    if best is None or best.likely < best_of_all.likely - _LESS or best.local < _SHARE * best_of_all.local:
        return None
    others = [w.local for w in inside if w.end <= best.start or best.end <= w.start]
    return best if best.local - max(others, default=0.0) >= _AHEAD else None


def _lies_within(window: Window, other: Window) -> bool:
    return window.document_id == other.document_id and other.start <= window.start and window.end <= other.end


def item_asked(text: str, words: Sequence[Word]) -> tuple[int, int] | None:
    """Where in an article the one item stands that says the words of a question far more than the others do.

    A pair of characters counts the more the fewer items have it: 集体研究决定 tells of one, 执法过错 of most.
    """
    starts = [found.end() - len(found[0].lstrip("\n \u3000")) for found in _ITEM.finditer(text)]
    lead = plain(text[: starts[0]]) if starts else ""
    words = [word for word in words if word.must]
    of_words = [[pair for pair in _pairs(word.text) if pair not in lead] for word in words]  # that of all tells of none
    pairs = [pair for some in of_words for pair in some]
    if len(starts) < 2 or not pairs:
        return None
    last = text.find("\n", starts[-1])  # behind it the article may go on
    items = list(zip(starts, [*starts[1:], last if last >= 0 else len(text)], strict=True))
    told = [plain(text[start:end]) for start, end in items]
    holding = {pair: sum(pair in one for one in told) for pair in pairs}
    says = [sum(1 / holding[pair] for pair in pairs if pair in one) for one in told]
    best, second = sorted(says, reverse=True)[:2]
    chosen = says.index(best)
    if best < _LEAST * len(pairs) or best < _TIMES * second:
        return None
    others = [
        pair for some in of_words if len(some) > 1 for pair in some if holding[pair] == 1 and pair not in told[chosen]
    ]
    return None if len(others) > _FEW else items[chosen]  # two items are asked about


def items_of(text: str) -> tuple[int, int]:
    """Where the items of an article begin, and where its text goes on behind the last; it has some."""
    starts = [found.end() - len(found[0].lstrip("\n \u3000")) for found in _ITEM.finditer(text)]
    last = text.find("\n", starts[-1])
    return starts[0], last if last >= 0 else len(text)


def _pairs(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(len(text) - 1)]
