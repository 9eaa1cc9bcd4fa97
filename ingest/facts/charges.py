"""Who an item is for by its own title: 市教育局：负责…, …——区市场监管局, and a body or group above its duties."""

from __future__ import annotations

from ingest.facts.bodies import Bodies
from ingest.facts.duty import Duty, ruled
from ingest.facts.headlines import Headline, Headlines, dashed, heads, unit_first
from ingest.facts.items import Item
from kg.core.model import Party, Role
from kg.core.replacing import replace
from ontology.forms import Forms

_LONGEST_OVER = 40  # characters of a heading that speaks of duties


class Charges:
    """Reads the titles of one document's items."""

    def __init__(self, forms: Forms, text: str, items: tuple[Item, ...], bodies: Bodies, headlines: Headlines) -> None:
        self._group = forms.pattern("framing.group")
        self._duties = forms.pattern("framing.duties")
        self.text = text
        self.items = items
        self.bodies = bodies
        self.headlines = headlines

    def of(self, item: Item, headline: Headline, end: int) -> tuple[Headline, Duty | None]:
        """市教育局：负责…, …——区市场监管局, 区教育局——…: the title without the bodies, and they."""
        line = self.text[item.head : headline.end]
        title = headline.title
        if found := heads(self.text[item.head : min(end, item.head + 400)]):
            who = found["who"].strip()
            parties = self.bodies.whole(who, item.head, None) if self.bodies.is_named(who) else []
            if item.style == "body":  # beside others of its kind: 项目牵头单位：负责…
                parties = parties or self.bodies.read(who, item.head, None, named=True)
            if parties and (len(who) <= 40 or found["stop"] != "。"):
                at = item.head + found.end()
                rest = self.headlines.of(self.text, at, end)
                lead = _role_of_words(rest.title)
                return rest, Duty(ruled(parties, "head", lead), item.head, at, "head")
        if (found := dashed(line.strip())) and (
            parties := self.bodies.whole(found["units"], item.head + line.index(found["units"]))
        ):
            at = item.head + line.index(found[0])
            short = self.headlines.of(self.text, item.head, at)
            return replace(short, end=headline.end), Duty(ruled(parties, "dash"), at, headline.end, "dash")
        if (found := unit_first(title)) and (parties := self.bodies.whole(found["units"], item.head)):
            return replace(headline, title=found["what"].rstrip("。；;")), Duty(
                ruled(parties, "dash"), item.head, headline.end, "dash"
            )
        if item.children and self._has_duties(item, headline) and (parties := self._in_charge(title, item.head)):
            return headline, Duty(ruled(parties, "head"), item.head, headline.end, "head")
        return headline, None

    def _in_charge(self, title: str, start: int) -> list[Party]:
        """The body or group that a heading above duties is: it stands there by its name alone."""
        if self._group.fullmatch(title):
            return self.bodies.read(title, start, None, named=True)
        return self.bodies.whole(title, start) if self.bodies.is_named(title) else []

    def _has_duties(self, item: Item, headline: Headline) -> bool:
        """（二）后勤保障小组, its members, 主要职责：, and then its duties as items; or a body below 职责分工."""
        above = self.items[item.parent] if item.parent is not None else None
        over = self.text[above.head : min(above.own_end, above.head + _LONGEST_OVER)] if above else ""
        between = self.text[headline.end : self.items[item.children[0]].start]
        return "职责" in between or self._duties.search(over.partition("\n")[0]) is not None


def _role_of_words(title: str) -> Role | None:
    return Role.LEAD if title.startswith("牵头") else Role.CO if title.startswith(("配合", "协助", "参与")) else None
