"""Fit the weights of `weights.sure` (`ontology/forms/answers.toml`) on questions whose answers are known.

    python benchmarks/fit_answers.py SET [SET ...] [--homes DIR] [--kept SET ...]

A SET is a folder with `docs/` and `questions.json`: a list of `{"question", "evidence": [sentence], "unanswerable"}`.
Each is ingested into a home of its own (kept in `--homes`, else made anew). The best stretch for a question, and for
each of its parts, is right where it shares 14 characters with a sentence of the evidence. Only what `kg.ask.passages`
leaves open is weighed. Sets are left out in turn; the table shows, for stretches that no rule takes, how many would be
told from which likelihood on, how many of these are right, and how many belong to questions without an answer. `--kept`
sets take no part in the fitting and are judged by the final weights.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from kg.ask.bands import Bands
from kg.ask.deciding import left_open
from kg.ask.implied import with_implied
from kg.ask.library import AnswerContext, Library
from kg.ask.parts import parts_of
from kg.ask.passages import find_passages, ranked_windows
from kg.ask.question import Question
from kg.ask.reading import read
from kg.ask.sure import signs_of
from kg.core.config import Settings
from kg.service import Service

PENALTY = 1.0
LIMITS = (0.7, 0.75, 0.8, 0.85, 0.9)
SHARED = 14  # characters in common by which a stretch is the evidence


@dataclass(frozen=True, slots=True)
class Case:
    """The best stretch for one question or part of one: its signs, and whether it is right."""

    group: str
    signs: dict[str, float]
    right: bool
    taken: bool  # by a rule: the model is not asked
    unanswerable: bool


def cases(folder: Path, home: Path) -> Iterator[Case]:
    """The cases of a set."""
    service = Service(Settings.load(home=home))
    if service.newest() is None:
        service.ingest([folder / "docs"])
    context: AnswerContext = service.snapshot()
    for entry in json.loads((folder / "questions.json").read_text(encoding="utf-8")):
        library = Library(context)
        asked = with_implied(read(entry["question"], library), library.forms)
        evidence = [_plain(sentence) for sentence in entry.get("evidence", ())]
        for question in (asked, *(part.whole for part in parts_of(asked))):
            if (case := _case(folder.name, question, library, evidence, bool(entry.get("unanswerable")))) is not None:
                yield case


def _case(group: str, question: Question, library: Library, evidence: list[str], unanswerable: bool) -> Case | None:
    words, ranked = ranked_windows(question, library)
    if not ranked or not left_open(ranked[0], words, question, Bands(question, library.forms), library):
        return None
    text = _plain(ranked[0].text)
    pieces = {text[at : at + SHARED] for at in range(max(1, len(text) - SHARED + 1))}
    right = any(piece in sentence for sentence in evidence for piece in pieces)
    taken = find_passages(question, library, sure=False).answers != ()
    return Case(group, signs_of(ranked, words, question, library.weights.total), right, taken, unanswerable)


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def fit(signs: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Bias and weights (rows of `signs` are cases) of a logistic regression with L2 over standardised signs."""
    mean, scale = signs.mean(axis=0), np.maximum(signs.std(axis=0), 1e-6)
    inputs = np.hstack([np.ones((len(signs), 1)), (signs - mean) / scale])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        z = inputs @ weights
        value = np.logaddexp(0, np.where(right, -z, z)).sum() + PENALTY * (weights[1:] ** 2).sum()
        slope = inputs.T @ (1 / (1 + np.exp(-z)) - right)
        slope[1:] += 2 * PENALTY * weights[1:]
        return float(value), slope

    found = minimize(loss, np.zeros(inputs.shape[1]), jac=True, method="L-BFGS-B").x
    own = found[1:] / scale
    return np.concatenate([[found[0] - (own * mean).sum()], own])


def likelihood(weights: np.ndarray, signs: np.ndarray) -> np.ndarray:
    """How likely each case is right."""
    return 1 / (1 + np.exp(-(weights[0] + signs @ weights[1:])))


def table(title: str, found: list[Case], likely: np.ndarray) -> None:
    """What would be told beyond what the rules take."""
    print(f"{title}: {len(found)} cases, {sum(case.taken for case in found)} taken by rules")
    for limit in LIMITS:
        told = [case for case, value in zip(found, likely, strict=True) if value >= limit and not case.taken]
        right = sum(case.right for case in told)
        print(f"  from {limit}: {len(told)} more, {right} right, {sum(c.unanswerable for c in told)} without an answer")


def main() -> None:
    """Fit, judge, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--kept", nargs="*", type=Path, default=[])
    parser.add_argument("--homes", type=Path)
    chosen = parser.parse_args()
    homes = chosen.homes or Path(tempfile.mkdtemp(prefix="policykg-fit-"))
    found = [case for folder in chosen.sets for case in cases(folder, homes / folder.name)]
    names = list(found[0].signs)
    signs = np.array([[case.signs[name] for name in names] for case in found])
    right = np.array([case.right for case in found])
    groups = np.array([case.group for case in found])
    likely = np.zeros(len(found))
    for group in dict.fromkeys(groups):
        out = groups == group
        likely[out] = likelihood(fit(signs[~out], right[~out]), signs[out])
    table("left out in turn", found, likely)
    weights = fit(signs, right)
    if kept := [case for folder in chosen.kept for case in cases(folder, homes / folder.name)]:
        table("kept apart", kept, likelihood(weights, np.array([[c.signs[name] for name in names] for c in kept])))
    for name, value in zip(("bias", *names), weights, strict=True):
        print(f'  {{ sign = "{name}", weight = {value:.3f} }},')


if __name__ == "__main__":
    main()
