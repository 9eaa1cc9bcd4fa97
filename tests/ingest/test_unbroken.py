"""A whole document on one line: where its paragraphs begin, and that nothing of it is lost."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.layout import CleanText, raw_to_clean
from ingest.layout.ends import title_end
from ingest.layout.series import label_cuts
from ingest.layout.unbroken import line_to_cuts
from ingest.readers.text import read_text
from ingest.structure.elements import Elements, clean_to_elements
from kg.core.model import Document
from ontology.forms import load
from tests.clock import growth
from tests.ingest.metamorphic import one_line

NOTICE = """甲市水务局关于印发《甲市河湖巡查工作方案》的通知
甲水〔2031〕6号
各区水务局，局属各单位：
为切实做好河湖巡查工作，现将《甲市河湖巡查工作方案》印发给你们，请认真贯彻执行。
附件：巡查记录表
甲市水务局
2031年5月8日
甲市河湖巡查工作方案
为加强河湖管理，制定本方案。
一、工作目标
全市河湖每月巡查一次，问题整改率达到95%以上，群众满意度不断提高。
二、主要任务
（一）开展日常巡查
1.建立台账。由局河湖处牵头，各区水务局配合。
2.每月通报。由局办公室负责。
（二）开展专项整治。清理河道垃圾，不少于3次。
三、工作要求
各单位要加强领导，确保工作落实。"""


def elements_of(text: str) -> tuple[Elements, CleanText]:
    raw = read_text(text.encode())
    clean = raw_to_clean(raw, load())
    return clean_to_elements(clean, load(), said=raw.metadata.get("title", "")), clean


def lines_of(text: str) -> list[str]:
    _, clean = elements_of(text)
    return clean.text.rstrip("\n").split("\n")


@pytest.mark.parametrize("joint", ["", " ", "\u3000\u3000"])
def test_an_unbroken_notice_has_its_paragraphs_again(joint: str) -> None:
    found = lines_of(one_line(NOTICE, joint))
    assert [line.replace(" ", "") for line in found] == NOTICE.split("\n")


@pytest.mark.parametrize("joint", ["", " ", "\u3000\u3000"])
def test_its_elements_are_found(joint: str) -> None:
    elements, _ = elements_of(one_line(NOTICE, joint))
    assert elements.title
    assert elements.title.text == NOTICE.split("\n", maxsplit=1)[0]
    assert elements.number
    assert elements.number.text == "甲水〔2031〕6号"
    assert elements.recipients
    assert elements.recipients.text == "各区水务局，局属各单位"
    assert [e.text for e in elements.signature] == ["甲市水务局"]
    assert elements.date
    assert elements.date.text == "2031年5月8日"
    assert elements.attached_title
    assert elements.attached_title.text == "甲市河湖巡查工作方案"


def test_menus_around_an_unbroken_text_are_left_out() -> None:
    title = NOTICE.split("\n", maxsplit=1)[0]
    around = f"当前位置： 首页政务公开通知公告 {title} 时间：2031-05-09 09:43 微信 微博 QQ空间 "
    found = lines_of(around + one_line(NOTICE).rstrip("\n") + " 来源：甲市水务局 附件下载")
    assert found[-1] == NOTICE.rsplit("\n", maxsplit=1)[-1]
    assert not any(word in line for line in found for word in ("微信", "当前位置", "09:43", "附件下载"))


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("一、目标明确。二、任务清楚。三、措施有力。", ["一、", "二、", "三、"]),
        ("（一）开展修复工作1.恢复植被。2.实施绿化。（二）开展清退。", ["（一）", "1.", "2.", "（二）"]),
        ("第一章总则第一条为了加强管理，制定本办法。第二条本办法适用于全市。", ["第一章", "第一条", "第二条"]),
        (
            "一、优化环境（一）放宽准入。（二）减轻负担。二、强化服务（三）便利办事。",
            ["一、", "（一）", "（二）", "二、", "（三）"],
        ),
        ("1、2030年未缴费的，补缴。2、2031年起，由政府代缴。3、1951年出生的，免缴。", ["1、", "2、", "3、"]),
    ],
)
def test_labels_in_their_order(text: str, starts: list[str]) -> None:
    cuts = sorted(label_cuts(text, load().pattern("genre.article")))
    assert len(cuts) == len(starts)
    assert all(text.startswith(start, at) for start, at in zip(starts, cuts, strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "持一、二级残疾证的人员由政府代缴。",
        "依照第三条规定，给予处分。",
        "水质保持在三、四类之间，面积13.4平方公里。",
        "比上年增长3.5个百分点。",
    ],
)
def test_what_only_looks_like_a_label(text: str) -> None:
    assert label_cuts("为做好工作，" + text, load().pattern("genre.article")) == set()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("甲市政府关于加强管理的实施意见各区政府，市直各单位：为加强", "甲市政府关于加强管理的实施意见"),
        ("甲市老年人优待办法甲市人民政府令第179号", "甲市老年人优待办法"),
        ("甲市数字经济促进条例第一章总则第一条", "甲市数字经济促进条例"),
        ("甲市河湖巡查工作方案为深入贯彻落实精神，制定", "甲市河湖巡查工作方案"),
    ],
)
def test_where_a_title_ends(text: str, title: str) -> None:
    assert title_end(text, 0, load()) == len(title)


def test_a_paragraph_among_others_is_not_cut() -> None:
    plan = "（一）加强领导。一要落实责任，1.明确分工；2.严格考核。" + "各单位要高度重视，认真组织实施。" * 12
    text = "\n".join(
        ["甲市某某工作方案", *[f"{n}、工作要求" + "落实工作责任，加强检查。" * 3 for n in "一二三四五"], plan]
    )
    _, clean = elements_of(text)
    assert any(clean.of(p) == plan for p in clean.paragraphs)


@given(
    st.text(
        alphabet="一二三、（）1.2各区政府：。为 　关于的通知甲〔2031〕6号年5月8日局附件", min_size=160, max_size=400
    )
)
def test_every_character_keeps_its_place(text: str) -> None:
    raw = read_text(text.encode())
    clean = raw_to_clean(raw, load())
    document = Document("d", "s", "h", clean.text, offsets=clean.offsets)
    for i, char in enumerate(clean.text):
        if not char.isspace() and char not in "〔〕":
            assert text[document.source_offset(i)] == char


@pytest.mark.parametrize(
    "unit",
    [
        "一、甲。",
        "1.乙；",
        "（一）丙",
        "甲局2031年5月8日",
        "附件：1.表",
        "各区：",
        "关于甲的通知",
        "第一条为了甲。",
        "1号、",
        "1",
    ],
)
def test_time_grows_with_the_length(unit: str) -> None:
    assert growth(lambda length: partial(line_to_cuts, unit * (length // len(unit)), load()), 8_000) <= 12
