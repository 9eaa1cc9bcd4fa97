"""Train the static model on unlabelled text: contrastive self-supervision.

A span of a passage must find the rest of its passage (mostly without the span itself) among the other passages of
the batch: the inverse cloze task (Lee et al. 2019, arXiv:1906.00300) with in-batch negatives. One vector per
character and bigram is learned. The recipe's constants were swept on questions that training never saw
(docs/decisions/0004). With a model to start from, its vectors are what training begins with, and the grams that the new
texts do not have keep theirs: a few hundred documents of one's own are too few to learn Chinese from.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kg.core.errors import UsageError
from kg.core.progress import Progress, silent
from kg.passages.grams import Grams, Ints, find, gram_of, texts_to_grams
from kg.passages.query_table import to_8_bits
from kg.passages.reproducible import reproducible
from kg.passages.static import StaticEmbedder
from kg.passages.twin import write_twin

if TYPE_CHECKING:
    import torch

MODEL_NAME = "policykg-static"
FEWEST_TEXTS = 64
_STEPS = 32  # of an epoch, at the least, where there are texts enough
ADAPTING_RATE = 1e-3  # of Adam, where training starts from a model: a third of the rate from nothing
DIMENSION = 256
EPOCHS = 6


@dataclass(frozen=True, slots=True)
class Recipe:
    """The settings of a training run; they are written into the model's card."""

    dimension: int = DIMENSION
    epochs: int = EPOCHS
    seed: int = 0
    vocabulary: int = 32_000
    batch: int = 1024
    rate: float = 3e-3  # of Adam, falling linearly to 2 %
    scale: float = 12.0  # of the cosines before the softmax: 8, 12, 20, 40 tried
    shortest: int = 8  # characters of a span
    longest: int = 30
    keep_span: float = 0.1  # share of pairs whose passage keeps the span, so that exact words still count
    with_title: float = 0.5  # share of pairs whose passage is preceded by its title
    idf_power: float = 1.0
    start: str = ""  # the model that training began with


class Positions:
    """Passages as rows of the vocabulary, position by position, so that any span is two slices."""

    def __init__(self, grams: Grams, keys: Ints) -> None:
        self.starts = grams.starts
        self.characters = _rows_of(grams.characters, keys)
        self.bigrams = _rows_of(grams.bigrams, keys)

    def whole(self, chosen: Ints) -> list[tuple[Ints, Ints]]:
        """(owner, row) of all grams of some texts."""
        return self.slices(self.starts[chosen], self.starts[chosen + 1])

    def slices(self, first: Ints, last: Ints) -> list[tuple[Ints, Ints]]:
        """(owner, row) of all grams inside `[first[i], last[i])`."""
        owners, positions = _ranges(first, last)
        owners2, positions2 = _ranges(first, last - 1)
        return [
            (owners, self.characters[positions].astype(np.int64)),
            (owners2, self.bigrams[positions2].astype(np.int64)),
        ]


def train_embedder(
    texts: Sequence[str],
    target: Path,
    *,
    titles: Sequence[str] | None = None,
    recipe: Recipe | None = None,
    start: StaticEmbedder | None = None,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Train on `texts` (passages of some 20 to 400 characters) and write a model folder to `target`.

    `titles[i]`, where given, is the title of the document that `texts[i]` is from. `start` gives its dimension, its
    grams and its vectors to begin with. The same texts, recipe, start and number of threads give the same model.
    Returns the card (`static.json`). Raises `UsageError` for too few texts.
    """
    if len(texts) < FEWEST_TEXTS:
        raise UsageError(f"训练向量模型至少需要 {FEWEST_TEXTS} 段文字，现在只有 {len(texts)} 段。请先入库更多文件")
    if titles is not None and len(titles) != len(texts):
        raise ValueError(f"{len(titles)} titles for {len(texts)} texts")
    recipe = recipe or Recipe()
    grams = texts_to_grams(texts)
    keys, idf = grams_to_vocabulary(grams, recipe.vocabulary, kept=start.keys if start else None)
    weights = idf**recipe.idf_power
    rng = np.random.default_rng(recipe.seed)
    if start is None:
        first = _noise(rng, len(keys), recipe.dimension)
    else:
        recipe = replace(recipe, dimension=start.dimension, rate=ADAPTING_RATE, start=start.name)
        known, rows = start.rows(keys)
        first = np.where(known[:, None], rows / weights[:, None], _noise(rng, len(keys), recipe.dimension))
    body = Positions(grams, keys)
    heads = Positions(texts_to_grams(titles if titles is not None else [""] * len(texts)), keys)
    vectors = _optimise(first, body, heads, weights, recipe, progress)
    card = {"name": MODEL_NAME, "texts": len(texts), "grams": len(keys), "recipe": asdict(recipe)}
    return save_model(target, keys, vectors * weights[:, None], card)


def _noise(rng: np.random.Generator, count: int, dimension: int) -> NDArray[np.float32]:
    """What vectors begin with: small and random did better than a truncated SVD."""
    return rng.standard_normal((count, dimension), np.float32) / np.float32(16 * dimension**0.5)


def grams_to_vocabulary(grams: Grams, size: int, *, kept: Ints | None = None) -> tuple[Ints, NDArray[np.float32]]:
    """The `size` grams found in most texts, with those of `kept`: ascending keys, and idf = ln((N + 1) / (n + ½))."""
    count = len(grams.starts) - 1
    owner = np.repeat(np.arange(count), np.diff(grams.starts))
    keys = np.concatenate([grams.characters, grams.bigrams])
    present = keys > 0
    unique, inverse = np.unique(keys[present], return_inverse=True)
    pairs = np.unique(inverse * count + np.concatenate([owner, owner])[present])
    frequency = np.bincount(pairs // count, minlength=len(unique))
    chosen = np.sort(np.argsort(-frequency, kind="stable")[:size])
    keys_, found = unique[chosen], frequency[chosen]
    if kept is not None:
        absent = np.setdiff1d(kept, keys_)
        held = np.searchsorted(unique, absent)
        held[held == len(unique)] = 0
        keys_ = np.concatenate([keys_, absent])
        found = np.concatenate([found, np.where(unique[held] == absent, frequency[held], 0)])
        order = np.argsort(keys_)
        keys_, found = keys_[order], found[order]
    idf = np.log((count + 1) / (found + 0.5)).astype(np.float32)
    return keys_, np.maximum(idf, 0.01).astype(np.float32)


def _optimise(
    first: NDArray[np.float32],
    body: Positions,
    heads: Positions,
    weights: NDArray[np.float32],
    recipe: Recipe,
    progress: Progress,
) -> NDArray[np.float32]:
    import torch
    from torch.nn import functional

    rng = np.random.default_rng(recipe.seed)
    vectors = torch.nn.Parameter(torch.from_numpy(first))
    optimiser = torch.optim.Adam([vectors], lr=recipe.rate)
    scales = torch.from_numpy(weights)
    count = len(body.starts) - 1
    # Of few texts smaller batches, else there would be too few steps to learn anything from them.
    per_epoch = max(1, count // min(recipe.batch, max(FEWEST_TEXTS, count // _STEPS)))
    steps = recipe.epochs * per_epoch
    with reproducible(recipe.seed):
        for step, chosen in enumerate(batches(count, per_epoch, recipe.epochs, rng)):
            spans, passages, size = span_pairs(body, heads, chosen, recipe, rng)
            asked = encoded(vectors, spans, size, scales)
            given = encoded(vectors, passages, size, scales)
            loss = functional.cross_entropy(asked @ given.T * recipe.scale, torch.arange(size))
            for group in optimiser.param_groups:
                group["lr"] = recipe.rate * max(0.02, 1 - step / steps)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            progress(step + 1, steps, f"训练 误差 {loss.item():.2f}")
    result: NDArray[np.float32] = vectors.detach().numpy()
    return result


def batches(count: int, per_epoch: int, epochs: int, rng: np.random.Generator) -> Iterator[Ints]:
    """The numbers below `count` in another order each epoch, in parts of about one size."""
    for _ in range(epochs):
        yield from np.array_split(rng.permutation(count), per_epoch)


def span_pairs(
    body: Positions, heads: Positions, chosen: Ints, recipe: Recipe, rng: np.random.Generator
) -> tuple[list[tuple[Ints, Ints]], list[tuple[Ints, Ints]], int]:
    """Spans and their passages, each as (owner, row) pairs, and how many there are."""
    long_enough = body.starts[chosen + 1] - body.starts[chosen] >= recipe.shortest + 4
    chosen = chosen[long_enough]
    first, last = body.starts[chosen], body.starts[chosen + 1]
    size = len(chosen)
    length = np.minimum(rng.integers(recipe.shortest, recipe.longest + 1, size), last - first - 2)
    start = first + (rng.random(size) * (last - first - length + 1)).astype(np.int64)
    stop = start + length
    cut = (rng.random(size) >= recipe.keep_span) & (last - first > length + 8)
    titled = np.flatnonzero(rng.random(size) < recipe.with_title)
    head = [(titled[owner], row) for owner, row in heads.whole(chosen[titled])]
    rest = body.slices(first, np.where(cut, start, last)) + body.slices(np.where(cut, stop, last), last)
    return body.slices(start, stop), rest + head, size


def encoded(
    vectors: torch.Tensor, pieces: list[tuple[Ints, Ints]], size: int, scales: torch.Tensor | None = None
) -> torch.Tensor:
    """Unit sums of the vectors of each owner's rows, weighted by `scales`."""
    import torch
    from torch.nn import functional

    owners = np.concatenate([owner for owner, _ in pieces])
    rows = np.concatenate([row for _, row in pieces])
    known = rows >= 0
    owners, rows = owners[known], rows[known]
    order = np.argsort(owners, kind="stable")
    counts = np.bincount(owners, minlength=size)
    offsets = torch.from_numpy(np.concatenate([[0], np.cumsum(counts)[:-1]]))
    ids = torch.from_numpy(rows[order])
    weights = None if scales is None else scales[ids]
    sums = functional.embedding_bag(ids, vectors, offsets, mode="sum", per_sample_weights=weights)
    return functional.normalize(sums, dim=1, eps=1e-6)


def _rows_of(keys: Ints, vocabulary: Ints) -> NDArray[np.int32]:
    place, known = find(vocabulary, keys)
    return np.where(known, place, -1).astype(np.int32)


def _ranges(first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """`arange(first[i], last[i])` for all i behind one another, with the i of each."""
    lengths = np.maximum(last - first, 0)
    before = np.cumsum(lengths) - lengths
    owners = np.repeat(np.arange(len(first)), lengths)
    return owners, np.arange(int(lengths.sum())) + np.repeat(first - before, lengths)


def save_model(target: Path, keys: Ints, vectors: NDArray[np.float32], card: dict[str, Any]) -> dict[str, Any]:
    """Write a model folder, in 8 bits; returns the card."""
    from safetensors.numpy import save

    target.mkdir(parents=True, exist_ok=True)
    rounded, scales = to_8_bits(vectors)
    tensors = {
        "keys": keys,
        "embeddings": np.vstack([rounded, np.zeros((1, rounded.shape[1]), np.int8)]),
        "weights": np.append(scales, np.float32(0)).astype(np.float32),
    }
    # Not `save_file`: its file is readable by its owner only, and would be so in the wheel.
    (target / "model.safetensors").write_bytes(save(tensors))
    (target / "static.json").write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    write_twin(target, [gram_of(key) for key in keys.tolist()])
    return card
