"""Layout repair: what is joined, what is kept, and the map back to the source."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.layout import raw_to_clean, wrap_width
from ingest.readers import read
from ingest.readers.text import decode, read_text


def clean(text: str) -> str:
    return raw_to_clean(read_text(text.encode())).text


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


@given(st.text(alphabet="一二三安全生产月活动 　\t\n。，（）《》“”2024〔〕年号第页-\u200bＡ１", max_size=200))
def test_every_character_knows_its_source(text: str) -> None:
    result = raw_to_clean(read_text(text.encode()))
    source, _ = decode(text.encode())
    offsets = dict(result.offsets)
    assert all(0 <= there <= len(source) for there in offsets.values())
    from kg.core.model import Document

    document = Document("d", "s", "h", result.text, offsets=result.offsets)
    for i, char in enumerate(result.text):
        if char not in "\n 〔〕":
            origin = source[document.source_offset(i)]
            assert origin == char or ord(origin) - 0xFEE0 == ord(char)


@given(st.integers(0, 10_000))
def test_real_words_survive_any_wrapping(seed: int) -> None:
    rng = random.Random(seed)
    width = rng.randint(20, 40)
    text = rng.choice(["\n", "\n\n"]).join(wrap(LONG * 6 + "。", width))
    assert re.sub(r"\s", "", clean(text)) == LONG * 6 + "。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-32"])
def test_encodings(encoding: str) -> None:
    raw = read("关于开展安全生产月活动的通知\n".encode(encoding), "a.txt")
    assert raw.lines[0].text == "关于开展安全生产月活动的通知"


def test_empty_cells_at_the_edges_of_a_row_stay() -> None:
    text = "序号\t活动内容\t牵头单位\n\t开展咨询\t市应急局\n2\t举办演练\t\n"
    assert paragraphs(text) == ["序号\t活动内容\t牵头单位", "\t开展咨询\t市应急局", "2\t举办演练\t"]
