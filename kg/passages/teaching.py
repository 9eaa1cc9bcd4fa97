"""Teaches the static model by questions whose passages are known: what passages say, and what questions mean by it.

Two things are learnt at once: the vectors of the grams, which passages and questions share, and what a question means
by some grams beside (`query_table`). For each question a softmax over its passages, some of those that the model found
before, and others at random; the targets share one among its passages. Beside these, spans go on finding the rest of
their passages (`train`): so the model keeps what no question asks about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from kg.core.errors import UsageError
from kg.core.progress import Progress, silent
from kg.passages.embedder import Vectors
from kg.passages.grams import Ints, texts_to_grams
from kg.passages.optional import need_models
from kg.passages.query_table import QueryTable
from kg.passages.reproducible import reproducible
from kg.passages.static import StaticEmbedder
from kg.passages.train import Positions, batches, encoded, span_pairs
from kg.passages.train import Recipe as Spans

if TYPE_CHECKING:
    import torch

FEWEST = 50  # questions
_ASKED = 32  # questions compared with all passages at once: 64 MB of scores for half a million


@dataclass(frozen=True, slots=True)
class Recipe:
    """The settings of a run; swept on questions about documents that were left out (docs/decisions/0019)."""

    epochs: int = 4
    batch: int = 128  # questions of a step
    rate: float = 6e-3  # of Adam for the vectors, falling to 5 %
    question_rate: float = 2e-3  # for what questions mean beside: at 1e-2 formal questions lose .05
    scale: float = 14.0  # of the cosines before the softmax
    near: int = 60  # passages that the model found before
    drawn: int = 8  # of these for each question of a step
    others: int = 400
    dropout: float = 0.2  # of a question's grams
    spans: int = 256  # of a step; 0 for none
    seed: int = 0
    models: int = 3  # learnt by one seed after the other, and averaged: chance cancels out


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the numbers of its passages, and how much it counts beside others."""

    text: str
    passages: tuple[int, ...]
    worth: float = 1.0


@dataclass(frozen=True, slots=True, repr=False)
class Taught:
    """Passages to learn from, of one corpus after the other: what stands over each, its text, and its vector `(n, D)`.

    `starts` says at which passage each corpus begins: a question is compared with what is near it in its own.
    """

    heads: Sequence[str]
    bodies: Sequence[str]
    vectors: Vectors
    starts: Sequence[int] = (0,)


def teach(
    embedder: StaticEmbedder,
    questions: Sequence[Question],
    taught: Taught,
    *,
    recipe: Recipe | None = None,
    progress: Progress = silent,
) -> StaticEmbedder:
    """The model with other vectors and a query table; its grams stay. The same input gives the same model.

    Raises `UsageError` for too few questions.
    """
    need_models("用问题训练向量模型")
    recipe = recipe or Recipe()
    if len(questions) < FEWEST:
        raise UsageError(f"用问题训练至少需要 {FEWEST} 个有答案出处的问题，现在只有 {len(questions)} 个")
    if taught.starts[0] != 0:
        raise ValueError(f"starts at {taught.starts[0]}: passages before it would be of no corpus")
    task = _Task(embedder, questions, taught, recipe)
    learnt = [_learnt(task, recipe, number, progress) for number in range(recipe.models)]
    vectors, meant = (np.stack(parts).mean(axis=0) for parts in zip(*learnt, strict=True))
    model = StaticEmbedder.of(embedder.name, embedder.keys, vectors)
    _, rounded = model.rows(embedder.keys)
    return model.with_table(QueryTable.of(embedder.keys, vectors + meant - rounded).with_asked(embedder.asked))


def _learnt(task: _Task, recipe: Recipe, number: int, progress: Progress) -> tuple[Vectors, Vectors]:
    """The vectors of the grams and what is added in questions, as one seed learns them; `number` counts the models."""
    import torch

    rng = np.random.default_rng(recipe.seed + number)
    vectors = torch.nn.Parameter(torch.from_numpy(task.base.copy()))
    meant = torch.nn.Parameter(torch.zeros(task.base.shape))
    rates = (recipe.rate, recipe.question_rate)
    optimiser = torch.optim.Adam(
        [{"params": [part], "lr": rate} for part, rate in zip((vectors, meant), rates, strict=True)]
    )
    per_epoch = max(1, len(task.questions) // recipe.batch)
    steps = recipe.epochs * per_epoch
    with reproducible(recipe.seed + number):
        for step, chosen in enumerate(batches(len(task.questions), per_epoch, recipe.epochs, rng)):
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * max(0.05, 1 - step / steps)
            loss = task.loss(vectors, meant, chosen, rng)
            if recipe.spans:
                loss = loss + task.loss_of_spans(vectors, rng)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            progress(number * steps + step + 1, recipe.models * steps, f"用问题训练 误差 {loss.item():.2f}")
    return vectors.detach().numpy(), meant.detach().numpy()


class _Task:
    """The questions and the passages as rows of the model, and what each question is compared with."""

    def __init__(self, embedder: StaticEmbedder, questions: Sequence[Question], taught: Taught, recipe: Recipe) -> None:
        self._recipe, self._spans = recipe, Spans(scale=12.0)
        self.questions = questions
        self.base = embedder.rows(embedder.keys)[1]
        self._asked = Positions(texts_to_grams([q.text for q in questions]), embedder.keys)
        self._bodies = Positions(texts_to_grams(taught.bodies), embedder.keys)
        self._heads = Positions(texts_to_grams(taught.heads), embedder.keys)
        self._golds = [np.array(q.passages, np.int64) for q in questions]
        self._worth = np.array([q.worth for q in questions], np.float32)
        self._passages = len(taught.vectors)
        self._near = _nearest_of(embedder.encode([q.text for q in questions]), self._golds, taught, recipe.near)

    def loss(self, vectors: torch.Tensor, meant: torch.Tensor, chosen: Ints, rng: np.random.Generator) -> torch.Tensor:
        """Of some questions."""
        import torch
        from torch.nn import functional

        recipe = self._recipe
        near = [rng.choice(self._near[i], min(recipe.drawn, recipe.near), replace=False) for i in chosen]
        others = rng.integers(0, self._passages, recipe.others)
        pool = np.unique(np.concatenate([others, *near, *(self._golds[i] for i in chosen)]))
        asked = encoded(vectors + meant, self._question_grams(chosen, rng), len(chosen))
        given = encoded(vectors, self._heads.whole(pool) + self._bodies.whole(pool), len(pool))
        logits = asked @ given.T * recipe.scale
        targets = torch.zeros_like(logits)
        for row, i in enumerate(chosen.tolist()):
            golds = np.searchsorted(pool, self._golds[i])
            targets[row, golds] = 1 / len(golds)
        each = -(targets * functional.log_softmax(logits, dim=1)).sum(dim=1)
        worth = torch.from_numpy(self._worth[chosen])
        return (each * worth).sum() / worth.sum()

    def loss_of_spans(self, vectors: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
        """Of spans that must find the rest of their passages."""
        import torch
        from torch.nn import functional

        some = rng.integers(0, self._passages, self._recipe.spans)
        spans, passages, size = span_pairs(self._bodies, self._heads, some, self._spans, rng)
        found = encoded(vectors, spans, size) @ encoded(vectors, passages, size).T
        return functional.cross_entropy(found * self._spans.scale, torch.arange(size))

    def _question_grams(self, chosen: Ints, rng: np.random.Generator) -> list[tuple[Ints, Ints]]:
        """Owners and rows, some left out, so that no gram answers alone."""
        kept = []
        for owners, rows in self._asked.whole(chosen):
            some = rng.random(len(rows)) >= self._recipe.dropout
            kept.append((owners[some], rows[some]))
        return kept


def _nearest_of(asked: Vectors, golds: Sequence[Ints], taught: Taught, count: int) -> Ints:
    """The numbers of the passages nearest to each question in its own corpus, `(questions, count)`."""
    found = np.zeros((len(asked), count), np.int64)
    corpus = np.searchsorted(taught.starts, [gold[0] for gold in golds], side="right") - 1
    for number, (start, stop) in enumerate(pairwise((*taught.starts, len(taught.vectors)))):
        own = np.flatnonzero(corpus == number)
        held = min(count, stop - start)
        found[own] = start  # where fewer exist, the first again
        for some in np.array_split(own, max(1, -(-len(own) // _ASKED))):
            near = asked[some] @ taught.vectors[start:stop].T
            found[some, :held] = start + np.argpartition(-near, held - 1, axis=1)[:, :held]
    return found
