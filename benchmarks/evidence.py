"""Where the first passage that holds the evidence of a question stands, or the first of the law that says it.

    python benchmarks/evidence.py QUESTIONS HOME [--top 5] [--names FILE]

QUESTIONS is a JSON list or JSON lines of `{"id", "question", "documents", "evidence"}`; HOME holds the documents. A
passage counts when it contains a quote of the evidence, or is contained in one, blanks aside, and the source of its
document, or of one that repeats it and is folded under it, contains one of `documents`, where there are any (FILE says
which source each name stands for, where they are no parts of sources). Without `evidence` any passage of these
documents counts, and places are places of documents. `benchmarks/questions` holds four sets of our own: `policy.jsonl`
(read while the ranking was made), `first.jsonl`, `laws.jsonl` and `second.jsonl` (first asked when it was done; their
misses were read later).
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

from kg.core.config import Settings
from kg.service import Service

DEPTH = 100
_SHORTEST = 8  # characters of a passage that may be a part of the evidence


def read_questions(path: Path) -> list[dict[str, Any]]:
    text = path.read_text(encoding="utf-8")
    return list(json.loads(text)) if text.lstrip().startswith("[") else [json.loads(line) for line in text.splitlines()]


def quotes(item: dict[str, Any]) -> list[str]:
    """The evidence of a question as a list of texts, however it is written."""
    raw = item.get("evidence") or []
    parts = raw if isinstance(raw, list) else [raw]
    texts = [part if isinstance(part, str) else part.get("quote") or part.get("text") or "" for part in parts]
    return [bare(text) for text in texts if text]


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def place(item: dict[str, Any], hits: list[dict[str, Any]], sources: dict[str, str]) -> int | None:
    """The place of the first passage (or document) that counts; `sources` are those of all documents, bare."""
    wanted, documents = quotes(item), [bare(name) for name in item.get("documents") or []]
    seen: list[str] = []
    for number, hit in enumerate(hits, start=1):
        if hit["document_id"] not in seen:
            seen.append(hit["document_id"])
        held = [sources[hit["document_id"]], *(sources[same["document_id"]] for same in hit["similar"])]
        if documents and not any(name in source for name in documents for source in held):
            continue
        text = bare(hit["text"])
        if not wanted:
            return len(seen)
        if any(quote in text or (len(text) >= _SHORTEST and text in quote) for quote in wanted):
            return number
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("home", type=Path)
    parser.add_argument("--top", type=int, default=5)
    parser.add_argument("--names", type=Path)
    options = parser.parse_args()
    service = Service(Settings.load(home=options.home))
    sources = {document["id"]: bare(document["source"]) for document in service.documents()}
    names = json.loads(options.names.read_text(encoding="utf-8")) if options.names else {}
    places: dict[str, int | None] = {}
    for item in read_questions(options.questions):
        if quotes(item) or item.get("documents"):
            item["documents"] = [names.get(name, name) for name in item.get("documents") or []]
            hits = service.search(item["question"], top=DEPTH, with_contacts=True)
            places[f"{item.get('id')} {item['question']}"] = place(item, hits, sources)
    found = [p for p in places.values() if p]
    count = max(len(places), 1)
    result = {
        "questions": len(places),
        f"in the first {options.top}": round(sum(p <= options.top for p in found) / count, 3),
        "MRR": round(sum(1 / p for p in found) / count, 3),
        "missed": {name: p for name, p in places.items() if not p or p > options.top},
    }
    print(json.dumps(result, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
