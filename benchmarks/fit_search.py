"""Fit what the signs of passages are worth (`kg.passages.signs.Weights`) on the questions of `written.py`.

    python benchmarks/fit_search.py HOMES [--share .35] [--plain]

Each question is asked of the home that holds its passage, with a model taught by the questions about other documents
alone (`teach_default_embedder.models_apart`), or by none (`--plain`: for models without a query table). The
weights are fitted by softmax over the `search.CLOSE` best candidates, by the same parts, and told: first the shares of
questions that have a right passage first, among the first five and ten, and MRR@10, with the weights that ship and with
those fitted on the other parts; then those fitted on all. HOMES is a folder for the homes, with the model that teaching
begins with in `start`. Needs the extra `models`.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from teach_default_embedder import FOLDS, Asked, asked_of, fold_of, homes, models_apart

from kg.passages import fusion
from kg.passages.facets import NO_FILTERS
from kg.passages.query import text_to_query
from kg.passages.search import CLOSE, PassageSearch
from kg.passages.signs import PLAIN, TAUGHT, TextSigns, Weights, document_scores, document_signs
from kg.passages.static import StaticEmbedder

NAMES = (
    "lexical", "vector", "place", "elsewhere", "nation", "year", "superseded", "asked", "coverage", "characters",
    "holds",
)  # fmt: skip
_STEPS, _RATE = 300, 0.05


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """A question with the signs of its candidates `(n, NAMES)`, and which of them are right."""

    group: str
    fold: int
    signs: NDArray[np.float32]
    right: NDArray[np.bool_]


def case_of(search: PassageSearch, asked: Asked, keys_of_gold: set[int], weights: Weights) -> Case | None:
    """The candidates as a search with `weights` finds them."""
    query = text_to_query(asked.text, search._wordings, NO_FILTERS)  # noqa: SLF001 - signs are told nowhere else
    lexical, vector, _ = search._arms(query, fusion.DEPTH, "hybrid")  # noqa: SLF001
    keys = np.union1d(lexical.keys, vector.keys)
    if not len(keys):
        return None
    arms = [fusion._relative(one, keys) if len(one) else np.zeros(len(keys)) for one in (lexical, vector)]  # noqa: SLF001
    held: Any = search._held  # noqa: SLF001
    own = document_signs(query, keys, held, search.vectors.asked if search.vectors else {})
    scores = np.stack(arms, 1) @ [weights.lexical, weights.vector] + document_scores(own, weights)
    first = np.lexsort((keys, -scores))[:CLOSE]
    ids = [search._numbers.passage_id(key) for key in keys[first].tolist()]  # noqa: SLF001
    passages = search._source.passages_of(ids)  # noqa: SLF001
    titles = [held.title(at) for at in held.places_of(keys[first]).tolist()]
    texts, _ = TextSigns(query, search._fulltext.weight).of(titles, [passages[ident] for ident in ids])  # noqa: SLF001
    signs = np.concatenate([np.stack(arms, 1)[first], own[first], texts], axis=1).astype(np.float32)
    right = np.array([key in keys_of_gold for key in keys[first].tolist()], np.bool_)
    return Case(f"{asked.home}/{asked.kind}", fold_of(asked.file), signs, right)


def gather(folder: Path, share: float, *, plain: bool) -> Iterator[Case]:
    """The cases of both homes, each asked with a model that never saw its document."""
    corpora = homes(folder)
    start = StaticEmbedder.load(folder / "start").with_table(None)
    models = [start] * FOLDS if plain else models_apart(folder / "models", corpora, folder / "start")
    for corpus in corpora:
        asked = [one for one in asked_of(corpus) if random.Random(one.text).random() < share]
        for fold, model in enumerate(models):
            corpus.under(model)
            for one in (one for one in asked if fold_of(one.file) == fold):
                gold = {int(corpus.keys[row]) for row in one.rows}
                if found := case_of(corpus.search, one, gold, PLAIN if plain else TAUGHT):
                    yield found


def fitted(cases: Sequence[Case], start: Weights) -> NDArray[np.float32]:
    """The weights that give right candidates the most of a softmax; each group of questions counts alike."""
    import torch

    usable = [case for case in cases if case.right.any()]
    sizes = {group: sum(case.group == group for case in usable) for group in {case.group for case in usable}}
    signs = torch.zeros(len(usable), CLOSE, len(NAMES))
    right, there = torch.zeros(len(usable), CLOSE), torch.zeros(len(usable), CLOSE, dtype=torch.bool)
    for number, case in enumerate(usable):
        signs[number, : len(case.signs)] = torch.from_numpy(case.signs)
        right[number, : len(case.right)] = torch.from_numpy(case.right.astype(np.float32))
        there[number, : len(case.signs)] = True
    worth = torch.tensor([1 / sizes[case.group] for case in usable])
    weights = torch.nn.Parameter(torch.tensor([getattr(start, name) for name in NAMES]))
    optimiser = torch.optim.Adam([weights], lr=_RATE)
    targets = right / right.sum(1, keepdim=True)
    for _ in range(_STEPS):
        chances = torch.log_softmax((signs @ weights).masked_fill(~there, -1e9), 1).clamp(min=-50)
        loss = (-(targets * chances).sum(1) * worth).sum() / worth.sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return weights.detach().numpy()


def table(cases: Sequence[Case], weights: Sequence[NDArray[np.float32]]) -> None:
    """What each group of questions finds; `weights` are those of each case."""
    for group in sorted({case.group for case in cases}):
        places = [
            int(np.argmax(case.right[np.argsort(-(case.signs @ own), kind="stable")])) if case.right.any() else CLOSE
            for case, own in zip(cases, weights, strict=True)
            if case.group == group
        ]
        shares = [np.mean([place < top for place in places]) for top in (1, 5, 10)]
        mrr = np.mean([1 / (place + 1) if place < 10 else 0.0 for place in places])
        print(f"{group:12} {len(places):5} " + " ".join(f"{value:.3f}" for value in (*shares, mrr)), flush=True)


def main() -> None:
    """Ask, fit, tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("homes", type=Path)
    parser.add_argument("--share", type=float, default=0.35, help="how many of the questions are asked")
    parser.add_argument("--plain", action="store_true", help="without a query table")
    chosen = parser.parse_args()
    assert set(NAMES) == {field.name for field in fields(Weights)}
    start = PLAIN if chosen.plain else TAUGHT
    cases = list(gather(chosen.homes, chosen.share, plain=chosen.plain))
    print("shipped: first, first five, first ten, MRR@10")
    table(cases, [np.array([getattr(start, name) for name in NAMES], np.float32)] * len(cases))
    folds = [fitted([case for case in cases if case.fold != fold], start) for fold in range(FOLDS)]
    print("fitted on other parts")
    table(cases, [folds[case.fold] for case in cases])
    print({name: round(float(value), 2) for name, value in zip(NAMES, fitted(cases, start), strict=True)})


if __name__ == "__main__":
    main()
