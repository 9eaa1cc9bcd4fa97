"""What a document carries of a person's statement; the statement itself is `kg.core.corrections.Correction`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Review:
    """A person's statement that a document shows (人工核定): what it says stands in the fact that carries its id.

    `kind` is the name of the kind of fact (`document` for a header field), `fields` are those that were set.
    """

    id: str
    action: str
    kind: str
    at: str  # ISO 8601, UTC
    fields: tuple[str, ...] = ()
