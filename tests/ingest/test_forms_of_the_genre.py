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


def test_beside_a_unit_that_leads_the_others_help() -> None:
    (activity,) = plan("1．开展质量宣传。（区市场监管局（牵头）、区经委）").activities
    assert [p.role for p in activity.responsible] == [Role.LEAD, Role.CO]


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
        ("市生态环境局会同市公安局查处案件23起。", "查处案件"),
        ("市教育局在全市中小学开展宣讲活动300场次。", "开展宣讲活动"),
        ("推动300家企业完成整改500项。", "完成整改"),
        ("完成老旧小区改造项目20个。", "完成老旧小区改造项目"),
        ("南京市政府投资项目32个。", "南京市政府投资项目"),
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


def read(text: str) -> Document:
    """A whole document."""
    return read_document(text.encode(), source="文件.txt", document_id="d", reference=load_reference())


WRAPPED = (
    "为深入贯彻党的二十大精神，落实质量强国建设的各项部署，结合本区\n实际，定于2022年9月在全区开展“质量月”活动，请各单位按照本通知\n"
    * 5
)
LONG_TITLE = "嘉定区市场监督管理局关于开展2022年嘉定区“质量月”活动的通知"


def test_a_title_as_long_as_a_line_does_not_swallow_number_and_recipients() -> None:
    document = read(
        f"{LONG_TITLE}\n嘉市监质〔2022〕15号\n各有关单位：\n{WRAPPED}要求执行。\n嘉定区市场监督管理局\n2022年8月20日\n"
    )
    assert (document.title, document.doc_number) == (LONG_TITLE, "嘉市监质〔2022〕15号")
    assert document.recipients == "各有关单位"


def test_a_web_table_above_the_title_is_no_title() -> None:
    document = read(
        f"索引号：0024/2022-1\n发布机构：嘉定区市场监管局\n{LONG_TITLE}\n\n各有关单位：\n请执行。\n\n嘉定区市场监督管理局\n2022年8月20日\n"
    )
    assert document.title == LONG_TITLE


def test_minutes_have_an_issuer_and_a_number() -> None:
    document = read("嘉定区市场监督管理局专题会议纪要\n（2022）第6期\n时间：2022年8月2日\n会议研究了有关工作。\n")
    assert [p.name for p in document.issuers] == ["嘉定区市场监督管理局"]
    assert (document.kind, document.doc_number) == ("纪要", "（2022）第6期")


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("区市场监管局共立案查处案件43件。", set()),
        ("区城管执法局查处案件7件。", {"嘉定区城市管理行政执法局"}),
        ("在区行政中心、上海展览中心开展宣传。", set()),
        ("走进上海外国语大学附属外国语学校。", {"上海外国语大学附属外国语学校"}),
        ("委托上海市质量协会用户评价中心测评。", {"上海市质量协会用户评价中心"}),
        ("抄送区人大办公室，区工商联。", {"嘉定区人民代表大会常务委员会办公室", "嘉定区工商业联合会"}),
        ("区委常委、副区长出席，市委各部门参加。", set()),
        ("质量安全部牵头检查。", set()),
        ("报送区建管委（区交通委）。", {"嘉定区建设和管理委员会", "嘉定区交通委员会"}),
        ("区局质量科、市局执法总队参加。", {"嘉定区市场监督管理局质量科", "上海市市场监督管理局执法总队"}),
        ("区质量工作领导小组办公室关于转发区市场监管局方案的通知已下发。", {"嘉定区质量工作领导小组办公室"}),
    ],
)
def test_bodies_in_running_text(words: str, names: set[str]) -> None:
    found = {a.name for a in report(words, issuer="上海市嘉定区市场监督管理局").agencies}
    assert found - {"嘉定区市场监督管理局"} == names


def test_a_street_is_not_in_the_province_that_it_is_named_after() -> None:
    assert "四川省" not in {p.qualified for p in report("在四川北路街道、南京西路开展咨询。").places}


def test_units_in_lines_of_their_own_have_the_role_of_their_label() -> None:
    (activity,) = plan(
        "1．开展首席质量官培训。\n责任单位：区市场监管局\n配合单位：区经委，各镇、街道、菊园新区"
    ).activities
    assert [(p.name, p.role) for p in activity.responsible] == [
        ("嘉定区市场监督管理局", None),
        ("嘉定区经济委员会", Role.CO),
        ("嘉定区各镇", Role.CO),
        ("嘉定区各街道", Role.CO),
        ("菊园新区管理委员会", Role.CO),
    ]


@pytest.mark.parametrize(
    ("item", "title", "units"),
    [
        (
            "1．推进标准化。（区市场监管局会同区经委、区科委）",
            "推进标准化",
            [("嘉定区市场监督管理局", Role.LEAD), ("嘉定区经济委员会", Role.CO), ("嘉定区科学技术委员会", Role.CO)],
        ),
        ("1．开展质量宣传。【责任单位：区经委】", "开展质量宣传", [("嘉定区经济委员会", None)]),
        (
            "1．诚信计量签约——区经委、区科委",
            "诚信计量签约",
            [("嘉定区经济委员会", None), ("嘉定区科学技术委员会", None)],
        ),
        ("1．区教育局——“质量第一课”", "“质量第一课”", [("嘉定区教育局", None)]),
        (
            "1．举办质量论坛。论坛由区经委、区科委共同主办，约400名嘉宾参加。",
            "举办质量论坛",
            [("嘉定区经济委员会", Role.LEAD), ("嘉定区科学技术委员会", Role.LEAD)],
        ),
        (
            "1．质量沙龙。会议要求，区经委会同区科委，于9月15日前组织20家企业开展质量沙龙活动。",
            "质量沙龙",
            [("嘉定区经济委员会", Role.LEAD), ("嘉定区科学技术委员会", Role.CO)],
        ),
        (
            "1．质量论坛。由区经委主办，区科委承办。",
            "质量论坛",
            [("嘉定区经济委员会", Role.LEAD), ("嘉定区科学技术委员会", None)],
        ),
        (
            "1．质量论坛。（区经委主办，区科委承办，区教育局协办）",
            "质量论坛",
            [("嘉定区经济委员会", Role.LEAD), ("嘉定区科学技术委员会", None), ("嘉定区教育局", Role.CO)],
        ),
        (
            "1．金融服务。由区经委、区科委按职责分工负责。",
            "金融服务",
            [("嘉定区经济委员会", None), ("嘉定区科学技术委员会", None)],
        ),
        (
            "1．计量论坛\n地点：会展中心\n主办：区经委\n承办：区科委",
            "计量论坛",
            [("嘉定区经济委员会", Role.LEAD), ("嘉定区科学技术委员会", None)],
        ),
    ],
)
def test_who_answers_for_an_item(item: str, title: str, units: list[tuple[str, Role | None]]) -> None:
    first = plan(item).activities[0]
    assert first.title == title
    assert [(p.name, p.role) for p in first.responsible] == units


def test_an_item_that_is_one_sentence_names_who_acts() -> None:
    (activity,) = plan(
        "1．浦东新区、徐汇区市场监管局分别举办“银企对接会”，促成融资不少于3亿元", issuer="上海市市场监督管理局"
    ).activities
    assert [p.name for p in activity.responsible] == ["浦东新区市场监督管理局", "徐汇区市场监督管理局"]
    assert activity.places == ("上海市浦东新区", "上海市徐汇区")


def test_time_and_contents_are_no_items_and_the_units_below_are_of_the_whole() -> None:
    words = (
        "（一）重点活动\n1．启动仪式\n（1）时间地点：9月1日，会展中心。\n（2）主要内容：颁奖。\n【责任单位：区经委】\n"
        "2．“质量之星”评选\n（1）组织各街镇推荐企业；\n（2）组织专家评审。\n【责任单位：区科委】"
    )
    found = plan(words).activities
    assert [(a.title, [p.name for p in a.responsible]) for a in found] == [
        ("启动仪式", ["嘉定区经济委员会"]),
        ("“质量之星”评选", ["嘉定区科学技术委员会"]),
        ("组织各街镇推荐企业", ["嘉定区科学技术委员会"]),  # what an item contains is of the same units
        ("组织专家评审", ["嘉定区科学技术委员会"]),
    ]
    assert found[0].period == ("2022-09-01", "2022-09-01")


def test_who_stands_before_a_colon_holds_what_follows() -> None:
    words = "（一）部门主题日\n9月7日 区教育局主题日：举办“质量进校园”讲座50场。\n9月8日 区公安分局主题日：公布“昆仑”行动典型案例。"
    found = [(a.title, [p.name for p in a.responsible], a.period) for a in plan(words).activities if a.parent]
    assert found == [
        ("举办“质量进校园”讲座", ["嘉定区教育局"], ("2022-09-07", "2022-09-07")),
        ("公布“昆仑”行动典型案例", ["上海市公安局嘉定分局"], ("2022-09-08", "2022-09-08")),
    ]


def test_what_is_followed_is_not_held_and_where_something_is_held_is_a_place() -> None:
    words = "（一）深圳大会。深入实施《质量强国建设纲要》。由市场监管总局会同广东省人民政府于9月中旬在深圳举办。"
    (activity,) = plan(words, issuer="国家市场监督管理总局").activities
    assert activity.places == ("广东省深圳市",)
    assert [p.name for p in activity.responsible] == ["国家市场监督管理总局", "广东省人民政府"]


def test_a_city_beside_bureaus_of_the_city_above_does_not_hide_the_city_above() -> None:
    (activity,) = plan("1．开展质量宣传。（市市场监管局、昆山市）", issuer="苏州市市场监督管理局").activities
    assert set(activity.places) == {"江苏省苏州市", "江苏省苏州市昆山市"}


def test_reports_with_half_width_stops() -> None:
    words = "一是举办“质量大讲堂”。9月10日,区市场监管局会同区工商联在区委党校举办讲座,150名代表参加。"
    (activity,) = report(words, issuer="上海市嘉定区市场监督管理局").activities
    assert (activity.title, activity.period) == ("举办讲座", ("2021-09-10", "2021-09-10"))
    assert [p.name for p in activity.responsible] == ["嘉定区市场监督管理局", "嘉定区工商业联合会"]


def test_a_heading_of_a_report_tells_of_what_its_text_describes() -> None:
    words = "1.开展电动自行车专项整治。区市场监管局联合区公安分局检查销售门店156户次，责令整改12户。"
    found = doers(report(words, issuer="上海市嘉定区市场监督管理局"))
    assert found == {"开展电动自行车专项整治": ["嘉定区市场监督管理局", "上海市公安局嘉定分局"]}


def test_periods_and_themes_in_one_sentence() -> None:
    text = "关于开展活动的通知\n\n各单位：\n\n一、时间和主题\n活动时间为2021年9月，活动主题为“推进质量强国”。\n二、要求\n请落实。\n\n上海市市场监督管理局\n2021年8月2日\n"
    document = read(text)
    assert (document.period, document.theme) == (("2021-09-01", "2021-09-30"), "推进质量强国")


def test_the_month_that_is_the_campaign_is_its_period() -> None:
    assert read("通知\n2024年6月是第23个全国“安全生产月”，请各单位落实。\n").period == ("2024-06-01", "2024-06-30")


def test_the_date_of_one_item_is_not_the_period_of_all() -> None:
    words = "1.启动仪式。启动仪式定于9月6日在友谊城举行。\n2.质量宣传。面向社会宣传。"
    assert plan(words).period is None


def test_what_was_sent_before_is_not_sent_again() -> None:
    words = "（一）报送。请于4月16日前将安排表报区市场监管局质量处，5月10日前报送总结材料。"
    assert [(d.what, d.to) for d in plan(words).deadlines] == [
        ("安排表", "区市场监管局质量处"),
        ("总结材料", None),
    ]


def test_a_name_of_three_characters_with_a_blank_inside() -> None:
    (contact,) = plan("1.宣传。\n联系人：李 晓明，电话：62370000").contacts
    assert contact.persons == ("李晓明",)


def test_references_with_two_issuers_and_an_end() -> None:
    words = "（一）宣传。落实《市场监管总局 中央宣传部等二十部门关于开展质量月活动的通知》。《区政府关于质量工作的意见》（嘉府〔2014〕31号）同时废止。"
    first, second = plan(words).policy_references
    assert first.issuer == "国家市场监督管理总局、中共中央宣传部"
    assert second.relation == "废止"


def test_towns_in_the_column_of_places() -> None:
    table = "序号\t活动名称\t地点\t责任单位\n1\t质量进社区\t四川北路街道、曲阳路街道\t区市场监管局\n"
    (activity,) = plan(table, issuer="上海市虹口区市场监督管理局").activities
    assert "上海市虹口区曲阳路街道" in activity.places


def test_what_happens_in_a_stage_counts_how_it_is_conducted_does_not() -> None:
    words = (
        "（一）启动阶段（8月）\n1.高度重视。各单位要认真部署。\n（二）实施阶段（9月）\n"
        "1.质量知识竞赛：9月16日至22日，通过手机举办，预计参与逾1万人次。\n2.服务提升。区经委负责组织企业开展服务大赛。"
    )
    top = [(a.title, a.period) for a in plan(words).activities if a.parent is None]
    assert top[0] == ("质量知识竞赛", ("2022-09-16", "2022-09-22"))
    assert [title for title, _ in top] == ["质量知识竞赛", "服务提升"]


def test_a_body_named_after_its_campaign() -> None:
    document = plan("1.开展质量宣传。（区经委）", issuer="嘉定区“质量月”活动领导小组")
    assert [p.name for p in document.issuers] == ["嘉定区“质量月”活动领导小组"]
    assert "活动领导小组" not in {a.name for a in document.agencies}


def test_bureaus_of_several_cities_are_not_the_bureau_of_the_own() -> None:
    document = report("嘉兴、杭州两市市场监管局代表参加。", issuer="上海市松江区市场监督管理局")
    assert "上海市市场监督管理局" not in {a.name for a in document.agencies}


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("区应急管理局检查危化品企业41家。", "检查危化品企业"),
        ("全区共3.8万人次参与。", "参与"),
        ("共有2000人参加培训。", "参加培训"),
        ("9月10日前组织20家企业开展交流。", "组织企业"),
        ("免费检定集贸市场计量器具2 000台件。", "免费检定集贸市场计量器具"),
    ],
)
def test_what_a_figure_of_a_bureau_counts(words: str, what: str) -> None:
    assert report(words).figures[-1].what == what


def test_the_date_of_signing_is_not_the_time_of_the_last_item() -> None:
    document = plan("1.开展质量宣传。面向社会宣传。\n2.举办质量论坛。区经委举办质量论坛。")
    assert [a.period for a in document.activities if a.parent is None] == [None, None]


def test_offices_of_the_issuer_by_its_kind_alone() -> None:
    words = "（一）检查。开展宣传。（支队防火监督处）\n（二）值班。重大情况随时报告支队。"
    document = plan(words, issuer="南昌市消防救援支队")
    assert [p.name for p in document.activities[0].responsible] == ["南昌市消防救援支队防火监督处"]
    assert {a.name for a in document.agencies} == {"南昌市消防救援支队", "南昌市消防救援支队防火监督处"}


def test_what_was_passed_and_is_in_force_states_rules() -> None:
    text = "最高人民法院关于相互执行裁决的安排\n\n2020年11月9日 由最高人民法院审判委员会通过\n\n一、开展执行工作，由最高人民法院负责。\n"
    document = read_document(text.encode(), source="安排.md", document_id="d", reference=load_reference())
    assert document.kind == "安排"
    assert document.activities == ()
