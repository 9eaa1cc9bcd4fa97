"""PDF: characters and their places by pypdfium2, ruled tables by pdfplumber on the pages that have rules.

Each page is judged by itself: one that is a picture, or whose fonts do not say what their characters are, is
recognised where the extra is installed, and named where it is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ingest.readers import ocr
from ingest.readers.base import LineKind, RawDocument
from ingest.readers.fidelity import Losses, Why
from ingest.readers.limits import LIMITS, DamagedFileError, EncryptedFileError, LimitError, Limits, RefusedFileError
from ingest.readers.page_layout import page_to_lines
from ingest.readers.pages import pages_to_raw
from ingest.readers.pdf_glyphs import UNREAD, PageText, page_to_text, shown_box, turned_box
from ingest.readers.pdf_tables import TableFinder
from ingest.readers.printed import Box, PrintedLine
from ingest.readers.symbols import UNKNOWN

# Rules of a table are path objects. Fewer are a letterhead or an underline; more are a drawing, which no table
# finder ends with in good time.
_MIN_PATHS, _MAX_PATHS = 4, 2000
_UNREADABLE = 0.3  # share of characters without a meaning above which nothing on a page can be trusted
_MOSTLY_LOST = 0.5  # of a line's characters
_PATH, _IMAGE = 2, 3  # FPDF_PAGEOBJ_…
_THIN = 6.0  # points: what is lower, and much longer than high, is a rule; bounds take in the ends of strokes
_SCANNED = 0.5  # share of a page that is covered by pictures: a scan, if its text is next to nothing
_LITTLE_TEXT = 80  # characters: a stamp, a number, a running head
_MORE = 1.5  # times as many characters as the page has: then the picture says more
_MAX_PIXELS = 20_000_000  # of a page drawn for recognition: A2 at 200 dpi has 15 million
_TAIL = 4096  # bytes at the end that may follow the end mark: signatures, mail footers
_NOTES = frozenset([1, 3, 8, 9, 10, 11, 12, 13, 14, 15])  # FPDF_ANNOT_…: text, marks, stamps
_WIDGET = 20
_FILE, _PLAYED = 17, frozenset([18, 19, 21, 26])  # sound, film, screen, rich media
_DYNAMIC = frozenset([2])  # FORMTYPE_XFA_FULL
_XFA = "PDF 是动态表单（XFA），页面中没有它的文字，请用 Adobe Reader 打开并打印成新的 PDF 后入库"


def read_pdf(data: bytes, limits: Limits = LIMITS) -> RawDocument:
    """A PDF with its text; pages without text are recognised where the extra is installed, else named.

    Raises `RefusedFileError` with a reason.
    """
    import pypdfium2 as pdfium

    if b"%%EOF" not in data[-_TAIL:]:
        # pdfium would mend it and show the pages that came through, as if there were no others
        raise DamagedFileError("PDF", "文件末尾缺失，可能没有下载完整")
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.raw.FPDF_ERR_PASSWORD:
            raise EncryptedFileError("PDF") from error
        raise DamagedFileError("PDF") from error
    try:
        with TableFinder(data) as tables:
            return _document_to_raw(document, tables, limits)
    finally:
        document.close()


@dataclass(slots=True)
class _Page:
    """A page as far as it was read."""

    lines: list[PrintedLine]
    characters: int  # with ink, without those that nobody sees
    unread: int = 0
    picture: bool = False  # most of it is a picture, and it has next to no text
    empty: bool = False  # nothing stands on it


@dataclass(slots=True)
class _Objects:
    """What else is drawn on a page."""

    paths: int = 0
    rules: list[Box] = field(default_factory=list)
    pictures: float = 0.0  # share of the page
    any: bool = False


def _document_to_raw(document: Any, tables: TableFinder, limits: Limits) -> RawDocument:
    count = len(document)
    if count == 0:
        raise DamagedFileError("PDF", "没有页面")
    if count > limits.pages:
        raise LimitError("页数", count, limits.pages)
    losses = Losses()
    form = document.get_formtype()
    pages = [_read_page(document, number, tables, losses) for number in range(count)]
    if form in _DYNAMIC:
        # what is seen is made by Adobe's program from a form in XML; the pages only say that it is needed
        if not any("\u4e00" <= char <= "\u9fff" for page in pages for line in page.lines for char in line.text):
            raise RefusedFileError(_XFA)
        losses.add("XFA 表单", Why.FORM)
    inked = sum(page.characters for page in pages)
    if sum(page.unread for page in pages) > _UNREADABLE * inked:
        ocr.require("PDF 内嵌字体没有文字编码，复制出来是乱码，只能当作图片处理（也可改用原始的 Word 文件）")
    if not any(page.lines for page in pages):
        ocr.require("PDF 各页都没有文字，应为扫描件")
    silent: list[int] = []
    seen: list[int] = []
    for number, page in enumerate(pages):
        unreadable = page.unread > _UNREADABLE * page.characters
        if page.empty:
            continue
        if not page.lines or page.picture or unreadable:
            found = _recognised(document[number]) if ocr.is_available() else []
            if found and (unreadable or _size(found) > _MORE * _size(page.lines)):
                page.lines = found
                seen.append(number)
            elif not page.lines or page.picture:
                silent.append(number)
            else:
                losses.add("无法读出的字符", Why.UNMAPPED, page.unread)
        elif page.unread:
            _mend(document, number, page, losses)
    if not any(not _is_unread(line) for page in pages for line in page.lines):
        raise RefusedFileError("PDF 各页都没有文字，也没有认出文字；请确认扫描清晰、方向正确")
    losses.add_pages([number + 1 for number in silent], Why.NO_TEXT)
    losses.add_pages([number + 1 for number in seen], Why.RECOGNISED)
    losses.add("附件", Why.ATTACHMENT, document.count_attachments())
    lines = [[_readable(line) for line in page.lines if not _is_unread(line)] for page in pages]
    return pages_to_raw(lines, losses)


def _size(lines: Sequence[PrintedLine]) -> int:
    return sum(len(line.text) for line in lines)


def _is_unread(line: PrintedLine) -> bool:
    """Whether next to nothing of a line can be read: it would only be taken for a title. It was counted."""
    return line.text.count(UNREAD) > _MOSTLY_LOST * len(line.text)


def _readable(line: PrintedLine) -> PrintedLine:
    return replace(line, text=line.text.replace(UNREAD, UNKNOWN)) if UNREAD in line.text else line


def _read_page(document: Any, number: int, tables: TableFinder, losses: Losses) -> _Page:
    page = document[number]
    try:
        text = page_to_text(page)
        drawn = _objects(page)
        _note(page, text, losses)
        characters = sum(not g.char.isspace() for block in text.blocks for g in block.glyphs)
        if not characters:
            return _Page([], 0, empty=not drawn.any)
        cells = tables.cells(number) if _MIN_PATHS <= drawn.paths <= _MAX_PATHS else []
        lines: list[PrintedLine] = []
        wide, high = page.get_size()
        left, top = _crop(page)
        for block in text.blocks:
            turned = [
                [turned_box((x0 - left, y0 - top, x1 - left, y1 - top), block.turn, wide, high) for x0, y0, x1, y1 in t]
                for t in cells
            ]
            rules = [turned_box(rule, block.turn, wide, high) for rule in drawn.rules]
            lines += page_to_lines(block.glyphs, turned, rules)
        picture = drawn.pictures >= _SCANNED and characters <= _LITTLE_TEXT
        return _Page(lines, characters, text.unread, picture)
    finally:
        page.close()


def _crop(page: Any) -> tuple[float, float]:
    """Where the visible part of a page begins in the coordinates that pdfplumber counts in."""
    if page.get_rotation():
        return 0.0, 0.0
    media, crop = page.get_mediabox(), page.get_cropbox()
    return crop[0] - media[0], media[3] - crop[3]


def _note(page: Any, text: PageText, losses: Losses) -> None:
    import pypdfium2.raw as c

    losses.add("看不见的字符", Why.INVISIBLE, text.hidden)
    losses.add("斜排的字符", Why.SLANTED, text.slanted)
    for n in range(min(c.FPDFPage_GetAnnotCount(page), _MAX_PATHS)):
        annotation = c.FPDFPage_GetAnnot(page, n)
        if not annotation:
            continue
        kind = c.FPDFAnnot_GetSubtype(annotation)
        if kind == _WIDGET and c.FPDFAnnot_HasKey(annotation, b"V"):
            losses.add("表单域", Why.FORM)
        elif kind == _FILE:
            losses.add("附件", Why.ATTACHMENT)
        elif kind in _PLAYED:
            losses.add("音频、视频", Why.MEDIA)
        elif kind in _NOTES:
            losses.add("注释", Why.ANNOTATION)
        c.FPDFPage_CloseAnnot(annotation)


def _objects(page: Any) -> _Objects:
    """The paths and pictures of a page: what may be rules, and how much is covered by pictures."""
    found = _Objects()
    wide, high = page.get_size()
    media, rotation = page.get_cropbox(), page.get_rotation()
    for item in page.get_objects(max_depth=3):
        found.any = True
        if item.type not in (_PATH, _IMAGE):
            continue
        found.paths += item.type == _PATH
        if found.paths > _MAX_PATHS:
            found.rules.clear()
            break
        x0, top, x1, bottom = shown_box(item.get_bounds(), media, rotation)
        if item.type == _PATH and min(bottom - top, x1 - x0) <= min(_THIN, max(bottom - top, x1 - x0) / 5):
            found.rules.append((x0, top, x1, bottom))
        elif item.type == _IMAGE:
            inside = (min(x1, wide) - max(x0, 0.0)) * (min(bottom, high) - max(top, 0.0))
            found.pictures += max(inside, 0.0) / max(wide * high, 1.0)
    return found


def _recognised(page: Any) -> list[PrintedLine]:
    """The lines of a page that is a picture."""
    try:
        wide, high = page.get_size()
        # a page of a poster's size must not make a picture that fills the memory
        scale = min(ocr.DPI / 72, (_MAX_PIXELS / max(wide * high, 1)) ** 0.5)
        return ocr.picture_to_lines(page.render(scale=scale).to_pil(), (0.0, 0.0, wide, high))
    finally:
        page.close()


def _mend(document: Any, number: int, page: _Page, losses: Losses) -> None:
    """Lines with a few characters that cannot be read, by what the picture of the page shows in their place."""
    seen = _recognised(document[number]) if ocr.is_available() else []
    read = 0
    for n, line in enumerate(page.lines):
        lost = line.text.count(UNREAD)
        if not lost or line.kind is LineKind.ROW:
            continue
        beside = [
            other
            for other in seen
            if min(other.bottom, line.bottom) - max(other.top, line.top) > 0.5 * min(other.em, line.em)
            and other.x0 < line.x1
            and other.x1 > line.x0
        ]
        if beside:
            words = " ".join(other.text for other in sorted(beside, key=lambda other: other.x0))
            page.lines[n] = replace(line, text=words)
            read += lost
    losses.add("无法读出的字符", Why.UNMAPPED_READ, read)
    losses.add("无法读出的字符", Why.UNMAPPED, page.unread - read)
