"""A page of a PDF as a picture, drawn in a process of its own, without our settings and with bounds of its own."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from threading import BoundedSemaphore

WIDTH, TALLEST = 1100, 3300  # pixels: small print is readable, and a roll of plans does not fill the memory
_SECONDS = 10.0
_MEMORY = 1 << 30  # bytes of address space
_LARGEST = 1 << 26  # bytes that it may write
_AT_ONCE = BoundedSemaphore(2)  # each may take that memory


def page_picture(data: bytes, page: int, *, seconds: float = _SECONDS) -> bytes | None:
    """Page `page` (from 1) as PNG; None where there is no such page, it cannot be drawn, or not within the time."""
    with suppress(subprocess.TimeoutExpired, OSError), _AT_ONCE:
        # isolated: the names of our readers (html, text) would hide modules of Python's own
        command = [sys.executable, "-I", __file__, str(page)]
        done = subprocess.run(command, input=data, capture_output=True, timeout=seconds, check=False, env={}, cwd="/")
        if done.returncode == 0 and done.stdout.startswith(b"\x89PNG"):
            return done.stdout
    return None


def _draw(data: bytes, page: int) -> bytes:
    import io

    import pypdfium2 as pdfium

    with pdfium.PdfDocument(data) as document:
        if not 1 <= page <= len(document):
            raise SystemExit(1)
        drawn = document[page - 1]
        width, height = drawn.get_size()
        scale = min(WIDTH / max(width, 1), TALLEST / max(height, 1))
        picture = drawn.render(scale=scale).to_pil().convert("RGB")
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=False)
    return out.getvalue()


def _limit() -> None:
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (int(_SECONDS) + 1,) * 2)
        resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST, _LARGEST))


if __name__ == "__main__":
    _limit()
    sys.stdout.buffer.write(_draw(sys.stdin.buffer.read(), int(sys.argv[1])))
