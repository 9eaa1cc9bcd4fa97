"""Answers from the text: the stretch of a document that covers the words of the question and holds what is asked.

The text is quoted, never rewritten. Nothing is answered where no stretch is likely enough to answer, for what speaks
against it (`kg.ask.judge`, `kg.ask.deciding`): then the nearest text is shown as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from kg.ask.bands import Bands
from kg.ask.deciding import TOLD_UNNAMED, fits_by_rules, may_be_told, objections
from kg.ask.implied import with_implied
from kg.ask.items import the_item
from kg.ask.judge import shipped
from kg.ask.levels import levels_asked
from kg.ask.library import Library
from kg.ask.opposed import Opposites
from kg.ask.question import Question
from kg.ask.scope import in_scope, is_of_other_years, places_of_asker, punishes_what_was_told
from kg.ask.sentences import (
    Word,
    aims_of,
    question_to_words,
    share_told,
    split_word,
    stretches_uncovered,
    weight_of,
)
from kg.ask.signs import signs_of
from kg.ask.slots import ROW_NUMBER, Slots
from kg.ask.text import plain
from kg.ask.windows import FIGURE, LONGEST, TYPED, Window, sentences_of, windows_of
from kg.ask.words import first_token, only_acts
from ontology.forms import Forms

_LISTS = re.compile(r"[、和与及]")  # a heading of several things is not that of one of them
_NEAREST = 3  # texts that are shown where none answers
_MOST = 12  # windows that may be told
_BESIDE = 0.2  # for what has answered the part of the question before
_DEFINED = 0.25  # for a sentence that says what the word means
_WORD_FOR_WORD = 0.06  # for words that stand there whole, not as parts of longer ones
_ANNOUNCES = 0.1  # for what announces the list that is asked for
_PUNISHES = 0.08  # for what says what a breach brings, which is asked
_OWN = 0.08  # for a document of the very place
_SAYS_IT = 0.04  # for the very grade, half-year or kind
_LOSES = 0.3  # for all that is missing
_FITS = 0.12  # for a rule for the figures that are given
_CLAUSES = re.compile(r"[^；;。：:\n]+[：:]?")
_NEXT_ITEM = re.compile(r"[；;。]\s*[（(][一二三四五六七八九十\d]{1,3}[）)]")
_CLOSEST = 14  # windows that are weighed: the best by their words
_FOUND, _FOUND_FIRST = 12, 8  # and so many of passages that the search for the question as it stands puts first
_AS_GOOD = 0.98  # of the score of the best, where both say all that is asked for
_ALIKE = 0.04  # of likelihood: of those so near the best, words decide
_PAIR = 2
_FEW = 4  # sentences, each of which may be of the figures of all


@dataclass(frozen=True, slots=True)
class Found:
    """The windows that answer, best first; those that come nearest where none does; and what was missing."""

    answers: tuple[Window, ...]
    nearest: tuple[Window, ...]
    words: tuple[Word, ...]


def find_passages(question: Question, library: Library) -> Found:
    """Search, cut into windows, score by words, weigh the best of them: what is likely enough answers."""
    question = with_implied(question, library.forms)
    words, ranked = ranked_windows(question, library)
    bands = Bands(question, library.forms)
    weighed = _weighed(ranked, words, question, library)
    told = [w for w in weighed if may_be_told(w, question, library.forms)]
    if told and _leaves_it_open(weighed[0], told[0]):
        told = []
    exactly = question.asks & TYPED and "which" not in question.asks
    rows = bool(told) and "\t" in told[0].text  # each is told by itself
    item = the_item(told, weighed) if told and (exactly or rows) else None
    chosen: Iterable[Window] = told if item is None else (item, *told)
    if asks_whose(question, library.forms):  # by the rules: of many documents, which the weighed ones are too few for
        chosen = _one_of_each(w for w in ranked if fits_by_rules(w, words, question, bands, library))
    answers = list(islice(_apart(chosen), _MOST))
    if answers and answers[0].says_all:  # what says all the same, too: 哪些活动主题里写了“…”
        best = answers[0].score * _AS_GOOD
        answers = list(_apart((*answers, *(w for w in weighed if w.fits and w.says_all and w.score >= best))))
    nearest = (*weighed, *ranked)
    return Found(tuple(answers[:_MOST]), tuple(islice(_apart(nearest), _NEAREST)), tuple(words))


def _leaves_it_open(likeliest: Window, told: Window) -> bool:
    """Whether the text that speaks of the very thing leaves open what is asked; what stands beside it is of others."""
    return "unsaid" in likeliest.against and likeliest.likely >= TOLD_UNNAMED and likeliest.local > told.local


def _weighed(ranked: Sequence[Window], words: Sequence[Word], question: Question, library: Library) -> list[Window]:
    """The closest windows with how likely each answers, the likeliest first."""
    windows = judged_by_rules(closest(ranked), words, question, library)
    signs = signs_of(windows, words, question, library, candidates=len(ranked))
    likely = shipped().likely(signs).tolist()
    weighed = [replace(w, likely=p) for w, p in zip(windows, likely, strict=True)]
    best = max(likely, default=0.0) - _ALIKE
    return sorted(weighed, key=lambda w: (-min(w.likely, best), -w.score, w.document_id, w.start, w.end))


def judged_by_rules(
    windows: Sequence[Window], words: Sequence[Word], question: Question, library: Library
) -> list[Window]:
    """The windows with whether they answer by the rules, and what speaks against them."""
    bands = Bands(question, library.forms)
    fit = [replace(w, fits=fits_by_rules(w, words, question, bands, library)) for w in windows]
    return [replace(w, against=objections(w, words, question, bands, library)) for w in fit]


def closest(ranked: Sequence[Window]) -> tuple[Window, ...]:
    """Those that are weighed as answers."""
    found = (window for window in ranked[_CLOSEST:] if window.found < _FOUND_FIRST)
    return (*ranked[:_CLOSEST], *islice(found, _FOUND))


def ranked_windows(question: Question, library: Library) -> tuple[list[Word], tuple[Window, ...]]:
    """The words that an answer must speak of, and all windows that speak of enough of them, best first."""
    words = question_to_words(question, library.weights, library.forms)
    asked = frozenset(question.places)
    levels, ends = levels_asked(question, library) or ((), ())

    here = library.place(question.places[0]) if question.places else None

    def names_place(text: str) -> int:
        named = [place for place in library.places_in(text, here) if place.qualified not in asked]
        return sum((not levels or p.level in levels) and (not ends or p.name.endswith(ends)) for p in named)

    slots = Slots(question, library.forms, names_place)
    opposites = Opposites(question.text, library.forms, lead=question.lead, sums="amount" in question.asks)
    bands = Bands(question, library.forms)
    windows: dict[tuple[object, ...], Window] = {}
    for window in windows_of(question, words, library):
        windows.setdefault((window.document_id, window.start, window.end, window.rule), window)
    own_places = places_of_asker(question, library.forms)
    fitting = [w for w in windows.values() if in_scope(w, question, library, own_places)]
    scored = filter(None, (_scored(w, words, slots, opposites, bands, question, library) for w in fitting))
    decided = _beyond_the_bands(list(scored))
    return words, tuple(sorted(decided, key=lambda w: (-w.score, w.document_id, w.start, w.end)))


def _beyond_the_bands(windows: list[Window]) -> list[Window]:
    """Where the rules that fit best are for other figures than those given, other rules of the document say nothing."""
    fitting = {w.document_id for w in windows if w.banded}
    others: dict[str, float] = {}
    for window in windows:
        if window.banded is False and window.document_id not in fitting:
            others[window.document_id] = max(others.get(window.document_id, 0.0), window.whole)
    return [
        replace(w, another=True, lost=w.lost + 1, firm=w.firm + 1, score=w.score - _LOSES)
        if w.banded is None and w.whole <= others.get(w.document_id, 0.0)
        else w
        for w in windows
    ]


def _at_home(window: Window, question: Question, library: Library) -> bool:
    """Whether the document is of the very place that is asked for, not of one in it."""
    doc = library.doc(window.document_id)
    return bool(doc and doc.place in question.places)


def _scored(
    window: Window, words: Sequence[Word], slots: Slots, opposites: Opposites, bands: Bands, question: Question,
    library: Library,
) -> Window | None:  # fmt: skip
    """A window with its score, None where too few of the words stand in or around it."""
    weights, said = library.weights, opposites.without_left_out(window.text)
    words = [w for w in words if not (w.whose and library.is_between(window.document_id, w.wordings))]
    rule = library.document(window.document_id).text[slice(*window.rule)] if window.rule else ""
    text, around = plain(rule + said), plain(window.around)
    whole = share_told(words, f"{around}|{text}")
    follows = punishes_what_was_told(window, question, library.forms)
    if whole < window.least and not follows:
        return None
    local, titled = share_told(words, text), share_told(words, f"{plain(window.title)}|{text}")
    column = "\t" in window.text and any(
        len(head) > 1 and head in question.text for head in window.heading.split(" > ")[-1].split("、")
    )  # a cell is what the head of its column says
    held = 1.0 if column else slots.held(window.text.replace(window.title, ""), window.heading, window.around)
    banded = _banded(said, bands, slots)
    musts = [word for word in (bands.without_given(words) if banded else words) if word.must]
    missing, firm_parts, another = _missing(window, said, rule, musts, slots, question, library)
    length = len(window.text) / LONGEST
    telling = max(0.1, sum(word.weight for word in words))
    lost = sum(weight_of(part, weights) for part in missing) / telling
    firm = sum(weight_of(part, weights) for part in firm_parts) / telling
    own = plain(f"{window.heading.rsplit(' > ', maxsplit=1)[-1]}|{rule}|{said}")
    if (
        banded is False
        or not opposites.denies(own)
        or opposites.speaks_of_another(text, f"{window.title} {window.heading}", around)
    ):
        lost, firm, another = lost + 1, firm + 1, True
    score = 0.2 * local + 0.4 * titled + 0.4 * whole + 0.35 * (held - 1) - 0.06 * length - _LOSES * lost
    score += _WORD_FOR_WORD * sum(w.weight for w in musts if any(v in own for v in w.wordings)) / telling
    score += 0.05 * sum(str(year) in window.text for year in question.years)
    score += 0.05 * sum(span.text in window.text for span in question.of("place"))
    score += _OWN if _at_home(window, question, library) else 0.0
    score += _BESIDE if follows or _is_beside(window, question) else 0.0
    defines = slots.defines(text) and not _NEXT_ITEM.search(window.text)  # one word at a time
    score += _DEFINED if defines else 0.0
    score += _PUNISHES if window.rule else 0.0
    score += _FITS if banded else 0.0
    score += _SAYS_IT if opposites.says_it(text) else 0.0
    score += _ANNOUNCES if slots.announced(said) else 0.0
    return replace(
        window, around=f"{window.around} {rule}".rstrip(), score=score, whole=whole,
        local=local, slots=held, unsaid=slots.unsaid(window.text), missing=missing, lost=lost, firm=firm,
        banded=banded, defines=defines, another=another, follows=follows,
    )  # fmt: skip


def _is_own_place(part: str, window: Window, question: Question, library: Library) -> bool:
    """Whether a place that begins the name of a body is that of the document, which writes 省人民政府 for its own."""
    doc = library.doc(window.document_id)
    own = doc.place if doc and doc.place else ""
    return len(part) >= _PAIR and part in own and any(plain(span.text).startswith(part) for span in question.of("body"))


def _missing(
    window: Window, said: str, rule: str, musts: Sequence[Word], slots: Slots, question: Question, library: Library
) -> tuple[tuple[str, ...], list[str], bool]:
    """What an answer must speak of and this does not; what of that no other words can say; whether it tells of another.

    A figure is that of what stands before it and what its headings name. No other words say a part of a name whose rest
    stands there, nor what the text says elsewhere. Another thing is 高温补贴 for 低温补贴, a figure that stands before
    what was asked about, and a text that does not name what is asked for (哪几个环节).
    """
    text, around, heads = plain(rule + said), plain(window.around), plain(f"{window.title} {window.heading} {rule}")
    told = near = every = f"{around}|{text}"
    figures: list[int] = []
    if question.asks & {"amount", "howlong"}:
        sentences = [said[slice(*span)] for span in sentences_of(said)]
        figures = [n for n, sentence in enumerate(sentences) if FIGURE.search(sentence) or slots.has_figure(sentence)]
        holding = [n for n in figures if slots.has_figure(sentences[n])] or figures
        sole = "|".join(part for part in window.heading.split(" > ") if "\t" in window.text or not _LISTS.search(part))
        near = plain("|".join((sole, window.title, *(sentences[n] for n in holding))))
        if "amount" in question.asks:
            listing = library.forms.pattern("law.listing").search
            listed = any(listing(sentences[n]) for n in holding)  # what a figure is for may follow it
            parts = [said] if listed or not holding else _told_of_figures(holding, sentences)
            if holding and sum(len(word.text) > 1 for word in musts) == 1:  # 低保一个月发多少钱: of it and nothing else
                parts = ["".join(sentences[n] for n in holding)]
            several = [heads + plain(part) for part in parts]
            told = min(several, key=lambda part: _uncovered(musts, part)) if len(several) > 1 else several[0]
    elif "yesno" in question.asks:
        told = f"{heads}|{text}"
    missing = [part for word in musts for part in stretches_uncovered(word, told)]
    split = [word.text for word in musts if split_word(word, told, library.weights)]
    missing += split
    missing += [word.text for word in musts if word.counted and not word.named(near)]
    bodies = {plain(span.text) for span in question.of("body")}  # 人事教育处 is no 教育厅
    missing += [word.text for word in musts if word.text in bodies - {*missing} and not word.named(every)]
    own = plain(f"{window.heading}|{said}")  # what stands before speaks of another number
    missing += [word.text for word in musts if word.numbers and not any(n in own for n in word.numbers)]
    # 第14届 is not 第二十四届
    missing += [word.text for word in musts if "第" in word.text and word.numbered_otherwise(f"{heads}|{text}")]
    if "amount" in question.asks:
        ends = library.forms.words("noun.paid_last")  # no sum is one of what is paid where that stands nowhere near
        paid = [word for word in musts if word.text[-1] in ends and len(word.text) > _PAIR]
        missing += [w.text for w in paid if w.text not in missing and not any(v[-1] in near for v in w.wordings)]
        aims = aims_of(library.forms)
        missing = [part for part in missing if not (aims.fullmatch(part) or slots.measured(part, said))]
    missing = [part for part in missing if not _is_own_place(part, window, question, library)]
    whole = {word.text for word in musts}
    another = any(len(first_token(word)) >= _PAIR for word in split)
    if "amount" in question.asks and figures:  # 到2024年年底…2500件以上 is not that of 2023, which stands before it
        another = another or all(is_of_other_years(sentences[n], question.years) for n in holding)
    another = another or any(
        w.counted and not w.named(near) and not only_acts(w.text) and not slots.measured(w.text, said) for w in musts
    )
    another = another or ("amount" in question.asks and any(word in text and word not in told for word in whole))
    return tuple(missing), [part for part in missing if part in every or part not in whole], another


def _told_of_figures(holding: Sequence[int], sentences: Sequence[str]) -> list[str]:
    """What stands before and with a figure; of many sentences for each figure the first and the two before it."""
    if len(sentences) <= _FEW:
        return ["".join(_up_to(holding, sentences))]
    return ["".join(sentences[n] for n in sorted({0, *range(max(0, at - 2), at + 1)})) for at in holding]


def _uncovered(words: Sequence[Word], text: str) -> int:
    """How many characters of the words no wording finds in a text."""
    return sum(len(part) for word in words for part in stretches_uncovered(word, text))


def _up_to(holding: Sequence[int], sentences: Sequence[str]) -> Iterator[str]:
    """The sentences up to the last that holds a figure, without items that hold none: 一、甲。二、乙三万元 is of 乙."""
    item = 0
    items = [item := item + bool(ROW_NUMBER.match(sentence)) for sentence in sentences]
    kept = {0, *(items[number] for number in holding)}
    return (sentence for sentence, of in zip(sentences[: holding[-1] + 1], items, strict=False) if of in kept)


def _banded(text: str, bands: Bands, slots: Slots) -> bool | None:
    """Whether a text has a rule for the figures given: by the clauses that hold what is asked for, if these have any.

    A heading over several bands holds for all of them; the sum is that of one.
    """
    if not bands.given:
        return None
    clauses = [found[0] for found in _CLAUSES.finditer(text) if slots.has_figure(found[0])]
    told = [(clause, fits) for clause in clauses if (fits := bands.speaks_of(clause)) is not None]
    own = [fits for clause, fits in told if clause[-1] not in "：:"] or [fits for _, fits in told]
    return any(own) if own else bands.speaks_of(text)


def _is_beside(window: Window, question: Question) -> bool:
    return any(
        document == window.document_id and start < window.end and window.start < end
        for document, start, end in question.beside
    )


def asks_whose(question: Question, forms: Forms) -> bool:
    """Whether it is asked whose documents say something: one text of each answers."""
    told = forms.pattern("said.in_documents").search(question.text)
    return bool(told and question.asks & {"place", "where", "document"})


def _one_of_each(windows: Iterable[Window]) -> Iterator[Window]:
    """The first of each document."""
    seen: set[str] = set()
    for window in windows:
        if window.document_id not in seen:
            seen.add(window.document_id)
            yield window


def _apart(windows: Iterable[Window]) -> Iterator[Window]:
    """Those that overlap no better one."""
    taken: list[Window] = []
    for window in windows:
        if all(w.document_id != window.document_id or window.end <= w.start or w.end <= window.start for w in taken):
            taken.append(window)
            yield window
