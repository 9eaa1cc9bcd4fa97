"""Whose words a text is: what 市, 区, 我局 and the document's own names mean in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.core.model import Party
from ontology.names.own import OwnNames
from ontology.places.index import PlaceIndex
from ontology.places.tiers import tier_words
from ontology.reference import PlaceRecord


@dataclass(frozen=True, slots=True)
class Context:
    """The context of a document: `place` is the jurisdiction of its issuer (None while unknown)."""

    index: PlaceIndex
    place: PlaceRecord | None = None
    tiers: dict[str, PlaceRecord] = field(default_factory=dict)
    deictic: dict[str, Party] = field(default_factory=dict)  # 我局 (the issuer), 贵委 (the addressee)
    own: OwnNames = field(default_factory=OwnNames)
    issuer: Party | None = None
    memo: dict[str, tuple[Party, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, index: PlaceIndex, place: PlaceRecord | None) -> Context:
        """In 青浦区, 区 is 青浦区 and 市 is 上海市; in 昆山市, 市 is 昆山市 and 省 is 江苏省."""
        tiers: dict[str, PlaceRecord] = {}
        if place is not None and place.level != "国家":
            for step in index.path(place):
                for word in tier_words(step):
                    tiers.setdefault(word, step)
                if step.name.endswith("自治区"):
                    tiers.setdefault("区", step)  # 区党委, 区直: so an autonomous region speaks of itself
        return cls(index, place, tiers)

    @property
    def national(self) -> bool:
        """Whether the issuer is a body of the state."""
        return self.place is not None and self.place.level == "国家"
