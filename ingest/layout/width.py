"""The column at which the lines of a text were wrapped, found from where its unfinished lines end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_NARROWEST, _WIDEST = 24, 130  # columns; 12 Han characters are a caption, 65 are more than A4 holds
_BY_LENGTH = 0.8  # share of unfinished lines that a wrapping program makes equally long; the rest are headings
_SECOND_PEAK = 0.3
_MOSTLY = 0.9
_FEW = 3  # unfinished lines of one width; two may be headings


@dataclass(frozen=True, slots=True)
class Measure:
    """Lines are full at `width` (columns, or characters), give or take `slack`; a first line is `indent` shorter."""

    width: int
    slack: int
    indent: int
    columns: bool = True

    def of(self, text: str) -> int:
        """How wide a text is in this measure."""
        return columns(text) if self.columns else len(text)


def columns(text: str) -> int:
    """Half-width columns. A Han character has three bytes in UTF-8 and two columns, a Latin one has one of both."""
    return (len(text.encode("utf-8", "surrogatepass")) + len(text)) // 2


def wrap_width(widths: list[int]) -> int | None:
    """The column at which lines are wrapped, or None when each line is a paragraph of its own.

    Wrapped text has many lines within three Han characters of one common width; free text has not.
    """
    long = sorted(w for w in widths if w >= _NARROWEST)
    if len(long) < 8:
        return None
    width = long[int(len(long) * 0.9)]
    near = sum(width - 6 <= w <= width + 4 for w in long)
    return width if width <= _WIDEST and near >= 0.45 * len(long) else None


def texts_to_measure(texts: Sequence[str], unfinished: Sequence[bool]) -> Measure | None:
    """The measure of wrapped lines; `unfinished` says which end inside a sentence, as wrapped lines mostly do.

    A program that wraps counts characters, a page counts columns: the measure in which more of the unfinished lines
    agree is taken. None where they agree in neither.
    """
    wide = [columns(t) for t in texts]
    # what is wider than a page is a whole paragraph: part of a text may be mended already
    long = [i for i, w in enumerate(wide) if _NARROWEST <= w <= _WIDEST]
    if len(long) < _MOSTLY * sum(w >= _NARROWEST for w in wide) or not long:
        return None
    by_columns = _measure([wide[i] for i in long], [wide[i] for i in long if unfinished[i]], columns=True)
    by_length = _measure([len(texts[i]) for i in long], [len(texts[i]) for i in long if unfinished[i]], columns=False)
    if by_length and by_length[0] >= _BY_LENGTH and (not by_columns or by_columns[0] < by_length[0]):
        return by_length[1]
    if by_columns:
        return by_columns[1]
    width = wrap_width(wide)
    return None if width is None else Measure(width, 6, 4)


def _measure(all_: list[int], open_: list[int], *, columns: bool) -> tuple[float, Measure] | None:
    """The measure, with the share of the unfinished lines that reach it."""
    unit = 2 if columns else 1
    if len(open_) < _FEW:
        return None
    counts = Counter(open_)
    # the width that most unfinished lines have, among those that next to no line is wider than
    allowed = max(1, len(all_) // 20)
    top = sorted(all_, reverse=True)[min(allowed, len(all_) - 1)]
    near = {w: counts[w] + counts[w - 1] + counts[w + 1] for w in counts if top - 4 * unit <= w <= top + 2 * unit}
    if not near:
        return None
    width = max(near, key=lambda w: (near[w], w))
    # where most paragraphs have one or two lines, first lines outnumber the full ones
    full_too = [w for w in near if 1.5 * unit <= w - width <= 3 * unit and near[w] >= _SECOND_PEAK * near[width]]
    width = max(full_too, key=lambda w: near[w], default=width)
    exact = sum(width - unit <= w <= width + 1 for w in open_)
    full = sum(width - 3 * unit - 1 <= w <= width + 2 for w in open_)
    if full < _FEW or full < 0.3 * len(open_) or columns_of(width, columns=columns) > _WIDEST:
        return None
    slack = (3 if columns else 1) if exact >= 0.5 * full else 3 * unit
    return _agreement(counts, width, 2 * unit, columns=columns), Measure(width, slack, 2 * unit, columns)


def _agreement(counts: Counter[int], width: int, indent: int, *, columns: bool) -> float:
    """The share of lines that are just full, first lines being shorter by the indent; a program counts exactly."""
    if columns:
        just = range(width - 1, width + 2)
        return sum(counts[w] + counts[w - indent] for w in just) / counts.total()
    return max(counts[w] + counts[w - indent] for w in (width - 1, width, width + 1)) / counts.total()


def columns_of(width: int, *, columns: bool) -> int:
    """A width in columns, a character taken for a Han one."""
    return width if columns else 2 * width
