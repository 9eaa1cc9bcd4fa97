"""What a document says once of all its lists of units: who stands first leads; whom every item concerns."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.facts.bodies import Bodies
from ingest.facts.duty import CONFIDENCE
from kg.core.model import Party, Role
from kg.core.replacing import replace
from ontology.forms import Forms


@dataclass(frozen=True, slots=True)
class Legend:
    """`first_leads`: who stands first in a list leads. `bracket_role`: the role of those in plain brackets.

    `all_from` is where the sentence stands from which on `parties` are responsible for each item.
    """

    first_leads: bool = False
    bracket_role: Role | None = None
    parties: tuple[Party, ...] = ()
    all_from: int = -1

    def of_item(self, end: int, own: tuple[Party, ...]) -> tuple[Party, ...]:
        """The parties of an item that ends at `end` with what the legend adds; one before the legend gets nothing."""
        if self.bracket_role is not None:
            own = tuple(
                replace(p, role=self.bracket_role) if p.role is None and p.rule.startswith("bracket/") else p
                for p in own
            )
        if not self.parties or end <= self.all_from:
            return own
        held = {(p.name, p.place) for p in own}
        leads = any(p.role is Role.LEAD for p in own)
        more = (p for p in self.parties if (p.name, p.place) not in held)
        return (*own, *(replace(p, role=Role.CO) if leads and p.role is None else p for p in more))


class LegendReader:
    """Built once for the forms of a run."""

    def __init__(self, forms: Forms) -> None:
        self._first = forms.pattern("legend.first")
        self._bracket = forms.pattern("legend.bracket")
        self._all = forms.pattern("legend.all")

    def read(self, text: str, bodies: Bodies) -> Legend:
        """The legend of a document; without one, an empty legend."""
        first = self._first.search(text) is not None
        role: Role | None = None
        parties: list[Party] = []
        at = -1
        if ("括号" in text) and (found := self._bracket.search(text)):
            role = Role.LEAD if "牵头" in found["what"] else None
            at = found.start()
            if found["others"]:
                parties += bodies.whole(found["others"], found.start("others"), Role.CO if role else None)
        if "均" in text and (found := self._all.search(text)):
            at = found.start() if at < 0 else min(at, found.start())
            parties += bodies.whole(found["who"], found.start("who"))
        confidence = CONFIDENCE["legend"]
        marked = tuple(replace(p, rule=f"legend/{p.rule}", confidence=min(p.confidence, confidence)) for p in parties)
        return Legend(first, role, marked, at)
