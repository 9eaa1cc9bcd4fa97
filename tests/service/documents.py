"""Small documents for the tests of the service."""

from __future__ import annotations

from kg.core.model import Activity, Document, Evidence, Level, PolicyReference, Status
from kg.graph.iris import Iris

IRIS = Iris()
BASE = IRIS.reference_graph("places")


def plan(
    document_id: str,
    place: str = "上海市",
    *,
    title: str | None = None,
    level: Level | None = Level.CITY,
    year: int = 2024,
    series: str | None = None,
    cites: tuple[str, ...] = (),
    verb: str | None = "贯彻落实",
) -> Document:
    """A plan of one activity that cites policies by title."""
    text = "一、开放日" + "".join(f"；贯彻落实《{name}》" for name in cites)

    def words(quote: str) -> Evidence:
        return Evidence(quote, text.index(quote), text.index(quote) + len(quote))

    return Document(
        id=document_id,
        source=f"/{document_id}.txt",
        sha256="0",
        text=text,
        title=title or f"{document_id}方案",
        year=year,
        level=level,
        region=place,
        region_qualified=place,
        activities=(Activity("a1", "开放日", Status.PLANNED, words("开放日"), series=series),),
        policy_references=tuple(
            PolicyReference(f"《{name}》", words(f"贯彻落实《{name}》"), title=name, relation=verb) for name in cites
        ),
    )
