"""Search over one generation: full text and vectors, fused, filtered inside, folded, highlighted."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from kg.core.model import Passage
from kg.passages import fusion
from kg.passages.facets import NO_FILTERS, Filters
from kg.passages.fulltext import FulltextIndex
from kg.passages.highlight import Highlighter
from kg.passages.keys import document_range, passage_id, passage_key
from kg.passages.ranking import EMPTY, Keys, Ranking
from kg.passages.rerank import Reranker, load_reranker
from kg.passages.similar import Folder
from kg.passages.tokens import normalise_aligned, phrases

if TYPE_CHECKING:
    from kg.passages.documents import DocumentVectors
    from kg.passages.embedder import EmbedderSetting

QUOTED_LIMIT = 10_000  # passages that may hold a quoted phrase
RERANK_TOP = 30  # passages that a cross-encoder, if any, looks at again
_FETCHED = 16  # passages read from the catalogue at once, so that a few repetitions cost no second reading

Arm = Literal["hybrid", "lexical", "vector"]


class PassageSource(Protocol):
    """What search needs of the catalogue."""

    def passages_of(self, passage_ids: Iterable[str]) -> Mapping[str, Passage]:
        """Those of some passages that are held, by id."""
        ...


class VectorArm(Protocol):
    """A vector index together with the embedder that its vectors were made with."""

    def search(self, query: str, *, top: int, allowed: Keys | None = None) -> Ranking:
        """The nearest passages, only among `allowed` keys where given."""
        ...

    @property
    def documents(self) -> DocumentVectors:
        """One vector a document."""
        ...


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. `highlights` are positions in `text`; `similar` are near-duplicates folded under this one."""

    passage_id: str
    document_id: str
    heading: str
    text: str = field(repr=False)
    score: float
    start: int
    end: int
    highlights: list[tuple[int, int]] = field(repr=False)
    similar: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Leader:
    """A passage that is shown, its text as it is compared, and the ids of what is folded under it."""

    passage: Passage
    folded: str
    score: float
    similar: list[str] = field(default_factory=list)


class PassageSearch:
    """Search over the indexes of one generation; `open` makes it."""

    def __init__(
        self,
        fulltext: FulltextIndex,
        vectors: VectorArm | None,
        source: PassageSource,
        *,
        reranker: str = "",
        rerank_top: int = RERANK_TOP,
    ) -> None:
        self._fulltext = fulltext
        self._reranker = reranker
        self._rerank_top = rerank_top
        self.vectors = vectors
        self._source = source

    @classmethod
    def open(
        cls,
        folder: Path,
        catalogue: PassageSource,
        embedder: str | EmbedderSetting,
        *,
        reranker: str = "",
        rerank_top: int = RERANK_TOP,
    ) -> PassageSearch:
        """Open `folder` (a generation). The embedder must be the one that the vectors were made with.

        `reranker` names a cross-encoder (empty: none), which is loaded by the first search that asks it.
        """
        from kg.passages.vector_arm import open_vector_arm

        fulltext, vectors = FulltextIndex(folder / "fulltext"), open_vector_arm(folder, embedder)
        return cls(fulltext, vectors, catalogue, reranker=reranker, rerank_top=rerank_top)

    def search(
        self,
        query: str,
        *,
        top: int = 10,
        filters: Filters = NO_FILTERS,
        arm: Arm = "hybrid",
        fold: bool = True,
    ) -> list[Hit]:
        """The best `top` passages, best first; fewer only where fewer exist."""
        reranker = load_reranker(self._reranker) if arm == "hybrid" else None
        wanted = max(top, self._rerank_top) if reranker else top
        depth = wanted * 3 + 20 if fold else wanted
        while True:
            ranking = self.rank(query, top=depth, filters=filters, arm=arm)
            leaders = self._folded(ranking, wanted, fold=fold)
            if len(leaders) == wanted or len(ranking) < depth:
                break
            depth *= 4  # most were repetitions
        if reranker:
            leaders = self._reranked(reranker, query, leaders, filters)
        return _hits(query, leaders[:top])

    def _reranked(self, reranker: Reranker, query: str, leaders: list[_Leader], filters: Filters) -> list[_Leader]:
        """The first `rerank_top` in the order of the cross-encoder; an exact 文号 or title stays first.

        Scores stay with the places: those of the two models cannot be compared.
        """
        first = leaders[: self._rerank_top]
        given = reranker.scores(query, [leader.passage.text for leader in first]).tolist()
        tiers = {} if phrases(query) else self._fulltext.exact(query, filters=filters)
        keys = [
            (-tiers.get(passage_key(leader.passage.id), 0), -score) for leader, score in zip(first, given, strict=True)
        ]
        order = sorted(range(len(first)), key=keys.__getitem__)
        moved = [dataclasses.replace(first[i], score=place.score) for i, place in zip(order, first, strict=True)]
        return [*moved, *leaders[len(first) :]]

    def similar(self, text: str, *, top: int = 5, apart_from: str | None = None) -> list[Hit]:
        """The passages that say nearly what `text` says, best first, near-duplicates folded.

        Those of the document `apart_from` are left out. `text` is taken as words: quotes and titles in it ask for
        nothing.
        """
        if top < 1 or not text.strip() or not len(self._fulltext):
            return []
        depth = min(max(fusion.DEPTH, top), len(self._fulltext))
        vector = self.vectors.search(text, top=depth) if self.vectors else EMPTY
        ranking = fusion.fuse(self._fulltext.similar(text, top=depth), vector)
        if apart_from is not None:
            first, last = document_range(apart_from)
            ranking = ranking.where((ranking.keys < first) | (ranking.keys >= last))
        return _hits(text, self._folded(ranking, top, fold=True))

    def similar_documents(self, document_id: str, *, top: int) -> list[tuple[str, float]]:
        """The documents nearest to one in their subject, with cosines, best first; none without vectors."""
        return self.vectors.documents.nearest(document_id, top=top) if self.vectors else []

    def facets(self, query: str, *, filters: Filters = NO_FILTERS, most: int = 40) -> dict[str, dict[str, int]]:
        """Among the `fusion.DEPTH` best passages: how many have which year, place, agency, kind, theme.

        Not among all that match: with bigrams nearly every passage matches a little.
        """
        return self._fulltext.counts(self.rank(query, top=fusion.DEPTH, filters=filters).keys, most=most)

    def _folded(self, ranking: Ranking, top: int, *, fold: bool) -> list[_Leader]:
        """The first `top` passages that repeat no earlier one, with what repeats them."""
        folder = Folder()
        leaders: list[_Leader] = []
        for passage, score in self._passages(ranking, max(top, _FETCHED)):
            folded = normalise_aligned(passage.text)
            index = folder.leader(folded, len(leaders)) if fold else None
            if index is not None:
                leaders[index].similar.append(passage.id)
                continue
            if len(leaders) == top:
                break
            leaders.append(_Leader(passage, folded, score))
        return leaders

    def _passages(self, ranking: Ranking, at_once: int) -> Iterator[tuple[Passage, float]]:
        """Passages with their scores; one removed since this generation was opened is not shown any more."""
        ids, scores = [passage_id(key) for key in ranking.keys.tolist()], ranking.scores.tolist()
        for first in range(0, len(ids), at_once):
            some = ids[first : first + at_once]
            held = self._source.passages_of(some)
            yield from (
                (held[ident], score) for ident, score in zip(some, scores[first:], strict=False) if ident in held
            )

    def rank_ids(self, query: str, *, top: int, filters: Filters = NO_FILTERS, arm: Arm = "hybrid") -> list[str]:
        """Passage ids only, best first, without folding (for benchmarks and answers that count)."""
        return [passage_id(key) for key in self.rank(query, top=top, filters=filters, arm=arm).keys.tolist()]

    def rank(self, query: str, *, top: int, filters: Filters = NO_FILTERS, arm: Arm = "hybrid") -> Ranking:
        """Keys and scores only, without folding; `arm` chooses one arm alone (for benchmarks)."""
        top = min(top, len(self._fulltext))  # the engines set aside memory for as many as they are asked for
        if top < 1 or not query.strip():
            return EMPTY
        depth = max(fusion.DEPTH, top)
        quoted = bool(phrases(query))  # only passages with these words may take part, in both arms
        wanted = max(QUOTED_LIMIT, depth) if quoted else depth
        lexical = self._fulltext.search(query, top=wanted, filters=filters) if arm != "vector" or quoted else EMPTY
        vector = EMPTY
        if arm != "lexical" and self.vectors is not None:
            allowed = self._fulltext.allowed(filters) if filters.given() else None
            vector = self.vectors.search(query, top=depth, allowed=lexical.keys if quoted else allowed)
        if arm != "hybrid":
            return (vector if arm == "vector" else lexical).top(top)
        fused = fusion.fuse(lexical, vector)
        exact = {} if quoted else self._fulltext.exact(query, filters=filters)
        return (fusion.promote(fused, exact) if exact else fused).top(top)


def _hits(query: str, leaders: list[_Leader]) -> list[Hit]:
    marker = Highlighter(query)
    return [
        Hit(
            passage_id=leader.passage.id,
            document_id=leader.passage.document_id,
            heading=" > ".join(leader.passage.heading_path),
            text=leader.passage.text,
            score=leader.score,
            start=leader.passage.start,
            end=leader.passage.end,
            highlights=marker.spans(leader.folded),
            similar=tuple(leader.similar),
        )
        for leader in leaders
    ]
