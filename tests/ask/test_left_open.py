"""What a text leaves to others to settle, what came out of a choice, and papers that are only named: from first runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from kg.ask import ask
from kg.ask.library import Library
from kg.ask.reading import read
from kg.ask.scope import places_of_asker
from ontology.forms import load
from tests.ask.told import assert_not_told, assert_told

_CALL = """乙学院信息系统测评项目采购公告
丁咨询有限公司受乙学院委托，对信息系统测评项目进行公开采购，中标人须缴纳服务费。
一、项目预算金额17万元。
"""
_RIVER = """丙市清水河保护办法
第一条 为了保护清水河，制定本办法。
第二条 丙市人民政府确定的部门负责清水河保护和管理的组织、协调工作。
丁区人民政府按照管理权限负责本区域的清水河保护、管理工作。
第三条 丙市人民政府指定由市水利局承担清水河的水质公告工作。
"""
_GRAIN = """丙市粮食收购条例
（2021年1月5日丙市人民代表大会常务委员会通过）
第一条 为了规范粮食收购，制定本条例。
第二条 粮食收购者未及时向售粮者支付售粮款的，由粮食主管部门责令改正，处二十万元以下的罚款。
"""
_CHECKS = """丙市直销抽查事项清单
直销员招募的检查，依据《直销管理条例》第十五条、第四十四条，由丙市市场监管局负责。
直销企业的检查，依据《直销管理条例》和《行政处罚法》第九条进行。
"""
_DIRECT = """直销管理条例
第一条 为规范直销行为，制定本条例。
第十五条 直销企业及其分支机构不得招募未满18周岁的人员为直销员。
"""
_SCHOOLS = """戊县学校建设补助办法
第一条 新建学校的建设补助按照投资额的一定比例安排。
第二条 改建学校的补助为30万元。
"""
_SCHOOL = """乙大学招生章程
在丙省，我校要求普通文理科考生科目等级为B+B及以上。
各地应于六月底前将招生基数情况报乙大学招生办公室、丙省教育厅备案。
"""


@pytest.fixture(scope="module")
def held(holding: Callable[[Mapping[str, str]], Any]) -> Any:
    texts = {
        "采购.txt": _CALL,
        "清水河.txt": _RIVER,
        "粮食.txt": _GRAIN,
        "清单.txt": _CHECKS,
        "直销管理条例.txt": _DIRECT,
    }
    return holding(texts | {"章程.txt": _SCHOOL, "补助.txt": _SCHOOLS})


@pytest.mark.parametrize(
    "question",
    [
        "乙学院信息系统测评项目最终由哪家公司中标？",
        "丙市人民政府具体确定由哪个局负责清水河保护和管理的组织、协调工作？",
        "戊县新建学校的建设补助按照投资额的多大比例安排？",
    ],
)
def test_what_is_left_open_is_not_told(held: Any, question: str) -> None:
    assert_not_told(held, question)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("丙市人民政府指定由哪个局承担清水河的水质公告工作？", "市水利局"),
        ("丙市直销员招募的检查依据《直销管理条例》哪些条款？", "第四十四条"),
        ("今年把稻谷卖给收粮的老板，售粮款一直拖着不给，按丙市的粮食收购条例，能罚多少？", "二十万元以下"),
        ("各地应于六月底前将招生基数情况报哪些部门和单位备案？", "丙省教育厅"),
    ],
)
def test_what_is_settled_or_named_is_told(held: Any, question: str, told: str) -> None:
    assert_told(held, question, told)


def test_a_paper_is_asked_first_and_others_that_name_its_article_then(held: Any) -> None:
    assert_told(held, "粮食收购者未及时向售粮者支付售粮款的，依据《丙市粮食收购条例》哪一条处罚？", "第二条")
    assert_not_told(held, "丙市的船只未登记的，依据《直销管理条例》哪一条处罚？")


def test_the_article_of_another_paper_is_not_told(held: Any) -> None:
    assert_not_told(held, "丙市直销企业的检查依据《直销管理条例》哪些条款？")


def test_what_somebody_did_this_year_is_no_year_of_a_law(held: Any) -> None:
    library = Library(held)
    assert read("今年工地停了，按照丙市的粮食收购条例，怎么办？", library).years == ()
    assert read("今年的办法里，按照丙市的规定，能领多少？", library).years != ()
    assert read("今年出台了丙市的粮食收购条例，按照粮食收购条例，罚款多少？", library).years != ()
    assert read("今年质量月活动，按照丙市的办法，由谁负责？", library).years != ()


def test_places_where_somebody_wants_to_work_are_his(held: Any) -> None:
    question = read("我们是家境外公司，想同时在江苏、浙江两省搞统计调查，得委托什么机构？", Library(held))
    assert len(question.places) == len(places_of_asker(question, load())) == 2


def test_what_is_no_figure_is_of_the_place_that_its_sentence_names(held: Any) -> None:
    answer = ask("丙省的普通文理科考生报乙大学，科目等级最低要到多少？", context=held)
    assert "B+B" in answer.answer
