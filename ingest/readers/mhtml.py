"""Web pages saved as one file (.mht, .mhtml; RFC 2557): the first HTML part is read, pictures and scripts are not.

Word and WPS write this form too, often under the name .doc.
"""

from __future__ import annotations

from email import policy
from email.message import Message
from email.parser import BytesParser

from ingest.readers.base import RawDocument
from ingest.readers.html import html_to_raw, read_html
from ingest.readers.limits import LIMITS, DamagedFileError, LimitError, Limits
from ingest.readers.sniff import Format
from ontology.forms import Forms

_MOST_NESTED = 100


def read_mhtml(data: bytes, limits: Limits = LIMITS, forms: Forms | None = None) -> RawDocument:
    """The page of an MHTML file. Raises `DamagedFileError` where it holds none, `LimitError` for too many parts."""
    if (parts := data.lower().count(b"multipart/")) > _MOST_NESTED:  # each line is compared with all open boundaries
        raise LimitError("网页中嵌套的部件数", parts, _MOST_NESTED)
    # compat32 keeps broken headers as they are: nothing here needs them parsed
    message = BytesParser(policy=policy.compat32).parsebytes(data.lstrip(b"\xef\xbb\xbf\r\n\t "))
    for number, part in enumerate(message.walk(), start=1):
        if number > limits.entries:
            raise LimitError("网页中的部件数", number, limits.entries)
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            return _page(part, forms)
    raise DamagedFileError(Format.MHTML, "其中没有网页")


def _page(part: Message, forms: Forms | None) -> RawDocument:
    """The page in the encoding that the part's header names; where it names none that fits, by its bytes."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        raise DamagedFileError(Format.MHTML, "网页部分无法解码")
    if charset := part.get_content_charset():
        charset = "gb18030" if charset in ("gb2312", "gbk") else charset  # their superset, as browsers take them
        try:
            return html_to_raw(content.decode(charset), charset, forms)
        except (LookupError, UnicodeDecodeError):
            pass
    return read_html(content, forms)
