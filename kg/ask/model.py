"""What an answer is, field by field as `policykg ask --json` gives it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Cell = str | int | float | None
Row = dict[str, Cell]


@dataclass(frozen=True, slots=True)
class Citation:
    """The words of a held document that carry the answer; `start` and `end` count in its normalised text.

    `page` is where they begin, in formats that have pages.
    """

    document_id: str
    source: str
    quote: str
    start: int
    end: int
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to show: sentences with numbered sources, rows where there is more than one, and where it stands.

    `interpretation` says how the question was understood, `unused` which of its words were not; `sparql` gives exactly
    `rows` when it is run; `evidence[n - 1]` is what `[n]` in the sentences points to; `chart` is a Vega-Lite
    specification.
    """

    question: str
    answerable: bool
    answer: str
    columns: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    interpretation: str = ""
    unused: list[str] = field(default_factory=list)
    sparql: str | None = None
    evidence: list[Citation] = field(default_factory=list)
    chart: dict[str, Any] | None = None
    next_questions: list[str] = field(default_factory=list)
    elapsed_ms: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON values, in the order of the contract."""
        import msgspec

        built: dict[str, Any] = msgspec.to_builtins(self)
        return built
