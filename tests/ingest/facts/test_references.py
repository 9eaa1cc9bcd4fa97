"""References to policies, and works."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.facts.references import ReferenceProducer
from kg.core.ids import title_key
from kg.core.model import PolicyReference, Work
from ontology.forms import load
from tests.clock import growth


def find_references(text: str, **options: Any) -> tuple[list[PolicyReference], list[Work]]:
    found, works = ReferenceProducer(load()).propose(text, **options)
    return [c.fact for c in found], works


def references(text: str, **options: Any) -> list[PolicyReference]:
    return find_references(text, **options)[0]


def one(text: str, **options: Any) -> PolicyReference:
    found = references(text, **options)
    assert len(found) == 1, found
    return found[0]


def test_title_with_number_issuers_and_verb() -> None:
    found = one("市局会同市总工会和团市委印发《关于开展安全月活动的通知》（沪安办〔2022〕902号），部署工作。")
    assert (found.title, found.number, found.relation) == ("关于开展安全月活动的通知", "沪安办〔2022〕902号", "印发")
    assert found.issuer == "市局、市总工会、团市委"
    assert found.evidence.quote.endswith("（沪安办〔2022〕902号）")


def test_nested_marks_stay_in_the_title() -> None:
    found = one("根据2005年12月19日《国务院关于修改〈甲条例〉的决定》修订")
    assert (found.title, found.issuer) == ("国务院关于修改〈甲条例〉的决定", "国务院")
    assert one("你们《关于呈报《甲规划》的请示》收悉").title == "关于呈报《甲规划》的请示"


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        ("落实党中央、国务院《甲纲要》的部署", "党中央、国务院"),
        ("根据国家市场监管总局发布的《甲通知》要求", "国家市场监管总局"),
        ("对标市场监管总局《甲指南（试行）》，", "市场监管总局"),
        ("由对外经济贸易部发布的《甲办法》同时废止", "对外经济贸易部"),
        ("关于执行《甲条例》的补充规定如下", None),
        ("你部《甲意见》收悉", None),
    ],
)
def test_issuer_before_the_title(text: str, issuer: str | None) -> None:
    assert one(text).issuer == issuer


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("进一步落实《甲纲要》和相关要求", "贯彻落实"),
        ("依照《甲条例》的规定", "根据"),
        ("开展《甲条例》宣贯培训", "宣传贯彻"),
        ("《甲办法》同时废止", "废止"),
        ("违反《甲法》第三条的", "违反"),
        ("《甲纲要》指出", None),
    ],
)
def test_relation(text: str, relation: str | None) -> None:
    assert one(text).relation == relation


def test_coordinated_titles_share_their_verb() -> None:
    assert {r.relation for r in references("根据《甲法》、《乙法》，《丙条例》等规定")} == {"根据"}


def test_alias_of_this_document() -> None:
    found = references("落实《质量纲要》（国发〔2023〕1号，以下简称《纲要》）部署。推进《纲要》实施。")
    assert [(r.title, r.alias_of) for r in found] == [("质量纲要", None), ("质量纲要", "质量纲要")]
    assert found[0].number == "国发〔2023〕1号"


def test_a_common_name_after_several_titles_is_no_alias() -> None:
    found = references(
        "《甲决定》和《乙纲要（2015—2020年）》对公示制度、记录制度（以下统称“两项制度”）作出部署。推行“两项制度”。"
    )
    assert [r.title for r in found] == ["甲决定", "乙纲要（2015—2020年）"]


def test_alias_in_quotation_marks() -> None:
    found = references("批准《甲市总体规划》（以下简称“总体规划”）。严格执行“总体规划”。")
    assert [r.as_written for r in found] == ["《甲市总体规划》", "“总体规划”"]
    assert found[1].title == "甲市总体规划"


def test_a_short_form_needs_a_bare_genre() -> None:
    found = references("根据《中华人民共和国职业教育法》，参照《教育法》。")
    assert [r.title for r in found] == ["中华人民共和国职业教育法", "教育法"]
    assert references("见《甲市实施纲要》。《纲要》提出")[1].title == "甲市实施纲要"
    assert references("请按《通知》执行") == []


def test_elliptical_list() -> None:
    # which plan 本省 means, the words alone do not say
    assert [r.title for r in references("宣传贯彻《甲纲要》及本省实施方案")] == ["甲纲要"]
    found = references("宣传贯彻《甲纲要》及丙省实施方案、乙县实施细则。")
    assert [r.title for r in found] == ["甲纲要", "甲纲要丙省实施方案", "甲纲要乙县实施细则"]
    assert {r.relation for r in found} == {"宣传贯彻"}
    assert [r.title for r in references("《甲法》及其实施条例")] == ["甲法", "甲法实施条例"]
    assert [r.title for r in references("《甲法》和相关工作方案")] == ["甲法"]


def test_orders_and_bare_numbers() -> None:
    official = {"市场监管总局": "国家市场监督管理总局"}.get
    found = references("重点宣贯市场监管总局的75号、76号令，按沪质办〔2022〕5号要求", issuer_name=official)
    assert [r.number for r in found] == [
        "国家市场监督管理总局令第75号",
        "国家市场监督管理总局令第76号",
        "沪质办〔2022〕5号",
    ]


def test_a_number_recalls_the_title_that_stood_beside_it() -> None:
    found = references("依照《甲通知》（国办发〔1993〕71号）。\n按照国办发〔1993〕71号文件的规定")
    assert [r.title for r in found] == ["甲通知", "甲通知"]


def test_the_documents_own_title_and_number_are_no_references() -> None:
    text = "某某办文件\n\n甲质办〔2024〕72号\n\n关于印发《甲区活动方案》的通知\n现将《甲区活动方案》印发给你们。"
    assert references(text, own_titles=["关于印发《甲区活动方案》的通知"], own_numbers=["甲质办〔2024〕72号"]) == []
    assert references("现将《乙方案》印发给你们，请执行。") == []
    assert references("1994年1月28日中华人民共和国国务院令第142号发布") == []


def test_standards() -> None:
    found = references("推广GB/T 19580《甲准则》和《乙体系 要求》（GB/T 19001-2016）")
    assert [r.number for r in found] == ["GB/T 19580", "GB/T 19001-2016"]


def test_works_and_forms_are_no_policies() -> None:
    found, works = find_references(
        "发布《甲市质量状况白皮书（2019年）》《乙分析报告》，与电视台制播《丙特别节目——走进工厂》，在《丁观察》杂志刊文，填写《戊申请表》。"
    )
    assert found == []
    assert [(w.title, w.kind) for w in works] == [
        ("甲市质量状况白皮书（2019年）", "白皮书"),
        ("乙分析报告", "报告"),
        ("丙特别节目——走进工厂", "特别节目"),
        ("丁观察", "杂志"),
        ("戊申请表", "证照文书"),
    ]


def test_names_without_marks() -> None:
    text = (
        "遵守中华人民共和国产品质量法，履行关于禁止甲武器国际公约规定的义务，关于深化改革的意见（国发〔2015〕43号）要求"
    )
    assert [r.title for r in references(text)] == [
        "中华人民共和国产品质量法",
        "关于禁止甲武器国际公约",
        "关于深化改革的意见",
    ]
    assert references("中华人民共和国司法部负责开展刑事司法协助") == []
    known = {"中央八项规定": "关于改进工作作风的八项规定"}.get
    assert one("严格执行中央八项规定及其实施细则精神", known=known).title == "关于改进工作作风的八项规定"


def test_one_missing_mark_does_not_hide_the_next_title() -> None:
    assert "乙条例" in [r.title for r in references("根据《甲法，以及《乙条例》的规定。")]
    assert references("《甲条例没有写完。") == []


@settings(max_examples=200)
@given(st.text(alphabet="《》〈〉“”（）()根据及和、，。\n\t条例法办法第0123〔〕号令以下简称国务院", max_size=60))
def test_never_raises_and_quotes_are_verbatim(text: str) -> None:
    found, works = find_references(text, own_titles=["甲"])
    items: list[PolicyReference | Work] = [*found, *works]
    for item in items:
        assert item.evidence.quote == text[item.evidence.start : item.evidence.end]
    assert all(r.title or r.number for r in found)


def test_real_documents(corpus_dir) -> None:  # type: ignore[no-untyped-def]
    for file in sorted(corpus_dir.glob("*.txt")):
        text = file.read_text(encoding="utf-8")
        found, works = find_references(text)
        assert found, file.name
        items: list[PolicyReference | Work] = [*found, *works]
        for item in items:
            assert item.evidence.quote == text[item.evidence.start : item.evidence.end]


@pytest.mark.parametrize(
    ("short", "full"),
    [("《药品管理法》", "药品管理法"), ("《实施条例》", "药品管理法实施条例"), ("《决定》", "关于惩治某某犯罪的决定")],
)
def test_a_list_of_short_forms_follows_the_order_of_the_titles(short: str, full: str) -> None:
    text = (
        "根据《关于惩治某某犯罪的决定》、《中华人民共和国药品管理法》、《中华人民共和国药品管理法实施条例》"
        f"（以下分别简称为《决定》、《药品管理法》和《实施条例》），制定本办法。依照{short}第三条处理。"
    )
    references, _ = find_references(text)
    assert references[-1].as_written == short
    assert references[-1].title is not None
    assert title_key(references[-1].title) == full


def test_laws_in_general_are_no_law() -> None:
    text = "推动有关单位落实反恐怖主义法律、法规和政策，并依据反恐怖主义法第十条处理。"
    references, _ = find_references(
        text, known=lambda name: "中华人民共和国反恐怖主义法" if name == "反恐怖主义法" else None
    )
    assert [r.evidence.quote for r in references] == ["并依据反恐怖主义法第十条处理。"]


@pytest.mark.parametrize(
    ("text", "relations"),
    [
        ("根据国务院发布的《甲条例》制定本办法", ["根据"]),
        ("贯彻落实省政府新修订的《甲条例》", ["贯彻落实"]),
        ("根据省政府印发《甲通知》精神", ["根据"]),
        ("根据市政府要求，制定《甲方案》", ["制定"]),
        ("按《甲办法》执行", ["根据"]),
        ("违反《甲法》、《乙条例》规定的", ["违反", "违反"]),
        ("根据《甲法》制定本办法，《乙办法》同时废止", ["根据", "废止"]),
        ("《甲办法》（沪府〔2001〕1号）、《乙规定》和《丙细则》同时废止", ["废止", "废止", "废止"]),
        ("由对外经济贸易部发布的《甲办法》同时废止", ["废止"]),
        ("决定对《甲条例》作如下修改", ["修订"]),
        ("会议提到《甲纲要》", ["提到"]),
        ("《甲实施办法》第三条", [None]),
        ("推进实施方案《甲计划》", [None]),
    ],
)
def test_the_head_of_the_clause_rules(text: str, relations: list[str | None]) -> None:
    assert [r.relation for r in references(text)] == relations


def test_own_annexes_are_no_references() -> None:
    text = (
        "请填写《甲统计规定》（见附件1），按《乙工作要求》办理。根据《丙办法》执行。\n"
        "附件：1.甲统计规定\n2.乙工作要求\n\n附件2\n乙工作要求\n一、总体要求"
    )
    assert [r.title for r in references(text)] == ["丙办法"]


def test_titles_of_many_papers_are_sure_only_with_issuer_or_date() -> None:
    bare = one("根据《关于修改部分地方性法规的决定》")
    told = one("根据甲市人大常委会《关于修改部分地方性法规的决定》（2020年11月27日）")
    assert (bare.rule, told.rule) == ("title-not-unique", "title-not-unique")
    assert bare.confidence < told.confidence
    assert (told.issuer, told.date) == ("甲市人大常委会", "2020-11-27")
    assert one("贯彻《政府工作报告》").rule == "title-not-unique"
    assert one("落实《关于加强质量工作的决定》").rule == "title"


def test_conditions_flows_and_tables_of_scores_are_policies() -> None:
    text = "对照《甲安全生产基本条件》审核，按照《乙指标体系及分值表》计分，印发《丙审办理流程》。"
    assert [r.title for r in references(text)] == ["甲安全生产基本条件", "乙指标体系及分值表", "丙审办理流程"]


def test_plans_of_a_period_without_marks() -> None:
    assert one("认真落实“十四五”数字经济发展规划和战略").title == "“十四五”数字经济发展规划"
    assert references("“十四五”期间编制规划") == []


def test_time_grows_with_length() -> None:
    for unit in ("《甲法》", "附件\n", "（以下简称《甲》", "根据《甲法》，", "国发〔2015〕1号、"):
        assert growth(lambda count, unit=unit: partial(references, unit * count), 2_000) <= 12, unit
