"""Learns a `QueryTable` from questions whose passages are known.

For each question a softmax over its passages, those that the plain model finds, and others at random; the targets
share one among the passages. A passage that many questions have counts less in each, and for the others a prior is
given to it, so that the table does not learn to answer every question with the popular ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kg.core.errors import UsageError
from kg.core.progress import Progress, silent
from kg.passages.embedder import Vectors
from kg.passages.grams import Ints, find, texts_to_grams
from kg.passages.optional import need_models
from kg.passages.query_table import QueryTable
from kg.passages.reproducible import reproducible
from kg.passages.static import StaticEmbedder

if TYPE_CHECKING:
    import torch

FEWEST = 50  # questions
_ASKED = 32  # questions compared with all passages at once: 64 MB of scores for half a million


@dataclass(frozen=True, slots=True)
class Recipe:
    """The settings of a run; swept on the development questions by cross-validation (docs/decisions/0004)."""

    epochs: int = 8
    batch: int = 64
    rate: float = 1e-2  # of Adam, falling to 5 %
    scale: float = 20.0
    near: int = 60  # passages that the plain model finds
    others: int = 3000
    dropout: float = 0.1  # of grams
    decay: float = 0.0
    seed: int = 0
    tables: int = 6  # learnt by one seed after the other, and averaged: chance cancels out


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the rows of its passages, and how much it counts beside others."""

    text: str
    passages: tuple[int, ...]
    worth: float = 1.0


def learn_query_table(
    embedder: StaticEmbedder,
    questions: Sequence[Question],
    vectors: Vectors,
    *,
    starts: Sequence[int] = (0,),
    recipe: Recipe | None = None,
    progress: Progress = silent,
) -> QueryTable:
    """A table for `embedder` from questions over passages with the unit `vectors` `(n, D)`.

    Where these are of several corpora that hold the same passages in part, `starts` says at which row each begins: a
    question is compared with what is near it in its own. The same questions, vectors and recipe give the same table.
    Raises `UsageError` for too few questions.
    """
    need_models("训练检索词表")
    recipe = recipe or Recipe()
    if len(questions) < FEWEST:
        raise UsageError(f"训练检索词表至少需要 {FEWEST} 个有答案出处的问题，现在只有 {len(questions)} 个")
    if starts[0] != 0:
        raise ValueError(f"starts at {starts[0]}: rows before it would be of no corpus")
    task = _Task(embedder, questions, vectors, starts, recipe)
    learnt = np.mean([_learnt(task, recipe, number, progress) for number in range(recipe.tables)], axis=0)
    return QueryTable.of(embedder.keys[task.used], learnt.astype(np.float32))


def _learnt(task: _Task, recipe: Recipe, number: int, progress: Progress) -> Vectors:
    """The changes of the grams `(n, D)` as one seed learns them; `number` counts the tables of a run."""
    import torch

    seed = recipe.seed + number
    rng = np.random.default_rng(seed)
    changes = torch.nn.Parameter(torch.zeros(len(task.used), task.dimension))
    optimiser = torch.optim.Adam([changes], lr=recipe.rate)
    batches = max(1, task.questions // recipe.batch)
    steps = recipe.epochs * batches
    with reproducible(seed):
        for step, chosen in enumerate(_batches(task.questions, batches, recipe.epochs, rng)):
            for group in optimiser.param_groups:
                group["lr"] = recipe.rate * max(0.05, 1 - step / steps)
            loss = task.loss(changes, chosen, rng)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            progress(number * steps + step + 1, recipe.tables * steps, f"训练检索词表 误差 {loss.item():.2f}")
    found: Vectors = changes.detach().numpy()
    return found


def _batches(count: int, batches: int, epochs: int, rng: np.random.Generator) -> Iterator[Ints]:
    for _ in range(epochs):
        yield from np.array_split(rng.permutation(count), batches)


class _Task:
    """The questions as rows of the model, and what they are compared with."""

    def __init__(
        self,
        embedder: StaticEmbedder,
        questions: Sequence[Question],
        vectors: Vectors,
        starts: Sequence[int],
        recipe: Recipe,
    ) -> None:
        import torch

        self._recipe = recipe
        self._vectors = vectors
        self.questions, self.dimension = len(questions), embedder.dimension
        rows = _rows_of([q.text for q in questions], embedder)
        # Rows of the model that some question has, ascending: all others would be carried along in vain.
        self.used = np.unique(np.concatenate(rows))
        self._rows = [np.searchsorted(self.used, row) for row in rows]
        _, base = embedder.rows(embedder.keys[self.used])
        self._base = torch.from_numpy(base)
        self._golds = [np.array(q.passages, np.int64) for q in questions]
        counts = np.bincount(np.concatenate(self._golds), minlength=len(vectors)).astype(np.float32)
        self._prior = np.log1p(counts) / recipe.scale  # what a popular passage is given in the comparison
        self._worth = np.array(
            [q.worth * float(np.mean(1 / np.sqrt(counts[g]))) for q, g in zip(questions, self._golds, strict=True)],
            np.float32,
        )
        plain = embedder.encode([q.text for q in questions])
        corpus = np.searchsorted(starts, [q.passages[0] for q in questions], side="right") - 1
        self._near = np.zeros((len(questions), recipe.near), np.int64)
        for number, (start, stop) in enumerate(zip(starts, (*starts[1:], len(vectors)), strict=True)):
            own = np.flatnonzero(corpus == number)
            for some in np.array_split(own, max(1, -(-len(own) // _ASKED))):
                self._near[some] = start + _nearest(plain[some], vectors[start:stop], recipe.near)

    def loss(self, changes: torch.Tensor, chosen: Ints, rng: np.random.Generator) -> torch.Tensor:
        """Of some questions."""
        import torch
        from torch.nn import functional

        recipe = self._recipe
        others = rng.integers(0, len(self._vectors), recipe.others)
        pool = np.unique(np.concatenate([others, self._near[chosen].ravel(), *(self._golds[i] for i in chosen)]))
        asked = self._encode(changes, chosen, rng)
        bias = torch.from_numpy(self._prior[pool])
        logits = (asked @ torch.from_numpy(self._vectors[pool]).T + bias) * recipe.scale
        targets = torch.zeros_like(logits)
        for row, i in enumerate(chosen.tolist()):
            golds = np.searchsorted(pool, self._golds[i])
            targets[row, golds] = 1 / len(golds)
        each = -(targets * functional.log_softmax(logits, dim=1)).sum(dim=1)
        worth = torch.from_numpy(self._worth[chosen])
        return (each * worth).sum() / worth.sum()

    def _encode(self, changes: torch.Tensor, chosen: Ints, rng: np.random.Generator) -> torch.Tensor:
        import torch
        from torch.nn import functional

        rows = [self._rows[i] for i in chosen.tolist()]
        kept = [r[rng.random(len(r)) >= self._recipe.dropout] for r in rows]
        kept = [k if len(k) else r for k, r in zip(kept, rows, strict=True)]
        offsets = np.cumsum([0, *(len(k) for k in kept[:-1])])
        ids = torch.from_numpy(np.concatenate(kept))
        sums = functional.embedding_bag(ids, self._base + changes, torch.from_numpy(offsets), mode="sum")
        return functional.normalize(sums, dim=1, eps=1e-6)


def _rows_of(texts: Sequence[str], embedder: StaticEmbedder) -> list[Ints]:
    """The rows of each text's grams in the model's table; a text without any has the first."""
    out: list[Ints] = []
    for text in texts:
        grams = texts_to_grams([text])
        keys = np.concatenate([grams.characters, grams.bigrams])
        keys = keys[keys > 0]
        place, held = find(embedder.keys, keys)
        known = place[held]
        out.append(known if len(known) else np.zeros(1, np.int64))
    return out


def _nearest(asked: Vectors, vectors: Vectors, count: int) -> Ints:
    """The rows of the `count` nearest vectors of some questions, `(questions, count)`; the first where fewer exist."""
    best = np.zeros((len(asked), count), np.int64)
    held = min(count, len(vectors))
    best[:, :held] = np.argpartition(-(asked @ vectors.T), held - 1, axis=1)[:, :held]
    return best
