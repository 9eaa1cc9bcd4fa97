"""The same paragraphs as docx, pdf, ofd, doc and xlsx: small writers, no office program needed.

`doc` is a compound file made here byte by byte to [MS-CFB] and [MS-DOC]: it shows that the reader follows the
specification, not that it reads what every version of Word writes.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from functools import cache
from itertools import groupby
from xml.sax.saxutils import escape

FONT = "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"
Paragraphs = Sequence[str]  # a table row has TABs


def blocks(paragraphs: Paragraphs) -> list[tuple[bool, list[str]]]:
    """(is a table, lines) of each stretch; a table's rows have one width."""
    return [(width > 1, list(group)) for width, group in groupby(paragraphs, key=lambda p: p.count("\t") + 1)]


# ---- docx


def docx(paragraphs: Paragraphs) -> bytes:
    from docx import Document

    document = Document()
    for is_table, lines in blocks(paragraphs):
        if is_table:
            cells = [line.split("\t") for line in lines]
            table = document.add_table(len(cells), len(cells[0]), style="Table Grid")
            for row, texts in zip(table.rows, cells, strict=True):
                for cell, text in zip(row.cells, texts, strict=True):
                    cell.text = text
        else:
            for line in lines:
                document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def mhtml(page: str, charset: str = "gb2312") -> bytes:
    """A web page as browsers and Word save it: the page and a picture, parts of one message."""
    message = MIMEMultipart("related", type="text/html")
    message["MIME-Version"], message["Subject"] = "1.0", "=?gb2312?B?zajWqg==?="
    part = MIMEText(page, "html", charset)
    part["Content-Location"] = "file:///C:/通知.htm"
    message.attach(part)
    message.attach(MIMEImage(b"\x89PNG\r\n\x1a\n", "png"))
    return message.as_bytes()


def zipped(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word(body: str, **parts: str) -> bytes:
    """A .docx from raw XML: `body`, and parts such as numbering=… , each the content of its root element."""
    roots = {"numbering": "numbering", "styles": "styles", "footnotes": "footnotes"}
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{_TYPES}/{name}" Target="{name}.xml"/>' for n, name in enumerate(parts)
    )
    space = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    files: dict[str, str | bytes] = {
        "_rels/.rels": f'<Relationships {space}><Relationship Id="m" Type="{_TYPES}/officeDocument" '
        f'Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": f"<Relationships {space}>{relations}</Relationships>",
    }
    for name, content in parts.items():
        files[f"word/{name}.xml"] = f"<w:{roots[name]} {_W}>{content}</w:{roots[name]}>"
    return zipped(files)


# ---- the printed page: pdf and ofd


@dataclass
class Page:
    """What stands on a page; mm from the upper left corner, a text by its base line."""

    texts: list[tuple[float, float, float, str]] = field(default_factory=list)  # x, y, size, words
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)


LEFT, RIGHT, TOP, BOTTOM = 28.0, 184.0, 37.0, 262.0
SIZE, STEP = 5.6, 9.8  # 三号字, 22 lines a page (GB/T 9704 §5.2)
TITLE, TITLE_STEP = 7.7, 12.0
CELL, CELL_STEP = 4.2, 6.0
HEAD = "内部资料　注意保存"


def printed(paragraphs: Paragraphs, *, indent: int = 2) -> list[Page]:
    """Pages with wrapped lines, ruled tables, a running head and page numbers. `indent` of paragraphs in em."""
    pages = [Page()]
    y = TOP
    front = True  # 发文机关标志, 标题: larger, centred (GB/T 9704 §7.3.1)

    def room(height: float) -> None:
        nonlocal y
        if y + height > BOTTOM:
            pages.append(Page())
            y = TOP

    for is_table, lines in blocks(paragraphs):
        if not is_table:
            for line in lines:
                front = front and len(line) < 60 and not line.endswith("：")
                size, step = (TITLE, TITLE_STEP) if front else (SIZE, STEP)
                first = 0.0 if front or line.endswith("：") else indent * SIZE
                for n, words in enumerate(wrap(line, RIGHT - LEFT, size, first)):
                    room(step)
                    centred = (RIGHT - LEFT - width_of(words) * size) / 2 if front else 0.0
                    pages[-1].texts.append((LEFT + centred + (0 if n else first), y + size, size, words))
                    y += step
            continue
        rows = [line.split("\t") for line in lines]
        longest = [min(max(width_of(row[n]) for row in rows), 24) + 2 for n in range(len(rows[0]))]
        edges = [LEFT + (RIGHT - LEFT) * sum(longest[:n]) / sum(longest) for n in range(len(longest) + 1)]
        for row in rows:
            cells = [wrap(t, edges[n + 1] - edges[n] - 2 - CELL, CELL) for n, t in enumerate(row)]
            height = max(map(len, cells)) * CELL_STEP + 2
            room(height)
            page = pages[-1]
            for n, cell in enumerate(cells):
                page.texts += [(edges[n] + 1, y + 1 + CELL + i * CELL_STEP, CELL, t) for i, t in enumerate(cell)]
            page.rules += [(edges[0], at, edges[-1], at) for at in (y, y + height)]
            page.rules += [(x, y, x, y + height) for x in edges]
            y += height
    for number, page in enumerate(pages, start=1):
        page.texts.append((LEFT, 20, 4.0, HEAD))
        page.texts.append((LEFT if number % 2 else RIGHT - 15, 280, 4.0, f"— {number} —"))
    return pages


def width_of(text: str) -> float:
    """In em, as the font sets it: a program that breaks lines knows how wide they are."""
    return sum(map(_width, text))


@cache
def _width(char: str) -> float:
    from reportlab.pdfbase import pdfmetrics

    return float(pdfmetrics.stringWidth(char, _font(), 1))


def wrap(text: str, width: float, size: float, indent: float = 0.0) -> list[str]:
    out, line = [], ""
    room = width - indent
    for part in re.findall(r"[!-~]+|.", text):  # a number or a Latin word is never divided
        if line and width_of(line + part) * size > room and part not in "，。；：、！？”）》〕":
            out.append(line)
            line, room = "", width
        line += part
    return [*out, line]


@cache
def _font() -> str:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    pdfmetrics.registerFont(TTFont("wqy", FONT, subfontIndex=0))
    return "wqy"


def pdf(pages: Iterable[Page], *, password: str | None = None) -> bytes:
    from reportlab.lib.units import mm
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    encrypt = {"encrypt": password} if password else {}
    canvas = Canvas(out, pagesize=(210 * mm, 297 * mm), invariant=1, **encrypt)
    for page in pages:
        for x, y, size, words in page.texts:
            canvas.setFont(_font(), size * mm)
            canvas.drawString(x * mm, (297 - y) * mm, words)
        for x0, y0, x1, y1 in page.rules:
            canvas.line(x0 * mm, (297 - y0) * mm, x1 * mm, (297 - y1) * mm)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def pictures(data: bytes, dpi: int = 200) -> list[bytes]:
    """The pages of a PDF as JPEG pictures, grey, as an office scanner stores them."""
    import pypdfium2 as pdfium

    out = []
    with pdfium.PdfDocument(data) as document:
        for page in document:
            stored = io.BytesIO()
            page.render(scale=dpi / 72).to_pil().convert("L").save(stored, "JPEG", quality=75)
            out.append(stored.getvalue())
    return out


def scanned(data: bytes, dpi: int = 200) -> bytes:
    """A PDF of nothing but pictures."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    for picture in pictures(data, dpi):
        canvas.drawImage(ImageReader(io.BytesIO(picture)), 0, 0, *A4)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


_OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def ofd(pages: Iterable[Page], template: Page | None = None) -> bytes:
    """An OFD file with a TextObject a line, every third one scaled by a CTM."""
    listed, parts = "", {}
    use = '<ofd:Template TemplateID="900"/>' if template else ""
    for n, page in enumerate(pages):
        listed += f'<ofd:Page ID="{n + 1}" BaseLoc="Pages/Page_{n}/Content.xml"/>'
        parts[f"Doc_0/Pages/Page_{n}/Content.xml"] = (
            f"<ofd:Page {_OFD}>{use}<ofd:Content><ofd:Layer>{_objects(page)}</ofd:Layer></ofd:Content></ofd:Page>"
        )
    if template:
        parts["Doc_0/Tpls/Tpl_0/Content.xml"] = (
            f"<ofd:Page {_OFD}><ofd:Content><ofd:Layer>{_objects(template)}</ofd:Layer></ofd:Content></ofd:Page>"
        )
    known = '<ofd:TemplatePage ID="900" BaseLoc="Tpls/Tpl_0/Content.xml"/>' if template else ""
    head = "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
    return zipped(
        {
            "OFD.xml": f'<ofd:OFD {_OFD} Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml'
            "</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
            "Doc_0/Document.xml": f"<ofd:Document {_OFD}><ofd:CommonData>{head}{known}</ofd:CommonData><ofd:Pages>"
            f"{listed}</ofd:Pages></ofd:Document>",
            **parts,
        }
    )


def ofd_of_pictures(pictures: Sequence[bytes]) -> bytes:
    """An OFD file whose pages are pictures, kept as resources (GB/T 33190 §7.9)."""
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pictures)))
    media = "".join(
        f'<ofd:MultiMedia ID="9{n}" Type="Image"><ofd:MediaFile>{n}.jpg</ofd:MediaFile></ofd:MultiMedia>'
        for n in range(len(pictures))
    )
    content = (
        '<ofd:Content><ofd:Layer><ofd:ImageObject ID="8{0}" ResourceID="9{0}" Boundary="0 0 210 297" CTM="210 0 0 297 '
        '0 0"/></ofd:Layer></ofd:Content>'
    )
    return zipped(
        {
            "OFD.xml": f"<ofd:OFD {_OFD}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
            "Doc_0/Document.xml": f"<ofd:Document {_OFD}><ofd:CommonData><ofd:DocumentRes>DocumentRes.xml"
            f"</ofd:DocumentRes></ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
            "Doc_0/DocumentRes.xml": f'<ofd:Res {_OFD} BaseLoc="Res"><ofd:MultiMedias>{media}</ofd:MultiMedias></ofd:Res>',
            **{f"Doc_0/Res/{n}.jpg": picture for n, picture in enumerate(pictures)},
            **{
                f"Doc_0/Pages/Page_{n}/Content.xml": f"<ofd:Page {_OFD}>{content.format(n)}</ofd:Page>"
                for n in range(len(pictures))
            },
        }
    )


def _objects(page: Page) -> str:
    out = []
    for n, (x, y, size, words) in enumerate(reversed(page.texts)):  # the order of objects is no reading order
        scale = 2.0 if n % 3 == 2 else 1.0
        steps = [size * width_of(c) / scale for c in words[:-1]]
        delta = f"g {len(steps)} {steps[0]:.3f}" if len(set(steps)) == 1 else " ".join(f"{s:.3f}" for s in steps)
        ctm = f' CTM="{scale} 0 0 {scale} 0 0"' if scale != 1 else ""
        out.append(
            f'<ofd:TextObject ID="{n}" Font="1" Size="{size / scale}" Boundary="{x} {y - size} 150 {size * 1.2}"{ctm}>'
            f'<ofd:TextCode X="0" Y="{size / scale}" DeltaX="{delta}">{escape(words)}</ofd:TextCode></ofd:TextObject>'
        )
    for x0, y0, x1, y1 in page.rules:
        out.append(
            f'<ofd:PathObject Boundary="{x0} {y0} {x1 - x0} {y1 - y0}" LineWidth="0.2"><ofd:AbbreviatedData>'
            f"M 0 0 L {x1 - x0} {y1 - y0}</ofd:AbbreviatedData></ofd:PathObject>"
        )
    return "".join(out)


# ---- xlsx


def xlsx(paragraphs: Paragraphs) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in paragraphs:
        sheet.append(line.split("\t"))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# ---- doc

_IN_TABLE = struct.pack("<HB", 0x2416, 1)
_ROW_END = _IN_TABLE + struct.pack("<HB", 0x2417, 1)


def doc(
    paragraphs: Paragraphs, *, flags: int = 0, deleted: str = "", raised: str = "", footnotes: Paragraphs = ()
) -> bytes:
    """A Word 97 file. `deleted` or `raised` is a stretch of the text that carries the mark of it."""
    runs: list[tuple[str, bytes]] = []
    for paragraph in paragraphs:
        if "\t" in paragraph:
            runs += [(cell + "\x07", _IN_TABLE) for cell in paragraph.split("\t")]
            runs.append(("\x07", _ROW_END))
        else:
            runs.append((paragraph + "\r", b""))
    runs = [(_units(words), marks) for words, marks in runs]
    text = "".join(words for words, _ in runs)
    notes = "".join(f"\x02 {note}\r" for note in footnotes)
    start = 1024
    main = bytearray(start) + (text + notes).encode("utf-16-le", "surrogatepass")
    main += bytes(-len(main) % 512)
    bounds, at = [], start
    for words, mark in runs:
        bounds.append((at, at + 2 * len(words), mark))
        at += 2 * len(words)
    paragraph_pages = []
    for n in range(0, len(bounds), 20):
        paragraph_pages.append((len(main) // 512, bounds[n][0]))
        main += _page(bounds[n : n + 20], paragraphs=True)
    character_pages = []
    if marked := deleted or raised:
        first = start + 2 * text.index(marked)
        character_pages.append((len(main) // 512, first))
        mark = struct.pack("<HB", 0x0800 if deleted else 0x2A48, 1)
        main += _page([(first, first + 2 * len(marked), mark)], paragraphs=False)
    clx = _pieces(text + notes, start)
    table = bytearray(clx)
    struct.pack_into("<HH", main, 0, 0xA5EC, 0x00C1)
    struct.pack_into("<H", main, 0x0A, 0x0200 | flags)
    struct.pack_into("<7i", main, 0x4C, len(text), len(notes), 0, 0, 0, 0, 0)
    struct.pack_into("<II", main, 0x1A2, 0, len(clx))
    for where, pages, end in ((0x102, paragraph_pages, at), (0xFA, character_pages, at)):
        plc = struct.pack(f"<{len(pages) + 1}I", *(fc for _, fc in pages), end)
        plc += struct.pack(f"<{len(pages)}I", *(number for number, _ in pages))
        struct.pack_into("<II", main, where, len(table), len(plc) if pages else 0)
        table += plc
    return compound({"WordDocument": bytes(main), "1Table": bytes(table)})


def _units(text: str) -> str:
    """A character a UTF-16 unit: that is what the format counts."""
    raw = text.encode("utf-16-le")
    return "".join(map(chr, struct.unpack(f"<{len(raw) // 2}H", raw)))


def _pieces(text: str, start: int) -> bytes:
    """Three pieces, so that their borders fall anywhere."""
    cuts = sorted({0, len(text) // 3, len(text) // 2, len(text)})
    body = struct.pack(f"<{len(cuts)}I", *cuts)
    for cut in cuts[:-1]:
        body += struct.pack("<HIH", 0, start + 2 * cut, 0)
    return b"\x01\x02\x00\xff\xff\x02" + struct.pack("<I", len(body)) + body


def _page(runs: list[tuple[int, int, bytes]], *, paragraphs: bool) -> bytes:
    page = bytearray(512)
    page[511] = len(runs)
    struct.pack_into(f"<{len(runs) + 1}I", page, 0, *(run[0] for run in runs), runs[-1][1])
    at = 510
    placed: dict[bytes, int] = {}
    for n, (_, _, marks) in enumerate(runs):
        if not marks:
            continue
        if marks not in placed:
            if not paragraphs:
                stored = bytes([len(marks)]) + marks
            elif len(marks) % 2:
                stored = bytes([(len(marks) + 3) // 2]) + b"\0\0" + marks
            else:
                stored = bytes([0, (len(marks) + 2) // 2]) + b"\0\0" + marks
            at = (at - len(stored)) // 2 * 2
            page[at : at + len(stored)] = stored
            placed[marks] = at // 2
        page[4 * (len(runs) + 1) + n * (13 if paragraphs else 1)] = placed[marks]
    return bytes(page)


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file ([MS-CFB]) of large streams: header, directory, streams, allocation table."""
    free, end, fat_mark = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    directory_sectors = (len(streams) + 1 + 3) // 4
    fat = [*range(1, directory_sectors), end]
    body = bytearray()
    entries = [_entry("Root Entry", 5, child=1, start=end)]
    names = sorted(streams, key=lambda n: (len(n), n.upper()))  # a tree that leans to the right
    for n, name in enumerate(names, start=1):
        data = streams[name].ljust(4096, b"\0")
        data += bytes(-len(data) % 512)
        first, count = len(fat), len(data) // 512
        fat += [*range(first + 1, first + count), end]
        body += data
        entries.append(_entry(name, 2, right=n + 1 if n < len(names) else free, start=first, size=len(data)))
    directory = b"".join(entries).ljust(directory_sectors * 512, b"\0")
    fat_sectors = 1
    while fat_sectors * 128 < len(fat) + fat_sectors:
        fat_sectors += 1
    first_fat = len(fat)
    fat += [fat_mark] * fat_sectors
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(fat_sectors * 512, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, fat_sectors, 0, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", *range(first_fat, first_fat + fat_sectors), *[free] * (109 - fat_sectors))
    return header + directory + bytes(body) + table


def _entry(
    name: str, kind: int, *, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF, start: int, size: int = 0
) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    head = raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), kind, 1, 0xFFFFFFFF, right, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


# ---- formats whose files are written part by part


def word_parts(body: str, parts: dict[str, tuple[str, str | bytes]], section: str = "") -> bytes:
    """A .docx with other parts: relationship id -> (name, content); the type is the name without its number."""
    space = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    relations = "".join(
        f'<Relationship Id="{key}" Type="{_TYPES}/{re.sub("[0-9]*[.].*", "", name)}" Target="{name}"/>'
        for key, (name, _) in parts.items()
    )
    names = (
        f'{_W} xmlns:r="{_TYPES}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
        'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    )
    files: dict[str, str | bytes] = {
        "_rels/.rels": f'<Relationships {space}><Relationship Id="m" Type="{_TYPES}/officeDocument" '
        f'Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {names}><w:body>{body}{section}</w:body></w:document>",
        "word/_rels/document.xml.rels": f"<Relationships {space}>{relations}</Relationships>",
    }
    roots = {"header": "hdr", "footer": "ftr", "comments": "comments", "styles": "styles"}
    for name, content in parts.values():
        root = roots.get(re.sub("[0-9]*[.].*", "", name))
        files[f"word/{name}"] = f"<w:{root} {names}>{content}</w:{root}>" if root else content
    return zipped(files)


def rtf(paragraphs: Paragraphs) -> bytes:
    """Rich text in GBK, table rows as WPS writes them."""

    def escaped(text: str) -> str:
        out = ""
        for char in text:
            if char in "\\{}":
                out += "\\" + char
            elif ord(char) < 128:
                out += char
            else:
                out += "".join(f"\\'{b:02x}" for b in char.encode("gb18030"))
        return out

    body = ""
    for text in paragraphs:
        if "\t" in text:
            cells = text.split("\t")
            edges = "".join(f"\\cellx{1000 * (n + 1)}" for n in range(len(cells)))
            body += "\\trowd" + edges + "".join(f"\\pard\\intbl {escaped(c)}\\cell" for c in cells) + "\\row\n"
        else:
            body += f"\\pard {escaped(text)}\\par\n"
    fonts = "{\\fonttbl{\\f0\\fnil\\fcharset134 \\'cb\\'ce\\'cc\\'e5;}}"
    return ("{\\rtf1\\ansi\\ansicpg936\\deff0" + fonts + "\n\\f0 " + body + "}").encode("ascii")


def xls(paragraphs: Paragraphs) -> bytes:
    """A workbook of Excel 97-2003, a paragraph a row."""
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("安排")
    for r, text in enumerate(paragraphs):
        for c, cell in enumerate(text.split("\t")):
            if cell:
                sheet.write(r, c, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def pptx(slides: Sequence[Paragraphs]) -> bytes:
    """A presentation: the first paragraph of each slide is its title."""
    space = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    names = (
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        f'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="{_TYPES}"'
    )
    files: dict[str, str | bytes] = {
        "_rels/.rels": f'<Relationships {space}><Relationship Id="m" Type="{_TYPES}/officeDocument" '
        'Target="ppt/presentation.xml"/></Relationships>'
    }
    listed = relations = ""
    for n, paragraphs in enumerate(slides, start=1):
        shapes = ""
        for k, text in enumerate(paragraphs):
            if "\t" in text:
                cells = "".join(
                    f"<a:tc><a:txBody><a:p><a:r><a:t>{escape(c)}</a:t></a:r></a:p></a:txBody></a:tc>"
                    for c in text.split("\t")
                )
                shapes += f"<p:graphicFrame><a:graphic><a:tbl><a:tr>{cells}</a:tr></a:tbl></a:graphic></p:graphicFrame>"
                continue
            kind = '<p:ph type="title"/>' if k == 0 else ""
            shapes += (
                f"<p:sp><p:nvSpPr><p:nvPr>{kind}</p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>{escape(text)}</a:t></a:r>"
                "</a:p></p:txBody></p:sp>"
            )
        files[f"ppt/slides/slide{n}.xml"] = f"<p:sld {names}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>"
        listed += f'<p:sldId id="{255 + n}" r:id="r{n}"/>'
        relations += f'<Relationship Id="r{n}" Type="{_TYPES}/slide" Target="slides/slide{n}.xml"/>'
    files["ppt/presentation.xml"] = f"<p:presentation {names}><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>"
    files["ppt/_rels/presentation.xml.rels"] = f"<Relationships {space}>{relations}</Relationships>"
    return zipped(files)


def eml(subject: str, paragraphs: Paragraphs, charset: str = "gb2312") -> bytes:
    """A message with an attachment."""
    message = MIMEMultipart("mixed")
    message["Subject"] = subject
    message.attach(MIMEText("\n".join(paragraphs), "plain", charset))
    attached = MIMEImage(b"\x89PNG\r\n\x1a\n", "png")
    attached.add_header("Content-Disposition", "attachment", filename="表.png")
    message.attach(attached)
    return message.as_bytes()
