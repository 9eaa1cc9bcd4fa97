"""What speaks for and against a stretch of text as the answer to a question: the signs that `kg.ask.judge` weighs.

Words as the rules see them (covered, missing, said of something else), meaning gram by gram (`kg.passages.nearness`),
how far ahead of others it is, what is asked for, and how.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kg.ask.deciding import OBJECTIONS
from kg.ask.library import Library
from kg.ask.question import Question
from kg.ask.sentences import Word
from kg.ask.text import plain
from kg.ask.windows import FIGURE, UNFOUND, Window
from kg.passages.nearness import Grams, Nearness

Signs = NDArray[np.float32]

KINDS = (
    "amount", "howlong", "frequency", "date", "period", "law", "number", "contact", "body", "issuer", "person", "where",
    "term", "yesno", "reason", "document", "what", "which", "manner", "definition", "place", "activity",
)  # fmt: skip
NAMES = (
    "score", "whole", "local", "slots", "lost", "firm", "another", "banded", "defines", "rule", "fits", "length",
    "words", "telling", "musts", "missing", "missing_least", "missing_mean", "ahead", "ahead_of_others", "place",
    "behind", "cosine", "cosine_around", "near", "near_around", "bigrams", "bigrams_around", "characters",
    "characters_around", "keyed", "asked_length", "placed", "named", "candidates", "cosine_behind",
    "cosine_around_behind", "same_document", "found", "least_word", "asked_word", "asked_word_near", "titled", "cut",
    "article", "figure_by_asked", "figure_by_rarest", "lists", "asks_unit", "searched", "searched_behind",
    "cosine_passage", "cosine_passage_behind", "spoken", *(f"asks_{kind}" for kind in KINDS),
    *(f"against_{name}" for name in OBJECTIONS),
)  # fmt: skip
"""The columns."""
BETTER = (
    "score", "whole", "local", "slots", "banded", "defines", "fits", "missing_least", "missing_mean", "ahead",
    "ahead_of_others", "cosine", "cosine_around", "near", "near_around", "bigrams", "bigrams_around", "characters",
    "characters_around", "searched", "cosine_passage",
)  # fmt: skip
"""The more of these the likelier, all else equal."""
WORSE = (
    "lost", "firm", "another", "missing", "behind", "cosine_behind", "cosine_around_behind", "found",
    "searched_behind", "cosine_passage_behind", *(f"against_{name}" for name in OBJECTIONS),
)  # fmt: skip
"""The less of these."""
_NEAR = 400  # characters: another stretch so near tells of the same
_KEYED = 2  # blanks that make a question one of key words
_MOST = 2.0  # of what is lost
_MANY = 200  # candidates
_NO_WORD, _NO_FIGURE = 7.0, 8.0  # farther than any
_LISTED = re.compile(r"、|\n|；")
_CUT = ("：", ":", "；", ";", "，", "、")  # a text that goes on


def signs_of(
    windows: Sequence[Window], words: Sequence[Word], question: Question, library: Library, *, candidates: int
) -> Signs:
    """`(windows, NAMES)` for windows, best first, that the rules have judged (`fits`, `against`).

    `candidates` is the number of all windows looked at.
    """
    if not windows:
        return np.zeros((0, len(NAMES)), np.float32)
    heads = [f"{window.title} {window.heading} {window.around}" for window in windows]
    next_to = plain(_beside_asking(question))
    grams = Grams.of(
        [question.text, next_to, *heads, *(part for w in windows for part in (w.text, w.title, w.passage, *w.missing))]
    )
    beside, texts = grams[next_to].keys, [grams[window.text] for window in windows]
    near = Nearness(grams[question.text], texts, [grams[head] for head in heads])
    meaning = near.shares()
    cosines, around = near.cosines(texts), near.cosines(texts, [grams[head] for head in heads])
    whole = near.cosines([grams[window.passage] for window in windows])
    titled = near.held_by([grams[window.title] for window in windows])
    rarest = plain(max(words, key=lambda word: word.weight).text) if words else ""
    told = [plain(f"{window.around}|{window.text}") for window in windows]
    musts = [word for word in words if word.must]
    passages = library.weights.total  # for what is rare
    telling = sum(word.weight for word in musts) / math.log(passages + 1) if passages else 0.0
    of_question = (
        float(question.text.count(" ") >= _KEYED),
        len(question.text),
        float(bool(question.places)),
        float("“" in question.text or "《" in question.text),
        min(candidates, _MANY),
    )
    kinds = [float(kind in question.asks) for kind in KINDS]
    unit = float(any(span.value for span in question.of("ask.amount")))
    spoken = float(library.forms.find("said.spoken", question.text) is not None)
    searched = max(window.searched for window in windows)
    best, out = windows[0], []
    for n, window in enumerate(windows):
        missing = [near.said_of(n, grams[part].keys) for part in dict.fromkeys(window.missing)]
        out.append(
            [
                window.score, window.whole, window.local, window.slots, min(window.lost, _MOST),
                min(window.firm, _MOST), float(window.another), {True: 1.0, False: -1.0, None: 0.0}[window.banded],
                float(window.defines), float(window.rule is not None), float(window.fits),
                math.log(len(window.text) + 1), len(words), telling, len(musts), len(missing),
                min(missing, default=1.0), sum(missing) / len(missing) if missing else 1.0,
                window.score - _rival(window, windows, near=True),
                window.score - _rival(window, windows, near=False), n, best.score - window.score, cosines[n],
                around[n], *meaning[n], *of_question, cosines.max() - cosines[n], around.max() - around[n],
                sum(other.document_id == window.document_id for other in windows), min(window.found, UNFOUND),
                min((word.covered(told[n]) for word in musts), default=1.0),
                float(grams[next_to].among(texts[n].keys).mean()) if len(beside) else 1.0,
                near.said_of(n, beside, around=False) if len(beside) else 1.0, titled[n],
                float(window.text.rstrip().endswith(_CUT)), float(window.text.startswith("第")),
                _to_a_figure(next_to, window.text), _to_a_figure(rarest, window.text),
                math.log(len(_LISTED.findall(window.text)) + 1), unit, window.searched, searched - window.searched,
                whole[n], whole.max() - whole[n], spoken, *kinds,
                *(float(name in window.against) for name in OBJECTIONS),
            ]
        )  # fmt: skip
    return np.array(out, np.float32)


def _beside_asking(question: Question) -> str:
    """The word that stands nearest to what asks: what is asked for of something (物业费标准 of 物业费标准是多少)."""
    asking = [span for span in question.spans if span.kind.startswith("ask.")]
    pairs = [(max(a.start - w.end, w.start - a.end), w.start > a.start, w.text) for a in asking for w in question.words]
    return min(pairs, default=(0, False, ""))[2]


def _to_a_figure(word: str, text: str) -> float:
    """How far from a word (or the most of its end or its beginning that stands there) the nearest figure is.

    Logarithm of characters; `_NO_FIGURE` where there is none, `_NO_WORD` where nothing of the word is there.
    """
    text = plain(text)
    figures = [found.span() for found in FIGURE.finditer(text)]
    if not figures:
        return _NO_FIGURE
    parts = (part for size in range(len(word), 1, -1) for part in (word[-size:], word[:size]))
    held = next((part for part in parts if part in text), "")
    if not held:
        return _NO_WORD
    places = [found.span() for found in re.finditer(re.escape(held), text)]
    return math.log(1 + min(max(a - d, c - b, 0) for a, b in places for c, d in figures))


def _rival(window: Window, windows: Sequence[Window], *, near: bool) -> float:
    """The best score of another document or, if `near`, of another stretch of the same one."""
    return next(
        (
            other.score
            for other in windows
            if other.document_id != window.document_id or (near and abs(other.start - window.start) > _NEAR)
        ),
        0.0,
    )
