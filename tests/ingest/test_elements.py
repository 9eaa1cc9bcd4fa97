"""Elements of a 公文 by place and form: letterhead, number, title, recipients, signature, dates, annexes."""

from __future__ import annotations

import pytest

from ingest.layout import CleanText, raw_to_clean
from ingest.readers.text import read_text
from ingest.structure.elements import Elements, clean_to_elements
from ingest.structure.headings import ranges_to_sections
from ingest.structure.kinds import title_to_kind
from ontology.forms import load


def clean(text: str) -> CleanText:
    return raw_to_clean(read_text(text.encode()), load())


def read(text: str) -> Elements:
    return clean_to_elements(clean(text), load())


BODY = "为做好相关工作，根据有关规定，现就有关事项通知如下：\n\n一、加强领导。各单位要高度重视。\n\n二、抓好落实。按时完成任务。\n"


@pytest.mark.parametrize(
    ("top", "mark", "number", "title"),
    [
        ("甲市应急管理局文件\n\n甲应急〔2021〕3号\n\n关于做好防汛工作的通知\n", ["甲市应急管理局"], "甲应急〔2021〕3号", "关于做好防汛工作的通知"),
        ("甲市应急管理局\n甲市教育局文件\n\n甲应急〔2021〕3号\n\n关于做好防汛\n工作的通知\n",
         ["甲市应急管理局", "甲市教育局"], "甲应急〔2021〕3号", "关于做好防汛工作的通知"),
        ("甲市应急管理局\n\n甲应急函﹝2021﹞3号\n\n关于做好防汛工作的复函\n", ["甲市应急管理局"], "甲应急函〔2021〕3号", "关于做好防汛工作的复函"),
        ("甲市应急管理局关于做好防汛工作的通知\n\n甲应急[2021]3号\n", [], "甲应急〔2021〕3号", "甲市应急管理局关于做好防汛工作的通知"),
        ("000123\n机密\n特急\n甲市应急管理局文件\n甲应急〔2021〕3号\n关于做好防汛工作的通知\n", ["甲市应急管理局"], "甲应急〔2021〕3号", "关于做好防汛工作的通知"),
        ("关于全面推行公示制度全过程记录制度\n审核制度的指导意见\n", [], None, "关于全面推行公示制度全过程记录制度审核制度的指导意见"),
    ],
)  # fmt: skip
def test_top(top: str, mark: list[str], number: str | None, title: str) -> None:
    found = read(f"{top}\n各县区应急管理局：\n\n{BODY}")
    assert [m.text for m in found.mark] or mark == []
    assert (found.number.text if found.number else None) == number
    assert found.title is not None
    assert found.title.text == title
    assert found.recipients is not None
    assert found.recipients.text == "各县区应急管理局"


def test_a_lead_in_that_ends_in_a_colon_is_no_recipient() -> None:
    assert read(f"关于做好防汛工作的通知\n\n{BODY}").recipients is None


def test_bottom() -> None:
    text = f"关于做好防汛工作的通知\n\n{BODY}\n附件：防汛值班表\n\n甲市应急管理局\n甲市水利局\n2021年5月6日\n\n抄送：市政府办公室。\n\n甲市应急管理局办公室  2021年5月7日印发\n"
    found = read(text)
    assert [s.text for s in found.signature] == ["甲市应急管理局", "甲市水利局"]
    assert found.date is not None
    assert found.date.text == "2021年5月6日"
    assert found.printed_date is not None
    assert found.printed_date.text == "2021年5月7日"
    assert found.printed_by is not None
    assert found.printed_by.text == "甲市应急管理局办公室"
    assert found.copy_to is not None


def test_an_annex_that_is_a_plan_is_read_and_a_blank_form_is_not() -> None:
    plan = "附件1\n\n防汛演练方案\n\n一、演练内容\n\n（一）开展桌面推演。各单位参加。\n\n（二）开展实战演练。各单位参加。\n"
    form = "附件2\n\n演练情况统计表\n\n填报单位：\n\n参加人数（人）\n\n出动车辆（台）\n\n填报人：\n"
    text = f"关于做好防汛工作的通知\n\n{BODY}\n甲市应急管理局\n2021年5月6日\n\n{plan}\n{form}"
    whole = clean(text)
    found = clean_to_elements(whole, load())
    assert len(found.parts) == 1
    assert len(found.forms) == 1
    titles = [s.title for s in ranges_to_sections(whole, (found.body, *found.parts), load(), asides=found.asides)]
    assert titles == ["加强领导", "抓好落实", "演练内容", "开展桌面推演", "开展实战演练"]


def test_headings_form_a_tree() -> None:
    text = "一、总体要求\n\n（一）目标。做好工作。\n\n1.第一项。内容。\n\n（1）甲事。内容。\n\n二、任务\n\n（一）抓落实。内容。\n"
    whole = clean(text)
    sections = ranges_to_sections(whole, [(0, len(whole.text))], load())
    assert [(s.title, s.level, s.parent) for s in sections] == [
        ("总体要求", 1, None), ("目标", 2, 0), ("第一项", 3, 1), ("甲事", 4, 2), ("任务", 1, None), ("抓落实", 2, 4)
    ]  # fmt: skip
    for s in sections:
        assert whole.text[s.start :].startswith(s.label)
        assert s.start <= s.body_start <= s.end


@pytest.mark.parametrize("words", ["1.5万家企业参加", "2024年是关键之年", "12315热线全天开通"])
def test_what_begins_with_a_number_is_not_always_a_heading(words: str) -> None:
    whole = clean(f"一、概况\n\n{words}。\n")
    assert [s.title for s in ranges_to_sections(whole, [(0, len(whole.text))], load())] == ["概况"]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("关于印发《某市质量月活动方案》的通知", "通知"),
        ("国务院关于某某问题的若干意见", "意见"),
        ("关于协助举办活动的复函", "复函"),
        ("某市2019年质量月活动安排", "安排"),
        ("某某管理暂行办法（试行）", "办法"),
        ("某市活动情况的通报", "通报"),
        ("中华人民共和国某某法", "法"),
        ("某市欢迎您", None),
    ],
)
def test_kinds(title: str, kind: str | None) -> None:
    assert title_to_kind(title, load()) == kind
