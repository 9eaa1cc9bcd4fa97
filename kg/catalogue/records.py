"""The rows that the catalogue hands out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Via = Literal["cli", "app", "http", "library"]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a list of documents shows, without decoding the facts.

    `place` is the issuing place as people write it (青浦区), `place_qualified` its unique name (上海市青浦区).
    `date` is ISO; `source` the path as ingested, `source_key` the absolute path that the id comes from.
    """

    id: str
    source: str
    sha256: str
    title: str
    year: int | None
    place: str | None
    kind: str | None
    level: str | None
    date: str | None
    doc_number: str | None
    place_qualified: str | None = None
    source_key: str = ""


class SourceState(NamedTuple):
    """What is held of a source: the hash of its bytes and the versions of the steps that read it."""

    sha256: str
    steps: dict[str, str]


@dataclass(frozen=True, slots=True)
class Run:
    """One run that wrote (PROV-O Activity). Times are ISO 8601 in UTC; `finished` is None for a killed run."""

    id: int
    command: str
    started: str
    finished: str | None
    versions: dict[str, str]
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, and through what: the only personal datum of the audit log is the user's name."""

    name: str
    via: Via = "library"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit log. `finished`, `counts` and `documents` (how many changed) are its run's, if it has one.

    `finished` is None for a run that was killed, and for what is no run.
    """

    id: int
    token: str
    at: str  # ISO 8601, UTC
    actor: str
    via: str
    action: str
    detail: dict[str, Any]
    run: int | None = None
    finished: str | None = None
    counts: dict[str, int] = field(default_factory=dict)
    documents: int = 0

    @property
    def outcome(self) -> dict[str, Any]:
        """What the run did, for a line that leaves its run behind."""
        return {"finished": self.finished, "counts": self.counts} if self.run is not None else {}
