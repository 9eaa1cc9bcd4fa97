"""What of a document a saved page does not hold: its other pages, and what a script would have fetched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingest.readers.base import Line
from ingest.readers.fidelity import Losses, Why

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_NEXT = re.compile(
    r"[\s\[【<>＞›»]*(?:下一?[页頁]|后一页|(?:点击|查看|阅读|余下|展开|显示){1,2}(?:剩余)?全文)[\s\]】<>＞›».…]*"
)
_NOWHERE = re.compile(r"\s*(?:#|javascript:\s*(?:;|void)|$)", re.IGNORECASE)
_WAITING = re.compile(
    r"加载中|正在加[载載]|载入中|数据加载|(?:启用|開啟|开启)\s*JavaScript|\bloading\b|enable JavaScript", re.IGNORECASE
)
_LITTLE_TEXT = 60  # characters: a title and a line that asks to wait
_SENTENCES = 5  # stops in a script that make it likely to hold the text
_STOP = re.compile(r"[\u4e00-\u9fff][，。；]|\\u(?:ff0c|3002|ff1b)", re.IGNORECASE)
_MOST = 500_000  # characters of scripts that are looked at


def note_missing_parts(tree: LexborHTMLParser, lines: Sequence[Line], losses: Losses) -> None:
    """Tell what is elsewhere, as far as the page shows it."""
    if any(_NEXT.fullmatch(a.text(strip=True)) and _leads(a.attributes.get("href")) for a in tree.css("a[href]")):
        losses.add("其余各页", Why.PAGED)
    if sum(len(line.text) for line in lines) <= _LITTLE_TEXT and is_scripted(tree, lines):
        losses.add("网页正文", Why.SCRIPTED)


def is_scripted(tree: LexborHTMLParser, lines: Sequence[Line] = ()) -> bool:
    """Whether a script makes the text of a page that has next to none; of one without any, each script may."""
    scripts = tree.css("script")
    if any(_WAITING.search(line.text) for line in lines) or (scripts and not lines):
        return True
    held = "".join(script.text() for script in scripts)[:_MOST]
    return sum(1 for _ in _STOP.finditer(held)) >= _SENTENCES


def _leads(target: str | None) -> bool:
    return _NOWHERE.match(target or "") is None
