"""The tiles of a city's districts."""

from __future__ import annotations

import re
from typing import Any

from kg.ui.tiles import cities_of, places_of, tiles_html
from ontology.places.data import counties

PLACES = [
    {"name": "上海市", "level": "市", "code": "310000"},
    {"name": "黄浦区", "level": "区", "code": "310101"},
    {"name": "青浦区", "level": "区", "code": "310118"},
    {"name": "海城区", "level": "区", "code": "990101"},
]


def shown(states: dict[str, str]) -> dict[str, Any]:
    cells = [{"place": place["name"], "year": 2024, "state": states.get(place["name"], "未入库")} for place in PLACES]
    return {"name": "质量开放日", "places": PLACES, "years": [2024], "cells": cells}


def test_districts_are_put_by_their_city_and_one_alone_makes_no_map():
    assert {code: [p["name"] for p in places] for code, places in cities_of(shown({})).items()} == {
        "31": ["黄浦区", "青浦区"]
    }


def test_every_district_of_shanghai_has_a_tile_of_its_own_and_west_is_left():
    code = {name: code for code, name in counties() if code.startswith("3101")}
    at = places_of(list(code.values()))
    assert len(set(at.values())) == len(code) == 16
    assert at[code["青浦区"]][1] < at[code["黄浦区"]][1] < at[code["浦东新区"]][1]
    assert at[code["崇明区"]][0] < at[code["金山区"]][0]


def test_a_municipality_is_one_city_and_counties_of_a_province_are_of_none():
    codes = {"500101": "万州区", "500229": "城口县", "429004": "仙桃市", "429005": "潜江市"}
    places = [{"name": name, "level": "县", "code": code} for code, name in codes.items()]
    assert list(cities_of({"places": places})) == ["50"]


def test_a_city_that_is_not_arranged_has_its_tiles_in_order():
    assert places_of(list("甲乙丙丁戊己")) == {
        "甲": (1, 1), "乙": (1, 2), "丙": (1, 3), "丁": (1, 4), "戊": (1, 5), "己": (2, 1)
    }  # fmt: skip


def test_a_tile_says_its_state_in_words_and_leads_to_its_cell():
    html = tiles_html(shown({"青浦区": "点名"}), 2024)
    tile = next(part for part in html.split("<li") if "青浦区" in part)
    assert "<span>点名</span>" in tile
    assert "year=2024" in tile
    assert re.search(r'aria-label="上海市2024年"', html)
