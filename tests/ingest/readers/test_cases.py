"""The situations of `../shared/eval/cases/files`: public reports about document readers, rebuilt as small files.

Each has its own check, after what its `case.json` calls right: read as printed, or told, or refused with the reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.pipeline import read_document
from ingest.readers import LineKind, RawDocument, read
from kg.core.errors import UnreadableDocument
from kg.core.model import Document
from ontology.reference import load_reference


class Case:
    """The files of one situation, read."""

    def __init__(self, folder: Path) -> None:
        self.files = {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if p.name != "case.json"}

    def raw(self, name: str = "") -> RawDocument:
        name = name or next(iter(self.files))
        return read(self.files[name], name)

    def lines(self, name: str = "") -> list[str]:
        return [line.text for line in self.raw(name).lines]

    def rows(self, name: str = "") -> list[list[str]]:
        return [line.text.split("\t") for line in self.raw(name).lines if line.kind is LineKind.ROW]

    def document(self, name: str = "") -> Document:
        name = name or next(iter(self.files))
        return read_document(self.files[name], source=name, document_id="d-0123456789", reference=load_reference(""))

    def reason(self, name: str) -> str:
        with pytest.raises(UnreadableDocument) as caught:
            self.raw(name)
        return caught.value.reason


def responsible(document: Document) -> list[tuple[str, list[tuple[str, str | None]]]]:
    return [(a.title, [(p.name, p.role and p.role.value) for p in a.responsible]) for a in document.activities]


def bodies(document: Document) -> list[list[str]]:
    return [[p.name for p in a.responsible] for a in document.activities]


def figures(document: Document) -> list[tuple[float, str]]:
    return [(f.value, f.unit) for f in document.figures]


def losses(raw: RawDocument) -> dict[str, int]:
    return {loss.part: loss.count for loss in raw.fidelity}


MARKET, UNION, SCHOOLS, ASSETS = (
    "苏州市市场监督管理局",
    "苏州市总工会",
    "苏州市教育局",
    "苏州市国有资产监督管理委员会",
)


def superscripts(case: Case) -> None:
    assert "企业3200家，发现问题45个，建成质量基础设施服务站12个，覆盖面积10⁴平方米。" in case.lines()[3]
    assert losses(case.raw()) == {"上标": 2}
    assert {(3200.0, "家"), (45.0, "个"), (12.0, "个")} == set(figures(case.document()))


def page_header(case: Case) -> None:
    document = case.document()
    assert document.doc_number == "苏市监质〔2025〕31号"
    assert [p.name for p in document.issuers] == [MARKET]


def tracked_changes(case: Case) -> None:
    document = case.document()
    assert document.doc_number == "苏市监质〔2025〕31号"
    assert [who for _, who in responsible(document)] == [[(MARKET, "lead"), (SCHOOLS, "co")], [(ASSETS, None)]]
    assert "一、质量开放日活动由市市场监管局牵头，市教育局配合。" in case.lines()
    assert any("修订" in notice.message for notice in document.notices)


def text_box(case: Case) -> None:
    assert case.lines().count("苏市监质〔2025〕31号") == 1
    document = case.document()
    assert (document.doc_number, document.title) == ("苏市监质〔2025〕31号", "关于开展2025年质量提升行动的通知")


def automatic_numbers(case: Case) -> None:
    assert [line for line in case.lines() if line[0] in "一二三四五（"] == [
        "一、总体要求",
        "（一）质量开放日活动由市市场监管局负责。",
        "二、保障措施",
        "（一）质量宣传活动由市教育局负责。",
        "五、附则",
    ]


def check_boxes(case: Case) -> None:
    assert "公开方式：主动公开□\u3000依申请公开☑\u3000不予公开□" in case.lines()


def merged_cells(case: Case) -> None:
    assert bodies(case.document()) == [[MARKET], [MARKET], [UNION]]


def footnote(case: Case) -> None:
    assert figures(case.document()) == [(26.0, "家")]
    assert "指市级以上质量标杆企业。" in case.document().text


def imported_body(case: Case) -> None:
    assert bodies(case.document()) == [[MARKET], [UNION]]


def fraction(case: Case) -> None:
    assert any("设备投资额的2/3，" in line for line in case.lines())


def gbk_fonts(case: Case) -> None:
    assert case.lines("gbk.pdf") == case.lines("unigb.pdf")
    assert "一、质量开放日活动由市市场监管局负责。" in case.lines("gbk.pdf")


def unmapped_font(case: Case) -> None:
    document = case.document()
    assert document.title == "关于开展2025年质量提升行动的通知"
    assert any("识别" in notice.message for notice in document.notices)


def hidden_text(case: Case) -> None:
    text = "\n".join(case.lines())
    assert "质量开放日" in text
    assert not any(word in text for word in ("质量夜市", "质量灯会", "质量草案"))
    assert losses(case.raw())["看不见的字符"] > 30


def table_over_pages(case: Case) -> None:
    assert bodies(case.document()) == [[MARKET], [UNION], [ASSETS], [SCHOOLS]]


def three_line_table(case: Case) -> None:
    assert case.rows() == [
        ["地区", "检查企业（家）", "合格率（%）"],
        ["姑苏区", "320", "98.2"],
        ["吴江区", "415", "97.6"],
        ["昆山市", "508", "99.1"],
    ]


def printed_superscript(case: Case) -> None:
    assert "全市共检查企业3200家，发现问题45个。" in case.lines()
    assert figures(case.document()) == [(3200.0, "家"), (45.0, "个")]


def formula_without_value(case: Case) -> None:
    assert case.rows()[-1] == ["合计", ""]
    assert any("公式" in notice.message for notice in case.document().notices)


def hidden_row(case: Case) -> None:
    assert case.rows()[0] == ["地区", "检查情况", "检查情况", "处罚情况", "处罚情况"]
    assert case.rows()[-1] == ["吴江区", "415", "97.6", "22", "61.3"]
    assert losses(case.raw()) == {"隐藏的行": 1}


def legacy_formats(case: Case) -> None:
    assert case.lines("通知.rtf") == ["通知"]
    assert "质量" in case.lines("来文.eml")
    for name in ("表.xls", "表.et", "会议.pptx"):  # signatures with nothing behind them
        assert "已损坏或不完整" in case.reason(name)


def page_table(case: Case) -> None:
    assert bodies(case.document()) == [[MARKET], [MARKET], [UNION]]


def page_list(case: Case) -> None:
    document = case.document()
    assert [a.no for a in document.activities] == ["3", "4"]
    assert figures(document) == [(3200.0, "家")]
    assert "display" not in document.text


def encodings(case: Case) -> None:
    assert "關於開展2025年質量提升行動的通知" in case.lines("big5.txt")
    assert "一、质量开放日活动由市市场监管局负责。" in case.lines("onebad.txt")
    assert any("字节损坏" in notice.message for notice in case.document("onebad.txt").notices)


def renamed(case: Case) -> None:
    assert bodies(case.document()) == [[UNION]]  # the move itself: tests/build/test_run.py


def two_formats(case: Case) -> None:
    one, other = case.document("通知.txt"), case.document("通知.docx")
    assert (one.title, one.doc_number) == (other.title, other.doc_number)
    assert responsible(one) == responsible(other)


def articles(case: Case) -> None:
    document = case.document()
    third = next(a for a in document.articles if a.label == "第三条")
    assert "应当每年公布质量报告" in document.text[third.start : third.end]
    assert ("废止", "苏州市质量管理办法", "2025-05-01") in [(e.act, e.target, e.date) for e in document.effects]


def two_districts(case: Case) -> None:
    found = [{name for names in bodies(case.document(f)) for name in names} for f in case.files]
    assert all(len(names) == 2 for names in found)
    assert not found[0] & found[1]


def number_forms(case: Case) -> None:
    for name in case.files:
        document = case.document(name)
        told = any("没有认出发文字号" in notice.message for notice in document.notices)
        assert document.doc_number == "沪府办发〔2024〕12号" or (document.doc_number is None and told), name
        assert document.date == f"2024-03-1{int(name[0]) + 1}"


def last_clause(case: Case) -> None:
    assert responsible(case.document())[-1] == ("质量夜市由市商务局负责", [("苏州市商务局", None)])


CHECKS: dict[str, Callable[[Case], None]] = {
    "01-docx-superscript": superscripts,
    "02-docx-page-header": page_header,
    "03-docx-tracked": tracked_changes,
    "04-docx-textbox": text_box,
    "05-docx-numbering": automatic_numbers,
    "06-docx-symbols": check_boxes,
    "07-docx-merged-cells": merged_cells,
    "08-docx-footnote": footnote,
    "09-docx-altchunk": imported_body,
    "10-docx-fraction": fraction,
    "14-pdf-gbk-no-tounicode": gbk_fonts,
    "15-pdf-title-font-unmapped": unmapped_font,
    "16-pdf-hidden-text": hidden_text,
    "17-pdf-table-over-pages": table_over_pages,
    "18-pdf-three-line-table": three_line_table,
    "19-pdf-superscript": printed_superscript,
    "21-xlsx-formula-without-value": formula_without_value,
    "22-xlsx-hidden-and-headers": hidden_row,
    "23-legacy-formats": legacy_formats,
    "24-html-table-lost": page_table,
    "25-html-list-numbers": page_list,
    "26-txt-big5": encodings,
    "27-update-stale": renamed,
    "28-duplicate-formats": two_formats,
    "29-law-articles": articles,
    "30-same-name-bodies": two_districts,
    "31-number-forms": number_forms,
    "32-last-clause-before-signature": last_clause,
}


@pytest.mark.parametrize("name", CHECKS)
def test_situation(name: str, cases_dir: Path) -> None:
    CHECKS[name](Case(cases_dir / name))


def test_every_situation_is_checked_and_says_what_is_right(cases_dir: Path) -> None:
    folders = sorted(p for p in cases_dir.iterdir() if p.is_dir())
    assert [p.name for p in folders] == list(CHECKS)
    assert all(json.loads((p / "case.json").read_text(encoding="utf-8"))["right"] for p in folders)
