"""Which format some bytes are: by what they contain, never by the file's name."""

from __future__ import annotations

import io
import re
import zipfile
from enum import StrEnum

from ingest.readers.limits import DamagedFileError, EncryptedFileError, RefusedFileError


class Format(StrEnum):
    """The formats with a signature. Text has none: what it is (.txt, .md, .csv) only its name can tell."""

    PDF = "PDF"
    DOCX = "Word"
    XLSX = "Excel"
    XLS = "Excel 97-2003"
    PPTX = "演示文稿"
    RTF = "RTF"
    OFD = "OFD"
    DOC = "Word 97-2003"
    HTML = "网页"
    MESSAGE = "单个文件网页"
    IMAGE = "图片"


_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RTF = b"{\\rtf"
_BIFF = (
    b"\x09\x08\x10\x00\x00\x06",
    b"\x09\x08\x08\x00\x00\x05",
    b"\x09\x04\x06\x00",
    b"\x09\x02\x06\x00",
    b"\x09\x00\x04\x00",
)
_PDF_WITHIN = 1024  # bytes before %PDF- that readers put up with
_PARTS = (
    ("word/", Format.DOCX),
    ("xl/worksheets/", Format.XLSX),
    ("ofd.xml", Format.OFD),
    ("ppt/slides/", Format.PPTX),
)
_HTML = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
_BMP = re.compile(rb"BM.{4}\0{4}.{4}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0", re.DOTALL)
# the head of a message: lines of fields, one of which says that its parts belong together (RFC 2046, 2557)
_MESSAGE = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?"
    rb"content-type:\s*multipart/(?:related|alternative)\b",
    re.IGNORECASE,
)
# Office documents as one XML file: what stands in their first element, and what they are.
_XML = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<\?xml\b|\A(?:\xff\xfe|\xfe\xff)")
_XML_OFFICE = (
    (b"schemas.microsoft.com/office/word/2003/wordml", "Word 2003 XML 文档，请用 Word 或 WPS 打开并另存为 .docx "),
    (b"schemas.microsoft.com/office/2006/xmlPackage", "Word XML 文档，请用 Word 或 WPS 打开并另存为 .docx "),
    (b"urn:schemas-microsoft-com:office:spreadsheet", "Excel 2003 XML 表格，请用 Excel 或 WPS 打开并另存为 .xlsx "),
    (b"urn:oasis:names:tc:opendocument", "OpenDocument 文件，请用 WPS 或 LibreOffice 打开并另存为 .docx 或 .xlsx "),
)
# Known, and not read: what it is, and what to do.
_REFUSED = (
    (b"Rar!", "RAR 压缩包，请先解压"),
    (b"7z\xbc\xaf", "7z 压缩包，请先解压"),
    (b"\x1f\x8b", "gzip 压缩包，请先解压"),
)


def sniff(data: bytes) -> Format | None:
    """The format, or None for text. Raises `RefusedFileError` with a reason for what is known and not read."""
    for signature, what in _REFUSED:
        if data.startswith(signature):
            raise RefusedFileError(f"内容是{what}后重试")
    if _XML.match(data[:64]):
        head = data[:4096].replace(b"\0", b"")
        for mark, what in _XML_OFFICE:
            if mark in head:
                raise RefusedFileError(f"内容是{what}后重试")
    if data.startswith(_ZIP):
        return _zip_format(data)
    if data.startswith(_OLE):
        return _ole_format(data)
    if data.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(_RTF):
        return Format.RTF
    if data.startswith(_BIFF):
        return Format.XLS
    if data.startswith(_IMAGES) or _BMP.match(data):
        return Format.IMAGE
    if b"%PDF-" in data[:_PDF_WITHIN] and data.lstrip(b"\xef\xbb\xbf\r\n\t \0").startswith(b"%PDF-"):
        return Format.PDF
    if _MESSAGE.match(data[:4096]):
        return Format.MESSAGE
    return Format.HTML if _HTML.match(data[:4096]) else None


def _zip_format(data: bytes) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name.replace("\\", "/").lstrip("/").lower() for name in archive.namelist()]
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise DamagedFileError("docx、xlsx、pptx 或 ofd", "压缩结构无法读取") from error
    if "xl/workbook.bin" in names:
        raise RefusedFileError("内容是二进制工作簿（.xlsb），请用 Excel 或 WPS 打开并另存为 .xlsx 后重试")
    for start, found in _PARTS:
        if any(name.startswith(start) for name in names):
            return found
    if "mimetype" in names and "content.xml" in names:
        raise RefusedFileError("内容是 OpenDocument 文件，请用 WPS 或 LibreOffice 打开并另存为 .docx 或 .xlsx 后重试")
    if any(name.startswith("ppt/") for name in names):
        raise RefusedFileError("演示文稿中没有幻灯片，请用原软件打开并重新保存后重试")
    raise RefusedFileError("内容是压缩包，不是办公文件（docx、xlsx、pptx、ofd），请先解压，或把扩展名改为 .zip 后重试")


def _ole_format(data: bytes) -> Format:
    """A compound file: its directory names its streams in UTF-16."""
    if _names(data, "EncryptedPackage"):
        raise EncryptedFileError("Office")
    if _names(data, "WordDocument"):
        return Format.DOC
    if _names(data, "Workbook") or _names(data, "Book"):
        return Format.XLS
    if _names(data, "PowerPoint Document"):
        raise RefusedFileError("内容是演示文稿，请另存为 .docx 或 .pdf 后重试")
    if _names(data, "__properties_version1.0"):
        raise RefusedFileError("内容是 Outlook 邮件（.msg），请在 Outlook 中另存为 .eml 或 .mht 后重试")
    raise DamagedFileError("Word 97-2003 或 Excel 97-2003", "其中没有 Word 文档，也没有工作簿")


def _names(data: bytes, stream: str) -> bool:
    return f"{stream}\0".encode("utf-16-le") in data
