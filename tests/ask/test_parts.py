"""Questions in several parts: what leads to a part and follows it, key words that each ask, whose duty and what breach."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from kg.ask import ask
from kg.ask.library import Library
from kg.ask.parts import parts_of, parts_of_key_words
from kg.ask.reading import read

_RULES = """青溪市共享单车管理办法
第一条 为了规范共享单车的投放和停放，制定本办法。
第二条 经营企业申请增加投放的，市交通运输局应当自收到申请之日起七个工作日内决定是否同意。
第三条 经营企业收到整改通知后，应当在二十四小时内清理违规停放的车辆。
第四条 投放一千辆以下的，每年缴纳保证金五万元；投放一千辆以上的，每年缴纳保证金九万元。
第五条 经营企业不得向未满十二周岁的儿童提供车辆。
第六条 违反本办法第五条规定的，由市交通运输局处三千元罚款。
第七条 停放秩序评分以现场巡查占百分之四十、第三方抽样占百分之六十计算。
第八条 本办法自2024年3月1日起施行，有效期三年。
青溪市人民政府
2024年1月20日
"""
_PLAN = """青溪市人民政府办公室关于印发2024年绿道建设工作方案的通知
各区人民政府，市政府有关部门：
现将《2024年绿道建设工作方案》印发给你们，请认真落实。
青溪市人民政府办公室
2024年2月2日
2024年绿道建设工作方案
一、主要任务
（一）完善滨河绿道。全年新建滨河绿道36公里，设置驿站12座。推进沿线照明改造。（责任单位：市园林局、市水利局）
（二）丰富社区绿道。全年新建社区绿道18公里，10月底前完成标识安装。（责任单位：市城管局）
（三）开展健步活动。2023年举办健步活动20场，2024年举办健步活动35场。
"""
_OTHER = """广安市共享单车停放办法
第一条 为了规范停放，制定本办法。
第二条 本办法自2022年5月1日起施行，有效期五年。
广安市人民政府
2022年4月1日
"""


@pytest.fixture(scope="module")
def held(holding: Callable[[Mapping[str, str]], Any]) -> Any:
    return holding({"办法.txt": _RULES, "方案.txt": _PLAN, "广安.txt": _OTHER})


def _parts(text: str, held: Any) -> list[tuple[str, str]]:
    library = Library(held)
    question = read(text, library)
    return [(p.label, p.whole.text) for p in parts_of(question) or parts_of_key_words(question, library.forms)]


def test_a_part_is_phrased_with_the_clauses_that_lead_to_it_and_follow_it(held: Any) -> None:
    (_, first), (label, second) = _parts(
        "青溪市经营企业收到整改通知后，几小时内清理车辆？押金超过多少的，可以分期缴纳？", held
    )
    assert first.startswith("青溪市经营企业收到整改通知后")
    assert label.endswith("可以分期缴纳")
    assert second.endswith(label)
    assert second.startswith("青溪市")


def test_spans_of_a_part_stand_where_its_text_has_them(held: Any) -> None:
    question = read("青溪市滨河绿道新建多少公里？要是社区绿道，又新建多少公里？", Library(held))
    for part in parts_of(question):
        for one in (part.whole, part.alone):
            for span in (*one.spans, *one.words):
                if span.text:
                    assert (
                        one.text[span.start : span.end] == question.text[question.text.find(span.text) :][: span.length]
                    )


def test_key_words_that_each_ask_are_parts_and_a_question_word_alone_is_none(held: Any) -> None:
    assert [label for label, _ in _parts("青溪市 共享单车 保证金标准 施行日期", held)] == ["保证金标准", "施行日期"]
    assert _parts("青溪市 共享单车 有效期 几年", held) == []
    assert [label for label, _ in _parts("绿道 有效期 续期 提前多久", held)] == ["有效期", "续期 提前多久"]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("青溪市经营企业申请增加投放共享单车后，几个工作日内决定是否同意？收到整改通知后几小时内清理违规停放的车辆？",
         ("七个工作日", "二十四小时")),
        ("青溪市2024年新建滨河绿道多少公里？责任单位是哪些部门？", ("36公里", "市园林局、市水利局")),
        ("青溪市2024年新建社区绿道多少公里？由哪个部门负责？", ("18公里", "市城管局")),
        ("青溪市的共享单车能向未满十二周岁的儿童提供吗？罚多少钱？", ("不得向未满十二周岁", "三千元")),
        ("青溪市 共享单车 投放一千辆以下 保证金 每年", ("五万元", "九万元")),
        ("青溪市停放秩序评分中，现场巡查和第三方抽样各占多大比重？", ("百分之四十", "百分之六十")),
    ],
)  # fmt: skip
def test_every_part_is_told(held: Any, question: str, told: tuple[str, ...]) -> None:
    answer = ask(question, context=held)
    assert answer.answerable
    assert all(one in answer.answer for one in told), answer.answer


def test_who_is_in_charge_of_an_item_is_told_of_no_other(held: Any) -> None:
    answer = ask("青溪市2024年举办健步活动多少场？责任单位是谁？", context=held)
    assert "35场" in answer.answer
    assert "市城管局" not in answer.answer


@pytest.mark.parametrize(
    "question",
    [
        "达州市的共享单车停放办法从什么时候起施行，有效期几年？",
        "青溪市2022年举办健步活动多少场？",
        "青溪市石板镇2024年新建滨河绿道多少公里？",
    ],
)
def test_nothing_is_told_of_another_place_or_year(held: Any, question: str) -> None:
    answer = ask(question, context=held)
    assert not answer.answerable or "没有找到" in answer.answer or "没有收录" in answer.answer, answer.answer


def test_a_year_that_is_told_of_the_asker_s_family_is_none_of_documents(held: Any) -> None:
    assert not read("我侄女住在青溪市，今年满12岁了，能骑共享单车吗？", Library(held)).years
    assert read("青溪市今年新建滨河绿道多少公里？", Library(held)).years


_SUMS = """南浦市惠民补贴若干规定
第一条 为了规范补贴，制定本规定。
第二条 旧房装修补贴按照实际支出的一定比例给予，最高不超过五万元。
第三条 全市养老服务投资总额达到一百二十亿元的目标由市民政局分解。
第四条 符合以下条件的人员可以申请创业补贴：
（一）具有本市户籍；
（二）经营满一年。
第五条 每户领取危房改造补贴三万元，不得超面积建房。
第六条 违反本规定第五条规定，超面积建房的，由市住房城乡建设局处一万元罚款。
第七条 本规定自2021年5月1日起施行。
"""


@pytest.fixture(scope="module")
def sums(holding: Callable[[Mapping[str, str]], Any]) -> Any:
    return holding({"补贴.txt": _SUMS})


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("南浦市旧房装修补贴最高多少？", "五万元"),
        ("南浦市养老服务投资总额要达到多少？", "一百二十亿元"),
        ("南浦市哪些人员可以申请创业补贴？", "具有本市户籍"),
    ],
)
def test_what_a_text_has_is_told_though_another_part_of_it_is_not(sums: Any, question: str, told: str) -> None:
    assert told in ask(question, context=sums).answer


def test_this_year_is_asked_for_in_a_clause_that_asks_whoever_is_told_of(held: Any) -> None:
    assert read("我妈82岁了，今年高龄补贴标准每人多少元，怎么领？", Library(held)).years
