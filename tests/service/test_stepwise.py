"""Queries that grow by clicks: what is offered is there, what is written is right, what is typed stays a value."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from kg.core.config import Settings
from kg.core.errors import UnknownName, UsageError
from kg.service import Service
from kg.service import stepwise as steps
from kg.service.querywords import compact, vocabulary
from kg.service.stepwise import Line, added, changed, dumped, parse, removed, to_query, walk
from kg.service.stepwise_schema import classes

ROOT = Path(__file__).resolve().parents[2]
UNITS = "pkg:leadAgency|pkg:coAgency|schema:organizer>org:Organization"
JURISDICTION = "pkg:jurisdiction>schema:AdministrativeArea"
SERIES = "pkg:inSeries>schema:EventSeries"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    service = Service(Settings(home=tmp_path_factory.mktemp("steps"), embedder="none", file_seconds=0))
    assert service.ingest([ROOT / "samples"])["failed"] == []
    return service


def grown(begin: str, *ties: tuple[tuple[int, ...], str, dict[str, Any]]) -> Line:
    root = Line(begin)
    for at, tie, fields in ties:
        root, where = added(root, at, tie)
        root = changed(root, where, **fields)
    return root


def rows(service: Service, root: Line) -> list[list[Any]]:
    """What people see of the result."""
    written = to_query(root)
    result = service.sparql(written.query)
    place = [result["variables"].index(column.variable) for column in written.columns]
    return [[row[number] for number in place] for row in result["rows"]]


def test_all_terms_of_the_paths_are_those_of_the_vocabulary_and_what_is_offered_has_a_chinese_name():
    known = classes()
    assert list(known)[:3] == ["pkg:Document", "schema:Event", "org:Organization"]
    terms = {compact(str(term)) for term in vocabulary().subjects()}
    for cls in known.values():
        assert {*cls.types, cls.name} <= terms
        assert cls.title.to is None
        assert len({tie.key for tie in cls.ties}) == len(cls.ties)
        for tie in cls.ties:
            assert set(re.findall(r"\w+:\w+", tie.path)) <= terms, tie
            assert (tie.to in known) if tie.to else tie.datatype, tie
            assert re.search(r"[\u4e00-\u9fff]", tie.label), tie
            assert tie.name.isascii()


def test_every_tie_can_be_followed_by_a_query_that_runs(service: Service):
    for cls in classes().values():
        for tie in cls.ties[1:]:
            root, at = added(Line(cls.name), (), tie.key)
            service.sparql(to_query(root, limit=3).query)
            service.sparql(steps.values_query(root, at))
        service.sparql(steps.ties_query(Line(cls.name), (), cls.ties))


def test_what_is_offered_is_what_some_thing_has(service: Service):
    for cls in classes().values():
        ties = cls.ties[1:]
        if not ties or not cls.begins:
            continue
        offered = {row[0] for row in service.sparql(steps.ties_query(Line(cls.name), (), ties))["rows"]}
        for number, tie in enumerate(ties):
            root, _ = added(Line(cls.name), (), tie.key)
            assert bool(rows(service, root)) == (number in offered), (cls.label, tie.label)


def test_activities_of_a_district_by_body_are_those_of_the_documents(service: Service):
    root = grown("schema:Event", ((), UNITS, {}), ((0,), JURISDICTION, {"values": ("青浦区",)}))
    assert [column.label for column in to_query(root).columns] == ["活动", "责任单位", "管辖地"]
    found = {(row[0], row[1]) for row in rows(service, root)}
    stated = {
        (activity["title"], party["name"])
        for item in service.documents()
        for activity in service.document(item["id"])["activities"]
        for party in activity["responsible"]
        if party["kind"] != "place" and party["place"] == "上海市青浦区"
    }
    assert found
    assert stated <= found


def test_values_are_counted_under_the_other_conditions_and_not_under_their_own(service: Service):
    root = grown("schema:Event", ((), "pkg:activityYear", {"values": ("2024",)}), ((), SERIES, {}))
    years = dict(service.sparql(steps.values_query(root, (0,)))["rows"])
    assert {"2019", "2022", "2024"} <= years.keys()
    series = service.sparql(steps.values_query(root, (1,)))["rows"]
    assert len(rows(service, root)) == sum(number for _, number in series)


def test_must_may_and_must_not_part_the_things(service: Service):
    every = len(rows(service, Line("schema:Event")))
    having = rows(service, grown("schema:Event", ((), SERIES, {"how": "must"})))
    maybe = rows(service, grown("schema:Event", ((), SERIES, {"how": "may"})))
    without = rows(service, grown("schema:Event", ((), SERIES, {"how": "none"})))
    assert len({tuple(row) for row in having}) <= len(maybe)
    assert all(row[1] for row in having)
    assert 0 < len(without) < every
    assert len(without) == sum(row[1] is None for row in maybe)


def test_counting_goes_by_the_other_columns_and_sorts_the_most_first(service: Service):
    root = changed(grown("schema:Event", ((), SERIES, {})), (), count=True)
    found = rows(service, root)
    assert [column.label for column in to_query(root).columns] == ["所属系列", "活动（个数）"]
    assert [row[1] for row in found] == sorted((row[1] for row in found), reverse=True)
    assert sum(row[1] for row in found) == len(service.sparql("SELECT DISTINCT ?e ?s { ?e pkg:inSeries ?s }")["rows"])


def test_ranges_of_numbers_and_days_and_words(service: Service):
    after = rows(service, grown("pkg:Document", ((), "pkg:activityYear", {"least": "2020", "sort": "up"})))
    years = [row[1] for row in after]
    assert years == sorted(years)
    assert min(years) >= 2020
    days = rows(service, grown("pkg:Document", ((), "eli:date_document", {"least": "2019", "most": "2019-07"})))
    assert [str(row[1])[:7] for row in days] == ["2019-07"]
    found = rows(service, changed(Line("pkg:Document"), (), words="质量月"))
    assert found
    assert all("质量月" in row[0] for row in found)


def test_hidden_lines_narrow_and_are_not_listed(service: Service):
    root = grown("schema:Event", ((), UNITS, {"hidden": True, "words": "青浦区"}))
    assert [column.label for column in to_query(root).columns] == ["活动"]
    assert 0 < len(rows(service, root)) < len(rows(service, Line("schema:Event")))


def test_what_is_typed_is_bound_as_a_value(service: Service):
    evil = '" } ?x ?y ?z . FILTER (?a = "\\'
    for fields in ({"values": (evil,)}, {"words": evil}):
        assert rows(service, changed(Line("pkg:Document"), (), **fields)) == []
    with pytest.raises(UsageError, match="不是数字"):
        to_query(grown("pkg:Document", ((), "pkg:activityYear", {"least": "1 } #"})))
    for number in ("1e-999999999", "1e999999999", "0." + "1" * 40, "NaN", "sNaN"):
        with pytest.raises(UsageError, match="不是可用的数字"):
            to_query(grown("pkg:Document", ((), "pkg:activityYear", {"least": number})))


def test_the_tree_goes_into_an_address_and_comes_back():
    root = grown("schema:Event", ((), UNITS, {"how": "may"}), ((0,), JURISDICTION, {"values": ("青浦区", "“甲”")}))
    assert parse(dumped(root)) == root
    assert [at for at, *_ in walk(root)] == [(), (0,), (0, 0)]
    assert removed(root, (0,)) == Line("schema:Event")


@pytest.mark.parametrize(
    ("address", "error", "says"),
    [
        ("{", UsageError, "重新点选"),
        ('{"tie": "schema:Event", "extra": 1}', UsageError, "重新点选"),
        ('{"tie": "schema:Even"}', UnknownName, "schema:Event"),
        ('{"tie": "schema:Event", "lines": [{"tie": "pkg:nothing"}]}', UnknownName, "联系"),
        (dumped(Line("schema:Event", lines=(Line("pkg:number"),) * 30)), UsageError, "24 行"),
        ("x" * 5_000, UsageError, "过长"),
    ],
)
def test_an_address_that_is_none_is_told(address: str, error: type[Exception], says: str):
    with pytest.raises(error, match=says):
        parse(address)


def test_things_with_one_name_stay_apart():
    """Two bodies of one name in two places are two rows: the query selects the thing beside its name."""
    written = to_query(Line("org:Organization"))
    assert "SELECT DISTINCT ?organization ?organization_label" in written.query
    assert written.columns[0].thing == "organization"
