"""Question -> spans: every name, time and question word that fits is proposed, the best set without overlaps is kept.

What is kept is decided by length and by how much a kind of span tells, never by the order of calls.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from kg.ask.abbreviated import propose_abbreviated
from kg.ask.entities import propose_names, propose_shared
from kg.ask.library import Library
from kg.ask.mending import mend
from kg.ask.question import INTERROGATIVE, Question, Span
from kg.ask.text import clean, plain
from kg.ask.times import notes_of, propose_years
from kg.ask.words import content_words, is_noun, stands_alone
from ontology.forms import Forms

_MOST_READ = 240  # characters; a longer question is read to here, which its interpretation says
_PURPOSE = "said.purpose"
_NAMES = frozenset(("year", "place", "title", "policy", "body", "series", "quoted"))  # what holds wherever it is said
_WEIGHT = {
    "quoted": 3.0, "number": 3.0, "title": 2.2, "article": 2.0, "year": 2.2, "policy": 1.8, "body": 1.5, "series": 1.2,
    "place": 1.6, "kind": 0.8, "fact": 1.2, "item": 1.4,
}  # fmt: skip
_ASKS, _OPERATORS, _WORDS_OF_GENRE = 1.15, 1.0, 0.7
_QUOTED = re.compile(r"[“\"「『]([^“”\"「」『』]{1,40})[”\"」』]")
_DAY = re.compile(r"\d{1,2}月\d{1,2}[日号](?!(?:之|以)?[前后起内]|至|到|[-—~～])")
_ARTICLE = re.compile(r"第[一二三四五六七八九十百千零〇两\d]{1,7}条(?:之[一二三四五六七八九十]{1,3})?")
_SPLIT = re.compile(
    r"[的了吗呢吧啊嘛]|[两二三四五六七八九十\d]+[档起种份](?=[\u4e00-\u9fff]{2})|[\s，,。.？?！!；;：:、“”\"'‘’《》〈〉（）()\[\]【】〔〕—–~～…·/|]+"
)
_LONGEST_WORD = 40
_SHORTEST_PURPOSE, _SHORTEST_QUESTION = 4, 6
_DISPUTED = re.compile(r"[^，,。；？?]{0,4}(?:发生|存在|产生|有)(?:争议|异议|分歧|纠纷)")
_POINTS = re.compile(r"[都有是在由让被归]{0,2}那")
_POINTERS = ("那", "这")  # 没休的那几天
_NOUNS = ("ask.issuer", "ask.contact", "ask.howlong", "ask.number")  # a question speaks of them without asking for them
_ASKED_OF = re.compile(rf"\s*(?:$|[里中是为有含及和与、，,？?。；;/（(]|以及|分别|各|在|怎|{INTERROGATIVE.pattern})")
_MODALS = "能想要会得"  # may be tied to what follows: 能干, 想开
_TIES = frozenset("在由向给被从把将")  # tie a word to what follows, whatever stands before
_TAILS = frozenset("按的了着过是在和与及有呢吗吧等时中里内上下前后被把给要会能都也")  # no end of a word


def read(text: str, library: Library, *, mended: bool = True) -> Question:
    """The question as understood. Total: any text gives a question."""
    said = clean(text)[:_MOST_READ]
    fixes: tuple[tuple[str, str], ...] = ()
    if mended:
        said, fixes = mend(said, library.names)
    proposed = [
        *propose_years(said, library),
        *_marks(said),
        *propose_names(said, library),
        *propose_abbreviated(said, library),
        *_asking(list(_forms(said, library.forms)), said),
    ]
    proposed += propose_shared(said, proposed, library)
    purposes = tuple(_purposes(said, library.forms))
    spans = tuple(span for span in best_spans(proposed) if span.kind in _NAMES or not _within(span, purposes))
    told = tuple(sorted((*spans, *purposes), key=lambda span: span.start))
    words = tuple(word for word in _left(said, told, library) if not _within(word, purposes))
    if purposes and not words and not any(span.kind in _NAMES and not _within(span, purposes) for span in spans):
        told = best_spans(proposed)  # nothing would be asked about
        words = tuple(_left(said, told, library))
    notes = [f"只读了前{_MOST_READ}字"] if len(clean(text)) > _MOST_READ else []
    notes += notes_of(told)
    return Question(said, told, words, fixes, tuple(notes))


def best_spans(proposed: Iterable[Span]) -> tuple[Span, ...]:
    """The set of spans without overlaps that weighs most (weighted interval scheduling)."""
    ordered = sorted(dict.fromkeys(proposed), key=lambda span: (span.end, span.start, span.kind))
    ends = [span.end for span in ordered]
    best: list[tuple[float, tuple[Span, ...]]] = [(0.0, ())]
    for number, span in enumerate(ordered):
        before = best[bisect_right(ends, span.start, 0, number)]
        taken = (before[0] + _weight(span), (*before[1], span))
        best.append(max(best[-1], taken, key=lambda one: one[0]))
    return best[-1][1]


def _weight(span: Span) -> float:
    genre = {"ask": _ASKS, "op": _OPERATORS}.get(span.kind.split(".")[0], _WORDS_OF_GENRE)
    factor = _WEIGHT.get(span.kind, genre)
    return factor * span.length * math.sqrt(span.length)


def _marks(text: str) -> Iterator[Span]:
    for found in _QUOTED.finditer(text):
        yield Span(found.start(), found.end(), "quoted", plain(found[1]), found[1])
    for found in _DAY.finditer(text):  # 某集团9月19日的会议: neither part belongs to what stands beside it
        yield Span(found.start(), found.end(), "day", None, found[0])
    for found in _ARTICLE.finditer(text):
        yield Span(found.start(), found.end(), "article", found[0], found[0])


def _within(span: Span, stretches: Iterable[Span]) -> bool:
    return any(one.start <= span.start and span.end <= one.end for one in stretches)


def _purposes(text: str, forms: Forms) -> Iterator[Span]:
    """What the answer is wanted for, where a question is left without it."""
    for found in forms.pattern(_PURPOSE).finditer(text):
        rest = text[: found.start()] + text[found.end() :]
        if len(found[0]) >= _SHORTEST_PURPOSE and len(rest) >= _SHORTEST_QUESTION:
            yield Span(found.start(), found.end(), _PURPOSE, None, found[0])


@lru_cache(maxsize=4)
def _patterns(forms: Forms) -> tuple[tuple[str, re.Pattern[str]], ...]:
    names = [form.name for form in forms if form.name.startswith(("ask.", "op.", "role.")) and not form.rows]
    return tuple((name, forms.pattern(name)) for name in (*names, "noun.activity", "noun.deadline"))


def _forms(text: str, forms: Forms) -> Iterator[Span]:
    for name, pattern in _patterns(forms):
        at = 0
        while found := pattern.search(text, at):  # those that overlap too: 负责哪些 and 哪些活动
            at = found.start() + 1
            if found[0]:
                value = next((part for part in found.groupdict().values() if part), None)
                yield Span(found.start(), found.end(), name, value, found[0])


def _asking(proposed: list[Span], said: str) -> list[Span]:
    """Without 那个, 那批 where another word asks: they point then, and are no slip for 哪个."""
    pointing = [
        span
        for span in proposed
        if span.kind.startswith("ask.") and (_POINTS.match(span.text) or said[span.start - 1 : span.start] in _POINTERS)
    ]
    if any(span.kind.startswith("ask.") and INTERROGATIVE.search(span.text) for span in proposed):
        pointing += [span for span in proposed if _only_named(span, said) or _is_disputed(span, said)]
    if any(span.kind == "ask.part" for span in proposed):  # 第几条要求…规定施行日期: the day is no question
        pointing += [s for s in proposed if s.kind.startswith("ask.") and not INTERROGATIVE.search(s.text)]
    asks = [span for span in proposed if span.kind.startswith("ask.") or span.kind == "op.validity"]
    if all(span in pointing for span in asks):
        return proposed
    return [span for span in proposed if span not in pointing]


def _is_disputed(span: Span, said: str) -> bool:
    """Whether what seems to be asked is what others do not agree on: 归谁管辖发生争议时，应当如何处理."""
    return span.kind.startswith("ask.") and _DISPUTED.match(said, span.end) is not None


def _only_named(span: Span, said: str) -> bool:
    """Whether a noun that can ask (制定机关, 联系电话) only stands in a question that another word asks.

    It asks with that word where they stand together: 文号是什么, 电话多少, 文号和日期.
    """
    noun = span.kind in _NOUNS and not INTERROGATIVE.search(span.text)
    return noun and not _ASKED_OF.match(said, span.end)


@lru_cache(maxsize=4)
def _drops(forms: Forms) -> tuple[re.Pattern[str], frozenset[str]]:
    words = forms.words("drop.polite")
    long = sorted((word for word in words if len(word) > 1), key=lambda word: (-len(word), word))
    spoken = forms.source("drop.spoken")
    return re.compile(f"{spoken}|{'|'.join(map(re.escape, long))}"), frozenset(word for word in words if len(word) == 1)


def _left(text: str, spans: tuple[Span, ...], library: Library) -> Iterator[Span]:
    """The words that no span explains, without those that say nothing."""
    position = 0
    for span in (*spans, Span(len(text), len(text), "end")):
        yield from _pieces(text, position, span.start, library)
        position = max(position, span.end)


def _pieces(text: str, start: int, end: int, library: Library) -> Iterator[Span]:
    long, short = _drops(library.forms)
    position = start
    for cut in sorted([*_SPLIT.finditer(text, start, end), *long.finditer(text, start, end)], key=lambda m: m.start()):
        if cut.start() >= position:
            if len(cut[0]) > 1 and _inside_a_word(text, cut.start(), cut.end(), start, end, library):
                continue
            yield from _trimmed(text, position, cut.start(), short, library)
            position = cut.end()
    yield from _trimmed(text, position, end, short, library)


def _inside_a_word(text: str, first: int, last: int, start: int, end: int, library: Library) -> bool:
    """Whether a word that says nothing elsewhere is half of one here: 组织 in 组织部, 相关 in 相关性."""
    if not ("\u4e00" <= text[first] <= "\u9fff"):
        return False
    weights = library.weights
    around = [text[first - 1 : first + 1]] if first > start else []
    around += [text[last - 1 : last + 1]] if last < end else []
    return any(weights.frequency(pair) > max(20, weights.total * 0.02) for pair in around if len(pair) > 1)


def _trimmed(text: str, start: int, end: int, short: frozenset[str], library: Library) -> Iterator[Span]:
    while (
        start < end
        and text[start] in short
        and (stands_alone(text, start) or text[start] in _MODALS)
        and not _known(text[start : min(start + 2, end)], library)
    ):
        start += 1
    while start < end and _is_tail(text, start, end, library):
        end -= 1
    end = min(end, start + _LONGEST_WORD)
    for first, last in content_words(text, start, end, library.forms, library.weights.known):
        if last - first > 1 or text[first] not in short:
            yield Span(first, last, "word", None, text[first:last])


def _is_tail(text: str, start: int, end: int, library: Library) -> bool:
    """Whether the last character of a stretch is no end of a word; 意向 ends in one that is."""
    pair = text[max(start, end - 2) : end]
    if pair in library.forms.words("word.ending_in_tie"):
        return False
    return (text[end - 1] in _TIES and not is_noun(pair)) or (text[end - 1] in _TAILS and not _known(pair, library))


def _known(pair: str, library: Library) -> bool:
    return len(pair) > 1 and library.weights.known(pair)


def without(question: Question, *kinds: str) -> Question:
    """The question as if it had no span of these kinds."""
    return replace(question, spans=tuple(span for span in question.spans if span.kind not in kinds))
