"""What a breach brings, told by the number of a provision; and what is never told of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from kg.ask import ask
from kg.ask.library import Library
from kg.ask.penalties import penalties_of
from kg.ask.windows import Window
from kg.core.model import Document

_LAW = """白水市楼宇管理条例
第一条 为了管好楼宇，制定本条例。
第二条 任何人不得高空抛掷物品，不得在楼道堆放杂物，不得占用消防通道。
第三条 物业服务人应当每周清洗水箱。
业主应当遵守下列规定：
（一）不得拆改承重墙；
（二）不得在夜间装修施工。
第四条 电梯应当每月检查。
第五条 检查结果应当公示。
第六条 楼顶不得饲养家禽。
第七条 外墙广告应当经过许可。
第八条 违反本条例第二条规定，高空抛掷物品的，由公安机关处二千元罚款。
第九条 违反本条例第三条第二款第一项规定的，由住房城乡建设部门责令恢复，处五万元罚款。
第十条 违反本条例第四条，未按照第五条规定公示的，处八百元罚款。
第十一条 违反本条例第五条至第七条规定的，由城市管理部门责令改正；拒不改正的，处三百元罚款。
第十二条 违反本条例第三条规定的，由住房城乡建设部门处一千元罚款：
（一）清洗水箱少于规定次数的；
（二）在夜间装修施工的。
第十三条 本条例自2023年1月1日起施行。
"""


@pytest.fixture(scope="module")
def held(holding: Callable[[Mapping[str, str]], Any]) -> Any:
    return holding({"楼宇.txt": _LAW})


@pytest.fixture(scope="module")
def law(held: Any) -> Document:
    (summary,) = held.catalogue.documents()
    return held.catalogue.document(summary.id)


def test_the_provisions_that_are_named_are_found_by_paragraphs_items_and_ranges(held: Any, law: Document) -> None:
    told = {
        law.text[one.rule[0] : one.rule[1]].strip(): law.text[one.start : one.end]
        for one in penalties_of(law, Library(held).forms)
    }
    assert [rule for rule in told if "承重墙" in rule] == ["（一）不得拆改承重墙；"]
    assert "五万元" in told["（一）不得拆改承重墙；"]
    assert [rule[:3] for rule, text in told.items() if "三百元" in text] == ["第五条", "第六条", "第七条"]


def test_what_tells_its_own_acts_punishes_no_others(held: Any, law: Document) -> None:
    texts = [law.text[one.start : one.end] for one in penalties_of(law, Library(held).forms)]
    assert not [text for text in texts if "高空抛掷" in text or "八百元" in text or "一千元" in text]


@pytest.mark.parametrize(
    ("question", "told", "rule"),
    [
        ("在楼顶养家禽，让改不改，罚多少钱", "三百元", "楼顶不得饲养家禽"),
        ("拆改承重墙罚多少", "五万元", "不得拆改承重墙"),
    ],
)
def test_the_article_that_punishes_answers_with_the_provision_beside_it(
    held: Any, question: str, told: str, rule: str
) -> None:
    answer = ask(question, context=held)
    assert answer.answerable
    assert told in answer.answer
    assert any(rule in cited.quote for cited in answer.evidence)


@pytest.mark.parametrize("question", ["在楼道堆放杂物罚多少钱", "占用消防通道罚款多少", "每月不检查电梯罚多少钱"])
def test_no_fine_of_another_act_is_told(held: Any, question: str) -> None:
    assert not ask(question, context=held).answerable


def test_the_penalties_of_a_law_are_looked_for_once(held: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def counted(document: Document, forms: Any) -> Any:
        read.append(document.id)
        return penalties_of(document, forms)

    monkeypatch.setattr("kg.ask.library.penalties_of", counted)
    library = Library(held)
    from kg.ask.passages import ranked_windows
    from kg.ask.reading import read as understood

    _, ranked = ranked_windows(understood("在楼顶养家禽罚多少钱", library), library)
    assert len(read) == 1
    assert any(isinstance(one, Window) and one.rule for one in ranked)


_REPORT = """白水市2026年政府工作报告
一、2025年工作回顾
城镇新增就业22.89万人，地区生产总值增长4.1%，占比为43.5%。
二、2026年重点工作
城镇新增就业21万人。
白水市人民政府
2026年1月20日
"""
_NOTICE = """白水市财政局关于发放创业奖励的通知
白财〔2026〕3号
一、创业奖励每人5000元，免征个人所得税。
二、荣誉奖由市政府颁发证书，免征个人所得税。
三、除享受前条规定的安家费二万元外，另发交通补贴800元。
四、材料齐全的，十五个工作日内发放；怀孕未满4个月的，另行申请。
五、申请表一式三份，合同不少于二份，值班时长为二十四小时，每班三名人员。
白水市财政局
2026年2月3日
"""


@pytest.fixture(scope="module")
def papers(holding: Callable[[Mapping[str, str]], Any]) -> Any:
    return holding({"报告.txt": _REPORT, "奖励.txt": _NOTICE})


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("白水市 申请表份数", "一式三份"),
        ("白水市 值班时长 每班人数", "二十四小时"),
        ("白水市2026年城镇新增就业目标多少万人", "21万人"),
        ("材料交齐后多少个工作日发放", "十五个工作日"),
    ],
)
def test_nouns_say_what_is_counted(papers: Any, question: str, told: str) -> None:
    assert told in ask(question, context=papers).answer


def test_the_year_of_a_report_is_not_that_of_what_it_looks_back_on(papers: Any) -> None:
    answer = ask("白水市2026年城镇新增就业多少万人", context=papers)
    assert "22.89" not in answer.answer or not answer.answerable


@pytest.mark.parametrize("question", ["荣誉奖的奖金是多少元", "荣誉奖奖金金额"])
def test_free_of_tax_is_no_sum(papers: Any, question: str) -> None:
    answer = ask(question, context=papers)
    assert not (answer.answerable and "荣誉奖" in answer.answer and "5000" not in answer.answer)


def test_what_an_exception_names_has_no_part_in_the_figure(papers: Any) -> None:
    answer = ask("安家费多少元", context=papers)
    assert not answer.answerable or "二万元" in answer.answer
