"""The seams between search and its engines: what an arm must find, and how the next state of the indexes is written.

Conditions of a query (filters, phrases, exclusions) are given to an arm as they were asked; how they decide which
passages may take part is the engine's affair. No seam hands over the keys of all that are allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from kg.core.model import Document, Passage
from kg.passages.keys import Numbers
from kg.passages.query import Query
from kg.passages.ranking import Keys, Ranking

if TYPE_CHECKING:
    from kg.catalogue import Catalogue
    from kg.passages.asked import Laws
    from kg.passages.documents import DocumentVectors
    from kg.passages.embedder import Embedder, Kind

STRICT_LIMIT = 10_000  # passages that may fulfil a condition on words
TELLING = 32  # terms by which similar passages are looked for
EXACT_LIMIT = 1000  # hits of one exact 文号 or title
OTHER_WORDING = 0.5  # what a term of another wording counts; 0.3 to 0.7 did alike
CITED_TIER, OWN_TIER, ARTICLE_TIER = 1, 2, 3  # of passages that a query names


def depth_under(query: Query, depth: int) -> int:
    """How many passages the words must find for `depth` of them: all that may fulfil a condition on words.

    The vectors take their keys from the same search: asked for as many, it is not made again.
    """
    return max(STRICT_LIMIT, depth) if query.strict else depth


class TextArm(Protocol):
    """The words of all passages of one state. Safe for threads."""

    def __len__(self) -> int:
        """How many passages there are."""
        ...

    def search(self, query: Query, *, top: int) -> Ranking:
        """The best `top` passages by BM25 under the query's conditions; required phrases must occur word for word."""
        ...

    def similar(self, text: str, *, top: int) -> Ranking:
        """The best `top` passages by the most telling terms of a text."""
        ...

    def exact(self, query: Query) -> dict[int, int]:
        """Tiers of passages that the query names: citing (1) or of (2) a document, an article by its number (3)."""
        ...

    def frequency(self, term: str) -> int:
        """How many passages hold a term; some that were removed lately may still count."""
        ...

    def frequencies(self, terms: Iterable[str]) -> Mapping[str, int]:
        """The same of many terms at once."""
        ...

    def weight(self, term: str) -> float:
        """How telling a term is: ln((N + 1) / (n + ½)) for n of N passages."""
        ...

    def literal_count(self, query: Query) -> int:
        """How many passages hold each word of the query, in any wording, under its conditions."""
        ...

    def literal_facets(self, query: Query, *, most: int) -> dict[str, dict[str, int]]:
        """How many of those have each value of each facet: the `most` frequent, most first."""
        ...

    def counts(self, keys: Keys, *, most: int) -> dict[str, dict[str, int]]:
        """The same among some passages."""
        ...


class VectorArm(Protocol):
    """The vectors of all passages of one state, together with the embedder that they were made with."""

    def __len__(self) -> int:
        """How many vectors there are."""
        ...

    def search(self, text: str, *, top: int, under: Query | None = None, kind: Kind = "query") -> Ranking:
        """The nearest passages by cosine, only among those that fulfil the conditions of `under` where it is given."""
        ...

    @property
    def taught(self) -> bool:
        """Whether questions have taught the model what they mean by their words."""
        ...

    @property
    def asked(self) -> Laws:
        """How much people ask about which laws (`kg.passages.asked`)."""
        ...

    @property
    def documents(self) -> DocumentVectors:
        """One vector a document."""
        ...


@dataclass(frozen=True, slots=True)
class Model:
    """An embedder, under which `name` its vectors stand in the card, and how many passages it takes at once."""

    name: str
    embedder: Embedder
    batch: int


@dataclass(frozen=True, slots=True)
class Work:
    """What the next state is written from. `previous` is the folder of the generation before, with its card `before`.

    `changed` and `removed` are documents since then, `everything` lists all that are held; `numbers` are those of
    their keys, `before_numbers` those of the generation before.
    """

    target: Path
    previous: Path | None
    catalogue: Catalogue
    card: Mapping[str, Any]
    before: Mapping[str, Any]
    models: tuple[Model, ...]
    numbers: Numbers
    before_numbers: Numbers
    changed: frozenset[str]
    removed: frozenset[str]
    everything: Callable[[], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Written:
    """How many passages a state has, and where it is, if not in the generation's folder (empty: there)."""

    passages: int
    place: Mapping[str, Any] = field(default_factory=dict)


class Draft(Protocol):
    """The next state of the indexes, while it is written."""

    @property
    def wanted(self) -> frozenset[str]:
        """The documents that must be added: all others are there already."""
        ...

    def add(self, document: Document, passages: list[Passage]) -> None:
        """Put in a document that is wanted."""
        ...

    def finish(self) -> Written:
        """Keep all from now on. Until then whoever reads the state before sees nothing of it."""
        ...


class Engine(Protocol):
    """Where the indexes are kept, as whoever publishes sees it."""

    def begin(self, work: Work) -> Draft:
        """The next state, from the one before where that will do, without the documents that changed or went."""
        ...
