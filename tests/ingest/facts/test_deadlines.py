"""Deadlines: what limits in time, what does not, and by when one task is due."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.candidates import Candidate
from ingest.facts.deadlines import WEAK, DeadlineProducer
from kg.core.model import Deadline
from ontology.forms import load
from tests.clock import growth


@lru_cache(maxsize=1)
def producer() -> DeadlineProducer:
    return DeadlineProducer(load())


def found(text: str, year: int | None = 2024, date: str | None = "2024-03-05") -> list[Candidate[Deadline]]:
    return [c for c in producer().propose(text, year=year, date=date) if not c.features & WEAK]


def one(text: str, year: int | None = 2024, date: str | None = "2024-03-05") -> Candidate[Deadline]:
    [candidate] = found(text, year, date)
    return candidate


@pytest.mark.parametrize(
    ("text", "rule", "date"),
    [
        ("（一）建设泊位。年内完成改造。（牵头单位：市交通局；完成时限：2024年10月底前）", "label", "2024-10-31"),
        ("更新港口车辆。〔责任部门：运输处，时限要求：6月底〕", "label", "2024-06-30"),
        ("加强巡查。（市交通局牵头，2024年8月底前完成）", "before", "2024-08-31"),
        ("2024年底前，各县区要建成充电桩一百个。", "before", "2024-12-31"),
        ("力争今年年底前实现全覆盖。", "before", "2024-12-31"),
        ("到2027年，基本建成服务体系。", "toward", "2027-12-31"),
        ("展望2035年，全面建成现代化体系。", "toward", "2035-12-31"),
        ("申报时间：2024年8月11日至8月22日。", "window", "2024-08-22"),
        ("（二）自查自纠阶段（2024年4月—2024年6月）。各单位对照检查。", "window", "2024-06-30"),
        ("申请人可在6月27日10：00—7月1日15:00登录系统填报志愿。", "window", "2024-07-01"),
        ("报名截止时间：2024年5月6日17:00。", "label", "2024-05-06"),
        ("本办法自2024年5月1日起施行。", "effective", "2024-05-01"),
        ("各项措施有效期至2026年12月31日。", "window", "2026-12-31"),
        ("7月2日，区教育局公布录取情况。", "schedule", "2024-07-02"),
        ("各市开展情况请于2024年10月底报省住房城乡建设厅。", "schedule", "2024-10-31"),
        ("第三季度组织一次抽查。", "schedule", "2024-09-30"),
        ("每年5月底前，各部门要梳理事项。", "recurring", None),
        ("各处室于每月25日前向法规处报送情况。", "recurring", None),
        ("自收到申请之日起10个工作日内完成认定。", "relative", None),
        ("于清单发布后6个月内推送数据。", "relative", None),
        ("合同期满前3个月提出续租申请。", "relative", None),
        ("局党组每季度召开1次推进会。", "frequency", None),
        ("参保人一年至少进行一次认证。", "frequency", None),
    ],
)  # fmt: skip
def test_what_limits(text: str, rule: str, date: str | None) -> None:
    candidates = found(text)
    assert (f"deadline.{rule}", date) in [(c.rule, c.fact.date) for c in candidates], candidates
    for c in candidates:
        assert c.fact.evidence.quote == text[c.fact.evidence.start : c.fact.evidence.end]
        assert c.fact.as_written in text


@pytest.mark.parametrize(
    "text",
    [
        "截至2024年2月底，全市累计培训200人。",
        "2018年4月30日前注册登记的新能源乘用车，补贴2万元。",
        "2024年6月30日前已建成的房屋，按原标准执行。",
        "根据《甲市三年行动计划（2023—2025年）》的要求",
        "2023年9月29日，市长为获奖者颁奖。",
        "2024年3月5日",
        "（2024年3月5日）",
        "2024年是全面落实规划的关键一年。",
        "从2020年的3万增加到2025年的5万",
        "近三年内未受过处罚。",
        "将办理时间压缩至2个工作日内。",
        "1997年9月30日以前犯罪，需要假释的，报经法院核准。",
        "应当将有关情况报送主管部门。",
    ],
)
def test_what_does_not(text: str) -> None:
    assert found(text) == []


def test_dates_of_one_list_share_their_limit() -> None:
    text = "各部门于2024年6月15日、9月15日、12月5日前将完成情况报送市政府办公室。"
    candidates = found(text)
    assert [c.fact.date for c in candidates] == ["2024-06-15", "2024-09-15", "2024-12-05"]
    assert {(c.fact.what, c.fact.to) for c in candidates} == {("完成情况", "市政府办公室")}


@pytest.mark.parametrize(
    ("text", "what", "date", "to"),
    [
        ("收集照片，形成书面小结，于9月30日前报送至甲区市场监督管理局联系人处。", "书面小结", "2024-09-30", "甲区市场监督管理局"),
        ("于2024年9月25日前将活动总结、统计表（详见附件）报送区质量办公室。", "活动总结、统计表", "2024-09-25", "区质量办公室"),
        ("请于8月20日（星期二）下班前，将活动计划报送至市质量发展局邮箱a@b.cn。", "活动计划", "2024-08-20", "市质量发展局"),
        ("10月15日前提交书面总结。", "书面总结", "2024-10-15", None),
        ("活动结束后及时总结，并将活动情况及视频反馈至市场监管总局。", "活动情况及视频", None, "市场监管总局"),
        ("应当于每年3月31日前向水务部门提交年度报告。", "年度报告", None, "水务部门"),
        ("9月30日前完成整改。", "完成整改", "2024-09-30", None),
        ("5月底前，各县（市、区）要将清单报省行政审批局汇总审核。", "清单", "2024-05-31", "省行政审批局"),
    ],
)  # fmt: skip
def test_what_is_due_and_to_whom(text: str, what: str, date: str | None, to: str | None) -> None:
    fact = one(text).fact
    assert (fact.what, fact.date, fact.to) == (what, date, to)


def test_a_label_speaks_of_the_item_that_it_closes() -> None:
    text = "1.建设岸电设施。年底前建成十处。\n牵头单位：市交通局。\n责任单位：各县区。完成时限：2024年10月。\n2.更新车辆。\n"
    [label] = [c for c in found(text) if c.rule == "deadline.label"]
    assert (label.fact.what, label.fact.date) == ("建设岸电设施", "2024-10-31")


@pytest.mark.parametrize(
    ("text", "date", "expected"),
    [
        ("3月底前完成整改。", "2023-11-20", "2024-03-31"),  # a paper of November looks ahead
        ("12月底前完成整改。", "2023-11-20", "2023-12-31"),
        ("2023年1月起草，6月底前报送。", "2023-02-01", "2023-06-30"),
    ],
)
def test_a_month_without_a_year_lies_ahead(text: str, date: str, expected: str) -> None:
    assert expected in [c.fact.date for c in found(text, 2023, date)]


def test_the_year_of_a_cited_paper_or_another_section_does_not_count() -> None:
    assert one("按照《关于2021年工作的通知》，6月底前完成整改。").fact.date == "2024-06-30"
    text = "一、2023年工作情况\n已有进展。\n二、2025年重点任务\n9月底前完成整改。"
    assert one(text).fact.date == "2025-09-30"


@pytest.mark.parametrize(
    ("words", "date", "as_written"),
    [
        ("2023年12月", "2023-12-31", "2023年12月"),
        ("2023.12", "2023-12-31", "2023.12"),
        ("6月底前", "2024-06-30", "6月底前"),
        ("长期坚持", None, "长期坚持"),
        ("持续推进", None, "持续推进"),
        ("更新车辆。（责任单位：市交通局，完成时限：长期）", None, "长期"),
        ("加强协作。（市教育局牵头，长期推进）", None, "长期推进"),
        ("6月底前制定方案，12月底前全面完成。", "2024-12-31", "12月底前"),
        ("2024年上半年完成选址。完成时限：2024年11月。", "2024-11-30", "2024年11月"),
        ("5月底前编制各级机关作出但未履行到位的承诺清单。", "2024-05-31", "5月底前"),
    ],
)
def test_due_of_one_task(words: str, date: str | None, as_written: str) -> None:
    due = producer().due_of(words, 2024, "2024-03-05")
    assert due is not None
    assert (due.date, due.as_written) == (date, as_written)


@pytest.mark.parametrize(
    "words", ["持续推进联合测绘", "加强宣传。", "在规定时间内办结", "2018年4月30日前注册的车辆，给予补贴。"]
)
def test_no_due(words: str) -> None:
    assert producer().due_of(words, 2024, "2024-03-05") is None


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="0123456789年月日底前至到自起内每季度一二三，。；：（）\n完成报送时限市局第条", max_size=60))
def test_quotes_are_verbatim_whatever_the_text(text: str) -> None:
    for c in producer().propose(text, year=2024, date="2024-03-05"):
        assert c.fact.evidence.quote == text[c.fact.evidence.start : c.fact.evidence.end]
        assert 0 <= c.start < c.end <= len(text)


@pytest.mark.parametrize("unit", ["1号、2号、", "3日内", "每年每月", "2024年", "1", "6月底前"])
def test_time_grows_with_length(unit: str) -> None:
    def prepare(count: int) -> Callable[[], object]:
        return lambda: producer().propose(unit * count, year=2024, date="2024-03-05")

    assert growth(prepare, 2_000) <= 12


def test_in_a_text_without_lines_a_bracket_belongs_to_the_words_before_it() -> None:
    text = "".join(f"推进第{n}类设施改造。各单位要抓好落实。（完成时限：2024年{n % 12 + 1}月底）" for n in range(100))
    assert [c.fact.what for c in found(text)][80:83] == [f"推进第{n}类设施改造" for n in (80, 81, 82)]


def test_a_heading_above_a_time_is_its_label() -> None:
    assert one("二、申报时间\n2024年6月1日至6月30日。").rule == "deadline.window"
    assert found("二、活动时间\n2024年6月1日至6月30日。") == []
    assert found("二、其他\n2024年6月1日至6月30日。") == []


@pytest.mark.parametrize(
    "text",
    [
        "8月11日，某矿瓦斯爆炸事故造成三人受伤。",
        "2003年7月起，村民经常感觉到地面振动。",
        "8月11日至18日，全省连续发生3起事故。",
    ],
)
def test_what_has_happened_is_no_deadline(text: str) -> None:
    assert found(text, 2004, "2004-01-16") == []
