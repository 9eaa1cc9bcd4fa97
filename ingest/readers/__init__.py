"""A file per format: bytes to lines.

`read` picks the reader by content and turns every failure into `UnreadableDocument`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import PurePath

from ingest.readers.base import Line, LineKind, RawDocument
from ingest.readers.doc import read_doc
from ingest.readers.docx import read_docx
from ingest.readers.html import read_html
from ingest.readers.image import read_image
from ingest.readers.limits import LIMITS, DamagedFileError, Limits, RefusedFileError
from ingest.readers.lookalikes import lines_as_meant
from ingest.readers.markdown import read_markdown
from ingest.readers.message import read_message
from ingest.readers.ofd import read_ofd
from ingest.readers.pdf import read_pdf
from ingest.readers.pptx import read_pptx
from ingest.readers.rtf import read_rtf
from ingest.readers.sniff import Format, sniff
from ingest.readers.spreadsheet import read_csv
from ingest.readers.text import decode, read_text
from ingest.readers.xls import read_xls
from ingest.readers.xlsx import read_xlsx
from kg.core.errors import UnreadableDocument
from ontology.forms import Forms

# By content: formats with a signature, whatever the file is called.
_OFFICE: dict[Format, Callable[[bytes, Limits], RawDocument]] = {
    Format.PDF: read_pdf,
    Format.DOCX: read_docx,
    Format.XLSX: read_xlsx,
    Format.XLS: read_xls,
    Format.RTF: read_rtf,
    Format.PPTX: read_pptx,
    Format.OFD: read_ofd,
    Format.DOC: read_doc,
    Format.IMAGE: read_image,
}
# By name: formats that are text to look at; their readers know menus and collectors' heads by the forms of a run.
_TEXT: dict[str, Callable[[bytes, Forms | None], RawDocument]] = {
    ".txt": read_text,
    ".text": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".csv": lambda data, _forms: read_csv(data),
    ".html": read_html,
    ".htm": read_html,
}
_OFFICE_SUFFIXES = (
    *(".docx", ".docm", ".doc", ".wps", ".rtf", ".pdf", ".ofd", ".xlsx", ".xlsm", ".xls", ".et", ".pptx"),
    *(".mht", ".mhtml", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp"),
)
# A .zip that is an office document under another name is read as what it is; archives are opened elsewhere.
TEXT = frozenset(_TEXT)
"""The formats without a signature: a file is shown as it is, but for web pages."""
SUFFIXES = frozenset([*TEXT, *_OFFICE_SUFFIXES, ".eml", ".zip"])
_SHEETS = frozenset((".xls", ".et", ".xlsx", ".xlsm"))
# a page that begins in its middle
_FRAGMENT = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<!--.{0,2000}?-->\s*)*<(?:head|meta|style|body|table|div)\b[^<]{0,2000}>",
    re.IGNORECASE | re.DOTALL,
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_MOSTLY = 0.3  # share of Han characters above which a file without a signature is taken for Chinese text

__all__ = ["LIMITS", "SUFFIXES", "TEXT", "Limits", "Line", "LineKind", "RawDocument", "read"]


def read(data: bytes, source: str, limits: Limits = LIMITS, forms: Forms | None = None) -> RawDocument:
    """The lines of a file. Raises `UnreadableDocument` with a reason that says what to do.

    `forms` are those of a run, by which menus and collectors' heads are known; else those of the project.
    """
    suffix = PurePath(source).suffix.lower()
    if suffix not in SUFFIXES:
        raise UnreadableDocument(
            source, f"不支持的格式“{suffix or '无扩展名'}”，目前可用：{'、'.join(sorted(SUFFIXES))}"
        )
    if not data.strip():
        raise UnreadableDocument(source, "文件是空的；请确认已复制或下载完整后重试")
    try:
        raw = part_to_raw(data, source, limits, forms)
    except ValueError as error:
        raise UnreadableDocument(source, _reason(error)) from error
    except RecursionError as error:
        raise UnreadableDocument(source, "内容嵌套过深，无法读取；请用原软件打开并另存后重试") from error
    if not any(line.text.strip() for line in raw.lines if line.kind is not LineKind.SKIP):
        raise UnreadableDocument(source, "文件中没有文字；如有内容而未读出，请用原软件打开并另存后重试")
    return lines_as_meant(raw)


def _reason(error: ValueError) -> str:
    """The message of a refusal; whatever else went wrong in a library is a damaged file to people."""
    words = str(error)
    return words if _HAN.search(words) else str(DamagedFileError(""))


def part_to_raw(data: bytes, name: str, limits: Limits = LIMITS, forms: Forms | None = None) -> RawDocument:
    """A part of a file that is a file of its own (an imported body, the text of a message), by its content.

    Raises `ValueError` with a reason.
    """
    suffix = PurePath(name).suffix.lower()
    found = sniff(data)
    if found is Format.HTML:
        return read_html(data, forms)
    if found is Format.MESSAGE or (found is None and suffix == ".eml"):  # a mail may have no signature
        read_mail = partial(read_message, data, limits, forms=forms, mail=suffix == ".eml")
        return _refused(read_mail, Format.MESSAGE)
    if found is None:
        return _read_text(data, suffix, forms)
    return _refused(partial(_OFFICE[found], data, limits), found)


def _refused(reader: Callable[[], RawDocument], found: Format) -> RawDocument:
    """What a reader returns; whatever a library meets in a broken file is a damaged file."""
    try:
        return reader()
    except (RefusedFileError, MemoryError, RecursionError):
        raise
    except Exception as error:  # parsers of other people meet a broken file with any of dozens of kinds of error
        raise DamagedFileError(found) from error


def _read_text(data: bytes, suffix: str, forms: Forms | None) -> RawDocument:
    """A format without a signature: the name decides among them, and must not promise another one."""
    if suffix in _TEXT:
        return _TEXT[suffix](data, forms)
    if _FRAGMENT.match(data):
        return read_html(data, forms)  # office systems hand out tables of markup under the name .xls
    if suffix in _SHEETS and _is_chinese_text(data):
        return read_csv(data)
    if not _is_chinese_text(data):
        raise ValueError(f"扩展名为 {suffix}，但内容不是该格式，文件可能已损坏；请用原软件打开并重新保存后重试")
    return read_text(data, forms)


def _is_chinese_text(data: bytes) -> bool:
    try:
        text, _ = decode(data)
    except ValueError:
        return False
    return len(_HAN.findall(text)) >= _MOSTLY * len(text)
