"""What else a word of a question may be called: synonyms by data (`same.*`), numbers in the other writing.

What stands in a place of a word is replaced there, never again: a wording of a wording would be of another thing
(资金 as 款项, 款项 as 货款).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache, partial
from itertools import islice

from kg.ask.text import all_plain
from kg.core.numerals import number_to_chinese, whole_number
from ontology.forms import Forms

_MOST = 16  # wordings of one word that are tried
_KINDS = ("same.words", "same.everyday", "search.same")
TENTHS = re.compile(r"([一二两三四五六七八九])成(?![员立为绩果功就效本都])")
PLAN = re.compile("(十[一二三四五六七])五")
"""A five-year plan: 十二五."""
_TIES = ("—", "-", "至")
_BEFORE_PLANS = 1951  # the first plan, without a number of its own in words, began in 1953
_HAN_NUMBER = re.compile(
    r"[一二两三四五六七八九十]{1,3}(?=个?[年月天日岁次级倍人名家])|[一二两三四五六七八九十百千]{1,6}(?=[万亿])|(?<=第)[一二三四五六七八九十百零]{1,6}"
)
_NUMBER = re.compile(r"(?<!\d)\d{1,2}(?=个?[年月天日岁次级倍人名家])|(?<=第)\d{1,3}")


def wordings_of(text: str, forms: Forms) -> tuple[str, ...]:
    """The word with what stands for its parts in its place: 骑电瓶车 as 骑电动自行车, 满三年 as 满3年, 四成 as 40%."""
    numbers = [_HAN_NUMBER.sub(_in_digits, text), _NUMBER.sub(_in_han, text), TENTHS.sub(_in_per_cent, text)]
    numbers += [PLAN.sub(partial(_in_years, tie=tie), text) for tie in _TIES]
    found = dict.fromkeys((text, *numbers))
    for known in list(found):
        found |= dict.fromkeys(islice(_replaced(known, list(_stretches(known, forms))), _MOST))
    return tuple(islice(found, _MOST))


def others_of(text: str, forms: Forms) -> tuple[str, ...]:
    """What stands for parts of a text, by itself: words that a search may be helped by."""
    return tuple(dict.fromkeys(other for _, _, others in _stretches(text, forms) for other in others))


def _stretches(text: str, forms: Forms) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Where words of rows stand, with the rest of their rows; of those at one place the longest first."""
    rows, longest = _same(forms)
    places = ((at, end) for at in range(len(text)) for end in range(min(len(text), at + longest), at, -1))
    for start, end in places:
        if (found := text[start:end]) in rows and (end - start > 1 or len(text) == 1):  # 车 is no part of 车间
            others = (word for row in rows[found] for word in row if word != found)
            # one character is found anywhere
            yield start, end, tuple(word for word in others if len(word) > 1 or len(text) == 1)


def _replaced(text: str, stretches: list[tuple[int, int, tuple[str, ...]]]) -> Iterator[str]:
    """The text with one stretch replaced, then with those behind it too: there may be very many."""
    for start, end, others in stretches:
        yield from (text[:start] + other + text[end:] for other in others)
    for start, end, others in stretches:
        behind = [(first - end, last - end, words) for first, last, words in stretches if first >= end]
        for other in others if behind else ():
            yield from (text[:start] + other + rest for rest in _replaced(text[end:], behind))


@lru_cache(maxsize=4)
def _same(forms: Forms) -> tuple[dict[str, list[tuple[str, ...]]], int]:
    """All words of rows with the rows that each stands in, and how long the longest is: questions' words are short."""
    written = [row["words"] for kind in _KINDS for row in forms.rows(kind)]
    said = iter(all_plain([word for words in written for word in words]))
    rows: dict[str, list[tuple[str, ...]]] = {}
    for words in written:
        row = tuple(islice(said, len(words)))
        for word in row:
            rows.setdefault(word, []).append(row)
    return rows, max(map(len, rows), default=0)


def _in_digits(found: re.Match[str]) -> str:
    number = whole_number(found[0])
    return found[0] if number is None else str(number)


def _in_years(found: re.Match[str], tie: str) -> str:
    """The years of a five-year plan: 十二五, 2011—2015."""
    first = _BEFORE_PLANS + 5 * (whole_number(found[1]) or 0)
    return f"{first}{tie}{first + 4}"


def _in_per_cent(found: re.Match[str]) -> str:
    return f"{10 * (whole_number(found[1]) or 0)}%"


def _in_han(found: re.Match[str]) -> str:
    return number_to_chinese(int(found[0])) if int(found[0]) else found[0]
