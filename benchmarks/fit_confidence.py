"""Fit the weights of `ontology/forms/weights.toml` on annotated documents, and show how well confidence is calibrated.

    python benchmarks/fit_confidence.py --gold DIR --corpus DIR [--gold DIR --corpus DIR ...]     cross-validated table
    python benchmarks/fit_confidence.py ... --write                                              write the weights
    python benchmarks/fit_confidence.py ... --check                                              reliability as shipped

A candidate is right when the judge of `../shared/eval/score.py` would pair it with an entry of the gold; optional and
ambiguous entries count neither way. The model is a logistic regression with L2 over rules and features; hand-set
weights of the file are its prior, so that what was never seen keeps them. Documents are left out in turn (ten folds).
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import json
import sys
import tomllib
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from scipy.optimize import minimize

from ingest.candidates import Candidate
from ingest.decide import WEIGHTS, Model
from ingest.frame import raw_to_frame
from ingest.propose import Proposals, frame_to_proposals
from ingest.readers import read
from ingest.tools import tools_for
from ontology.reference import load_reference

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("figure", "deadline", "reference", "agency")
FOLDS, PENALTY = 10, 1.0
BANDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.01)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A candidate with its truth; `document` keeps folds apart."""

    document: str
    candidate: Candidate[Any]
    right: bool


def judge() -> ModuleType:
    """`score.py` of the evaluation data."""
    path = ROOT.parent / "shared" / "eval" / "score.py"
    spec = importlib.util.spec_from_file_location("score", path)
    if spec is None or spec.loader is None:
        sys.exit(f"{path} is missing")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def labelled(pairs: list[tuple[Path, Path]]) -> list[Labelled]:
    """All candidates of all annotated documents, with their truth."""
    score, reference = judge(), load_reference()
    tools = tools_for(reference)
    names = score.Names(score.HERE / "gold/agency_aliases.json")
    out: list[Labelled] = []
    for gold_dir, corpus in pairs:
        files = {p.name: p for p in corpus.rglob("*") if p.is_file()}
        for file in sorted(gold_dir.glob("*.json")):
            gold = json.loads(file.read_text(encoding="utf-8"))
            if "document" not in gold or gold.get("file") not in files:
                continue
            path = files[gold["file"]]
            frame = raw_to_frame(read(path.read_bytes(), path.name), path.name, tools.resolver)
            proposals = frame_to_proposals(frame, tools)
            out += [Labelled(file.stem, c, right) for c, right in _truth(score, names, gold, proposals)]
    return out


def _truth(
    score: ModuleType, names: Any, gold: dict[str, Any], proposals: Proposals
) -> list[tuple[Candidate[Any], bool]]:
    out: list[tuple[Candidate[Any], bool]] = []
    for key, candidates, fits in (
        ("figures", proposals.of_kind.get("figures", ()), _figure_fits(score)),
        ("deadlines", proposals.of_kind.get("deadlines", ()), _deadline_fits(score)),
    ):
        if gold.get(f"{key}_partial"):
            continue
        firm, soft = score.firm(gold.get(key)), score.soft(gold, key)
        facts = [asdict(c.fact) for c in candidates]
        hit = {j for _, j in score.pair_up(firm, facts, fits)}
        for j, (candidate, fact) in enumerate(zip(candidates, facts, strict=True)):
            if j in hit or not any(fits(s, fact) for s in soft):
                right = j in hit or (key == "deadlines" and any(fits(f, fact) for f in firm))
                out.append((candidate, right))
    out += _agencies(score, names, gold, proposals)
    sure = [r for r in gold.get("policy_references") or [] if not r.get("ambiguous") and not r.get("alias")]
    keys = {score.norm(r[k]) for r in sure for k in ("title", "number") if r.get(k)}
    neutral = {
        score.norm(r[k])
        for r in gold.get("policy_references") or []
        if r.get("ambiguous") or r.get("alias") or r.get("self")
        for k in ("title", "number", "as_written")
        if r.get(k)
    }
    for candidate in proposals.references:
        mine = {score.norm(v) for v in (candidate.fact.title, candidate.fact.number) if v}
        if mine & keys:
            out.append((candidate, True))
        elif not any(n and (n in k or k in n) for n in neutral for k in mine):
            out.append((candidate, False))
    return out


def _agencies(
    score: ModuleType, names: Any, gold: dict[str, Any], proposals: Proposals
) -> list[tuple[Candidate[Any], bool]]:
    if gold.get("agencies_partial"):
        return []
    right = {n for a in score.firm(gold.get("agencies")) for n in score.options(a, names)}
    neutral = {n for a in score.soft(gold, "agencies") for n in score.options(a, names)}
    for activity in gold.get("activities") or []:
        for r in activity.get("responsible") or []:
            neutral |= score.options(r, names, "as_written")
    out = []
    for candidate in proposals.agencies:
        name = names(candidate.fact.name)
        if name in right:
            out.append((candidate, True))
        elif name not in neutral:
            out.append((candidate, False))
    return out


def _figure_fits(score: ModuleType) -> Any:
    def fits(a: dict[str, Any], b: dict[str, Any]) -> float:
        units = {score.norm(u or "") for u in [a.get("unit"), *(a.get("unit_accepted") or [])]}
        try:
            same = abs(float(a["value"]) - float(b["value"])) < 1e-6 * max(1, abs(float(a["value"])))
        except (TypeError, ValueError):
            same = score.norm(a.get("value")) == score.norm(b.get("value"))
        unit = score.norm(b.get("unit") or "")
        if not same or not (unit in units or any(u and unit.startswith(u) for u in units)):
            return 0
        if a.get("upper") is not None and b.get("upper") != a["upper"]:
            return 0
        quote, mine = score.norm(b["evidence"]["quote"]), score.norm(a.get("evidence") or "")
        return 1 + (mine in quote or quote in mine)

    return fits


def _deadline_fits(score: ModuleType) -> Any:
    def fits(a: dict[str, Any], b: dict[str, Any]) -> float:
        dates = {x for x in (score.iso(a.get(k)) for k in ("iso", "date")) if x}
        dates |= {score.iso(x) for x in a.get("accepted") or [] if score.iso(x)}
        date = score.iso(b.get("date") or b.get("as_written"))
        if date and dates:
            return float(date in dates)
        quote, mine = score.norm(b["evidence"]["quote"]), score.norm(a.get("evidence") or "")
        raw = score.norm(a.get("date") or "")
        return float(bool(quote) and ((bool(raw) and raw in quote) or mine in quote or quote in mine))

    return fits


def fit(rows: list[Labelled], prior: dict[str, Any]) -> dict[str, Any]:
    """Weights of one kind: the prior moved by what was seen."""
    keys = sorted({f"rule:{r.candidate.rule}" for r in rows} | {f for r in rows for f in r.candidate.features})
    index = {key: n for n, key in enumerate(keys)}
    matrix = np.zeros((len(rows), len(keys)))
    for n, row in enumerate(rows):
        for key in (f"rule:{row.candidate.rule}", *row.candidate.features):
            matrix[n, index[key]] = 1.0
    truth = np.array([float(r.right) for r in rows])
    start = np.array([_prior_of(key, prior) for key in keys])
    bias = float(prior.get("bias", 2.2))

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        score = matrix @ weights[1:] + weights[0]
        probability = 1 / (1 + np.exp(-np.clip(score, -30, 30)))
        delta = weights - np.concatenate([[bias], start])
        error = probability - truth
        value = -np.sum(truth * np.log(probability + 1e-12) + (1 - truth) * np.log(1 - probability + 1e-12))
        gradient = np.concatenate([[error.sum()], matrix.T @ error]) + PENALTY * delta
        return float(value + PENALTY * (delta @ delta) / 2), gradient

    found = minimize(loss, np.concatenate([[bias], start]), jac=True, method="L-BFGS-B").x
    out: dict[str, Any] = {"bias": found[0], "accept": prior.get("accept", 0.5), "rules": {}, "features": {}}
    out["features"] = dict(prior.get("features", {}))
    out["rules"] = dict(prior.get("rules", {}))
    for key, weight in zip(keys, found[1:], strict=True):
        table, name = ("rules", key[5:]) if key.startswith("rule:") else ("features", key)
        out[table][name] = weight
    return out


def _prior_of(key: str, prior: dict[str, Any]) -> float:
    table, name = ("rules", key[5:]) if key.startswith("rule:") else ("features", key)
    return float(prior.get(table, {}).get(name, 0.0))


def probability(row: Labelled, model: dict[str, Any]) -> float:
    """The confidence that a model gives a candidate."""
    weights = Model(bias=model["bias"], rules=model["rules"], features=model["features"])
    return weights.confidence(row.candidate.rule, row.candidate.features)


def reliability(pairs: list[tuple[float, bool]]) -> list[str]:
    """Of facts in each band of confidence, how many are right."""
    out = []
    for low, high in itertools.pairwise(BANDS):
        inside = [right for p, right in pairs if low <= p < high]
        if inside:
            mean = sum(p for p, _ in pairs if low <= p < high) / len(inside)
            right = sum(inside) / len(inside)
            out.append(f"  {low:.2f}–{min(high, 1):.2f}  {len(inside):5d} facts, said {mean:.3f}, right {right:.3f}")
    return out


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", action="append", type=Path, required=True)
    parser.add_argument("--corpus", action="append", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--check", action="store_true", help="the weights as they are, no fitting")
    args = parser.parse_args()
    rows = labelled(list(zip(args.gold, args.corpus, strict=True)))
    shipped = tomllib.loads(WEIGHTS.read_text(encoding="utf-8"))
    fitted: dict[str, Any] = {}
    for kind in KINDS:
        mine = [r for r in rows if r.candidate.kind == kind]
        prior = shipped.get(kind, {})
        documents = sorted({r.document for r in mine})
        pairs: list[tuple[float, bool]] = []
        if args.check:
            model = {"bias": 2.2, "rules": {}, "features": {}} | prior
            pairs = [(probability(r, model), r.right) for r in mine]
        else:
            fold = {document: n % FOLDS for n, document in enumerate(documents)}
            for n in range(FOLDS):
                model = fit([r for r in mine if fold[r.document] != n], prior)
                pairs += [(probability(r, model), r.right) for r in mine if fold[r.document] == n]
            fitted[kind] = fit(mine, prior)
        shown = [right for p, right in pairs if p >= prior.get("accept", 0.5)]
        total = sum(right for _, right in pairs)
        print(f"{kind}: {len(mine)} candidates, {total} right; shown {len(shown)}, of these right {sum(shown)}")
        print("\n".join(reliability(pairs)))
    if args.write:
        write(shipped, fitted)


def write(shipped: dict[str, Any], fitted: dict[str, Any]) -> None:
    """The weights file with the fitted kinds in place of the old ones; kinds that are not fitted stay."""
    lines = [
        "# Weights of the rules and features of candidates, a table for each kind of fact (ingest/decide.py).",
        "# [task] is set by hand; the others are fitted by benchmarks/fit_confidence.py.",
    ]
    tables: dict[str, Any] = defaultdict(dict, {**shipped, **fitted})
    for kind, table in tables.items():
        lines += ["", f"[{kind}]"]
        lines += [f"{key} = {value:.3f}" for key, value in table.items() if not isinstance(value, dict)]
        for part in ("rules", "features"):
            if rows := table.get(part):
                lines += ["", f"[{kind}.{part}]"]
                lines += [f'"{name}" = {weight:.2f}' for name, weight in sorted(rows.items())]
    WEIGHTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
