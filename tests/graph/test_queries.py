from __future__ import annotations

import pytest

from kg.core.errors import UnknownName, UsageError
from kg.graph.queries import parse_query, saved_queries, saved_query
from kg.graph.rdf import to_python

NAMES = [query.name for query in saved_queries()]


def answer(store, name, **values):
    result = store.query(saved_query(name, values))
    return [dict(zip(result.variables, map(to_python, row), strict=True)) for row in result.rows]


def test_there_are_queries_and_each_says_what_it_is_for():
    assert len(NAMES) >= 8
    assert all(query.title and query.description for query in saved_queries())


@pytest.mark.parametrize("name", NAMES)
def test_every_query_gives_the_same_on_both_stores(filled, filled_reference, name):
    def comparable(store):
        result = store.query(saved_query(name))
        # the order within GROUP_CONCAT is free
        return sorted(
            str([sorted(value.split("、")) if isinstance(value, str) else value for value in map(to_python, row)])
            for row in result.rows
        )

    assert comparable(filled) == comparable(filled_reference)


@pytest.mark.parametrize(
    "name", [name for name in NAMES if name not in ("series-by-place-and-year", "proposed-series")]
)
def test_every_query_answers_something_here(filled, name):
    values = {"agency": "东湖区市场监督管理局"} if name == "agency-activities" else {}
    assert answer(filled, name, **values)


def test_four_states(filled):
    rows = answer(filled, "series-by-place-and-year")
    states = {(row["place"], row["year"]): row["state"] for row in rows}
    assert states == {
        ("海城市", 2019): "点名",
        ("东湖区", 2019): "推及",
        ("西山区", 2019): "推及",
        ("南岭县", 2019): "推及",
        ("海城市", 2022): "未提及",
        ("东湖区", 2022): "未提及",
        ("西山区", 2022): "未提及",
        ("南岭县", 2022): "未提及",
        ("海城市", 2024): "未入库",
        ("东湖区", 2024): "点名",
        ("西山区", 2024): "未入库",
        ("南岭县", 2024): "未入库",
    }
    assert len(rows) == len(states)


def test_states_come_with_carriers_and_documents(filled):
    rows = {(row["place"], row["year"]): row for row in answer(filled, "series-by-place-and-year")}
    assert rows["东湖区", 2019]["carriers"] == "海城市各区县市场监督管理局"
    assert set(rows["东湖区", 2024]["carriers"].split("、")) == {"东湖区质量工作领导小组办公室", "各获奖组织"}
    assert rows["西山区", 2022]["carriers"] == ""
    assert rows["西山区", 2022]["documents"] == "海城市质量工作领导小组办公室关于2022年质量月情况的通报"
    assert rows["西山区", 2024]["documents"] == ""
    assert rows["南岭县", 2019]["level"] == "县"


def test_a_series_is_found_by_its_other_name(filled):
    assert len(answer(filled, "series-by-place-and-year", series="企业开放日")) == 12


def test_an_unknown_series_gives_no_rows(filled):
    assert answer(filled, "series-by-place-and-year", series="没有的系列") == []


@pytest.mark.parametrize("value", ['" } INSERT', 'a"b\\', "} ?s ?p ?o {", "$1\\g<0>"])
def test_values_are_bound_not_pasted(filled, value):
    assert answer(filled, "activity-responsibility", keyword=value) == []


def test_an_optional_parameter_narrows_and_left_out_does_not(filled):
    everything = answer(filled, "documents")
    assert answer(filled, "documents", year="", place=" ") == everything
    narrowed = answer(filled, "documents", year="2024", kind="通知")
    assert narrowed == [row for row in everything if row["year"] == 2024 and row["kind"] == "通知"]
    assert 0 < len(narrowed) < len(everything)
    assert answer(filled, "documents", place="没有的地方") == []


@pytest.mark.parametrize("name", [query.name for query in saved_queries() if "year" in dict(query.defaults)])
def test_every_query_with_a_year_gives_rows_of_that_year_only(filled, name):
    rows = answer(filled, name, year="2019")
    assert {row["year"] for row in rows if "year" in row} <= {2019}
    assert answer(filled, name, year="1999") == []


@pytest.mark.parametrize("value", ["24", "二〇二四", "2024 } ?s ?p ?o", "1e3", ""])
def test_a_value_that_does_not_fit_its_type_is_refused(value):
    source = "# title: 甲\n# description: 乙\n# parameter: n year 年度 = 2024\nSELECT * { VALUES ?n { 2024 } }"
    with pytest.raises(UsageError, match="年度"):
        parse_query("x", source).filled(n=value)


def test_an_integer_is_bound_as_one():
    source = "# title: 甲\n# description: 乙\n# parameter: n integer 数 =\nSELECT * { VALUES ?n_wanted { UNDEF } }"
    assert "{ -5 }" in parse_query("x", source).filled(n="-05")
    assert "{ UNDEF }" in parse_query("x", source).filled(n="")


def test_an_agency_is_found_through_its_collective(filled):
    rows = answer(filled, "agency-activities", agency="西山区市场监督管理局")
    assert [(row["name"], row["assertion"]) for row in rows] == [("组织百家企业质量开放日", "推及")]


def test_policy_by_number(filled):
    rows = answer(filled, "policy-citations", policy="海质办〔2022〕5号")
    assert [row["title"] for row in rows] == ["关于印发《东湖区2024年质量月方案》的通知"]


def test_cited_not_held(filled):
    rows = answer(filled, "cited-not-held")
    assert {row["cited"] for row in rows} >= {"质量强国建设纲要", "海城市质量发展纲要"}


def test_unknown_names_suggest_the_nearest():
    with pytest.raises(UnknownName, match="documents"):
        saved_query("document")
    with pytest.raises(UnknownName, match="series"):
        saved_query("series-evidence", {"serie": "x"})


@pytest.mark.parametrize(
    "source",
    [
        "SELECT * {}",
        "# title: 甲\nSELECT * {}",
        "# title: 甲\n# description: 乙\n# parameter: x text 丙 = 一\nSELECT * {}",
        '# title: 甲\n# description: 乙\n# parameter: x 一\nSELECT * { VALUES ?x { "一" } }',
        '# title: 甲\n# description: 乙\n# parameter: x word 丙 = 一\nSELECT * { VALUES ?x { "一" } }',
    ],
)
def test_a_query_file_that_lacks_something_is_refused(source):
    with pytest.raises(UsageError):
        parse_query("wrong", source)
