"""Broken and hostile files: refused with a reason, never another exception, never a hang."""

from __future__ import annotations

import io
import os
import random
import re
import subprocess
import sys
import time
import zipfile
from functools import cache

import pytest
from openpyxl import Workbook

from ingest.readers import LIMITS, SUFFIXES, RawDocument, ocr, read
from ingest.readers.limits import Limits
from kg.core.errors import UnreadableDocument

from . import writers
from .writers import Page

PARAGRAPHS = [
    "关于开展质量月活动的通知",
    "各有关单位：",
    "现将有关事项通知如下。" * 9,
    "序号\t活动\t单位",
    "1\t启动\t市局",
    "特此通知。",
]
SECONDS = 5.0  # of CPU time, of one small file


@pytest.fixture(autouse=True)
def without_recognition(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that has lost its text would be recognised, for seconds each; test_ocr is about that."""
    monkeypatch.setattr(ocr, "is_available", lambda: False)


@cache
def good() -> dict[str, bytes]:
    pages = writers.printed(PARAGRAPHS * 4)
    return {
        ".docx": writers.docx(PARAGRAPHS),
        ".pdf": writers.pdf(pages),
        ".ofd": writers.ofd(pages),
        ".doc": writers.doc(PARAGRAPHS),
        ".xlsx": writers.xlsx(PARAGRAPHS),
        ".xls": writers.xls(PARAGRAPHS),
        ".rtf": writers.rtf(PARAGRAPHS),
        ".pptx": writers.pptx([PARAGRAPHS[:3], PARAGRAPHS[3:]]),
        ".eml": writers.eml("通知", PARAGRAPHS),
    }


def outcome(data: bytes, source: str, limits: Limits = LIMITS) -> RawDocument | str:
    """The document, or the reason of the refusal. Any other exception fails the test."""
    begun = time.process_time()
    found = _outcome(data, source, limits)
    assert time.process_time() - begun < SECONDS, source
    assert isinstance(found, RawDocument) or re.search(r"[\u4e00-\u9fff]{2}", found), found
    return found


def _outcome(data: bytes, source: str, limits: Limits) -> RawDocument | str:
    try:
        return read(data, source, limits)
    except UnreadableDocument as error:
        return error.reason


def refused(data: bytes, source: str, limits: Limits = LIMITS) -> str:
    found = outcome(data, source, limits)
    assert isinstance(found, str), [line.text for line in found.lines][:5]
    assert re.search("请|可用 POLICYKG", found), f"says not what to do: {found}"
    return found


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Bytes changed, a stretch lost, doubled or moved, or the end cut off."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        out[chance.randrange(len(out))] = chance.randrange(256)
    a, b = sorted(chance.randrange(len(out)) for _ in range(2))
    b = min(b, a + 2000)
    match chance.randrange(5):
        case 0:
            del out[a:b]
        case 1:
            out[a:a] = out[a:b]
        case 2:
            out[a:b] = bytes(b - a)
        case 3:
            del out[a:]
        case _:
            pass
    return bytes(out)


@pytest.mark.parametrize("suffix", [".docx", ".pdf", ".ofd", ".doc", ".xlsx", ".xls", ".rtf", ".pptx", ".eml"])
def test_mutations(suffix: str) -> None:
    chance = random.Random(f"policykg{suffix}")
    results = [outcome(mutated(good()[suffix], chance), f"a{suffix}") for _ in range(30)]
    # text formats have no structure that a few bytes could break
    assert suffix in (".rtf", ".eml") or sum(isinstance(r, str) for r in results) >= 5, (
        "the mutations are too mild to show anything"
    )


def test_mutated_xml_inside_a_sound_package() -> None:
    chance = random.Random(7)
    for suffix, part in (
        (".docx", "word/document.xml"),
        (".ofd", "Doc_0/Pages/Page_0/Content.xml"),
        (".xlsx", "xl/worksheets/sheet1.xml"),
        (".pptx", "ppt/slides/slide1.xml"),
    ) * 10:
        outcome(_with(good()[suffix], part, lambda xml: mutated(xml, chance)), f"a{suffix}")


def _with(data: bytes, part: str, change) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part])
    return writers.zipped(parts)


@pytest.mark.parametrize("suffix", [".docx", ".pdf", ".ofd", ".doc", ".xlsx", ".xls", ".pptx"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
def test_truncated(suffix: str, share: float) -> None:
    data = good()[suffix]
    assert re.search("损坏|不完整|不是", refused(data[: int(len(data) * share)], f"a{suffix}"))


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_empty_files(suffix: str) -> None:
    assert refused(b"", f"a{suffix}").startswith("文件是空的")
    assert refused(b" \r\n", f"a{suffix}").startswith("文件是空的")


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_noise(suffix: str) -> None:
    refused(random.Random(3).randbytes(20_000), f"a{suffix}")


@pytest.mark.parametrize("kind", [".docx", ".pdf", ".ofd", ".doc", ".xlsx", ".xls", ".rtf", ".pptx"])
@pytest.mark.parametrize("name", ["a.txt", "a.doc", "a.pdf", "a.html", "a.csv"])
def test_a_wrong_extension_does_not_matter(kind: str, name: str) -> None:
    found = read(good()[kind], name)
    assert [line.text for line in found.lines] == [line.text for line in read(good()[kind], f"a{kind}").lines]


def test_bytes_of_no_encoding_under_the_name_of_an_office_file() -> None:
    assert "内容不是该格式" in refused(b"\x81\xff\xfe\x00\xff" * 400, "a.pdf")


def test_text_under_the_name_of_an_office_file() -> None:
    assert read("关于开展质量月活动的通知".encode(), "a.doc").lines[0].text == "关于开展质量月活动的通知"
    assert "内容不是该格式" in refused(b"just some words in another language, no office file", "a.docx")
    assert (
        read(f"<html><body><div id='zoom'><p>{PARAGRAPHS[2]}</p></div></body></html>".encode(), "a.doc").lines[0].text
        == PARAGRAPHS[2]
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "policykg[ocr]"),
        (b"Rar!\x1a\x07\x01" + bytes(99), "请先解压"),
        (writers.zipped({"a.txt": "正文"}), "请先解压"),
        (writers.zipped({"ppt/presentation.xml": "<a/>"}), "演示文稿"),
        (writers.compound({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "已加密"),
        (writers.compound({"Workbook": b"x"}), "已损坏或不完整"),
        (writers.compound({"Other": b"x"}), "没有 Word 文档"),
    ],
)
def test_other_formats_are_named(data: bytes, reason: str) -> None:
    assert reason in refused(data, "a.docx")


def test_zip_bomb() -> None:
    bomb = writers.zipped({"word/document.xml": b"<w>" + b" " * (60 * 2**20) + b"</w>"})
    assert len(bomb) < 2**20
    assert "压缩炸弹" in refused(bomb, "a.docx")


def test_many_entries_and_large_totals() -> None:
    many = writers.zipped({"word/document.xml": "<a/>", **{f"word/{n}": "" for n in range(30)}})
    assert "文件数为 31，超过上限 20" in refused(many, "a.docx", Limits(entries=20))
    assert "总字节数" in refused(good()[".docx"], "a.docx", Limits(unpacked_bytes=1000))
    assert "页数" in refused(good()[".pdf"], "a.pdf", Limits(pages=1))
    assert "页数" in refused(good()[".ofd"], "a.ofd", Limits(pages=1))


BOMB = (
    '<!DOCTYPE a [<!ENTITY b "质量质量">'
    + "".join(f'<!ENTITY c{n} "{f"&c{n - 1};" * 9}">' for n in range(1, 12))
    + "]>"
)
EXTERNAL = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("head", [BOMB, EXTERNAL])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    ("suffix", "part"),
    [
        (".docx", "word/document.xml"),
        (".ofd", "OFD.xml"),
        (".xlsx", "xl/workbook.xml"),
        (".xlsx", "xl/worksheets/sheet1.xml"),
    ],
)
def test_entities_are_refused(head: str, encoding: str, suffix: str, part: str) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding}"?>{head}<a>&b;</a>'.encode(encoding)
    assert "实体" in refused(_with(good()[suffix], part, lambda _: xml), f"a{suffix}")


def test_small_files_that_would_make_long_texts() -> None:
    sheet = workbook_with_a_merged_cell("质量" * 5000, "A1:Z500")
    assert "文字数" in refused(sheet, "a.xlsx", Limits(characters=2_000_000))
    wide = _with(sheet, "xl/worksheets/sheet1.xml", lambda x: x.replace(b"A1:Z500", b"A1:XFD1048576"))
    assert "合并单元格数为 17,179,869,184" in refused(wide, "a.xlsx")
    one = writers.ofd([Page([(28, 40, 5.6, "质量月")])])
    part = "Doc_0/Pages/Page_0/Content.xml"
    found = outcome(_with(one, part, lambda x: x.replace(b'DeltaX="', b'DeltaX="' + b"g 99999999 1 " * 9999)), "a.ofd")
    assert not isinstance(found, str)
    pages = "".join(f'<Page ID="{n}" BaseLoc="Pages/Page_0/Content.xml"/>' for n in range(2000)).encode()
    many = _with(one, "Doc_0/Document.xml", lambda x: x.replace(b"<ofd:Pages>", b"<ofd:Pages>" + pages))
    assert "解压的总字节数" in refused(many, "a.ofd", Limits(unpacked_bytes=200_000))


def test_a_note_that_refers_to_itself_is_read_once() -> None:
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    notes = f'<w:footnote w:id="2"><w:p>{reference}<w:r><w:t>注</w:t></w:r></w:p></w:footnote>'
    found = read(writers.word(f"<w:p>{reference * 99}<w:r><w:t>甲</w:t></w:r></w:p>", footnotes=notes), "a.docx")
    assert [line.text for line in found.lines] == ["甲", "注"]


def workbook_with_a_merged_cell(text: str, area: str) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = text
    sheet["AA501"] = "末"
    sheet.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_an_encrypted_entry_is_named_as_such() -> None:
    data = bytearray(good()[".docx"])
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for found in re.finditer(re.escape(mark), bytes(data)):
            data[found.start() + at] |= 1
    assert "已加密" in refused(bytes(data), "a.docx")


def test_deep_xml() -> None:
    deep = "<w:sdt><w:sdtContent>" * 5000
    outcome(writers.word(deep), "a.docx")
    nested = "<w:tbl><w:tr><w:tc>" * 60 + "<w:p><w:r><w:t>底</w:t></w:r></w:p>" + "</w:tc></w:tr></w:tbl>" * 60
    found = outcome(writers.word(nested), "a.docx")
    assert not isinstance(found, str)
    assert [line.text for line in found.lines] == ["底"]


def test_a_table_of_ten_thousand_rows_is_read_in_good_time() -> None:
    merge = "<w:tc><w:tcPr><w:vMerge{}/></w:tcPr><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    row = "<w:tr>{}<w:tc><w:p><w:r><w:t>活动{}</w:t></w:r></w:p></w:tc></w:tr>"
    rows = [row.format(merge.format("" if n else ' w:val="restart"', "" if n else "类"), n) for n in range(10_000)]
    found = outcome(writers.word(f"<w:tbl>{''.join(rows)}</w:tbl>"), "a.docx")
    assert not isinstance(found, str)
    assert found.lines[-1].text == "类\t活动9999"


def test_text_files_load_none_of_the_parsers() -> None:
    code = (
        "import sys; from ingest.readers import read; read('正文。'.encode(), 'a.txt'); read('# 题'.encode(), 'a.md');"
        "print(*sorted({'lxml', 'openpyxl', 'pdfplumber', 'pypdfium2', 'olefile', 'selectolax'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ})
    assert done.stdout.split() == []
