"""Figures: what is one and what is none, its value, what it counts, and the words around it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.candidates import Candidate
from ingest.facts.figures import FigureProducer, is_faint
from ingest.sentences import Segmentation
from kg.core.model import Figure
from kg.core.numerals import parse_fraction, parse_number, parse_tenths
from ontology.forms import load
from tests.clock import growth

PRODUCER = FigureProducer(load())


def propose(text: str, *, year: int | None = 2024, skip: tuple[tuple[int, int], ...] = ()) -> list[Candidate[Figure]]:
    return PRODUCER.propose(text, year=year, segmentation=Segmentation(text), skip=skip)


def firm(text: str, *, year: int | None = 2024) -> list[Figure]:
    return [c.fact for c in propose(text, year=year) if not is_faint(c.features) and "repeated" not in c.features]


@pytest.mark.parametrize(
    ("words", "time", "as_of"),
    [
        ("截至2023年6月初，全市有", "2023-06", "2023-06-10"),
        ("截至2023年6月中旬，全市有", "2023-06", "2023-06-20"),
        ("截至2023年2月31日，全市有", "2023-02", None),
        ("截至二〇二三年底，全市有", None, "2023-12-31"),
        ("截至6月底，全市有", None, "2024-06-30"),
        ("2024年前三季度，全市有", "2024-01/2024-09", None),
        ("第三季度，全市有", "2024-07/2024-09", None),
    ],
)
def test_the_time_of_a_figure(words: str, time: str | None, as_of: str | None) -> None:
    figure = one(f"{words}规模以上企业35家。")
    assert (figure.time, figure.as_of) == (time, as_of)


def one(text: str) -> Figure:
    found = firm(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "value", "unit", "qualifier"),
    [
        ("开展活动1000多场", 1000, "场", "多"),
        ("参加企业1万余家", 10000, "家", "余"),
        ("参与近20万人次", 200000, "人次", "近"),
        ("惠及2万余市民", 20000, "名", "余"),
        ("1.1万员工参训", 11000, "人", None),
        ("房间数423间。", 423, "间", None),
        ("新增住宿2000间，", 2000, "间", None),
        ("服务1.5亿缴存人", 150000000, "人", None),
        ("新增利润54.77亿元", 5477000000, "元", None),
        ("增加值4860.9亿元", 486090000000, "元", None),
        ("发放三千五百万元", 35000000, "元", None),
        ("拉动消费1.2亿多元", 120000000, "元", "多"),
        ("租金为32.5元/平方米/月", 32.5, "元/平方米/月", None),
        ("按1000元／人发放", 1000, "元/人", None),
        ("占比达到80%以上", 80, "%", "以上"),
        ("预付款不得低于合同总价的10%", 10, "%", "不低于"),
        ("提高2.5个百分点", 2.5, "个百分点", None),
        ("百分之三十的企业", 30, "%", None),
        ("占比超九成", 90, "%", "超过"),
        ("带动近三成的就业", 30, "%", "近"),
        ("占全国的四分之三", 75, "%", None),
        ("一半左右的仪器", 50, "%", "约"),
        ("增长2.7倍", 2.7, "倍", None),
        ("抽检1,256批次", 1256, "批次", None),
        ("组织百家企业参加", 100, "家", "约"),
        ("用户数达6.97亿", 697000000, "", None),
        ("旅客吞吐量突破200万大关", 2000000, "", "超过"),
        ("审批不超过15个工作日", 15, "个工作日", "不超过"),
        ("公示期5 工作日", 5, "个工作日", None),
        ("年满60周岁的居民", 60, "周岁", "满"),
        ("有效期三年", 3, "年", None),
        ("每季度召开1次推进会", 1, "次", None),
        ("最多填报19个志愿", 19, "个", "不超过"),
        ("总投资约３００万元", 3000000, "元", "约"),
        ("频谱资源共计770MHz", 770, "MHz", None),
    ],
)
def test_value_unit_and_qualifier(text: str, value: float, unit: str, qualifier: str | None) -> None:
    found = one(text)
    assert (found.value, found.unit, found.qualifier) == (value, unit, qualifier)


@pytest.mark.parametrize(
    ("text", "value", "upper", "unit"),
    [
        ("节约20-30万元", 200000, 300000, "元"),
        ("每年提升1～3个百分点", 1, 3, "个百分点"),
        ("选择1-3家机构", 1, 3, "家"),
        ("租金4000元至7000元", 4000, 7000, "元"),
        ("处五千元以上一万元以下罚款", 5000, 10000, "元"),
        ("年满60周岁不满65周岁的老年人", 60, 65, "周岁"),
        ("年龄应在18周岁以上，35周岁以下", 18, 35, "周岁"),
        ("补贴不低于1/2、不高于2/3", 50, 66.67, "%"),
        ("力争三到五年建成", 3, 5, "年"),
    ],
)
def test_ranges(text: str, value: float, upper: float, unit: str) -> None:
    found = one(text)
    assert (found.value, found.upper, found.unit) == (value, upper, unit)


@pytest.mark.parametrize(
    "text",
    [
        "聚焦三个方面",
        "统筹两件大事",
        "一是加强领导",
        "第五届大会",
        "第3次会议",
        "第三、四条",
        "第12个项目",
        "依照第二十条第三款",
        "2024年9月5日",
        "2019—2022年",
        "每月25日前报送",
        "出台清单（2024版）",
        "集中在“3＋6”重点产业",
        "实施“1341”工程",
        "《食安360》节目",
        "沪质办〔2022〕902号",
        "拨打12315热线",
        "G60科创走廊",
        "建设5G网络",
        "GB/T 19580-2012",
        "电话：68824341",
        "联系人：甲（业务）3012345张乙（技术）13900000000",
        "网址：http://10.20.30.40/a家",
        "门牌号1109-2室",
        "10:30开始",
        "24小时值班",
        "数百家企业",
        "几十名代表",
        "一家企业",
        "滨海影视基地（二期）",
        "千家万户",
        "万家企业评议",
        "三十条例",
        "1．举办活动",
        "12\t儿童用品抽查",
        "17.2023年2月底前完成",
        "最多跑一次",
        "十五分钟便民生活圈",
        "二十四条措施",
        "连续多年",
        "百年未有之大变局",
        "最后一公里",
        "百亿元级产业",
    ],
)
def test_what_is_no_figure(text: str) -> None:
    assert firm(text) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("全市168家企业参加培训", ["企业参加培训", "企业"]),
        ("出具整改指令34份", ["出具整改指令"]),
        ("在本市16个区设点", ["区设点"]),
        ("随机摇出3套房屋供选择", ["随机摇出房屋"]),
        ("与16个国家签署合作协议", ["国家签署合作协议"]),
        ("城镇调查失业率控制在5.5%左右", ["城镇调查失业率"]),
        ("80%的专精特新企业是民营企业", ["专精特新企业中民营企业占比"]),
        ("应在3个工作日内完成审核", ["完成审核的时限"]),
        ("自收到材料之日起10个工作日内，将结果通知申请人", ["结果通知申请人的时限"]),
        ("3个月内2次以上发现隐患", ["2次以上发现隐患的期间"]),
        ("本办法所称青年，是指45周岁以下的居民", ["居民年龄", "青年年龄"]),
        ("对认定的高新技术企业给予20万元一次性奖励", ["认定的高新技术企业一次性奖励"]),
        ("对首次入选的企业，给予50万元奖补", ["首次入选的企业奖补"]),
        ("按每人1000元的标准发放一次性就业补助", ["一次性就业补助标准"]),
        ("从业人员30人以内的工业企业", ["从业人员"]),
    ],
)
def test_what_is_counted(text: str, what: list[str]) -> None:
    assert firm(text)[0].what in what


def subjects(text: str) -> list[str]:
    return [f.what for f in firm(text)]


def test_each_of_a_list_of_figures_has_its_own_subject() -> None:
    assert subjects("为企业新增利润54.77亿元、节汇创汇7.78亿美元、节能降耗8.46亿元。")[1:] == ["节汇创汇", "节能降耗"]
    assert subjects("计划总数1023个（小学563个、初中460个）") == ["计划总数", "小学计划总数", "初中计划总数"]


def test_things_told_respectively_go_to_their_figures() -> None:
    text = "关键工序数控化率、设计工具普及率分别达55.7%、75.1%，比上年分别提升31.1个和26.3个百分点。"
    assert subjects(text) == ["关键工序数控化率", "设计工具普及率"] * 2
    assert [(f.value, f.unit) for f in firm(text)][2:] == [(31.1, "个百分点"), (26.3, "个百分点")]
    assert subjects("对国家级、省级产业园，分别给予200万元、100万元补贴") == ["国家级产业园补贴", "省级产业园补贴"]


def test_a_heading_above_is_no_part_of_a_subject() -> None:
    assert one("（一）按发生属地片区划分情况\n城东片区35起。").what == "城东片区"


def test_a_share_of_what_stands_behind_it() -> None:
    assert one("6月底前完成60%年度任务量。").what == "完成年度任务量"


def test_times_of_the_day_are_no_figures() -> None:
    assert firm("3月28日12时50分许，车辆驶离。") == []


def test_a_clause_of_change_has_the_subject_of_the_clause_before() -> None:
    found = firm("第一产业增加值390.2亿元，增长3.8%；第二产业增加值4860.9亿元，比上年下降0.6%。")
    assert [f.what for f in found] == ["第一产业增加值", "第一产业增加值", "第二产业增加值", "第二产业增加值"]
    assert [f.direction for f in found] == [None, "增长", None, "比上年下降"]


def test_both_ends_of_a_change_keep_subject_and_year() -> None:
    found = firm("光缆线路长度从2012年的1479公里增加到2021年的5481公里。")
    assert [(f.what, f.value, f.time) for f in found] == [
        ("光缆线路长度", 1479, "2012"),
        ("光缆线路长度", 5481, "2021"),
    ]
    found = firm("企业贷款奖补由每年2.5亿元提升到5亿元。")
    assert [(f.what, f.value) for f in found] == [("企业贷款奖补", 2.5e8), ("企业贷款奖补", 5e8)]


def test_a_rank_is_a_figure_only_where_it_changes() -> None:
    assert [(f.value, f.unit) for f in firm("排名从2012年的第78位提高到目前的第9位")] == [(78, "位"), (9, "位")]
    assert firm("居全国第3位") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023年新增企业5000家", "2023"),
        ("去年新增企业5000家", "2023"),
        ("一季度新增企业5000家", "2024-01/2024-03"),
        ("上半年新增企业5000家", "2024-01/2024-06"),
        ("2022年6月在册企业5000家", "2022-06"),
        ("2019—2022年新增企业5000家", "2019/2022"),
        ("比2012年提高5个百分点", None),
        ("新增企业5000家", None),
    ],
)
def test_the_time_that_a_figure_speaks_of(text: str, expected: str | None) -> None:
    assert one(text).time == expected


def test_status_scope_and_the_day_of_a_count() -> None:
    target = one("到2027年，全市企业达到500家")
    assert (target.status, target.scope, target.time) == ("target", "全市", "2027")
    reached = one("截至2023年底，全市累计培育企业168家")
    assert (reached.status, reached.as_of) == ("achieved", "2023-12-31")
    assert one("全国重点实验室达到5家").scope is None


def test_weak_counts_are_proposed_with_what_speaks_against_them() -> None:
    for text, feature in (
        ("聚焦三个方面", "listed"),
        ("连续9年位居第二", "loose-time"),
        ("每成功推荐1个企业", "per-one"),
        ("超万项服务", "round-count"),
        ("12345市民", "code-like"),
    ):
        features = [c.features for c in propose(text)]
        assert features, text
        assert feature in features[0], (text, features)
        assert is_faint(features[0])


def test_a_figure_that_is_told_again_is_marked() -> None:
    text = "设置计划563个。\n" * 2
    assert ["repeated" in c.features for c in propose(text)] == [False, True]


def test_a_line_that_was_broken_in_its_sentence_is_read_across() -> None:
    assert subjects("将正常出口退税的平均时间压缩至\n3个工作日。") == ["正常出口退税的平均时间"]


def test_nothing_is_sought_in_skipped_stretches() -> None:
    text = "标题3家\n正文5家"
    assert [c.fact.value for c in propose(text, skip=((0, 4),))] == [5]


def test_fractions() -> None:
    assert parse_fraction("三", "四") == 75
    assert parse_fraction("五", "四") is None
    assert parse_tenths("三", "五") == 35
    assert parse_tenths("两", "半") == 25
    assert parse_number("数百") is None


SIGNS = "0123456789.,，。；、：（）“”《》\t\n \x00万亿第近至-和家个元%年内的三十百成每"
LONGER = ("不超过", "以上", "以下", "分别", "工作日", "企业", "提高", "分之", "给予")
WORDS = st.lists(st.sampled_from([*SIGNS, *LONGER]), max_size=40).map("".join)


@settings(max_examples=300, deadline=None)
@given(WORDS)
def test_evidence_is_verbatim_and_holds_the_number(text: str) -> None:
    for candidate in propose(text):
        figure = candidate.fact
        evidence = figure.evidence
        assert evidence.quote == text[evidence.start : evidence.end]
        assert figure.as_written == text[candidate.start : candidate.end].strip()
        assert figure.as_written in evidence.quote
        assert figure.value >= 0
        assert figure.upper is None or figure.upper > figure.value


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1号、2号、",
        "3个、",
        "5%、",
        "一",
        "1至",
        "1,000,",
        "（3个",
        "“3个",
        "《3个",
        "1-2-",
        "提高3个百分点和5家企业",
        "年3年",
        "自3自起",
    ],
)
def test_ten_times_the_length_takes_at_most_twelve_times_the_time(piece: str) -> None:
    def prepare(length: int) -> Callable[[], object]:
        text = (piece * (length // len(piece) + 1))[:length]
        segmentation = Segmentation(text)
        return lambda: PRODUCER.propose(text, year=2024, segmentation=segmentation, skip=())

    assert growth(prepare, 2_000) <= 12


@pytest.mark.parametrize(
    ("text", "value", "unit", "what"),
    [
        ("10千伏以下的线路工程免于审批。", 10, "千伏", "线路工程电压等级"),
        ("10 千伏以下（不含10 千伏）的线路工程免于审批。", 10, "千伏", "线路工程电压等级"),
        ("新增变压器容量63千伏安。", 63, "千伏安", "新增变压器容量"),
        ("调运面粉5千克。", 5, "千克", "调运面粉"),
        ("新建绿道3千米。", 3, "千米", "新建绿道"),
        ("年发电量达到20千瓦时。", 20, "千瓦时", "年发电量"),
        ("参加人员5千人。", 5000, "人", "参加人员"),
    ],
)
def test_the_thousand_of_a_unit_is_no_scale(text: str, value: float, unit: str, what: str) -> None:
    figure = firm(text)[0]
    assert (figure.value, figure.unit, figure.what) == (value, unit, what)


def test_a_piece_of_a_list_with_a_number_of_its_own_was_told_before() -> None:
    assert firm("水深不小3.0、保洁率不小于35%。")[-1].what == "保洁率"
