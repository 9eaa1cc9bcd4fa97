"""The one place that decides which proposals are facts, which are to be checked, and which are dropped.

A candidate's confidence is a logistic model over its rule and its features; the weights stand in
`ontology/forms/weights.toml` and are fitted on annotated documents by `benchmarks/fit_confidence.py`, so that of facts
shown with .9 nine in ten are right.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from ingest.candidates import Candidate
from kg.core.model import Doubt, Evidence, encode
from kg.core.replacing import replace
from ontology.forms import FOLDER

WEIGHTS = FOLDER / "weights.toml"
DOUBTFUL = 0.25  # below this a proposal is not even worth a person's look
_PRIOR = 2.2  # log-odds of a kind without fitted weights: .9


@dataclass(frozen=True, slots=True)
class Model:
    """The weights of one kind of fact. `accept` is the least confidence that is shown as known."""

    bias: float = _PRIOR
    accept: float = 0.5
    rules: Mapping[str, float] = field(default_factory=dict)
    features: Mapping[str, float] = field(default_factory=dict)

    def confidence(self, rule: str, features: Collection[str]) -> float:
        """Between 0 and 1; a rule or feature that was never seen in fitting weighs nothing."""
        score = self.bias + self.rules.get(rule, 0.0)
        score += math.fsum(self.features.get(name, 0.0) for name in sorted(features))
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known, and what a person should look at."""

    accepted: tuple[Any, ...]
    doubts: tuple[Doubt, ...]


@lru_cache(maxsize=2)
def load_models(path: Path = WEIGHTS) -> Mapping[str, Model]:
    """The models of all kinds of fact."""
    tables = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return {
        kind: Model(
            float(table.get("bias", _PRIOR)),
            float(table.get("accept", 0.5)),
            {str(k): float(v) for k, v in table.get("rules", {}).items()},
            {str(k): float(v) for k, v in table.get("features", {}).items()},
        )
        for kind, table in tables.items()
        if isinstance(table, dict)
    }


_UNFITTED = Model()


class Decider:
    """Decides for one set of weights."""

    def __init__(self, models: Mapping[str, Model] | None = None) -> None:
        self.models = load_models() if models is None else models
        self._of_kind = lru_cache(maxsize=4096)(self._confidence)

    def confidence(self, candidate: Candidate[Any]) -> float:
        """How sure a candidate is, between 0 and 1."""
        return self._of_kind(candidate.kind, candidate.rule, candidate.features)

    def _confidence(self, kind: str, rule: str, features: frozenset[str]) -> float:
        return self.models.get(kind, _UNFITTED).confidence(rule, features)

    def accepts(self, kind: str, confidence: float) -> bool:
        """Whether a fact of this kind is shown as known."""
        return confidence >= self.models.get(kind, _UNFITTED).accept

    def decide(
        self,
        candidates: Sequence[Candidate[Any]],
        words: Callable[[Any], str],
        evidence: Callable[[Any], Evidence],
    ) -> Verdict:
        """Facts with rule and confidence, in order of the text.

        `words` and `evidence` tell how a doubtful fact is put before a person.
        """
        accepted: list[Any] = []
        doubts: list[Doubt] = []
        for candidate in sorted(candidates, key=lambda c: (c.start, c.end)):
            confidence = self.confidence(candidate)
            rounded = round(confidence, 3)
            if self.accepts(candidate.kind, confidence):
                accepted.append(replace(candidate.fact, rule=candidate.rule, confidence=rounded))
            elif confidence >= DOUBTFUL:
                fact, proposal = candidate.fact, encode(candidate.fact).decode()
                doubts.append(Doubt(candidate.kind, words(fact), candidate.rule, rounded, evidence(fact), proposal))
        return Verdict(tuple(accepted), tuple(doubts))
