"""The naming patterns of local departments, compiled: 区市场监管局 -> (place of tier 区, 市场监督管理局)."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from functools import cached_property

from ontology.names.grammar import Grammar
from ontology.naming import department_in
from ontology.reference import DepartmentType, PlaceRecord, Reference

_SLOT = re.compile(r"\{(place|bare|tier)\}")
# 财政部门, 财政行政主管部门, 财政行政部门, 财政主管部门: one sector
_SECTOR_TAILS = ("部门", "行政部门", "主管部门", "行政主管部门", "监管部门", "管理部门", "行政管理部门")


def full_name(department: DepartmentType, place: PlaceRecord) -> str:
    """The official name of a department of a place."""
    return department_in(place, department.name, department.name_template)


class DepartmentIndex:
    """Looks up what follows (or surrounds) a place name or a tier word."""

    def __init__(self, reference: Reference, grammar: Grammar, known: Container[str]) -> None:
        """`known` are the names of bodies that are known to exist."""
        self.grammar = grammar
        self.known = known
        # (text before the slot, text after it) -> department
        self.frames: dict[tuple[str, str], DepartmentType] = {}
        # the same behind a place's bare name only: 芜湖金融监管局 is the state's, 市金融监管局 the city's
        self.bare_frames: dict[tuple[str, str], DepartmentType] = {}
        for department in reference.departments:
            for before, after, slot in _templates(department):
                frames = self.bare_frames if slot == "bare" else self.frames
                frames.setdefault((before, after), department)
        for key, department in self.bare_frames.items():
            self.frames.setdefault(key, department)
        self.sectors: dict[str, list[DepartmentType]] = {}
        for department in reference.departments:
            if department.sector:
                self.sectors.setdefault(department.sector, []).append(department)

    @cached_property
    def before_slot(self) -> Mapping[str, tuple[str, ...]]:
        """The literal beginnings that may stand before a place (中共, 共青团, 团) by first character, longest first."""
        out: dict[str, tuple[str, ...]] = {}
        for before in sorted({before for before, _ in self.frames if before}, key=lambda b: (-len(b), b)):
            out[before[0]] = (*out.get(before[0], ()), before)
        return out

    def after(self, before: str, tail: str, *, bare: bool = False) -> DepartmentType | None:
        """The department written `before` + place + `tail`, common abbreviations of the tail written out.

        `bare` says that the place stands there by its bare name (芜湖).
        """
        if bare and (found := self.bare_frames.get((before, tail))) is not None:
            return found
        return self.frames.get((before, tail)) or self.frames.get((before, self.grammar.expand(tail)))

    def of_sector(self, words: str, place: PlaceRecord) -> DepartmentType | None:
        """The body behind 市场监管部门: the one that is known there, else the usual form of the level."""
        stems = [words.removesuffix(tail) for tail in _SECTOR_TAILS if words.endswith(tail)] or [words]
        candidates = next((c for s in stems if (c := self.sectors.get(s) or self._sector_by_name(s))), [])
        sector = candidates[0].sector if candidates else None
        usual = ("厅", "局", "委员会") if place.level == "省" and not place.municipality else ("局", "委员会", "厅")
        rank = {ending: n for n, ending in enumerate(usual)}

        def fitness(department: DepartmentType) -> tuple[bool, int]:
            usual_here = department.name.endswith(self.grammar.usual_endings.get(sector or "", "-"))
            ending = next((n for e, n in rank.items() if department.name.endswith(e)), 9)
            return full_name(department, place) not in self.known, -1 if usual_here else ending

        return min(candidates, key=fitness, default=None)

    def _sector_by_name(self, sector: str) -> list[DepartmentType]:
        """发改 in 发改部门: the sector whose bureau or commission is called so for short."""
        for ending in ("局", "委", "厅", "办"):
            if (found := self.frames.get(("", sector + ending))) is not None:
                return self.sectors.get(found.sector, [found]) if found.sector else [found]
        return []


def _templates(department: DepartmentType) -> Iterator[tuple[str, str, str]]:
    """(before, after, slot) of every way to write the department; a tail follows any slot."""
    for tail in (department.name, *department.tails):
        if department.name_template is None:
            yield "", tail, "any"
    for template in filter(None, (department.name_template, *department.short_templates)):
        if len(_SLOT.findall(template)) == 1:
            before, slot, after = _SLOT.split(template)
            yield before, after, slot
