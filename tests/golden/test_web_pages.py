"""Pages saved from government sites: the header fields that they state, nothing of their furniture, no sentence lost."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from ingest.pipeline import read_document
from ingest.readers.blocks import body_to_blocks
from ingest.readers.html import read_html
from ingest.readers.page_model import Block
from ingest.readers.text import decode
from kg.core.model import Document
from ontology.reference import load_reference
from tests.conftest import SHARED

PAGES = sorted((SHARED / "corpus" / "real" / "web").glob("*.html"))
GOLD = {
    gold["file"]: gold["document"]
    for file in sorted((SHARED / "eval" / "gold" / "real").glob("*.json"))
    if (gold := json.loads(file.read_text(encoding="utf-8")))["file"].endswith(".html")
}
# numbers and dates of pages without a gold of their own, as the boxes beside their texts state them
BOXED = {
    "08_": ("穗卫函〔2023〕1930号", "2023-10-19"),
    "13_": ("穗建规字〔2024〕5号", None),
    "18_": ("穗人社规字〔2019〕6号", None),
}
FLOOR = 0.95  # of the fields; measured 1.0
MOST = 0.001  # of the characters of sentences and tables

# what every page of a site carries; no text of an office has a line of them
_FURNITURE = re.compile(
    r"版权所有|网站标识码|ICP备|公网安备|^当前位置|您当前所在|浏览次数|浏览量|【打印】|^分享|扫一扫|字体大小|网站地图|返回顶部"
)
# Classes of lines that are no part of a text: menus and files (links), the box and the foot of the page.
_OF_THE_PAGE = re.compile(
    rf"{_FURNITURE.pattern}|^(?:索\s?引\s?号|统一编号|文\s?号|实施日期|失效日期|发布机[构关]|文件状态|公开方式|名称|主题词|来源|标签|"
    r"发[布表](?:日期|时间)|联系我们|主办(?:单位)?|承办|搜索热词|邮编|相关附件|联系方式)\s*[：:]"
)


@cache
def page(path: Path) -> Document:
    return read_document(path.read_bytes(), source=path.name, document_id="d-1", reference=load_reference())


def letters(text: str | None) -> str:
    return re.sub(r"[\s\u3000“”\"《》〈〉（）()：:，,、。]", "", text or "")


def compared(path: Path, gold: dict[str, Any]) -> list[tuple[str, bool, object]]:
    """(field, whether right, what was read) of each that the gold states."""
    document = page(path)
    out: list[tuple[str, bool, object]] = []
    for name in ("title", "doc_number", "date", "recipients"):
        if gold.get(name) is not None:
            accepted = {letters(value) for value in [gold[name], *gold.get(f"{name}_accepted", [])] if value}
            out.append((name, letters(getattr(document, name)) in accepted, getattr(document, name)))
    if gold.get("issuers"):
        names = [party.name for party in document.issuers]
        allowed = {*gold["issuers"], *gold.get("issuers_accepted", [])}
        out.append(("issuers", len(names) == len(gold["issuers"]) and set(names) <= allowed, names))
    return out


def test_the_fields_that_pages_state() -> None:
    assert len(GOLD) >= 11, "../shared/eval/gold/real is missing: the pages are part of the test suite"
    found = {p.name: compared(p, GOLD[p.name]) for p in PAGES if p.name in GOLD}
    fields = [right for fields in found.values() for _, right, _ in fields]
    wrong = [(name, field, read) for name, fields_ in found.items() for field, right, read in fields_ if not right]
    assert len(found) == len(GOLD)
    assert len(fields) > 30
    assert sum(fields) >= FLOOR * len(fields), wrong


@pytest.mark.parametrize("start", BOXED)
def test_numbers_and_dates_of_the_boxes_beside_the_text(start: str) -> None:
    document = page(next(p for p in PAGES if p.name.startswith(start)))
    number, date = BOXED[start]
    assert document.doc_number == number
    assert date in (None, document.date)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem[:20])
def test_nothing_is_read_of_the_furniture(path: Path) -> None:
    document = page(path)
    assert [line for line in document.text.split("\n") if _FURNITURE.search(line)] == []
    text = letters(document.text)
    linked = {letters(b.text.lstrip("· ")) for b in blocks(path) if b.links > 0.5 * len(b.text)}
    only_menu = {words for words in linked if words and words not in text}
    names = {letters(words) for agency in document.agencies for words in (agency.name, *agency.as_written)}
    assert names & only_menu == set()
    assert {letters(f.what) for f in document.figures} & only_menu == set()
    assert {letters(a.title) for a in document.activities} & only_menu == set()


def blocks(path: Path) -> tuple[Block, ...]:
    body = LexborHTMLParser(decode(path.read_bytes())[0]).body
    assert body is not None
    return body_to_blocks(body).blocks


def unread(path: Path) -> list[str]:
    """Lines of the page with a sentence, a label or cells in them that are neither read nor of a class that is none."""
    read = letters("".join(line.text for line in read_html(path.read_bytes()).lines))
    return [
        block.text
        for block in blocks(path)
        if (re.search("[。；：，\t]", block.text) and block.links <= 0.5 * len(block.text))
        and letters(block.text) not in read
        and not _OF_THE_PAGE.search(block.text)
    ]


def test_no_sentence_and_no_table_of_a_page_is_lost() -> None:
    assert len(PAGES) >= 12
    lost = {path.name: left for path in PAGES if (left := unread(path))}
    total = sum(len(block.text) for path in PAGES for block in blocks(path) if re.search("[。；]", block.text))
    assert total > 50_000
    assert sum(len(line) for lines in lost.values() for line in lines) <= MOST * total, lost
