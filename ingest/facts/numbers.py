"""Document numbers (发文字号) and the numbers of orders and announcements (国务院令第707号).

GB/T 9704-2012 §7.2.5: 发文机关代字、年份、发文顺序号, the year in 〔〕; texts have any bracket, even „2024‟. The
grammar stands in `ontology/forms/numbers.toml`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from ingest.facts.issuing import IssuerNames
from kg.core.numerals import parse_number
from ontology.forms import Forms, load

_YEARS = range(1949, 2101)
_FULL_YEAR, _SHORTEST_NAME, _LONGEST_MARK = 4, 4, 14
_BLANKS = " \u3000"
_SHORT_ISSUERS = ("中华人民共和国主席", "国家主席", "主席")


@dataclass(frozen=True, slots=True)
class NumberMention:
    """A number in the text, `text[start:end]`.

    `normalised` is 青质办〔2024〕72号, 国务院令第707号, 税务总局公告2019年第13号; `mark` what precedes the year or the
    serial; `issuer` the name as written before an order or announcement (None for a document number).
    """

    start: int
    end: int
    normalised: str
    mark: str
    year: int | None
    serial: int
    issuer: str | None = None
    kind: str = "文号"  # 文号 | 令 | 公告


class NumberFinder:
    """Finds all numbers of a text; the patterns are those of the forms."""

    def __init__(self, forms: Forms) -> None:
        self._year_and_serial = forms.pattern("number.year-and-serial")
        self._year_first = forms.pattern("number.year-first")
        self._order = forms.quick("number.order")
        self._order_after = forms.quick("number.order-after")
        self._listed = forms.pattern("number.listed")
        self._before_mark = forms.pattern("number.before-mark")
        self._issuers = IssuerNames(forms)

    def find(self, text: str) -> list[NumberMention]:
        """All document, order and announcement numbers, in order, without overlaps."""
        if "号" not in text:
            return []
        out = _apart([*self._plain(text), *self._years_first(text)], [])
        return sorted(_apart([*self._orders(text), *self._orders_after(text)], out), key=lambda m: m.start)

    def normalise(self, text: str) -> str | None:
        """The normal form of a string that is one document number, or None.

        >>> number_finder().normalise("青质办„2024‟72 号")
        '青质办〔2024〕72号'
        """
        text = text.strip()
        found = self.find(text)
        return found[0].normalised if len(found) == 1 and found[0].end - found[0].start == len(text) else None

    def _plain(self, text: str) -> list[NumberMention]:
        out: list[NumberMention] = []
        for m in self._year_and_serial.finditer(text):
            start = self._mark_start(text, m.start(), out[-1].end if out else 0)
            mark = re.sub(f"[{_BLANKS}]", "", text[start : m.start()])
            year, serial = int(_ascii(m["year"])), int(_ascii(m["serial"]))
            if mark and year in _YEARS:
                out.append(NumberMention(start, m.end(), f"{mark}〔{year}〕{serial}号", mark, year, serial))
        return out

    def _mark_start(self, text: str, end: int, floor: int) -> int:
        """Where the mark begins that ends at `end`: the run of Han before it without the words of the sentence."""
        start, taken = end, 0
        while start > floor and taken < _LONGEST_MARK and (_is_han(text[start - 1]) or text[start - 1] in _BLANKS):
            start -= 1
            taken += text[start] not in _BLANKS
        while start < end and text[start] in _BLANKS:
            start += 1
        run = text[start:end]
        cut = 0
        for m in self._before_mark.finditer(run):
            if m.end() < len(run.rstrip()):
                cut = m.end()
        if cut == 0 and run[:1] in tuple("和与及") and start > 0 and text[start - 1] in "》）)】〕号":
            cut = 1
        # 上海市人民政府办公厅文件 沪府办〔2024〕1号 on one line: the blank is the edge when a whole name precedes it
        blank = max(run.rstrip().rfind(" "), run.rstrip().rfind("\u3000"))
        if blank >= cut and len(run[:blank].replace(" ", "")) >= _SHORTEST_NAME:
            cut = blank + 1
        while cut < len(run) and run[cut] in _BLANKS:
            cut += 1
        return start + cut

    def _years_first(self, text: str) -> list[NumberMention]:
        out = []
        for m in self._year_first.finditer(text):
            year, serial = int(_ascii(m["year"])), int(_ascii(m["serial"]))
            year = year if len(m["year"]) == _FULL_YEAR else 1900 + year
            if year in _YEARS:
                normalised = f"〔{year}〕{m['mark']}第{serial}号"
                out.append(NumberMention(m.start(), m.end(), normalised, m["mark"], year, serial))
        return out

    def _orders(self, text: str) -> list[NumberMention]:
        out = []
        for m in self._order.finditer(text):
            span = self._issuer_span(text, m.start())
            if span is not None:
                out.append(_order(span[0], m.end(), text[slice(*span)], m["kind"], m["year"], m["serial"]))
        return out

    def _orders_after(self, text: str) -> list[NumberMention]:
        out = []
        for m in self._order_after.finditer(text):
            end_of_name = m.start()
            while end_of_name > 0 and text[end_of_name - 1] in "的 \u3000":
                end_of_name -= 1
            span = self._issuer_span(text, end_of_name)
            if span is None:
                continue
            items = list(self._listed.finditer(text, m.start("list"), m.end("list")))
            for i, item in enumerate(items):
                start = span[0] if i == 0 else item.start()
                end = m.end() if i == len(items) - 1 else item.end()
                out.append(_order(start, end, text[slice(*span)], m["kind"], m["year"], item["serial"]))
        return out

    def _issuer_span(self, text: str, end: int) -> tuple[int, int] | None:
        """The issuer that ends at `end`: a name of an agency, or the short 国 of 国令第707号, 主席 of 主席令."""
        while end > 0 and text[end - 1] in _BLANKS:
            end -= 1
        for short in _SHORT_ISSUERS:
            if text.endswith(short, 0, end):
                return end - len(short), end
        span = self._issuers.before(text, end)
        if span is None and text.endswith("国", 0, end) and not text.endswith(("中国", "共和国"), 0, end):
            span = (end - 1, end)  # 国令第707号, as the State Council's site numbers 国务院令
        return span


def _apart(found: list[NumberMention], kept: list[NumberMention]) -> list[NumberMention]:
    """`kept` and those of `found` that overlap nothing kept before them; both in ascending order of position."""
    out: list[NumberMention] = []
    taken = sorted((m.start, m.end) for m in kept)
    last, i = -1, 0
    for mention in sorted(found, key=lambda m: (m.start, -m.end)):
        while i < len(taken) and taken[i][1] <= mention.start:
            i += 1
        if mention.start >= last and not (i < len(taken) and taken[i][0] < mention.end):
            out.append(mention)
            last = mention.end
    return [*kept, *out]


def _order(start: int, end: int, issuer: str, kind: str, year: str | None, serial: str) -> NumberMention:
    y = int(_ascii(year)) if year else None
    number = int(parse_number(serial) or 0)
    name = re.sub(r"\s", "", issuer).removeprefix("中华人民共和国")
    body = f"{y}年第{number}号" if y else f"第{number}号"
    # 国令第707号 is how the State Council's site writes 国务院令第707号: kept as written
    return NumberMention(start, end, f"{name}{kind}{body}", name + kind, y, number, name, kind)


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"


@lru_cache(maxsize=2)
def number_finder(forms: Forms) -> NumberFinder:
    """The finder over the forms of a run."""
    return NumberFinder(forms)


def find_document_numbers(text: str, forms: Forms | None = None) -> list[NumberMention]:
    """All numbers of a text, by the forms of a run (else those that come with the project)."""
    return number_finder(forms or load()).find(text)
