"""Questions written for single passages (`questions/written/*.tsv`), and homes in which they are asked.

A file has a line `# source` (below `../shared`; for an article `…jsonl#id`), then lines of three columns: the kind (s
in everyday speech, f formal, k key words, n a near miss that the passage does not answer), what answers it (the first
eight hexadecimal digits of the SHA-256 of each sentence without blanks, in NFKC; - for none), and the question. The
texts themselves stand in `../shared` alone.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from retrieval import ARTICLE, read_lines

from kg.ask.windows import sentences_of
from kg.core.config import Settings
from kg.service import Service

HERE = Path(__file__).parent / "questions" / "written"
SHARED = Path(__file__).parents[2] / "shared"
ARTICLES = "eval/stard/articles.jsonl"
CORPUS = ("corpus", "eval/gold/gov-html", "eval/gold/gov-html-2")
_PARTS, _LAWS = 8, 0.15  # small homes; the share of the laws that stand in them
_TINY, _FEW = 24, 7  # and tiny ones, with so many policies and half as many laws


@dataclass(frozen=True, slots=True)
class Written:
    """A question written for one passage."""

    source: str
    kind: str
    gold: frozenset[str]  # hashes of the sentences that answer it
    text: str

    @property
    def file(self) -> str:
        """What is left out together: the law of an article, else the file."""
        return articles()[self.source.partition("#")[2]][0] if self.of_articles else self.source.partition("#")[0]

    def answering(self, text: str) -> list[str]:
        """The sentences of its document (of its article) that answer it, plain."""
        if self.of_articles:  # whose label stands before its first sentence in the document
            text = articles()[self.source.partition("#")[2]][2]
        held = sentences_by_hash(text)
        return [held[name] for name in sorted(self.gold) if name in held]

    @property
    def of_articles(self) -> bool:
        """Whether the passage is an article of the articles' home."""
        return self.source.startswith(ARTICLES)


def read_written(folder: Path = HERE) -> Iterator[Written]:
    """All questions."""
    for path in sorted(folder.glob("*.tsv")):
        source = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("# "):
                source = line[2:]
            elif line:
                kind, gold, text = line.split("\t")
                yield Written(source, kind, frozenset(gold.split(",")) - {"-"}, text)


def sources_of(catalogue: Any) -> dict[str, str]:
    """The document that a home holds of each source: the law of an article, each file below `../shared`."""
    held = [(document.source_key, document.id) for document in catalogue.documents()]
    laws = {Path(key).stem: ident for key, ident in held}
    articles = {q.source: laws[file_of(q.file)] for q in read_written() if q.of_articles and file_of(q.file) in laws}
    return articles | {below: ident for key, ident in held if (below := key.partition("/shared/")[2])}


@lru_cache(maxsize=64)
def sentences_by_hash(text: str) -> dict[str, str]:
    """The sentences of a text and the whole of it, plain, by their hashes."""
    found = {hash_of(text): plain(text)}
    return found | {hash_of(text[a:b]): plain(text[a:b]) for a, b in sentences_of(text)}


def hash_of(sentence: str) -> str:
    """By which a sentence is named."""
    return hashlib.sha256(plain(sentence).encode()).hexdigest()[:8]


def plain(text: str) -> str:
    """A text as it is hashed and compared."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def number_of(text: str) -> int:
    """A number that goes with a text, the same in every run."""
    return int(hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:6], 16)


def home(folder: Path, files: Iterable[Path]) -> Service:
    """The home in a folder, with some files or folders; taken in once."""
    service = Service(Settings.load(home=folder))
    if service.newest() is None:
        service.ingest(list(files))
    return service


@lru_cache(maxsize=1)
def articles() -> dict[str, tuple[str, str, str]]:
    """Law, label and text of each article, by its id."""
    found = {}
    for row in read_lines(SHARED / ARTICLES):
        if row["id"] and (name := ARTICLE.match(row["name"])):
            found[str(row["id"])] = (name[1], name[2], row["text"])
    return found


def file_of(law: str) -> str:
    """Under which name a law of the articles stands in their home, without its ending."""
    return law.replace("/", "_")[:80]


def articles_home(folder: Path) -> Service:
    """All articles, a document for each law."""
    documents = folder.with_name(f"{folder.name}-documents")
    if not documents.is_dir():
        made = folder.with_name(f"{folder.name}-being-made")
        made.mkdir(parents=True, exist_ok=True)
        laws: dict[str, list[str]] = {}
        for law, label, text in articles().values():
            laws.setdefault(law, []).append(f"{label} {text}")
        for law, parts in laws.items():
            text = "\n\n".join((f"# {law}", "<!-- INFO END -->", *parts))
            (made / f"{file_of(law)}.md").write_text(text, encoding="utf-8")
        made.rename(documents)
    return home(folder, [documents])


def corpus_home(folder: Path) -> Service:
    """The whole corpus."""
    return home(folder, [SHARED / part for part in CORPUS])


def small_homes(folder: Path, corpus: Service) -> Iterator[Service]:
    """The policies of the corpus in parts, each with some of the laws: what one part asks the others do not hold."""
    parts: list[list[Path]] = [[] for _ in range(_PARTS)]
    documents = corpus.snapshot().catalogue.documents()
    for path in sorted({document.source_key.partition("#")[0] for document in documents}):
        name = path.partition("/shared/")[2]
        if "/laws" not in path or number_of(name) % 1000 < _LAWS * 1000:
            parts[number_of(name) // 1000 % _PARTS].append(Path(path))
    for number, files in enumerate(parts):
        yield home(folder / str(number), files)


def tiny_homes(folder: Path, asked: Iterable[str]) -> Iterator[Service]:
    """Homes of three to ten documents of those that are `asked` of: little else is rare or frequent there."""
    files = sorted(set(asked), key=number_of)
    policies, laws = ([f for f in files if ("/laws" in f) == law] for law in (False, True))
    for number in range(_TINY):
        some = policies[number * _FEW : (number + 1) * _FEW - number % 5]
        some += laws[number * _FEW // 2 : number * _FEW // 2 + number % 4]
        yield home(folder / str(number), [SHARED / file for file in some])
