"""Ways in which documents of other cities and years say who does what, each in a document of a few lines."""

from __future__ import annotations

import pytest

from ingest.pipeline import read_document
from kg.core.model import Document, Role
from ontology.reference import load_reference


def plan(items: str, *, issuer: str = "上海市嘉定区市场监督管理局") -> Document:
    """A notice whose one chapter holds `items`."""
    text = f"关于开展2022年“质量月”活动的通知\n\n各有关单位：\n\n现将有关事项通知如下。\n\n一、活动安排\n{items}\n\n{issuer}\n2022年8月20日\n"
    return read_document(text.encode(), source="通知.txt", document_id="d", reference=load_reference())


def report(sentences: str, *, issuer: str = "上海市质量工作领导小组办公室") -> Document:
    """A circular whose one chapter holds `sentences`."""
    text = f"关于2021年“质量月”活动情况的通报\n\n各有关单位：\n\n现将有关情况通报如下：\n\n一、主要做法\n{sentences}\n\n{issuer}\n2021年12月10日\n"
    return read_document(text.encode(), source="通报.txt", document_id="d", reference=load_reference())


def doers(document: Document) -> dict[str, list[str]]:
    """Title -> names of those responsible."""
    return {a.title: [p.name for p in a.responsible] for a in document.activities}


@pytest.mark.parametrize(
    ("units", "names"),
    [
        ("区市场监管局（牵头）、区经委", ["嘉定区市场监督管理局", "嘉定区经济委员会"]),
        ("区市场监管局、区委宣传部，9月上旬", ["嘉定区市场监督管理局", "中共嘉定区委宣传部"]),
        ("徐行镇、外冈镇人民政府", ["嘉定区徐行镇人民政府", "嘉定区外冈镇人民政府"]),
        ("区公安分局、新成路街道办事处", ["上海市公安局嘉定分局", "嘉定区新成路街道办事处"]),
        ("区市场监管局、高新区管委会", ["嘉定区市场监督管理局", "嘉定高新技术产业开发区管理委员会"]),
        ("区市场监管局、区纤检院", ["嘉定区市场监督管理局", "嘉定区纤检院"]),
        ("区委组织部（区国资委）、区水务局", ["中共嘉定区委组织部", "嘉定区国有资产监督管理委员会", "嘉定区水务局"]),
    ],
)
def test_units_in_closing_brackets(units: str, names: list[str]) -> None:
    assert doers(plan(f"1．开展质量宣传。面向社会宣传。（{units}）"))["开展质量宣传"] == names


def test_a_role_in_brackets_is_of_one_unit_alone() -> None:
    (activity,) = plan("1．开展质量宣传。（区市场监管局（牵头）、区经委）").activities
    assert [p.role for p in activity.responsible] == [Role.LEAD, None]


def test_a_number_behind_the_label_is_part_of_the_title() -> None:
    titles = list(doers(plan("1．开展质量宣传。（区经委）\n2．12365质量技术咨询服务。（区科委）")))
    assert titles == ["开展质量宣传", "12365质量技术咨询服务"]


def test_every_body_that_an_item_says_will_hold_something_answers_for_it() -> None:
    words = "（一）开展质量提升行动。区经委组织开展“品牌公益培训”活动。区科委会同有关部门举办质量沙龙，召开创新大会。"
    found = doers(plan(words))
    assert found["开展质量提升行动"] == ["嘉定区经济委员会", "嘉定区科学技术委员会"]
    assert found["举办质量沙龙"] == found["召开创新大会"] == ["嘉定区科学技术委员会"]


def test_a_joint_signature_speaks_for_the_district_inside() -> None:
    issuers = "中国（上海）自由贸易试验区临港新片区管理委员会\n上海市浦东新区市场监督管理局"
    assert doers(plan("1．开展质量宣传。（区商务委）", issuer=issuers))["开展质量宣传"] == ["浦东新区商务委员会"]


def test_bodies_of_a_ministry_without_its_name() -> None:
    words = "（一）加大监督抽查力度。质量监督司组织开展国家监督抽查。"
    found = doers(plan(words, issuer="国家市场监督管理总局"))
    assert found["加大监督抽查力度"] == ["国家市场监督管理总局质量监督司"]


TABLE = (
    "序号\t活动名称\t活动内容\t时间\t责任单位\n"
    "1\t启动仪式\t发布质量创新成果；启动仪式现场颁奖\t9月2日\t区市场监管局（牵头）、区委宣传部\n"
    "2\t质量服务进园区\t开展计量服务；\n开展首席质量官培训\t9月\t区经委\n"
)


def test_a_table_with_names_and_contents() -> None:
    document = plan(TABLE)
    top = [(a.no, a.title, a.period) for a in document.activities if a.parent is None]
    assert top == [
        ("1", "启动仪式", ("2022-09-02", "2022-09-02")),
        ("2", "质量服务进园区", ("2022-09-01", "2022-09-30")),
    ]
    first, second = (a for a in document.activities if a.parent is None)
    assert [(a.title, a.parent) for a in document.activities if a.parent] == [
        ("发布质量创新成果", first.id),
        ("开展计量服务", second.id),
        ("开展首席质量官培训", second.id),  # behind a line break inside the cell
    ]


@pytest.mark.parametrize(
    ("sentence", "title", "names"),
    [
        (
            "9月1日，由市市场监管局、市总工会等单位主办，上海市质量协会承办的“质量月”启动仪式在东方艺术中心举行。",
            "“质量月”启动仪式",
            ["上海市市场监督管理局", "上海市总工会", "上海市质量协会"],
        ),
        (
            "黄浦、长宁两区市场监管局联合举办“放心消费嘉年华”。",
            "联合举办“放心消费嘉年华”",
            ["黄浦区市场监督管理局", "长宁区市场监督管理局"],
        ),
        ("宝山区、嘉定区利用户外大屏播放质量公益广告3万余次。", "播放质量公益广告", ["宝山区", "嘉定区"]),
        ("市国资委指导卫百辛集团等企业开展全员质量培训。", "开展全员质量培训", ["上海市国有资产监督管理委员会"]),
        (
            "市教委、市药品监管局对全市460所中小学、幼儿园食堂开展拉网式检查。",
            "开展拉网式检查",
            ["上海市教育委员会", "上海市药品监督管理局"],
        ),
        (
            "市市场监管局围绕新能源产业，组织质量专家开展技术帮扶。",
            "组织质量专家开展技术帮扶",
            ["上海市市场监督管理局"],
        ),
        ("举办首席质量官培训班3期，278人取得证书。", "举办首席质量官培训班", []),
        (
            "市质检院为38个集贸市场免费检定电子秤1560台。",
            "为38个集贸市场免费检定电子秤",
            ["上海市质量监督检验技术研究院"],
        ),
    ],
)
def test_sentences_of_reports(sentence: str, title: str, names: list[str]) -> None:
    assert doers(report(sentence)) == {title: names}


def test_who_is_joined_later_acts_with_the_one_named_first() -> None:
    found = doers(report("市市场监管局开展产品抽检；会同市公安局查办“铁拳”案件29起。"))
    assert found["查办“铁拳”案件"] == ["上海市市场监督管理局", "上海市公安局"]


def test_a_second_tier_word_belongs_to_the_place_named_before() -> None:
    document = report("泉州市委、市政府出台《关于推进质量强市的意见》。", issuer="福建省市场监督管理局")
    assert {"中共泉州市委员会", "泉州市人民政府"} <= {a.name for a in document.agencies}
    assert document.policy_references[0].issuer == "中共泉州市委员会、泉州市人民政府"


def test_what_only_looks_like_a_figure_or_a_body() -> None:
    document = report("市总工会在陆家嘴街道、张江科学会堂举办讲座，来自各地的96支队伍参加。\n（共印60份）")
    assert [(f.value, f.unit) for f in document.figures] == [(96.0, "支")]
    assert [a.name for a in document.agencies] == ["上海市总工会", "上海市质量工作领导小组办公室"]


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("设备投资规模较2023年增长25%以上。", "设备投资规模"),
        ("参与率力争达到90%以上。", "参与率"),
        ("帮助上下游86家企业解决质量难题152个。", "解决质量难题"),
        ("宝山区、嘉定区利用户外大屏、公交站牌播放质量公益广告3万余次。", "播放质量公益广告"),
    ],
)
def test_what_a_figure_counts(words: str, what: str) -> None:
    assert report(words).figures[-1].what == what


def test_each_date_of_a_request_has_its_own_object() -> None:
    words = "（一）做好总结。请于8月30日前将联络员名单、10月8日前将活动总结报区市场监管局质量发展处。"
    assert [(d.what, d.date, d.to) for d in plan(words).deadlines] == [
        ("联络员名单", "2022-08-30", "区市场监管局质量发展处"),
        ("活动总结", "2022-10-08", "区市场监管局质量发展处"),
    ]


def test_units_before_the_stop_of_a_title_are_no_part_of_it() -> None:
    words = "1.举办质量论坛（牵头：区市场监管局；配合：区经委）。9月中旬在会展中心举办。"
    (activity,) = (a for a in plan(words).activities if a.parent is None)
    assert activity.title == "举办质量论坛"
    assert [(p.name, p.role) for p in activity.responsible] == [
        ("嘉定区市场监督管理局", Role.LEAD),
        ("嘉定区经济委员会", Role.CO),
    ]


def test_points_that_close_with_their_units_are_items() -> None:
    words = "（一）加强质量宣传\n一是举办启动仪式（责任单位：区经委）\n二是开展质量宣传（责任单位：区科委、各街镇）"
    assert doers(plan(words)) == {
        "举办启动仪式": ["嘉定区经济委员会"],
        "开展质量宣传": ["嘉定区科学技术委员会", "嘉定区各街镇"],
    }


def test_an_event_announced_with_its_particulars_is_an_activity() -> None:
    text = "现将有关事项通知如下。\n一、“卓越绩效模式”公益讲座\n时间：2022年9月8日\n形式：线上直播\n二、联系方式\n电话：62370000"
    document = read_document(
        f"关于举办讲座的通知\n\n各会员单位：\n\n{text}\n\n上海市质量协会\n2022年8月29日\n".encode(),
        source="通知.txt",
        document_id="d",
        reference=load_reference(),
    )
    assert [(a.title, a.period) for a in document.activities] == [
        ("“卓越绩效模式”公益讲座", ("2022-09-08", "2022-09-08"))
    ]


def test_a_part_of_a_listed_name_is_no_body() -> None:
    document = plan("1．开展质量宣传。（区经委、京东方科技集团股份有限公司）")
    assert "东方科技集团股份有限公司" not in {a.name for a in document.agencies}
