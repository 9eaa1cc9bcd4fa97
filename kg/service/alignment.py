"""Which task of one document answers which of another: by series, by quoted names, by likeness of words; pure.

General on purpose: nothing in here knows a subject. Words that many of the tasks share count for little.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.service.tasks import Task

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

Encode = Callable[[Sequence[str]], Any]  # texts -> (n, dimension) unit vectors

# Looked through by eye on city and district plans, two years of one city, two versions of a law, a law and its local
# regulation: above these, pairs are about the same thing; a little below, they share only the subject.
ALIKE = 0.5  # mean of bigram and vector cosine
ALIKE_BIGRAMS = 0.38  # bigram cosine alone, where there is no vector model
MENTIONED = 0.75  # share of the words of a title, weighted, that one sentence must hold
_FEWEST = 4  # bigrams; a shorter title is found in too many sentences
_COMMON = 2  # a name that more tasks of one document carry tells none apart
_SERIES, _NAME = 2.0, 1.0  # beat any likeness of words, so that the best pair of a series is found by its words
_OTHER = re.compile(r"[^\u3400-\u9fffA-Za-z]+")


@dataclass(frozen=True, slots=True)
class Pair:
    """Task `left` and task `right` (positions); None where the other document has nothing alike."""

    left: int | None
    right: int | None
    likeness: float = 0.0
    reasons: tuple[str, ...] = ()


def align(left: Sequence[Task], right: Sequence[Task], *, encode: Encode | None, title: str = "") -> list[Pair]:
    """The pairs in order of the left document, then what only the right has.

    Each task gets its best counterpart; first one to one, the best pairs first, then those left over may share one
    (a city's one task is often two of a district's). `title` holds the titles of both documents: a name that stands
    there tells nothing.
    """
    if not left or not right:
        return [*(Pair(i, None) for i in range(len(left))), *(Pair(None, j) for j in range(len(right)))]
    words = likeness(left, right, encode)
    found = _candidates(left, right, words, ALIKE if encode else ALIKE_BIGRAMS, title)
    partner: dict[int, int] = {}
    taken: dict[int, int] = {}
    for (i, j), _ in sorted(found.items(), key=lambda item: (-item[1][0], item[0])):
        if i not in partner and j not in taken:
            partner[i], taken[j] = j, i
    for (i, j), _ in sorted(found.items(), key=lambda item: (-item[1][0], item[0])):
        partner.setdefault(i, j)
        taken.setdefault(j, i)
    pairs = set(partner.items()) | {(i, j) for j, i in taken.items()}
    rows = [Pair(i, j, round(float(words[i, j]), 3), found[i, j][1]) for i, j in sorted(pairs)]
    rows += [Pair(i, None) for i in range(len(left)) if i not in partner]
    rows.sort(key=lambda pair: (pair.left or 0, pair.right or 0))
    return [*rows, *(Pair(None, j) for j in range(len(right)) if j not in taken)]


def _candidates(
    left: Sequence[Task], right: Sequence[Task], words: Matrix, threshold: float, title: str
) -> dict[tuple[int, int], tuple[float, tuple[str, ...]]]:
    """(i, j) -> (rank, reasons) of all pairs that something speaks for."""
    import numpy as np

    common = {
        name
        for tasks in (left, right)
        for name, count in Counter(name for task in tasks for name in task.names).items()
        if count > _COMMON or name in title
    }
    by_series = _positions(right, lambda task: [task.series] if task.series else [])
    by_name = _positions(right, lambda task: task.names - common)
    found: dict[tuple[int, int], tuple[float, tuple[str, ...]]] = {}

    def add(i: int, j: int, rank: float, reason: str) -> None:
        known, reasons = found.get((i, j), (float(words[i, j]), ()))
        found[i, j] = (known + rank, (*reasons, reason))

    for i, task in enumerate(left):
        for j in by_series.get(task.series or "", ()):
            add(i, j, _SERIES, f"同一活动系列：{task.series}")
        for name in sorted(task.names - common):
            for j in by_name.get(name, ()):
                add(i, j, _NAME, f"同一名称：{name}")
    for i, j in zip(*np.nonzero(words >= threshold), strict=True):
        add(int(i), int(j), 0.0, f"文字相近：{words[i, j]:.2f}")
    return found


def _positions(tasks: Sequence[Task], keys: Callable[[Task], Any]) -> dict[str, list[int]]:
    positions: dict[str, list[int]] = {}
    for position, task in enumerate(tasks):
        for key in keys(task):
            positions.setdefault(key, []).append(position)
    return positions


def mentions(tasks: Sequence[Task], sentences: Sequence[Task]) -> list[tuple[int, float] | None]:
    """For each task the sentence that holds nearly all words of its title (position, share); None where none does.

    So that a task is not called unmentioned which the other document names in the middle of something else.
    """
    import numpy as np

    grams = [set(_bigrams(task.title)) for task in tasks]
    held = [set(_bigrams(sentence.text)) for sentence in sentences]
    documents = Counter(gram for counted in (*grams, *held) for gram in counted)
    weight = {gram: math.log(1 + (len(grams) + len(held)) / count) for gram, count in documents.items()}
    column = {gram: position for position, gram in enumerate(sorted(set().union(*grams, set())))}
    if not column or not held:
        return [None] * len(tasks)
    matrix = np.zeros((len(held), len(column)), np.float32)
    for row, counted in enumerate(held):
        for gram in counted & column.keys():
            matrix[row, column[gram]] = weight[gram]
    found: list[tuple[int, float] | None] = []
    for counted in grams:
        whole = sum(weight[gram] for gram in counted)
        if len(counted) < _FEWEST:
            found.append(None)
            continue
        shares = matrix[:, [column[gram] for gram in sorted(counted)]].sum(axis=1) / whole
        best = int(shares.argmax())
        found.append((best, round(float(shares[best]), 3)) if shares[best] >= MENTIONED else None)
    return found


def likeness(left: Sequence[Task], right: Sequence[Task], encode: Encode | None) -> Matrix:
    """`(len(left), len(right))`: cosine of idf-weighted bigrams of characters; with a model, its mean with vectors'."""
    import numpy as np

    grams = [_bigrams(task.words) for task in (*left, *right)]
    documents = Counter(gram for counted in grams for gram in counted)
    weight = {gram: math.log(1 + len(grams) / count) for gram, count in documents.items()}
    norms = [math.sqrt(sum((n * weight[g]) ** 2 for g, n in counted.items())) or 1.0 for counted in grams]
    shared = set().union(*grams[: len(left)]) & set().union(*grams[len(left) :])
    column = {gram: position for position, gram in enumerate(sorted(shared))}
    matrix = np.zeros((len(grams), max(len(column), 1)), np.float32)
    for row, counted in enumerate(grams):
        for gram, times in counted.items():
            if gram in column:
                matrix[row, column[gram]] = times * weight[gram] / norms[row]
    result: Matrix = matrix[: len(left)] @ matrix[len(left) :].T
    if encode is not None:
        vectors = np.asarray(encode([task.words for task in (*left, *right)]), np.float32)
        result = np.asarray((result + vectors[: len(left)] @ vectors[len(left) :].T) / 2, np.float32)
    return result


def _bigrams(text: str) -> Counter[str]:
    letters = _OTHER.sub("", text)
    return Counter(letters[at : at + 2] for at in range(len(letters) - 1))
