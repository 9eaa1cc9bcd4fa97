"""For how many questions a passage that holds the evidence is among the first five of the hybrid search.

    python benchmarks/evidence.py QUESTIONS.json HOME [--top 5]

`QUESTIONS.json` is a list of `{"id", "question", "evidence"}`; HOME holds the documents. A passage counts when it
contains a quote of the evidence, or is contained in one, blanks aside.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

from kg.core.config import Settings
from kg.service import Service


def quotes(item: dict[str, Any]) -> list[str]:
    """The evidence of a question as a list of texts, however it is written."""
    raw = item.get("evidence") or []
    parts = raw if isinstance(raw, list) else [raw]
    texts = [part if isinstance(part, str) else part.get("quote") or part.get("text") or "" for part in parts]
    return [bare(text) for text in texts if text]


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("home", type=Path)
    parser.add_argument("--top", type=int, default=5)
    options = parser.parse_args()
    service = Service(Settings.load(home=options.home))
    asked, missed = 0, []
    for item in json.loads(options.questions.read_text(encoding="utf-8")):
        if not (wanted := quotes(item)):
            continue
        asked += 1
        found = [bare(hit["text"]) for hit in service.search(item["question"], top=options.top, with_contacts=True)]
        if not any(quote in text or text in quote for quote in wanted for text in found):
            missed.append({"id": item.get("id"), "question": item["question"]})
    result = {"questions": asked, f"in the first {options.top}": asked - len(missed), "missed": missed}
    print(json.dumps(result, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
