"""What a text must hold by what is asked: the figure of the very kind, its limit, its direction, a number to call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from kg.ask import ask
from kg.ask.library import Library
from kg.ask.reading import read
from kg.ask.words import content_words, cuts_of
from ontology.forms import load

_RULES = """青石县山林看护办法
第一条 为了看护山林，根据《中华人民共和国森林法》，制定本办法。
第二条 本办法所称山林看护员，是指受聘看护山林的人员。看护经验是将多年做法转化为制度的成果。
第三条 看护员由县林业局登记。首次申领看护证，免收证件工本费。补领看护证，应当缴纳证件工本费。
第四条 看护员有效期满需要延期的，应当在期满30日前申请。
第十二条 检查结束后10个工作日内公布检查结果。
第五条 县林业局按照规定支付看护员劳动报酬，并公示举报电话。看护员每年按一定的比例抽查。
第六条 村民建设三层以上木屋的，应当报告。看护所人员不超过二十人。
第七条 审批办理时限不超过5 天，每一百亩配备一名看护员。
第八条 未经批准进山的，由当地人民政府予以警告并处以五百元以下的罚款。
第十条 看护员无正当理由拒绝接受培训的，6个月内不得重新申请。
第十一条 本办法由县林业局解释，自2020年1月1日起施行。《青石县山林管理办法》（青政发〔2005〕8号）同时废止。
"""
_GRANTS = """黑石乡哨所补贴办法
第一条 为了支持哨所，制定本办法。
第二条 哨所正常值守一年以上的，经申请，给予三千元的一次性补贴。
第三条 本办法自2021年1月1日起施行。
"""
_AUTONOMOUS = """海北藏族自治州牧场条例
第一条 为了管理牧场，制定本条例。
第二条 牧场由州农牧局管理。
第三条 本条例由自治州人民代表大会常务委员会解释。
第四条 本条例自2012年1月1日起施行。
"""


@pytest.fixture(scope="module")
def held(holding: Callable[[Mapping[str, str]], Any]) -> Any:
    return holding({"山林.txt": _RULES, "牧场.txt": _AUTONOMOUS, "哨所.txt": _GRANTS})


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("青石县 山林看护 审批办理时限 几天", "不超过5天"),
        ("青石县 看护员 配备标准", "一名看护员"),
        ("青石县首次申领看护证的工本费是多少钱？", "免收"),
        ("青石县看护所人员最多多少人？", "不超过二十人"),
        ("青石县看护员没有正当理由不接受培训，多久之内不能再申请？", "6个月内"),
        ("青石县山林看护办法 施行 废止的旧办法", "《青石县山林管理办法》"),
        ("青石县山林看护办法开始施行时，哪一部原有办法随之废止？", "《青石县山林管理办法》"),
        ("青海海北藏族自治州的牧场条例，由哪个机关负责解释？", "自治州人民代表大会常务委员会"),
        ("青石县办法里的“看护经验”指的是什么？", "多年做法"),
    ],
)
def test_what_holds_the_very_thing_is_told(held: Any, question: str, said: str) -> None:
    answer = ask(question, context=held)
    assert answer.answerable
    assert said in answer.answer


@pytest.mark.parametrize(
    "question",
    [
        "青石县补领看护证的工本费是多少钱？",  # what is free is the first one
        "青石县看护员应当在检查前多少日公布检查结果？",  # told of after it
        "黑石乡哨所的补贴，申请以后多长时间钱能打到账上？",  # a year of service is no time of paying
        "青石县看护员举报电话是多少号？",  # none is printed
        "青石县每年按多大比例抽查看护员？",  # a share that is not told, with a day in the same text
        "青石县 山林看护员 劳动报酬 每天标准",
        "青石县 木屋 最多建几层",  # 三层以上 is no limit above
        "青石县 山林看护费 征收标准",  # a fine is no fee
        "青石县山林看护办法 2020年 印发通知 文号",  # that of the document it repeals
    ],
)
def test_a_figure_of_another_kind_is_no_answer(held: Any, question: str) -> None:
    answer = ask(question, context=held)
    assert not answer.answerable, answer.answer


def test_a_noun_that_can_ask_only_names_where_another_word_asks(held: Any) -> None:
    library = Library(held)
    kinds = {span.kind for span in read("制定机关最迟应在多少日之内报请备案？", library).spans}
    assert "ask.howlong" in kinds
    assert "ask.issuer" not in kinds
    assert "ask.issuer" in {span.kind for span in read("青石县山林看护办法 发文机关", library).spans}
    assert "ask.contact" not in {span.kind for span in read("能打电话的手机要不要登记？", library).spans}


def test_a_stretch_is_cut_as_the_whole_text_is() -> None:
    text = "我被单位借调出去当经济普查员，工资由谁发"
    assert {text.index("借调"), text.index("出去"), text.index("当")} <= cuts_of(text)
    end = text.index("，")
    words = [text[a:b] for a, b in content_words(text, text.index("借调"), end, load(), lambda _: False)]
    assert words[0] == "借调"
    assert not any("调出" in word for word in words)


def test_the_rest_of_a_word_that_a_form_took_says_nothing() -> None:
    text = "直接连卫星打电话"
    words = [text[a:b] for a, b in content_words(text, 0, text.index("电话"), load(), lambda pair: pair != "星打")]
    assert "".join(words).endswith("卫星")


def test_of_two_documents_that_are_named_both_are_told_in_order(held: Any) -> None:
    both = ask("青石县山林看护办法跟黑石乡哨所补贴办法，哪份出得早，是几月几号？", context=held)
    assert not both.answerable or ("山林看护办法" in both.answer and "哨所补贴办法" in both.answer)
