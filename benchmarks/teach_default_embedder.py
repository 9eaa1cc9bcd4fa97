"""Teach the model that ships, by questions whose passages are known, and say what it gains on questions it never saw.

    python benchmarks/train_default_embedder.py --laws DIR --articles FILE -o START
    python benchmarks/teach_default_embedder.py HOMES --start START [-o kg/passages/model] [--folds 5]
        [--random] [--models 1]

It learns from the questions of `written.py`, asked of its homes below HOMES, and from the development questions of
STARD. With `--folds` STARD's questions are divided so that no two parts share an article (or at random), and each part
is asked with a model taught by the others. *All* questions are told, and *clean* ones, none of whose articles any
question of the training had: laypeople's questions share articles, and a model could learn the popular ones by heart.
With `-o` the model is taught by all questions and written there. A model takes ten minutes of one processor.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from retrieval import measures, read_lines, rows_to_documents
from written import SHARED, Written, articles_home, corpus_home, number_of, plain, read_written, sources_of

from kg.catalogue import Catalogue
from kg.core.model import Document, Passage
from kg.passages.asked import Laws, count_asked
from kg.passages.embedding import embedding_text, with_context
from kg.passages.faiss_index import FaissIndex
from kg.passages.held import Held
from kg.passages.projection import build_passage_indexes
from kg.passages.search import PassageSearch
from kg.passages.static import StaticEmbedder, built_in
from kg.passages.teaching import Question, Recipe, Taught, teach
from kg.passages.train import save_model

STARD = SHARED / "eval/stard"
Item = tuple[str, tuple[int, ...]]
SHOWN = ("R@10", "R@100", "MRR@10")
FOLDS = 5
PART = 12  # characters of a passage that is a part of a sentence
MOST = 3  # passages of one question
WRITTEN = {"s": 1 / 3, "f": 1 / 6, "k": 1 / 6}  # what a written question of a kind counts beside one of STARD
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


class Corpus:
    """Passages that can be searched, row by row: what stands over each, its text, its key, where its document ends."""

    def __init__(self, name: str, search: PassageSearch, catalogue: Any) -> None:
        self.name, self.search, self.catalogue = name, search, catalogue
        self.sources = sources_of(catalogue)
        self.arm: Any = search.vectors
        numbers: Any = search._numbers  # noqa: SLF001 - keys of passages are told nowhere else
        self.heads: list[str] = []
        self.bodies: list[str] = []
        keys: list[int] = []
        self.documents = [0]
        for summary in catalogue.documents():
            document: Document = catalogue.document(summary.id)
            for passage in catalogue.passages(summary.id):
                self.heads.append(_head(document, passage))
                self.bodies.append(passage.text)
                keys.append(int(numbers.key(passage)))
            self.documents.append(len(keys))
        self.keys: NDArray[np.int64] = np.array(keys, np.int64)
        self.row_of = {key: row for row, key in enumerate(keys)}

    def encoded(self, model: StaticEmbedder) -> NDArray[np.float32]:
        """The vectors of all passages, with their neighbours as a search has them."""
        plain_vectors = model.encode([f"{head}\n{body}" for head, body in zip(self.heads, self.bodies, strict=True)])
        bounds = zip(self.documents, self.documents[1:], strict=False)
        return np.concatenate([with_context(plain_vectors[a:b]) for a, b in bounds])

    def under(self, model: StaticEmbedder) -> None:
        """From now on all searches, and whatever asks for the built-in model, are under another one."""
        become(model)
        with tempfile.TemporaryDirectory() as folder:
            index = FaissIndex(model.dimension)
            order = np.argsort(self.keys)
            index.add(self.keys[order], self.encoded(model)[order])
            index.save(Path(folder) / "vectors")
            self.arm.index = FaissIndex.open(Path(folder) / "vectors")
        self.arm.embedder = built_in()


def become(model: StaticEmbedder) -> None:
    """Make the built-in model another one: search, and the signs of texts, hold the same object. Its name stays."""
    own = built_in()
    own.__dict__.pop("_table", None)
    own.__dict__ |= {name: value for name, value in model.__dict__.items() if name not in ("_table", "_name")}


def _head(document: Document, passage: Passage) -> str:
    return embedding_text(document, passage).removesuffix(f"\n{passage.text}")


def homes(folder: Path) -> tuple[Corpus, Corpus]:
    """The two homes of whole corpora."""
    opened = (("articles", articles_home), ("corpus", corpus_home))
    contexts = [(name, of(folder / name).snapshot()) for name, of in opened]
    articles, corpus = (Corpus(name, context.search, context.catalogue) for name, context in contexts)
    return articles, corpus


def asked_of(corpus: Corpus) -> Iterator[Asked]:
    """The written questions that a home answers."""
    at: dict[str, int] = {}
    for start, summary in zip(corpus.documents, corpus.catalogue.documents(), strict=False):
        at[summary.id] = start
    texts: dict[str, tuple[str, list[tuple[str, int]]]] = {}
    for question in read_written():
        document = corpus.sources.get(question.source)
        if question.kind == "n" or document is None or question.of_articles != (corpus.name == "articles"):
            continue
        if document not in texts:
            held = [(plain(p.text), at[document] + n) for n, p in enumerate(corpus.catalogue.passages(document))]
            texts[document] = corpus.catalogue.document(document).text, held
        if rows := _rows_of(question, *texts[document]):
            yield Asked(corpus.name, question.kind, question.file, question.text, rows)


def _rows_of(question: Written, text: str, passages: Sequence[tuple[str, int]]) -> tuple[int, ...]:
    """Of the first passages that hold a sentence that answers, or are a part of one."""
    gold = question.answering(text)
    return tuple(row for own, row in passages if any(one in own or (len(own) > PART and own in one) for one in gold))[
        :MOST
    ]


def fold_of(file: str) -> int:
    """The part that a document belongs to."""
    return number_of(file) % FOLDS


class Lessons:
    """Several corpora one after the other, and the questions about each."""

    def __init__(self, corpora: Sequence[Corpus], start: StaticEmbedder) -> None:
        self.start = start
        self.starts = np.cumsum([0, *(len(corpus.keys) for corpus in corpora[:-1])]).tolist()
        self.taught = Taught(
            [head for corpus in corpora for head in corpus.heads],
            [body for corpus in corpora for body in corpus.bodies],
            np.concatenate([corpus.encoded(start) for corpus in corpora]),
            self.starts,
        )
        self.written = [
            (asked.file, Question(asked.text, tuple(first + row for row in asked.rows), WRITTEN[asked.kind]))
            for first, corpus in zip(self.starts, corpora, strict=True)
            if corpus.name != "stard"
            for asked in asked_of(corpus)
        ]

    def model(self, questions: Sequence[Question], recipe: Recipe) -> StaticEmbedder:
        """A model taught by some questions."""
        return teach(self.start, questions, self.taught, recipe=recipe)


def models_apart(folder: Path, corpora: Sequence[Corpus], start: Path) -> list[StaticEmbedder]:
    """For each of `FOLDS` parts of the documents a model taught by the questions about the others.

    They are kept in `folder`.
    """
    own = StaticEmbedder.load(start)
    asked = built_in().asked
    models: list[StaticEmbedder] = []
    lessons = None
    for fold in range(FOLDS):
        kept = folder / str(fold)
        if not (kept / "static.json").is_file():
            lessons = lessons or Lessons(corpora, own)
            some = [question for file, question in lessons.written if fold_of(file) != fold]
            write(lessons.model(some, Recipe(models=1)), kept, {"name": f"part {fold}", "questions": len(some)})
            print(f"model {fold} from {len(some)} questions", flush=True)
        held = StaticEmbedder.load(kept)
        models.append(held.with_table(held.table.with_asked(asked) if held.table else None))
    return models


def write(model: StaticEmbedder, folder: Path, card: dict[str, Any]) -> None:
    """The folder of a model."""
    save_model(folder, model.keys, model.rows(model.keys)[1], card)
    if model.table is not None:
        model.table.save(folder)


class Bench(Corpus):
    """The articles of STARD indexed in a folder, and its questions with the rows of their articles."""

    def __init__(self, folder: Path) -> None:
        catalogue = Catalogue.open(folder / "catalogue.sqlite")
        held: dict[Any, Passage] = {}
        for document, parts, ids in rows_to_documents(read_lines(STARD / "articles.jsonl")):
            catalogue.put_document(document, parts, steps={})
            held |= dict(zip(ids, parts, strict=True))
        everything = frozenset(item.id for item in catalogue.documents())
        build_passage_indexes(folder / "g", previous=None, catalogue=catalogue, changed=everything, removed=frozenset())
        super().__init__("stard", PassageSearch.open(folder / "g", catalogue, "default"), catalogue)
        held_documents = Held.open(folder / "g")
        numbers = held_documents.numbering
        at = held_documents.places_of(self.keys)
        self.titles = [held_documents.title(place) for place in at.tolist()]
        self.items: list[Item] = [
            (item["question"], tuple(self.row_of[int(numbers.key(held[ident]))] for ident in item["relevant"]))
            for item in read_lines(STARD / "queries-dev.jsonl")
            if item["relevant"]
        ]

    def laws(self, chosen: Sequence[int]) -> Laws:
        """The laws that some questions are about."""
        return count_asked([self.items[i][1] for i in chosen], self.titles, CODE)

    def asked(self, model: StaticEmbedder, chosen: Sequence[int]) -> dict[int, dict[str, float]]:
        """Measures of some questions."""
        self.under(model)
        found = {}
        for i in chosen:
            question, relevant = self.items[i]
            keys = self.search.rank(question, top=100).keys.tolist()
            found[i] = measures(set(relevant), [self.row_of[key] for key in keys])
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


def taught_by(bench: Bench, lessons: Lessons, chosen: Sequence[int], recipe: Recipe) -> StaticEmbedder:
    """The model from all written questions and some of STARD's."""
    first = lessons.starts[-1]
    own = [Question(text, tuple(first + row for row in rows)) for text, rows in (bench.items[i] for i in chosen)]
    model = lessons.model([question for _, question in lessons.written] + own, recipe)
    return model.with_table(model.table.with_asked(bench.laws(chosen)) if model.table else None)


def cross_validated(
    bench: Bench, lessons: Lessons, folds: int, recipe: Recipe, *, apart: bool
) -> Iterator[dict[str, Any]]:
    """What is found by models that never saw the questions: of each part, then of all."""
    found: dict[int, dict[str, float]] = {}
    clean: list[int] = []
    for part in parts_of(bench.items, folds, apart=apart):
        others = [i for i in range(len(bench.items)) if i not in set(part)]
        taught = {row for i in others for row in bench.items[i][1]}
        found |= bench.asked(taught_by(bench, lessons, others, recipe), part)
        clean += [i for i in part if not taught & set(bench.items[i][1])]
        yield {"all": summary(list(found.values())), "clean": summary([found[i] for i in clean])}
    plain_ = bench.asked(lessons.start.with_table(None), clean)
    yield {"clean, as the model was before": summary(list(plain_.values()))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("homes", type=Path)
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--random", action="store_true")
    parser.add_argument("--models", type=int, default=Recipe().models, help="how many are averaged")
    options = parser.parse_args()
    start, recipe = StaticEmbedder.load(options.start), Recipe(models=options.models)
    with ExitStack() as stack:
        bench = Bench(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        stack.callback(bench.catalogue.close)
        lessons = Lessons((*homes(options.homes), bench), start)
        if options.folds:
            for told in cross_validated(bench, lessons, options.folds, recipe, apart=not options.random):
                print(json.dumps(told, ensure_ascii=False), flush=True)
        if options.output:
            model = taught_by(bench, lessons, range(len(bench.items)), recipe)
            card = json.loads((options.start / "static.json").read_text(encoding="utf-8"))
            count = len(lessons.written) + len(bench.items)
            write(model, options.output, card | {"taught": {"questions": count, **asdict(recipe)}})


if __name__ == "__main__":
    main()
