"""PDF: characters and their places by pypdfium2, ruled tables by pdfplumber on the pages that have rules."""

from __future__ import annotations

import ctypes
import io
import logging
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ingest.readers import ocr
from ingest.readers.base import RawDocument
from ingest.readers.limits import LIMITS, DamagedFileError, EncryptedFileError, LimitError, Limits, RefusedFileError
from ingest.readers.pages import page_ranges, pages_to_raw
from ingest.readers.page_layout import page_to_lines
from ingest.readers.printed import Box, Glyph, PrintedLine

# Rules of a table are path objects. Fewer are a letterhead or an underline; more are a drawing, which no table
# finder ends with in good time.
_MIN_PATHS, _MAX_PATHS = 4, 2000
_RADICALS = range(0x2E80, 0x2FE0)  # some producers map 月 to the radical ⽉: another character that looks the same
_UNREADABLE = 0.3  # share of characters without a meaning above which nothing can be trusted
_PATH = 2  # FPDF_PAGEOBJ_PATH
_QUARTER = 90
_MAX_PIXELS = 20_000_000  # of a page drawn for recognition: A2 at 200 dpi has 15 million
_TAIL = 4096  # bytes at the end that may follow the end mark: signatures, mail footers
_SURROGATES = range(0xD800, 0xE000)
_NO_CHARACTERS = frozenset([0, 0xFFFE, 0xFFFF])


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
        return _document_to_raw(document, data, limits)
    finally:
        document.close()


def _document_to_raw(document: Any, data: bytes, limits: Limits) -> RawDocument:
    count = len(document)
    if count == 0:
        raise DamagedFileError("PDF", "没有页面")
    if count > limits.pages:
        raise LimitError("页数", count, limits.pages)
    pages: list[list[Glyph]] = []
    ruled: list[int] = []
    for number in range(count):
        page = document[number]
        try:
            pages.append(list(_upright(page)))
            if pages[-1] and _has_rules(page):
                ruled.append(number)
        finally:
            page.close()
    if _is_garbled(pages):
        ocr.require("PDF 内嵌字体没有文字编码，复制出来是乱码，只能当作图片处理（也可改用原始的 Word 文件）")
        pages, ruled = [[] for _ in pages], []
    tables = _tables(data, ruled) if ruled else {}
    lines = [page_to_lines(glyphs, tables.get(number, ())) for number, glyphs in enumerate(pages)]
    silent = [number for number, found in enumerate(lines) if not found]
    if len(silent) == count:
        ocr.require("PDF 各页都没有文字，应为扫描件")
    if silent and ocr.is_available():
        for number in silent:
            lines[number] = _recognised(document[number])
        if not any(lines):
            raise RefusedFileError("PDF 各页都没有文字，也没有认出文字；请确认扫描清晰、方向正确")
    notes = {
        "无文字的页": page_ranges(number + 1 for number in silent if not lines[number]),
        "识别的页": page_ranges(number + 1 for number in silent if lines[number]),
    }
    return pages_to_raw(lines, {name: pages for name, pages in notes.items() if pages})


def _is_garbled(pages: list[list[Glyph]]) -> bool:
    inked = [g.char for glyphs in pages for g in glyphs if not g.char.isspace()]
    lost = sum(c == "\ufffd" or unicodedata.category(c) in ("Co", "Cn", "Cc") for c in inked)
    return lost > _UNREADABLE * len(inked)


def _recognised(page: Any) -> list[PrintedLine]:
    """The lines of a page that is a picture; [] for an empty one."""
    try:
        if next(iter(page.get_objects(max_depth=1)), None) is None:
            return []
        wide, high = page.get_size()
        # a page of a poster's size must not make a picture that fills the memory
        scale = min(ocr.DPI / 72, (_MAX_PIXELS / max(wide * high, 1)) ** 0.5)
        return ocr.picture_to_lines(page.render(scale=scale).to_pil(), (0.0, 0.0, wide, high))
    finally:
        page.close()


def _upright(page: Any) -> Iterator[Glyph]:
    """The characters that stand as most do; the others are watermarks and seals."""
    found = list(_glyphs(page))
    angles = Counter(angle for _, angle in found)
    if angles:
        most = angles.most_common(1)[0][0]
        yield from (glyph for glyph, angle in found if angle == most)


def _glyphs(page: Any) -> Iterator[tuple[Glyph, int]]:
    """Each character with its box on the page as shown, and its angle in degrees."""
    import pypdfium2.raw as c

    left, low, right, high = page.get_mediabox()
    rotation = page.get_rotation()
    text = page.get_textpage()
    try:
        box = c.FS_RECTF()
        for i in range(c.FPDFText_CountChars(text)):
            code = c.FPDFText_GetUnicode(text, i)
            if c.FPDFText_IsGenerated(text, i) == 1 or code in _NO_CHARACTERS:
                continue  # blanks and line ends that pdfium adds: ours come from the places
            char = chr(code) if code not in _SURROGATES and code <= sys.maxunicode else "\ufffd"
            if code in _RADICALS:
                char = unicodedata.normalize("NFKC", char)
            if not c.FPDFText_GetLooseCharBox(text, i, ctypes.byref(box)):
                continue
            shown = _shown((box.left, box.bottom, box.right, box.top), (left, low, right, high), rotation)
            degrees = round(c.FPDFText_GetCharAngle(text, i) * 57.29578)
            yield Glyph(char, shown[0], shown[2], shown[1], shown[3]), degrees
    finally:
        text.close()


def _shown(box: Box, media: Box, rotation: int) -> Box:
    """A box in PDF coordinates as it is shown: x0, top, x1, bottom from the upper left corner."""
    x0, y0, x1, y1 = box
    left, low, right, high = media
    if rotation == _QUARTER:
        return y0 - low, x0 - left, y1 - low, x1 - left
    if rotation == 2 * _QUARTER:
        return right - x1, y0 - low, right - x0, y1 - low
    if rotation == 3 * _QUARTER:
        return high - y1, right - x1, high - y0, right - x0
    return x0 - left, high - y1, x1 - left, high - y0


def _has_rules(page: Any) -> bool:
    paths = 0
    for _ in page.get_objects(filter=[_PATH], max_depth=3):
        paths += 1
        if paths > _MAX_PATHS:
            return False
    return paths >= _MIN_PATHS


def _tables(data: bytes, numbers: list[int]) -> dict[int, list[list[Box]]]:
    """Page (from 0) -> the cells of each of its ruled tables; {} where pdfplumber cannot follow the file.

    The text is there without it: a table that is not recognised is read as lines.
    """
    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it comments on every oddity of a font
    found: dict[int, list[list[Box]]] = {}
    try:
        with pdfplumber.open(io.BytesIO(data), pages=[n + 1 for n in numbers]) as pdf:
            for page in pdf.pages:
                tables = page.find_tables({"vertical_strategy": "lines", "horizontal_strategy": "lines"})
                found[page.page_number - 1] = [list(table.cells) for table in tables]
                page.close()
    except Exception:  # pdfminer fails on broken files with any of a dozen kinds of error
        logging.getLogger(__name__).debug("no tables", exc_info=True)
    return found
