"""Bodies named together, and where a name in a text goes on."""

from __future__ import annotations

import pytest

from kg.core.model import Party, PartyKind
from ontology.forms import load
from ontology.names import Resolver, mentions_to_entries, text_to_parties
from ontology.names.mentions import MentionFinder
from ontology.names.own import OwnNames, is_short_for
from ontology.reference import load_reference


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    return Resolver(load_reference(), load())


def parties(resolver: Resolver, place: str, text: str) -> list[Party]:
    return text_to_parties(text, resolver, resolver.context(resolver.places.by_qualified[place]))[0]


@pytest.mark.parametrize(
    ("place", "written", "name"),
    [
        ("上海市", "市直属各街道办事处", "上海市直属各街道办事处"),
        ("浙江省杭州市", "市所属各区县教育局", "杭州市所属各区县教育局"),
    ],
)
def test_a_tier_before_the_parts_is_the_place_in_the_name(
    resolver: Resolver, place: str, written: str, name: str
) -> None:
    [group] = parties(resolver, place, written)
    assert (group.kind, group.name, group.as_written, group.place) == (PartyKind.GROUP, name, written, place)


@pytest.mark.parametrize("written", ["各街镇", "各街道办事处"])
def test_towns_are_not_listed_as_members(resolver: Resolver, written: str) -> None:
    [group] = parties(resolver, "上海市青浦区", written)
    assert (group.kind, group.members) == (PartyKind.GROUP, ())


@pytest.mark.parametrize(
    ("place", "written", "name"),
    [
        ("安徽省", "省教育部门", "安徽省教育厅"),
        ("安徽省", "省数据部门", "安徽省数据局"),
        ("上海市", "市教育部门", "上海市教育委员会"),
        ("安徽省芜湖市", "市教育部门", "芜湖市教育局"),
    ],
)
def test_the_body_of_a_sector_is_that_of_the_level(resolver: Resolver, place: str, written: str, name: str) -> None:
    assert [party.name for party in parties(resolver, place, written)] == [name]


def test_a_province_has_departments_where_a_city_has_bureaus(resolver: Resolver) -> None:
    """Of bodies that no list has: 厅 comes first in a province, not in a municipality, nor below."""
    departments, places = resolver.departments, resolver.places.by_qualified
    both = [s for s, found in departments.sectors.items() if {d.name[-1] for d in found} >= {"厅", "局"}]
    assert both
    known, departments.known = departments.known, frozenset()
    try:
        unlisted = [s for s in both if not departments.grammar.usual_endings.get(s)]
        for place, endings in (("安徽省", "厅"), ("上海市", "局"), ("安徽省芜湖市", "局")):
            found = [departments.of_sector(f"{sector}部门", places[place]) for sector in unlisted]
            assert {department.name[-1] for department in found if department} == set(endings), place
    finally:
        departments.known = known


@pytest.mark.parametrize(
    ("text", "sort", "behind_a_place"), [("辖内银行", True, True), ("地方金融工作局", True, False)]
)
def test_an_office_of_the_state_is_one_body_behind_a_place(
    resolver: Resolver, text: str, sort: bool, behind_a_place: bool
) -> None:
    assert resolver.grammar.is_sort(text) is sort
    assert resolver.grammar.is_sort(text, offices=False) is behind_a_place


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("请杭州市教育局长办理。", []),  # its head, not the bureau
        ("请杭州市教育局办理。", ["杭州市教育局"]),
        ("杭州市公安局员工名册。", []),
        ("请联系杭州市清水站。", ["杭州市清水站"]),
        ("请联系杭州市清水站", ["杭州市清水站"]),
        ("请联系杭州市清水站点。", []),
        ("全市新增房产测绘成果数据及时导入大数据中心。", []),  # what is done, not a centre
    ],
)
def test_a_name_that_goes_on_is_another_word(resolver: Resolver, text: str, found: list[str]) -> None:
    here = resolver.context(resolver.places.by_qualified["浙江省杭州市"])
    assert [party.name for party in MentionFinder(resolver).find(text, here)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("组织复旦大学生参加活动。", []),  # 大学生
        ("组织复旦大学参加活动。", ["复旦大学"]),
        ("由瑞金医院级别认定。", []),
        ("华山医院长参加。", []),
    ],
)
def test_an_institution_without_a_place_is_not_cut_from_another_word(
    resolver: Resolver, text: str, found: list[str]
) -> None:
    here = resolver.context(resolver.places.by_qualified["上海市"])
    assert [party.name for party in MentionFinder(resolver).find(text, here)] == found


def test_departments_named_together_leave_no_piece_over(resolver: Resolver) -> None:
    text = "市规划和自然资源、建设、财政等部门"
    here = resolver.context(resolver.places.by_qualified["河南省新乡市"])
    found, unresolved = text_to_parties(text, resolver, here)
    assert ([party.as_written for party in found], unresolved) == ([text], [])


@pytest.mark.parametrize(
    ("short", "full", "means"),
    [
        ("卫健委", "卫生健康委员会", True),
        ("卫健办", "卫生健康委员会", False),  # an office is no commission
        ("市监局", "市场监督管理局", True),
        ("市监局", "市场监督管理委员会", False),
        ("质安办", "质量安全办公室", True),
        ("清水组", "清水工作领导小组", True),
        ("清水中心", "清水服务中心", True),
        ("清水院", "清水研究院", True),  # endings without a class: their last character
        ("清水院", "清水研究所", False),
    ],
)
def test_a_short_name_is_of_the_class_of_the_full_one(short: str, full: str, means: bool) -> None:
    assert is_short_for(short, full) is means


@pytest.mark.parametrize(
    ("declared", "written", "name"),
    [
        ("中共新乡市委清水工作委员会办公室印发通知。", "市委清水办", "中共新乡市委清水工作委员会办公室"),
        ("新乡市住房建设和园林局印发通知。", "住建园林局", "新乡市住房建设和园林局"),
    ],
)
def test_what_a_document_names_in_full_is_what_its_short_names_mean(
    resolver: Resolver, declared: str, written: str, name: str
) -> None:
    here = resolver.with_own(resolver.context(resolver.places.by_qualified["河南省新乡市"]), declared)
    assert [party.name for party in resolver.resolve(written, here)] == [name]


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("医保局", ["医保局"]),  # nothing tells whose it is
        ("各单位、医保局", ["医保局"]),
        ("国家发展改革委、能源局", ["国家发展和改革委员会", "国家能源局"]),
    ],
)
def test_a_bureau_without_a_place_is_as_it_is_written(resolver: Resolver, written: str, names: list[str]) -> None:
    found = text_to_parties(written, resolver, resolver.context(None))[0]
    assert [party.name for party in found if party.kind is PartyKind.AGENCY] == names


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("市民政、市财政", ["新乡市民政局", "新乡市财政局"]),
        ("市规划和自然资源、建设、财政等部门", ["新乡市规划和自然资源、建设、财政等部门"]),
        ("平原示范区", ["平原示范区管理委员会"]),
        ("国家清水平原示范区", ["国家清水平原示范区管理委员会"]),
        ("国家清水平原沿黄生态产业示范区", []),  # too long for the name of a zone
    ],
)
def test_lines_and_zones_as_officials_speak(resolver: Resolver, written: str, names: list[str]) -> None:
    assert [party.name for party in parties(resolver, "河南省新乡市", written)] == names


def test_an_entry_stands_where_its_mentions_do() -> None:
    mentions = [
        Party("甲局", "甲局", category="政府部门", start=8, end=10, confidence=0.8),
        Party("甲局", "本局", start=-1, end=-1, confidence=0.9),  # told beside the text
        Party("甲局", "甲局", start=0, end=2),
        Party("各局", "各局", PartyKind.GROUP, start=4, end=6),
    ]
    (entry,) = mentions_to_entries(mentions)
    assert (entry.name, entry.as_written, entry.spans) == ("甲局", ("甲局", "本局"), ((0, 2), (8, 10)))
    assert (entry.kind, entry.confidence) == ("政府部门", 1.0)


def test_an_address_is_no_office(resolver: Resolver) -> None:
    assert parties(resolver, "四川省成都市", "天府路1号区机关大院") == []


def test_the_parts_of_a_city_beside_it_are_a_collective(resolver: Resolver) -> None:
    city, districts = parties(resolver, "浙江省杭州市", "市、区民政部门")
    assert (city.name, city.as_written) == ("杭州市民政局", "市")
    assert (districts.name, len(districts.members)) == ("杭州市各区民政部门", 10)


@pytest.mark.parametrize(
    ("written", "second"),
    [("各区财政部门和卫生健康部门", "卫生健康部门"), ("各区财政局和卫生健康部门", "杭州市卫生健康委员会")],
)
def test_a_line_behind_those_of_all_districts_is_theirs_too(resolver: Resolver, written: str, second: str) -> None:
    found = parties(resolver, "浙江省杭州市", written)
    assert [party.name for party in found] == ["杭州市各区财政局", second]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("推动机器人行业发展。", []),  # 人行 inside another word
        ("请人行、市教育局办理。", ["中国人民银行", "杭州市教育局"]),
        ("人行", ["中国人民银行"]),
        ("由市委、市政府决定。", ["中共杭州市委员会", "杭州市人民政府"]),
        ("超市委托加工。", []),
    ],
)
def test_names_of_two_characters_stand_by_themselves(resolver: Resolver, text: str, found: list[str]) -> None:
    here = resolver.context(resolver.places.by_qualified["浙江省杭州市"])
    assert [party.name for party in MentionFinder(resolver).find(text, here)] == found


def test_the_group_of_a_document_is_the_only_one(resolver: Resolver) -> None:
    here = resolver.context(resolver.places.by_qualified["河南省新乡市"])
    one = resolver.with_own(here, "成立新乡市稳岗工作领导小组。").own
    two = resolver.with_own(here, "成立新乡市稳岗工作领导小组、新乡市清水行动领导小组。").own
    assert (one.group_called("领导小组"), two.group_called("领导小组")) == ("新乡市稳岗工作领导小组", None)


def test_of_two_full_names_that_fit_the_shorter_is_meant_where_the_longer_is_built_on_it() -> None:
    built = OwnNames({"新乡市": ("市场监督管理局", "市场监督管理局质量发展局")})
    apart = OwnNames({"新乡市": ("市场监督管理局", "市容监察管理局")})
    assert (built.full_tail("新乡市", "市监局"), apart.full_tail("新乡市", "市监局")) == ("市场监督管理局", None)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("市城管局等市级有关部门", ["杭州市城市管理局", "杭州市级有关部门"]),
        ("市城管局等部门", ["杭州市城市管理局"]),  # 等部门 alone names nobody
    ],
)
def test_the_collective_behind_and_others_is_one_more(resolver: Resolver, written: str, names: list[str]) -> None:
    assert [party.name for party in parties(resolver, "浙江省杭州市", written)] == names
