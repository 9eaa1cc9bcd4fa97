"""Who is responsible, by the form in which the text says it."""

from __future__ import annotations

import pytest

from ingest.facts.bodies import Bodies
from ingest.facts.duties import DutyReader
from ingest.facts.duty import merged
from ingest.facts.legends import LegendReader
from ingest.facts.unit_lists import UnitLists
from ingest.sentences import Segmentation
from kg.core.model import Party
from tests.ingest.facts.reading import forms, resolver, tasks, units


@pytest.fixture(scope="module")
def bodies() -> Bodies:
    context = resolver().context(resolver().places.by_qualified["浙江省杭州市"])
    return Bodies(forms(), resolver(), context)


def _written(parties: tuple[Party, ...]) -> list[str]:
    return [p.as_written + (f"/{p.role.value}" if p.role else "") for p in parties]


def _explicit(text: str, bodies: Bodies) -> list[str]:
    return _written(merged(DutyReader(forms(), UnitLists(forms()), bodies, Segmentation(text)).explicit(0, len(text))))


def _said(text: str, bodies: Bodies) -> list[str]:
    reader = DutyReader(forms(), UnitLists(forms()), bodies, Segmentation(text))
    return _written(merged(reader.in_sentences(0, len(text))))


@pytest.mark.parametrize(
    "label",
    [
        "责任单位",
        "牵头单位",
        "责任处室",
        "落实部门",
        "实施主体",
        "完成单位",
        "推进单位",
        "责任部门（单位）",
        "统筹单位",
    ],
)
def test_any_label_of_the_form(label: str, bodies: Bodies) -> None:
    role = "/lead" if label.startswith("牵头") else ""
    for text in (f"开展巡查。{label}：市教育局、市公安局。", f"开展巡查。（{label}：市教育局、市公安局）"):
        assert _explicit(text, bodies) == [f"市教育局{role}", f"市公安局{role}"]


@pytest.mark.parametrize("label", ["联系单位", "报名单位", "主送单位", "计量单位", "联系人", "获奖单位", "申请单位"])
def test_labels_that_charge_nobody(label: str, bodies: Bodies) -> None:
    assert _explicit(f"开展评选。{label}：市教育局、市公安局。", bodies) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("（牵头单位：市教育局，责任单位：市公安局、市财政局；完成时限：6月底前）", ["市教育局/lead", "市公安局/co", "市财政局/co"]),
        ("（市教育局牵头，市公安局、市财政局按职责分工负责）", ["市教育局/lead", "市公安局/co", "市财政局/co"]),
        ("（市教育局、市公安局按职责分工负责）", ["市教育局", "市公安局"]),
        ("（市教育局会同市公安局负责）", ["市教育局/lead", "市公安局/co"]),
        ("（责任单位：市教育局、市公安局（牵头）、市财政局）", ["市教育局/co", "市公安局/lead", "市财政局/co"]),
        ("（责任单位：市教育局牵头；市公安局，市财政局落实）", ["市教育局/lead", "市公安局/co", "市财政局/co"]),
        ("（市教育局牵头，各区人民政府按职责完成有关工作，2024年9月底前完成）", ["市教育局/lead", "各区人民政府/co"]),
        ("（市教育局、市公安局指导）", ["市教育局", "市公安局"]),
        ("（市教育局，李强，63912345）", ["市教育局"]),
        ("（配合单位：市公安局；责任单位：市教育局）", ["市公安局/co", "市教育局/lead"]),
    ],
)  # fmt: skip
def test_roles_in_one_bracket(text: str, expected: list[str], bodies: Bodies) -> None:
    assert _explicit("开展巡查。" + text, bodies) == expected


def test_labels_in_lines_are_one_statement(bodies: Bodies) -> None:
    for gap in ("", "\n"):
        text = f"开展巡查。\n牵头单位：市教育局。{gap}责任单位：市公安局。{gap}完成时限：2024年12月。"
        assert _explicit(text, bodies) == ["市教育局/lead", "市公安局/co"]


def test_two_brackets_are_two_statements(bodies: Bodies) -> None:
    text = "建设岸电。（责任单位：市交通运输局）\n开展减证便民。（市司法局牵头，市公安局配合）"
    assert _explicit(text, bodies) == ["市交通运输局", "市司法局/lead", "市公安局/co"]


@pytest.mark.parametrize(
    "bracket",
    [
        "以下简称平台系统",
        "含市教育局所属学校",
        "详见附件1",
        "2023年版",
        "包括市教育局、市公安局",
        "此件公开发布",
        "征求意见稿",
        "略",
    ],
)
def test_brackets_that_explain(bracket: str, bodies: Bodies) -> None:
    assert _explicit(f"完善统一的系统（{bracket}）。", bodies) == []


def test_a_body_beside_another_is_no_duty(bodies: Bodies) -> None:
    """市建委（市安置办）审核后办理: a second name inside the sentence."""
    assert _explicit("经市教育局（市招生办）审核后办理手续，不再提交材料。", bodies) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("由市应急局牵头，市教育局配合。", ["市应急局/lead", "市教育局/co"]),
        ("由市应急局会同市公安局组织实施。", ["市应急局/lead", "市公安局/co"]),
        ("由市应急局、市公安局负责。", ["市应急局", "市公安局"]),
        ("市应急局牵头，市教育局、市公安局参加，规模不少于二百人。", ["市应急局/lead", "市教育局/co", "市公安局/co"]),
        ("各区、县（市）要加快推进安置核查。", ["各区、县（市）"]),
        ("市委组织部要加强管理。", ["市委组织部"]),
        ("审核通过后由市住房保障局分批通知。", ["市住房保障局"]),
        ("市教育局按照积分优先的原则，确定学位。", ["市教育局"]),
        ("各单位要高度重视，认真负责，抓好落实。", []),
        ("有关部门要密切配合。", []),
        ("企业对产品质量负责。", []),
        ("由此可见，形势严峻。", []),
        ("推动企业落实主体责任，引导学校开展培训。", []),
        ("建立由市教育局牵头的协调机制。", []),
        ("损耗由市水务局据实核销。", ["市水务局"]),
        ("经费由市水务局会同市财政局据实核销。", ["市水务局/lead", "市财政局/co"]),
        ("市水务局（市河湖管理局）负责巡查。", ["市水务局", "市河湖管理局"]),
        ("市水务局及其所属单位按照规定开展巡查。", ["市水务局"]),
        ("市财政局、市水务局等部门单位，按照各自职责，对执行情况进行检查。", ["市财政局", "市水务局"]),
        ("经市教育局审核后办理。", []),
    ],
)
def test_sentences(text: str, expected: list[str], bodies: Bodies) -> None:
    assert _said(text, bodies) == expected


def test_places_stand_where_the_words_do(bodies: Bodies) -> None:
    text = "开展巡查。（市教育局牵头，市公安局、市财政局配合）由市应急局负责。"
    reader = DutyReader(forms(), UnitLists(forms()), bodies, Segmentation(text))
    parties = [
        p
        for d in (*reader.explicit(0, len(text)), *reader.in_sentences(text.index("由"), len(text)))
        for p in d.parties
    ]
    assert len(parties) == 4
    for party in parties:
        assert text[party.start : party.end] == party.as_written
        assert "/" in party.rule
        assert 0 < party.confidence <= 1


@pytest.mark.parametrize("legend", ["列第一位的为牵头单位", "逗号前为牵头单位", "排在首位的单位为牵头单位"])
def test_a_legend_gives_the_lead_to_the_first(legend: str) -> None:
    body = f"以下任务{legend}。\n一、主要任务\n1.开展巡查。每周一次。（市水务局、市教育局）\n2.发布通报。（市水务局、市公安局）"
    assert [units(d) for d in tasks(body)] == [["市水务局/lead", "市教育局/co"], ["市水务局/lead", "市公安局/co"]]


def test_a_legend_names_bodies_of_all_that_follows() -> None:
    body = (
        "一、主要任务\n1.开展巡查。（市水务局牵头，市教育局配合。以下工作均需各区人民政府负责，不再列出）\n"
        "2.发布通报。（市水务局、市公安局按职责分工负责）"
    )
    first, second = tasks(body)
    assert units(first)[:2] == ["市水务局/lead", "市教育局/co"]
    assert units(second) == ["市水务局", "市公安局", "各区人民政府"]


def test_no_legend_is_an_empty_one(bodies: Bodies) -> None:
    legend = LegendReader(forms()).read("市教育局为牵头单位，负责本方案。", bodies)
    assert (legend.first_leads, legend.parties) == (False, ())


def test_a_broken_line_breaks_no_label() -> None:
    whole = "一、主要任务\n（一）建设岸电设施。年内完成。（责任单位：市交通运输局、市生态环境局）"
    broken = "一、主要任务\n（一）\n建设岸电设施。\n年内完成。\n（责\n任单位：市交通运输局、市生态\n环境局）"
    assert [(d.title, units(d)) for d in tasks(broken)] == [(d.title, units(d)) for d in tasks(whole)]
    assert [units(d) for d in tasks(whole)] == [["市交通运输局", "市生态环境局"]]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("各单位及部门要严格执法。", ["各单位及部门"]),
        ("各责任部门要结合实际细化措施。", ["各责任部门"]),
        ("各级党委、政府要加强领导。", ["各级党委"]),
        ("各部门设立专门机构。", ["各部门"]),
        ("各区、各部门要公布名单。", ["各区", "各部门"]),
        ("各区和各部门要公布名单。", ["各区", "各部门"]),
        ("有关部门公布名单。", []),
        ("各项工作要抓紧。", []),
    ],
)
def test_everybody_who_is_told_to_act(text: str, written: list[str], bodies: Bodies) -> None:
    reader = DutyReader(forms(), UnitLists(forms()), bodies, Segmentation(text))
    assert _written(merged(reader.in_sentences(0, len(text), everybody=True))) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("市水务局在巡查中要公布名单。", ["市水务局"]),
        ("市水务局、市教育局等部门协同推进清水行动。", ["市水务局", "市教育局"]),
        ("市直有关部门担负起推进改革的职责。", ["市直有关部门"]),
        ("成立市护河委员会，具体负责解决重大问题。", ["市护河委员会"]),
        ("市护河委员会办公室设在市水务局，负责日常工作。", ["市护河委员会办公室"]),
        ("市水务局，在制定方案过程中要开展评价。", ["市水务局"]),
        ("成立市护河委员会，体现了决心。", []),
    ],
)
def test_subjects_that_stand_apart_from_their_verb(text: str, written: list[str], bodies: Bodies) -> None:
    assert _said(text, bodies) == written


def test_below_safeguards_everybody_counts_beside_named_bodies() -> None:
    first = "一、主要任务\n（一）开展巡查。（市水务局负责）\n二、保障措施\n"
    body = (
        f"{first}（一）加强协同。市水务局、市教育局要协同推进巡查。\n（二）强化落实。各责任部门要细化措施。\n"
        "（三）做好通报。市水务局要通报落实情况。\n（四）强化宣传引导。运用多种媒体宣传。"
    )
    assert [(d.title, units(d)) for d in tasks(body)] == [
        ("开展巡查", ["市水务局"]),
        ("加强协同", ["市水务局", "市教育局"]),
        ("强化落实", ["各责任部门"]),
        ("做好通报", ["市水务局"]),
        ("强化宣传引导", []),
    ]
    alone = (
        f"{first}（一）强化落实。各责任部门要细化措施。\n（二）加强协同。形成合力。\n（三）强化宣传引导。运用多种媒体。"
    )
    assert [d.title for d in tasks(alone)] == ["开展巡查"]
