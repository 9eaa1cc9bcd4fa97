"""Train the query table that ships with the built-in model, and say what it gains on questions it never saw.

    python benchmarks/train_query_table.py --passages articles.jsonl --queries queries.jsonl [-o kg/passages/model]
        [--folds 5] [--written HOMES]

Passages and queries as in `retrieval.py`. With `--folds` the questions are divided twice: at random, and so that no two
parts share an article. Each part is asked with a table learnt from the others. *All* questions are told, and *clean*
ones, none of whose articles any question of the training had: laypeople's questions share articles, and a table could
learn the popular ones by heart. With `--written` the questions of `written.py` in everyday speech, asked of its homes
below HOMES, are learnt from, too. With `-o` a table is learnt from all questions and written there.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from retrieval import measures, read_lines, rows_to_documents
from written import Written, articles_home, corpus_home, number_of, plain, read_written, sources_of

from kg.catalogue import Catalogue
from kg.core.model import Passage
from kg.passages.asked import count_asked
from kg.passages.held import Held
from kg.passages.projection import build_passage_indexes
from kg.passages.query_table import QueryTable
from kg.passages.query_training import Question, Recipe, learn_query_table
from kg.passages.search import PassageSearch
from kg.passages.static import StaticEmbedder

Item = tuple[str, tuple[int, ...]]
SHOWN = ("R@10", "R@100", "MRR@10")
FOLDS = 5
PART = 12  # characters of a passage that is a part of a sentence
MOST = 3  # passages of one question
WRITTEN = 0.1  # what a written question counts beside one of STARD
# STARD has the code in parts, each under its own name; elsewhere it is one law.
CODE = dict.fromkeys(("总则", "物权编", "合同编", "人格权编", "婚姻家庭编", "继承编", "侵权责任编"), "民法典")


@dataclass(frozen=True, slots=True)
class Asked:
    """A written question with the rows of the passages that answer it."""

    home: str
    kind: str
    file: str
    text: str
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Corpus:
    """A home: its vectors `(n, D)` and their keys, and the source of each document."""

    name: str
    search: PassageSearch
    catalogue: Any
    embedder: StaticEmbedder
    vectors: NDArray[np.float32]
    keys: NDArray[np.int64]
    sources: dict[str, str]

    @classmethod
    def open(cls, name: str, service: Any) -> Corpus:
        """One that `written.py` made."""
        context = service.snapshot()
        arm: Any = context.search.vectors
        blocks = list(arm.index.blocks())
        vectors, keys = (np.concatenate([block[part] for block in blocks]) for part in (1, 0))
        return cls(name, context.search, context.catalogue, arm.embedder, vectors, keys, sources_of(context.catalogue))


def homes(folder: Path) -> tuple[Corpus, Corpus]:
    """The two homes of whole corpora."""
    return (
        Corpus.open("articles", articles_home(folder / "articles")),
        Corpus.open("corpus", corpus_home(folder / "corpus")),
    )


def asked_of(corpus: Corpus) -> Iterator[Asked]:
    """The written questions that a home answers."""
    row_of = {int(key): row for row, key in enumerate(corpus.keys)}
    numbers: Any = corpus.search._numbers  # noqa: SLF001 - keys of passages are told nowhere else
    texts: dict[str, tuple[str, list[tuple[str, int]]]] = {}
    for question in read_written():
        document = corpus.sources.get(question.source)
        if question.kind == "n" or document is None or question.of_articles != (corpus.name == "articles"):
            continue
        if document not in texts:
            held = [(plain(p.text), row_of.get(int(numbers.key(p)))) for p in corpus.catalogue.passages(document)]
            known = [(text, row) for text, row in held if row is not None]
            texts[document] = corpus.catalogue.document(document).text, known
        if rows := _rows_of(question, *texts[document]):
            yield Asked(corpus.name, question.kind, question.file, question.text, rows)


def _rows_of(question: Written, text: str, passages: Sequence[tuple[str, int]]) -> tuple[int, ...]:
    """Of the first passages that hold a sentence that answers, or are a part of one."""
    gold = question.answering(text)
    return tuple(row for own, row in passages if any(one in own or (len(own) > PART and own in one) for one in gold))[
        :MOST
    ]


def spoken_questions(
    corpora: Sequence[Corpus], apart_from: Callable[[str], bool] = lambda _file: False
) -> list[Question]:
    """The questions in everyday speech, with rows of all homes' vectors one after the other."""
    found, start = [], 0
    for corpus in corpora:
        found += [
            Question(asked.text, tuple(start + row for row in asked.rows), WRITTEN)
            for asked in asked_of(corpus)
            if asked.kind == "s" and not apart_from(asked.file)
        ]
        start += len(corpus.vectors)
    return found


def tables_apart(folder: Path, corpora: Sequence[Corpus]) -> list[QueryTable]:
    """For each of `FOLDS` parts of the documents a table that learnt from the questions about the others.

    They are kept in `folder` for the next time, under what they were learnt from.
    """
    vectors = np.concatenate([corpus.vectors for corpus in corpora])
    starts = np.cumsum([0, *(len(corpus.vectors) for corpus in corpora[:-1])]).tolist()
    tables = []
    for fold in range(FOLDS):
        questions = spoken_questions(corpora, apart_from=lambda file, fold=fold: fold_of(file) == fold)
        learnt_from = repr((corpora[0].embedder.name, Recipe(), questions)).encode()
        own = folder / f"{fold}-{hashlib.sha256(learnt_from).hexdigest()[:12]}"
        if (held := QueryTable.load(own)) is None:
            held = learn_query_table(corpora[0].embedder, questions, vectors, starts=starts)
            own.mkdir(parents=True, exist_ok=True)
            held.save(own)
            print(f"table {fold} from {len(questions)} questions", flush=True)
        tables.append(held.with_asked(corpora[0].embedder.asked))
    return tables


def fold_of(file: str) -> int:
    """The part that a document belongs to."""
    return number_of(file) % FOLDS


class Bench:
    """The articles indexed in a folder, and the questions with the rows of their articles."""

    def __init__(self, passages: Path, queries: Path, folder: Path, written: Sequence[Corpus] = ()) -> None:
        self.written = written
        held: dict[Any, Passage] = {}
        self.catalogue = Catalogue.open(folder / "catalogue.sqlite")
        for document, parts, ids in rows_to_documents(read_lines(passages)):
            self.catalogue.put_document(document, parts, steps={})
            held |= dict(zip(ids, parts, strict=True))
        everything = frozenset(item.id for item in self.catalogue.documents())
        build_passage_indexes(
            folder / "g", previous=None, catalogue=self.catalogue, changed=everything, removed=frozenset()
        )
        held_documents = Held.open(folder / "g")
        numbers = held_documents.numbering
        keys = {ident: numbers.key(part) for ident, part in held.items()}
        self.search = PassageSearch.open(folder / "g", self.catalogue, "default")
        arm: Any = self.search.vectors
        self.embedder: StaticEmbedder = arm.embedder
        blocks = list(arm.index.blocks())
        self.vectors = np.concatenate([rows for _, rows in blocks])
        self.rows = {int(key): row for row, key in enumerate(np.concatenate([ids for ids, _ in blocks]))}
        at = held_documents.places_of(np.fromiter(self.rows, np.int64, len(self.rows)))
        self.titles = [held_documents.title(place) for place in at.tolist()]
        self.items: list[Item] = [
            (item["question"], tuple(self.rows[keys[ident]] for ident in item["relevant"]))
            for item in read_lines(queries)
            if item["relevant"]
        ]

    def learnt(self, chosen: Sequence[int]) -> StaticEmbedder:
        """The model with a table from some questions."""
        return self.embedder.with_table(self.table(chosen))

    def table(self, chosen: Sequence[int]) -> QueryTable:
        """A table from some questions, with the laws that they were about."""
        questions = [Question(*self.items[i]) for i in chosen]
        parts = [self.vectors, *(corpus.vectors for corpus in self.written)]
        starts = np.cumsum([0, *(len(part) for part in parts[:-1])]).tolist()
        further = [
            Question(q.text, tuple(starts[1] + row for row in q.passages), q.worth)
            for q in (spoken_questions(self.written) if self.written else ())
        ]
        table = learn_query_table(self.embedder, questions + further, np.concatenate(parts), starts=starts)
        return table.with_asked(count_asked([q.passages for q in questions], self.titles, CODE))

    def asked(self, embedder: StaticEmbedder, chosen: Sequence[int]) -> dict[int, dict[str, float]]:
        """Measures of some questions."""
        arm: Any = self.search.vectors
        arm.embedder = embedder
        found = {}
        for i in chosen:
            question, relevant = self.items[i]
            keys = self.search.rank(question, top=100).keys.tolist()
            found[i] = measures(set(relevant), [self.rows[key] for key in keys])
        return found


def components(items: Sequence[Item]) -> Iterator[list[int]]:
    """Questions that share articles, directly or by others between them."""
    parent = list(range(len(items)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    first: dict[int, int] = {}
    for i, (_, relevant) in enumerate(items):
        for row in relevant:
            parent[root(i)] = root(first.setdefault(row, i))
    groups: dict[int, list[int]] = {}
    for i in range(len(items)):
        groups.setdefault(root(i), []).append(i)
    yield from sorted(groups.values(), key=len, reverse=True)


def parts_of(items: Sequence[Item], folds: int, *, apart: bool) -> list[list[int]]:
    """The questions in `folds` parts of about one size."""
    if not apart:
        order = np.random.default_rng(3).permutation(len(items))
        return [part.tolist() for part in np.array_split(order, folds)]
    parts: list[list[int]] = [[] for _ in range(folds)]
    for group in components(items):
        min(parts, key=len).extend(group)
    return parts


def summary(found: Sequence[dict[str, float]]) -> dict[str, float]:
    return {"questions": len(found), **{n: round(float(np.mean([f[n] for f in found])), 4) for n in SHOWN if found}}


def cross_validated(bench: Bench, folds: int) -> dict[str, Any]:
    plain = bench.asked(bench.embedder.with_table(None), range(len(bench.items)))
    result: dict[str, Any] = {"without a table": summary(list(plain.values()))}
    for name, apart in (("random parts", False), ("parts that share no article", True)):
        found: dict[int, dict[str, float]] = {}
        clean: list[int] = []
        for part in parts_of(bench.items, folds, apart=apart):
            others = [i for i in range(len(bench.items)) if i not in set(part)]
            taught = {row for i in others for row in bench.items[i][1]}
            found |= bench.asked(bench.learnt(others), part)
            clean += [i for i in part if not taught & set(bench.items[i][1])]
        result[name] = {
            "all": summary(list(found.values())),
            "clean": summary([found[i] for i in clean]),
            "clean, without a table": summary([plain[i] for i in clean]),
        }
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=Path, required=True)
    parser.add_argument("--queries", type=Path, required=True)
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--written", type=Path)
    options = parser.parse_args()
    result: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        corpora = homes(options.written) if options.written else ()
        bench = Bench(options.passages, options.queries, Path(folder), corpora)
        if options.folds:
            result = cross_validated(bench, options.folds)
        if options.output:
            table = bench.table(range(len(bench.items)))
            table.save(options.output)
            result |= {"rows": len(table.keys), "laws": len(table.asked)}
        bench.catalogue.close()
    print(json.dumps(result, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
