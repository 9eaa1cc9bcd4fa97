"""Names to bodies in context: each rule of `ontology.names`, and what must not be taken for a body."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kg.core.model import Party, PartyKind
from ontology.forms import load
from ontology.names import Context, Resolver, text_to_parties
from ontology.names.departments import full_name
from ontology.names.mentions import MentionFinder
from ontology.reference import load_reference


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    return Resolver(load_reference(), load())


def context(resolver: Resolver, place: str | None) -> Context:
    return resolver.context(resolver.places.by_qualified[place] if place else None)


def parties(resolver: Resolver, place: str | None, text: str) -> list[Party]:
    return text_to_parties(text, resolver, context(resolver, place))[0]


def names(resolver: Resolver, place: str | None, text: str) -> list[str]:
    return [p.name for p in parties(resolver, place, text)]


@pytest.mark.parametrize(
    ("place", "written", "name"),
    [
        ("上海市青浦区", "区市场监管局", "青浦区市场监督管理局"),
        ("上海市青浦区", "市市场监管局", "上海市市场监督管理局"),
        ("上海市青浦区", "区经委", "青浦区经济委员会"),
        ("上海市青浦区", "团区委", "共青团青浦区委员会"),
        ("上海市青浦区", "区委宣传部", "中共青浦区委宣传部"),
        ("上海市青浦区", "市场监管总局", "国家市场监督管理总局"),
        ("上海市青浦区", "区质量工作领导小组办公室", "青浦区质量工作领导小组办公室"),
        ("上海市", "静安市场监管局", "静安区市场监督管理局"),
        ("上海市", "市质量协会", "上海市质量协会"),
        ("浙江省杭州市", "市市场监管局", "杭州市市场监督管理局"),
        ("甘肃省", "人行兰州中心支行", "中国人民银行兰州中心支行"),
        ("甘肃省", "人民银行武威市中心支行", "中国人民银行武威市中心支行"),
        ("浙江省杭州市", "省委宣传部", "中共浙江省委宣传部"),
        ("江苏省苏州市昆山市", "市应急局", "昆山市应急管理局"),
        ("江苏省苏州市昆山市", "苏州市应急管理局", "苏州市应急管理局"),
        ("江苏省苏州市昆山市", "苏州市昆山生态环境局", "苏州市昆山生态环境局"),
        ("江苏省苏州市昆山市", "昆山生态环境局", "昆山市生态环境局"),
        ("江苏省苏州市昆山市", "苏州市昆山教育局", "昆山市教育局"),
        ("广东省广州市", "越秀区教育局", "广州市越秀区教育局"),
        ("全国", "发展改革委", "国家发展和改革委员会"),
        ("全国", "药监局", "国家药品监督管理局"),
        ("全国", "中华人民共和国教育部", "教育部"),
        ("上海市青浦区", "区市场监管局质量发展科", "青浦区市场监督管理局质量发展科"),
    ],
)
def test_one_name(resolver: Resolver, place: str, written: str, name: str) -> None:
    assert names(resolver, place, written) == [name]


def test_the_same_words_in_two_places_are_two_bodies(resolver: Resolver) -> None:
    here, there = parties(resolver, "上海市青浦区", "区教育局")[0], parties(resolver, "上海市徐汇区", "区教育局")[0]
    assert (here.name, there.name) == ("青浦区教育局", "徐汇区教育局")
    assert here.place != there.place


def test_homonyms_are_kept_apart_by_the_context(resolver: Resolver) -> None:
    shanghai = parties(resolver, "上海市", "普陀区教育局")[0]
    zhoushan = parties(resolver, "浙江省舟山市", "普陀区教育局")[0]
    assert (shanghai.place, zhoushan.place) == ("上海市普陀区", "浙江省舟山市普陀区")


@pytest.mark.parametrize(
    ("place", "written", "expected"),
    [
        ("上海市青浦区", "区经委各街镇", ["青浦区经济委员会", "青浦区各街镇"]),
        ("上海市青浦区", "青浦、吴江、嘉善市场监督管理局、相关企业",
         ["青浦区市场监督管理局", "苏州市吴江区市场监督管理局", "嘉善县市场监督管理局", "相关企业"]),
        ("上海市青浦区", "市、区市场监管局", ["上海市市场监督管理局", "青浦区市场监督管理局"]),
        ("上海市", "市市场监管局和市经济信息化委", ["上海市市场监督管理局", "上海市经济和信息化委员会"]),
        ("全国", "工业和信息化部 公安部民政部", ["工业和信息化部", "公安部", "民政部"]),
        ("上海市", "市市场监管局、市农业农村委等部门", ["上海市市场监督管理局", "上海市农业农村委员会"]),
        ("全国", "党中央、国务院", ["中共中央", "国务院"]),
    ],
)  # fmt: skip
def test_lists(resolver: Resolver, place: str, written: str, expected: list[str]) -> None:
    assert names(resolver, place, written) == expected


@pytest.mark.parametrize("written", ["苏浙皖赣沪市场监管局", "苏浙皖赣沪市场监管部门"])
def test_a_chain_of_provinces_is_a_body_each(resolver: Resolver, written: str) -> None:
    assert names(resolver, "上海市", written) == [
        f"{p}市场监督管理局" for p in ("江苏省", "浙江省", "安徽省", "江西省", "上海市")
    ]


def test_a_collective_of_districts_knows_its_members(resolver: Resolver) -> None:
    [group] = parties(resolver, "上海市", "各区市场监管局")
    assert (group.kind, group.name) == (PartyKind.GROUP, "上海市各区市场监督管理局")
    assert len(group.members) == 16
    assert "青浦区市场监督管理局" in {m.name for m in group.members}


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("本市各级市场监管部门", "上海市各级市场监管部门"),
        ("各区", "上海市各区"),
        ("各行业主管部门", "各行业主管部门"),
        ("各成员单位", "各成员单位"),
        ("相关企业", "相关企业"),
        ("市质量工作领导小组各成员单位", "上海市质量工作领导小组各成员单位"),
    ],
)
def test_collectives(resolver: Resolver, written: str, name: str) -> None:
    [group] = parties(resolver, "上海市", written)
    assert (group.kind, group.name) == (PartyKind.GROUP, name)


@pytest.mark.parametrize(
    "written",
    ["协同检查阶段", "试行", "进党校、进社区", "2024年", "数字化转型", "各项活动内容落到实处", "市级活动", "市场秩序"],
)
def test_what_is_no_body(resolver: Resolver, written: str) -> None:
    assert names(resolver, "上海市", written) == []


def test_places_are_places(resolver: Resolver) -> None:
    found = parties(resolver, "上海市青浦区", "青浦区、吴江区、嘉善县")
    assert [(p.name, p.kind) for p in found] == [(n, PartyKind.PLACE) for n in ("青浦区", "吴江区", "嘉善县")]
    assert found[1].place == "江苏省苏州市吴江区"


def test_labels_and_words_of_duty_are_no_names(resolver: Resolver) -> None:
    found = parties(resolver, "全国", "财政部牵头，商务部、海关总署配合")
    assert [p.name for p in found] == ["财政部", "商务部", "海关总署"]
    found = parties(resolver, "浙江省杭州市", "牵头单位：市应急局；配合单位：市教育局、市公安局")
    assert [p.name for p in found] == ["杭州市应急管理局", "杭州市教育局", "杭州市公安局"]


def test_colleges_are_not_cut_at_the_deng_of_their_name(resolver: Resolver) -> None:
    found = parties(resolver, "上海市", "市教育局、高等院校")
    assert [p.as_written for p in found] == ["市教育局", "高等院校"]


def test_every_party_says_where_it_stands_and_which_rule_found_it(resolver: Resolver) -> None:
    text = "区商务委、区建管委、各街镇"
    for party in parties(resolver, "上海市青浦区", text):
        assert text[party.start : party.end] == party.as_written
        assert party.rule
        assert 0 < party.confidence <= 1


def test_a_users_own_agencies_take_part(tmp_path: Path) -> None:
    """POLICYKG_ONTOLOGY: a body of one's own, and one more short form of a known body."""
    own = tmp_path / "own.ttl"
    own.write_text(
        """@base <https://w3id.org/policykg/id/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix pkg: <https://w3id.org/policykg/ontology#> .
<agency/上海市青浦区/青浦新城发展服务中心> a org:FormalOrganization ;
    skos:prefLabel "青浦新城发展服务中心"@zh ; skos:altLabel "新城中心"@zh ;
    pkg:agencyCategory "事业单位" ; pkg:jurisdiction <place/上海市青浦区> .
<agency/全国/国家市场监督管理总局> skos:altLabel "市监总局"@zh .
""",
        encoding="utf-8",
    )
    mine = Resolver(load_reference(str(own)), load())
    assert names(mine, "上海市青浦区", "新城中心、市监总局、区教育局") == [
        "青浦新城发展服务中心",
        "国家市场监督管理总局",
        "青浦区教育局",
    ]
    assert names(Resolver(load_reference(), load()), "上海市青浦区", "新城中心") == []


KINDS_OF_PLACE = ("浙江省", "河南省新乡市", "上海市青浦区", "江苏省苏州市昆山市")


def test_every_form_of_every_department_resolves_back(resolver: Resolver) -> None:
    """In a province, a city, a district and a county-level city: tier + short form, and place + short form."""
    wrong: list[str] = []
    total = 0
    for qualified in KINDS_OF_PLACE:
        place = resolver.places.by_qualified[qualified]
        here = resolver.context(place)
        tier = next(t for t, p in here.tiers.items() if p is place)
        for department in resolver.reference.departments:
            if department.name_template is not None:
                continue
            for tail in (department.name, *department.tails):
                owner = resolver.departments.frames[("", tail)]
                if owner is not department:
                    continue  # a short form of two departments belongs to one of them
                for written in (tier + tail, place.name + tail):
                    total += 1
                    found = resolver.resolve(written, here)
                    if [p.name for p in found] != [full_name(department, place)]:
                        wrong.append(f"{qualified} {written}: {[p.name for p in found]}")
    known = [w for w in wrong if "国家税务总局" not in w]
    assert total > 4000
    assert len(known) <= total * 0.01, known[:40]


@pytest.mark.parametrize(
    ("place", "written", "names"),
    [
        ("河南省新乡市", "市发展改革、教育、公安局", ["新乡市发展和改革委员会", "新乡市教育局", "新乡市公安局"]),
        ("河南省新乡市", "卫健委", ["新乡市卫生健康委员会"]),
        ("河南省新乡市", "市法院、市检察院", ["新乡市中级人民法院", "新乡市人民检察院"]),
        ("浙江省", "省法院", ["浙江省高级人民法院"]),
        ("上海市青浦区", "区法院", ["青浦区人民法院"]),
        ("河南省新乡市", "市公共资源交易监管局", ["新乡市公共资源交易监督管理局"]),
        ("河南省新乡市", "市大数据局牵头", ["新乡市大数据局"]),
        ("安徽省芜湖市", "市市场监管局（知识产权局）", ["芜湖市市场监督管理局", "芜湖市知识产权局"]),
        ("安徽省芜湖市", "市安委办市消安委办", ["芜湖市安全生产委员会办公室", "芜湖市消防安全委员会办公室"]),
    ],
)
def test_names_in_the_words_of_offices(resolver: Resolver, place: str, written: str, names: list[str]) -> None:
    assert [p.name for p in parties(resolver, place, written)] == names


@pytest.mark.parametrize(
    "written",
    ["各县（市、区）人民政府", "市、县（市、区）人民政府", "各市、州、县人民政府", "区县（市）政府", "市直各单位", "属地政府",
     "各产业园区管委会", "市直（驻市）进驻单位", "市级有关部门", "其他相关部门", "各设区市公共资源交易平台整合牵头部门", "用人单位"],
)  # fmt: skip
def test_collectives_stay_whole(resolver: Resolver, written: str) -> None:
    found = parties(resolver, "河南省新乡市", written)
    assert [(p.as_written, p.kind) for p in found] == [(written, PartyKind.GROUP)]


def test_the_documents_own_full_names_come_first(resolver: Resolver) -> None:
    text = "新乡市政务服务和大数据管理局印发通知。新乡市住房建设和园林局配合。成立新乡市稳岗工作领导小组（以下简称市稳岗组）。"
    here = resolver.with_own(context(resolver, "河南省新乡市"), text)
    assert [p.name for p in resolver.resolve("市政务大数据局", here)] == ["新乡市政务服务和大数据管理局"]
    assert [p.name for p in resolver.resolve("市住建园林局", here)] == ["新乡市住房建设和园林局"]
    assert [p.name for p in resolver.resolve("市稳岗组", here)] == ["新乡市稳岗工作领导小组"]


def test_a_full_name_that_only_adds_the_country_is_the_same_name(resolver: Resolver) -> None:
    here = resolver.with_own(context(resolver, None), "中华人民共和国邮电部（以下简称邮电部）是国务院邮政主管部门。")
    assert [p.name for p in resolver.resolve("邮电部", here)] == ["邮电部"]


def test_offices_belong_to_the_bureau_that_writes(resolver: Resolver) -> None:
    here = context(resolver, "安徽省芜湖市")
    bureau = resolver.resolve("芜湖市水务局", here)[0]
    here = replace(here, issuer=bureau)
    found = text_to_parties("节水处、办公室、执法局，各科室", resolver, here)[0]
    assert [p.name for p in found[:3]] == ["芜湖市水务局节水处", "芜湖市水务局办公室", "芜湖市水务局执法局"]
    assert found[0].parent == bureau.name
    assert found[3].kind is PartyKind.GROUP


def test_a_state_body_only_where_it_is_meant(resolver: Resolver) -> None:
    assert [p.name for p in resolver.resolve("林业局", context(resolver, "河南省新乡市"))] == ["新乡市林业局"]
    assert [p.name for p in resolver.resolve("国家林业和草原局", context(resolver, "河南省新乡市"))] == [
        "国家林业和草原局"
    ]
    assert [p.name for p in resolver.resolve("卫生健康委", context(resolver, "全国"))] == ["国家卫生健康委员会"]


def test_a_zone_has_one_name_whatever_rule_finds_its_bureaus(resolver: Resolver) -> None:
    """苏州工业园区教育局 by the list of departments, 苏州工业园区人才办 by its form."""
    found = names(resolver, "江苏省苏州市", "苏州工业园区教育局、苏州工业园区甲乙办")
    assert found == ["苏州工业园区教育局", "苏州工业园区甲乙办"]


@pytest.mark.parametrize(
    ("place", "written", "name"),
    [
        ("江苏省苏州市", "市法院", "苏州市中级人民法院"), ("江苏省", "省法院", "江苏省高级人民法院"),
        ("上海市青浦区", "区法院", "青浦区人民法院"), ("江苏省苏州市", "市检察院", "苏州市人民检察院"),
        ("上海市青浦区", "法院", "青浦区人民法院"), ("上海市青浦区", "检察院", "青浦区人民检察院"),
    ],
)  # fmt: skip
def test_no_two_readings_of_a_court_are_equally_good(resolver: Resolver, place: str, written: str, name: str) -> None:
    here = context(resolver, place)
    scores = {p.name: r.score for r in resolver.readings(written, here) for p in r.parties}
    assert names(resolver, place, written) == [name]
    assert [n for n, score in scores.items() if score == max(scores.values())] == [name]


@pytest.mark.parametrize(
    ("place", "written", "members"),
    [
        ("贵州省六盘水市", "各县（市、区）人民政府", 4), ("贵州省六盘水市", "各县（市、区、特区）人民政府", 4),
        ("贵州省六盘水市", "各县[市、区]人民政府", 4), ("贵州省", "各市（自治州）人民政府", 9), ("上海市", "各区人民政府", 16),
        ("广东省广州市", "各镇（街）人民政府", 0),
    ],
)  # fmt: skip
def test_levels_named_together_are_one_collective_in_any_brackets(
    resolver: Resolver, place: str, written: str, members: int
) -> None:
    found = parties(resolver, place, written + "、" + place[-1] + "教育局")
    assert [len(p.members) for p in found] == [members, 0]
    assert found[0].as_written == written


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("杭州市水务局设浙江省清水奖评审委员会。", ["杭州市水务局", "浙江省清水奖评审委员会"]),
        ("杭州市水务局具体承办评审。", ["杭州市水务局"]),
        ("详见杭州市水务局门户网站。", ["杭州市水务局"]),
        ("由杭州市水务局汇总报市政府。", ["杭州市水务局", "杭州市人民政府"]),
        ("由杭州市规划设计院承担。", ["杭州市规划设计院"]),
        ("按照《浙江省水利厅中共浙江省委编办关于…》", ["浙江省水利厅", "中共浙江省委机构编制委员会办公室"]),
        ("由市建委市重大办牵头。", ["杭州市城乡建设委员会", "杭州市重大办"]),
        ("杭州市小学生朗诵大赛。", []),
        ("市政府相关委负责。", ["杭州市人民政府"]),
    ],
)
def test_a_mention_ends_where_the_text_says_what_the_body_does(resolver: Resolver, text: str, found: list[str]) -> None:
    assert [p.name for p in MentionFinder(resolver).find(text, context(resolver, "浙江省杭州市"))] == found


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("宣传部", "中共桐庐县委宣传部"),
        ("妇联", "桐庐县妇女联合会"),
        ("教育局", "桐庐县教育局"),
    ],
)
def test_bodies_in_a_countys_list_without_their_place(resolver: Resolver, written: str, name: str) -> None:
    assert names(resolver, "浙江省杭州市桐庐县", written) == [name]


def test_and_before_the_county_is_no_county(resolver: Resolver) -> None:
    found = MentionFinder(resolver).find(
        "县健康专家委员会和县卫生健康局负责。", context(resolver, "浙江省杭州市桐庐县")
    )
    assert [p.name for p in found] == ["桐庐县健康专家委员会", "桐庐县卫生健康局"]


def test_the_office_of_a_group_has_no_offices_inside(resolver: Resolver) -> None:
    own = context(resolver, "浙江省杭州市桐庐县")
    office = Party("桐庐县清水行动工作领导小组办公室", "", place="浙江省杭州市桐庐县", category="领导小组办公室")
    own = replace(own, issuer=office)
    assert [p.name for p in resolver.resolve("编委办", own)] == ["中共桐庐县委机构编制委员会办公室"]
    assert resolver.resolve("委员会办公室", own) == ()
    assert [p.name for p in resolver.resolve("领导小组下设办公室", own)] == [office.name]


def test_a_declared_name_begins_at_its_own_place(resolver: Resolver) -> None:
    text = "第六条浙江省水利厅设浙江省清水奖评审委员会（以下简称评审委员会）。"
    own = resolver.with_own(context(resolver, "浙江省"), text)
    assert [p.name for p in resolver.resolve("评审委员会", own)] == ["浙江省清水奖评审委员会"]


_WRITTEN = (
    "市场监管局", "区市场监管局", "市教委", "教育部门", "各区人民政府", "市直有关单位", "区质量办", "国家市场监督管理总局",
    "省发改委", "公安分局", "青浦公安分局", "市公安局青浦分局", "鼓楼区人民政府", "人民政府", "县级以上人民政府", "市委宣传部",
    "团市委", "总工会", "区妇联", "夏阳街道办事处", "各街道、镇", "办公室", "质量科", "浦东新区知识产权局", "税务局", "海关",
    "上海海事局", "长三角生态绿色一体化发展示范区执委会", "工业园区管委会", "市市场监管局（知识产权局）", "卫生计生委", "质监局",
)  # fmt: skip


@pytest.mark.parametrize("place", [None, "上海市", "上海市青浦区", "江苏省苏州市", "江苏省南京市鼓楼区", "贵州省"])
def test_a_name_is_its_surest_reading(resolver: Resolver, place: str | None) -> None:
    for written in _WRITTEN:
        readings = list(resolver.readings(written, here := context(resolver, place)))
        best = max(readings, key=lambda reading: reading.score, default=None)
        told = [p.name for p in resolver.resolve(written, here)]
        assert not told or (best is not None and told == [p.name for p in best.parties]), written
