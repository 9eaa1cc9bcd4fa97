"""Deadlines."""

from __future__ import annotations

import pytest

from ingest.facts.deadlines import find_deadlines


@pytest.mark.parametrize(
    ("text", "what", "date", "to"),
    [
        (
            "收集照片，形成书面小结，于9月30日前报送至甲区市场监督管理局联系人处。",
            "书面小结",
            "2024-09-30",
            "甲区市场监督管理局",
        ),
        (
            "于2024年9月25日前将活动总结、统计表（详见附件）报送区质量办公室。",
            "活动总结、统计表",
            "2024-09-25",
            "区质量办公室",
        ),
        (
            "请于8月20日（星期二）下班前，将活动计划报送至市质量发展局邮箱a@b.cn。",
            "活动计划",
            "2024-08-20",
            "市质量发展局",
        ),
        ("10月15日前提交书面总结。", "书面总结", "2024-10-15", None),
        ("活动结束后及时总结，并将活动情况及视频反馈至市场监管总局。", "活动情况及视频", None, "市场监管总局"),
        ("应当于每年3月31日前向水务部门提交年度报告。", "年度报告", None, "水务部门"),
    ],
)
def test_forms(text: str, what: str, date: str | None, to: str | None) -> None:
    [found] = find_deadlines(text, year=2024)
    assert (found.what, found.date, found.to) == (what, date, to)
    assert text[found.evidence.start : found.evidence.end] == found.evidence.quote


@pytest.mark.parametrize(
    "text",
    [
        "应当将有关情况报送主管部门。",
        "2024年9月5日发布报告。",
        "1997年9月30日以前犯罪，需要假释的，报经法院核准。",
        "9月30日前完成整改。",
    ],
)
def test_what_is_no_deadline(text: str) -> None:
    assert find_deadlines(text, year=2024) == []
