"""What one would compare a document with: what it rests on, what rests on it, its other years and places."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from kg.core.ids import title_key
from kg.graph.iris import Iris
from ontology.terms import PKG

if TYPE_CHECKING:
    from kg.catalogue import Summary
    from kg.service.snapshot import Snapshot

Json = dict[str, Any]

KEPT = 12
_ALIKE = 0.6  # likeness of titles without year and place
_YEAR = re.compile(r"(?:19|20)\d{2}年?(?:度)?")


def counterparts(snapshot: Snapshot, document_id: str, *, top: int = KEPT) -> list[Json]:
    """`[{"id", "title", "year", "place", "why", "before"}]`, best first; `before`: it belongs on the left.

    Cited documents that are held come first, then those of a like title in the same place, those that cite it, those
    of a like title elsewhere; of each at most a quarter of `top`.
    """
    held = {item.id: item for item in snapshot.catalogue.documents()}
    own = held.get(document_id)
    if own is None:
        return []
    cites, alike = snapshot.citations.cites.get(document_id, {}), _alike(own, held.values())
    alike.sort(key=lambda item: _distance(own, item))
    groups: tuple[list[tuple[str, str, bool]], ...] = (
        [
            (target, f"本文件{'、'.join(cites[target].relations) or '引用'}它", True)
            for target in sorted(cites, key=lambda target: (-cites[target].mentions, target))
        ],
        [(item.id, "同一地区，题名相近", _before(item, own)) for item in alike if item.place == own.place],
        [
            (citing, "它引用本文件", False)
            for citing in sorted(
                snapshot.citations.cited_by.get(document_id, ()), key=lambda id_: held[id_].date or "", reverse=True
            )
            if citing in held
        ],
        [(item.id, "题名相近", _before(item, own)) for item in alike if item.place != own.place],
    )
    why: dict[str, tuple[str, bool]] = {}
    for group in groups:
        fitting = [entry for entry in group if entry[0] in held and entry[0] != document_id and entry[0] not in why]
        why |= {id_: (reason, before) for id_, reason, before in fitting[: top // len(groups)]}
    return [
        {
            "id": id_,
            "title": held[id_].title,
            "year": held[id_].year,
            "place": held[id_].place,
            "why": reason,
            "before": before,
        }
        for id_, (reason, before) in why.items()
    ]


def default_pair(snapshot: Snapshot) -> tuple[str, str] | None:
    """A pair to begin with: a document and the newest held one that rests on it, both with activities if any have.

    None where no held document cites another and no two have like titles.
    """
    held = {item.id: item for item in snapshot.catalogue.documents()}
    pairs = [
        (target, document)
        for document, targets in snapshot.citations.cites.items()
        for target in targets
        if target in held and document in held
    ]
    if not pairs:
        return None
    plans = _with_activities(snapshot)
    return max(
        pairs,
        key=lambda pair: (
            sum(id_ in plans for id_ in pair),
            held[pair[1]].date or "",
            held[pair[0]].date or "",
            pair,
        ),
    )


_SET = f"SELECT DISTINCT ?graph WHERE {{ GRAPH ?graph {{ ?activity <{PKG.status}> ?status }} }}"


def _with_activities(snapshot: Snapshot) -> set[str]:
    """The documents that announce an activity: only activities have a status."""
    prefix = Iris(snapshot.settings.base_iri).graph("")
    return {str(graph).removeprefix(prefix) for (graph,) in snapshot.store.query(_SET).rows}


def _alike(own: Summary, held: Any) -> list[Summary]:
    key = _bare(own)
    if not key:
        return []
    matcher = SequenceMatcher(None, autojunk=False)
    matcher.set_seq2(key)  # the side that it remembers
    found = []
    for item in held:
        matcher.set_seq1(_bare(item))
        if matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE:
            found.append(item)
    return found


def _bare(item: Summary) -> str:
    """The title without year and place."""
    return _YEAR.sub("", title_key(item.title or "")).replace(item.place or "\n", "")


def _distance(own: Summary, item: Summary) -> tuple[int, str]:
    return abs((item.year or 0) - (own.year or 0)), item.id


def _before(item: Summary, own: Summary) -> bool:
    return (item.year or 0, item.date or "") <= (own.year or 0, own.date or "")
