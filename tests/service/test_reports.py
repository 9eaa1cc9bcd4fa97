"""An answer as a file: what it says, what it rests on, and that nothing in it is more than text."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

import docx
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from ingest.readers import read
from kg.core.errors import UnknownName, UsageError
from kg.service.reports import FORMATS, answer_file, chinese_date, source_line

W = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
QUOTE = {"document_id": "d-1", "source": "a/甲.pdf", "quote": "办<b>开放日</b>\n活动", "start": 3, "end": 9, "page": 3}
GONE = {"document_id": "d-2", "source": "a\\乙.txt", "quote": "另一句", "start": 0, "end": 3}
ANSWER = {
    "question": "哪些区办过？",
    "answer": "两个区办过。\n其余不明。",
    "interpretation": "理解为：历年情况",
    "columns": ["年份", "地区"],
    "rows": [{"年份": 2024, "地区": ["青浦区", "浦东新区"]}, {"年份": 2022, "地区": "=1+1"}],
    "sparql": 'SELECT ?x\nWHERE { ?x a "`" }',
    "evidence": [QUOTE, GONE],
}


class Held:
    """A service that holds d-1 only."""

    def generation(self) -> dict[str, Any]:
        return {"number": 7, "created": "2031-05-06T07:08:09", "documents": 12}

    def passage_context(self, document_id: str, start: int, end: int) -> dict[str, Any]:
        if document_id != "d-1":
            raise UsageError("没有")
        return {"title": "关于某事的通知", "doc_number": "某〔2024〕1号", "date": "2024-09-06", "page": 3}


def written(format_: str, **given: Any) -> bytes:
    return answer_file(Held(), {**ANSWER, **given}, format_)


def footnotes(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = etree.fromstring(archive.read("word/footnotes.xml"))
        body = etree.fromstring(archive.read("word/document.xml"))
    notes = {note.get(f"{{{W['w']}}}id"): "".join(note.itertext()) for note in root.iterfind("w:footnote", W)}
    references = [r.get(f"{{{W['w']}}}id") for r in body.iterfind(".//w:footnoteReference", W)]
    assert sorted(notes) == sorted(["-1", "0", *references])
    return [notes[reference].strip() for reference in references]


def test_a_word_file_holds_the_answer_with_a_footnote_for_each_quote():
    data = written("docx")
    document = docx.Document(io.BytesIO(data))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[0] == "哪些区办过？"
    assert {"两个区办过。", "对问题的理解：历年情况"} <= set(texts)
    assert not any("SELECT" in text for text in texts)  # the query is in the workbook
    assert any("12 份文档，第 7 代索引，2031-05-06 07:08" in text for text in texts)
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows][1:] == [
        ["2024", "青浦区、浦东新区"],
        ["2022", "=1+1"],
    ]
    assert footnotes(data) == [
        "《关于某事的通知》（某〔2024〕1号，2024年9月6日，第3页）：“办<b>开放日</b> 活动”",
        "《乙.txt》：“另一句”",
    ]


def test_a_footnote_stands_at_its_claim_and_what_is_not_cited_is_left_out():
    data = written("docx", answer="甲区办过[2]，乙区办过[1]，丙区也是[2][9]。", evidence=[QUOTE, GONE, QUOTE])
    [text] = [p for p in docx.Document(io.BytesIO(data)).paragraphs if p.text.startswith("甲区")]
    assert text.text == "甲区办过，乙区办过，丙区也是[9]。"
    assert [note[:6] for note in footnotes(data)] == ["《乙.txt", "《关于某事的", "同注1。"]


def test_what_a_person_stated_is_said_in_word_and_workbook():
    reviewed = {**QUOTE, "review": {"id": "c-1", "action": "confirm", "at": "2031-05-06T07:08:09+00:00"}}
    assert footnotes(written("docx", evidence=[reviewed]))[0].endswith("（人工核定，2031年5月6日）")
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", evidence=[reviewed, GONE])))
    assert [row[6].value or "" for row in book["依据"].iter_rows()] == ["核定", "人工核定", ""]


def test_a_word_file_has_its_parts_declared_and_our_own_reader_reads_it():
    data = written("docx")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"/word/footnotes.xml" in archive.read("[Content_Types].xml")
        assert b"footnotes.xml" in archive.read("word/_rels/document.xml.rels")
        assert archive.testzip() is None
    assert "两个区办过。" in [line.text for line in read(data, "答案.docx").lines]


def test_fonts_are_those_of_official_documents_and_are_not_embedded():
    data = written("docx")
    normal = docx.Document(io.BytesIO(data)).styles["Normal"]
    assert "仿宋_GB2312" in etree.tostring(normal.element, encoding="unicode")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not [name for name in archive.namelist() if name.endswith((".ttf", ".odttf"))]


def test_without_evidence_there_is_no_empty_part():
    with zipfile.ZipFile(io.BytesIO(written("docx", evidence=[], rows=[], sparql=None))) as archive:
        assert "word/footnotes.xml" not in archive.namelist()


def test_a_workbook_says_what_it_rests_on_and_keeps_formulas_as_text():
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx")))
    facts = dict(book["答案"].iter_rows(values_only=True))
    assert (facts["语料日期"], facts["索引"], facts["文档数"]) == ("2031-05-06 07:08", "第 7 代", 12)
    assert (book["表"]["B3"].value, book["表"]["B3"].data_type) == ("=1+1", "s")
    assert [cell.value for cell in book["依据"][2]][:5] == [1, "关于某事的通知", "某〔2024〕1号", "2024-09-06", 3]


def test_a_csv_has_the_table_first_and_what_it_rests_on_after_an_empty_line():
    rows = list(csv.reader(io.StringIO(written("csv").decode("utf-8-sig"))))
    assert rows[:3] == [["年份", "地区"], ["2024", "青浦区、浦东新区"], ["2022", "'=1+1"]]
    assert rows[3] == []
    assert dict(rows[4:]) == {"问题": "哪些区办过？", "语料日期": "2031-05-06 07:08", "索引": "第 7 代", "文档数": "12"}


def test_markdown_escapes_and_fences_what_others_wrote():
    text = written("md").decode()
    assert "# 哪些区办过？\n" in text
    assert "不明。[^1][^2]" in text
    assert "| 2022 | =1+1 |" in text
    assert "办\\<b\\>开放日" in text
    assert '```sparql\nSELECT ?x\nWHERE { ?x a "`" }\n```' in text


@pytest.mark.parametrize("format_", FORMATS)
def test_an_answer_from_passages_alone_is_written_too(format_: str):
    assert written(format_, columns=[], rows=[], sparql=None, interpretation="", chart=None)


def test_another_format_is_refused():
    with pytest.raises(UnknownName, match="docx"):
        answer_file(Held(), ANSWER, "doc")


def test_dates_as_far_as_they_are_known():
    assert [chinese_date(d) for d in ("2024-09-06", "2024-09", "2024", None, "九月")] == [
        "2024年9月6日",
        "2024年9月",
        "2024年",
        "",
        "九月",
    ]


def test_a_title_with_brackets_keeps_its_own():
    named = {"title": "关于印发《甲》的通知", "doc_number": None, "date": None, "source": "x"}
    assert source_line(named) == "关于印发《甲》的通知"


@settings(deadline=None, max_examples=25)
@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_makes_a_file_that_opens(question: str, quote: str):
    data = written("docx", question=question, answer=quote, evidence=[{**QUOTE, "quote": quote}])
    docx.Document(io.BytesIO(data))
    assert len(footnotes(data)) == 1
