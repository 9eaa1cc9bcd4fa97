"""Text that others wrote, made safe for Markdown and HTML; all functions are pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from kg.core.parts import shown

# Everything that Streamlit's Markdown gives a meaning: emphasis, links, images, HTML, TeX, :material/…: and :red[…].
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&=^])")
_BLANKS = re.compile(r"\s+")


def plain(text: object) -> str:
    """Text for a Markdown label (buttons, tabs, links), on one line: every sign stands for itself."""
    return _MARKDOWN.sub(r"\\\1", _BLANKS.sub(" ", str(text)).strip())


def escaped(text: object) -> str:
    """Text for HTML."""
    return html.escape(str(text), quote=True)


def marked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """HTML of a text with `<mark>` around the spans (half-open positions); overlapping ones are joined."""
    parts, at = [], 0
    for start, end in _joined(spans, len(text)):
        parts += [escaped(text[at:start]), "<mark>", escaped(text[start:end]), "</mark>"]
        at = end
    return "".join([*parts, escaped(text[at:])])


def _joined(spans: Iterable[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    result: list[tuple[int, int]] = []
    for start, end in sorted((max(s, 0), min(e, length)) for s, e in spans):
        if start >= end:
            continue
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def shortened(text: str, length: int) -> str:
    """At most `length` characters, the last one … where something is left out."""
    return text if len(text) <= length else text[: length - 1] + "…"


def file_name(path: str) -> str:
    """The last part of a path, of either kind of slash; of one of several documents in a file, which one."""
    return shown(path)
