"""Layout repair: what is joined, what is kept, and the map back to the source."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.layout import raw_to_clean
from ingest.layout.width import wrap_width
from ingest.readers import read
from ingest.readers.text import decode, read_text
from kg.core.model import Document
from ontology.forms import load
from tests.clock import growth
from tests.ingest.metamorphic import (
    blank_lines,
    cut_lines,
    full_width,
    no_blank_lines,
    page_numbers,
    spaced_digits,
    wrap_lines,
)


def clean(text: str) -> str:
    return raw_to_clean(read_text(text.encode()), load()).text


def paragraphs(text: str) -> list[str]:
    return clean(text).rstrip("\n").split("\n")


def wrap(paragraph: str, width: int) -> list[str]:
    return [paragraph[i : i + width] for i in range(0, len(paragraph), width)]


LONG = "为进一步加强安全生产宣传教育，普及安全知识，提升全民安全素质，营造人人讲安全、个个会应急的良好氛围，根据上级统一部署，结合本地区工作实际，特制定本方案，请各有关单位认真抓好贯彻落实"


@pytest.mark.parametrize("width", [24, 28, 32])
@pytest.mark.parametrize("gap", ["\n", "\n\n", " \n \n"])
def test_wrapped_lines_are_joined_whatever_stands_between_them(width: int, gap: str) -> None:
    body = [f"（{n}）{LONG}，这是第{n}段的结尾。" for n in "一二三四"]
    text = gap.join(line for p in body for line in wrap(p, width))
    assert paragraphs(text) == body


def test_each_line_of_free_text_is_a_paragraph() -> None:
    lines = ["一、总体要求", LONG + "。", "二、主要任务", LONG + "。", "三、工作要求", LONG + "。"]
    assert paragraphs("\n\n".join(lines)) == lines


def test_a_paragraph_cut_by_a_page_break_goes_on() -> None:
    first, second = LONG[:60], LONG[60:] + "。"
    assert paragraphs(f"一、背景\n\n{first}\n\n- 2 -\n\n{second}\n\n二、任务\n") == [
        "一、背景",
        first + second,
        "二、任务",
    ]


def test_a_long_numbered_heading_without_a_stop_is_not_joined_to_its_text() -> None:
    heading = "（一）群策群力，系统谋划全市各项宣传教育活动安排，推动形成工作合力"
    assert paragraphs(f"{heading}\n{LONG}。\n")[0] == heading


@pytest.mark.parametrize("page", ["3", "- 3 -", "—3—", "第 3 页 共 9 页", "－ 12 －"])
def test_lone_page_numbers_go(page: str) -> None:
    assert page.strip() not in paragraphs(f"第一段。\n{page}\n第二段。\n")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("教 育 部", "教育部"),
        ("２０２４年", "2024年"),
        ("2024 年 9 月 5 日", "2024年9月5日"),
        ("青质办„2024‟72 号", "青质办〔2024〕72号"),
        ("国办发[2019]6号", "国办发〔2019〕6号"),
        ("组织 QC 小组活动", "组织QC小组活动"),
        ("共建 质量强国", "共建 质量强国"),  # two words of a slogan
        ("市应急局 市教育局", "市应急局 市教育局"),  # two signatories
        ("using open data", "using open data"),
        ("参见[2024]年鉴", "参见[2024]年鉴"),  # no document number
    ],
)
def test_repairs_of_characters(written: str, meant: str) -> None:
    assert clean(written).strip() == meant


def test_an_open_bracket_joins_a_title_over_two_lines() -> None:
    assert paragraphs("关于印发《某市安全生产月\n活动方案》的通知\n") == ["关于印发《某市安全生产月活动方案》的通知"]


def test_table_rows_stay_rows() -> None:
    text = "序号\t活动内容\t牵头单位\n1\t举办启动仪式\t市应急局\n2\t开展咨询日活动\t市教育局\n"
    assert paragraphs(text) == text.rstrip("\n").split("\n")


def test_wrap_width_needs_many_lines_of_one_length() -> None:
    assert wrap_width([56] * 20 + [30] * 5) == 56
    assert wrap_width([12, 200, 90, 44, 310, 77, 150, 64, 28, 95, 180, 33]) is None


NOTICE = """某市安全生产委员会办公室关于开展“安全生产月”活动的通知
某安办〔2031〕12号
各县（市、区）安全生产委员会，市安全生产委员会各成员单位，市属各企业：
为深入贯彻落实《某省安全生产条例》和全省安全生产电视电话会议精神，进一步增强全民安全意识，经市政府同意，定于2031年6月在全市开展“安全生产月”活动。现将有关事项通知如下：
一、活动主题
人人讲安全、个个会应急。
二、主要活动
（一）举办启动仪式。6月3日上午，在市民广场举办启动仪式，组织150余家企业现场宣誓，展出安全生产展板，设置咨询台，向群众发放宣传手册。（责任单位：市应急管理局、市总工会、团市委）
（二）开展“进企业、进社区、进学校”宣讲。组织专家、先进典型和一线职工深入车间班组、街道社区、中小学校，开展面对面宣讲不少于200场，推动安全知识进课堂、进食堂、进宿舍。（责任单位：市教育局、市住房城乡建设局、市工业和信息化局，各县（市、区）人民政府）
（三）组织应急演练。危险化学品、建筑施工、道路运输等重点行业领域企业要结合实际，开展综合演练、专项演练和“双盲”演练，发现问题及时修订预案，演练情况于6月25日前报送市应急管理局。（责任单位：市应急管理局、市交通运输局）
三、工作要求
（一）加强组织领导。各地各部门要把活动作为一项重要工作，成立工作专班，制定具体方案，明确责任分工，保障经费投入，确保活动取得实效。
（二）营造浓厚氛围。充分利用报刊、广播、电视和“两微一端”等媒体，开设专题专栏，报道活动进展，推广经验做法，曝光违法行为，形成强大声势。
（三）及时报送信息。请各单位于6月28日前将活动总结、图片和统计表报送市安委会办公室。
附件：活动统计表
某市安全生产委员会办公室
2031年5月8日"""


def same(dressed: str, text: str = NOTICE) -> None:
    """The text is what is read from its dressed form."""
    assert paragraphs(dressed) == text.split("\n")


@pytest.mark.parametrize("width", [26, 30, 33, 35, 36, 40])
def test_a_program_that_wraps_by_count_changes_nothing(width: int) -> None:
    same(wrap_lines(NOTICE, width))
    same(blank_lines(wrap_lines(NOTICE, width)))
    same(wrap_lines(blank_lines(NOTICE), width))


@pytest.mark.parametrize("width", [56, 64, 70, 76, 80])
def test_a_page_that_wraps_at_a_column_changes_nothing(width: int) -> None:
    same(wrap_lines(NOTICE, width, columns=True, indent="\u3000\u3000"))


@pytest.mark.parametrize("width", [60, 68, 72, 80, 84])
@pytest.mark.parametrize("every", [1, 2, 3])
def test_a_tool_that_cuts_justified_lines_at_punctuation_changes_nothing(width: int, every: int) -> None:
    same(cut_lines(NOTICE, width, every))


def test_page_numbers_and_heads_in_the_middle_of_paragraphs_change_nothing() -> None:
    same(page_numbers(wrap_lines(NOTICE, 30), 8, "某市人民政府公报2031年第6期"))


def test_blank_lines_and_full_width_change_nothing() -> None:
    same(blank_lines(NOTICE))
    same(no_blank_lines(blank_lines(NOTICE)))
    same(full_width(NOTICE))
    same(spaced_digits(NOTICE))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        # a label in a line of its own
        ("（一）\n提高思想认识。各单位要高度重视。", "（一）提高思想认识。各单位要高度重视。"),
        ("3．\n完善制度。", "3．完善制度。"),
        ("第五条\n本办法自发布之日起施行。", "第五条 本办法自发布之日起施行。"),
        ("第一章\n总\n则", "第一章 总则"),
        # what no line begins or ends with
        ("各区教育局、\n各直属学校：", "各区教育局、各直属学校："),
        ("推进“一网通办”\n，方便群众办事。", "推进“一网通办”，方便群众办事。"),
        ("由市教育局和\n市财政局负责。", "由市教育局和市财政局负责。"),
        ("完成时限：全部任务在2031年12\n月底前完成。", "完成时限：全部任务在2031年12月底前完成。"),
        # brackets that a later line closes
        ("组织技能培训。（责任单位：市\n教育局）", "组织技能培训。（责任单位：市教育局）"),
        ("印发《某市防汛\n应急预案》，请遵照执行。", "印发《某市防汛应急预案》，请遵照执行。"),
        ("（责任单位：市人力资源\n社会保障局、市\n财政局）", "（责任单位：市人力资源社会保障局、市财政局）"),
        # words that stand unbroken elsewhere in the text
        (
            "某市政务公开工作\n要点的通知\n一、落实政务公开工作要点。",
            "某市政务公开工作要点的通知\n一、落实政务公开工作要点。",
        ),
        # a sentence is over, or the line is a particular of the document
        ("各项工作已部署完毕。\n请认真落实。", "各项工作已部署完毕。\n请认真落实。"),
        ("一、工作目的\n提高全民安全意识。", "一、工作目的\n提高全民安全意识。"),
        ("某市教育局\n2031年5月8日\n（此件公开发布）", "某市教育局\n2031年5月8日\n（此件公开发布）"),
        ("某市教育局\n某市财政局", "某市教育局\n某市财政局"),
        ("（二）鼓励公众参与\n广泛听取各方意见。", "（二）鼓励公众参与\n广泛听取各方意见。"),
        # an opening bracket that nobody closes holds nothing
        ("见附表（略。\n一、总体要求\n二、主要任务", "见附表（略。\n一、总体要求\n二、主要任务"),
    ],
)
def test_breaks_are_judged_by_their_two_sides(written: str, meant: str) -> None:
    assert paragraphs(written) == meant.split("\n")


@pytest.mark.parametrize("width", [60, 66, 70, 76, 82])
def test_a_title_cut_at_its_quotation_marks_is_one(width: int) -> None:
    text = NOTICE.replace("（一）加强组织领导。", "11.推进“信易贷”扩大信用贷款，健全“双公示”机制。")
    same(cut_lines(text, width), text)


def test_blank_lines_mark_paragraphs_where_only_some_lines_have_them() -> None:
    ragged = "各单位要加强领导，\n落实责任，\n确保实效\n\n各街道要广泛宣传\n\n各学校要组织学习，\n做好记录"
    assert paragraphs(ragged) == [
        "各单位要加强领导，落实责任，确保实效",
        "各街道要广泛宣传",
        "各学校要组织学习，做好记录",
    ]


def test_latin_words_keep_their_blank_and_numbers_stay_whole() -> None:
    page = wrap_lines(NOTICE, 72, columns=True, indent="\u3000\u3000")
    assert "open data platform。" in clean(page + "\n\u3000\u3000建设" + "数据" * 14 + " open\ndata platform。")
    counted = wrap_lines(NOTICE.replace("150余家", "1234567890余家"), 31)
    assert "1234567890余家" in clean(counted)


@pytest.mark.parametrize("page", ["# Page 12:", "Page 3", "·5·", "第3页/共9页"])
def test_page_marks_of_collections_go(page: str) -> None:
    assert paragraphs(f"第一段。\n{page}\n第二段。") == ["第一段。", "第二段。"]


def test_a_number_that_is_the_rest_of_a_sentence_is_no_page_number() -> None:
    assert "联系电话：0571－8888" in clean("联系人：某同志，联系电话：0571－88\n88\n")
    assert paragraphs("各项目标任务要按期完成，到\n2031\n年底前全部建成。") == [
        "各项目标任务要按期完成，到2031年底前全部建成。"
    ]
    assert "22" not in clean("一是加强领导，确保\n21\n落实责任。\n二是加强宣传，营造\n22\n浓厚氛围。\n")


def test_running_heads_go_only_beside_page_numbers() -> None:
    body = "".join(f"某市年鉴（2031）\n第{n}段讲到这里。\n- {n} -\n" for n in range(1, 6))
    assert "年鉴" not in "".join(paragraphs(body)[1:])
    units = "".join(f"{n}.做好某项工作。\n（责任单位：市教育局）\n" for n in range(1, 6))
    assert clean(units).count("责任单位") == 5


@given(st.data())
def test_a_break_inside_a_sentence_of_long_paragraphs_changes_nothing(data: st.DataObject) -> None:
    at = data.draw(st.sampled_from(_breakable(NOTICE)))
    assert paragraphs(f"{NOTICE[:at]}\n{NOTICE[at:]}") == NOTICE.split("\n")


def _breakable(text: str) -> list[int]:
    """Positions between two Han characters inside a paragraph, a sentence and a half from its beginning."""
    out: list[int] = []
    start = 0
    for line in text.split("\n"):
        for i in range(1, len(line)):
            han = "\u4e00" <= line[i - 1] <= "\u9fff" and "\u4e00" <= line[i] <= "\u9fff"
            if han and len(line) > 60 and i > 24 and "。" in line[i:]:
                out.append(start + i)
        start += len(line) + 1
    assert out
    return out


def source_positions(source: str) -> tuple[str, list[int]]:
    """The clean text of a source and, for each character, where it comes from."""
    result = raw_to_clean(read_text(source.encode()), load())
    document = Document("d", "s", "h", result.text, offsets=result.offsets)
    return result.text, [document.source_offset(i) for i in range(len(result.text))]


@given(st.text(alphabet="一二三安全生产月活动 　\t\n。，（）《》“”2024〔〕年号第页-\u200bＡ１", max_size=200))
def test_every_character_knows_its_source(text: str) -> None:
    source, _ = decode(text.encode())
    result, positions = source_positions(text)
    for char, there in zip(result, positions, strict=True):
        assert 0 <= there <= len(source)
        if char not in "\n 〔〕":
            assert source[there] == char or ord(source[there]) - 0xFEE0 == ord(char)


@given(st.text(alphabet="安全生产月活动和的 　\n\n。，：（）《》“”、附件一二ＡBb\u200b", max_size=300))
def test_nothing_that_can_be_seen_is_lost_or_moved(text: str) -> None:
    source, _ = decode(text.encode())
    result, positions = source_positions(text)
    seen = [there for char, there in zip(result, positions, strict=True) if not char.isspace()]
    assert seen == [i for i, char in enumerate(source) if not char.isspace() and char != "\u200b"]


@given(st.integers(0, 10_000))
def test_real_words_survive_any_wrapping(seed: int) -> None:
    rng = random.Random(seed)
    width = rng.randint(20, 40)
    text = rng.choice(["\n", "\n\n"]).join(wrap(LONG * 6 + "。", width))
    assert re.sub(r"\s", "", clean(text)) == LONG * 6 + "。"


ADVERSARIAL: dict[str, Callable[[int], str]] = {
    "a run of digits": lambda n: "1" * n,
    "no punctuation": lambda n: "中" * n,
    "one character a line": lambda n: "中\n" * n,
    "numbers a line": lambda n: "12\n" * (n // 3),
    "open brackets": lambda n: "（" * n,
    "open brackets a line": lambda n: ("（" + "国" * 39 + "\n") * (n // 41),
    "brackets that do not match": lambda n: ("（" * 30 + "》" * 30 + "\n") * (n // 61),
    "counted things": lambda n: "、".join(f"{i}号" for i in range(n // 5)),
    "annexes": lambda n: "附件1\n" * (n // 4),
    "labels": lambda n: "（一）\n" * (n // 4),
    "spaced out": lambda n: "教 " * (n // 2),
    "grouped digits": lambda n: "中1 234" * (n // 6),
    "full lines": lambda n: ("国" * 40 + "\n") * (n // 41),
    "cut lines": lambda n: ("国家、\n" * 11 + "国" * 7 + "\n") * (n // 60),
    "commas": lambda n: "，\n" * (n // 2),
}


@pytest.mark.parametrize("kind", ADVERSARIAL)
def test_time_grows_with_the_length(kind: str) -> None:
    """Ten times the length, at most twelve times the time."""
    assert (
        growth(lambda length: partial(raw_to_clean, read_text(ADVERSARIAL[kind](length).encode()), load()), 3_000) <= 12
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-32"])
def test_encodings(encoding: str) -> None:
    raw = read("关于开展安全生产月活动的通知\n".encode(encoding), "a.txt")
    assert raw.lines[0].text == "关于开展安全生产月活动的通知"


def test_empty_cells_at_the_edges_of_a_row_stay() -> None:
    text = "序号\t活动内容\t牵头单位\n\t开展咨询\t市应急局\n2\t举办演练\t\n"
    assert paragraphs(text) == ["序号\t活动内容\t牵头单位", "\t开展咨询\t市应急局", "2\t举办演练\t"]
