"""The reference data that ships, and the user's own beside it."""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.core.errors import EnvironmentProblem
from kg.core.ids import DEFAULT_BASE, iri
from ontology.records import bare_name
from ontology.reference import BadReference, PlaceRecord, Reference, load_reference

PREFIXES = """@base <https://w3id.org/policykg/id/> .
@prefix pkg: <https://w3id.org/policykg/ontology#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix eli: <http://data.europa.eu/eli/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
FIRST_LINE = PREFIXES.count("\n") + 1


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference()


@pytest.fixture(scope="module")
def places(reference: Reference) -> dict[str, PlaceRecord]:
    return {place.qualified: place for place in reference.places}


def load_own(tmp_path: Path, body: str, name: str = "own.ttl") -> Reference:
    file = tmp_path / name
    file.write_text(PREFIXES + body, encoding="utf-8")
    return load_reference(str(file))


# places ---------------------------------------------------------------------------------------------------------


def test_all_provincial_places_with_their_short_names(reference: Reference) -> None:
    provinces = [place for place in reference.places if place.level == "省"]
    assert len(provinces) == 34
    assert (
        "".join(p.short or "?" for p in provinces)
        == "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔滇藏陕甘青宁新台港澳"
    )
    second = {p.name: a for p in provinces for a in p.aliases if len(a) == 1}
    assert second == {"上海市": "申", "四川省": "蜀", "贵州省": "贵", "云南省": "云", "陕西省": "秦", "甘肃省": "陇"}
    assert [p.name for p in provinces if p.municipality] == ["北京市", "天津市", "上海市", "重庆市"]


def test_shanghai_has_its_16_districts(places: dict[str, PlaceRecord]) -> None:
    districts = [p for p in places.values() if p.parent == "上海市"]
    assert len(districts) == 16
    assert all(p.code and p.code.startswith("3101") and p.level == "区" for p in districts)
    assert places["上海市青浦区"].code == "310118"
    assert places["上海市浦东新区"].bare == "浦东"
    assert "浦东" in places["上海市浦东新区"].aliases


@pytest.mark.parametrize(
    ("parent", "count"),
    [("江苏省", 13), ("浙江省", 11), ("安徽省", 16), ("广东省", 21), ("四川省", 21), ("新疆维吾尔自治区", 14)],
)
def test_prefectures(places: dict[str, PlaceRecord], parent: str, count: int) -> None:
    assert len([p for p in places.values() if p.parent == parent and p.level == "市"]) == count


def test_all_prefectures_of_the_country(places: dict[str, PlaceRecord]) -> None:
    assert len([p for p in places.values() if p.level == "市"]) == 333


@pytest.mark.parametrize(("province", "count"), [("江苏省", 95), ("浙江省", 90), ("安徽省", 104)])
def test_all_counties_of_the_delta(places: dict[str, PlaceRecord], province: str, count: int) -> None:
    counties = [p for p in places.values() if p.qualified.startswith(province) and p.level in ("区", "县")]
    assert len(counties) == count


@pytest.mark.parametrize(
    ("qualified", "level", "code"),
    [
        ("江苏省苏州市吴江区", "区", "320509"),
        ("江苏省苏州市昆山市", "县", "320583"),
        ("浙江省嘉兴市嘉善县", "县", "330421"),
        ("浙江省湖州市长兴县", "县", "330522"),
        ("河南省济源市", "县", "419001"),
        ("湖北省神农架林区", "县", "429021"),
    ],
)
def test_known_places(places: dict[str, PlaceRecord], qualified: str, level: str, code: str) -> None:
    assert (places[qualified].level, places[qualified].code) == (level, code)


def test_places_hang_together(reference: Reference, places: dict[str, PlaceRecord]) -> None:
    assert len(places) == len(reference.places)
    for place in places.values():
        if place.name == "全国":
            assert place.parent is None
            continue
        assert place.parent is not None
        parent = places[place.parent]
        assert place.qualified == (place.name if parent.name == "全国" else parent.qualified + place.name)
        if place.code and parent.code:
            # the parent's code without its zeros begins the child's: 310000 31, 320500 3205
            assert place.code.startswith(parent.code.rstrip("0") if parent.level != "省" else parent.code[:2])


def test_codes_are_unique_and_six_digits(reference: Reference) -> None:
    codes = [place.code for place in reference.places if place.code]
    assert all(len(code) == 6 and code.isdecimal() for code in codes)
    assert [code for code, count in Counter(codes).items() if count > 1] == []
    assert len(codes) == len(reference.places) - 2  # all but 全国 and 岑岭县, whose code is not published yet


def test_the_iri_of_a_place_is_its_qualified_name(reference: Reference, places: dict[str, PlaceRecord]) -> None:
    text = next(file for file in reference.files if file.name == "places.ttl").read_text(encoding="utf-8")
    for qualified, place in places.items():
        if place.level not in ("区", "县"):  # those come from places/counties.tsv
            assert f"\n<{iri(DEFAULT_BASE, 'place', qualified).removeprefix(DEFAULT_BASE)}> a " in text


def test_one_character_names_are_unique(reference: Reference) -> None:
    shorts = Counter(place.short for place in reference.places if place.short)
    assert max(shorts.values()) == 1


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("青浦区", "青浦"),
        ("浦东新区", "浦东"),
        ("内蒙古自治区", "内蒙古"),
        ("广西壮族自治区", "广西"),
        ("新疆维吾尔自治区", "新疆"),
        ("香港特别行政区", "香港"),
        ("恩施土家族苗族自治州", "恩施"),
        ("克孜勒苏柯尔克孜自治州", "克孜勒苏"),
        ("龙胜各族自治县", "龙胜"),
        ("大兴安岭地区", "大兴安岭"),
        ("锡林郭勒盟", "锡林郭勒"),
        ("神农架林区", "神农架"),
        ("沙市区", "沙市"),
        ("歙县", "歙县"),
        ("郊区", "郊区"),
        ("景宁畲族自治县", "景宁"),
    ],
)
def test_bare_name(name: str, bare: str) -> None:
    assert bare_name(name) == bare


def test_an_alias_that_begins_the_name_is_the_bare_name() -> None:
    assert bare_name("两江新区", ("两江新",)) == "两江新"
    assert bare_name("上海市", ("申",)) == "上海"


@given(st.text(st.sampled_from("青浦市区县省自治州新族回藏盟"), min_size=1, max_size=8))
def test_a_bare_name_begins_the_name_and_keeps_two_characters(name: str) -> None:
    bare = bare_name(name)
    assert name.startswith(bare)
    assert len(bare) >= min(2, len(name))


def test_regions(reference: Reference) -> None:
    regions = {region.label: region for region in reference.regions}
    assert regions["长三角"].members == ("上海市", "江苏省", "浙江省", "安徽省")
    assert set(regions["长三角生态绿色一体化发展示范区"].members) == {
        "上海市青浦区",
        "江苏省苏州市吴江区",
        "浙江省嘉兴市嘉善县",
    }
    assert len(regions["粤港澳大湾区"].members) == 11
    assert len(regions["长江经济带"].members) == 11


# departments ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tail", "name"),
    [
        ("发改委", "发展和改革委员会"),
        ("经信委", "经济和信息化委员会"),
        ("经委", "经济委员会"),
        ("科委", "科学技术委员会"),
        ("教委", "教育委员会"),
        ("住建委", "住房和城乡建设管理委员会"),
        ("建管委", "建设和管理委员会"),
        ("建交委", "建设和交通委员会"),
        ("农业农村委", "农业农村委员会"),
        ("卫健委", "卫生健康委员会"),
        ("国资委", "国有资产监督管理委员会"),
        ("人社局", "人力资源和社会保障局"),
        ("规划资源局", "规划和自然资源局"),
        ("绿化市容局", "绿化和市容管理局"),
        ("文旅局", "文化和旅游局"),
        ("房管局", "房屋管理局"),
        ("住房保障房屋管理局", "住房保障和房屋管理局"),
        ("市场监管局", "市场监督管理局"),
        ("药监局", "药品监督管理局"),
        ("城管执法局", "城市管理行政执法局"),
        ("外办", "人民政府外事办公室"),
        ("妇联", "妇女联合会"),
        ("消保委", "消费者权益保护委员会"),
        ("政府", "人民政府"),
        # 各地的叫法
        ("人力社保局", "人力资源和社会保障局"),
        ("经济信息委", "经济和信息化委员会"),
        ("规自局", "规划和自然资源局"),
        ("规自委", "规划和自然资源委员会"),
        ("资规局", "自然资源和规划局"),
        ("交委", "交通运输委员会"),
        ("建委", "城乡建设委员会"),
        ("城建局", "城乡建设局"),
        ("科创委", "科技创新委员会"),
        ("商务投促局", "商务和投资促进局"),
        ("政数局", "政务服务和数据管理局"),
        ("数据资源局", "数据资源管理局"),
        ("营商局", "营商环境建设监督局"),
        ("审批服务局", "行政审批服务局"),
        ("粮食物资局", "粮食和物资储备局"),
        ("文广旅体局", "文化广电旅游体育局"),
        ("文体广旅局", "文体广电和旅游局"),
        ("旅文局", "旅游和文化广电体育局"),
        ("园林林业局", "园林和林业局"),
        ("城管执法委", "城市管理执法委员会"),
        ("交警支队", "公安局交通警察支队"),
        ("公安局交管局", "公安局交通管理局"),
        ("政府督查室", "人民政府督查室"),
        ("消委会", "消费者委员会"),
        ("食安委", "食品安全委员会"),
        ("双拥办", "双拥工作领导小组办公室"),
        ("防汛办", "防汛抗旱指挥部办公室"),
        ("方志办", "地方志办公室"),
        ("行署", "行政公署"),
        # 2018 年改革以前的部门
        ("文广新局", "文化广电新闻出版局"),
        ("卫计委", "卫生和计划生育委员会"),
        ("卫计局", "卫生和计划生育局"),
        ("安监局", "安全生产监督管理局"),
        ("食药监局", "食品药品监督管理局"),
        ("国土局", "国土资源局"),
        ("旅发委", "旅游发展委员会"),
        ("经贸委", "经济贸易委员会"),
        ("体改委", "经济体制改革委员会"),
        ("市政市容委", "市政市容管理委员会"),
    ],
)
def test_short_tails(reference: Reference, tail: str, name: str) -> None:
    assert [d.name for d in reference.departments if tail in d.tails] == [name]


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("{tier}委宣传部", "中共{place}委宣传部"),
        ("{tier}委", "中共{place}委员会"),
        ("{place}委", "中共{place}委员会"),
        ("团{tier}委", "共青团{place}委员会"),
        ("{tier}网信办", "中共{place}委网络安全和信息化委员会办公室"),
        ("{tier}纪委监委", "中共{place}纪律检查委员会"),
        ("{tier}政协", "政协{place}委员会"),
        ("{tier}党委办公厅", "中共{place}委办公厅"),
        ("中共{place}委编办", "中共{place}委机构编制委员会办公室"),
        ("{tier}委目督办", "中共{place}委目标管理督查办公室"),
        ("{tier}直机关工委", "中共{place}委直属机关工作委员会"),
        ("{tier}级机关工委", "中共{place}委直属机关工作委员会"),
        ("{tier}少工委", "中国少年先锋队{place}工作委员会"),
        ("{place}调查队", "国家统计局{bare}调查队"),
        ("人行{place}中心支行", "中国人民银行{place}中心支行"),
        ("{bare}银保监局", "中国银行保险监督管理委员会{bare}监管局"),
        ("{tier}供电公司", "国网{bare}供电公司"),
        ("{place}经开区管委会", "{bare}经济技术开发区管理委员会"),
        ("{tier}高新区管委会", "{bare}高新技术产业开发区管理委员会"),
    ],
)
def test_short_templates(reference: Reference, short: str, full: str) -> None:
    assert [d.name_template for d in reference.departments if short in d.short_templates] == [full]


def test_no_form_stands_for_two_departments(reference: Reference) -> None:
    """区委 and 青浦区委 are one form to a matcher."""
    forms: dict[str, set[str]] = {}
    for department in reference.departments:
        plain = () if department.name_template else (department.name, *department.tails)
        full = (department.name_template,) if department.name_template else ()
        for form in (*("{}" + tail for tail in plain), *full, *department.short_templates):
            # 芜湖金融监管局 is the state's, 市金融监管局 the city's: a bare name is a form of its own
            key = form.replace("{place}", "{}").replace("{tier}", "{}")
            forms.setdefault(key, set()).add(department.name)
    assert {form: names for form, names in forms.items() if len(names) > 1} == {}


@pytest.mark.parametrize(
    ("long", "short"),
    [("和", ""), ("监督管理", "监管"), (r"委员会\Z", "委"), (r"(?<!委员会)(?<!小组)(?<!指挥部)办公室\Z", "办")],
)
def test_regular_contractions_are_known_for_every_department(reference: Reference, long: str, short: str) -> None:
    """文化和旅游局, 文化旅游局: the contraction of a name always resolves, be it another department's own name."""
    plain = [d for d in reference.departments if not d.name_template]
    forms = {form for d in plain for form in (d.name, *d.tails)}
    contracted = {re.sub(long, short, d.name) for d in plain if len(d.name) > 5}
    # 人大常务委 is not said; 监察委员会 is 监委
    assert contracted - forms <= {"人民代表大会常务委", "监察委"}


def test_party_departments_are_written_in_three_ways(reference: Reference) -> None:
    """市委网信办, 市党委网信办, 中共某市委网信办."""
    found = 0
    for department in reference.departments:
        full = department.name_template or ""
        if not full.startswith("中共{place}委") or full == "中共{place}委员会":
            continue
        for short in department.short_templates:
            if short.startswith("{tier}委"):
                tail = short.removeprefix("{tier}委")
                wanted = {f"{{place}}委{tail}", f"{{tier}}党委{tail}", f"{{place}}党委{tail}", f"中共{{place}}委{tail}"}
                assert wanted <= {*department.short_templates, full}, short
                found += 1
    assert found > 40


def test_templates_have_one_slot_and_no_tails(reference: Reference) -> None:
    """A tail follows a place; with a template of its own the department's forms are all templates."""
    for department in reference.departments:
        templates = (*department.short_templates, *filter(None, [department.name_template]))
        # {city} stands beside the slot of the district in a full name, never in a form that is looked up
        assert all(template.replace("{city}", "").count("{") == 1 for template in templates), department
        assert not any("{city}" in template for template in department.short_templates), department
        assert not (department.name_template and department.tails), department
        assert department.category


# the loader -----------------------------------------------------------------------------------------------------


def test_loading_is_fast_and_kept() -> None:
    started = time.perf_counter()
    first = load_reference()
    assert load_reference() is first
    assert time.perf_counter() - started < 5  # 0.5 s measured; the bound only catches a wrong order of growth


def test_users_places_agencies_and_aliases_take_part(tmp_path: Path) -> None:
    own = load_own(
        tmp_path,
        """<place/上海市青浦区某新城> a schema:AdministrativeArea ; skos:prefLabel "某新城"@zh ;
    pkg:placeLevel "区" ; schema:containedInPlace <place/上海市青浦区> .
<place/上海市青浦区> skos:altLabel "青浦新城"@zh .
<agency/上海市青浦区/青浦区某研究院> a org:FormalOrganization ; skos:prefLabel "青浦区某研究院"@zh ;
    skos:altLabel "某研究院"@zh ; pkg:jurisdiction <place/上海市青浦区> ; pkg:agencyCategory "事业单位" .
<department/低空经济局> a pkg:DepartmentType ; skos:prefLabel "低空经济局"@zh ; skos:altLabel "低空局"@zh .
""",
    )
    place = {p.qualified: p for p in own.places}
    assert place["上海市青浦区某新城"].parent == "上海市青浦区"
    assert "青浦新城" in place["上海市青浦区"].aliases
    assert place["上海市青浦区"].bare == "青浦"
    agency = next(a for a in own.agencies if a.name == "青浦区某研究院")
    assert (agency.place, agency.aliases, agency.category) == ("上海市青浦区", ("某研究院",), "事业单位")
    assert [d.tails for d in own.departments if d.name == "低空经济局"] == [("低空局",)]
    assert own.version != load_reference().version
    assert own.files[-1].name == "own.ttl"


def test_series_themes_and_policies(tmp_path: Path) -> None:
    own = load_own(
        tmp_path,
        """<theme/甲> a skos:Concept ; skos:prefLabel "甲"@zh ; pkg:keyword "甲方", "乙方" .
<series/乙> a schema:EventSeries, skos:Concept ; skos:prefLabel "乙"@zh ; pkg:titlePattern "乙.{0,3}日" ;
    eli:is_about <theme/甲> .
<policy/丙> a eli:LegalResource ; dcterms:title "丙办法"@zh ; skos:altLabel "《办法》"@zh ; eli:id_local "某令第1号" ;
    pkg:issuerName "国务院" ; eli:date_document "2023-02-06"^^xsd:date ; pkg:kindLabel "办法" .
""",
    )
    theme = next(t for t in own.themes if t.label == "甲")
    assert set(theme.keywords) == {"甲方", "乙方"}
    series = next(s for s in own.series if s.label == "乙")
    assert (series.patterns, series.theme) == (("乙.{0,3}日",), "甲")
    assert not [t for t in own.themes if t.label == "乙"]
    policy = next(p for p in own.policies if p.title == "丙办法")
    assert (policy.number, policy.issuers, policy.date, policy.kind) == ("某令第1号", ("国务院",), "2023-02-06", "办法")


def test_a_file_without_prefixes_for_the_base_and_with_bom(tmp_path: Path) -> None:
    body = PREFIXES.split("\n", 1)[1] + '<place/上海市青浦区> skos:altLabel "青浦新城"@zh .\n'
    (tmp_path / "own.ttl").write_text(body, encoding="utf-8-sig")
    own = load_reference(str(tmp_path / "own.ttl"))
    assert any("青浦新城" in place.aliases for place in own.places)


def test_folders_and_several_files(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    line = '<department/{0}局> a pkg:DepartmentType ; skos:prefLabel "{0}局"@zh .\n'
    (tmp_path / "one.ttl").write_text(PREFIXES + line.format("子"), encoding="utf-8")
    (tmp_path / "more" / "b.ttl").write_text(PREFIXES + line.format("丑"), encoding="utf-8")
    (tmp_path / "more" / "a.ttl").write_text(PREFIXES + line.format("寅"), encoding="utf-8")
    own = load_reference(f"{tmp_path / 'one.ttl'}:{tmp_path / 'more'}:{tmp_path / 'one.ttl'}")
    assert {"子局", "丑局", "寅局"} <= {d.name for d in own.departments}
    assert [file.name for file in own.files[-3:]] == ["one.ttl", "a.ttl", "b.ttl"]


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    first = load_own(tmp_path, '<department/子局> a pkg:DepartmentType ; skos:prefLabel "子局"@zh .\n')
    second = load_own(tmp_path, '<department/丑丑局> a pkg:DepartmentType ; skos:prefLabel "丑丑局"@zh .\n')
    assert first.version != second.version
    assert "子局" not in {d.name for d in second.departments}


AREA = '<place/甲> a schema:AdministrativeArea ; skos:prefLabel "甲区"@zh'


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ('<place/甲> a schema:AdministrativeArea\n    skos:prefLabel "甲"@zh .\n', 1, "语法错误"),
        ("\n\n<place/甲> a nope:Place .\n", 2, "语法错误"),
        (AREA + ' ;\n pkg:placelevel "区" ; schema:containedInPlace <place/上海市> .\n', 1, "pkg:placeLevel"),
        (
            AREA + ' ;\n skos:altlabel "甲" ; pkg:placeLevel "区" ; schema:containedInPlace <place/上海市> .\n',
            1,
            "skos:altLabel",
        ),
        ('<department/甲> a pkg:DepartmentTyp ; skos:prefLabel "甲"@zh .\n', 0, "pkg:DepartmentType"),
        (AREA + " ; schema:containedInPlace <place/上海市> .\n", 0, "缺少 pkg:placeLevel"),
        (AREA + ' ; pkg:placeLevel "区" .\n', 0, "缺少 schema:containedInPlace"),
        (AREA + ' ; pkg:placeLevel "区" ;\n schema:containedInPlace <place/火星> .\n', 1, "没有定义"),
        (AREA + ' ; pkg:placeLevel "区" ;\n schema:containedInPlace <place/甲> .\n', 1, "互相包含"),
        (AREA + ' ;\n pkg:placeLevel "小区" ; schema:containedInPlace <place/上海市> .\n', 1, "国家、省、市、区、县"),
        (
            AREA + ' ; pkg:placeLevel "区" ; schema:containedInPlace <place/上海市> ;\n skos:notation "31011" .\n',
            1,
            "六位",
        ),
        (
            AREA.replace("甲区", "青浦区") + ' ; pkg:placeLevel "区" ; schema:containedInPlace <place/上海市> .\n',
            0,
            "全称相同",
        ),
        ('\n<place/上海市> skos:prefLabel "魔都"@zh .\n', 1, "只能有一个值"),
        (
            '<agency/甲> a org:FormalOrganization ; skos:prefLabel "甲"@zh ;\n pkg:jurisdiction <place/火星> .\n',
            1,
            "没有定义",
        ),
        ('<agency/甲> a org:FormalOrganization ; skos:prefLabel "甲"@zh .\n', 0, "缺少 pkg:jurisdiction"),
        (
            '<department/甲> a pkg:DepartmentType ; skos:prefLabel "甲" ;\n pkg:shortTemplate "{tire}委" .\n',
            1,
            "{tire}委",
        ),
        ('<department/甲> a pkg:DepartmentType ; skos:prefLabel "甲" ;\n pkg:nameTemplate "{place" .\n', 1, "{place"),
        ('<series/甲> a schema:EventSeries ; skos:prefLabel "甲" ;\n pkg:titlePattern "(甲" .\n', 1, "正则"),
        ('<series/甲> a schema:EventSeries ; skos:prefLabel "甲" ;\n eli:is_about <theme/无此主题> .\n', 1, "没有定义"),
        ('<policy/甲> a eli:LegalResource ; dcterms:title "甲" ;\n eli:date_document "2023年2月" .\n', 1, "2023-02-06"),
        ('<policy/甲> a eli:LegalResource ; eli:id_local "甲" .\n', 0, "缺少 dcterms:title"),
    ],
)
def test_a_bad_file_is_refused_with_name_and_line(tmp_path: Path, body: str, line: int, words: str) -> None:
    with pytest.raises(BadReference) as caught:
        load_own(tmp_path, body)
    assert words in caught.value.message
    assert caught.value.file == tmp_path / "own.ttl"
    assert caught.value.line == FIRST_LINE + line
    assert f"第 {FIRST_LINE + line} 行" in caught.value.message
    assert isinstance(caught.value, EnvironmentProblem)


def test_terms_of_other_vocabularies_are_the_users_own_affair(tmp_path: Path) -> None:
    own = load_own(
        tmp_path,
        '<place/上海市青浦区> <http://www.w3.org/2000/01/rdf-schema#comment> "备注" ;\n'
        ' dcterms:source "某书" ; skos:related <x> .\n',
    )
    assert own.places


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "gb.ttl").write_bytes((PREFIXES + "# 青浦区\n").encode("gb18030"))
    with pytest.raises(BadReference, match="UTF-8") as caught:
        load_reference(str(tmp_path / "gb.ttl"))
    assert caught.value.line == FIRST_LINE


def test_missing_files_and_empty_folders(tmp_path: Path) -> None:
    with pytest.raises(BadReference, match="POLICYKG_ONTOLOGY"):
        load_reference(str(tmp_path / "none.ttl"))
    with pytest.raises(BadReference, match=r"没有 \.ttl 文件"):
        load_reference(str(tmp_path))


def test_version_does_not_depend_on_times(tmp_path: Path) -> None:
    body = '<department/子局> a pkg:DepartmentType ; skos:prefLabel "子局"@zh .\n'
    first = load_own(tmp_path, body)
    os.utime(tmp_path / "own.ttl", (1, 1))
    assert load_reference(str(tmp_path / "own.ttl")).version == first.version
