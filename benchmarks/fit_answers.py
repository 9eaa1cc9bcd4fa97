"""Fit the trees that decide which stretch of text answers (`kg/ask/judge.py`) on the questions of `written.py`.

    python benchmarks/fit_answers.py HOMES [-o kg/ask/judge.safetensors] [--share .7]

Each question is asked of the home that holds its passage, a part of them also of small and tiny homes that hold it or
do not. A window of one or two sentences is right where it shares 12 characters with a sentence that answers. Documents
are divided into five parts; the table shows for each kind of question how many the likeliest window of a model that was
fitted on the other parts would answer from which likelihood on, and for how many of these it is a right one. Those of
`absent` and near misses (`n`) have no answer there. HOMES is a folder for the homes; asking all takes an hour. Needs
scikit-learn, which comes with the extra `models`.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from teach_default_embedder import FOLDS, Corpus, fold_of, homes, models_apart
from written import (
    Written,
    articles_home,
    corpus_home,
    number_of,
    plain,
    read_written,
    small_homes,
    sources_of,
    tiny_homes,
)

from kg.ask.implied import with_implied
from kg.ask.judge import FILE, Judge
from kg.ask.library import AnswerContext, Library
from kg.ask.passages import closest, judged_by_rules, ranked_windows
from kg.ask.reading import read
from kg.ask.signs import BETTER, NAMES, WORSE, Signs, signs_of
from kg.passages.static import StaticEmbedder

LIMITS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
SHARED = 12  # characters in common by which a stretch is the evidence
TITLED = 0.2  # of the questions about the corpus are asked once more with the title of their document
ABSENT = 0.25  # what a case counts whose passage a home does not hold: small homes give very many of them
SMALL = 0.35  # of the questions about policies that are asked of a small home


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """A question asked of one home: the signs of its windows, and which of them are right."""

    group: str
    file: str
    signs: Signs
    right: NDArray[np.bool_]


def cases(
    questions: Sequence[Written], context: AnswerContext, name: str, models: Sequence[StaticEmbedder], *, share: float
) -> Iterator[Case]:
    """The cases of a home.

    Each question is asked under a model that learnt from those about other documents: one that had seen it would make
    its answers look nearer than those of questions to come.
    """
    corpus = Corpus(name, context.search, context.catalogue)
    texts: dict[str, str] = {}
    lost, fold = 0, -1
    for question in sorted(questions, key=lambda one: fold_of(one.file)):
        if number_of(f"{question.text}{name}") % 1000 >= share * 1000:
            continue
        document = corpus.sources.get(question.source)
        if document and document not in texts:
            texts[document] = context.catalogue.document(document).text
        gold = question.answering(texts[document]) if document else []
        if question.kind != "n" and document and not gold:
            lost += 1  # read otherwise than when it was written
            continue
        group = f"{name}/{question.kind}" if document else "absent"
        if fold != fold_of(question.file):
            fold = fold_of(question.file)
            corpus.under(models[fold])
        yield _case(group, question, gold, Library(context))
    if lost:
        print(f"{name}: {lost} questions whose sentences are not found", flush=True)


def _case(group: str, written: Written, gold: Sequence[str], library: Library) -> Case:
    question = with_implied(read(written.text, library), library.forms)
    words, ranked = ranked_windows(question, library)
    windows = judged_by_rules(closest(ranked), words, question, library)
    signs = signs_of(windows, words, question, library, candidates=len(ranked))
    right = np.array([_is_right(plain(window.text), gold) for window in windows], np.bool_)
    return Case(group, written.file, signs, right)


def _is_right(text: str, gold: Sequence[str]) -> bool:
    return any(
        one[at : at + SHARED] in text for one in gold for at in range(max(1, len(one) - SHARED + 1)) if len(one) > 1
    )


def gather(homes_folder: Path, share: float) -> list[Case]:
    """The cases of all homes."""
    questions = list(read_written())
    of_stard = articles_home(homes_folder / "articles").snapshot()
    corpus_service = corpus_home(homes_folder / "corpus")
    corpus = corpus_service.snapshot()
    models = models_apart(homes_folder / "models", homes(homes_folder), homes_folder / "start")
    of_corpus = sources_of(corpus.catalogue)
    found = list(cases([q for q in questions if q.of_articles], of_stard, "articles", models, share=share))
    rest = [q for q in questions if not q.of_articles]
    found += cases(rest, corpus, "corpus", models, share=share)
    titles = {source: corpus.catalogue.summary(ident).title for source, ident in of_corpus.items()}
    found += cases([_titled(q, titles[q.source]) for q in rest], corpus, "titled", models, share=share * TITLED)
    policies = [q for q in rest if "/laws" not in q.source]
    for number, service in enumerate(small_homes(homes_folder / "small", corpus_service)):
        found += cases(policies, service.snapshot(), f"small{number}", models, share=share * SMALL)
    files = {q.source for q in rest if "#" not in q.source}
    for number, service in enumerate(tiny_homes(homes_folder / "tiny", files)):
        tiny = service.snapshot()
        sources = sources_of(tiny.catalogue)
        own = [q for q in rest if q.source in sources or number_of(f"{q.text}{number}") % 250 == 0]
        found += cases(own, tiny, f"tiny{number}", models, share=share)
    return found


def _titled(question: Written, title: str) -> Written:
    """The same with the title of its document before it, as people write it."""
    keyed = question.text.count(" ") > 1
    before = (
        f"{title} " if keyed else (f"《{title}》中，", f"{title}里", f"按照{title}，")[number_of(question.text) % 3]
    )
    return replace(question, text=f"{before}{question.text}")


def fitted(found: Sequence[Case]) -> HistGradientBoostingClassifier:
    """The model of some cases."""
    order = [(name in BETTER) - (name in WORSE) for name in NAMES]
    model = HistGradientBoostingClassifier(
        max_iter=600, learning_rate=0.04, max_leaf_nodes=31, l2_regularization=1.0, min_samples_leaf=40,
        monotonic_cst=order, random_state=0,
    )  # fmt: skip
    worth = [np.full(len(case.right), ABSENT if case.group == "absent" else 1.0) for case in found]
    return model.fit(
        np.concatenate([case.signs for case in found]),
        np.concatenate([case.right for case in found]),
        sample_weight=np.concatenate(worth),
    )


def exported(model: HistGradientBoostingClassifier) -> Judge:
    """The trees as they are shipped."""
    parts: dict[str, list[float]] = {name: [] for name in ("feature", "threshold", "left", "right", "value", "roots")}
    for (tree,) in model._predictors:  # noqa: SLF001 - scikit-learn tells its trees nowhere else
        first = len(parts["value"])
        parts["roots"].append(first)
        for number, node in enumerate(tree.nodes):
            leaf, at = bool(node["is_leaf"]), first + number
            parts["feature"].append(0 if leaf else node["feature_idx"])
            parts["threshold"].append(0.0 if leaf else node["num_threshold"])
            parts["left"].append(at if leaf else first + node["left"])
            parts["right"].append(at if leaf else first + node["right"])
            parts["value"].append(node["value"] if leaf else 0.0)
    return Judge(
        np.array(parts["feature"], np.uint8), np.array(parts["threshold"], np.float32),
        np.array(parts["left"], np.int32), np.array(parts["right"], np.int32), np.array(parts["value"], np.float32),
        np.array(parts["roots"], np.int32), float(model._baseline_prediction.ravel()[0]),  # noqa: SLF001
    )  # fmt: skip


def table(found: Sequence[Case], likely: Sequence[NDArray[np.float64]]) -> None:
    """How many would be answered, and how many of these rightly."""
    groups = [re.sub(r"\d+(?=/)", "", case.group) for case in found]
    total = Counter(groups)
    print("questions", dict(sorted(total.items())))
    for limit in LIMITS:
        told: Counter[str] = Counter()
        right: Counter[str] = Counter()
        for case, group, values in zip(found, groups, likely, strict=True):
            if len(values) and values.max() >= limit:
                told[group] += 1
                right[group] += bool(case.right[values.argmax()])
        print(limit, {group: f"{right[group]}/{told[group]}" for group in sorted(told)})


def main() -> None:
    """Ask, fit, judge, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("homes", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=FILE)
    parser.add_argument("--share", type=float, default=0.7, help="how many of the questions are asked")
    chosen = parser.parse_args()
    found = gather(chosen.homes, chosen.share)
    likely: list[NDArray[np.float64]] = [np.zeros(0)] * len(found)
    part = [fold_of(case.file) for case in found]
    for fold in range(FOLDS):
        judge = exported(fitted([case for case, of in zip(found, part, strict=True) if of != fold]))
        for number in (n for n, of in enumerate(part) if of == fold):
            likely[number] = judge.likely(found[number].signs)
    table(found, likely)
    exported(fitted(found)).save(chosen.output)


if __name__ == "__main__":
    main()
