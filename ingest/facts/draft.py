"""The working form of an activity, before ids, series and themes are given."""

from __future__ import annotations

from dataclasses import dataclass

from kg.core.model import Evidence, Party, Status


@dataclass(frozen=True, slots=True)
class Draft:
    """An activity as found. `parent` is the position in the list of drafts; `words` is all text that tells of it.

    `rule` names the form that found the activity and `features` what speaks for and against it.
    """

    title: str
    status: Status
    evidence: Evidence
    no: str | None = None
    section: str | None = None
    parent: int | None = None
    responsible: tuple[Party, ...] = ()
    places: tuple[str, ...] = ()
    words: str = ""
    headline: str = ""  # 三是深入推进…制度。: what the passage says that it tells of
    rule: str = ""
    features: frozenset[str] = frozenset()
    confidence: float = 1.0
