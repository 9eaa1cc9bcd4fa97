"""A document's own file, to be opened beside its text: the bytes that were read, and the page of a quote in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from kg.build import originals
from kg.catalogue import Catalogue
from kg.core.config import Settings
from kg.core.errors import UsageError

Json = dict[str, Any]

# What a browser shows without running anything in it, beside plain text; any other file, a web page above all, is for
# saving.
SHOWN = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".bmp": "image/bmp",
}
_PAGED = ".pdf"
_PICTURES = frozenset(SHOWN) - {_PAGED}
_OFFICE = "application/vnd.openxmlformats-officedocument"
SAVED = {
    ".doc": "application/msword",
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    ".pptx": f"{_OFFICE}.presentationml.presentation",
    ".html": "text/html",
    ".htm": "text/html",
}
PLAIN = "text/plain"
OTHER = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Original:
    """A file: what it is called, its bytes, where it stands, and the page of the place asked for.

    `path` is None for a file inside an archive; `page` where none was asked for, or the format has no pages.
    """

    document_id: str
    source: str
    name: str
    data: bytes = field(repr=False)
    path: Path | None
    page: int | None

    @property
    def media(self) -> str:
        """Its media type, by the name."""
        suffix = PurePosixPath(self.name).suffix.lower()
        return (SHOWN | SAVED).get(suffix) or (PLAIN if _is_plain(suffix) else OTHER)

    @property
    def shown(self) -> bool:
        """Whether a browser may show it in place; the others are saved."""
        suffix = PurePosixPath(self.name).suffix.lower()
        return suffix in SHOWN or (suffix not in SAVED and _is_plain(suffix))

    def picture(self) -> bytes | None:
        """What a person sees of it: the page as a picture (of a PDF), the file itself (a picture); None for others."""
        suffix = PurePosixPath(self.name).suffix.lower()
        if suffix in _PICTURES:
            return self.data
        if suffix != _PAGED:
            return None
        from ingest.readers.pdf_page import page_picture

        return page_picture(self.data, self.page or 1)

    def as_dict(self) -> Json:
        """JSON-able, without the bytes."""
        return {
            "document_id": self.document_id,
            "source": self.source,
            "name": self.name,
            "path": str(self.path) if self.path else None,
            "page": self.page,
            "bytes": len(self.data),
            "media": self.media,
        }


def _is_plain(suffix: str) -> bool:
    from ingest.readers import TEXT

    return suffix in TEXT


def original(
    settings: Settings, catalogue: Catalogue, document_id: str, *, position: int | None = None, quote: str = ""
) -> Original:
    """The file of a document. Raises `kg.build.originals.NoOriginal` where it is gone, or is another one by now."""
    summary = catalogue.summary(document_id)
    source, data = originals.original(settings, summary)
    page = None
    if quote or position is not None:
        document = catalogue.document(document_id)
        at = document.text.find(quote) if quote else position
        if at is None or not 0 <= at <= len(document.text):
            raise UsageError(f"“{document.called}”的正文中没有这个位置或这句话，请照正文逐字给出")
        page = document.page_of(at)
    name = PurePosixPath(source.shown.replace("\\", "/")).name  # of the file, which may hold several documents
    return Original(document_id, summary.source, name, data, None if source.chain else source.path, page)
