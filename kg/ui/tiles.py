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
_CITY = 4  # digits of a GB/T 2260 code that name the city
_ROW = 5  # tiles of a row where the city's own places are not known
_FEWEST = 2


@cache
def _arranged() -> dict[str, dict[str, Place]]:
    """The places of the districts' tiles by the first digits of their city's code."""
    read = tomllib.loads(Path(__file__).with_name("tiles.toml").read_text(encoding="utf-8"))
    return {
        code[:_CITY]: {
            name: (row, column)
            for row, names in enumerate(city["rows"], start=1)
            for column, name in enumerate(names, start=1)
            if name
        }
        for code, city in read.items()
    }


def cities_of(shown: Json) -> dict[str, list[Json]]:
    """The districts of a series by their city (the first digits of the code); a city with one alone is left out."""
    found: dict[str, list[Json]] = defaultdict(list)
    for place in shown["places"]:
        if place["level"] in _DISTRICTS and (code := place.get("code")):
            found[code[:_CITY]].append(place)
    return {code: places for code, places in found.items() if len(places) >= _FEWEST}


def places_of(code: str, names: list[str]) -> dict[str, Place]:
    """Row and column of each district's tile; those that no arrangement has follow beneath, in the order given."""
    known = _arranged().get(code, {})
    found = {name: known[name] for name in names if name in known}
    below = max((row for row, _ in known.values()), default=0) if found else 0
    rest = [name for name in names if name not in known]
    return found | {name: (below + 1 + at // _ROW, 1 + at % _ROW) for at, name in enumerate(rest)}


def tiles_html(shown: Json, year: int, *, dark: bool = False) -> str:
    """A list of tiles for each city: name and state in its colour, each a link to what it rests on."""
    states = {cell["place"]: cell["state"] for cell in shown["cells"] if cell["year"] == year}
    parts = []
    for code, places in cities_of(shown).items():
        names = [place["name"] for place in places]
        at = places_of(code, names)
        tiles = "".join(_tile(shown["name"], name, year, states[name], at[name], dark=dark) for name in names)
        parts.append(f'<ul class="pk-tiles" aria-label="{escaped(_called(shown, code))}{year}年">{tiles}</ul>')
    return "".join(parts)


def _called(shown: Json, code: str) -> str:
    """The city's name, or its province's; empty where neither is among the places."""
    named = {place.get("code"): place["name"] for place in shown["places"]}
    return str(named.get(f"{code}00") or named.get(f"{code[:2]}0000") or "")


def _tile(series: str, name: str, year: int, state: str, at: Place, *, dark: bool) -> str:
    address = urlencode({"series": series, "place": name, "year": year})
    where = f"grid-row:{at[0]};grid-column:{at[1]}"
    look = f"background:{tables.states(dark=dark)[state]};color:{tables.ink(dark=dark)}"
    return (
        f'<li style="{where};{look}"><a href="evolution?{escaped(address)}" target="_self">'
        f"<b>{escaped(name)}</b><span>{state}</span></a></li>"
    )
