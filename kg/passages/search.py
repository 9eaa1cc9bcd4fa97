"""Search over one generation: full text and vectors, fused, looked at closely, folded, highlighted."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from kg.passages import fusion
from kg.passages.asked import NONE
from kg.passages.facets import NO_FILTERS, Filters
from kg.passages.held import Held
from kg.passages.hits import Hit, Leader, PassageSource, leaders_to_hits
from kg.passages.misspelt import corrected
from kg.passages.protocol import TextArm, VectorArm, depth_under
from kg.passages.query import Alternative, Query, in_mode, text_to_query
from kg.passages.ranking import EMPTY, Ranking
from kg.passages.rerank import load_reranker
from kg.passages.signs import PLAIN, TAUGHT, TextSigns, Weights, document_scores, document_signs, text_scores
from kg.passages.similar import Folder
from kg.passages.tokens import normalise_aligned
from kg.passages.wordings import Wordings, load_wordings

if TYPE_CHECKING:
    from kg.core.model import Passage
    from kg.passages.embedder import EmbedderSetting

__all__ = ["Arm", "Hit", "Order", "PassageSearch", "PassageSource", "TextArm", "VectorArm"]

CLOSE = 60  # passages whose texts are looked at; 40 and 100 did alike
QUALITY = 2.0  # weight of the further arm; of .5 to 5 the best on either half of 60 questions
RERANK_TOP = 30  # passages that a cross-encoder, if any, looks at again
_FETCHED = 16  # passages read from the catalogue at once, so that a few repetitions cost no second reading

Arm = Literal["hybrid", "lexical", "vector"]
Order = Literal["relevance", "newest", "oldest"]
Read = dict[int, tuple["Passage", str]]
"""Passages read already, by key, with their texts as `normalise_aligned` folds them."""


class PassageSearch:
    """Search over the indexes of one generation; `open` makes it."""

    def __init__(
        self,
        fulltext: TextArm,
        vectors: VectorArm | None,
        source: PassageSource,
        *,
        held: Held | None = None,
        wordings: Wordings | None = None,
        quality: VectorArm | None = None,
        reranker: str = "",
        rerank_top: int = RERANK_TOP,
    ) -> None:
        self._fulltext = fulltext
        self._reranker = reranker
        self._rerank_top = rerank_top
        self.vectors = vectors
        self.quality = quality
        self._source = source
        self._held = held or Held((), ())
        self._numbers = self._held.numbering
        self._wordings = wordings or Wordings()
        self._late: tuple[str, tuple[tuple[str, str], ...]] = ("", ())

    @classmethod
    def open(
        cls,
        folder: Path,
        catalogue: PassageSource,
        embedder: str | EmbedderSetting,
        *,
        quality: str = "",
        reranker: str = "",
        rerank_top: int = RERANK_TOP,
        store: str = "",
    ) -> PassageSearch:
        """Open `folder` (a generation). The embedder must be the one that the vectors were made with.

        `quality` names the model of the further arm, for a generation that was built with it (empty: without).
        `reranker` names a cross-encoder (empty: none), which is loaded by the first search that asks it.
        `store` is the setting that names the database of a generation whose indexes are in one.
        """
        from kg.passages.engine import open_arms

        arms = open_arms(folder, embedder, quality, store)
        return cls(
            arms.fulltext,
            arms.vectors,
            catalogue,
            held=Held.open(folder),
            wordings=load_wordings(folder),
            quality=arms.quality,
            reranker=reranker,
            rerank_top=rerank_top,
        )

    def in_mode(self, query: str, mode: str) -> str:
        """The query as it is written in one of `kg.passages.query.MODES`; in any other as it is."""
        return in_mode(query, mode, self._wordings)

    def search(
        self,
        query: str,
        *,
        top: int = 10,
        filters: Filters = NO_FILTERS,
        arm: Arm = "hybrid",
        fold: bool = True,
        order: Order = "relevance",
    ) -> list[Hit]:
        """The best `top` passages, best first; fewer only where fewer exist.

        By date the same passages are ordered that would be found without: the `fusion.DEPTH` best.
        """
        reranker = load_reranker(self._reranker) if arm == "hybrid" else None
        asked = self._read(query, filters)
        wanted = max(top, self._rerank_top) if reranker else top
        depth = wanted * 3 + 20 if fold else wanted
        while True:
            depth = max(depth, fusion.DEPTH) if order != "relevance" else depth
            ranking, read = self._rank(asked, depth, arm)
            if order != "relevance":
                ranking = self._by_date(ranking, newest=order == "newest")
            leaders = self._folded(ranking, wanted, fold=fold, read=read)
            if len(leaders) == wanted or len(ranking) < depth:
                break
            depth *= 4  # most were repetitions
        if reranker and order == "relevance":
            leaders = self._reranked(reranker, asked, leaders)
        return leaders_to_hits(asked, leaders[:top])

    def _by_date(self, ranking: Ranking, *, newest: bool) -> Ranking:
        """By the dates of the documents, those without one last; the order of relevance within a day."""
        at = self._held.places_of(ranking.keys)
        dates = [self._held.dates[i] if i >= 0 else "" for i in at.tolist()]
        days = np.unique(dates, return_inverse=True)[1] if dates else np.zeros(0, np.int64)
        known = np.array([bool(date) for date in dates], np.bool_)
        order = np.lexsort((np.arange(len(ranking)), -days if newest else days, ~known))
        return Ranking(ranking.keys[order], np.linspace(1.0, 0.0, len(ranking), endpoint=False))

    def _reranked(self, reranker: Any, query: Query, leaders: list[Leader]) -> list[Leader]:
        """The first `rerank_top` in the order of the cross-encoder; an exact 文号 or title stays first.

        Scores stay with the places: those of the two models cannot be compared.
        """
        first = leaders[: self._rerank_top]
        given = reranker.scores(query.literal, [leader.passage.text for leader in first]).tolist()
        tiers = {} if query.required else self._fulltext.exact(query)
        keys = [
            (-tiers.get(self._numbers.key(leader.passage), 0), -score)
            for leader, score in zip(first, given, strict=True)
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
        vector = self.vectors.search(text, top=depth, kind="passage") if self.vectors else EMPTY
        ranking = fusion.with_support(fusion.fuse(self._fulltext.similar(text, top=depth), vector))
        if apart_from is not None:
            first, last = self._numbers.range(apart_from)
            ranking = ranking.where((ranking.keys < first) | (ranking.keys >= last))
        return leaders_to_hits(Query(text, text), self._folded(ranking, top, fold=True, read={}))

    def similar_documents(self, document_id: str, *, top: int) -> list[tuple[str, float]]:
        """The documents nearest to one in their subject, with cosines, best first; none without vectors."""
        if not self.vectors or not self._numbers.holds(document_id):
            return []
        near = self.vectors.documents.nearest(self._numbers.of(document_id), top=top)
        return [(self._numbers.document(number), score) for number, score in near]

    def facets(self, query: str, *, filters: Filters = NO_FILTERS, most: int = 40) -> dict[str, dict[str, int]]:
        """How many passages have which year, place, agency, kind, theme: of all that hold the words of the query.

        Where none holds them all (a question in one's own words), of the `fusion.DEPTH` best: with bigrams nearly every
        passage matches a little.
        """
        asked = text_to_query(query, self._wordings, filters)
        if self._fulltext.literal_count(asked):
            return self._fulltext.literal_facets(asked, most=most)
        ranking, _ = self._rank(self._with_spellings(asked), fusion.DEPTH, "hybrid")
        return self._fulltext.counts(ranking.keys, most=most)

    def literal_count(self, query: str, *, filters: Filters = NO_FILTERS) -> int:
        """How many passages hold every word of the query (parted by blanks), as written or otherwise worded."""
        return self._fulltext.literal_count(text_to_query(query, self._wordings, filters))

    def _folded(self, ranking: Ranking, top: int, *, fold: bool, read: Read) -> list[Leader]:
        """The first `top` passages that repeat no earlier one, with what repeats them."""
        folder = Folder()
        leaders: list[Leader] = []
        for passage, folded, score in self._passages(ranking, max(top, _FETCHED), read):
            index = folder.leader(folded, len(leaders)) if fold else None
            if index is not None:
                leaders[index].similar.append(passage.id)
                continue
            if len(leaders) == top:
                break
            leaders.append(Leader(passage, folded, score))
        return leaders

    def _passages(self, ranking: Ranking, at_once: int, read: Read) -> Iterator[tuple[Passage, str, float]]:
        """Passages, folded, with their scores; one removed since this generation was opened is not shown any more."""
        keys, scores = ranking.keys.tolist(), ranking.scores.tolist()
        for first in range(0, len(keys), at_once):
            some = keys[first : first + at_once]
            unread = [self._numbers.passage_id(key) for key in some if key not in read]
            held = self._source.passages_of(unread) if unread else {}
            for key, score in zip(some, scores[first:], strict=False):
                if key in read:
                    yield *read[key], score
                elif (passage := held.get(self._numbers.passage_id(key))) is not None:
                    yield passage, normalise_aligned(passage.text), score

    def rank_ids(self, query: str, *, top: int, filters: Filters = NO_FILTERS, arm: Arm = "hybrid") -> list[str]:
        """Passage ids only, best first, without folding (for benchmarks and answers that count)."""
        ranking = self.rank(query, top=top, filters=filters, arm=arm)
        return [self._numbers.passage_id(key) for key in ranking.keys.tolist()]

    def rank(self, query: str, *, top: int, filters: Filters = NO_FILTERS, arm: Arm = "hybrid") -> Ranking:
        """Keys and scores only, without folding; `arm` chooses one arm alone (for benchmarks)."""
        return self._rank(self._read(query, filters), top, arm)[0]

    def misspelt(self, query: str) -> list[tuple[str, str]]:
        """What of a query stands in no passage, and in which spelling it is looked for as well."""
        return list(self._errors(normalise_aligned(query)))

    def _read(self, query: str, filters: Filters) -> Query:
        return self._with_spellings(text_to_query(query, self._wordings, filters))

    def _with_spellings(self, query: Query) -> Query:
        spelt = tuple(Alternative(written, (read,)) for written, read in self._errors(query.text))
        return dataclasses.replace(query, alternatives=(*query.alternatives, *spelt)) if spelt else query

    def _errors(self, text: str) -> tuple[tuple[str, str], ...]:
        """What is misspelt in a text; remembered for the last, which a question searches under several conditions."""
        late = self._late
        if late[0] != text:
            late = self._late = (text, tuple(corrected(text, self._fulltext.frequencies, self._holding)))
        return late[1]

    def _holding(self, phrase: str) -> int:
        return self._fulltext.literal_count(Query(phrase, phrase))

    def _rank(self, query: Query, top: int, arm: Arm) -> tuple[Ranking, Read]:
        """The ranking, and the passages that were read for it."""
        top = min(top, len(self._fulltext))  # the engines set aside memory for as many as they are asked for
        if top < 1 or not (query.text.strip() or query.strict):
            return EMPTY, {}
        lexical, vector, further = self._arms(query, max(fusion.DEPTH, top), arm)
        if arm != "hybrid":
            return (vector if arm == "vector" else lexical).top(top), {}
        weights = TAUGHT if self.vectors is not None and self.vectors.taught else PLAIN
        fused = fusion.fuse(lexical, vector, weights=(weights.lexical, weights.vector))
        fused = fusion.with_further(fused, further, QUALITY)
        laws = self.vectors.asked if self.vectors is not None and weights.asked else NONE
        signs = document_scores(document_signs(query, fused.keys, self._held, laws), weights)
        ranking, read = self._looked_at(query, Ranking.of(fused.keys, fused.scores + signs), weights)
        exact = {} if query.required else self._fulltext.exact(query)
        return (fusion.promote(ranking, exact) if exact else ranking).top(top), read

    def _arms(self, query: Query, depth: int, arm: Arm) -> tuple[Ranking, Ranking, Ranking]:
        """What words, vectors and the further arm find. Under a condition on words, all find only what fulfils it."""
        lexical = (
            self._fulltext.search(query, top=depth_under(query, depth)) if arm != "vector" or query.strict else EMPTY
        )
        if arm == "lexical" or not query.text.strip():
            return lexical, EMPTY, EMPTY
        under = query if query.strict or query.filters.given() else None
        vector = self.vectors.search(query.text, top=depth, under=under) if self.vectors is not None else EMPTY
        if arm != "hybrid" or self.quality is None:
            return lexical, vector, EMPTY
        return lexical, vector, self.quality.search(query.text, top=depth, under=under)

    def _looked_at(self, query: Query, ranking: Ranking, weights: Weights) -> tuple[Ranking, Read]:
        """The best `CLOSE` ordered anew by what their texts say; the others stay behind them."""
        first = ranking.top(CLOSE)
        keys = first.keys.tolist()
        ids = [self._numbers.passage_id(key) for key in keys]
        held = self._source.passages_of(ids)
        passages = [held.get(ident) for ident in ids]
        there = [number for number, passage in enumerate(passages) if passage is not None]
        known = [passage for passage in passages if passage is not None]
        titles = [self._held.title(at) for at in self._held.places_of(first.keys[there]).tolist()]
        signs, folded = TextSigns(query, self._fulltext.weight).of(titles, known)
        scores = first.scores.copy()
        scores[there] += text_scores(signs, weights)
        read = {keys[number]: pair for number, pair in zip(there, zip(known, folded, strict=True), strict=True)}
        return fusion.put_first(Ranking.of(first.keys, scores), ranking.after(CLOSE)), read
