"""Train the model that ships in `kg/passages/model`, from public law text alone.

    python benchmarks/train_default_embedder.py --laws DIR --articles FILE -o kg/passages/model [--epochs N] [--seed N]

`--laws` is a folder of laws in Markdown, `--articles` lines `{"name", "text"}`; equal texts are used once. No
question is read.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from kg.passages.train import DIMENSION, EPOCHS, Recipe, train_embedder

_ARTICLE = re.compile(r"^\s*第[零〇一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?\s*")
_NAME = re.compile(r"^(.+?)第[零〇一二三四五六七八九十百千]+条.*$")
SHORTEST = 15  # characters


def law_to_articles(text: str, fallback: str) -> Iterator[tuple[str, str]]:
    """(title, article) of one Markdown file."""
    heading = re.search(r"^#\s*(.+)$", text, re.MULTILINE)
    title = (heading[1].strip() if heading else fallback).removeprefix("中华人民共和国")
    article: list[str] = []
    for line in (raw.strip().strip("\u200b") for raw in text.rpartition("<!-- INFO END -->")[2].splitlines()):
        if line.startswith("#") or _ARTICLE.match(line):
            if article:
                yield title, "".join(article)
            article = [] if line.startswith("#") else [_ARTICLE.sub("", line)]
        elif line and article:
            article.append(line)
    if article:
        yield title, "".join(article)


def read_pairs(laws: Path | None, articles: Path | None) -> dict[str, str]:
    """Text -> title, each text once."""
    pairs: dict[str, str] = {}
    if articles:
        for line in articles.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            name = _NAME.match(row["name"])
            pairs.setdefault(row["text"], name[1] if name else row["name"])
    for file in sorted(laws.rglob("*.md")) if laws else []:
        for title, text in law_to_articles(file.read_text(encoding="utf-8"), file.stem):
            pairs.setdefault(text, title)
    return {text: title for text, title in pairs.items() if len(text) >= SHORTEST}


def show(done: int, total: int | None, label: str) -> None:
    if done % 50 == 0 or done == total:
        print(f"\r{label} {done}/{total}", end="", file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--laws", type=Path)
    parser.add_argument("--articles", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--dimension", type=int, default=DIMENSION)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    started = time.perf_counter()
    pairs = read_pairs(options.laws, options.articles)
    card = train_embedder(
        list(pairs),
        options.output,
        titles=list(pairs.values()),
        recipe=Recipe(seed=options.seed, epochs=options.epochs, dimension=options.dimension),
        progress=show,
    )
    print(json.dumps(card | {"seconds": round(time.perf_counter() - started)}, ensure_ascii=False))


if __name__ == "__main__":
    main()
