"""The districts of a city as tiles that lie to each other as the districts do: a map without boundary data."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from kg.ui import tables
from kg.ui.markup import escaped

Json = dict[str, Any]
Place = tuple[int, int]  # row, column, from 1

_DISTRICTS = ("区", "县")  # the levels that are drawn
# GB/T 2260: two digits name a province, two more its city, but a municipality is one city, and 90 stands for none
_PROVINCE, _CITY, _OF_NO_CITY = 2, 4, "90"
_MUNICIPALITIES = ("11", "12", "31", "50")
_ROW = 5  # tiles of a row where the city's own places are not known
_FEWEST = 2


@cache
def _arranged() -> dict[str, Place]:
    """The place of a district's tile by its code."""
    read = tomllib.loads(Path(__file__).with_name("tiles.toml").read_text(encoding="utf-8"))
    return {
        code: (row, column)
        for city in read["city"]
        for row, codes in enumerate(city["rows"], start=1)
        for column, code in enumerate(codes, start=1)
        if code
    }


def _city_of(code: str) -> str | None:
    """The first digits of the code that name the city; None for a county of a province itself."""
    if code[:_PROVINCE] in _MUNICIPALITIES:
        return code[:_PROVINCE]
    return None if code[_PROVINCE:_CITY] == _OF_NO_CITY else code[:_CITY]


def cities_of(shown: Json) -> dict[str, list[Json]]:
    """The districts of a series by their city (the first digits of the code); a city with one alone is left out."""
    found: dict[str, list[Json]] = defaultdict(list)
    for place in shown["places"]:
        if place["level"] in _DISTRICTS and (city := _city_of(place.get("code") or "")):
            found[city].append(place)
    return {city: places for city, places in found.items() if len(places) >= _FEWEST}


def places_of(codes: list[str]) -> dict[str, Place]:
    """Row and column of each district's tile by its code; those that no arrangement has follow beneath, in order."""
    known = _arranged()
    found = {code: known[code] for code in codes if code in known}
    below = max((row for row, _ in found.values()), default=0)
    rest = [code for code in codes if code not in known]
    return found | {code: (below + 1 + at // _ROW, 1 + at % _ROW) for at, code in enumerate(rest)}


def tiles_html(shown: Json, year: int, *, dark: bool = False) -> str:
    """A list of tiles for each city: name and state in its colour, each a link to what it rests on."""
    states = {cell["place"]: cell["state"] for cell in shown["cells"] if cell["year"] == year}
    parts = []
    for code, places in cities_of(shown).items():
        at = places_of([place["code"] for place in places])
        tiles = "".join(
            _tile(shown["name"], each["name"], year, states[each["name"]], at[each["code"]], dark=dark)
            for each in places
        )
        parts.append(f'<ul class="pk-tiles" aria-label="{escaped(_called(shown, code))}{year}年">{tiles}</ul>')
    return "".join(parts)


def _called(shown: Json, code: str) -> str:
    """The city's name, or its province's; empty where neither is among the places."""
    named = {place.get("code"): place["name"] for place in shown["places"]}
    return str(named.get(code.ljust(6, "0")) or named.get(f"{code[:_PROVINCE]}0000") or "")


def _tile(series: str, name: str, year: int, state: str, at: Place, *, dark: bool) -> str:
    address = urlencode({"series": series, "place": name, "year": year})
    where = f"grid-row:{at[0]};grid-column:{at[1]}"
    look = f"background:{tables.states(dark=dark)[state]};color:{tables.ink(dark=dark)}"
    return (
        f'<li style="{where};{look}"><a href="evolution?{escaped(address)}" target="_self">'
        f"<b>{escaped(name)}</b><span>{state}</span></a></li>"
    )
