"""哪些区开展过质量开放日，历年有何变化？"""

from __future__ import annotations

import dataclasses

import pytest

from kg.answer import ask
from kg.core.config import Settings
from kg.service import Service

QUESTION = "哪些区开展过质量开放日，历年有何变化？"


def states(answer) -> dict[tuple[int, str], dict]:
    """Rows by year and state; those that differ in their carriers only are put together."""
    found: dict[tuple[int, str], dict] = {}
    for row in answer.rows:
        whole = found.setdefault((row["年份"], row["状态"]), {"地区": [], "数量": 0, "承担单位": {}})
        whole["地区"] += row["地区"].split("、")
        whole["数量"] += row["数量"]
        whole["承担单位"][row["地区"]] = row["承担单位"]
    return found


def test_four_states_by_year(context):
    answer = ask(QUESTION, context=context)
    found = states(answer)
    assert found[2019, "推及"]["数量"] == 16
    assert list(found[2019, "推及"]["承担单位"].values()) == ["上海市各区市场监督管理局"]
    assert found[2022, "未提及"]["数量"] == 16
    assert found[2024, "点名"]["地区"] == ["浦东新区", "青浦区"]
    assert "街镇" in found[2024, "点名"]["承担单位"]["青浦区"]
    assert "青浦" not in found[2024, "点名"]["承担单位"]["浦东新区"]
    assert found[2024, "未入库"]["数量"] == 14
    assert "上海市计量测试技术研究院" in answer.answer
    assert "各政府质量奖获奖组织" in answer.answer
    assert "不等于已经开展" in answer.answer
    assert answer.chart is not None
    assert "全市16个区" in answer.answer
    assert answer.answer.count("崇明区") == 1


def test_places_stand_in_the_order_of_their_codes(context):
    names = states(ask(QUESTION, context=context))[2019, "推及"]["地区"]
    assert names[:3] == ["黄浦区", "徐汇区", "长宁区"]
    assert names[-2:] == ["奉贤区", "崇明区"]


@pytest.mark.parametrize(
    "wording",
    [
        "质量开放日历年有哪些区办过？有什么变化",
        "各区里哪些搞过质量开放曰，这几年怎么变的",
        "哪几个区开展过“质量开放日”活动，逐年变化情况",
    ],
)
def test_other_wordings_give_the_same_rows(wording, context):
    assert ask(wording, context=context).rows == ask(QUESTION, context=context).rows


def test_a_removed_document_is_missed_at_once(tmp_path, corpus_dir):
    service = Service(dataclasses.replace(Settings.load(home=tmp_path), embedder="none"))
    service.ingest([corpus_dir])
    plan = next(item["id"] for item in service.documents() if item["place"] == "青浦区")
    service.remove([plan])
    found = states(ask(QUESTION, context=service.snapshot()))
    assert found[2024, "点名"]["地区"] == ["浦东新区"]
    assert "青浦区" in found[2024, "未入库"]["地区"]
