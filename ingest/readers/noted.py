"""What readers note in `RawDocument.metadata` for the notices, as losses too: pages without text, damaged bytes."""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.readers.base import RawDocument
from ingest.readers.fidelity import Losses, Why
from ingest.readers.text import UNDECODED
from kg.core.model import Loss

SILENT_PAGES, RECOGNISED_PAGES = "无文字的页", "识别的页"
_PAGES = {SILENT_PAGES: Why.NO_TEXT, RECOGNISED_PAGES: Why.RECOGNISED}
_RANGE = re.compile(r"(\d+)(?:–(\d+))?")


def with_noted(raw: RawDocument) -> RawDocument:
    """The document with all that is known of it in `fidelity`."""
    losses = Losses()
    for key, why in _PAGES.items():
        if pages := raw.metadata.get(key):
            losses.add(f"第 {pages} 页", why, _count(pages))
    if count := raw.metadata.get(UNDECODED):
        losses.add("字节", Why.UNDECODED, int(count))
    found: tuple[Loss, ...] = losses.losses()
    return replace(raw, fidelity=(*raw.fidelity, *found)) if found else raw


def _count(pages: str) -> int:
    """1、3–5 are four pages."""
    return sum(int(last or first) - int(first) + 1 for first, last in _RANGE.findall(pages))
