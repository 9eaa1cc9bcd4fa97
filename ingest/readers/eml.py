"""Mail (.eml; RFC 5322, MIME): the subject as a line, the text; attachments are named, not opened."""

from __future__ import annotations

from email import policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser

from ingest.readers.base import LineKind, RawDocument
from ingest.readers.fidelity import Losses, Why
from ingest.readers.html import html_to_raw
from ingest.readers.limits import LIMITS, DamagedFileError, LimitError, Limits
from ingest.readers.pieces import Piece, pieces_to_raw
from ingest.readers.text import decode, lines_of
from ontology.forms import Forms

_MOST_NESTED = 100
_KIND = "邮件"


def read_eml(data: bytes, limits: Limits = LIMITS, forms: Forms | None = None) -> RawDocument:
    """The text of a message. Raises `RefusedFileError` with a reason."""
    if (parts := data.lower().count(b"multipart/")) > _MOST_NESTED:
        raise LimitError("邮件中嵌套的部件数", parts, _MOST_NESTED)
    message = BytesParser(policy=policy.compat32).parsebytes(data)
    losses = Losses()
    found: dict[str, Message] = {}
    for number, part in enumerate(message.walk(), start=1):
        if number > limits.entries:
            raise LimitError("邮件中的部件数", number, limits.entries)
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        if part.get_content_disposition() == "attachment" or kind not in ("text/plain", "text/html"):
            if part.get("Content-ID"):
                losses.add("图片", Why.PICTURE)
            else:
                losses.add(f"附件 {_words(part.get_filename() or '')}".strip(), Why.ATTACHMENT)
        else:
            found.setdefault(kind, part)
    if not found:
        raise DamagedFileError(_KIND, "其中没有文字")
    # the page keeps tables; the plain text beside it is made from it
    body = list(_lines(found.get("text/html") or found["text/plain"], forms))
    head = [Piece(subject)] if (subject := _words(message.get("Subject") or "")) else []
    return pieces_to_raw([*head, *body], wrapped="text/html" not in found, limits=limits, losses=losses)


def _lines(part: Message, forms: Forms | None) -> list[Piece]:
    text = _text(part)
    if part.get_content_type() == "text/html":
        return [Piece(line.text, line.kind, line.level) for line in html_to_raw(text, "utf-8", forms).lines]
    return [Piece(line, LineKind.TEXT) for line, _ in lines_of(text)]


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        raise DamagedFileError(_KIND, "正文无法解码")
    charset = (part.get_content_charset() or "").lower()
    if charset and charset not in ("us-ascii", "utf-8"):
        try:
            return content.decode("gb18030" if charset in ("gb2312", "gbk") else charset)
        except (LookupError, UnicodeDecodeError):
            pass  # the bytes decide
    return decode(content)[0]


def _words(value: str) -> str:
    try:
        return str(make_header(decode_header(value))).strip()
    except (LookupError, ValueError, MessageError):
        return value.strip()
