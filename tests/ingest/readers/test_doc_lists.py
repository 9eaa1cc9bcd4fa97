"""Automatic numbers of Word 97-2003: those of a .docx, as LibreOffice writes them into a .doc."""

from __future__ import annotations

import io
import struct
import subprocess
import zipfile
from pathlib import Path

import pytest

from ingest.readers import read

from . import writers


def level(number: int, form: str, text: str, start: int = 1) -> str:
    return f'<w:lvl w:ilvl="{number}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'


def listed(number: int, *levels: str) -> str:
    kind = "multilevel" if len(levels) > 1 else "singleLevel"
    return (
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="{kind}"/>{"".join(levels)}</w:abstractNum>'
    )


def paragraph(text: str, number: int | None = None, at: int = 0, style: str = "") -> str:
    own = f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{number}"/></w:numPr>' if number is not None else ""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{own}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


LISTS = (
    listed(
        0,
        level(0, "chineseCounting", "%1、"),
        level(1, "chineseCounting", "（%2）"),
        level(2, "decimal", "%3."),
        level(3, "decimal", "%1.%3.%4"),
    )
    + listed(1, level(0, "decimalEnclosedCircle", "%1", start=3))
    + listed(2, level(0, "bullet", "·"))
    + listed(3, level(0, "chineseCounting", "第%1条"))
    + "".join(f'<w:num w:numId="{n + 1}"><w:abstractNumId w:val="{n}"/></w:num>' for n in range(4))
)
STYLES = (
    '<w:style w:type="paragraph" w:styleId="a" w:default="1"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="art"><w:name w:val="Art"/><w:basedOn w:val="a"/>'
    '<w:pPr><w:numPr><w:numId w:val="4"/></w:numPr></w:pPr></w:style>'
)
BODY = (
    paragraph("关于开展活动的通知")
    + "".join(paragraph(*item) for item in (("总体要求", 1), ("指导思想", 1, 1), ("基本原则", 1, 1), ("甲", 1, 2)))
    + "".join(paragraph(*item) for item in (("乙", 1, 2), ("丙", 1, 3), ("保障措施", 1), ("加强领导", 1, 1)))
    + "".join(paragraph(*item) for item in (("其三", 2), ("其四", 2), ("一点", 3)))
    + paragraph("总则", style="art")
    + paragraph("不编号", 0, 0, "art")
    + paragraph("附则", style="art")
)
PRINTED = [
    *("关于开展活动的通知", "一、总体要求", "（一）指导思想", "（二）基本原则", "1. 甲", "2. 乙", "一.2.1 丙"),
    *("二、保障措施", "（一）加强领导", "③其三", "④其四", "一点", "第一条总则", "不编号", "第二条附则"),
]
KINDS = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml."


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("lists")
    out = io.BytesIO(writers.word(BODY, numbering=LISTS, styles=STYLES))
    with zipfile.ZipFile(out, "a") as archive:  # LibreOffice wants to be told what the parts are
        named = (("document", "document.main"), ("numbering", "numbering"), ("styles", "styles"))
        parts = "".join(f'<Override PartName="/word/{n}.xml" ContentType="{MAIN}{kind}+xml"/>' for n, kind in named)
        relations = "application/vnd.openxmlformats-package.relationships+xml"
        archive.writestr(
            "[Content_Types].xml", KINDS.format(f'<Default Extension="rels" ContentType="{relations}"/>{parts}')
        )
    (folder / "a.docx").write_bytes(out.getvalue())
    assert [line.text for line in read(out.getvalue(), "a.docx").lines] == PRINTED
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", "--headless", "--norestore", profile, "--convert-to", "doc:MS Word 97", "--outdir", folder]
    subprocess.run([*command, folder / "a.docx"], check=True, capture_output=True, timeout=300)
    return Path(folder / "a.doc").read_bytes()


def test_numbers_stand_as_they_are_printed(converted: bytes) -> None:
    raw = read(converted, "a.doc")
    assert [line.text for line in raw.lines] == PRINTED
    assert raw.fidelity == ()


@pytest.mark.parametrize("value", [0xFFFFFFF0, 0x7FFF])
def test_lists_that_cannot_be_followed_are_told_and_the_text_is_read(converted: bytes, value: int) -> None:
    import olefile

    with olefile.OleFileIO(io.BytesIO(converted)) as ole:
        main = ole.openstream("WordDocument").read()
    head = converted.index(main[:512])
    data = bytearray(converted)
    struct.pack_into("<I", data, head + 0x2E2, value)
    raw = read(bytes(data), "a.doc")
    assert raw.lines[1].text == "总体要求"
    assert [(loss.part, loss.count) for loss in raw.fidelity] == [("自动编号", 13)]
