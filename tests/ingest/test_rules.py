"""Rules: articles that charge a body, or a sort of bodies, are tasks; those of laws are not."""

from __future__ import annotations

import pytest

from ingest.pipeline import read_document
from kg.core.model import Document
from ontology.reference import load_reference

NOTICE = """杭州市人民政府关于印发《杭州市应急水源管理办法》的通知
杭政函〔2023〕9号
各区人民政府，市政府各部门：
现将《杭州市应急水源管理办法》印发给你们，请遵照执行。
杭州市人民政府
2023年5月8日
杭州市应急水源管理办法
"""
RULES = (
    "为加强应急水源管理，制定本办法",
    "本办法所称应急水源，是指用于应急供水的水库、水井",
    "市水务局（市河湖管理局）负责应急水源的日常管理",
    "市财政局会同市水务局负责安排管护资金",
    "水源被撤销的，由市水务局会同市财政局据实核销管护资金",
    "取水单位应当安装计量设施，按月报告取水情况",
    "各区人民政府根据供水需要建立应急水源名录",
    "市财政局、市水务局等部门单位，按照各自职责，对资金使用情况进行监督检查",
    "水源管护由市水务局委托有资质的养护企业承担",
    "县级以上水行政主管部门应当加强监督检查",
    "任何单位和个人不得擅自启用应急水源",
    "本办法由市水务局负责解释",
)
LABELS = "一二三四五六七八九十"
DUTIES = {
    "3": ["市水务局", "市河湖管理局"],
    "4": ["市财政局", "市水务局"],
    "5": ["市水务局", "市财政局"],
    "6": ["取水单位"],
    "7": ["各区人民政府"],
    "8": ["市财政局", "市水务局"],
    "9": ["市水务局"],
    "10": ["县级以上水行政主管部门"],
}


def read(text: str, source: str = "a.txt") -> Document:
    return read_document(text.encode(), source=source, document_id="d" + "0" * 16, reference=load_reference())


def articles(rules: tuple[str, ...] = RULES) -> str:
    numbers = [*LABELS, "十一", "十二"]
    return "\n".join(f"第{n}条　{words}。" for n, words in zip(numbers, rules, strict=False))


@pytest.mark.parametrize("head", [NOTICE, "杭州市应急水源管理办法\n"])
def test_articles_that_charge_bodies_are_tasks_of_theirs(head: str) -> None:
    found = {a.no: [p.as_written for p in a.responsible] for a in read(head + articles()).activities}
    numbers = {str(n) for n in range(1, len(RULES) + 1)}
    got = {str(LABELS.index(no) + 1) if no in LABELS else no: bodies for no, bodies in found.items() if no}
    assert got == DUTIES
    assert set(got) < numbers


@pytest.mark.parametrize(
    "head",
    [
        "杭州市应急水源管理条例\n",  # a law of the place
        "杭州市实施《中华人民共和国水法》办法\n",
        "全国应急水源管理条例\n",
    ],
)
def test_laws_hold_no_tasks(head: str) -> None:
    assert read(head + articles()).activities == ()


STATE = NOTICE.replace("杭州市人民政府", "水利部").replace("杭州市", "全国").replace("杭政函", "水资源")
STATE = STATE.replace("各区人民政府，市政府各部门", "各省水利厅")


@pytest.mark.parametrize("head", [STATE, "中华人民共和国水利部令\n（第5号）\n全国应急水源管理办法\n"])
def test_rules_of_a_ministry_charge_the_bodies_of_their_line(head: str) -> None:
    rules = (
        "为加强应急水源管理，制定本办法",
        "国务院水行政主管部门、卫生行政部门依照各自职责，负责全国应急水源的监督管理",
        "供水企业应当建立应急水源名录",
        "取水单位公开信息，应当做到真实、及时",
        "从事采水、送水等活动的供水单位应当公开下列信息",
        "取水单位收到通知的，应当在两日内答复",
        "取水单位可以委托检测机构开展检测",
        "国务院水行政主管部门会同有关部门，建立信息共享机制",
        "有关部门应当加强监督检查",
        "取水人员应当服从调度",
        "本办法由水利部负责解释",
    )
    found = {a.title[:8]: [p.as_written for p in a.responsible] for a in read(head + articles(rules)).activities}
    assert found == {
        "国务院水行政主管": ["国务院水行政主管部门", "卫生行政部门"],
        "供水企业应当建立": ["供水企业"],
        "取水单位公开信息": ["取水单位"],
        "从事采水、送水等": ["从事采水、送水等活动的供水单位"],
        "取水单位收到通知": ["取水单位"],
    }


def test_rules_of_the_state_that_nobody_is_said_to_have_made_hold_no_tasks() -> None:
    rules = ("为加强管理，制定本办法", "供水企业应当建立应急水源名录", "国务院水行政主管部门负责监督")
    assert read("中华人民共和国应急水源管理办法\n" + articles(rules)).activities == ()


def test_a_governments_order_lays_down_law_for_everybody() -> None:
    rules = ("为加强管理，制定本办法", "供水企业应当建立应急水源名录", "市水务局负责应急水源的日常管理")
    found = read("杭州市人民政府令\n第179号\n杭州市应急水源管理办法\n" + articles(rules)).activities
    assert [[p.as_written for p in a.responsible] for a in found] == [["市水务局"]]


@pytest.mark.parametrize("name", ["重点实验室", "取水场所", "行政主管部门", "原单位"])
def test_what_names_no_sort_of_bodies_is_charged_with_nothing(name: str) -> None:
    rules = (
        "为加强管理，制定本办法",
        f"本市应急水源{name}（以下简称“{name}”）的管理，适用本办法",
        f"{name}应当按月报告情况",
    )
    assert read(NOTICE + articles(rules)).activities == ()


LIST = """附件1
省级相关部门清水行动职责清单

| 部门 | 职责与任务 |
| --- | --- |
| 省委组织部 | 加强对清水行动的考核评价。 |
| 省水利厅 | 统筹推进河湖治理；指导市县开展巡查。 |
| 省人力资源社会 保障厅 | 组织技能培训。 |
"""


def test_a_list_of_departments_is_of_the_place_in_the_files_name() -> None:
    document = read(LIST, "浙江省清水行动职责清单.md")
    assert (document.region, document.level) == ("浙江省", "省")
    assert [p.name for a in document.activities for p in a.responsible] == [
        "中共浙江省委组织部", "浙江省水利厅", "浙江省水利厅", "浙江省人力资源和社会保障厅",
    ]  # fmt: skip


def test_a_list_of_departments_without_a_place_keeps_them_as_written() -> None:
    document = read(LIST, "职责清单.md")
    assert document.region is None
    assert {"省委组织部", "省水利厅"} <= {p.name for a in document.activities for p in a.responsible}


def test_a_place_in_the_text_is_before_the_one_in_the_files_name() -> None:
    assert read(NOTICE + articles(), "浙江省某办法.txt").region == "杭州市"


def test_a_title_that_the_collector_alone_has_tells_who_issued() -> None:
    text = "标题: 杭州市水务局关于2024年度河湖巡查情况的报告\n发布时间: 2024-12-15 09:43\n==================== 正文 ====================\n"
    document = read(text + "2024年以来，我局扎实推进河湖巡查。现将主要工作报告如下：一、巡查情况。全年巡查300次。")
    assert [p.name for p in document.issuers] == ["杭州市水务局"]
    assert (document.region, document.level) == ("杭州市", "市")
