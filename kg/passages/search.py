"""Search over one generation: full text and vectors, fused, filtered inside, folded, highlighted."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from kg.core.errors import UnknownName
from kg.core.model import Passage
from kg.passages import fusion
from kg.passages.facets import NO_FILTERS, Filters
from kg.passages.fulltext import FulltextIndex
from kg.passages.highlight import highlights
from kg.passages.keys import passage_id
from kg.passages.ranking import EMPTY, Keys, Ranking
from kg.passages.similar import Folder
from kg.passages.tokens import phrases

QUOTED_LIMIT = 10_000  # passages that may hold a quoted phrase

Arm = Literal["hybrid", "lexical", "vector"]


class PassageSource(Protocol):
    """What search needs of the catalogue."""

    def passage(self, passage_id: str) -> Passage:
        """The passage of this id."""
        ...


class VectorArm(Protocol):
    """A vector index together with the embedder that its vectors were made with."""

    def search(self, query: str, *, top: int, allowed: Keys | None = None) -> Ranking:
        """The nearest passages, only among `allowed` keys where given."""
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


class PassageSearch:
    """Search over the indexes of one generation; `open` makes it."""

    def __init__(self, fulltext: FulltextIndex, vectors: VectorArm | None, source: PassageSource) -> None:
        self._fulltext = fulltext
        self._vectors = vectors
        self._source = source

    @classmethod
    def open(cls, folder: Path, catalogue: PassageSource, embedder_setting: str) -> PassageSearch:
        """Open `folder` (a generation). The embedder must be the one that the vectors were made with."""
        from kg.passages.projection import open_vector_arm

        return cls(FulltextIndex(folder / "fulltext"), open_vector_arm(folder, embedder_setting), catalogue)

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
        depth = top * 3 + 20 if fold else top
        while True:
            ranking = self.rank(query, top=depth, filters=filters, arm=arm)
            leaders = self._folded(ranking, top, fold=fold)
            if len(leaders) == top or len(ranking) < depth:
                break
            depth *= 4  # most were repetitions
        return [
            Hit(
                passage.id,
                passage.document_id,
                " > ".join(passage.heading_path),
                passage.text,
                score,
                passage.start,
                passage.end,
                highlights(query, passage.text),
                tuple(similar),
            )
            for passage, score, similar in leaders
        ]

    def _folded(self, ranking: Ranking, top: int, *, fold: bool) -> list[tuple[Passage, float, list[str]]]:
        """The first `top` passages that repeat no earlier one, with their scores and what repeats them."""
        folder = Folder()
        leaders: list[tuple[Passage, float, list[str]]] = []
        for key, score in zip(ranking.keys.tolist(), ranking.scores.tolist(), strict=True):
            try:
                passage = self._source.passage(passage_id(key))
            except UnknownName:  # removed since this generation was opened: not to be shown any more
                continue
            leader = folder.leader(passage.text, len(leaders)) if fold else None
            if leader is not None:
                leaders[leader][2].append(passage.id)
                continue
            if len(leaders) == top:
                break
            leaders.append((passage, score, []))
        return leaders

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
        if arm != "lexical" and self._vectors is not None:
            allowed = self._fulltext.allowed(filters) if filters.given() else None
            vector = self._vectors.search(query, top=depth, allowed=lexical.keys if quoted else allowed)
        if arm != "hybrid":
            return (vector if arm == "vector" else lexical).top(top)
        fused = fusion.fuse(lexical, vector)
        exact = {} if quoted else self._fulltext.exact(query, filters=filters)
        return (fusion.promote(fused, exact) if exact else fused).top(top)
