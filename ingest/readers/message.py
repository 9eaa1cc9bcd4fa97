"""Messages of several parts (RFC 5322, MIME): mail (.eml), and web pages saved as one file (.mht; RFC 2557).

Both look alike until they are parsed: most mail programs send the same kinds of parts as browsers save. Of mail the
subject and the text are read, and attachments are named, not opened; of a page its first HTML part. Word and WPS
write pages in this form too, often under the name .doc.
"""

from __future__ import annotations

from collections.abc import Iterator
from email import policy
from email.message import Message
from email.parser import BytesParser

from ingest.readers.base import LineKind, RawDocument
from ingest.readers.fidelity import Losses, Why
from ingest.readers.html import decode_page, html_to_raw
from ingest.readers.limits import LIMITS, DamagedFileError, LimitError, Limits, RefusedFileError
from ingest.readers.message_parts import field_to_text, frames_to_parts, header_to_text
from ingest.readers.pieces import Piece, pieces_to_raw
from ingest.readers.sniff import Format
from ingest.readers.text import decode, lines_of, undecoded
from ontology.forms import Forms

_MOST_NESTED = 100  # each line is compared with all open boundaries
_MAIL = "邮件"
_PLAIN, _PAGES = "text/plain", ("text/html", "application/xhtml+xml")
# one part holds all the others, locked or signed (RFC 8551, 3156; TNEF)
_SEALED = frozenset(
    f"application/{kind}" for kind in ("pkcs7-mime", "x-pkcs7-mime", "pgp-encrypted", "ms-tnef", "vnd.ms-tnef")
)
_OPEN_FIRST = (
    "邮件的正文在加密、签名或 winmail.dat 封装中，请在收信的邮件软件中打开，"
    "把正文复制到 Word 中保存后入库，附件另存后入库"
)
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
    """The page; where it only frames others that are parts of the message, those."""
    parts = [part for part in message.walk() if part.get_content_type() in _PAGES]
    if not parts:
        raise DamagedFileError(Format.MESSAGE, "其中没有网页")
    framed = frames_to_parts(parts[0], parts[1:], lambda part: _page_text(part)[0]) if len(parts) > 1 else []
    if not framed:
        return _page(parts[0], forms)
    pages = []
    for part in framed:
        try:
            pages.append(_page(part, forms))
        except ValueError:  # a strip of tabs, a part without a body
            continue
    pages = [page for page in pages if page.lines]
    if not pages:
        raise DamagedFileError(Format.MESSAGE, "框架中的网页没有文字")
    losses = Losses()
    for page in pages:
        losses.include(page.fidelity)
    lines = (Piece(line.text, line.kind, line.level) for page in pages for line in page.lines)
    metadata = {key: value for page in reversed(pages) for key, value in page.metadata.items()}
    return pieces_to_raw(lines, wrapped=False, encoding=pages[0].encoding, metadata=metadata, losses=losses)


def _page(part: Message, forms: Forms | None) -> RawDocument:
    return html_to_raw(*_page_text(part), forms)


def _page_text(part: Message) -> tuple[str, str]:
    """A page in the encoding that its part names; where it names none that fits, by its bytes."""
    text, charset = _declared(part)
    return (text, charset) if charset else decode_page(_content(part))


def _mail_to_raw(message: Message, limits: Limits, forms: Forms | None) -> RawDocument:
    losses = Losses()
    parts = list(_texts(message, losses))
    if not parts:
        if any(part.get_content_type() in _SEALED for part in message.walk()):
            raise RefusedFileError(_OPEN_FIRST)
        raise DamagedFileError(_MAIL, "其中没有文字")
    paged = any(part.get_content_type() in _PAGES for part in parts)
    read = [(part, list(_lines(part, losses, forms))) for part in parts]
    shown = "".join(_letters(pieces) for part, pieces in read if part.get_content_type() in _PAGES)
    # a text that a page beside it says to the letter is the same one
    body = [
        p for part, pieces in read if part.get_content_type() != _PLAIN or _letters(pieces) not in shown for p in pieces
    ]
    head = [Piece(subject)] if (subject := field_to_text(message, "subject")) else []
    return pieces_to_raw([*head, *body], wrapped=not paged, limits=limits, losses=losses)


def _letters(pieces: list[Piece]) -> str:
    return "".join("".join(piece.text.split()) for piece in pieces)


def _texts(part: Message, losses: Losses) -> Iterator[Message]:
    """The parts whose words a mail program shows, in order; the others are counted.

    Of alternatives the page is taken, which keeps tables: the plain text beside it is made from it. What comes one
    after the other (text, an attachment, more text) is all of it read.
    """
    kind = part.get_content_type()
    if kind == "message/rfc822":
        inner = part.get_payload(0) if part.is_multipart() else None
        subject = field_to_text(inner, "subject") if isinstance(inner, Message) else ""
        losses.add(f"转发的邮件 {subject}".strip(), Why.ATTACHMENT)
    elif part.is_multipart():
        inside = [p for p in part.get_payload() if isinstance(p, Message)]
        if kind in ("multipart/alternative", "multipart/related"):  # some programs name the one for the other
            best = next((p for p in inside if _holds(p, _PAGES)), None) or next(
                (p for p in inside if _holds(p, (_PLAIN,))), None
            )
            inside = [p for p in inside if p is best or not _holds(p, (_PLAIN, *_PAGES, "text/calendar"))]
        for p in inside:
            yield from _texts(p, losses)
    elif part.get_content_disposition() == "attachment" or kind not in (_PLAIN, *_PAGES):
        if part.get("Content-ID"):
            losses.add("图片", Why.PICTURE)
        else:
            losses.add(f"附件 {header_to_text(part.get_filename())}".strip(), Why.ATTACHMENT)
    else:
        yield part


def _holds(part: Message, kinds: tuple[str, ...]) -> bool:
    """Whether there is a text of one of some kinds in a part, outside what it forwards."""
    if part.is_multipart() and part.get_content_type() != "message/rfc822":
        return any(isinstance(p, Message) and _holds(p, kinds) for p in part.get_payload())
    return part.get_content_type() in kinds and part.get_content_disposition() != "attachment"


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
            text = _content(part).decode(charset)
            return text.encode("utf-8", "replace").decode("utf-8"), charset  # half characters of odd encodings
        except (LookupError, UnicodeDecodeError):
            pass  # the bytes decide
    return "", ""
