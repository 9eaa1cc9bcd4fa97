"""Ten web pages of the State Council against their gold fields, by the measures of ../shared/eval/score.py."""

from __future__ import annotations

import importlib.util
import warnings
from argparse import Namespace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ingest.pipeline import read_document
from kg.service import views
from ontology.reference import load_reference

# At most one miss in all on the ten pages.
FLOORS = {
    "title": 0.95,
    "doc_number": 0.95,
    "date": 0.95,
    "issuers": 0.95,
    "recipients": 0.95,
    "kind": 0.95,
    "references": 0.95,
    "responsible_as_written": 0.95,
}


@pytest.fixture(scope="module")
def figures(gold_dir: Path) -> dict[str, Any]:
    score = load_score(gold_dir.parent / "score.py")
    folder = gold_dir / "gov-html"
    reference = load_reference()
    documents = {}
    for file in sorted(folder.glob("*.html")):
        document = read_document(file.read_bytes(), source=file.name, document_id=file.stem, reference=reference)
        documents[file.stem] = views.document(
            document, agency_iri=lambda _place, name: name, held=lambda _reference: None
        )

    def run(_command: str, verb: str, *args: str, home: object) -> Any:
        del home
        if verb == "documents":
            return [{"id": key, "source": d["source"]} for key, d in documents.items()]
        return documents[args[0]]

    score.run = run  # type: ignore[attr-defined]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the script leaves its files to the interpreter
        found, misses = score.gov(Namespace(gold=str(folder), command="", home="", aliases=None))
    return {"figures": found, "misses": misses}


def load_score(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("measure", FLOORS)
def test_fields_of_web_pages(figures: dict[str, Any], measure: str) -> None:
    assert figures["figures"][measure]["f1"] >= FLOORS[measure], figures["misses"]
