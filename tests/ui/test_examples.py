"""Example questions come from the documents."""

from __future__ import annotations

from kg.ui.examples import example_questions


def topics(**given):
    lists = {name: [] for name in ("series", "agencies", "themes", "policies", "activities")}
    return {"documents": 1, "years": [2024], **lists, **given}


def series(name: str, *years: int, count: int = 1, level: str = "区"):
    return {"name": name, "count": count, "years": list(years), "levels": [level]}


def test_no_documents_give_no_examples():
    assert example_questions(topics(years=[])) == []


def test_a_series_of_several_years_comes_first_and_asks_for_its_history():
    found = example_questions(
        topics(years=[2024, 2019], series=[series("甲论坛", 2024, count=9), series("乙日", 2019, 2024)])
    )
    assert found[0] == "哪些区开展过乙日，历年有何变化？"


def test_one_year_has_no_history():
    assert example_questions(topics(series=[series("乙日", 2024, level="国家")])) == ["哪些地方开展过乙日？"]


def test_what_is_no_event_is_asked_about_in_other_words():
    assert example_questions(topics(series=[series("计量", 2024)])) == ["哪些区开展过计量方面的活动？"]


def test_names_that_do_not_fit_on_a_button_are_left_out():
    agencies = [{"name": "很长" * 20, "count": 5}, {"name": "某局", "count": 1}]
    assert example_questions(topics(agencies=agencies)) == ["某局负责哪些活动？"]


def test_there_are_at_most_as_many_as_wanted():
    many = topics(years=[2019, 2024], series=[series(f"{n}日", 2019, 2024) for n in "甲乙丙"])
    assert len(example_questions(many, most=2)) == 2
