"""Ruled tables of a PDF by pdfplumber, page by page; opened only when a page has rules."""

from __future__ import annotations

import io
import logging
from typing import Any, Self

from ingest.readers.printed import Box

log = logging.getLogger(__name__)


class TableFinder:
    """Cells of the ruled tables of a file's pages. Without tables, the text is still there: failures are none."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._pdf: Any = None
        self._failed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pdf is not None:
            self._pdf.close()

    def cells(self, number: int) -> list[list[Box]]:
        """The cells of each table on a page (from 0), as the page is shown; [] where they cannot be followed."""
        if self._failed:
            return []
        try:
            page = self._opened().pages[number]
            tables = page.find_tables({"vertical_strategy": "lines", "horizontal_strategy": "lines"})
            found = [list(table.cells) for table in tables]
            page.close()
        except Exception:  # pdfminer fails on broken files with any of a dozen kinds of error
            log.debug("no tables", exc_info=True)
            self._failed = self._pdf is None
            return []
        return found

    def _opened(self) -> Any:
        if self._pdf is None:
            import pdfplumber

            logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it comments on every oddity of a font
            self._pdf = pdfplumber.open(io.BytesIO(self._data))
        return self._pdf
