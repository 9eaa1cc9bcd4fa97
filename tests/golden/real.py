"""The five real documents against their gold, by the measures of ``../shared/eval/score.py``.

Two gold files are shared (``../shared/eval/gold/documents``), three belong to this project (``real/*.json``). The
documents themselves stay outside, so the project's gold quotes them by position: ``{"at": [start, end]}`` stands for
``text[start:end]`` of the decoded source file, with the blanks and line breaks in between removed. ``source_sha256``
pins the file that the positions were taken from. ``neutral_agencies`` lists what an annotator may or may not count as
an agency: places visited and bodies founded in the title of an activity; they are neither demanded nor held against
the extraction.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
import tempfile
from argparse import Namespace
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from ingest.pipeline import read_document
from kg.service import views
from ontology.reference import load_reference

HERE = Path(__file__).resolve().parent
GOLD = HERE / "real"
ALIASES = GOLD / "agency_aliases.json"


class GoldError(Exception):
    """The gold does not fit its document: a changed source, or a position outside it."""


@dataclass(frozen=True, slots=True)
class Measured:
    """F1 by measure, and what was missed, for one document or for several together."""

    f1: dict[str, float]
    misses: list[tuple[Any, ...]]


def expand(value: Any, text: str) -> Any:
    """The gold value with each ``{"at": [start, end]}`` replaced by the words at that place of `text`."""
    if isinstance(value, list):
        return [expand(item, text) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) != {"at"}:
        return {key: expand(item, text) for key, item in value.items()}
    start, end = value["at"]
    words = "".join(text[start:end].split())
    if not (0 <= start < end <= len(text) and words):
        raise GoldError(f"位置 [{start}, {end}] 不在原文中（全文 {len(text)} 字）")
    return words


def load_gold(file: Path, corpus: Path) -> dict[str, Any]:
    """One gold file of this project, expanded from its source. Raises `GoldError` when that source has changed."""
    gold: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    source = corpus / gold["document"]["source_file"]
    raw = source.read_bytes()
    if hashlib.sha256(raw).hexdigest() != gold["document"]["source_sha256"]:
        raise GoldError(f"{source.name} 与标注时不同，{file.name} 中的位置已失效，须重新标注")
    expanded: dict[str, Any] = expand(gold, raw.decode("utf-8"))
    return expanded


def gold_files(shared_gold: Path) -> dict[str, Path]:
    """Every gold file by stem: the shared ones and this project's."""
    files = [*(shared_gold / "documents").glob("*.json"), *GOLD.glob("*.json")]
    return {file.stem: file for file in sorted(files) if file != ALIASES}


def gold_of_all(shared_gold: Path, corpus: Path) -> dict[str, dict[str, Any]]:
    """The gold of all five documents by stem, expanded, in the form that ``score.py`` reads."""
    return {
        stem: load_gold(file, corpus) if file.parent == GOLD else json.loads(file.read_text(encoding="utf-8"))
        for stem, file in gold_files(shared_gold).items()
    }


def read_corpus(corpus: Path, shared_gold: Path) -> dict[str, dict[str, Any]]:
    """What the pipeline finds in each of the five documents, as ``policykg document --json`` gives it, by stem."""
    reference = load_reference()
    names: dict[str, str] = json.loads((shared_gold / "sources.json").read_text(encoding="utf-8"))
    found = {}
    for stem, name in names.items():
        document = read_document((corpus / name).read_bytes(), source=name, document_id=stem, reference=reference)
        view = views.document(document, agency_iri=lambda _place, label: label, held=lambda _reference: None)
        found[stem] = json.loads(json.dumps(view, ensure_ascii=False))
    return found


def load_score(path: Path) -> ModuleType:
    """``score.py`` as a fresh module."""
    spec = importlib.util.spec_from_file_location("policykg_score_real", path)
    if spec is None or spec.loader is None:
        raise GoldError(f"无法载入 {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def measure(
    stems: Iterable[str],
    *,
    gold: dict[str, dict[str, Any]],
    found: dict[str, dict[str, Any]],
    corpus: Path,
    score_py: Path,
) -> Measured:
    """Score the documents `stems` with ``score.py documents``, which asks `found` instead of an installed command."""
    stems = list(stems)
    score = load_score(score_py)

    def run(_command: str, verb: str, *args: str, home: object) -> Any:
        del home
        if verb == "documents":
            return [{"id": stem, "source": found[stem]["source"]} for stem in stems]
        view = found[args[0]]
        neutral = {names(name) for name in gold[args[0]].get("neutral_agencies", ())}
        return view | {"agencies": [a for a in view["agencies"] if names(a["name"]) not in neutral]}

    def opened(path: str | Path, *_args: Any, **_kwargs: Any) -> io.StringIO:
        # The script leaves its files for the interpreter to close, which a strict test run counts as an error.
        return io.StringIO(Path(path).read_text(encoding="utf-8"))

    vars(score).update(run=run, open=opened)
    names = score.Names(ALIASES)
    with tempfile.TemporaryDirectory() as folder:
        for stem in stems:
            text = json.dumps(gold[stem], ensure_ascii=False)
            (Path(folder) / f"{stem}.json").write_text(text, encoding="utf-8")
        figures, misses = score.documents(
            Namespace(
                gold=folder,
                corpus=str(corpus),
                aliases=str(ALIASES),
                names={stem: found[stem]["source"] for stem in stems},
                home="",
                command="",
            )
        )
    return Measured({name: row["f1"] for name, row in figures.items()}, misses)
