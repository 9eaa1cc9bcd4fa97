"""Slides, rich text, pdf and ofd: numbers and merges as shown, layers that are switched off, forms without pages."""

from __future__ import annotations

import io
import zipfile

import pytest

from ingest.readers import RawDocument, read
from kg.core.errors import UnreadableDocument

from . import writers

_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    f'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:r="{_KINDS}"'
)


def texts(raw: RawDocument) -> list[str]:
    return [line.text for line in raw.lines]


def losses(raw: RawDocument) -> dict[str, int]:
    return {loss.part: loss.count for loss in raw.fidelity}


# -- slides


def slide(shapes: str) -> list[str]:
    relation = '<Relationships xmlns="x"><Relationship Id="r1" Type="' + _KINDS + '/{}" Target="{}"/></Relationships>'
    show = f'<p:presentation {_NAMES}><p:sldIdLst><p:sldId id="256" r:id="r1"/></p:sldIdLst></p:presentation>'
    parts: dict[str, str | bytes] = {
        "_rels/.rels": relation.format("officeDocument", "ppt/presentation.xml"),
        "ppt/presentation.xml": show,
        "ppt/_rels/presentation.xml.rels": relation.format("slide", "slides/slide1.xml"),
        "ppt/slides/slide1.xml": f"<p:sld {_NAMES}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>",
    }
    return texts(read(writers.zipped(parts), "a.pptx"))


def shape(*paragraphs: str) -> str:
    return f"<p:sp><p:nvSpPr><p:nvPr/></p:nvSpPr><p:txBody>{''.join(paragraphs)}</p:txBody></p:sp>"


def item(words: str, kind: str = "", **attributes: str) -> str:
    own = "".join(f' {name}="{value}"' for name, value in attributes.items())
    number = f'<a:buAutoNum type="{kind}"/>' if kind else ""
    return f"<a:p><a:pPr{own}>{number}</a:pPr><a:r><a:t>{words}</a:t></a:r></a:p>"


def test_automatic_numbers_of_slides() -> None:
    one = [item("甲", "ea1ChsPeriod"), item("子", "arabicParenBoth", lvl="1"), item("丑", "arabicParenBoth", lvl="1")]
    two = [item("乙", "ea1ChsPeriod"), item("寅", "arabicParenBoth", lvl="1"), item("无"), item("丙", "ea1ChsPeriod")]
    assert slide(shape(*one, *two)) == ["一. 甲", "(1) 子", "(2) 丑", "二. 乙", "(1) 寅", "无", "一. 丙"]
    circled = item("甲", "circleNumDbPlain").replace("Plain", 'Plain" startAt="3')
    assert slide(shape(circled, item("乙", "alphaLcParenR"))) == ["③甲", "a) 乙"]


def test_formulas_once_and_note_marks_left_out() -> None:
    part = "<m:{0}><m:r><m:t>{1}</m:t></m:r></m:{0}>"
    fraction = f"<m:oMath><m:f>{part.format('num', 1)}{part.format('den', 2)}</m:f></m:oMath>"
    both = f"<mc:AlternateContent><mc:Choice>{fraction}</mc:Choice><mc:Fallback><a:r><a:t>1/2</a:t></a:r></mc:Fallback></mc:AlternateContent>"
    raised = '<a:r><a:rPr baseline="30000"/><a:t>1</a:t></a:r>'
    found = slide(shape(f"<a:p><a:r><a:t>企业3200</a:t></a:r>{raised}<a:r><a:t>家的</a:t></a:r>{both}</a:p>"))
    assert found == ["企业3200家的1/2"]


def test_merged_cells_of_slides() -> None:
    def cell(words: str, merge: str = "") -> str:
        return f"<a:tc {merge}><a:txBody>{item(words) if words else '<a:p/>'}</a:txBody></a:tc>"

    rows = [
        cell("类别", 'gridSpan="2"') + cell("", 'hMerge="1"'),
        cell("宣传", 'rowSpan="2"') + cell("甲"),
        cell("", 'vMerge="1"') + cell("乙"),
    ]
    table = "".join(f"<a:tr>{row}</a:tr>" for row in rows)
    found = slide(
        f"<p:graphicFrame><a:graphic><a:graphicData><a:tbl>{table}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )
    assert found == ["类别\t类别", "宣传\t甲", "宣传\t乙"]


# -- rich text


def test_merged_cells_of_rich_text() -> None:
    def row(head: str, *cells: str) -> str:
        return "\\trowd" + head + "".join(f"\\pard\\intbl {cell}\\cell" for cell in cells) + "\\row"

    edges = "\\cellx1000\\cellx2000"
    body = row("\\clvmgf" + edges, "A", "1") + row("\\clvmrg" + edges, "", "2") + row(edges, "", "3")
    body += row("\\clmgf\\cellx1000\\clmrg\\cellx2000", "B", "")
    assert texts(read(f"{{\\rtf1\\ansi {body}\\pard \\u21518?\\par}}".encode(), "a.rtf")) == [
        "A\t1", "A\t2", "\t3", "B\tB", "后",
    ]  # fmt: skip


# -- pdf


def pdf(content: bytes, resources: str = "", catalogue: str = "", more: bytes = b"") -> bytes:
    objects = [
        f"<</Type/Catalog/Pages 2 0 R {catalogue}>>".encode(),
        b"<</Type/Pages/Count 1/Kids[5 0 R]>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 3 0 R>>"
        + resources.encode()
        + b">>>>",
        more,
    ]
    out, places = bytearray(b"%PDF-1.5\n"), []
    for number, one in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, one)
    start = len(out)
    out += b"xref\n0 7\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % at for at in places)
    return bytes(out + b"trailer<</Size 7/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % start)


@pytest.mark.parametrize(("state", "shown"), [("OFF", ["SHOWN"]), ("ON", ["SHOWN", "LAYER"])])
def test_layers_are_read_if_they_are_shown(state: str, shown: list[str]) -> None:
    content = b"BT /F 12 Tf 50 700 Td (SHOWN) Tj ET /OC /L BDC BT /F 12 Tf 50 600 Td (LAYER) Tj ET EMC"
    layers = f"/OCProperties<</OCGs[6 0 R]/D<</{state}[6 0 R]/Order[6 0 R]>>>>"
    raw = read(pdf(content, "/Properties<</L 6 0 R>>", layers, b"<</Type/OCG/Name(L)>>"), "a.pdf")
    assert texts(raw) == shown
    assert losses(raw) == ({"看不见的字符": 5} if state == "OFF" else {})


def test_a_form_that_only_adobes_program_shows_is_refused_with_what_to_do() -> None:
    content = b"BT /F 12 Tf 50 700 Td (Please wait... If this message is not eventually replaced) Tj ET"
    data = pdf(
        content, "", "/NeedsRendering true/AcroForm<</Fields[]/XFA 6 0 R>>", b"<</Length 1>>stream\nx\nendstream"
    )
    with pytest.raises(UnreadableDocument, match=r"XFA.*打印成新的 PDF"):
        read(data, "a.pdf")


# -- ofd


@pytest.mark.parametrize(
    ("attributes", "part"), [('Visible="false"', "看不见的文字"), ('CTM="0 1 -1 0 0 0"', "斜排的文字")]
)
def test_texts_of_an_ofd_page_that_are_not_read_are_said(attributes: str, part: str) -> None:
    source = zipfile.ZipFile(io.BytesIO(writers.ofd([writers.Page([(28, 40, 5.6, "各有关单位要认真组织。")])])))
    more = f'<ofd:TextObject ID="77" Font="1" Size="5" Boundary="28 80 150 6" {attributes}><ofd:TextCode X="0" Y="5">草稿</ofd:TextCode></ofd:TextObject></ofd:Layer>'
    parts: dict[str, str | bytes] = {
        name: source.read(name).replace(b"</ofd:Layer>", more.encode()) for name in source.namelist()
    }
    raw = read(writers.zipped(parts), "a.ofd")
    assert (texts(raw), losses(raw)) == (["各有关单位要认真组织。"], {part: 1})
