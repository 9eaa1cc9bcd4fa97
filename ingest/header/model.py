"""What the document says of itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.core.model import Evidence, Level, Party
from ontology.reference import PlaceRecord


@dataclass(frozen=True, slots=True)
class Header:
    """The header facts of one document, each with its words in `evidence`."""

    title: str = ""
    doc_number: str | None = None
    issuers: tuple[Party, ...] = ()
    kind: str | None = None
    date: str | None = None
    printed_date: str | None = None
    printed_by: str | None = None
    year: int | None = None
    level: Level | None = None
    place: PlaceRecord | None = None
    theme: str | None = None
    recipients: str | None = None
    period: tuple[str, str] | None = None
    evidence: dict[str, Evidence] = field(default_factory=dict)
