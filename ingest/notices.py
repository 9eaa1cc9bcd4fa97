"""What a careful reader would flag. Reported with the words; nothing is mended."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.layout import CleanText
from ingest.resolve.parties import NO_SEPARATOR, SHARED_TAIL
from ingest.structure.elements import Elements
from kg.core.model import Document, Evidence, Notice, Party

# Wrong words that offices write often, each with what is meant.
_TYPOS = {
    "案列": "案例",
    "既使": "即使",
    "布署": "部署",
    "帐号": "账号",
    "按装": "安装",
    "截止目前": "截至目前",
}
# 专项专项检查, 与与…: a word written twice; numerals, 目的的 and 的的确确 are left alone
_DOUBLED = re.compile(r"(?P<word>与|(?<!目)的(?!的?确)|(?![一二三四五六七八九十百千零〇])[\u4e00-\u9fff]{2})(?P=word)")
_LEGAL = frozenset(["法", "条例", "规定", "办法", "细则", "规则", "解释", "修正案", "宪法"])
_NUMERALS = "一二三四五六七八九十"


def document_to_notices(document: Document, clean: CleanText, elements: Elements) -> Iterator[Notice]:
    """All notices on one document."""
    if not document.title:
        yield Notice("missing-title", "没有认出标题")
    if document.kind not in _LEGAL:
        if document.doc_number is None:
            yield Notice("missing-number", "文中没有发文字号")
        if document.date is None:
            yield Notice("missing-date", "文中没有成文日期")
        if not document.issuers:
            yield Notice("missing-issuer", "文中没有认出发文机关")
    if document.date and document.printed_date and document.printed_date < document.date:
        yield Notice(
            "contradictory-dates",
            f"印发日期 {document.printed_date} 早于成文日期 {document.date}",
            document.header_evidence.get("printed_date"),
        )
    yield from _typos(document.text)
    yield from _units(document)
    yield from _numbering_gaps(document)
    yield from _traditional(document.text)
    for start, end in elements.forms:
        words = "\n".join(clean.text[start:end].split("\n", 2)[:2])
        yield Notice("blank-form", "附件是待填的空白表格，不计为活动", Evidence(words, start, start + len(words)))


def _units(document: Document) -> Iterator[Notice]:
    """区经委各街镇 (a separator is missing), 静安市场监管局 (区 is missing): read as meant, and told."""
    for activity in document.activities:
        shared = any(p.rule.endswith(SHARED_TAIL) for p in activity.responsible)
        before = None
        for party in activity.responsible:
            if party.rule.endswith(NO_SEPARATOR) and before is not None and party.start >= 0:
                words = document.text[before.start : party.end]
                message = f"“{before.as_written}”与“{party.as_written}”之间疑缺顿号"
                yield Notice("missing-separator", message, Evidence(words, before.start, party.end))
            if party.rule == "place" and not shared and (word := _missing_word(party)):
                written = Evidence(party.as_written, party.start, party.end)
                yield Notice("missing-word", f"“{party.as_written}”疑缺“{word}”字（{party.name}）", written)
            before = party


def _missing_word(party: Party) -> str | None:
    """区 of 静安区 when only 静安 was written before the department's name."""
    found = re.match(r"(?P<bare>[\u4e00-\u9fff]{2,4}?)(?P<word>[区县])", party.name)
    written = party.as_written
    if found and written.startswith(found["bare"]) and not written.startswith(found[0]) and "新区" not in party.name:
        return found["word"]
    return None


def _typos(text: str) -> Iterator[Notice]:
    pairs = [(found, meant) for wrong, meant in _TYPOS.items() for found in re.finditer(re.escape(wrong), text)]
    pairs += [(found, found["word"]) for found in _DOUBLED.finditer(text)]
    for found, meant in pairs:
        start, end = max(0, found.start() - 6), min(len(text), found.end() + 4)
        yield Notice("possible-typo", f"“{found[0]}”可能是“{meant}”之误", Evidence(text[start:end], start, end))


def _numbering_gaps(document: Document) -> Iterator[Notice]:
    """1. 2. 4.: among siblings whose labels are Arabic, or Chinese up to ten."""
    last: dict[tuple[int | None, int], int] = {}
    for section in document.sections:
        number = _ordinal(section.label)
        if number is None or section.level > 3 or section.label.startswith("第"):
            continue
        key = (section.parent if section.level < 3 else None, section.level)
        before = last.get(key)
        if before is not None and number > before + 1:
            yield Notice(
                "numbering-gap",
                f"序号从 {before} 跳到 {number}",
                Evidence(
                    document.text[section.start : section.body_start].rstrip(),
                    section.start,
                    section.start + len(document.text[section.start : section.body_start].rstrip()),
                ),
            )
        last[key] = number


def _ordinal(label: str) -> int | None:
    digits = re.sub(r"\D", "", label)
    if digits:
        return int(digits)
    chars = [c for c in label if c in _NUMERALS]
    if len(chars) == 1:
        return _NUMERALS.index(chars[0]) + 1
    if len(chars) == 2 and chars[0] == "十":
        return 11 + _NUMERALS.index(chars[1])
    return None


# Characters of the traditional script that have one simplified form and no use of their own in simplified text.
_TRADITIONAL = re.compile(r"[學國會實質體開關區東書語時間業務處審議員單門問長鄉務協灣縣廳廠樓學]")


def _traditional(text: str) -> Iterator[Notice]:
    found = list(_TRADITIONAL.finditer(text))
    # a text that is all traditional is no slip of the pen
    for one in found if len(found) <= 5 else ():
        start, end = max(0, one.start() - 4), min(len(text), one.end() + 4)
        yield Notice("traditional-character", f"夹有繁体字“{one[0]}”", Evidence(text[start:end], start, end))
