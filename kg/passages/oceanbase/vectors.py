"""The vectors of a state, asked: the engine's HNSW index, with the conditions in the same statement."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from kg.passages.documents import DocumentVectors
from kg.passages.embedder import Embedder, Kind, Vectors
from kg.passages.oceanbase.conditions import conditions, with_any_word
from kg.passages.oceanbase.tables import SPARE, State, count
from kg.passages.query import Query
from kg.passages.ranking import EMPTY, Ranking
from kg.passages.vector_arm import OfModel
from kg.shared.session import Row, Session

COLUMNS = {"model": "v", "quality": "v_quality"}
"""The vector columns, by the names of their models in the card."""
_MOST = 16_000  # rows that the engine gives for one approximate search


class StoredVectors(OfModel):
    """`protocol.VectorArm` over one vector column; texts without known characters have a row, too."""

    def __init__(self, session: Session, state: State, column: str, embedder: Embedder, folder: Path) -> None:
        self._session, self._state, self._column, self._folder = session, state, column, folder
        self.embedder = embedder

    def __len__(self) -> int:
        return count(self._session, self._state)

    def __bool__(self) -> bool:
        return True  # else its truth would be its length

    def search(self, text: str, *, top: int, under: Query | None = None, kind: Kind = "query") -> Ranking:
        """See `protocol.VectorArm.search`.

        Under a condition on words the full-text index finds the rows, and all their distances are computed. Without
        any condition the few rows of other states are left out here, which is faster (a third of the time).
        """
        vector = self.embedder.encode([text], kind=kind)[0]
        if not vector.any():
            return EMPTY
        if under is None:
            most = min(top + max(top // 4, SPARE), _MOST)
            found = self._nearest(vector, "born, died, k", "", (), most)
            version = self._state.version
            kept = [(key, distance) for born, died, key, distance in found if born <= version < died]
            if len(kept) >= top or len(found) < most:
                return _ranking(kept).top(top)
        where, how = conditions(self._state, under), "APPROXIMATE"
        if under is not None and under.strict:
            where, how = with_any_word(where, under).take(f"{self._column} IS NOT NULL"), ""
        clause = f"WHERE {where.text}"
        return _ranking(self._nearest(vector, "k", clause, where.values, min(top, _MOST), how))

    def _nearest(
        self, vector: Vectors, what: str, clause: str, values: Sequence[Any], most: int, how: str = "APPROXIMATE"
    ) -> list[Row]:
        sql = (
            f"SELECT {what}, NEGATIVE_INNER_PRODUCT({self._column}, %s) AS distance FROM {self._state.table} "  # noqa: S608
            f"{clause} ORDER BY distance {how} LIMIT %s"
        )
        return [row for row in self._session.ask(sql, (written(vector), *values, most)) if row[-1] is not None]

    @cached_property
    def documents(self) -> DocumentVectors:
        """One vector a document; these lie in the generation's folder."""
        return DocumentVectors.open(self._folder)


def _ranking(rows: Sequence[Row]) -> Ranking:
    return Ranking.of([key for key, _ in rows], [-distance for _, distance in rows])


def written(vector: Vectors) -> str:
    """A vector as the engine reads it; seven digits hold a float32."""
    return "[" + ",".join(f"{value:.7g}" for value in np.asarray(vector, np.float32).tolist()) + "]"
