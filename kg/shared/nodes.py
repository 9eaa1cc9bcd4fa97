"""Which generations the machines read, and where: a publish leaves alone what somebody reads.

A lease for each process that reads, made longer while it lives. A machine that cannot reach the store cannot search in
it either, so that nobody reads on from rows that were cleared away behind a lease that ended.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.shared.session import Session
from kg.shared.tables import CLOCK, NODES

LEASE = 60.0  # seconds without a sign of life, after which a reader counts as gone

Held = Mapping[str, Any]
"""Of a generation that is read: `number`, and the entries of its manifest that say where."""


@dataclass(frozen=True, slots=True)
class Nodes:
    """Who reads in one store."""

    session: Session
    node: str

    def tell(self, held: Sequence[Held]) -> None:
        """Say what this process reads."""
        text = json.dumps([dict(each) for each in held], ensure_ascii=False)
        self.session.write(f"REPLACE INTO {NODES} VALUES (%s, {CLOCK}, %s)", (self.node, text))  # noqa: S608

    def leave(self) -> None:
        """Say that it reads nothing any more."""
        self.session.write(f"DELETE FROM {NODES} WHERE node = %s", (self.node,))  # noqa: S608

    def others(self) -> list[Held]:
        """What other processes read that live."""
        sql = f"SELECT held FROM {NODES} WHERE node <> %s AND seen > {CLOCK} - {LEASE}"  # noqa: S608
        return [held for (text,) in self.session.ask(sql, (self.node,)) for held in json.loads(text)]

    def sweep(self) -> None:
        """Forget those that are long gone."""
        self.session.write(f"DELETE FROM {NODES} WHERE seen < {CLOCK} - 10 * {LEASE}")  # noqa: S608
