"""The next state of the passages in a database, written beside the one that is read, and opening one.

A row holds from the version `born` until before `died`. A publish ends the rows of documents that changed or went and
adds the new ones under the next version; nothing of what stays is touched, and readers of an older version see none of
it. What a killed publish left has a version that no generation names: the next one clears it away.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.core.errors import EnvironmentProblem
from kg.core.model import Document, Passage
from kg.passages.documents import save_means
from kg.passages.embedder import Vectors
from kg.passages.embedding import vectors_of
from kg.passages.entry import Entry, document_to_entries
from kg.passages.oceanbase.conditions import listed
from kg.passages.oceanbase.marks import ARTICLE, CITED, OWN, marked
from kg.passages.oceanbase.tables import (
    AT,
    COLUMNS,
    ENDLESS,
    FORM,
    INDEXED,
    TABLE,
    TABLE_VERSION,
    TOKEN,
    VERSION,
    State,
    claim,
    count,
    create,
    drop_others,
    index,
    set_token,
    state_of,
    token_of,
)
from kg.passages.oceanbase.vectors import COLUMNS as VECTOR_COLUMNS
from kg.passages.oceanbase.vectors import written
from kg.passages.protocol import Work, Written
from kg.shared.address import Address
from kg.shared.head import proven
from kg.shared.session import Session, Statements

_TOGETHER = 500  # rows of one transaction; fewer are slower, more no faster
_DOCUMENTS = 200  # ended in one statement
_GROWN = 2  # times the passages that were indexed: BM25 goes on with the lengths and counts of then (0015)
_LISTS = ("place", "agency", "kind", "theme", "level", "shown_place", "shown_agency")
_LOOKS = 0.05  # seconds between two looks whether the vector index has taken what was added
_AT_MOST = 30.0  # seconds; then it is told
_NEAREST = 50  # among which a vector finds itself
_SAME = -0.9999  # nearer are equal ones; where so many say the same, nothing tells whether the last is among them
_BLIND = 1.0  # seconds waited then


@dataclass(frozen=True, slots=True)
class Store:
    """`protocol.Engine`. `identity` names the catalogue, `held` are the states that generations read there.

    `at_turn` is who writes in a shared catalogue: each transaction proves that he still may.
    """

    address: Address
    identity: str
    held: tuple[State, ...] = ()
    at_turn: str = ""

    def begin(self, work: Work) -> StoreDraft:
        """The next state. Raises `EnvironmentProblem` where the database holds another catalogue's."""
        session = Session(self.address)
        claim(session, self.identity)
        with proven(session, self.at_turn) as writing:
            drop_others(writing, {state.table for state in self.held})
        state = self._state_before(work)
        if state is not None and token_of(session, state.table) == state.token:
            oldest = min((each.version for each in self.held if each.table == state.table), default=state.version)
            with proven(session, self.at_turn) as writing:
                _clear(writing, state, min(oldest, state.version))
            following = State(state.table, state.version + 1, "", state.indexed)
            return StoreDraft(self, session, work, following, is_new=False)
        dimensions = {VECTOR_COLUMNS[model.name]: model.embedder.dimension for model in work.models}
        table = create(session, self.identity, dimensions)
        return StoreDraft(self, session, work, State(table, 1, ""), is_new=True)

    def _state_before(self, work: Work) -> State | None:
        """What the generation before reads here, if it was made with the same models and will do still."""
        same = all(work.before.get(name) == value for name, value in work.card.items())
        if work.previous is None or not same or work.before.get(AT) != self.address.shown:
            return None
        state = state_of(work.before)
        outgrown = state is not None and work.catalogue.passage_count() > _GROWN * max(state.indexed, 1)
        return None if outgrown else state


class StoreDraft:
    """`protocol.Draft`."""

    def __init__(self, store: Store, session: Session, work: Work, state: State, *, is_new: bool) -> None:
        self._store, self._session, self._work, self._state, self._is_new = store, session, work, state, is_new
        self._columns = [VECTOR_COLUMNS[model.name] for model in work.models]
        names = [name for name in COLUMNS if name != "died"] + self._columns
        places = ", ".join(["%s"] * len(names))
        self._insert = f"INSERT INTO {state.table} ({', '.join(names)}) VALUES ({places})"  # noqa: S608
        self._waiting: list[tuple[Document, list[Passage]]] = []
        self._count = 0
        self._means: dict[int, Vectors] = {}  # of documents that were added
        self._last: dict[str, tuple[int, str]] = {}  # by vector column, the key and the vector that was added last
        if not is_new:
            with proven(session, store.at_turn) as writing:
                _end(writing, state, sorted(work.changed | work.removed))

    @property
    def wanted(self) -> frozenset[str]:
        """All documents for a new table, else those that changed."""
        return self._work.everything() if self._is_new else self._work.changed

    def add(self, document: Document, passages: list[Passage]) -> None:
        """Take a document."""
        self._waiting.append((document, passages))
        self._count += len(passages)
        if self._count >= _TOGETHER:
            self._flush()

    def finish(self) -> Written:
        """Make the indexes, where the table is new, and give this writing its name."""
        self._flush()
        session, table = self._session, self._state.table
        if self._is_new:
            index(session, table, self._columns)
        for column, (key, vector) in self._last.items():
            _wait_until_found(session, self._state, column, key, vector)
        if self._work.models:
            numbers = sorted(self._means)
            dimension = self._work.models[0].embedder.dimension
            means = np.stack([self._means[n] for n in numbers]) if numbers else np.zeros((0, dimension), np.float32)
            self._save_means(np.array(numbers, np.int64), means)
        token = secrets.token_hex(8)
        total = count(session, self._state)
        indexed = total if self._is_new else self._state.indexed
        with proven(session, self._store.at_turn) as writing:
            set_token(writing, table, self._store.identity, token)
        session.close()
        place: dict[str, Any] = {AT: self._store.address.shown, TABLE: table, VERSION: self._state.version}
        return Written(total, {**place, TOKEN: token, FORM: TABLE_VERSION, INDEXED: indexed})

    def _save_means(self, numbers: NDArray[np.int64], means: Vectors) -> None:
        work = self._work
        gone = {work.before_numbers.of(each) for each in _known(work.changed | work.removed, work)}
        if self._is_new or not save_means(work.target, numbers, means, previous=work.previous, gone=gone):
            save_means(work.target, numbers, means)

    def _flush(self) -> None:
        documents, self._waiting, self._count = self._waiting, [], 0
        work = self._work
        made = [vectors_of(work.catalogue, model.embedder, documents, model.batch) for model in work.models]
        rows: list[Sequence[Any]] = []
        for at, (document, passages) in enumerate(documents):
            vectors = [arm[at] for arm in made]
            if vectors and len(vectors[0]):
                self._means[work.numbers.of(document.id)] = vectors[0].mean(axis=0)
            for number, entry in enumerate(document_to_entries(document, passages)):
                key = work.numbers.key(entry.passage)
                own = [written(arm[number]) if arm[number].any() else None for arm in vectors]
                rows.append((*_row(entry, key, self._state.version, document.id), *own))
                self._last |= {c: (key, v) for c, v in zip(self._columns, own, strict=True) if v is not None}
        for first in range(0, len(rows), _TOGETHER):
            with proven(self._session, self._store.at_turn) as writing:
                writing.write_many(self._insert, rows[first : first + _TOGETHER])


@lru_cache(maxsize=4)
def _session(address: Address) -> Session:
    """One for all generations that are read there."""
    return Session(address)


def opened(address: Address, card: Mapping[str, Any]) -> tuple[Session, State]:
    """The database and the state that a card names, for reading. Raises `EnvironmentProblem` where it is not there."""
    session, state = _session(address), state_of(card)
    if state is None or token_of(session, state.table) is None:
        raise EnvironmentProblem(f"存储 {address.shown} 中没有现有索引的全文和向量。请运行 policykg rebuild 重建")
    return session, state


def _row(entry: Entry, key: int, version: int, document_id: str) -> tuple[Any, ...]:
    """The values of `COLUMNS` but `died`, in their order."""
    facets = entry.facets
    words = [*marked(OWN, sorted(entry.own)), *marked(CITED, sorted(entry.cited)), *marked(ARTICLE, entry.articles)]
    return (
        *(key, version, document_id, facets.year, entry.day),
        *(listed(getattr(facets, name)) for name in _LISTS),
        f" {entry.title} ",
        f" {entry.words} ",
        " ".join(words) or None,
    )


def _clear(session: Statements, state: State, oldest: int) -> None:
    """Undo what a killed publish did after `state`, and take out what nobody reads from the version `oldest` on."""
    session.write(f"DELETE FROM {state.table} WHERE born > {state.version}")  # noqa: S608
    session.write(
        f"UPDATE {state.table} SET died = {ENDLESS} WHERE died > {state.version} AND died < {ENDLESS}"  # noqa: S608
    )
    session.write(f"DELETE FROM {state.table} WHERE died <= {oldest}")  # noqa: S608


def _end(session: Statements, state: State, documents: Sequence[str]) -> None:
    for first in range(0, len(documents), _DOCUMENTS):
        some = documents[first : first + _DOCUMENTS]
        session.write(
            f"UPDATE {state.table} SET died = {state.version} WHERE died = {ENDLESS} "  # noqa: S608
            f"AND document IN ({', '.join(['%s'] * len(some))})",
            some,
        )


def _known(ids: Iterable[str], work: Work) -> list[str]:
    return [each for each in ids if work.before_numbers.holds(each)]


def _wait_until_found(session: Session, state: State, column: str, key: int, vector: str) -> None:
    """Return when the vector index has the row that was added last: it follows the table by a fraction of a second.

    Raises `EnvironmentProblem` where it does not.
    """
    until = time.monotonic() + _AT_MOST
    sql = (
        f"SELECT k, born, NEGATIVE_INNER_PRODUCT({column}, %s) AS distance FROM {state.table} "  # noqa: S608
        "ORDER BY distance APPROXIMATE LIMIT %s"
    )
    while True:
        rows = session.ask(sql, (vector, _NEAREST))
        if (key, state.version) in {tuple(row[:2]) for row in rows}:
            return
        if len(rows) == _NEAREST and rows[-1][2] is not None and rows[-1][2] < _SAME:
            time.sleep(_BLIND)
            return
        if time.monotonic() >= until:
            raise EnvironmentProblem(
                f"存储 {session.address.shown} 的向量索引在 {_AT_MOST:g} 秒内没有跟上新写入的段落。"
                "已入库的文档不受影响；请检查该服务的负载，再运行 policykg rebuild"
            )
        time.sleep(_LOOKS)
