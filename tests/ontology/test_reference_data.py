"""The reference data that is written by hand: agencies, themes, series, policies. What may be wrong in them is tested
here: a label given twice, an IRI that does not say the label, a pattern that takes a neighbour's activities."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, SKOS, Namespace

from kg.core.ids import DEFAULT_BASE, iri, number_key, title_key
from ontology.reference import load_reference

ONTOLOGY = Path(__file__).resolve().parents[2] / "ontology"
PKG = Namespace("https://w3id.org/policykg/ontology#")
ELI = Namespace("http://data.europa.eu/eli/ontology#")
ORG = Namespace("http://www.w3.org/ns/org#")
SCHEMA = Namespace("https://schema.org/")

CATEGORY_WORDS = (
    "党中央 国务院 政府部门 党委 党委部门 群团组织 人大 政协 司法机关 军队机关 事业单位 企业 协会 学会 高校 医院 媒体 "
    "领导小组 领导小组办公室 议事协调机构 其他"
)
CATEGORIES = set(CATEGORY_WORDS.split())
# 国务院机构改革（2023年）后的组成部门
MINISTRIES = (  # noqa: SIM905
    "外交部 国防部 国家发展和改革委员会 教育部 科学技术部 工业和信息化部 国家民族事务委员会 公安部 国家安全部 民政部 "
    "司法部 财政部 人力资源和社会保障部 自然资源部 生态环境部 住房和城乡建设部 交通运输部 水利部 农业农村部 商务部 "
    "文化和旅游部 国家卫生健康委员会 退役军人事务部 应急管理部 中国人民银行 审计署"
).split()
# Their names begin with the state's by law, being named without a body above
STATE_IN_THE_NAME = {"中华人民共和国上海海关", "中华人民共和国上海海事局"}


def parsed(name: str) -> Graph:
    return Graph().parse(ONTOLOGY / f"{name}.ttl", publicID=DEFAULT_BASE)


@pytest.fixture(scope="module")
def agencies() -> Graph:
    return parsed("agencies")


@pytest.fixture(scope="module")
def themes() -> Graph:
    return parsed("themes")


@pytest.fixture(scope="module")
def series() -> Graph:
    return parsed("series")


@pytest.fixture(scope="module")
def policies() -> Graph:
    return parsed("policies")


def one(graph: Graph, subject: object, predicate: URIRef) -> str:
    (value,) = graph.objects(subject, predicate)  # exactly one, or the test fails here
    return str(value)


def labels(graph: Graph, subject: object) -> list[str]:
    return [str(value) for term in (SKOS.prefLabel, SKOS.altLabel) for value in graph.objects(subject, term)]


def repeated(values: list[str]) -> list[str]:
    return sorted(value for value, count in Counter(values).items() if count > 1)


@pytest.mark.parametrize("name", ["agencies", "themes", "series", "policies"])
def test_every_chinese_text_is_tagged_and_trimmed(name: str):
    for subject, predicate, value in parsed(name):
        if isinstance(value, Literal):
            assert str(value) == str(value).strip() != "", (subject, predicate)
            if predicate in (SKOS.prefLabel, SKOS.altLabel, DCTERMS.title):
                assert value.language == "zh", (subject, value)


# agencies -----------------------------------------------------------------------------------------------------------


def test_agency_iri_says_place_and_name(agencies: Graph):
    found = list(agencies.subjects(RDF.type, ORG.FormalOrganization))
    assert len(found) > 500
    for subject in found:
        place = one(agencies, subject, PKG.jurisdiction).removeprefix(DEFAULT_BASE + "place/")
        assert str(subject) == iri(DEFAULT_BASE, "agency", place, one(agencies, subject, SKOS.prefLabel))


def test_agency_places_are_defined(agencies: Graph):
    known = {URIRef(iri(DEFAULT_BASE, "place", place.qualified)) for place in load_reference().places}
    assert set(agencies.objects(None, PKG.jurisdiction)) <= known


def test_no_form_names_two_agencies(agencies: Graph):
    found = agencies.subjects(RDF.type, ORG.FormalOrganization)
    assert repeated([form for subject in found for form in labels(agencies, subject)]) == []


def test_agency_categories_are_closed(agencies: Graph):
    for subject in agencies.subjects(RDF.type, ORG.FormalOrganization):
        assert one(agencies, subject, PKG.agencyCategory) in CATEGORIES


def test_agency_parents_are_defined_and_not_circular(agencies: Graph):
    parents = dict(agencies.subject_objects(ORG.subOrganizationOf))
    assert set(parents.values()) <= set(agencies.subjects(RDF.type, ORG.FormalOrganization))
    for start in parents:
        path = [start]
        while path[-1] in parents:
            path.append(parents[path[-1]])
            assert path[-1] not in path[:-1], path


def test_no_agency_form_depends_on_the_tier_of_the_reader(agencies: Graph):
    # 市市场监管局, 区经委: whose, only the issuer of a document can say
    forms = [
        form for subject in agencies.subjects(RDF.type, ORG.FormalOrganization) for form in labels(agencies, subject)
    ]
    assert [form for form in forms if re.match(r"[省市区县](?!场|监)|团[省市区县]委", form)] == []


def test_names_stand_without_the_state(agencies: Graph):
    names = {str(name) for name in agencies.objects(None, SKOS.prefLabel)}
    assert {name for name in names if name.startswith("中华人民共和国")} == STATE_IN_THE_NAME


def test_the_state_council_is_complete(agencies: Graph):
    council = URIRef(iri(DEFAULT_BASE, "agency", "全国", "国务院"))
    assert len(MINISTRIES) == 26
    for name in MINISTRIES:
        subject = URIRef(iri(DEFAULT_BASE, "agency", "全国", name))
        assert agencies.value(subject, ORG.subOrganizationOf) == council, name


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("市场监管总局", "国家市场监督管理总局"),
        ("国家市场监管总局", "国家市场监督管理总局"),
        ("国家发展改革委", "国家发展和改革委员会"),
        ("中央宣传部", "中共中央宣传部"),
        ("中宣部", "中共中央宣传部"),
        ("药监局", "国家药品监督管理局"),
        ("国家教委", "国家教育委员会"),
        ("扶贫办", "国务院扶贫开发领导小组办公室"),
        ("供销合作总社", "中华全国供销合作总社"),
        ("全国工商联", "中华全国工商业联合会"),
        ("中央军事委员会", "中央军委"),
        ("铁路上海站", "中国铁路上海局集团有限公司上海站"),
        ("东方航空", "中国东方航空股份有限公司"),
        ("上海机场(集团)有限公司", "上海机场（集团）有限公司"),
        ("人民网", "人民网股份有限公司"),
        ("中国关工委", "中国关心下一代工作委员会"),
        ("全国双拥办", "全国双拥工作领导小组办公室"),
        ("全国爱卫办", "全国爱国卫生运动委员会办公室"),
        ("人行成都分行", "中国人民银行成都分行"),
        ("南方电网", "中国南方电网有限责任公司"),
        # 与通常的叫法（住房和城乡建设管理委员会、交通运输委员会）不同的地方
        ("北京市住建委", "北京市住房和城乡建设委员会"),
        ("广州市交委", "广州市交通委员会"),
    ],
)
def test_short_forms(agencies: Graph, form: str, name: str):
    (subject,) = {
        s for term in (SKOS.prefLabel, SKOS.altLabel) for s in agencies.subjects(term, Literal(form, lang="zh"))
    }
    assert one(agencies, subject, SKOS.prefLabel) == name


def test_signatures_of_the_national_notice_are_known(agencies: Graph, corpus_dir: Path):
    (text,) = [path.read_text("utf-8") for path in corpus_dir.glob("全国2024*.txt")]
    block = text[text.rindex("市场监管总局 中央宣传部") : text.rindex("2024 年 7 月")]
    # 教 育 部: letters spaced out to fill the line
    names = re.sub(r"(?<!\S)(\S) (\S) (\S)(?!\S)", r"\1\2\3", block).split()
    forms = {str(value) for term in (SKOS.prefLabel, SKOS.altLabel) for value in agencies.objects(None, term)}
    assert len(names) == 27
    assert set(names) <= forms


def test_issuers_and_responsible_bodies_of_central_papers_are_known(agencies: Graph, gold_dir: Path):
    papers = json.loads((gold_dir / "gov-html" / "gold.json").read_text("utf-8"))
    named = {name for paper in papers for name in paper["issuers"] + paper["agencies_with_responsibility"]}
    forms = {str(value) for term in (SKOS.prefLabel, SKOS.altLabel) for value in agencies.objects(None, term)}
    assert len(named) > 10
    assert named - forms == set()


# themes and series --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "kind"), [("themes", "theme"), ("series", "series")])
def test_concepts_have_their_label_as_iri_and_one_scheme(name: str, kind: str):
    graph = parsed(name)
    found = list(graph.subjects(RDF.type, SKOS.Concept))
    assert len(found) > 50
    for subject in found:
        assert str(subject) == iri(DEFAULT_BASE, kind, one(graph, subject, SKOS.prefLabel))
        assert one(graph, subject, SKOS.inScheme) == f"{DEFAULT_BASE}scheme/{name}"
    assert repeated([label for subject in found for label in labels(graph, subject)]) == []


def test_every_theme_has_keywords(themes: Graph):
    for subject in themes.subjects(RDF.type, SKOS.Concept):
        assert all(len(str(word)) > 1 for word in themes.objects(subject, PKG.keyword))
        assert (subject, PKG.keyword, None) in themes, subject


def test_series_point_at_known_themes(series: Graph, themes: Graph):
    known = set(themes.subjects(RDF.type, SKOS.Concept))
    for subject in series.subjects(RDF.type, SCHEMA.EventSeries):
        assert URIRef(one(series, subject, ELI.is_about)) in known


def decide(series: Graph, title: str) -> str | None:
    """The rule of decision: the longest match wins. A tie between two series is an error of the data."""
    found: dict[str, int] = {}
    for subject, pattern in series.subject_objects(PKG.titlePattern):
        if match := re.search(str(pattern), title):
            name = one(series, subject, SKOS.prefLabel)
            found[name] = max(found.get(name, 0), len(match[0]))
    best = [name for name, length in found.items() if length == max(found.values())]
    assert len(best) <= 1, (title, found)
    return best[0] if best else None


def test_every_pattern_matches_text_and_never_nothing(series: Graph):
    for _, pattern in series.subject_objects(PKG.titlePattern):
        assert re.compile(str(pattern)).search("") is None, pattern
        assert re.search(str(pattern), "关于印发工作方案的通知") is None, pattern


def test_every_label_of_a_series_is_decided_for_it(series: Graph):
    for subject in series.subjects(RDF.type, SCHEMA.EventSeries):
        name = one(series, subject, SKOS.prefLabel)
        assert {label: decide(series, label) for label in labels(series, subject)} == dict.fromkeys(
            labels(series, subject), name
        )


def test_no_pattern_takes_the_label_of_another_series(series: Graph):
    names = {s: labels(series, s) for s in series.subjects(RDF.type, SCHEMA.EventSeries)}
    taken = [
        (str(pattern), label)
        for subject, pattern in series.subject_objects(PKG.titlePattern)
        for other, forms in names.items()
        if other != subject
        for label in forms
        if re.search(str(pattern), label)
    ]
    assert taken == []


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("举办长三角“质量月”共同行动启动仪式", "质量月启动仪式"),
        ("召开全区质量工作大会暨“全国质量月”启动仪式", "质量月启动仪式"),
        ("“质量月”升旗、宣誓及授旗仪式", "质量月启动仪式"),
        ("开展质量公益系列宣传活动", "质量公益宣传"),
        ("在主要站点发布“质量月”公益广告", "质量公益宣传"),
        ("质量知识“六进”活动", "质量知识N进"),
        ("质量教育进党校、进园区、进学校、进企业、进街镇活动", "质量知识N进"),
        ("组织百家企业“质量开放日”活动", "质量开放日"),
        ("开展政府质量奖企业开放日", "质量开放日"),
        ("鼓励质量标杆企业开展企业“质量开放日”活动", "质量开放日"),
        ("组织中小企业参观质量标杆企业", "质量标杆"),
        ("企业首席质量官论坛", "首席质量官"),
        ("组织开展中小企业首席质量官培训", "首席质量官"),
        ("质量标准论坛", "质量论坛"),
        ("举办电子电器产品质量安全大讲堂", "质量大讲堂"),
        ("发布《青浦区质量状况分析报告（2023年度）》", "质量状况白皮书"),
        ("组织本市企业开展重点产品质量攻关", "重点产品质量攻关"),
        ("水务建设工程质量月综合大检查", "水务工程质量月综合大检查"),
        ("开展重点领域产品质量监督抽查", "产品质量监督抽查"),
        ("组织开展人民群众质量体验活动", "市民质量体验"),
        ("“市民看质量”", "市民质量体验"),
        ("组织开展计量强检上门服务", "计量"),
        ("开展“计量服务中小企业行”活动", "计量服务中小企业行"),
        ("5·20世界计量日宣传活动", "世界计量日"),
        ("组织开展质量服务惠民便民活动", "质量惠民"),
        ("强化质量基础设施“一站式”服务", "质量基础设施一站式服务"),
        ("开展质量基础设施集成服务行动", "质量基础设施一站式服务"),
        ("2024年放心消费创建优秀单位、达标单位评审活动", "放心消费创建"),
        ("举办首届QC小组活动成果展示大赛", "质量管理小组活动"),
        ("举办第五届中国质量奖颁奖仪式暨国家质量强国专家论坛", "政府质量奖颁奖"),
        ("深入开展产业链供应链质量联动提升专题活动", "产业链质量提升"),
        ("开展食品质量安全实验室参观日活动", "实验室开放日"),
        ("开展检验检测机构开放日活动（次）", "实验室开放日"),
        ("开展全国安全生产月活动", "安全生产月"),
        # near misses: an opening is no campaign's opening, a forum is no opening, a training is no lecture
        ("启动线下零售企业承诺七日无理由退货服务活动", None),
        ("政府质量奖颁奖启动", "政府质量奖颁奖"),
        ("参观家具建材检验中心", None),
        ("开展重点工业产品生产企业质量安全培训", None),
        ("“首席品牌官”和“品牌大讲堂”培训", None),
        ("青年质量标兵评选", None),
        ("委托计量质量检测所开展工作", None),
        ("企业社会责任报告发布", None),
    ],
)
def test_titles_are_decided(series: Graph, title: str, name: str | None):
    assert decide(series, title) == name


# policies -----------------------------------------------------------------------------------------------------------


def test_policy_iri_is_the_key_of_its_title(policies: Graph):
    found = list(policies.subjects(RDF.type, ELI.LegalResource))
    assert len(found) > 300
    for subject in found:
        assert str(subject) == iri(DEFAULT_BASE, "policy", title_key(one(policies, subject, DCTERMS.title)))


def test_no_title_or_alias_means_two_policies(policies: Graph):
    keys = [
        (title_key(str(form)), subject)
        for term in (DCTERMS.title, SKOS.altLabel)
        for subject, form in policies.subject_objects(term)
    ]
    assert repeated([key for key, _ in set(keys)]) == []


def test_no_number_is_given_twice(policies: Graph):
    assert repeated([number_key(str(number)) for number in policies.objects(None, ELI.id_local)]) == []


def test_policy_numbers_and_dates_are_well_formed(policies: Graph):
    for subject, number in policies.subject_objects(ELI.id_local):
        assert re.fullmatch(r"[\u4e00-\u9fff]+〔\d{4}〕\d+号|[\u4e00-\u9fff]+令第\d+号|GB/T \d+-\d{4}", str(number)), (
            subject
        )
    for subject, day in policies.subject_objects(ELI.date_document):
        assert date(1949, 10, 1) <= date.fromisoformat(str(day)) <= date(2025, 12, 31), subject


def test_year_of_a_number_agrees_with_the_date(policies: Graph):
    for subject, number in policies.subject_objects(ELI.id_local):
        day = policies.value(subject, ELI.date_document)
        if day is not None and (year := re.search(r"〔(\d{4})〕", str(number))):
            assert str(day).startswith(year[1]), subject


@pytest.mark.parametrize(
    ("number", "title"),
    [
        ("国家市场监督管理总局令第75号", "工业产品生产单位落实质量安全主体责任监督管理规定"),
        ("国家市场监督管理总局令第76号", "工业产品销售单位落实质量安全主体责任监督管理规定"),
        ("国家市场监督管理总局令第57号", "特种设备安全监督检查办法"),
        ("国务院令第722号", "优化营商环境条例"),
        ("国务院令第711号", "中华人民共和国政府信息公开条例"),
    ],
)
def test_order_numbers(policies: Graph, number: str, title: str):
    (subject,) = policies.subjects(ELI.id_local, Literal(number))
    assert one(policies, subject, DCTERMS.title) == title


def test_titles_of_statutes_are_those_of_the_statute_book(policies: Graph, laws_dir: Path):
    book = set()
    for path in laws_dir.rglob("*.md"):
        with path.open(encoding="utf-8") as file:
            book.add(title_key(file.readline().lstrip("# ")))
    statutes = {"宪法", "法律", "行政法规", "地方性法规"}
    named = {
        title_key(one(policies, subject, DCTERMS.title))
        for subject, kind in policies.subject_objects(PKG.kindLabel)
        if str(kind) in statutes
    }
    assert len(named) > 250
    assert named - book <= {"民法典"}  # the book holds its parts


def test_orders_are_those_printed_in_the_statute_book(policies: Graph, laws_dir: Path):
    wrong, checked = [], 0
    for path in laws_dir.glob("全国/行政法规/*.md"):
        lines = path.read_text("utf-8").split("<!-- INFO END -->")[0].splitlines()
        subject = URIRef(iri(DEFAULT_BASE, "policy", title_key(lines[0].lstrip("# "))))
        number = policies.value(subject, ELI.id_local)
        if number is not None:
            checked += 1
            if str(number) not in "".join(lines):
                wrong.append((path.name, str(number)))
    assert checked > 40
    assert wrong == []


# all together -------------------------------------------------------------------------------------------------------


def test_the_loader_accepts_the_data():
    from ontology.reference import load_reference

    reference = load_reference()
    assert {"全国", "上海市"} <= {agency.place for agency in reference.agencies}
    assert any(record.label == "质量开放日" and record.theme == "质量服务" for record in reference.series)
    assert any(record.label == "质量宣传" and "公益宣传" in record.keywords for record in reference.themes)
    outline = next(record for record in reference.policies if record.title == "质量强国建设纲要")
    assert (set(outline.issuers), outline.date, outline.kind) == ({"中共中央", "国务院"}, "2023-02-06", "纲要")
