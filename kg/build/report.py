"""What an ingest run did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kg.build.sources import Refused
from kg.core.model import Loss


@dataclass(slots=True)
class Report:
    """What an ingest run did; `as_dict` is the shape of the command-line contract."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: list[dict[str, str]] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)
    moved: list[dict[str, str]] = field(default_factory=list)
    not_read: list[dict[str, Any]] = field(default_factory=list)
    generation: int | None = None
    sources: dict[str, list[str]] = field(default_factory=lambda: {"added": [], "updated": [], "unchanged": []})
    """The files by what came of them, one that holds several documents once; no part of the contract."""

    def take(self, outcome: str, source: str) -> None:
        """Note a document of a file: added, updated or unchanged."""
        setattr(self, outcome, getattr(self, outcome) + 1)
        if self.sources[outcome][-1:] != [source]:
            self.sources[outcome].append(source)

    def refuse(self, item: Refused) -> None:
        """Note a source that was not taken in."""
        entry = {"source": item.shown, "reason": item.reason}
        (self.failed if item.outcome == "failed" else self.skipped).append(entry)

    def lose(self, losses: Iterable[Loss]) -> None:
        """Add what was not read of one document, by part and reason."""
        for loss in losses:
            for entry in self.not_read:
                if (entry["part"], entry["reason"]) == (loss.part, loss.reason):
                    entry["count"] += loss.count
                    break
            else:
                self.not_read.append({"part": loss.part, "count": loss.count, "reason": loss.reason})

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "sources"}
