"""The foot of a document: signature, date, what is sent out, lists of annexes, tables of contents, several documents."""

from __future__ import annotations

import pytest

from ingest.layout import raw_to_clean
from ingest.readers import read as read_file
from ingest.structure.elements import Elements, clean_to_elements
from ingest.structure.headings import ranges_to_sections
from ontology.forms import load

HEAD = "甲市水务局关于印发甲市河湖管护行动方案的通知\n甲水〔2024〕9号\n各区水务局：\n现将方案印发给你们，请认真贯彻执行。\n"
PLAN = "甲市河湖管护行动方案\n为加强管护，制定本方案，请认真执行。\n一、主要任务\n（一）开展巡查。每周一次。\n"


def read(text: str) -> Elements:
    return clean_to_elements(raw_to_clean(read_file(text.encode(), "a.txt"), load()), load())


def titles(text: str, name: str = "a.txt") -> list[str]:
    clean = raw_to_clean(read_file(text.encode(), name), load())
    found = clean_to_elements(clean, load())
    return [s.title for s in ranges_to_sections(clean, (found.body, *found.parts), load(), asides=found.asides)]


@pytest.mark.parametrize("seal", ["", "（此件公开发布）\n", "(此件主动公开)\n\n"])
@pytest.mark.parametrize(
    "names", ["甲市水务局\n", "甲市水务局\n甲市财政局\n", "甲市水务局\n（甲市河长制办公室代章）\n"]
)
def test_signature_date_and_what_is_sent_out(names: str, seal: str) -> None:
    found = read(f"{HEAD}{names}2024年5月8日\n{seal}{PLAN}")
    assert [s.text for s in found.signature] == [n for n in names.split("\n") if n and "代章" not in n]
    assert found.date is not None
    assert found.date.text == "2024年5月8日"
    assert found.attached_title is not None
    assert found.attached_title.text == "甲市河湖管护行动方案"


def test_a_title_below_the_notice_over_two_lines() -> None:
    found = read(f"{HEAD}甲市水务局\n2024年5月8日\n甲市河湖管护\n行动方案\n为加强管护，制定本方案，请认真执行。\n")
    assert found.attached_title is not None
    assert found.attached_title.text == "甲市河湖管护行动方案"


@pytest.mark.parametrize(
    "opening",
    [
        "附件：\n1.巡查统计表\n2.宣传实例\n",
        "附件：1.巡查统计表\n2.宣传实例\n",
        "附件：\n1.操作指引.pdf\n2.网点名单.xlsx\n",
    ],
)
def test_a_list_of_annexes_is_no_part_of_the_body_and_hides_no_signature(opening: str) -> None:
    text = f"{HEAD}一、主要任务\n（一）开展巡查。每周一次。\n{opening}甲市水务局\n2024年5月8日\n"
    found = read(text)
    assert found.date is not None
    assert len(found.lists) == 1
    assert titles(text) == ["主要任务", "开展巡查"]


def test_awardees_do_not_sign() -> None:
    found = read(
        "甲市人民政府办公室关于表彰先进单位的决定\n各县（市、区）人民政府：\n市政府决定对下列单位进行表彰。\n"
        "一、金杯单位\n乙县人民政府\n丙县人民政府\n甲市人民政府办公室\n2025年2月23日\n"
    )
    assert [s.text for s in found.signature] == ["甲市人民政府办公室"]


def test_a_date_in_a_schedule_is_not_the_date_of_signing() -> None:
    found = read(
        f"{HEAD}2024年6月1日\n各区报送名单，由市局汇总后公布。\n2024年7月1日\n开展检查，形成报告。\n甲市水务局\n2024年5月8日\n"
    )
    assert found.date is not None
    assert found.date.text == "2024年5月8日"


@pytest.mark.parametrize(
    "contents",
    [
        "目录\n第一章 总则\n第二章 附则\n",
        "目\n录\n第一章 总则\n第二章 附则\n",
        "目录\n第一章 总则……………1\n第二章 附则……………3\n",
    ],
)
def test_a_table_of_contents_is_left_out(contents: str) -> None:
    text = f"甲市节约用水条例\n{contents}第一章 总则\n第一条 为了节约用水，制定本条例。\n第二章 附则\n第二条 本条例自2024年1月1日起施行。\n"
    assert titles(text) == ["总则", "", "附则", ""]


def test_a_file_of_several_documents_is_told() -> None:
    one = "{n}. 甲市{b}局关于做好{b}工作的通知（2023年4月{n}日）\n甲{b}〔2023〕{n}号\n各有关单位：\n现将事项通知如下，请认真执行。\n甲市{b}局\n2023年4月{n}日\n"
    text = "".join(one.format(n=n, b=b) for n, b in ((1, "教育"), (2, "水务"), (3, "民政")))
    assert len(read(text).documents) == 3
    assert read(one.format(n=1, b="教育")).documents == ()


def test_a_forwarded_document_is_not_a_compilation() -> None:
    text = (
        "甲市教育局转发乙省教育厅关于做好防汛工作的通知\n甲教〔2023〕5号\n各学校：\n现转发给你们，请认真执行。\n甲市教育局\n2023年4月2日\n"
        "乙省教育厅关于做好防汛工作的通知\n乙教〔2023〕2号\n各市教育局：\n现将事项通知如下，请认真执行。\n乙省教育厅\n2023年3月2日\n"
    )
    assert read(text).documents == ()


def test_more_than_a_thousand_items() -> None:
    text = "甲市事项清单\n\n" + "\n".join(f"{n}. 事项名称。由有关单位办理。" for n in range(1, 1203))
    assert len(titles(text, "a.md")) == 1202
    assert titles("一、概况\n2024.我市加快发展，成效明显。\n") == ["概况"]


@pytest.mark.parametrize(
    ("label", "title"),
    [("第一部分", "总体要求"), ("一、", "总体要求"), ("（一）", "总体要求"), ("1.", "总体要求"), ("1、", "总体要求"), ("1)", "总体要求"), ("（1）", "总体要求"), ("①", "总体要求"), ("Q1：", "如何申请")],
)  # fmt: skip
def test_numbering_styles(label: str, title: str) -> None:
    assert titles(f"甲市工作方案\n{label}{title}\n按照有关规定执行，确保取得实效，不断提高水平。\n") == [title]


@pytest.mark.parametrize(
    "line",
    ["第二条的规定履行职责的部门，应当公布报告。", "第三条规定的情形，由主管部门处理。", "第五条例子说明了问题。"],
)
def test_a_reference_at_the_start_of_a_line_is_no_article(line: str) -> None:
    labels = titles(f"甲市节水条例\n第一条 为了节水，制定本条例。\n第二条 本市节水适用本条例。\n{line}\n")
    assert len(labels) == 2


def test_annexes_whose_names_were_lost_hide_no_signature() -> None:
    found = read(f"{HEAD}附件：\n甲市水务局\n甲市财政局\n2024年5月8日\n")
    assert found.date is not None
    assert found.date.text == "2024年5月8日"
    assert [line.text for line in found.signature] == ["甲市水务局", "甲市财政局"]
