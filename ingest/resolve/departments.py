"""The naming patterns of local departments, compiled: 区市场监管局 -> (place of tier 区, 市场监督管理局)."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from functools import cached_property

from ingest.resolve.places import Context
from ontology.reference import DepartmentType, PlaceRecord, Reference

_PROVINCE = re.compile(r"^[\u4e00-\u9fff]{2,}?(?:省|自治区)(?=.)")
_SLOT = re.compile(r"\{(place|bare|tier)\}")


def full_name(department: DepartmentType, place: PlaceRecord) -> str:
    """The official name of a department of a place."""
    template = department.name_template or "{place}" + department.name
    return _fill(template, place, "")


def _fill(template: str, place: PlaceRecord, tier: str) -> str:
    filled = template.replace("{place}", place.name).replace("{bare}", place.bare).replace("{tier}", tier)
    if "{city}" in filled:
        # the police of a district is a branch of its city's: 上海市公安局闵行分局
        filled = filled.replace("{city}", _PROVINCE.sub("", place.qualified.removesuffix(place.name)))
    return filled


class DepartmentIndex:
    """Looks up what follows (or surrounds) a place name or a tier word."""

    def __init__(self, reference: Reference) -> None:
        self.departments = reference.departments
        # (text before the slot, text after it) -> department
        self.frames: dict[tuple[str, str], DepartmentType] = {}
        for department in reference.departments:
            for before, after, _ in self._templates(department):
                self.frames.setdefault((before, after), department)
        self.sectors: dict[str, list[DepartmentType]] = {}
        for department in reference.departments:
            if department.sector:
                self.sectors.setdefault(department.sector, []).append(department)

    @staticmethod
    def _templates(department: DepartmentType) -> Iterator[tuple[str, str, str]]:
        """(before, after, slot) of every way to write the department; a tail follows any slot."""
        for tail in (department.name, *department.tails):
            if department.name_template is None:
                yield "", tail, "any"
        for template in filter(None, (department.name_template, *department.short_templates)):
            if len(slots := _SLOT.findall(template)) == 1:
                before, _, after = _SLOT.split(template)
                yield before, after, slots[0]

    @cached_property
    def before_slot(self) -> tuple[str, ...]:
        """The literal beginnings that may stand before a place (中共, 共青团, 团), longest first."""
        return tuple(sorted({before for before, _ in self.frames}, key=len, reverse=True))

    @cached_property
    def tails(self) -> dict[str, DepartmentType]:
        """Names that stand without their place (市场监督管理局)."""
        return {after: d for (before, after), d in self.frames.items() if not before and len(after) > 2}

    def of_sector(self, sector: str, place: PlaceRecord, known: Container[str]) -> DepartmentType | None:
        """The body behind 市场监管部门: the one that is known there, else the usual form of the level."""
        usual = ("厅", "局", "委员会") if place.level == "省" and not place.municipality else ("局", "委员会", "厅")
        rank = {ending: n for n, ending in enumerate(usual)}

        def fitness(department: DepartmentType) -> tuple[bool, int]:
            return full_name(department, place) not in known, next(
                (n for e, n in rank.items() if department.name.endswith(e)), 9
            )

        return min(self.sectors.get(sector, ()), key=fitness, default=None)

    def relative(self, context: Context) -> dict[str, tuple[DepartmentType, PlaceRecord]]:
        """Every tier-relative form that has a meaning in the context: 区经委, 市委, 团区委, 市市场监管局."""
        out: dict[str, tuple[DepartmentType, PlaceRecord]] = {}
        for tier, place in context.tiers.items():
            for (before, after), department in self.frames.items():
                out.setdefault(before + tier + after, (department, place))
        return out
