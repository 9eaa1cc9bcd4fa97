"""Reading what a client sends, within limits of size and time."""

from __future__ import annotations

import asyncio

from starlette.requests import Request

from kg.core.errors import UsageError

MAX_BODY = 1 << 20  # bytes; a query of a million characters is a mistake
SECONDS = 30  # for a client to send it


async def read_body(request: Request) -> bytes:
    """The whole body. Raises `UsageError` with status 413 (too large) or 408 (too slow)."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > MAX_BODY:
        raise _too_large()
    pieces, size = [], 0
    try:
        async with asyncio.timeout(SECONDS):
            async for piece in request.stream():
                size += len(piece)
                if size > MAX_BODY:
                    raise _too_large()
                pieces.append(piece)
    except TimeoutError:
        raise UsageError(f"请求体在 {SECONDS} 秒内没有收完，请重试", status=408) from None
    return b"".join(pieces)


def media_type(request: Request) -> str:
    """The content type without its parameters. Raises `UsageError` (415) for a character set other than UTF-8."""
    media, *parameters = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    charset = next((p.removeprefix("charset=").strip('"') for p in parameters if p.startswith("charset=")), "utf-8")
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise UsageError(f"请求的字符编码是 {charset}，请改用 UTF-8", status=415)
    return media


def as_text(body: bytes) -> str:
    """The body as text. Raises `UsageError`."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError("请求不是 UTF-8 编码，请转为 UTF-8 后重试") from error


def _too_large() -> UsageError:
    return UsageError(f"请求过长，上限 {MAX_BODY} 字节", status=413)
