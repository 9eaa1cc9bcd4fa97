"""Mails and saved pages of several parts: all texts in order, forwarded mails said, frames followed."""

from __future__ import annotations

import base64
import quopri
from email.mime.base import MIMEBase
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from ingest.readers import RawDocument, read
from ingest.readers.html import read_html
from kg.core.errors import UnreadableDocument

SAID = "各区应当按照职责分工落实责任，加强检查督导，确保取得实效。"
PLAIN, PAGE = MIMEText(f"文字一：{SAID}", "plain", "gb18030"), MIMEText(f"<p>网页一：{SAID}</p>", "html", "utf-8")


def mail(kind: str, *parts: MIMEBase) -> RawDocument:
    return read(multipart(kind, *parts, sender="a@b.cn").as_bytes(), "a.eml")


def multipart(kind: str, *parts: MIMEBase, sender: str = "") -> MIMEMultipart:
    message = MIMEMultipart(kind)
    if sender:
        message["From"] = sender
    for part in parts:
        message.attach(part)
    return message


def texts(raw: RawDocument) -> list[str]:
    return [line.text for line in raw.lines]


def attached(name: str) -> MIMEBase:
    part = MIMEBase("application", "octet-stream")
    part.set_payload("eA==")
    part.add_header("Content-Disposition", "attachment", filename=("gbk", "", name))
    return part


def test_all_texts_of_a_mail_in_order() -> None:
    after = MIMEText("文字二：奖励5万元。", "plain", "utf-8")
    raw = mail("mixed", PLAIN, attached("方案.docx"), after)
    assert texts(raw) == [f"文字一：{SAID}", "文字二：奖励5万元。"]
    assert [loss.part for loss in raw.fidelity] == ["附件 方案.docx"]
    assert texts(mail("mixed", PAGE, after)) == [f"网页一：{SAID}", "文字二：奖励5万元。"]


def test_of_alternatives_one_is_read() -> None:
    related = multipart("related", PAGE)
    assert texts(mail("alternative", PLAIN, PAGE)) == [f"网页一：{SAID}"]
    assert texts(mail("mixed", multipart("alternative", PLAIN, related))) == [f"网页一：{SAID}"]
    assert texts(mail("alternative", PLAIN)) == [f"文字一：{SAID}"]


def test_a_forwarded_mail_is_said_and_not_mixed_in() -> None:
    inner = MIMEText("<p>原来的文字。</p>", "html", "utf-8")
    inner["Subject"] = "=?utf-8?B?" + base64.b64encode("原通知".encode()).decode() + "?="
    raw = mail("mixed", PLAIN, MIMEMessage(inner))
    assert texts(raw) == [f"文字一：{SAID}"]
    assert [loss.part for loss in raw.fidelity] == ["转发的邮件 原通知"]


@pytest.mark.parametrize(
    "subject",
    [
        b"=?gb2312?B?" + base64.b64encode("关于朱镕的通知".encode("gbk")) + b"?=",  # a character that GB 2312 lacks
        "关于朱镕的通知".encode("gbk"),
        "关于朱镕的通知".encode(),
        b"=?x-unknown?B?" + base64.b64encode("关于朱镕的通知".encode()) + b"?=",
        b"=?gbk?Q?"
        + quopri.encodestring("关于朱".encode("gbk"))
        + b"?= =?utf-8?Q?=E9=95=95=E7=9A=84=E9=80=9A=E7=9F=A5?=",
    ],
)
def test_subjects_in_the_encoding_that_they_are_in(subject: bytes) -> None:
    head = b"From: a@b.cn\r\nSubject: " + subject + b"\r\nContent-Type: text/plain; charset=gb2312\r\n"
    body = quopri.encodestring("请于5月1日前报送。".encode("gbk"))
    raw = read(head + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + body, "a.eml")
    assert texts(raw) == ["关于朱镕的通知", "请于5月1日前报送。"]


# -- saved pages


def saved(*pages: tuple[str, str, str]) -> RawDocument:
    message = MIMEMultipart("related", type="text/html")
    message["From"] = "<Saved by Blink>"
    for location, key, page in pages:
        part = MIMEText(page, "html", "utf-8")
        part["Content-Location"] = location
        if key:
            part["Content-ID"] = key
        message.attach(part)
    return read(message.as_bytes(), "a.mht")


def sheet(office: str) -> str:
    return f"<html><body><table><tr><td>单位</td><td>数量</td></tr><tr><td>{office}</td><td>3</td></tr></table></body></html>"


FRAMES = '<html><frameset><frame src="sheet001.htm"><frame src="tabstrip.htm"><noframes>使用框架</noframes></frameset></html>'


def test_every_sheet_of_a_workbook_saved_as_one_page() -> None:
    strip = '<html><body><a href="1">表一</a><a href="2">表二</a></body></html>'
    raw = saved(
        ("file:///C:/x.htm", "", FRAMES),
        ("file:///C:/x.files/sheet001.htm", "", sheet("教育局")),
        ("file:///C:/x.files/sheet002.htm", "", sheet("民政局")),
        ("file:///C:/x.files/tabstrip.htm", "", strip),
    )
    assert texts(raw) == ["单位\t数量", "教育局\t3", "单位\t数量", "民政局\t3"]


def test_an_article_that_stood_in_a_frame() -> None:
    outer = '<html><body><div><a href="1">首页</a></div><iframe src="cid:f@mhtml.blink"></iframe></body></html>'
    inner = f"<html><body><p>一、{SAID}</p><p>二、{SAID}</p></body></html>"
    assert texts(saved(("http://a/", "", outer), ("http://a/f", "<f@mhtml.blink>", inner))) == [
        f"一、{SAID}",
        f"二、{SAID}",
    ]
    # beside a text of its own, what is framed is said
    text = outer.replace("<iframe", f"<p>正文：{SAID * 8}</p><iframe")
    raw = saved(("http://a/", "", text), ("http://a/f", "<f@mhtml.blink>", inner))
    assert "正文" in texts(raw)[0]
    assert [loss.part for loss in raw.fidelity] == ["嵌入的页面"]


def test_frames_that_are_not_there_are_refused_with_what_to_do() -> None:
    with pytest.raises(UnreadableDocument, match="框架"):
        saved(("file:///C:/x.htm", "", FRAMES))
    with pytest.raises(ValueError, match=r"单个文件网页（\.mht）"):
        read_html(FRAMES.encode())
