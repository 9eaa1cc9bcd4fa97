"""Golden files: documents written for this test in two sets, each with the facts that a careful reader finds in it.

The genre in its forms (通知 with a 方案, 分工表, 通报, 总结, 转发, 批复, 复函, 意见, joint notices, a broken PDF
text, Markdown, GB18030), of other cities, topics and years than the extraction was developed on. The gold comes from
reading, not from running the program. The measures are those of ``../shared/eval/score.py``, loaded from there, so
that a figure here means the same as a figure there. ``floors.json`` holds the lowest F1 that is accepted, per measure
for all documents of a set together; a floor for one document would only breed a special case for each of its misses.

The first set is twelve documents beside this file; the second, in ``second/``, is eight by another reader, three of
them of the 质量月 genre in other forms. ``second/first_run.json`` keeps what the extraction reached on them unseen.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import json
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ingest.pipeline import read_document
from kg.service import views
from ontology.reference import load_reference

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class GoldSet:
    """A folder with ``documents/`` (texts and gold), ``agency_aliases.json`` and ``floors.json``."""

    root: Path

    @property
    def documents(self) -> Path:
        return self.root / "documents"

    @property
    def sources(self) -> dict[str, Path]:
        return {p.stem: p for p in sorted(self.documents.iterdir()) if p.suffix in {".txt", ".md"}}

    @property
    def floors(self) -> dict[str, float]:
        loaded: dict[str, float] = json.loads((self.root / "floors.json").read_text(encoding="utf-8"))
        return loaded

    def gold(self, stem: str) -> dict[str, Any]:
        """The gold of one document."""
        loaded: dict[str, Any] = json.loads((self.documents / f"{stem}.json").read_text(encoding="utf-8"))
        return loaded


SETS = {"first": GoldSet(HERE), "second": GoldSet(HERE / "second")}
SIZES = {"first": 12, "second": 8}
SET_OF = {stem: gold_set for gold_set in SETS.values() for stem in gold_set.sources}
SOURCES = {stem: path for gold_set in SETS.values() for stem, path in gold_set.sources.items()}


def decoded(path: Path) -> str:
    """The text of a golden document, which is UTF-8 or GB18030; Markdown without its marks of emphasis.

    A quote is taken from the text as a reader sees it, so that ``**`` inside a sentence must not count against it.
    """
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")
    return text.replace("**", "") if path.suffix == ".md" else text


@pytest.fixture(scope="module")
def extracted() -> dict[str, dict[str, Any]]:
    """The ``document --json`` value of every golden document, by its stem."""
    reference = load_reference()
    found = {}
    for stem, path in SOURCES.items():
        document = read_document(path.read_bytes(), source=str(path), document_id=stem, reference=reference)
        view = views.document(document, agency_iri=lambda _place, name: name, held=lambda _reference: None)
        found[stem] = json.loads(json.dumps(view, ensure_ascii=False))
    return found


@pytest.fixture(scope="module")
def score(gold_dir: Path, extracted: dict[str, dict[str, Any]]) -> ModuleType:
    """``score.py``, asking the pipeline in this process instead of an installed command."""
    path = gold_dir.parent / "score.py"
    if not path.exists():
        pytest.fail("../shared/eval/score.py is missing: the golden documents are measured by it")
    spec = importlib.util.spec_from_file_location("policykg_score", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def run(_command: str, verb: str, *args: str, home: object) -> Any:
        if verb == "documents":
            return [{"id": stem, "source": SOURCES[stem].name} for stem in extracted]
        view = extracted[args[0]]
        names = module.Names(SET_OF[args[0]].root / "agency_aliases.json")
        neutral = {names(name) for name in SET_OF[args[0]].gold(args[0]).get("neutral_agencies", ())}
        return view | {"agencies": [a for a in view["agencies"] if names(a["name"]) not in neutral]}

    def opened(path: str | Path, *_args: Any, **_kwargs: Any) -> io.StringIO:
        return io.StringIO(decoded(Path(path)))  # score.py reads UTF-8 only

    vars(module).update(run=run, open=opened)
    return module


def measure(score: ModuleType, gold_set: GoldSet, gold: Path) -> tuple[dict[str, float], list[Any]]:
    """F1 by measure of the gold files in the folder `gold`, which belong to `gold_set`, and the misses."""
    args = argparse.Namespace(
        gold=str(gold),
        corpus=str(gold_set.documents),
        aliases=str(gold_set.root / "agency_aliases.json"),
        names={stem: path.name for stem, path in gold_set.sources.items()},
        home="",
        command="",
    )
    figures, misses = score.documents(args)
    return {name: row["f1"] for name, row in figures.items()}, misses


def below(found: dict[str, float], floors: dict[str, float]) -> dict[str, tuple[float | None, float]]:
    """The measures that are missing or lower than their floor, each as (found, floor)."""
    return {name: (found.get(name), floor) for name, floor in floors.items() if found.get(name, -1.0) < floor}


@pytest.mark.parametrize("name", SETS)
def test_every_document_has_gold_and_every_set_floors(name: str) -> None:
    gold_set = SETS[name]
    assert len(gold_set.sources) == SIZES[name]
    assert {p.stem for p in gold_set.documents.glob("*.json")} == set(gold_set.sources)
    assert gold_set.floors


def test_no_document_is_in_both_sets() -> None:
    assert len(SOURCES) == sum(SIZES.values())


@pytest.mark.parametrize("stem", SOURCES)
def test_gold_quotes_are_in_the_text(stem: str, score: ModuleType) -> None:
    """A gold fact whose evidence is not in its document would measure nothing."""
    gold = SET_OF[stem].gold(stem)
    text = score.norm(decoded(SOURCES[stem]))
    facts = [f for key in ("activities", "policy_references", "figures", "deadlines") for f in gold[key]]
    assert [f["evidence"] for f in facts if score.norm(f["evidence"]) not in text] == []


@pytest.mark.parametrize("name", SETS)
def test_all_documents_reach_the_floors(name: str, score: ModuleType) -> None:
    gold_set = SETS[name]
    found, misses = measure(score, gold_set, gold_set.documents)
    assert not below(found, gold_set.floors), "\n".join(map(str, misses))
