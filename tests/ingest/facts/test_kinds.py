"""Kinds of tasks and of bodies that first runs on unseen documents missed, each in words of our own."""

from __future__ import annotations

import pytest

from tests.ingest.facts.reading import propose, tasks, titles, units

MEASURES = "推行节水“一次告知行动”", "优化用水报装流程", "压减办理时间", "建立回访机制"


@pytest.mark.parametrize("blank", ["", " ", "　"])
def test_measures_are_numbered_like_articles_and_are_tasks(blank: str) -> None:
    body = "节水服务四条\n" + "\n".join(
        f"第{n}条{blank}{words}。办事窗口要及时受理。" for n, words in zip("一二三四", MEASURES, strict=True)
    )
    assert titles(body, kind="通知") == list(MEASURES)


def test_articles_of_rules_are_no_tasks() -> None:
    rules = (
        "为规范取水管理，制定本办法",
        "本办法适用于本市取水单位",
        "取水单位应当安装计量设施",
        "市水务局负责取水监督管理",
    )
    body = "取水管理办法\n" + "\n".join(f"第{n}条　{words}。" for n, words in zip("一二三四", rules, strict=True))
    assert titles(body) == []


def test_conduct_that_charges_somebody_is_a_task() -> None:
    body = (
        "一、工作要求\n（一）加强组织领导。各区要明确专人负责，按期完成。\n（二）凝聚工作合力。市水务局要加强沟通协调。\n"
        "（三）严格通报考核。将开展情况纳入年度考评。"
    )
    assert titles(body) == ["加强组织领导", "凝聚工作合力", "严格通报考核"]
    assert titles("一、工作要求\n（一）提高认识。\n（二）加强领导。坚持实事求是。") == []


def test_what_a_body_hands_in_by_a_day_is_a_task() -> None:
    body = "一、工作要求\n（一）提高认识。坚持实事求是。\n（二）余杭区水务局、临平区水务局于2024年4月30日前将巡查总结报市水务局。"
    assert len(titles(body)) == 1


@pytest.mark.parametrize(
    ("sentence", "bodies"),
    [
        ("采购人应当按照规定开展需求调查", ["采购人"]),
        ("主管预算单位也应加强监督", ["主管预算单位"]),
        ("各市自行确定年度目标", ["各市"]),
        ("承担相关业务的处室，自受理之日起，应减少跑动", ["承担相关业务的处室"]),
        ("办事窗口要落实首问负责制", ["办事窗口"]),
        ("市水务局将会同各区水务局开展核查", ["市水务局/lead", "各区水务局/co"]),
        ("各区在市有关部门指导下完善制度", ["各区"]),
        ("请各区水务局抓紧报告", ["各区水务局"]),
        ("各指标领域市级牵头部门要做好对接", ["各指标领域市级牵头部门"]),
        ("由所涉及的市水务局、市教育局等市级主管部门（单位）牵头完成报告", ["市水务局/lead", "市教育局/lead"]),
    ],
)
def test_subjects_of_sentences(sentence: str, bodies: list[str]) -> None:
    (draft,) = [d for d in tasks(f"一、重点任务\n（一）强化节水管理。{sentence}。") if d.parent is None]
    assert units(draft) == bodies


@pytest.mark.parametrize(
    "sentence",
    [
        "按月通报各地各部门推进情况",
        "有关部门组建协调小组推进落实",
        "下设办公室，承担日常工作",
        "用人单位要按时缴费",
        "更好发挥政府作用",
        "申请人应当提交材料",
    ],
)
def test_fragments_are_no_bodies(sentence: str) -> None:
    found = tasks(f"一、重点任务\n（一）强化节水管理。{sentence}。")
    assert [units(d) for d in found if d.parent is None] == [[]]


def test_projects_are_tasks_by_their_units() -> None:
    body = (
        "一、实施人才行动\n（一）服务保障体系\n1.人才公寓。建设一批公寓。（牵头单位：市住保房管局，配合单位：各有关单位，各区）\n"
        "2.121人才项目。培养一批人才。（牵头单位：市人力社保局，配合单位：市教育局）"
    )
    found = [d for d in tasks(body) if d.responsible]
    assert [d.title for d in found] == ["人才公寓", "121人才项目"]
    assert units(found[0]) == ["市住保房管局/lead", "各有关单位/co", "各区/co"]


def test_a_whole_text_in_one_line() -> None:
    body = (
        "一、整治范围全市范围内的河湖。二、重点工作（一）开展河湖巡查1.组织拉网式排查。（牵头单位：市水务局）2.清理岸线垃圾。"
        "（牵头单位：市城管局）（二）加强宣传发动利用广播电视宣传。（牵头单位：市委宣传部）三、工作要求各区要抓紧。"
    )
    assert [units(d) for d in tasks(body) if d.responsible and d.no in ("1", "2", "二")] == [
        ["市水务局/lead"], ["市城管局/lead"], ["市委宣传部/lead"],
    ]  # fmt: skip


def test_a_break_that_became_a_blank_ends_a_title() -> None:
    body = "一、部门自查 市水务局要按照职责逐项自查。二、重点抽查 市教育局将开展抽查。"
    assert titles(body) == ["部门自查", "重点抽查"]


def test_enumerations_below_a_chapter() -> None:
    body = "一、2024年主要工作情况 一是推进河湖整治。清理岸线30公里。 二是严守安全底线。排查隐患20处。"
    assert titles(body) == ["推进河湖整治", "严守安全底线"]


def test_a_run_over_chapters_goes_on_below_safeguards() -> None:
    first = "".join(f"（{n}）优化第{n}项服务。抓好实施。\n" for n in "一二三四五六七八")
    body = "一、优化服务\n" + first + "二、政策保障\n（九）健全多元投入机制。\n（十）加强人才队伍建设。"
    assert titles(body)[-2:] == ["健全多元投入机制", "加强人才队伍建设"]


def test_a_demand_for_reports_is_not_of_the_last_item() -> None:
    body = (
        "一、工作要求\n（一）强化责任。各区要抓好落实。\n（二）营造氛围。市教育局要加强宣传。"
        "各区水务局应分别于6月10日、10月10日前将进展情况报送我局。"
    )
    assert units(tasks(body)[-1]) == ["市教育局"]


def test_a_notice_without_items() -> None:
    text = "各地各部门要将节水工作纳入重点工作，制定本地区方案。市水务局将会同市教育局，加强跟踪问效。"
    assert [units(d) for d in tasks(text)] == [["各地各部门"], ["市水务局/lead", "市教育局/co"]]


@pytest.mark.parametrize(
    "words", ["配强“政策专员”", "严守安全底线", "抓牢粮食生产", "“一体化”推进城乡融合", "合理确定用水定额"]
)
def test_acts_by_their_form(words: str) -> None:
    (found,) = [c for c in propose(f"一、重点任务\n（一）{words}。抓好实施。") if c.fact.title == words]
    assert "acts" in found.features
