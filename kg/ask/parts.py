"""Questions that hold several: parts between commas, and the same question of several years or places."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from kg.ask.implied import asking_nouns
from kg.ask.question import Question, Span
from kg.ask.words import only_acts
from kg.core.numerals import whole_number
from ontology.forms import Forms

_CLAUSE = re.compile(r"[，,](?!和|与|以及)|[；;。？?]|(?<=[吗呢])、?")
_CUT = re.compile(rf"{_CLAUSE.pattern}|、")
_CARRIED = ("year", "place", "title", "policy", "body", "series", "kind", "quoted")
_OWNERS = ("place", "year", "body")
_AND = re.compile(r"的?[，,]?(?:[、和与跟及]|以及|还有|同)(?:其他|其余)?")
_EACH = re.compile("各(?:是|为|有)|分别")
_BOTH = re.compile(r"([两二三四五六])[次个部份项者地]")
_FULL = "；;。？?"
_COMMA, _STOPS = "，", "，,；;。？?、 "
_TOKEN = re.compile(r"\S+")
_SEVERAL = 2
_TIED = 3  # characters between a list and what asks of each
_SHORT = 4  # characters of what may be an attribute with what it is of
_MOST = 4


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a question: with all that was named before it, and with its own words where they are enough."""

    label: str
    whole: Question
    alone: Question


def parts_of(question: Question, attributes: frozenset[str] = frozenset()) -> list[Part]:
    """The parts, each with what it leaves to the parts before it; fewer than two means that there are none.

    `attributes` are words that are always those of something (前提, 标准, 超过): alone they tell of nothing.
    """
    if question.has("op.except"):
        return []  # what is left out may stand in a part of its own
    clauses = list(pairwise([0, *_cuts(question), len(question.text)]))
    asking = [
        clause for clause in clauses if any(clause[0] <= s.start < clause[1] and _asks(s) for s in question.spans)
    ]
    if len(asking) < _SEVERAL:
        return []
    out: list[Part] = []
    told = 0  # where what was asked before ends: the clauses behind it lead to what is asked next
    for (start, end), following in zip(asking, [*asking[1:], None], strict=True):
        stops = (b for _, b in clauses if b >= end and question.text[b - 1 : b] in _FULL)
        stop = next(stops, len(question.text))
        # up to a full stop nothing else is asked: 金额不超过多少的，可以由区民政部门委托镇街审批？
        last = stop if following is None or stop <= following[0] else end
        out.append(_completed(question, told, start, last, attributes))
        told = last
    return out[:_MOST]


def _cuts(question: Question) -> list[int]:
    """Where parts begin; a 、 parts where something is asked on both sides (归谁验、要传几份)."""
    marks = [(m.end(), m[0] != "、") for m in _CUT.finditer(question.text)]
    asked = [span.start for span in question.spans if span.kind.startswith("ask.")]
    cuts: list[int] = []
    for number, (at, firm) in enumerate(marks):
        before = cuts[-1] if cuts else 0
        behind = next((end for end, _ in marks[number + 1 :]), len(question.text))
        if firm or (any(before <= a < at for a in asked) and any(at <= a < behind for a in asked)):
            cuts.append(at)
    return cuts


def asks_twice(question: Question) -> bool:
    """Whether two clauses ask for the same, how long one thing takes and how long another: no one figure tells both."""
    asked: set[str] = set()
    for start, end in pairwise([0, *_cuts(question), len(question.text)]):
        own = {span.kind for span in question.spans if start <= span.start < end and span.kind.startswith("ask.")}
        if asked & own:
            return True
        asked |= own
    return False


def _completed(question: Question, told: int, clause: int, end: int, attributes: frozenset[str]) -> Part:
    """The part from one clause to an end; the clauses that lead to it begin where what was asked before was `told`.

    It is phrased with the names that were said before, and where its own words tell too little (or first) with the
    words, too.
    """
    first = told == 0
    start = clause if first else told  # 要是同意先调解，最长会调多少天; the situation of one who asks says more than it
    spans = [span for span in question.spans if start <= span.start < end]
    words = [word for word in question.words if start <= word.start < end]
    own, lead_words = {span.kind for span in spans}, _lead_words(question, start)
    carried = [s for s in question.spans if s.end <= start and s.kind in _CARRIED and s.kind not in own]
    if "title" in own or "policy" in own:
        carried = [span for span in carried if span.kind == "year"]
    alone = _phrased(question, start, end, [*carried, *spans], words)
    label = question.text[clause:end].strip(_STOPS)
    if {"title", "policy", "quoted"} & own and not (first and lead_words):
        return Part(label, alone, alone)
    edges = question.edges
    before = [w for w in lead_words if {w.start, w.end} & edges or not only_acts(w.text)]
    telling = [w.text for w in words if w.length > 1 and not only_acts(w.text)]
    telling = [text for text in telling if not (len(text) <= _SHORT and text.endswith(tuple(attributes)))]  # 罚款幅度
    tells = bool(telling) or "series" in own
    if first and tells and not before:
        return Part(label, alone, alone)
    full = _phrased(question, told, end, [*carried, *spans], [*before, *words])  # 对老建筑的排查，每年几次
    return Part(label, full, alone if tells else full)


def _phrased(question: Question, begin: int, end: int, spans: list[Span], words: list[Span]) -> Question:
    """The text from one place to another as a question of these spans; those before it are said in front of it."""
    begin += len(question.text[begin:end]) - len(question.text[begin:end].lstrip(_STOPS))
    pieces: list[tuple[int, int]] = []
    for span in sorted((span for span in (*spans, *words) if span.start < begin), key=lambda span: span.start):
        if pieces and span.start <= pieces[-1][1]:
            pieces[-1] = (pieces[-1][0], max(pieces[-1][1], span.end))
        else:
            pieces.append((span.start, span.end))
    return _of_pieces(question, [*pieces, (begin, end)], _COMMA, spans, words)


def _of_pieces(
    question: Question, pieces: list[tuple[int, int]], mark: str, spans: Iterable[Span], words: Iterable[Span]
) -> Question:
    """Stretches of a question with a mark between them as one of its own, of those spans that lie in them."""
    said = [question.text[first:last] for first, last in pieces]
    places = [0, *accumulate(len(text) + len(mark) for text in said)]

    def moved(some: Iterable[Span]) -> Iterator[Span]:
        for span in sorted(some, key=lambda span: span.start):
            piece = bisect_right(pieces, (span.start, len(question.text) + 1)) - 1
            if piece >= 0 and span.start < pieces[piece][1]:
                shift = places[piece] - pieces[piece][0]
                yield replace(span, start=span.start + shift, end=span.end + shift)

    return replace(
        question, text=mark.join(said).rstrip(_STOPS), spans=tuple(moved(spans)), words=tuple(moved(words)),
        lead=question.text[: pieces[-1][0]], part=True,
    )  # fmt: skip


def parts_of_key_words(question: Question, forms: Forms) -> list[Part]:
    """One part for each of several key words that ask (赔付标准 保费标准), with those in front of all of them.

    What stands between two of them belongs to the second: 有效期 续期 提前多久.
    """
    if question.text.count(" ") < _SEVERAL:
        return []
    tokens = [found.span() for found in _TOKEN.finditer(question.text)]
    nouns = {found.start() for _, found in asking_nouns(question.text, forms)}
    asking: list[int] = []
    for number, (start, end) in enumerate(tokens[1:], start=1):
        noun = any(start <= at < end for at in nouns)
        own = tokens[asking[-1]][1] if asking else start
        told = not asking or any(own < word.start < end for word in question.words)  # 使用期限 最长 多少年 asks once
        if noun or (told and any(start <= span.start < end and _asks(span) for span in question.spans)):
            asking.append(number)
    if len(asking) < _SEVERAL:
        return []
    out: list[Part] = []
    ends = [*(number + 1 for number in asking[:-1]), len(tokens)]
    for first, last in zip([asking[0], *ends], ends, strict=False):
        part = _of_pieces(question, tokens[: asking[0]] + tokens[first:last], " ", question.spans, question.words)
        label = question.text[tokens[first][0] : tokens[last - 1][1]]
        whole = replace(part, implied=frozenset(), part=False)  # it says all that the question says of it
        out.append(Part(label, whole, whole))
    return out[:_MOST]


def _lead_words(question: Question, start: int) -> list[Span]:
    """The words in front of a place in a question."""
    return [word for word in question.words if word.end <= start]


def says_each(question: Question) -> bool:
    """Whether a question word asks of each by itself: 时间上限各是多少."""
    return any(_EACH.search(span.text) for span in question.spans if span.kind.startswith("ask."))


def each_of(question: Question) -> list[tuple[str, Question]]:
    """The same question of each of several that stand beside one another (甲和乙分别…, 甲跟乙有什么不同).

    Fewer than two: it is not asked so. A place that each has tells where its own words begin (甲市的办法和乙市的规定).
    """
    if not question.has("op.compare") and not says_each(question) and "yesno" not in question.asks:
        return []
    telling = sorted((*question.words, *(s for s in question.spans if s.kind in _CARRIED)), key=lambda s: s.start)
    clauses = pairwise([0, *(m.start() for m in _CLAUSE.finditer(question.text)), len(question.text)])
    found = [_beside([span for span in telling if start <= span.start < end], question) for start, end in clauses]
    several = [items for items in found if len(items) >= _SEVERAL]
    # 须送检、不能现场检定的，甲省和乙省分别…: names that stand beside one another before words that do
    several.sort(key=lambda items: (not _asked_of(items, question), any(item[0].kind == "word" for item in items)))
    for items in several[:1]:
        apart = {span for item in items for span in item}
        shared = [span for span in (*question.spans, *question.words) if span not in apart]
        shared = [_one_of_several(span, len(items)) for span in shared]
        alone = (_of(question, [*shared, *item]) for item in items[:_MOST])
        return [(question.text[item[0].start : item[-1].end], one) for item, one in zip(items, alone, strict=False)]
    return []


def _asked_of(items: list[list[Span]], question: Question) -> bool:
    """Whether what asks of each stands behind the list: 借记卡和贷记卡各为多少, not the bodies that decided it."""
    end = items[-1][-1].end
    each = [s.start for s in question.spans if s.kind == "op.compare" or _EACH.search(s.text)]
    return any(0 <= at - end <= _TIED for at in each)


def _beside(spans: list[Span], question: Question) -> list[list[Span]]:
    """The spans of a clause that stand beside one another, each with what is its own."""
    ties = [n for n in range(1, len(spans)) if _AND.fullmatch(question.text, spans[n - 1].end, spans[n].start)]
    if not ties:
        return []
    placed = [n for n in range(ties[0]) if spans[n].kind in _OWNERS]
    if placed and spans[ties[0]].kind == spans[placed[-1]].kind:
        first = placed[-1]
        own = ties[0] - first > 1  # the words behind the first place are its own, so are those behind the last
        ends = [*ties[1:], len(spans) if own else ties[-1] + 1]
        return [spans[a:b] for a, b in zip([first, *ties], [ties[0], *ends], strict=True)]
    return [[spans[n]] for n in (ties[0] - 1, *ties)]


def _asks(span: Span) -> bool:
    """Whether something is asked there; 收了, 库里有 ask only with another word."""
    return span.kind == "op.validity" or (span.kind.startswith("ask.") and span.kind != "ask.held")


def _one_of_several(span: Span, items: int) -> Span:
    """A word without 两次, 两部 where so many are spoken of: of one alone it is not said."""
    both = _BOTH.match(span.text) if span.kind == "word" else None
    both = both if both and whole_number(both[1].replace("两", "二")) == items else None
    return replace(span, start=span.start + both.end(), text=span.text[both.end() :]) if both else span


def _of(question: Question, spans: list[Span]) -> Question:
    alone = (span for span in spans if span.kind != "op.compare" and span.length)
    kept = sorted(alone, key=lambda span: span.start)
    return replace(
        question,
        spans=tuple(span for span in kept if span.kind != "word"),
        words=tuple(span for span in kept if span.kind == "word"),
        part=True,
    )
