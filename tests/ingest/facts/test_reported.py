"""What reports tell: events in sentences, headings that say what was done, plans at the end."""

from __future__ import annotations

import pytest

from kg.core.model import Status
from tests.ingest.facts.reading import tasks, units


def _report(body: str) -> list[tuple[str, str, list[str]]]:
    found = tasks(body, kind="通报", title="关于2024年工作情况的通报")
    return [(d.status.value, d.title, units(d)) for d in found]


def test_who_held_what() -> None:
    body = "一、主要做法\n（一）强化组织。市水务局举办了节水知识竞赛。市教育局会同市公安局开展校园安全检查。"
    assert _report(body) == [
        ("reported", "举办节水知识竞赛", ["市水务局"]),
        ("reported", "开展校园安全检查", ["市教育局", "市公安局/co"]),
    ]


def test_the_one_that_leads_is_kept_over_the_comma() -> None:
    body = "一、主要做法\n（一）强化组织。市市场监管局牵头，联合市公安局开展了燃气具专项检查。"
    assert _report(body) == [("reported", "开展燃气具专项检查", ["市市场监管局/lead", "市公安局/co"])]


@pytest.mark.parametrize(
    ("clause", "title", "bodies"),
    [
        ("由市水务局、市教育局主办的节水周启动仪式在人民广场举行", "节水周启动仪式", ["市水务局", "市教育局"]),
        ("市水务局制作的《节水漫步》系列短视频在网络平台上线", "制作《节水漫步》系列短视频", ["市水务局"]),
        ("市水务局指导市教育局开展节水培训", "开展节水培训", ["市水务局", "市教育局"]),
        ("成功举办节水知识培训班3期", "举办节水知识培训班", []),
    ],
)
def test_forms_of_telling(clause: str, title: str, bodies: list[str]) -> None:
    found = _report(f"一、主要做法\n（一）强化组织。{clause}。")
    assert ("reported", title, bodies) in found


@pytest.mark.parametrize("writer", ["我局", "我市", "本区"])
def test_the_writer_itself(writer: str) -> None:
    body = f"2023年，{writer}举办了政策宣讲会，开展普惠金融系列活动，新建公办幼儿园42所。\n下一步，{writer}将召开现场推进会。"
    assert _report(body) == [
        ("reported", "举办政策宣讲会", []), ("reported", "开展普惠金融系列活动", []), ("planned", "召开现场推进会", []),
    ]  # fmt: skip


def test_headings_say_what_was_done_where_nobody_is_named() -> None:
    body = (
        "一、工作成效显著\n（一）基础设施实现跨越式发展。网络规模全球领先。\n（二）创新能力加快提升。技术取得突破。\n"
        "二、存在的问题\n（一）投入不足。\n三、下一步工作安排\n（一）推进关键技术攻关。集中力量。\n（二）完善治理体系。"
    )
    assert _report(body) == [
        ("reported", "基础设施实现跨越式发展", []), ("reported", "创新能力加快提升", []),
        ("planned", "推进关键技术攻关", []), ("planned", "完善治理体系", []),
    ]  # fmt: skip


def test_numbers_and_praise_are_no_events() -> None:
    body = "一、主要做法\n（一）强化组织。市水务局参加培训人数同比增长，惠及群众3万人。产品合格率提高。"
    assert all(status == Status.REPORTED.value and title == "强化组织" for status, title, _ in _report(body))


def test_the_honoured_are_not_responsible() -> None:
    body = "市政府决定对下列单位进行表彰。\n一、金杯单位\n肥东县人民政府\n长丰县人民政府\n二、银杯单位\n临安区人民政府"
    found = tasks(body, kind="决定", title="关于表彰2024年竞赛先进单位的决定")
    assert [units(d) for d in found if d.responsible] == []


def test_a_report_that_goes_on_to_plans() -> None:
    body = (
        "一、主要工作情况\n一是推进河湖整治。清理岸线30公里。\n二是严守安全底线。排查隐患20处。\n二、存在的问题\n"
        "一是投入不足。缺口较大。\n二是人员紧张。编制偏少。\n三、2025年工作计划\n（一）推进水网建设。开工3个项目。"
    )
    found = tasks(body, kind="", title="市水务局2024年工作总结及2025年工作思路")
    assert [(d.status.value, d.title) for d in found] == [
        ("reported", "推进河湖整治"), ("reported", "严守安全底线"), ("planned", "推进水网建设"),
    ]  # fmt: skip
