"""A generation's graph at an endpoint: its next state from the one that the endpoint holds, and opening it.

With two endpoints one is read while the other is brought from the state that it holds (its stamp tells which) to the
next one, by the documents that have changed since. What links between documents are made from (`Keys`) belongs to a
state, too: the folder of a generation holds that of its own state, and that of the state that the other endpoint holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import msgspec

from kg.core.errors import EnvironmentProblem
from kg.graph.addresses import Address
from kg.graph.endpoint import EndpointStore
from kg.graph.engine import AT, IN_PLACE, TOKEN, Change, Draft
from kg.graph.iris import Iris
from kg.graph.stamp import READY, STAMP, Stamp, Watch, read_stamp, write_stamp
from kg.graph.ties import Keys

_SOON = 10.0  # seconds in which a stamp is to be told


class History(Protocol):
    """What is needed of the catalogue."""

    def identity(self) -> str:
        """Its random name."""
        ...

    def sequence(self) -> int:
        """The number of its last change."""
        ...

    def change_token(self, sequence: int) -> str | None:
        """The random name of a change."""
        ...

    def changes_since(self, sequence: int) -> tuple[frozenset[str], frozenset[str], int]:
        """Documents that were put, documents that were removed, and the number of the last change."""
        ...


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The endpoint that is to hold the next state.

    `free` returns when nobody reads there any more. `held` is the token of what the generation before reads, if that is
    at the other endpoint. `in_place`: there is but this one, and it is read while it is written.
    """

    address: Address
    history: History
    free: Callable[[], None] = lambda: None
    held: str = ""
    in_place: bool = False

    def begin(self, target: Path, previous: Path | None, version: str, base: str, change: Change) -> Draft:
        """The next state."""
        store = EndpointStore(self.address, within=_within(base))
        stamp = read_stamp(store)  # where it cannot be reached, that is told before anything is waited for
        if stamp is not None and stamp.catalogue != self.history.identity():
            raise EnvironmentProblem(
                f"图的 SPARQL 端点 {self.address.shown} 上是另一个索引目录的图，没有覆盖。请换一个端点；"
                "确实不再需要那一份时，先在该服务中清空全部图（DROP ALL），再运行 policykg rebuild"
            )
        keys = self._keys(stamp, previous, version)
        if stamp is not None and keys is not None:
            changed, removed, _ = self.history.changes_since(stamp.sequence)
            change = Change(changed, removed)
        self.free()
        sequence = self.history.sequence()
        new = Stamp.new(self.history.identity(), sequence, self.history.change_token(sequence) or "", version, base)
        write_stamp(store, new)
        store.require_union(STAMP)
        if keys is None:
            store.clear()
            if stamp is not None and stamp.base != base:
                EndpointStore(self.address, within=_within(stamp.base)).clear()

        def finish(found: Keys) -> dict[str, Any]:
            target.mkdir(parents=True, exist_ok=True)
            found.save(target, _file(new.token))
            other = Keys.open(previous, _file(self.held)) if previous is not None and self.held else None
            if other is not None:
                other.save(target, _file(self.held))
            store.flush()
            write_stamp(store, msgspec.structs.replace(new, state=READY))
            entries: dict[str, Any] = {AT: self.address.shown, TOKEN: new.token}
            return entries | ({IN_PLACE: new.catalogue} if self.in_place else {})

        return Draft(store, keys, change, finish)

    def _keys(self, stamp: Stamp | None, previous: Path | None, version: str) -> Keys | None:
        """Those of the state that the endpoint holds; None where it is none of ours, or not whole."""
        if stamp is None or previous is None or stamp.state != READY or stamp.version != version:
            return None
        history = self.history
        known = stamp.sequence == 0 or history.change_token(stamp.sequence) == stamp.change
        if stamp.catalogue != history.identity() or not known:
            return None
        return Keys.open(previous, _file(stamp.token))


def opened(address: Address, base: str, token: str, in_place: str) -> EndpointStore:
    """The graph that a generation has at an endpoint, for reading. Raises `EnvironmentProblem`."""
    looking = EndpointStore(address, within=_within(base), read_only=True, patience=_SOON)
    watch = Watch(lambda: read_stamp(looking), address.shown, token, in_place=in_place)
    watch.look()
    return EndpointStore(address, within=_within(base), read_only=True, look=watch.look)


def _within(base: str) -> str:
    return Iris(base).graph("")


def _file(token: str) -> str:
    return f"links-{token}"
