"""What a search gives back, and the seam to where it reads passages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from kg.core.model import Passage
from kg.passages.highlight import Highlighter
from kg.passages.query import Query


class PassageSource(Protocol):
    """What search needs of the catalogue."""

    def passages_of(self, passage_ids: Iterable[str]) -> Mapping[str, Passage]:
        """Those of some passages that are held, by id."""
        ...


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. `highlights` are positions in `text`; `similar` are near-duplicates folded under this one."""

    passage_id: str
    document_id: str
    heading: str
    text: str = field(repr=False)
    score: float
    start: int
    end: int
    highlights: list[tuple[int, int]] = field(repr=False)
    similar: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Leader:
    """A passage that is shown, its text as it is compared, and the ids of what is folded under it."""

    passage: Passage
    folded: str
    score: float
    similar: list[str] = field(default_factory=list)


def leaders_to_hits(query: Query, leaders: Iterable[Leader]) -> list[Hit]:
    """With what was found marked, in any wording."""
    marker = Highlighter(
        " ".join((query.literal, query.text, *(w for item in query.alternatives for w in item.others)))
    )
    return [
        Hit(
            passage_id=leader.passage.id,
            document_id=leader.passage.document_id,
            heading=" > ".join(leader.passage.heading_path),
            text=leader.passage.text,
            score=leader.score,
            start=leader.passage.start,
            end=leader.passage.end,
            highlights=marker.spans(leader.folded),
            similar=tuple(leader.similar),
        )
        for leader in leaders
    ]
