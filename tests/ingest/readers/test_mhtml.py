"""Web pages saved as one file."""

from __future__ import annotations

import pytest

from ingest.readers import read
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
