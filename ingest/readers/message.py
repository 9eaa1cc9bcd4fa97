"""Messages of several parts (RFC 5322, MIME): mail (.eml), and web pages saved as one file (.mht; RFC 2557).

Both look alike until they are parsed: most mail programs send the same kinds of parts as browsers save. Of mail the
subject and the text are read, and attachments are named, not opened; of a page its first HTML part. Word and WPS
write pages in this form too, often under the name .doc.
"""

from __future__ import annotations

from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser

from ingest.readers.base import LineKind, RawDocument
from ingest.readers.fidelity import Losses, Why
from ingest.readers.html import html_to_raw, read_html
from ingest.readers.limits import LIMITS, DamagedFileError, LimitError, Limits
from ingest.readers.pieces import Piece, pieces_to_raw
from ingest.readers.sniff import Format
from ingest.readers.text import decode, lines_of, undecoded
from ontology.forms import Forms

_MOST_NESTED = 100  # each line is compared with all open boundaries
_MAIL = "邮件"
_PLAIN, _PAGES = "text/plain", ("text/html", "application/xhtml+xml")
# what only a message that was sent, or is to be sent, has
_OF_MAIL = ("To", "Cc", "Bcc", "Received", "Message-ID", "Delivered-To", "X-Unsent")
_OF_PAGE, _SAVED = "Snapshot-Content-Location", "<Saved by "  # From: <Saved by Blink>, <Saved by UnMHT>


def read_message(
    data: bytes, limits: Limits = LIMITS, *, forms: Forms | None = None, mail: bool = False
) -> RawDocument:
    """A message, whichever it is; `mail` is what it is taken for where its head does not tell.

    Raises `RefusedFileError` with a reason.
    """
    message = _parsed(data, limits)
    told = _is_mail(message)
    return _mail_to_raw(message, limits, forms) if (mail if told is None else told) else _page_to_raw(message, forms)


def _parsed(data: bytes, limits: Limits) -> Message:
    if (parts := data.lower().count(b"multipart/")) > _MOST_NESTED:
        raise LimitError("邮件或网页中嵌套的部件数", parts, _MOST_NESTED)
    # compat32 keeps broken headers as they are: nothing here needs them parsed
    message = BytesParser(policy=policy.compat32).parsebytes(data.lstrip(b"\xef\xbb\xbf\r\n\t "))
    for number, _ in enumerate(message.walk(), start=1):
        if number > limits.entries:
            raise LimitError("邮件或网页中的部件数", number, limits.entries)
    return message


def _is_mail(message: Message) -> bool | None:
    """Whether the head is that of a mail or (False) of a saved page; None where it tells neither."""
    sender = str(message.get("From") or "")
    if message.get(_OF_PAGE) or _SAVED in sender:
        return False
    return True if "@" in sender or any(message.get(name) for name in _OF_MAIL) else None


def _page_to_raw(message: Message, forms: Forms | None) -> RawDocument:
    """The page, in the encoding that its part names; where it names none that fits, by its bytes."""
    for part in message.walk():
        if part.get_content_type() in _PAGES:
            text, charset = _declared(part)
            return html_to_raw(text, charset, forms) if charset else read_html(_content(part), forms)
    raise DamagedFileError(Format.MESSAGE, "其中没有网页")


def _mail_to_raw(message: Message, limits: Limits, forms: Forms | None) -> RawDocument:
    losses = Losses()
    found: dict[str, Message] = {}
    for part in message.walk():
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        if part.get_content_disposition() == "attachment" or kind not in (_PLAIN, *_PAGES):
            if part.get("Content-ID"):
                losses.add("图片", Why.PICTURE)
            else:
                losses.add(f"附件 {_words(part.get_filename() or '')}".strip(), Why.ATTACHMENT)
        else:
            found.setdefault(kind, part)
    if not found:
        raise DamagedFileError(_MAIL, "其中没有文字")
    # the page keeps tables; the plain text beside it is made from it
    page = next((found[kind] for kind in _PAGES if kind in found), None)
    body = list(_lines(page if page is not None else found[_PLAIN], losses, forms))
    head = [Piece(subject)] if (subject := _words(message.get("Subject") or "")) else []
    return pieces_to_raw([*head, *body], wrapped=page is None, limits=limits, losses=losses)


def _lines(part: Message, losses: Losses, forms: Forms | None) -> Iterator[Piece]:
    text, charset = _declared(part)
    if not charset:
        text, charset = decode(_content(part))
    if part.get_content_type() in _PAGES:
        raw = html_to_raw(text, charset, forms, alone=True)
        losses.include(raw.fidelity)
        yield from (Piece(line.text, line.kind, line.level) for line in raw.lines)
    else:
        undecoded(text, losses)
        yield from (Piece(line, LineKind.TEXT) for line, _ in lines_of(text))


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        raise DamagedFileError(_MAIL, "正文无法解码")
    return content


def _declared(part: Message) -> tuple[str, str]:
    """The words in the encoding that a part names, and its name; both empty where it names none that fits."""
    charset = (part.get_content_charset() or "").lower()
    if charset in ("gb2312", "gbk"):
        charset = "gb18030"  # their superset, as browsers take them
    if charset and charset != "us-ascii":
        try:
            return _content(part).decode(charset), charset
        except (LookupError, UnicodeDecodeError):
            pass  # the bytes decide
    return "", ""


def _words(value: str) -> str:
    try:
        return str(make_header(decode_header(value))).strip()
    except (LookupError, ValueError, MessageError):
        return value.strip()
