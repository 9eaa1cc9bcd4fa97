"""How sure it is that the best stretch answers, where the rules of `kg.ask.passages` leave it open.

A logistic model over few signs, fitted on questions whose answers are known (`benchmarks/fit_answers.py`); the weights
are `weights.sure` in `ontology/forms/answers.toml`. What the stretch must hold by the kind of question is no sign:
without that nothing answers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from kg.ask.question import Question
from kg.ask.sentences import Word
from kg.ask.windows import TYPED, Window
from ontology.forms import Forms

_SURE = 0.85  # on sets left out in turn 28 of 31 are right then; from 0.8 on it is 36 of 42
_NEAR = 400  # characters: another stretch so near tells of the same
_MOST_MISSING, _MOST_FIRM = 5, 1.5


def is_sure(ranked: Sequence[Window], words: Sequence[Word], question: Question, passages: int, forms: Forms) -> bool:
    """Whether the first of these windows (best first) is so likely to answer that it may be told as the answer."""
    weights = {row["sign"]: row["weight"] for row in forms.rows("weights.sure")}
    told = signs_of(ranked, words, question, passages)
    z = weights["bias"] + sum(weights[name] * value for name, value in told.items())
    return 1 / (1 + math.exp(-z)) >= _SURE


def signs_of(ranked: Sequence[Window], words: Sequence[Word], question: Question, passages: int) -> dict[str, float]:
    """What speaks for and against the first window; `passages` is the number of those held, for what is rare."""
    best = ranked[0]
    rival = next(
        (w.score for w in ranked if w.document_id != best.document_id or abs(w.start - best.start) > _NEAR), 0.0
    )
    return {
        "tells": sum(word.weight for word in words if word.must) / math.log(passages + 1),
        "typed": float(bool(question.asks & TYPED)),
        "score": best.score,
        "defines": float(best.defines),
        "margin": min(1.0, best.score - rival),
        "firm": min(best.firm, _MOST_FIRM),
        "missing": float(min(len(set(best.missing)), _MOST_MISSING)),
        "whole": best.whole,
    }
