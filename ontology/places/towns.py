"""Townships (镇, 乡, 街道 …), from an archive with a member a prefecture: only what is asked for is unpacked."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from functools import lru_cache

from ontology.places.data import FOLDER
from ontology.places.record import TOWN, PlaceRecord

_FORM = re.compile(r"(?:镇|乡|街道|苏木|地区|农场|林场|牧场|团|办事处|社区|区)$")
_BARE = re.compile(r"(?:街道办事处|街道|民族乡|镇|乡|苏木|地区)$")
_LONGEST = 12
_SHORTEST = 3  # 塔镇: of two characters there are a handful, and as many accidents


@lru_cache(maxsize=1)
def _archive() -> zipfile.ZipFile:
    """The archive in memory (340 KB): its list of members is read once."""
    return zipfile.ZipFile(io.BytesIO((FOLDER / "towns.zip").read_bytes()))


@lru_cache(maxsize=64)
def _city(prefix: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """County code -> (nine-digit code, name) of its townships, of one prefecture (`3101`)."""
    try:
        text = _archive().read(prefix).decode("utf-8")
    except KeyError:
        return {}
    out: dict[str, tuple[tuple[str, str], ...]] = {}
    for line in text.splitlines():
        county, *towns = line.split(" ")
        out[county] = tuple((county + town[:3], town[3:]) for town in towns)
    return out


class Towns:
    """The townships below known places; what was read is kept."""

    def __init__(self, places: Mapping[str, PlaceRecord]) -> None:
        self._places = places
        self._of: dict[str, tuple[PlaceRecord, ...]] = {}
        self._named: dict[str, dict[str, list[PlaceRecord]]] = {}
        self._below: dict[str, list[PlaceRecord]] | None = None

    def of(self, place: PlaceRecord) -> tuple[PlaceRecord, ...]:
        """The townships of a county, of a zone, or of a city that has no counties (东莞市); none elsewhere."""
        if place.qualified not in self._of:
            towns = _city(place.code[:4]).get(place.code, ()) if place.code and len(place.code) == 6 else ()
            self._of[place.qualified] = tuple(_record(code, name, place) for code, name in towns)
        return self._of[place.qualified]

    def at(self, text: str, over: PlaceRecord, start: int = 0) -> tuple[PlaceRecord, tuple[PlaceRecord, ...]] | None:
        """The township of this name below a county or city, and the others of the name in other counties of it."""
        names = self._names(over)
        for length in range(min(_LONGEST, len(text) - start), _SHORTEST - 1, -1):
            if found := names.get(text[start : start + length]):
                return found[0], tuple(found[1:])
        return None

    def _names(self, over: PlaceRecord) -> dict[str, list[PlaceRecord]]:
        if over.qualified not in self._named:
            named: dict[str, list[PlaceRecord]] = {}
            for place in (over, *self._inside(over)):
                for town in self.of(place):
                    if len(town.name) >= _SHORTEST and _FORM.search(town.name):
                        named.setdefault(town.name, []).append(town)
            self._named[over.qualified] = named
        return self._named[over.qualified]

    def _inside(self, over: PlaceRecord) -> list[PlaceRecord]:
        if self._below is None:
            self._below = {}
            for place in self._places.values():
                if place.parent and place.code and not place.until:
                    self._below.setdefault(place.parent, []).append(place)
        return self._below.get(over.qualified, [])


def _record(code: str, name: str, over: PlaceRecord) -> PlaceRecord:
    found = _BARE.search(name)
    bare = name[: found.start()] if found and found.start() >= _SHORTEST - 1 else name
    qualified = over.qualified + name
    return PlaceRecord(
        name, qualified, code, TOWN, over.qualified, bare, None, (), municipality=False, kind=found[0] if found else ""
    )
