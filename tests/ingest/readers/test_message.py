"""Mail, and web pages saved as one file: what a message is, its head says."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from ingest.readers import LineKind, read
from ingest.readers.limits import Limits
from kg.core.errors import UnreadableDocument

from . import writers

WORDS = "关于开展质量月活动的通知" * 9
PAGE = f"<html><head><meta charset=gb2312></head><body><p>{WORDS}</p></body></html>"


@pytest.mark.parametrize("charset", ["gb2312", "utf-8", "gb18030"])
@pytest.mark.parametrize("name", ["a.mht", "a.mhtml", "a.doc", "a.html"])  # Word saves this form as .doc
def test_the_page_is_read_in_the_encoding_of_its_part(charset: str, name: str) -> None:
    assert [line.text for line in read(writers.mhtml(PAGE, charset), name).lines] == [WORDS]


def test_an_encoding_that_does_not_exist_is_passed_over() -> None:
    data = writers.mhtml(PAGE, "utf-8").replace(b'charset="utf-8"', b'charset="x-unknown"')
    assert [line.text for line in read(data, "a.mht").lines] == [WORDS]


def test_a_message_without_a_page_is_named_as_such() -> None:
    data = writers.mhtml(PAGE).replace(b"text/html", b"text/enriched")
    with pytest.raises(UnreadableDocument, match="没有网页"):
        read(data, "a.mht")


def test_parts_are_limited() -> None:
    boundary = b"".join(b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" for _ in range(50))
    data = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n" + boundary + b"--b--"
    with pytest.raises(UnreadableDocument, match="部件数"):
        read(data, "a.mht", Limits(entries=20))


def test_parts_inside_parts_without_end() -> None:
    head = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b0\r\n\r\n"
    deep = "".join(f"--b{n}\r\nContent-Type: multipart/related; boundary=b{n + 1}\r\n\r\n" for n in range(3000))
    with pytest.raises(UnreadableDocument):
        read((head + deep).encode(), "a.mht")


TABLE = "<p>请按时报送。</p><table><tr><td>序号</td><td>单位</td></tr><tr><td>1</td><td>市教育局</td></tr></table>"


def mail(kind: str, **head: str) -> bytes:
    """As mail programs send it: plain text and page side by side, a picture inside, a file attached."""
    message = EmailMessage()
    message["Subject"] = "关于报送总结的函"
    for name, value in head.items():
        message[name] = value
    message.set_content("请按时报送。")
    message.add_alternative(f"<html><body>{TABLE}</body></html>", subtype="html")
    if kind == "related":
        page = message.get_payload()[1]
        page.add_related(b"\x89PNG\r\n\x1a\n", "image", "png", cid="<seal>")
        message.set_type("multipart/related")
    if kind == "mixed":
        message.add_attachment(b"x", "application", "pdf", filename="总结.pdf")
    return message.as_bytes()


@pytest.mark.parametrize(
    ("kind", "name", "head"),
    [
        (kind, name, head)
        for kind in ("alternative", "related", "mixed")
        for name, head in [("a.eml", {}), ("a.txt", {"To": "a@example.cn"}), ("a.mht", {"From": "a@example.cn"})]
        if kind != "mixed" or name == "a.eml"  # one of this kind has no signature: its name tells
    ],
)
def test_mail_of_every_kind_has_its_subject_its_text_and_its_losses(kind: str, name: str, head: dict[str, str]) -> None:
    raw = read(mail(kind, **head), name)
    assert [line.text for line in raw.lines] == ["关于报送总结的函", "请按时报送。", "序号\t单位", "1\t市教育局"]
    assert raw.lines[-1].kind is LineKind.ROW
    wanted = {"related": [("图片", 1)], "mixed": [("附件 总结.pdf", 1)]}.get(kind, [])
    assert [(loss.part, loss.count) for loss in raw.fidelity] == wanted


@pytest.mark.parametrize("head", [{"From": "<Saved by Blink>"}, {"Snapshot-Content-Location": "http://x.cn/"}])
def test_a_page_that_a_browser_saved_is_one_under_the_name_of_a_mail_too(head: dict[str, str]) -> None:
    assert read(mail("related", **head), "a.eml").lines[0].text == "请按时报送。"


def test_damaged_bytes_of_a_mail_are_told() -> None:
    head = b"To: a@b.cn\r\nContent-Type: text/plain\r\n\r\n"
    text = "各单位要高度重视，认真执行有关规定，按时完成任务。".encode()
    raw = read(head + text * 3 + b"\xff" + text, "a.eml")
    assert [(loss.part, loss.count) for loss in raw.fidelity] == [("字节", 1)]
