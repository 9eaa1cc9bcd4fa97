"""The names of departments that a question may mean."""

from __future__ import annotations

import pytest

from kg.answer.lexicon import Department, Place, load_lexicon
from kg.answer.names import department_name, names_of
from kg.answer.understand import understand
from ontology.reference import load_reference

MINHANG = Place("闵行区", "上海市闵行区", "闵行", None, "区", "上海市", (), True)


def test_the_police_of_a_district_is_a_branch_of_its_city_s() -> None:
    branch = Department("公安分局", (), "{city}公安局{bare}分局", ("{place}公安分局",), None)
    assert department_name(branch, MINHANG) == "上海市公安局闵行分局"


def test_every_kind_of_department_has_a_name_in_every_kind_of_place() -> None:
    reference = load_reference()
    kinds = {place.level: place for place in reference.places if place.level != "国家"}
    assert {"省", "市", "区", "县"} <= set(kinds)
    for record in reference.departments:
        department = Department(record.name, record.tails, record.name_template, record.short_templates, record.sector)
        for held in kinds.values():
            place = Place(held.name, held.qualified, held.bare, None, held.level, held.parent, (), True)
            name = department_name(department, place)
            assert held.bare in name
            assert "{" not in name


@pytest.mark.parametrize("text", ["青浦公安分局", "青浦区公安分局有哪些活动"])
def test_a_question_about_the_police_is_understood(text: str, context) -> None:
    names = names_of(load_lexicon(context.folder))
    found = {body.name for mention in understand(text, names).bodies for body in mention.bodies}
    assert "上海市公安局青浦分局" in found
