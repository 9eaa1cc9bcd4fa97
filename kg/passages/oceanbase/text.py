"""The words of a state, asked: BM25 by the engine's own full-text index over our terms."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np

from kg.passages.fulltext_writer import COUNTED
from kg.passages.oceanbase.conditions import FOUND, MATCH, Where, conditions, is_lone, literal, with_any_character
from kg.passages.oceanbase.marks import ARTICLE, CITED, OWN, mark, marked
from kg.passages.oceanbase.tables import SPARE, State, count
from kg.passages.protocol import ARTICLE_TIER, CITED_TIER, EXACT_LIMIT, OTHER_WORDING, OWN_TIER, TELLING
from kg.passages.query import Query, query_to_terms
from kg.passages.ranking import EMPTY, Keys, Ranking
from kg.passages.tokens import is_run, terms
from kg.shared.session import Row, Session

_WIDER = 2  # candidates of own words, and of other wordings, for one that is kept
_TOGETHER = 40  # terms counted in one statement
_MANY_TERMS = 200_000  # counts remembered


class StoredText:
    """`protocol.TextArm`. What it remembers is of one state, which does not change."""

    def __init__(self, session: Session, state: State) -> None:
        self._session, self._state = session, state
        self._counted: dict[str, int] = {}
        self._late: tuple[Query, int, Ranking] | None = None  # a question asks for its words alone again

    def __len__(self) -> int:
        return self._total

    def __bool__(self) -> bool:
        return True  # else its truth would be its length

    def search(self, query: Query, *, top: int) -> Ranking:
        """See `protocol.TextArm.search`. A lone character beside longer words is not looked for: it has no index."""
        late = self._late
        if late is not None and late[:2] == (query, top):
            return late[2]
        found = self._searched(query, top)
        self._late = (query, top, found)
        return found

    def similar(self, text: str, *, top: int) -> Ranking:
        """See `protocol.TextArm.similar`."""
        asked = list(dict.fromkeys(terms(text)))
        rare = sorted((count, term) for term, count in self._counts(asked).items() if count)[:TELLING]
        return self._best([term for _, term in rare], conditions(self._state), top) if rare else EMPTY

    def exact(self, query: Query) -> dict[int, int]:
        """See `protocol.TextArm.exact`."""
        found: dict[int, int] = {}
        for kind, tier in ((CITED, CITED_TIER), (OWN, OWN_TIER)):
            if query.exact:
                found |= dict.fromkeys(self._marked(marked(kind, query.exact), query), tier)
        if query.articles:
            words = {mark(ARTICLE, key): key for key in query.articles}
            rows = self._rows("marks", conditions(self._state).take(FOUND, " ".join(words)), EXACT_LIMIT)
            held = {word for (each,) in rows for word in str(each).split()}
            if first := next((word for word in words if word in held), None):
                found |= dict.fromkeys(self._marked([first], query), ARTICLE_TIER)
        return found

    def frequency(self, term: str) -> int:
        """How many passages hold a term; those that ended for later readers, and are not cleared yet, still count."""
        return self._counts([term])[term]

    def frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """See `protocol.TextArm.frequencies`."""
        return self._counts(terms)

    def weight(self, term: str) -> float:
        """See `protocol.TextArm.weight`."""
        return math.log((len(self) + 1) / (self.frequency(term) + 0.5))

    def literal_count(self, query: Query) -> int:
        """See `protocol.TextArm.literal_count`."""
        where = literal(conditions(self._state, query), query)
        return int(self._rows("COUNT(*)", where)[0][0]) if where else 0

    def literal_facets(self, query: Query, *, most: int) -> dict[str, dict[str, int]]:
        """See `protocol.TextArm.literal_facets`."""
        return self._facets(literal(conditions(self._state, query), query), most)

    def counts(self, keys: Keys, *, most: int) -> dict[str, dict[str, int]]:
        """See `protocol.TextArm.counts`."""
        return self._facets(conditions(self._state).take(_among(keys)) if len(keys) else None, most)

    @cached_property
    def _total(self) -> int:
        return count(self._session, self._state)

    def _searched(self, query: Query, top: int) -> Ranking:
        own, others = query_to_terms(query)
        self._counts([*own, *others])  # in one statement what the signs of passages ask for word by word
        words = [term for term in own if not is_lone([term])]
        where = conditions(self._state, query)
        if words and others:
            return self._with_others(words, others, where, top)
        if words or others:
            found = self._best(words or others, where, top)
            return found if words else Ranking(found.keys, OTHER_WORDING * found.scores)
        if not own and not query.strict:
            return EMPTY
        if own:
            with_any_character(where, own)
        keys = [key for (key,) in self._rows("k", where, top)]
        return Ranking.of(keys, np.ones(len(keys)))

    def _with_others(self, words: list[str], others: list[str], where: Where, top: int) -> Ranking:
        """Own words and other wordings find candidates each, and their scores are added, as they are sums over terms.

        Beyond so many candidates a passage has nothing from what did not find it. To ask for the missing scores by key
        took ten times as long as both searches.
        """
        own = self._best(words, where, _WIDER * top)
        more = self._best(others, where, _WIDER * top)
        keys = np.union1d(own.keys, more.keys)
        scores = np.zeros(len(keys))
        for part, weight in ((own, 1.0), (more, OTHER_WORDING)):
            scores[np.searchsorted(keys, part.keys)] += weight * part.scores
        return Ranking.of(keys, scores).top(top)

    def _best(self, words: list[str], where: Where, top: int) -> Ranking:
        """The best by BM25. Where nothing but the state is asked for, the rows of others are left out here.

        They are few, and the engine need not look at every row that has one of the words (half the time).
        """
        asked = " ".join(words)
        if len(where.clauses) == 1:
            most = top + max(top // 4, SPARE)
            found = self._ranked("born, died, k", asked, Where(), most)
            kept = [(key, score) for born, died, key, score in found if born <= self._state.version < died]
            if len(kept) >= top or len(found) < most:
                return Ranking.of([key for key, _ in kept], [score for _, score in kept]).top(top)
        rows = self._ranked("k", asked, where, top)
        return Ranking.of([key for key, _ in rows], [score for _, score in rows])

    def _ranked(self, what: str, asked: str, where: Where, top: int) -> list[Row]:
        under = f" AND {where.text}" if where.clauses else ""
        return self._session.ask(
            f"SELECT {what}, {MATCH} AS score FROM {self._state.table} WHERE {MATCH}{under} "  # noqa: S608
            "ORDER BY score DESC LIMIT %s",
            (asked, asked, *where.values, top),
        )

    def _marked(self, words: list[str], query: Query) -> list[int]:
        if not words:
            return []
        where = conditions(self._state, query).take(FOUND, " ".join(words))
        return [int(key) for (key,) in self._rows("k", where, EXACT_LIMIT)]

    def _rows(self, what: str, where: Where, top: int | None = None) -> list[Row]:
        sql = f"SELECT {what} FROM {self._state.table} WHERE {where.text}"  # noqa: S608
        values: list[Any] = [*where.values]
        if top is not None:
            sql += " LIMIT %s"
            values.append(top)
        return self._session.ask(sql, values)

    def _counts(self, asked: Iterable[str]) -> dict[str, int]:
        """How many rows hold each of some terms; what is not remembered is counted, many in one statement."""
        remembered = self._counted
        # What is no term (年（, of the words of a question) is parted by the engine, which would count its pieces.
        found = {term: remembered.get(term, -1) if is_run(term) else 0 for term in asked}
        missing = [term for term, count in found.items() if count < 0]
        table = self._state.table
        for some in (missing[first : first + _TOGETHER] for first in range(0, len(missing), _TOGETHER)):
            sql = " UNION ALL ".join(
                f"SELECT {number}, COUNT(*) FROM {table} WHERE {MATCH}"  # noqa: S608
                for number in range(len(some))
            )
            found |= {some[int(number)]: int(count) for number, count in self._session.ask(sql, some)}
        if len(remembered) > _MANY_TERMS:
            self._counted = {}
        remembered.update(found)
        return found

    def _facets(self, where: Where | None, most: int) -> dict[str, dict[str, int]]:
        found: dict[str, Counter[str]] = {name: Counter() for name in COUNTED}
        if where is not None:
            names = ", ".join(COUNTED.values())
            sql = f"SELECT {names}, COUNT(*) FROM {self._state.table} WHERE {where.text} GROUP BY {names}"  # noqa: S608
            for *values, count in self._session.ask(sql, where.values):
                for name, value in zip(COUNTED, values, strict=True):
                    for each in str(value if value is not None else "").split("\n"):
                        if each:
                            found[name][each] += int(count)
        return {
            name: dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:most])
            for name, counted in found.items()
        }


def _among(keys: Keys) -> str:
    return f"k IN ({', '.join(map(str, keys.tolist()))})"
