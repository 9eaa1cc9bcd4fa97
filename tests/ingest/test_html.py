"""Web pages: the article, its tables, and the table of 索引号 … above it."""

from __future__ import annotations

from ingest.pipeline import read_document
from ingest.readers.html import read_html
from kg.core.model import Document
from ontology.reference import load_reference

PAGE = """<html><head><meta charset="utf-8"><title>栏目_某市政府</title><script>var x = "脚本里的话";</script></head><body>
<nav><a href="/">首页</a><a href="/zw">政务公开</a></nav>
<table><tr><td><b>索 引 号：</b></td><td>AB1/2023-1</td><td><b>发布日期：</b></td><td>2023年06月09日</td></tr>
<tr><td><b>发文字号：</b></td><td>{number}</td><td><b>成文日期：</b></td><td>{date}</td></tr></table>
<div class="TRS_Editor"><p style="text-align:center"><b>杭州市应急管理局关于举办<br>2023年安全宣传咨询日活动的通知</b></p>
<p>各区、县（市）应急管理局：</p>
<p>　　经研究，定于2023年6月16日举办安全宣传咨询日活动，现将有关事项通知如下，<span>请认真</span><span>组织实施</span>。</p>
<p>一、活动安排</p>
<table><tr><th>序号</th><th>活动内容</th><th>责任单位</th></tr>
<tr><td>1</td><td>举办现场咨询活动</td><td rowspan="2">市应急管理局</td></tr><tr><td>2</td><td>开展应急演练</td></tr></table>
<p style="text-align:right">杭州市应急管理局</p><p>2023年6月8日</p></div>
<footer>版权所有 &lt;某市政府&gt;</footer></body></html>"""


def read(html: str, encoding: str = "utf-8") -> Document:
    return read_document(html.encode(encoding), source="a.html", document_id="d", reference=load_reference())


def page(number: str = "杭应急〔2023〕31号", date: str = "2023年06月08日") -> str:
    return PAGE.format(number=number, date=date)


def test_only_the_article_is_read() -> None:
    text = read(page()).text
    assert "请认真组织实施" in text
    assert not any(words in text for words in ("首页", "版权所有", "脚本里的话", "AB1"))


def test_a_title_over_two_lines_and_the_number_from_the_page() -> None:
    d = read(page())
    assert d.title == "杭州市应急管理局关于举办2023年安全宣传咨询日活动的通知"
    assert (d.doc_number, d.date, d.kind) == ("杭应急〔2023〕31号", "2023-06-08", "通知")
    assert d.recipients == "各区、县（市）应急管理局"


def test_a_cell_that_spans_rows_counts_for_each() -> None:
    d = read(page())
    assert [(a.title, [p.name for p in a.responsible]) for a in d.activities] == [
        ("举办现场咨询活动", ["杭州市应急管理局"]),
        ("开展应急演练", ["杭州市应急管理局"]),
    ]


def test_the_text_wins_over_the_page_and_the_difference_is_told() -> None:
    d = read(page(date="2022年01月01日"))
    assert d.date == "2023-06-08"
    assert [n.code for n in d.notices if n.code == "contradicts-metadata"] == ["contradicts-metadata"]


def test_encodings_of_pages() -> None:
    html = page().replace("utf-8", "gb2312")
    assert read(html, "gb18030").title.startswith("杭州市应急管理局")
    assert read(html, "utf-8").title.startswith("杭州市应急管理局")  # a declaration left over from a template


def test_markup_in_the_text_stays_text() -> None:
    raw = read_html(page().replace("请认真", "请&lt;b&gt;认真").encode())
    assert any("请<b>认真" in line.text for line in raw.lines)
