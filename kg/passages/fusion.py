"""Two rankings into one: the lexical arm knows names and numbers, the vector arm other words for the same thing.

Figures of what was tried are in docs/decisions/0004. Scores divided by the best of their arm did better than
reciprocal ranks (MRR@10 .41 against .40), and keep how far ahead a hit is.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kg.passages.distinct import numbered
from kg.passages.keys import NUMBER_BITS
from kg.passages.ranking import Keys, Ranking, Scores

DEPTH = 200  # candidates taken from each arm; 100 and 300 did alike
EQUAL = (1.0, 1.0)
SUPPORT = 0.1  # how much the other candidates of the same document count; swept 0-0.3
SUPPORTERS = 10


def fuse(lexical: Ranking, vector: Ranking, *, weights: tuple[float, float] = EQUAL) -> Ranking:
    """The sum of each arm's score relative to its best, weighed; one arm alone keeps its order.

    A passage that an arm did not find gets that arm's lowest.
    """
    if not len(vector) or not len(lexical):
        alone, weight = (lexical, weights[0]) if len(lexical) else (vector, weights[1])
        return Ranking(alone.keys, weight * _scaled(alone))
    keys = np.sort(np.concatenate([lexical.keys, vector.keys]))
    keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])]
    return Ranking.of(keys, weights[0] * _relative(lexical, keys) + weights[1] * _relative(vector, keys))


def with_further(fused: Ranking, further: Ranking, weight: float) -> Ranking:
    """A further arm's scores, from 0 for its last to 1 for its best, weighed and added; its own passages join."""
    if not len(further) or not len(fused):
        return fused if len(fused) else further
    keys = np.union1d(fused.keys, further.keys)
    scores = np.full(len(keys), fused.scores[-1])
    scores[np.searchsorted(keys, fused.keys)] = fused.scores
    best, last = float(further.scores[0]), float(further.scores[-1])
    scores[np.searchsorted(keys, further.keys)] += weight * (further.scores - last) / max(best - last, 1e-9)
    return Ranking.of(keys, scores)


def _scaled(ranking: Ranking) -> Scores:
    """Scores divided by the best."""
    best = float(ranking.scores[0]) if len(ranking) else 0.0
    return ranking.scores / best if best > 0 else np.zeros(len(ranking))


def put_first(first: Ranking, rest: Ranking) -> Ranking:
    """`first` before `rest`, others, which keep their order and lie below it."""
    if not len(rest) or not len(first):
        return first if len(first) else rest
    lowest = min(float(first.scores[-1]), 0.0)
    scores = rest.scores - (float(rest.scores[0]) - lowest) - 1e-6
    return Ranking(np.concatenate([first.keys, rest.keys]), np.concatenate([first.scores, scores]))


def _relative(ranking: Ranking, keys: Keys) -> Scores:
    """Scores of `keys` (ascending, a superset of the ranking's), divided by the best."""
    best, lowest = float(ranking.scores[0]), float(ranking.scores[-1])
    if best <= 0:
        return np.zeros(len(keys))
    scores = np.full(len(keys), lowest / best)
    scores[np.searchsorted(keys, ranking.keys)] = ranking.scores / best
    return scores


def with_support(ranking: Ranking) -> Ranking:
    """Raise passages whose document has other good ones: it is about the matter, not one sentence of it."""
    documents, owner = numbered(ranking.keys >> NUMBER_BITS)
    order = np.argsort(owner, kind="stable")  # by document, best first within each
    counts = np.bincount(owner, minlength=len(documents))
    place = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
    best = order[place < SUPPORTERS]
    support = np.bincount(owner[best], weights=ranking.scores[best], minlength=len(documents)) / SUPPORTERS
    return Ranking.of(ranking.keys, ranking.scores + SUPPORT * support[owner])


def promote(ranking: Ranking, tiers: Mapping[int, int]) -> Ranking:
    """Passages of a higher tier first (an exact 文号 or title), the order within a tier kept."""
    missing = np.array(sorted(tiers.keys() - set(ranking.keys.tolist())), np.int64)
    keys = np.concatenate([ranking.keys, missing])
    scores = np.concatenate([ranking.scores, np.zeros(len(missing))])
    step = float(scores.max(initial=0.0)) + 1  # above everything of the tier below
    return Ranking.of(keys, scores + step * np.array([tiers.get(key, 0) for key in keys.tolist()]))
