"""Ids of before in what people kept: a query with the IRI of a document, an address, a list of statements."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from kg.core.ids import formers_replaced
from kg.graph.iris import Iris
from kg.service.snapshot import Snapshot

LOG = logging.getLogger("policykg.query")

_MOST = 1000  # ids that are looked up for one query


def query_of_now(snapshot: Snapshot, texts: Sequence[str]) -> list[str]:
    """Queries (or IRIs) with the ids of now in place of ids of before, which is told in the log.

    A graph that was built before still has those, and is asked by them.
    """
    renamed: dict[str, str] = {}

    def current(former: str) -> str:
        if former not in renamed and len(renamed) < _MOST:
            now = snapshot.catalogue.current_id(former)
            document = Iris(snapshot.settings.base_iri).document(former)
            in_graph = next(iter(snapshot.store.quads(document)), None) is not None
            renamed[former] = former if in_graph else now
        return renamed.get(former, former)

    found = [formers_replaced(text, current) for text in texts]
    if told := [f"{former} → {now}" for former, now in renamed.items() if former != now]:
        LOG.warning("查询中的文档编号是旧的，已按新编号查询：%s", "、".join(told))
    return found
