"""The full-text index, read: BM25 over `tokens.terms`, with filters, phrases and exclusions inside the query."""

from __future__ import annotations

import math
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.core.errors import EnvironmentProblem
from kg.passages.entry import date_number
from kg.passages.facets import Filters
from kg.passages.fulltext_writer import COUNTED, FULLTEXT_VERSION, TEXT, TITLE
from kg.passages.protocol import ARTICLE_TIER, CITED_TIER, EXACT_LIMIT, OTHER_WORDING, OWN_TIER, TELLING, depth_under
from kg.passages.query import Query, query_to_forms, query_to_terms
from kg.passages.ranking import EMPTY, Keys, Ranking
from kg.passages.tokens import terms

if TYPE_CHECKING:
    import tantivy

__all__ = ["FULLTEXT_VERSION", "FulltextIndex"]

# Of the terms of a query those that more passages have are not looked for, once there are so many rarer ones: of a
# million, 50,000 take half the time (docs/decisions/0004). A count and no share, since it is postings that take time.
COMMON = 50_000
ENOUGH = 6
_REMEMBERED = 50_000  # terms of whose frequency is known: 5 MB


class FulltextIndex:
    """`protocol.TextArm`: an index folder opened for reading. `search` is thread-safe: a searcher is a snapshot."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        try:
            self._index = tantivy.Index.open(str(folder if os.access(folder, os.W_OK) else self._linked(folder)))
            self._searcher = self._index.searcher()
        except (ValueError, OSError) as error:
            raise EnvironmentProblem(f"全文索引 {folder} 无法打开（{error}）。请运行：policykg rebuild") from error
        self._schema = self._index.schema
        self._allowed: dict[Filters, Keys] = {}
        self._frequencies: dict[str, int] = {}
        self._late: tuple[Query, int, Ranking] | None = None  # a question asks for its words alone again

    def _linked(self, folder: Path) -> Path:
        """A folder of links to the files of an index that stands where nothing may be written, while this is held.

        Tantivy makes a lock file beside an index even to read it.
        """
        beside = Path(tempfile.mkdtemp(prefix="policykg-fulltext-"))
        weakref.finalize(self, shutil.rmtree, beside, ignore_errors=True)
        for file in folder.resolve().iterdir():
            if file.suffix != ".lock":
                (beside / file.name).symlink_to(file)
        return beside

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(self, query: Query, *, top: int) -> Ranking:
        """The best `top` passages by BM25 under the query's conditions; required phrases must occur word for word."""
        late = self._late
        if late is not None and late[:2] == (query, top):
            return late[2]
        clauses = self._words_of(query)
        found = self._run(self._any(clauses), top, query) if clauses or query.strict else EMPTY
        self._late = (query, top, found)
        return found

    def literal_count(self, query: Query) -> int:
        """See `protocol.TextArm.literal_count`."""
        asked = self._conditioned(self._literal(query), query)
        found = self._searcher.aggregate(asked, {"_": {"value_count": {"field": "key"}}})
        return int(found["_"]["value"] or 0)

    def literal_facets(self, query: Query, *, most: int) -> dict[str, dict[str, int]]:
        """See `protocol.TextArm.literal_facets`."""
        return self._all_counts(self._conditioned(self._literal(query), query), most)

    def _literal(self, query: Query) -> tantivy.Query:
        """Passages that hold each word of the query, as it was written or in another wording."""
        import tantivy

        must = [
            (tantivy.Occur.Must, self._any([c for form in forms if (c := self._phrase(form))]))
            for forms in query_to_forms(query)
        ]
        if must:
            return tantivy.Query.boolean_query(must)
        # 标题：质量月 asks for no word: whatever fulfils its fields has all of them
        return tantivy.Query.all_query() if not query.text.strip() else tantivy.Query.empty_query()

    def similar(self, text: str, *, top: int) -> Ranking:
        """The best `top` passages by the terms of `text` that fewest passages have: a long text is a slow query."""
        counted = {term: self.frequency(term) for term in dict.fromkeys(terms(text))}
        rare = sorted((count, term) for term, count in counted.items() if count)[:TELLING]
        return self._run(self._any([self._words(term) for _, term in rare]), top) if rare else EMPTY

    def frequency(self, term: str) -> int:
        """How many passages hold a term; those of documents that were removed since the last merge still count."""
        found = self._frequencies.get(term)
        if found is None:  # a query asks for each of its words twice, and every question for much the same ones
            if len(self._frequencies) >= _REMEMBERED:
                self._frequencies.clear()
            found = self._frequencies[term] = int(self._searcher.doc_freq(TEXT, term))
        return found

    def frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """See `protocol.TextArm.frequencies`."""
        return {term: self.frequency(term) for term in terms}

    def weight(self, term: str) -> float:
        """How telling a term is: ln((N + 1) / (n + ½)) for n of N passages."""
        return math.log((len(self) + 1) / (self.frequency(term) + 0.5))

    def exact(self, query: Query) -> dict[int, int]:
        """Tiers of passages that the query names.

        Of (2) or citing (1) a document whose 文号 or 《title》 it gives in full; an article by its number (3).
        """
        found: dict[int, int] = {}
        for field, tier in (("cited", CITED_TIER), ("own", OWN_TIER)):
            clauses = [self._term(field, key) for key in query.exact if self._searcher.doc_freq(field, key)]
            if clauses:
                hits = self._run(self._any(clauses), EXACT_LIMIT, query)
                found |= dict.fromkeys(hits.keys.tolist(), tier)
        for key in query.articles:
            if self._searcher.doc_freq("article", key):
                hits = self._run(self._term("article", key), EXACT_LIMIT, query)
                return found | dict.fromkeys(hits.keys.tolist(), ARTICLE_TIER)
        return found

    def allowed(self, query: Query, *, depth: int) -> Keys | None:
        """Keys of the passages that fulfil the conditions (filters: cached, an open index does not change).

        Under a condition on words those that `search` finds; None where there is no condition.
        """
        if query.strict:
            return self.search(query, top=depth_under(query, depth)).keys
        filters = query.filters
        if not filters.given():
            return None
        if filters not in self._allowed:
            import tantivy

            only = Query("", "", filters=filters)
            self._allowed[filters] = self._run(tantivy.Query.all_query(), max(1, len(self)), only).keys
        return self._allowed[filters]

    def counts(self, keys: Keys, *, most: int) -> dict[str, dict[str, int]]:
        """How many of some passages have each value of each facet of `COUNTED`: the `most` frequent, most first."""
        if not len(keys):
            return {name: {} for name in COUNTED}
        return self._all_counts(self._any([self._term("key", key) for key in keys.tolist()]), most)

    def _all_counts(self, these: tantivy.Query, most: int) -> dict[str, dict[str, int]]:
        return {name: self._counts(these, field, most) for name, field in COUNTED.items()}

    def _counts(self, query: tantivy.Query, field: str, most: int) -> dict[str, int]:
        try:
            found = self._searcher.aggregate(query, {"_": {"terms": {"field": field, "size": most}}})
        except ValueError:
            return {}
        buckets = sorted(found["_"]["buckets"], key=lambda bucket: (-bucket["doc_count"], str(bucket["key"])))
        return {_name(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets}

    def _words_of(self, query: Query) -> list[tantivy.Query]:
        import tantivy

        own, more = query_to_terms(query)
        common = self._common([*dict.fromkeys(own), *more])
        clauses = [self._term_or_part(term) for term in own if term not in common]
        more = [other for other in more if other not in common]
        return [*clauses, *(tantivy.Query.boost_query(self._words(other), OTHER_WORDING) for other in more)]

    def _common(self, words: Sequence[str]) -> set[str]:
        """Those that so many passages have that finding them takes longer than all else, and tells next to nothing.

        The `ENOUGH` rarest are none of them, nor is a word that no passage has: 规定 alone is looked for.
        """
        if len(self) <= COMMON:
            return set()
        counted = sorted((count, word) for word in words if (count := self.frequency(word)))
        return {word for count, word in counted[ENOUGH:] if count > COMMON}

    def _term_or_part(self, term: str) -> tantivy.Query:
        """A lone character stands for every bigram that contains it; all else is looked up as it is."""
        import tantivy

        if len(term) == 1 and not term.isascii():
            return tantivy.Query.regex_query(self._schema, TEXT, f"{term}.?|.{term}")
        return self._words(term)

    def _words(self, term: str) -> tantivy.Query:
        """A term of a text, by BM25."""
        import tantivy

        return tantivy.Query.term_query(self._schema, TEXT, term, index_option="freq")

    def _phrase(self, words: Sequence[str]) -> tantivy.Query | None:
        import tantivy

        if not words:
            return None
        if len(words) == 1:
            return self._term_or_part(words[0])
        return tantivy.Query.phrase_query(self._schema, TEXT, list(words))

    def _term(self, field: str, value: str | int) -> tantivy.Query:
        import tantivy

        return tantivy.Query.term_query(self._schema, field, value, index_option="basic")

    def _any(self, clauses: Sequence[tantivy.Query]) -> tantivy.Query:
        import tantivy

        if not clauses:
            return tantivy.Query.all_query()
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, clause) for clause in clauses])

    def _conditioned(self, asked: tantivy.Query, query: Query) -> tantivy.Query:
        """`asked` under the query's conditions: they decide who may take part, and add nothing to the score."""
        import tantivy

        must = [*self._filters(query.filters), *(c for p in query.required if (c := self._phrase(terms(p))))]
        for title in query.in_title:
            must += [self._term(TITLE, term) for term in terms(title)]
        without = [c for word in query.excluded if (c := self._phrase(terms(word)))]
        if not must and not without:
            return asked
        quiet = [(tantivy.Occur.Must, tantivy.Query.const_score_query(clause, 0.0)) for clause in must]
        not_ = [(tantivy.Occur.MustNot, clause) for clause in without]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, asked), *quiet, *not_])

    def _filters(self, filters: Filters) -> Iterator[tantivy.Query]:
        import tantivy

        given = filters.given()
        since, until = given.pop("since", None), given.pop("until", None)
        for name, value in given.items():
            yield self._term(name, value)
        if since or until:
            first = date_number(str(since)) if since else 1  # those without a date have no value at all
            last = date_number(str(until)) if until else None
            yield tantivy.Query.range_query(self._schema, "date", tantivy.FieldType.Unsigned, first, last)

    def _run(self, asked: tantivy.Query, top: int, query: Query | None = None) -> Ranking:
        conditioned = self._conditioned(asked, query) if query is not None else asked
        hits: list[Any] = self._searcher.search(conditioned, top, count=False).hits
        keys = self._searcher.fast_field_values("key", [address for _, address in hits])
        return Ranking.of(keys, [score for score, _ in hits])


def _name(value: str | float) -> str:
    """A counted value as text; numbers come back as floats."""
    return value if isinstance(value, str) else str(int(value))
