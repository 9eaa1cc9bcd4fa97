"""Which items, rows and sentences of a document are tasks, and who is responsible: proposals with their evidence.

Every item is proposed. Its features say what speaks for it (units, an act at its head, peers with units, a heading such
as 重点任务 above it) and against it (总体要求 above it, an article, a list of conditions, a question, a file's name);
their weights stand in `ontology/forms/weights.toml`.
"""

from __future__ import annotations

from ingest.candidates import Candidate
from ingest.facts.draft import Draft
from ingest.facts.evidence import Evidence
from ingest.facts.headlines import Headlines
from ingest.facts.items import ItemReader
from ingest.facts.legends import LegendReader
from ingest.facts.pasted import PastedReader
from ingest.facts.reading import Readers, TaskReading
from ingest.facts.tables import TableReader
from ingest.facts.unit_lists import UnitLists
from ingest.layout import CleanText
from ingest.sentences import Segmentation
from ingest.structure.elements import Elements
from ingest.structure.genre import Genres
from kg.core.model import Section
from kg.core.replacing import replace
from ontology.forms import Forms
from ontology.names import Context, Resolver


class TaskProducer:
    """Built once for the forms of a run and the resolver."""

    def __init__(self, forms: Forms, resolver: Resolver) -> None:
        lists, headlines = UnitLists(forms), Headlines(forms)
        tables = TableReader(forms, lists)
        self._readers = Readers(
            forms=forms,
            resolver=resolver,
            lists=lists,
            headlines=headlines,
            evidence=Evidence(forms, headlines),
            items=ItemReader(forms),
            legends=LegendReader(forms),
            tables=tables,
            pasted=PastedReader(forms, tables),
            reports=frozenset(forms.words("framing.reports")),
        )

    def propose(
        self,
        clean: CleanText,
        sections: tuple[Section, ...],
        context: Context,
        segmentation: Segmentation,
        *,
        elements: Elements,
        kind: str | None = None,
        title: str = "",
        genres: Genres | None = None,
    ) -> list[Candidate[Draft]]:
        """Every task that may be, parents before what they contain; `Draft.parent` is a position in this list."""
        return TaskReading(
            self._readers, clean, sections, context, segmentation, elements, kind, title, genres
        ).candidates()


def candidates_to_drafts(candidates: list[Candidate[Draft]], accept: float) -> list[Draft]:
    """The drafts that reach `accept`, with the positions of parents in the new list; the nearest parent that stays."""
    kept: dict[int, int] = {}
    out: list[Draft] = []
    for i, candidate in enumerate(candidates):
        if candidate.fact.confidence < accept:
            continue
        parent = candidate.fact.parent
        while parent is not None and parent not in kept:
            parent = candidates[parent].fact.parent
        kept[i] = len(out)
        out.append(replace(candidate.fact, parent=None if parent is None else kept[parent]))
    return out
