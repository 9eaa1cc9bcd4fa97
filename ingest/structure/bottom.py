"""What stands after the body: 附件说明, 署名, 成文日期, 附件 (GB/T 9704-2012 §7.3.4–7.3.7) and 版记 (§7.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from ingest.extract.dates import find_dates
from ingest.layout import CleanText, Paragraph
from ingest.readers.base import LineKind
from ingest.structure.headings import LABELS
from ingest.structure.kinds import ends_like_title
from ingest.structure.model import Element, element

_DATE_LINE = re.compile(
    r"^(?P<names>.*?)\s*(?P<date>(?:\d{4}|[一二三四五六七八九〇○零Ｏ]{4})\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月\s*"
    r"[\d一二三四五六七八九十]{1,3}\s*日)(?P<printed>\s*印发)?[。\s]*$"
)
_ANNEX = re.compile(r"^附\s*件\s*[\d一二三四五六七八九十]{0,2}\s*[：:]?$")
_ATTACHMENTS = re.compile(r"^附\s*件?\s*[：:]\s*(?=\S)")
_COPY_TO = re.compile(r"^抄\s*送\s*[：:]")
_NAME_LINE = re.compile(r"^[^，。；：！？、,;:\t]{2,60}$")
_NAMES_NOT = re.compile(r"\d年|\d日|[至—]$")
_FRONT = re.compile(r"^[（(].{1,80}[)）]$")
_BLANK = re.compile(
    r"[：:]\s*$|[（(](?:个|次|条|篇|份|张|人次|家次|家|名|处|人|分钟|元|万元|场|件|项|台|套)[）)](?:\t|$)|[：:]\s|^\t*$|年\s+月\s+日"
)
_LONGEST_TITLE = 80
_FORM_LINES = 4
_FORM_SHARE = 0.3  # of lines to be filled in; a real plan in an annex has none, the forms seen have over half


@dataclass(slots=True)
class Bottom:
    """What was found; `body_end` is where the main text ends."""

    body_end: int
    signature: tuple[Element, ...] = ()
    date: Element | None = None
    printed_by: Element | None = None
    printed_date: Element | None = None
    attachments: Element | None = None
    copy_to: Element | None = None
    attached_title: Element | None = None
    annexes: tuple[tuple[int, int], ...] = ()


def read_bottom(clean: CleanText, paragraphs: list[Paragraph], after: int) -> Bottom:
    """Everything from paragraph `after` on that is not the body. The first signature is the document's own."""
    found = Bottom(paragraphs[-1].end if paragraphs else 0)
    starts: list[int] = []
    end = found.body_end
    for i in range(after, len(paragraphs)):
        p = paragraphs[i]
        text = clean.of(p)
        if p.kind is LineKind.ROW:
            continue
        if _ANNEX.match(text):
            starts.append(p.start)
        elif _COPY_TO.match(text):
            found.copy_to = element(clean, p)
            end = min(end, p.start)
        elif found.attachments is None and _ATTACHMENTS.match(text):
            found.attachments = element(clean, p)
        elif line := _DATE_LINE.match(text):
            printed_at = _date_line(clean, paragraphs, i, line, found, in_annex=bool(starts))
            end = end if printed_at is None else min(end, printed_at)
    found.body_end = min([end, *starts])
    bounds = [s for s in [*starts, end] if s <= end]
    found.annexes = tuple(pairwise(bounds))
    return found


def _date_line(
    clean: CleanText, paragraphs: list[Paragraph], i: int, line: re.Match[str], found: Bottom, *, in_annex: bool
) -> int | None:
    """Take a line that ends in a date; for a printing line, returns where the text above it ends."""
    p = paragraphs[i]
    names = line["names"].strip()
    if names and (not _NAME_LINE.match(names) or _NAMES_NOT.search(names)):
        return None
    at = Element(line["date"], p.start + line.start("date"), p.start + line.end("date"))
    own = [Element(names, p.start, p.start + len(names))] if names else lines_before(clean, paragraphs, i)
    if line["printed"]:
        found.printed_date = at
        found.printed_by = own[-1] if own else None
        return own[-1].start if own else p.start
    if found.date is None and not in_annex and find_dates(line["date"], year=None):
        found.date, found.signature = at, tuple(own)
        found.attached_title = _attached_title(clean, paragraphs, i + 1)
    return None


def lines_before(clean: CleanText, paragraphs: list[Paragraph], i: int) -> list[Element]:
    """The run of short lines without punctuation right above paragraph `i`."""
    out: list[Element] = []
    for p in reversed(paragraphs[max(0, i - 40) : i]):
        text = clean.of(p)
        if p.kind is not LineKind.TEXT or not _NAME_LINE.match(text) or any(x.match(text) for x, _ in LABELS):
            break
        if _DATE_LINE.match(text) or text.endswith(("通知", "此复", "特此函复")):
            break
        out.insert(0, element(clean, p))
    return out


def _attached_title(clean: CleanText, paragraphs: list[Paragraph], i: int) -> Element | None:
    """The title of a plan printed after the notice that issues it, if the next line is one."""
    for p in paragraphs[i : i + 3]:
        text = clean.of(p)
        if _FRONT.match(text):
            continue
        if p.kind is LineKind.TEXT and len(text) <= _LONGEST_TITLE and "。" not in text and ends_like_title(text):
            return element(clean, p)
        break
    return None


def is_blank_form(clean: CleanText, start: int, end: int) -> bool:
    """Whether an annex is a form to be filled in: many of its lines are labels with nothing behind them."""
    lines = [clean.of(p) for p in clean.paragraphs if start <= p.start < end]
    if len(lines) < _FORM_LINES or any(any(x.match(line) for x, _ in LABELS) for line in lines):
        return False
    return sum(bool(_BLANK.search(line)) for line in lines) >= len(lines) * _FORM_SHARE
