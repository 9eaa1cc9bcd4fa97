"""What stands in another place than the text: initials, marks, drawings, page numbers, other pages; kinds from reports."""

from __future__ import annotations

import io
import re
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from ingest.readers import RawDocument, read
from ingest.readers.number_formats import shown_number
from kg.core.errors import UnreadableDocument

from . import writers
from .test_word_parts import losses, made, p, r, texts

TITLE = "苏州市教育局关于加强学校管理的通知"
SAID = "各有关单位要高度重视，认真组织实施，确保各项工作落到实处。"
BODY = f"<p>一、加强领导。{SAID}</p><p>二、落实责任。{SAID}</p>"


# -- Word


def initial(kind: str) -> str:
    return p(r("苏"), properties=f'<w:framePr w:dropCap="{kind}" w:lines="3"/>')


@pytest.mark.parametrize("kind", ["drop", "margin"])
def test_a_large_initial_begins_the_paragraph_below(kind: str) -> None:
    assert texts(made(initial(kind) + p(r("州市人民政府的意见")))) == ["苏州市人民政府的意见"]


def test_a_frame_or_a_table_is_not_joined() -> None:
    framed = p(r("框"), properties='<w:framePr w:w="100"/>')
    assert texts(made(framed + p(r("正文")))) == ["框", "正文"]
    row = f"<w:tbl><w:tr><w:tc>{p(r('甲'))}</w:tc><w:tc>{p(r('乙'))}</w:tc></w:tr></w:tbl>"
    assert texts(made(initial("drop") + row)) == ["苏", "甲\t乙"]


@pytest.mark.parametrize("mark", ["<w:t>*</w:t>", "<w:t>①</w:t>", '<w:sym w:font="Symbol" w:char="F02A"/>'])
def test_marks_of_notes_that_the_author_chose(mark: str) -> None:
    noted = f'<w:r><w:footnoteReference w:customMarkFollows="1" w:id="2"/>{mark}</w:r>'
    note = f'<w:footnote w:id="2">{p(r("指规上企业。"))}</w:footnote>'
    raw = read(writers.word(p(r("企业3200"), noted, r("家。")), footnotes=note), "a.docx")
    assert texts(raw) == ["企业3200家。", "指规上企业。"]
    assert losses(raw) == {"上标": 1}


def test_rich_text_that_gives_its_words_twice() -> None:
    def rich(body: str) -> list[str]:
        return texts(read(b"{\\rtf1\\ansi\\ansicpg936 " + body.encode() + b"\\par}", "a.rtf"))

    assert rich("{\\upr{old}{\\*\\ud{\\u26032?}}}x") == ["新x"]
    assert rich("\\trowd\\cellx1\\cellx2\\intbl{\\upr{a}{\\*\\ud{b}}}\\cell c\\cell\\row\\pard d") == ["b\tc", "d"]
    assert rich("{\\*\\bkmkstart{\\upr{a}{\\*\\ud{b}}}}c") == ["c"]


# -- spreadsheets


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (1.5, "[h]:mm:ss", "36:00:00"),
        (1.5, '[h]"小时"mm"分"', "36小时00分"),
        (0.0625, "[mm]:ss", "90:00"),
        (45000, 'yyyy"年"m"月"d"日" dddd', "2023年3月15日 星期三"),
        (45000, 'm"月"d"日"ddd', "3月15日周三"),
        (45000.75, 'd"日"上午/下午h"时"', "15日下午6时"),
        (45000.0, 'd"日" h"时" AM/PM', "15日 12时 上午"),
    ],
)
def test_stretches_of_time_weekdays_and_halves_of_days(value: float, code: str, shown: str) -> None:
    assert shown_number(value, code) == shown


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (
            '序号;任务;单位\n1;"组织,宣传\n及督查,整改";"市局,区局"\n2;"甲,乙";丙\n',
            "1\t组织,宣传 及督查,整改\t市局,区局",
        ),
        ('序号\t任务\t单位\n1\t"甲,乙,丙"\t"丁,戊"\n2\t"甲,乙"\t"丁,戊,己"\n', "1\t甲,乙,丙\t丁,戊"),
        ('"序号"|"任务""一"",内容"\n1|"甲,乙"\n2|丁\n', "1\t甲,乙"),
    ],
)
def test_marks_inside_quotation_marks_part_no_cells(text: str, row: str) -> None:
    assert texts(read(text.encode(), "a.csv"))[1] == row


# -- pdf and ofd


def numbered(form: str, count: int) -> RawDocument:
    pages = []
    for k in "一二三"[:count]:
        pages.append(
            writers.Page([(28, 60, 5.6, f"{k}、任务{k}由甲局负责。"), (28, 70, 5.6, f"各单位要落实任务{k}。")])
        )
        pages[-1].texts.append((95, 280, 4.0, form.format(k)))
    return read(writers.pdf(pages), "a.pdf")


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("form", ["第{}页 共三页", "第 {} 页（共 三 页）", "— {} —"])
def test_page_numbers_in_chinese(form: str, count: int) -> None:
    raw = numbered(form, count)
    assert len(raw.lines) == 2 * count
    assert not raw.fidelity


@pytest.mark.parametrize(
    ("kind", "part"), [("FileAttachment", "附件"), ("Sound", "音频、视频"), ("Screen", "音频、视频")]
)
def test_what_hangs_on_a_page_is_said(kind: str, part: str) -> None:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.setFont(writers._font(), 16)
    canvas.drawString(80, 700, "一、总体要求")
    canvas.save()
    data = out.getvalue()
    at = next(re.finditer(rb"/Type /Page\b(?!s)", data)).start()
    note = f"/Annots [<</Type /Annot /Subtype /{kind} /Rect [10 10 30 30]>>] ".encode()
    assert losses(read(data[:at] + note + data[at:], "a.pdf")) == {part: 1}


_OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def drawn(page: str, units: dict[str, str]) -> RawDocument:
    listed = "".join(
        f'<ofd:CompositeGraphicUnit ID="{key}"><ofd:Content>{content}</ofd:Content></ofd:CompositeGraphicUnit>'
        for key, content in units.items()
    )
    return read(
        writers.zipped(
            {
                "OFD.xml": f"<ofd:OFD {_OFD}><ofd:DocBody><ofd:DocRoot>D/D.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
                "D/D.xml": f"<ofd:Document {_OFD}><ofd:CommonData><ofd:DocumentRes>R.xml</ofd:DocumentRes></ofd:CommonData>"
                '<ofd:Pages><ofd:Page ID="1" BaseLoc="P.xml"/></ofd:Pages></ofd:Document>',
                "D/P.xml": f"<ofd:Page {_OFD}><ofd:Content><ofd:Layer>{page}</ofd:Layer></ofd:Content></ofd:Page>",
                "D/R.xml": f"<ofd:Res {_OFD}><ofd:CompositeGraphicUnits>{listed}</ofd:CompositeGraphicUnits></ofd:Res>",
            }
        ),
        "a.ofd",
    )


def words(text: str, y: int, size: float = 5) -> str:
    code = f'<ofd:TextCode X="0" Y="{size}" DeltaX="g {len(text) - 1} {size}">{text}</ofd:TextCode>'
    return f'<ofd:TextObject Size="{size}" Boundary="20 {y} 170 10">{code}</ofd:TextObject>'


def placed(unit: str, y: int, scale: int = 1) -> str:
    return f'<ofd:CompositeObject ResourceID="{unit}" Boundary="0 {y} 170 9" CTM="{scale} 0 0 {scale} 0 0"/>'


def test_drawings_that_are_kept_as_resources() -> None:
    units = {"1": words("二、由水务局负责。", 0, 2.5) + placed("2", 10), "2": words("三、由司法局负责。", 0, 2.5)}
    assert texts(drawn(words("一、由教育局负责。", 30) + placed("1", 50, 2), units)) == [
        "一、由教育局负责。",
        "二、由水务局负责。",
        "三、由司法局负责。",
    ]


def test_drawings_that_draw_each_other_are_bounded_and_said() -> None:
    units = {"1": placed("2", 1) * 300, "2": placed("1", 1) * 300 + words("甲", 0)}
    assert losses(drawn(words("一、由教育局负责。", 30) + placed("1", 50) * 20, units)) == {"第 1 页": 1}


# -- web pages


def page(body: str, title: str = TITLE) -> RawDocument:
    return read(f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode(), "a.html")


@pytest.mark.parametrize(
    "link", ["<a href=t_2.html>下一页</a>", "<a href=t_1.html>[下页]</a>", "<a href=all.html>点击查看剩余全文</a>"]
)
def test_other_pages_of_a_text_are_said(link: str) -> None:
    raw = page(f"<h1>{TITLE}</h1><div>{BODY}</div><div>{link}</div>")
    assert losses(raw) == {"其余各页": 1}
    assert not any("页" in line for line in texts(raw))


@pytest.mark.parametrize(
    "link", ["<a href=t.html>下一篇</a>", "<a href='javascript:;'>下一页</a>", "<a href='#'>展开全文</a>"]
)
def test_links_that_lead_to_no_other_page_of_it_are_not(link: str) -> None:
    assert losses(page(f"<h1>{TITLE}</h1><div>{BODY}</div><div>{link}</div>")) == {}


@pytest.mark.parametrize("title", [TITLE, ""])
@pytest.mark.parametrize("body", ["<div id=app></div>", "<noscript>请启用JavaScript</noscript><div id=root></div>"])
def test_a_page_that_a_script_would_fill_is_refused_with_what_to_do(body: str, title: str) -> None:
    with pytest.raises(UnreadableDocument, match=r"脚本.*复制到 Word"):
        page(f"{body}<script src=app.js></script>", title)


def test_a_text_that_waits_in_a_script_is_said() -> None:
    held = f'<script>window.DATA={{"text":"{SAID * 5}"}}</script>'
    assert losses(page(f"<p>正在加载，请稍候</p>{held}")) == {"网页正文": 1}
    assert losses(page(f"<p>第1页</p>{held}")) == {"网页正文": 1}
    assert losses(page(f"<h1>{TITLE}</h1>{BODY}{held}")) == {}
    assert losses(page("<p>各校：请于3月1日前上报。</p><script>var a;</script>")) == {}


def test_what_fields_show_that_nobody_can_change() -> None:
    fields = (
        "<tr><td>文号</td><td><input readonly value=苏教〔2025〕1号></td></tr>"
        "<tr><td>种类</td><td><select disabled><option>无</option><option selected>通知</option></select></td></tr>"
        "<tr><td>机关</td><td><textarea readonly>苏州市教育局\n苏州市财政局</textarea></td></tr>"
        "<tr><td>查找</td><td><input value=请输入><input type=submit disabled value=提交></td></tr>"
    )
    found = texts(page(f"<h1>{TITLE}</h1><table>{fields}</table>{BODY}"))
    assert found[1:5] == ["文号\t苏教〔2025〕1号", "种类\t通知", "机关\t苏州市教育局 苏州市财政局", "查找\t"]


def test_captions_over_any_number_of_columns() -> None:
    rows = "".join(f"<tr><td colspan=1000>{k}、类</td></tr><tr><td>任务{k}</td><td>甲局</td></tr>" for k in "一二三")
    found = texts(page(f"<h1>{TITLE}</h1>{BODY}<table>{rows}</table>"))
    assert found[-6:] == ["一、类", "任务一\t甲局", "二、类", "任务二\t甲局", "三、类", "任务三\t甲局"]


def test_a_table_that_holds_the_title_is_layout() -> None:
    site = f"<tr><td colspan=2>网站</td></tr><tr><td>栏目</td><td><h1>{TITLE}</h1>{BODY}</td></tr><tr><td>左</td><td>右</td></tr>"
    assert texts(page(f"<table>{site}</table>"))[:3] == [TITLE, f"一、加强领导。{SAID}", f"二、落实责任。{SAID}"]


# -- mail


@pytest.mark.parametrize("kind", ["pkcs7-mime", "x-pkcs7-mime", "ms-tnef"])
def test_a_mail_whose_text_is_sealed_says_what_to_do(kind: str) -> None:
    mail = f"From: a@b.cn\nSubject: x\nMIME-Version: 1.0\nContent-Type: application/{kind}; name=x\n\nMIIB\n"
    with pytest.raises(UnreadableDocument, match=r"加密、签名或 winmail.*复制到 Word"):
        read(mail.encode(), "a.eml")


def test_a_mail_that_is_only_signed_is_read() -> None:
    message = MIMEMultipart("signed")
    message["From"] = "a@b.cn"
    message.attach(MIMEText("一、由市教育局负责。", "plain", "utf-8"))
    assert "一、由市教育局负责。" in texts(read(message.as_bytes(), "a.eml"))
