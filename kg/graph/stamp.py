"""What state of the catalogue an endpoint holds, stamped there itself: one quad in a graph of its own.

While a state is being written the stamp says so. Whoever dies in the middle leaves it that way: readers are refused,
and the next publish builds the graph there anew.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable

import msgspec

from kg.core.errors import EnvironmentProblem
from kg.graph.protocol import GraphStore
from kg.graph.rdf import Literal, Quad, text
from ontology.terms import OWL

READY, WRITING = "ready", "writing"
STAMP = "https://w3id.org/policykg/stamp"
"""The stamp's graph, which is also what it speaks of: the same whatever the base, so that another's state is found."""
_EVERY = 1.0  # seconds between two looks of a reader at the stamp


class Stamp(msgspec.Struct, frozen=True):
    """A state: of which catalogue (`catalogue`, a random name), up to which change (`sequence`, its token `change`).

    `version` is that of the graph and the reference data; `token` is the random name of this very writing, `base` the
    base of its IRIs.
    """

    catalogue: str
    sequence: int
    change: str
    version: str
    token: str
    base: str
    state: str = READY

    @classmethod
    def new(cls, catalogue: str, sequence: int, change: str, version: str, base: str) -> Stamp:
        """One for a state that is about to be written."""
        return cls(catalogue, sequence, change, version, secrets.token_hex(8), base, WRITING)


def read_stamp(store: GraphStore) -> Stamp | None:
    """What the stamp says; None where there is none that can be understood."""
    found = [quad.object for quad in store.quads(STAMP, OWL.versionInfo, graph=STAMP)]
    if len(found) != 1 or not isinstance(found[0], Literal):
        return None
    try:
        return msgspec.json.decode(found[0].lexical, type=Stamp)
    except msgspec.MsgspecError:
        return None


def write_stamp(store: GraphStore, stamp: Stamp) -> None:
    """Put it in place of the one that is there."""
    store.replace_graph(STAMP, [Quad(STAMP, OWL.versionInfo, text(msgspec.json.encode(stamp).decode()), STAMP)])
    store.flush()


class Watch:
    """Whether a reader may go on: looks at the stamp when the reader begins, and once a second while it reads."""

    def __init__(self, read: Callable[[], Stamp | None], shown: str, token: str, *, in_place: str = "") -> None:
        """`in_place`: the catalogue of which any later state will do, where there is but one endpoint."""
        self._read, self._shown = read, shown
        self._token, self._in_place = token, in_place
        self._looked = float("-inf")
        self._lock = threading.Lock()

    def look(self, *, now: bool = False) -> None:
        """Raise `EnvironmentProblem` where the endpoint no longer holds, or does not wholly hold, what is read.

        Looks at most once a second unless it must look `now`: after an answer that a person waits for.
        """
        with self._lock:
            if not now and time.monotonic() - self._looked < _EVERY:
                return
        stamp = self._read()
        if stamp is None:
            raise EnvironmentProblem(
                f"图的 SPARQL 端点 {self._shown} 上没有这一代索引的图（可能被清空，或换了数据库）。"
                "请运行 policykg rebuild 重建"
            )
        if stamp.state != READY:
            raise EnvironmentProblem(
                f"图的 SPARQL 端点 {self._shown} 上的图正在写入，或上次写入中断。"
                "请稍后重试；若没有写入在进行，请运行 policykg rebuild 重建"
            )
        if stamp.token != self._token and stamp.catalogue != self._in_place:
            raise EnvironmentProblem(
                f"图的 SPARQL 端点 {self._shown} 上的图已是另一次发布的。请重试；一直如此时请运行 policykg rebuild 重建"
            )
        with self._lock:
            self._looked = time.monotonic()
