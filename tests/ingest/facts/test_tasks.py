"""Which items are tasks, what they are called, and whose they are."""

from __future__ import annotations

import pytest

from tests.clock import growth
from tests.ingest.facts.reading import FOOT, HEAD, clean_of, prepared, propose, tasks, titles, units

CHAPTER = "一、主要任务\n"


@pytest.mark.parametrize("label", ["1.", "1、", "1．", "（1）", "(1)", "①", "（一）", "(一)", "1 ."])
def test_every_style_of_number(label: str) -> None:
    second = label.replace("1", "2").replace("①", "②").replace("一", "二")
    assert titles(f"{CHAPTER}{label}开展巡查。每周一次。\n{second}发布通报。每月一次。") == ["开展巡查", "发布通报"]


def test_more_than_999_items() -> None:
    lines = "\n".join(f"{n}.开展第{n}次巡查。" for n in range(1, 1101))
    found = titles(CHAPTER + lines)
    assert len(found) == 1100
    assert found[-1] == "开展第1100次巡查"


@pytest.mark.parametrize("length", [40, 70, 81, 82, 120, 400])
def test_length_never_drops_an_item(length: int) -> None:
    words = ("推动企业降本增效，" * 80)[: length - 8]
    (task,) = tasks(f"{CHAPTER}1.优化报备流程，{words}持续改善（责任单位：市教育局）")
    assert units(task) == ["市教育局"]
    assert task.title.startswith("优化报备流程")
    assert len(task.title) <= 60


def test_numbers_inside_one_line() -> None:
    assert titles(f"{CHAPTER}1.开展巡查。每周一次。2.发布通报。每月一次。3.组织培训。") == [
        "开展巡查",
        "发布通报",
        "组织培训",
    ]


def test_a_number_that_lost_its_line() -> None:
    body = (
        "一、建立巡查机制\n每周一次。\n责任单位：市教育局牵头，市公安局配合二、建立通报机制。每月一次。\n责任单位：市公安局\n"
        "三、建立培训机制\n每年一次。"
    )
    assert titles(body) == ["建立巡查机制", "建立通报机制", "建立培训机制"]


def test_enumerations_with_units_of_their_own_are_tasks() -> None:
    body = "一、深化改革\n多措并举。一是加强窗口建设。明确流程。\n责任单位：市教育局\n二是优化审查机制。做好宣传。\n责任单位：市公安局"
    assert [(d.title, units(d)) for d in tasks(body) if d.parent is None] == [
        ("加强窗口建设", ["市教育局"]), ("优化审查机制", ["市公安局"]),
    ]  # fmt: skip
    assert titles("一、深化改革\n多措并举。一是加强窗口建设。二是优化审查机制。") == ["深化改革"]


@pytest.mark.parametrize(
    "heading",
    ["指导思想", "总体要求", "工作目标", "适用范围", "申请条件", "联系方式", "活动时间", "基本原则", "重要意义"],
)
def test_framing_is_no_task(heading: str) -> None:
    body = f"一、{heading}\n（一）坚持统筹。各方面协调推进。\n（二）坚持创新。不断完善。\n二、重点任务\n（一）开展巡查。每周一次。"
    assert titles(body) == ["开展巡查"]


def test_units_win_over_a_framing_word() -> None:
    body = (
        "一、主要任务\n（一）开展巡查。（市水务局负责）\n二、工作保障\n（一）健全机制。各部门要建立协作机制。\n"
        "三、加强组织保障\n（一）强化宣传。运用多种媒体。（市委宣传部、市水务局负责）"
    )
    assert titles(body) == ["开展巡查", "强化宣传"]


@pytest.mark.parametrize(
    "items",
    [
        "符合下列条件之一：\n1.年满十八周岁；\n2.具有本市户籍；\n3.连续缴纳社保三个月以上。",
        "需提供以下材料：\n1.申请表；\n2.身份证复印件；\n3.学历证书复印件。",
        "有下列情形之一的，不适用本通知：\n1.存在权属争议；\n2.涉及违法建设；\n3.被依法查封。",
    ],
)
def test_lists_of_conditions_and_papers(items: str) -> None:
    assert titles(f"一、申领对象\n{items}") == []


def test_attachments_contents_questions_articles() -> None:
    for body in (
        "附件：\n1.河湖巡查统计表\n2.河湖巡查宣传实例\n3.操作指引.pdf",
        "目录\n1.关于推进巡查的通知......3\n2.关于加强监管的意见......7",
        "1.申请流程是怎样的？\n登录后提交。\n2.需要具备哪些条件？\n年满十八周岁。",
        "第一条 为了加强管理，制定本办法。\n第二条 申请人应当具备下列条件：\n（一）有固定场所；\n（二）有专业人员。",
    ):
        assert titles(body) == [], body


def test_particulars_belong_to_the_activity_above() -> None:
    body = (
        "一、活动安排\n（一）开展节水宣传周活动\n1.活动时间：5月13日至19日。\n2.活动内容：组织讲座和展览。\n"
        "3.组织单位：市水务局、市教育局。\n（二）开展节水进校园活动\n1.活动时间：5月20日。\n2.组织单位：市教育局。"
    )
    assert [(d.title, units(d)) for d in tasks(body) if d.parent is None] == [
        ("开展节水宣传周活动", ["市水务局", "市教育局"]), ("开展节水进校园活动", ["市教育局"]),
    ]  # fmt: skip


def test_units_below_the_last_of_several_are_of_all() -> None:
    body = (
        "一、建立工作机制\n1.成立领导小组，统筹推进。\n2.实行例会制度，每月调度。\n3.健全通报机制，定期公布。\n"
        "责任单位：市水务局牵头，市教育局配合\n二、开展督查\n每季一次。"
    )
    found = {d.title: units(d) for d in tasks(body)}
    for title in ("成立领导小组，统筹推进", "实行例会制度，每月调度", "健全通报机制，定期公布"):
        assert found[title] == ["市水务局/lead", "市教育局/co"]
    assert found["开展督查"] == []


def test_a_child_with_units_of_its_own_inherits_nothing() -> None:
    body = "一、优化环境（牵头单位：市水务局）\n1.开展巡查。（责任单位：市教育局）\n2.发布通报。"
    found = {d.title: units(d) for d in tasks(body)}
    assert found["开展巡查"] == ["市教育局"]
    assert found["发布通报"] == ["市水务局/lead"]


@pytest.mark.parametrize(
    ("item", "title"),
    [
        (
            "依托“智慧平台”，优化用水报装流程，缩短办理时间，减轻企业办事负担，提升服务效能，推动企业降本增效。",
            "依托“智慧平台”，优化用水报装流程",
        ),
        ("开展巡查。每周一次。", "开展巡查"),
        ("制定《水务（供水）管理细则》。年内完成。", "制定《水务（供水）管理细则》"),
        ("节水知识竞赛活动：9月16日至22日，通过线上线下相结合的方式举办", "节水知识竞赛活动"),
        ("开展“节水周”活动（5月上旬）。", "开展“节水周”活动"),
        ("开展巡查（责任单位：市教育局）", "开展巡查"),
        ("诚信签约活动——市市场监管局", "诚信签约活动"),
    ],
)
def test_titles(item: str, title: str) -> None:
    assert titles(f"{CHAPTER}1.{item}\n2.发布通报。") == [title, "发布通报"]


def test_a_body_at_the_head_of_an_item() -> None:
    body = (
        "一、职责分工\n1.市交通运输局。牵头推进岸电建设。\n2.市生态环境局：负责大气监测。\n3.各港口企业。落实主体责任。"
    )
    assert [(d.title, units(d)) for d in tasks(body)] == [
        ("牵头推进岸电建设", ["市交通运输局/lead"]), ("负责大气监测", ["市生态环境局"]), ("落实主体责任", ["各港口企业"]),
    ]  # fmt: skip


def test_ways_of_working_are_no_activities_inside() -> None:
    body = f"{CHAPTER}1.优化服务。推动线上线下深度融合、协调发展，落实“网上办”“掌上办”，实施“双随机、一公开”制度。"
    assert [d.title for d in tasks(body)] == ["优化服务"]


def test_what_is_held_inside_an_item() -> None:
    body = f"{CHAPTER}1.广泛开展宣传。举办现场咨询活动，开展“节水周”系列活动。"
    parent, *inner = tasks(body)
    assert parent.title == "广泛开展宣传"
    assert {d.title for d in inner} == {"举办现场咨询活动", "开展“节水周”系列活动"}
    assert {d.parent for d in inner} == {0}


def test_a_closing_paragraph_is_not_the_last_item() -> None:
    body = (
        f"{CHAPTER}1.开展巡查。每周一次。\n2.发布通报。每月一次。\n市水务局、市教育局牵头建立联动机制，逐项推进实施。"
    )
    assert [(d.title, units(d)) for d in tasks(body)] == [
        ("开展巡查", []), ("发布通报", []),
        ("市水务局、市教育局牵头建立联动机制，逐项推进实施", ["市水务局/lead", "市教育局/lead"]),
    ]  # fmt: skip


def test_evidence_and_offsets_are_exact() -> None:
    text = HEAD + f"{CHAPTER}（一）\n建设岸电设\n施。年内完成。\n（责\n任单位：市交通运输局）\n（二）开展巡查。" + FOOT
    clean = clean_of(text)
    for candidate in propose(text):
        evidence = candidate.fact.evidence
        assert clean.text[evidence.start : evidence.end] == evidence.quote
        for party in candidate.fact.responsible:
            assert clean.text[party.start : party.end].replace("\n", "") == party.as_written


def test_everything_is_proposed_with_its_evidence() -> None:
    proposed = propose(HEAD + "一、总体要求\n坚持统筹。\n二、主要任务\n（一）开展巡查。（市教育局负责）" + FOOT)
    features = {c.fact.title: c.features for c in proposed}
    assert "own-aims" in features["总体要求"]
    assert {"units", "acts", "under-tasks"} <= features["开展巡查"]
    assert all(c.rule for c in proposed)


def test_renaming_bodies_changes_no_task() -> None:
    body = "{0}1.开展巡查。每周一次。（{1}牵头，{2}配合）\n2.发布通报。由{2}负责。"
    shapes = set()
    for first, second in (
        ("市水务局", "市教育局"),
        ("市大数据局", "市城运中心"),
        ("县科协", "县融媒体中心"),
        ("各区人民政府", "市直有关单位"),
    ):
        found = tasks(body.format(CHAPTER, first, second))
        shapes.add(
            tuple((d.title, tuple(u.replace(first, "甲").replace(second, "乙") for u in units(d))) for d in found)
        )
    assert len(shapes) == 1


@pytest.mark.parametrize(
    "unit",
    [
        "1号、2号、",
        "（一）开展巡查。\n",
        "1.开展巡查。\n",
        "（市教育局、",
        "由市教育局",
        "责任单位：",
        "附件：\n",
        "1",
        "一是",
        "二是完善机制（甲局负责）。\n",
        "市教育局\n",
    ],
)
def test_time_grows_with_length(unit: str) -> None:
    assert growth(lambda length: prepared(HEAD + CHAPTER + (unit * length)[:length]), 2000) <= 12
