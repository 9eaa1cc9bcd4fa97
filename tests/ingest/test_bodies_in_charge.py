"""Duties that stand below the name of a body or group, or behind it on a line; and whose papers tell their place."""

from __future__ import annotations

import pytest

from ingest.pipeline import read_document
from kg.core.model import Document
from ontology.reference import load_reference

HEAD = """望江县人民政府办公室关于印发望江县农村道路整治实施方案的通知
各乡镇人民政府，县直各单位：
现将《望江县农村道路整治实施方案》印发给你们，请认真贯彻执行。
望江县人民政府办公室
2022年3月5日
望江县农村道路整治实施方案
一、总体要求
全面提升农村道路安全水平。
"""
LINES = """县公安局：负责农村道路交通秩序管理，依法查处交通违法行为。
县农业农村局、县应急管理局：
负责农机安全监管。
项目牵头单位：组织开展排查，建立台账。
县融媒体中心：做好宣传报道。
"""
GROUPS = """（一）整治工作领导小组
组  长：王某
成  员：李某、张某
主要职责
1.统筹全县整治工作；
2.研究解决重大问题。
（二）后勤保障组
组长：赵某 副组长：钱某
主要职责：
1.采购防护物资
2.做好车辆调度
"""


def read(text: str, source: str = "a.txt") -> Document:
    return read_document(text.encode(), source=source, document_id="d-1", reference=load_reference())


def told(document: Document) -> dict[str, list[str]]:
    return {a.title: [p.name for p in a.responsible] for a in document.activities}


@pytest.mark.parametrize("heading", ["二、工作职责", "二、职责分工", "（二）部门责任"])
def test_lines_that_begin_with_a_body_are_its_duties(heading: str) -> None:
    assert told(read(f"{HEAD}{heading}\n{LINES}三、工作要求\n各单位要高度重视。\n")) == {
        "负责农村道路交通秩序管理，依法查处交通违法行为": ["望江县公安局"],
        "负责农机安全监管": ["望江县农业农村局", "望江县应急管理局"],
        "组织开展排查，建立台账": ["项目牵头单位"],
        "做好宣传报道": ["望江县融媒体中心"],
    }


@pytest.mark.parametrize("heading", ["二、联系方式", "二、问答摘登"])
def test_such_lines_are_no_duties_where_nothing_says_so(heading: str) -> None:
    assert "做好宣传报道" not in told(read(f"{HEAD}{heading}\n{LINES}"))


def test_a_single_line_is_no_list_of_duties() -> None:
    assert "做好宣传报道" not in told(read(f"{HEAD}二、工作职责\n县融媒体中心：做好宣传报道。\n三、其他\n无。\n"))


def test_duties_below_a_group_are_the_group_s_and_its_name_is_no_task() -> None:
    found = told(read(f"{HEAD}二、组织机构\n{GROUPS}三、工作要求\n各单位要高度重视。\n"))
    assert {title: [name.removeprefix("望江县") for name in names] for title, names in found.items()} == {
        "统筹全县整治工作": ["整治工作领导小组"],
        "研究解决重大问题": ["整治工作领导小组"],
        "采购防护物资": ["后勤保障组"],
        "做好车辆调度": ["后勤保障组"],
    }


POINTS = """数字广东建设2031年工作要点
一、推进协同创新
支持广东高校组建联盟，落实广东数据条例，建设粤港澳大湾区平台。广东要走在前列。
责任单位：省工业和信息化厅牵头，医保局、统计局配合
二、建设数据平台
对接国家平台，参考北京经验。广东各地同步推进。
责任单位：省政务和数据局牵头，各地级以上市人民政府配合
"""


def test_the_province_that_title_and_text_speak_of_is_whose_bodies_are_named() -> None:
    names = [p.name for a in read(POINTS).activities for p in a.responsible]
    assert names[:4] == ["广东省工业和信息化厅", "广东省医疗保障局", "广东省统计局", "广东省政务服务和数据管理局"]


@pytest.mark.parametrize(
    "text",
    [
        POINTS.replace("广东", "数字"),  # nothing tells
        POINTS.replace("数字广东", "数字经济"),  # the title does not
        POINTS.replace(
            "北京经验", "浙江经验。浙江走在前列，浙江的做法值得学习，浙江方案、浙江标准要学"
        ),  # of another as often
    ],
)
def test_no_province_is_guessed_and_none_of_its_bodies_becomes_the_state_s(text: str) -> None:
    names = [p.name for a in read(text).activities for p in a.responsible]
    assert names[:3] == ["省工业和信息化厅", "医保局", "统计局"]


def test_a_page_saved_as_text_begins_where_its_title_stands_again() -> None:
    body = "各售电企业：\n现将有关事项通知如下。\n一、开展自查\n各售电企业开展自查。\n江苏省能源局\n2030年9月28日\n"
    title = "关于开展江苏售电企业专项监管工作的通知"
    menus = "设为首页\n搜索\n机构概览\n动态要闻\n"
    switch = "2030-09-29 16:45\n来源：江苏省能源局\nAa\n字体：\n小\n|\n中\n|\n大\n"
    document = read(f"{title}_江苏省能源局\n{menus}{title}\n{switch}{body}")
    assert (document.title, document.kind, document.recipients) == (title, "通知", "各售电企业")


RULES = """杭州市体育贷款贴息管理办法
第一条 为加强管理，制定本办法。
第二条 杭州市体育产业部门联席会议办公室（以下简称联席会议办公室）负责日常管理工作。
第三条 联席会议办公室组织专家对项目进行评审，上报市政府。
第四条 市财政局（以下简称市财政）负责预算安排。
第五条 企业按有关规定编制申报材料。
第六条 本办法由市体育局负责解释。
"""


def test_a_short_name_behind_a_body_does_not_hide_its_duty() -> None:
    office = "杭州市体育产业部门联席会议办公室"
    assert list(told(read(RULES)).values()) == [[office], [office], ["杭州市财政局"]]


def test_articles_of_a_law_are_no_tasks() -> None:
    assert told(read(RULES.replace("管理办法", "管理条例"))) == {}


def test_lines_without_a_colon_are_duties_too() -> None:
    lines = "县公安局负责维护交通秩序，查处违法行为。\n县交通运输局负责农村公路养护。\n"
    assert told(read(f"{HEAD}二、职责分工\n{lines}三、工作要求\n各单位要高度重视。\n")) == {
        "县公安局负责维护交通秩序，查处违法行为": ["望江县公安局"],
        "县交通运输局负责农村公路养护": ["望江县交通运输局"],
    }
