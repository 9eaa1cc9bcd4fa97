"""Very large and very deep files: read in time that grows with their size, or refused with a number; never a crash."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable
from functools import partial

import pytest

from ingest.readers import read
from kg.core.errors import UnreadableDocument
from tests.clock import growth

from . import writers

LINE = "各单位要高度重视安全生产活动，加强组织领导，按照分工抓好落实。"


def docx(count: int) -> bytes:
    return writers.word("".join(f"<w:p><w:r><w:t>{n}{LINE}</w:t></w:r></w:p>" for n in range(count)))


def rtf(count: int) -> bytes:
    return writers.rtf([f"{n}{LINE}" for n in range(count)])


def doc(count: int) -> bytes:
    return writers.doc([f"{n}{LINE}" for n in range(count)])


def csv(count: int) -> bytes:
    return "".join(f"{n},{LINE}\n" for n in range(count)).encode()


def sheet(count: int) -> bytes:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}"><v>1</v></c></row>' for n in range(1, count + 1)
    )
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relation = '<Relationships xmlns="x"><Relationship Id="r1" Type="{}/{}" Target="{}"/></Relationships>'
    return writers.zipped(
        {
            "_rels/.rels": relation.format(kinds, "officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": f'<workbook {space} xmlns:r="{kinds}"><sheets><sheet name="a" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": relation.format(kinds, "worksheet", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": f"<worksheet {space}><sheetData>{rows}</sheetData></worksheet>",
        }
    )


def html(count: int) -> bytes:
    """Elements inside one another, each with a line of its own."""
    inside = "".join(f"<div><ul><li><span>{n}{LINE}" for n in range(count))
    return f"<html><body>{inside}{'</span></li></ul></div>' * count}</body></html>".encode()


def pdf(count: int) -> bytes:
    """Pages that share their content: small, and as many as wanted."""
    words = b"BT /F 12 Tf 50 700 Td (abc) Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, b" ".join(b"%d 0 R" % (n + 5) for n in range(count))),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(words), words),
        *[b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 3 0 R>>>>>>"] * count,
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for n, item in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (n, item)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % at for at in places)
    return bytes(out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))


@pytest.mark.parametrize(
    ("make", "name", "count"),
    [
        (docx, "a.docx", 10_000),
        (rtf, "a.rtf", 2_000),
        (doc, "a.doc", 5_000),
        (csv, "a.csv", 5_000),
        (html, "a.html", 5_000),
        (sheet, "a.xlsx", 5_000),
        (pdf, "a.pdf", 200),
    ],
)
def test_ten_times_the_size_takes_about_ten_times_as_long(make: Callable[[int], bytes], name: str, count: int) -> None:
    assert len(read(make(10 * count), name).lines) == 10 * count
    # a text that no longer fits the processor's caches takes somewhat longer for each line; the square would be 100
    assert growth(lambda length: partial(read, make(length), name), count, enough=20) <= 20


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (lambda: sheet(1_000_000), "a.xlsx", "超过上限"),
        (lambda: sheet(60_000), "a.xlsx", "表格行数为 50,001，超过上限 50,000"),
        (lambda: pdf(5_000), "a.pdf", "页数为 5,000，超过上限 3,000"),
        (lambda: b"{\\rtf1" + b"{" * 100_000 + b"x" + b"}" * 100_000, "a.rtf", "嵌套过深"),
        (lambda: writers.word("<w:sdt><w:sdtContent>" * 5_000), "a.docx", "不是完整的 XML"),
        (
            lambda: (
                b"Subject: x\nContent-Type: multipart/mixed; boundary=a\n\n"
                + b"--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 3_000
            ),
            "a.eml",
            "超过上限 100",
        ),
    ],
)
def test_what_is_too_much_is_refused_with_its_number(data: Callable[[], bytes], name: str, reason: str) -> None:
    made = data()
    begun = time.process_time()
    with pytest.raises(UnreadableDocument) as caught:
        read(made, name)
    assert reason in caught.value.reason
    assert time.process_time() - begun < 10


@pytest.mark.parametrize("name", ["a.doc", "a.xls"])
@pytest.mark.parametrize("stream", ["WordDocument", "Workbook"])
def test_sectors_in_a_circle(stream: str, name: str) -> None:
    data = bytearray(writers.doc([LINE] * 400) if stream == "WordDocument" else writers.xls([LINE] * 400))
    (first,) = struct.unpack_from("<I", data, 0x4C)  # the first sector of the allocation table
    for n in range(128):
        at = 512 + first * 512 + 4 * n
        if struct.unpack_from("<I", data, at)[0] < 0xFFFFFFF0:
            struct.pack_into("<I", data, at, n)
    with pytest.raises(UnreadableDocument, match="已损坏或不完整"):
        read(bytes(data), name)
