"""What is not held, not said, or not known is told apart, and never answered with something else."""

from __future__ import annotations

import pytest

from kg.answer import ask


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("2024年上海市质量月通知的文号是多少", "库内没有上海市2024年的文件"),
        ("沪府办〔2023〕12号是什么文件", "库内没有"),
        ("《质量促进法》是谁制定的", "库内没有"),
        ("2022年上海质量月活动花了多少经费？", "没有写明"),
        ("浦东的质量月启动仪式几点开始？", "没有写明"),
        ("2024年闵行区有没有办质量开放日？", "未入库"),
        ("青浦区2021年质量月的主题是什么", "库内没有青浦区2021年的文件"),
    ],
)
def test_refusal_names_its_reason(question, reason, context):
    answer = ask(question, context=context)
    assert not answer.answerable
    assert reason in answer.answer


def test_a_district_is_not_answered_with_another_ones_document(context):
    answer = ask("2024年吴江区的质量月主题", context=context)
    assert not answer.answerable
    assert "长三角新质生产力" not in answer.answer
