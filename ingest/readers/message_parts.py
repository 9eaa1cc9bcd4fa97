"""Words in the head of a message, and which of its parts are the pages that its first page frames."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Sequence
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from urllib.parse import unquote

from ingest.readers.text import decode

_LITTLE = 200  # characters: a page that says less than the one it frames is a frame
_LINKED = 0.5  # share of a page's words inside links above which it only leads elsewhere


def field_to_text(message: Message, name: str) -> str:
    """The words of a field as they stand in the message: what the parser makes of bytes without an encoding is lost."""
    return header_to_text(next((value for key, value in message.raw_items() if key.lower() == name), ""))


def header_to_text(value: str | None) -> str:
    """The words of a field: in the encoding that they name, and where they name none or a wrong one, by their bytes."""
    words = str(value or "")
    try:
        found = decode_header(words)
    except (ValueError, MessageError):
        return words.strip()
    return "".join(_chunk(part, charset) for part, charset in found).strip()


def _chunk(part: str | bytes, charset: str | None) -> str:
    raw = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
    name = (charset or "").lower()
    for codec in ("gb18030" if name in ("gb2312", "gbk") else name, "utf-8"):
        try:
            return raw.decode(codec)
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    try:
        return decode(raw)[0]
    except ValueError:
        return raw.decode("utf-8", "replace")


def frames_to_parts(first: Message, others: Sequence[Message], text_of: Callable[[Message], str]) -> list[Message]:
    """The parts that the first page frames, in their order; none where it is a text itself.

    Excel saves a page of frames with a page for each sheet; browsers keep what stood in an <iframe> as a part.
    """
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(text_of(first))
    frames = tree.css("frame, iframe, link[id=shLink]")
    if not frames:
        return []
    body = tree.body
    words = len(body.text(strip=True)) if body is not None and body.tag == "body" else 0
    by_name: dict[str, Message] = {}
    for other in others:
        for name in (other.get("Content-ID"), other.get("Content-Location")):
            if name:
                by_name.setdefault(_name(str(name)), other)
    found: list[Message] = []
    for frame in frames:
        part = by_name.get(_name(frame.attributes.get("src") or frame.attributes.get("href") or ""))
        if part is not None and part not in found and not _leads_away(text_of(part)):
            found.append(part)
    if tree.css_first("frameset") is not None:  # the sheets that its script loads
        found += [part for part in others if part not in found and not _leads_away(text_of(part))]
    longest = max((len(LexborHTMLParser(text_of(part)).html or "") for part in found), default=0)
    return found if words < min(_LITTLE, longest) else []


def _leads_away(page: str) -> bool:
    from selectolax.lexbor import LexborHTMLParser

    body = LexborHTMLParser(page).body
    if body is None:
        return True
    linked = sum(len(link.text(strip=True)) for link in body.css("a[href]"))
    return linked > _LINKED * len(body.text(strip=True)) or not body.text(strip=True)


def _name(address: str) -> str:
    """What tells the parts of a message apart: the id of a part, or the last word of an address."""
    address = unquote(address.strip().strip("<>").removeprefix("cid:").strip("<>"))
    return address if "@" in address else posixpath.basename(address.replace("\\", "/")).lower()
