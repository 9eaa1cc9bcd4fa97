"""Pictures of pages: png, jpg, tiff (of many pages), bmp."""

from __future__ import annotations

from ingest.readers.base import RawDocument
from ingest.readers.fidelity import Losses, Why
from ingest.readers.limits import LIMITS, Limits, RefusedFileError
from ingest.readers.pages import pages_to_raw


def read_image(data: bytes, limits: Limits = LIMITS) -> RawDocument:
    """The text that is recognised in a picture. Raises `RefusedFileError`; it names the extra where that is absent."""
    from ingest.readers import ocr

    ocr.require("这是图片")
    pages = [ocr.picture_to_lines(picture) for picture in ocr.bytes_to_pictures(data, limits)]
    if not any(pages):
        raise RefusedFileError("图片中没有认出文字；请确认图片清晰、方向正确，必要时重新扫描（200 dpi 以上）")
    losses = Losses()
    losses.add_pages(range(1, len(pages) + 1), Why.RECOGNISED)
    return pages_to_raw(pages, losses)
