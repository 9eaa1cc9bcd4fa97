"""Header facts: the same whatever stands around the text; dates and years from the document alone."""

from __future__ import annotations

import pytest

from ingest.pipeline import read_document
from kg.core.model import Document
from ontology.reference import load_reference

TITLE = "杭州市教育局关于开展2024年安全检查的通知"
NUMBER = "杭教〔2024〕9号"
REST = "各区、县（市）教育局：\n\n根据《教育法》（2015年修正）和2018年4月30日的要求，现将有关事项通知如下，请认真执行。\n\n一、开展检查。各单位要高度重视。\n\n杭州市教育局\n\n2024年5月8日\n"
WRAPPED = {
    "a.txt": [
        f"{TITLE}\n{NUMBER}\n{REST}",
        f"杭州市教育局文件\n{NUMBER}\n{TITLE}\n{REST}",
        f"3. {TITLE}（2024 年5 月8 日）\n{NUMBER}\n{REST}",
        f"发布机构：杭州市教育局\n发布日期：2024-05-10\n{TITLE}\n{NUMBER}\n{REST}",
    ],
    "a.md": [
        f"# {TITLE}\n\n**发布日期**: 2024-05-10\n\n---\n\n{NUMBER}\n\n{REST}",
        f"---\n标题: {TITLE}\n文号: {NUMBER}\n---\n\n# {TITLE}\n\n{REST}",
    ],
    "a.html": [
        f"<html><head><title>{TITLE}-杭州市教育局网站</title></head><body><div><a href=/>首页</a> &gt; <a href=/a>通知</a></div><h1>{TITLE}</h1><p>{NUMBER}</p>"
        + "".join(f"<p>{line}</p>" for line in REST.split("\n") if line)
        + "<div>主办单位：杭州市人民政府办公厅</div></body></html>",
    ],
}


def read(text: str, source: str = "a.txt") -> Document:
    return read_document(text.encode(), source=source, document_id="d", reference=load_reference())


@pytest.mark.parametrize(("source", "text"), [(s, t) for s, texts in WRAPPED.items() for t in texts])
def test_one_header_in_any_wrapping(source: str, text: str) -> None:
    d = read(text, source)
    assert (d.title, d.doc_number, d.kind, d.date, d.year) == (TITLE, NUMBER, "通知", "2024-05-08", 2024)
    assert [p.name for p in d.issuers] == ["杭州市教育局"]
    assert (d.region, str(d.level), d.recipients) == ("杭州市", "市", "各区、县（市）教育局")
    assert "杭州市人民政府办公厅" not in [a.name for a in d.agencies]


def test_dates_and_years_of_laws_that_are_cited_are_not_the_documents() -> None:
    d = read(
        "# 《甲市以旧换新实施方案》具体包括哪些内容？\n\n**发布日期**: 2024-09-04\n\n回复:\n\n（一）报废2018年4月30日前登记的车辆，补贴2万元。\n",
        "a.md",
    )
    assert (d.date, d.year) == ("2024-09-04", 2024)
    assert read("甲市防汛工作方案\n\n为落实2015年10月修订的有关法律，制定本方案，请认真执行。\n").year is None


def test_a_span_of_years_is_no_year() -> None:
    d = read(
        f"关于印发《行动方案（2026—2030年）》的通知\n{NUMBER}\n各区教育局：\n现印发给你们，请执行。\n杭州市教育局\n2025年12月22日\n"
    )
    assert d.year == 2025


@pytest.mark.parametrize(
    ("notes", "date", "number"),
    [
        ("（2021年7月27日中华人民共和国国务院令第746号公布）", "2021-07-27", "国务院令第746号"),
        (
            "（1991年3月4日中华人民共和国国务院令第76号发布 2018年9月6日国务院第23次常务会议修订通过）",
            "2018-09-06",
            None,
        ),
        ("（2014年6月6日国务院令第652号公布 自2014年7月1日起施行）", "2014-06-06", "国务院令第652号"),
    ],
)
def test_notes_below_the_title_of_a_law(notes: str, date: str, number: str | None) -> None:
    d = read(
        f"某某事项管理条例\n{notes}\n第一条 为了规范管理，制定本条例。\n第二条 有关单位应当遵守本条例。\n第三条 本条例由有关部门解释。\n"
    )
    assert (d.title, d.kind, d.date, d.doc_number) == ("某某事项管理条例", "条例", date, number)
    assert [p.name for p in d.issuers] == ["国务院"]


def test_two_names_on_a_line_without_a_blank_are_two() -> None:
    d = read(
        "关于印发《某某行动方案》的通知\n区政府各委、办、局：\n现将方案印发给你们，请认真执行。\n上海市青浦区教育局上海市青浦区财政局\n2024年5月8日\n"
    )
    assert [p.name for p in d.issuers] == ["青浦区教育局", "青浦区财政局"]


def test_a_name_that_no_list_holds_signs_as_it_is_written() -> None:
    name = "杭州市推进港口转型升级和放管服改革协调小组办公室"
    d = read(f"关于印发某某措施的通知\n各有关单位：\n现印发给你们，请执行。\n{name}\n2024年5月8日\n")
    assert len(d.issuers) == 1
    assert d.issuers[0].as_written == name


def test_the_report_of_the_government_is_the_governments() -> None:
    d = read(
        "政府工作报告\n\n——2025年1月8日在杭州市第十七届人民代表大会第五次会议上\n\n市长  张三\n\n各位代表：\n\n现在，我代表市人民政府，向大会报告工作。\n"
    )
    assert (d.title, d.kind, d.date) == ("政府工作报告", "报告", "2025-01-08")
    assert [p.name for p in d.issuers] == ["杭州市人民政府"]


@pytest.mark.parametrize(
    "name", ["苏州工业园区管委会", "上海市科技节组委会", "苏州市沧浪街道南桥社区居委会", "甲县乙镇村委会"]
)
def test_whatever_ends_like_a_body_may_sign(name: str) -> None:
    d = read(f"关于做好安全检查工作的通知\n各部门：\n一、开展检查。请认真检查各类场所。\n{name}\n2024年5月6日\n")
    assert [p.as_written for p in d.issuers] == [name]


def test_names_side_by_side_in_a_signature_are_several() -> None:
    d = read(
        "甲省关于加强劳务品牌建设的意见\n各市、县：\n为加强建设，提出以下意见。\n一、抓好落实。\n"
        "海南省教育厅\n海南省知识产权局\n中国人民银行海口中心支行中国证监会海南监管局\n2023年5月24日\n"
    )
    names = [p.name for p in d.issuers]
    assert "中国人民银行海口中心支行" in names
    assert "中国证券监督管理委员会海南监管局" in names
