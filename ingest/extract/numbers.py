"""Document numbers (发文字号) and the numbers of orders and announcements (国务院令第707号).

GB/T 9704-2012 §7.2.5: 发文机关代字、年份、发文顺序号, the year in 〔〕; texts have any bracket, even „2024‟.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from ingest.extract.issuers import name_before
from ingest.extract.numerals import parse_number

_B = r"[ \u3000]*"
_OPEN = r"[〔\[［(（【〈<｛{「『„“〝]"
_CLOSE = r"[〕\]］)）】〉>｝}」』‟”〞]"
_YEAR = r"[0-9０-９]{4}"
_SERIAL = r"[0-9０-９]{1,5}"
_HAN = r"[\u3400-\u9fff]"

_NUMBER = re.compile(
    rf"(?P<mark>(?:{_HAN}{_B}){{1,12}}){_OPEN}{_B}(?P<year>{_YEAR}){_B}年?{_B}{_CLOSE}{_B}(?:第{_B})?(?P<serial>{_SERIAL}){_B}号"
)
# 〔1996〕武司字第82号: the year before the mark, usual in the forces until 2000
_YEAR_FIRST = re.compile(
    rf"{_OPEN}{_B}(?P<year>{_YEAR}|[0-9]{{2}}){_B}{_CLOSE}{_B}(?P<mark>{_HAN}{{1,8}}?(?:字|"
    rf"发|函|办|令)){_B}第?{_B}(?P<serial>{_SERIAL}){_B}号"
)
_HAN_SERIAL = r"[〇零一二三四五六七八九十百]{1,7}"
_ORDER = re.compile(
    rf"(?P<kind>令|公告){_B}(?:[(（]?(?P<year>{_YEAR}){_B}年?[)）]?{_B})?第{_B}(?P<serial>{_SERIAL}|{_HAN_SERIAL}){_B}号"
)
# 第75号令, 2019年第5号公告, 75号、76号令
_ORDER_AFTER = re.compile(
    rf"(?:(?P<year>{_YEAR}){_B}年{_B})?(?P<list>(?:第{_B})?{_SERIAL}{_B}号?(?:[、和及与]{_B}(?:第{_B})?{_SERIAL}{_B}号?)*?){_B}(?P<kind>令|"
    rf"公告)(?!第)"
)
_LISTED = re.compile(rf"(?:第{_B})?(?P<serial>{_SERIAL}){_B}号?")

_YEARS = range(1949, 2101)
_FULL_YEAR, _SHORTEST_NAME = 4, 4
# What may stand before a mark but is no part of it. 号 closes the number before; single characters that occur in
# marks (经, 和) are cut only where the context says so.
_BEFORE_MARK = re.compile(
    r"根据|依据|按照|依照|遵照|参照|执行|贯彻|落实|印发|转发|发布|参见|详见|文件|"
    r"通知|批准|以及|关于|结合|修订|废止|代替|收到|"
    r"原则|规定|如下|附件|此件|编号|文号|字号|号和|号与|号及|号|人民政府|委员会|办公厅|办公室|领导小组|的|见|按|以|由|"
    r"据|将|即|为|原(?=[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼国])"
)


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


def normalise_number(text: str) -> str | None:
    """The normal form of a string that is one document number, or None.

    >>> normalise_number("青质办„2024‟72 号")
    '青质办〔2024〕72号'
    """
    found = find_document_numbers(text.strip())
    return found[0].normalised if len(found) == 1 and found[0].end - found[0].start == len(text.strip()) else None


def find_document_numbers(text: str) -> list[NumberMention]:
    """All document, order and announcement numbers, in order, without overlaps."""
    if "号" not in text:
        return []
    found = [*_plain(text), *_year_first(text)]
    taken = [(m.start, m.end) for m in found]
    for mention in [*_orders(text), *_orders_after(text)]:
        if all(mention.end <= a or b <= mention.start for a, b in taken):
            found.append(mention)
            taken.append((mention.start, mention.end))
    return sorted(found, key=lambda m: m.start)


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _plain(text: str) -> list[NumberMention]:
    out = []
    for m in _NUMBER.finditer(text):
        start = m.start() + _mark_offset(text, m.start(), m["mark"])
        mark = re.sub(r"[ \u3000]", "", text[start : m.end("mark")])
        year, serial = int(_ascii(m["year"])), int(_ascii(m["serial"]))
        if mark and year in _YEARS:
            out.append(NumberMention(start, m.end(), f"{mark}〔{year}〕{serial}号", mark, year, serial))
    return out


def _mark_offset(text: str, start: int, run: str) -> int:
    """How many characters at the head of `run` are words of the sentence, not of the mark."""
    cut = 0
    for m in _BEFORE_MARK.finditer(run):
        if m.end() < len(run.rstrip()):
            cut = m.end()
    if cut == 0 and run[:1] in "和与及" and start > 0 and text[start - 1] in "》）)】〕号":
        cut = 1
    # 上海市人民政府办公厅文件 沪府办〔2024〕1号 on one line: the blank is the edge when a whole name precedes it
    blank = max(run.rstrip().rfind(" "), run.rstrip().rfind("\u3000"))
    if blank >= cut and len(run[:blank].replace(" ", "")) >= _SHORTEST_NAME:
        cut = blank + 1
    while cut < len(run) and run[cut] in " \u3000":
        cut += 1
    return cut


def _year_first(text: str) -> list[NumberMention]:
    out = []
    for m in _YEAR_FIRST.finditer(text):
        year, serial = int(_ascii(m["year"])), int(_ascii(m["serial"]))
        year = year if len(m["year"]) == _FULL_YEAR else 1900 + year
        if year in _YEARS and not (m.start() and "\u4e00" <= text[m.start() - 1] <= "\u9fff" and m["mark"] == "号"):
            out.append(NumberMention(m.start(), m.end(), f"〔{year}〕{m['mark']}第{serial}号", m["mark"], year, serial))
    return out


def _serial(text: str) -> int:
    return int(parse_number(text) or 0)


def _orders(text: str) -> list[NumberMention]:
    out = []
    for m in _ORDER.finditer(text):
        span = _issuer_span(text, m.start())
        if span is None:
            continue
        out.append(_order(span[0], m.end(), text[span[0] : span[1]], m["kind"], m["year"], _serial(m["serial"])))
    return out


def _orders_after(text: str) -> list[NumberMention]:
    out = []
    for m in _ORDER_AFTER.finditer(text):
        if "号" not in m[0]:
            continue
        end_of_name = m.start()
        while end_of_name > 0 and text[end_of_name - 1] in "的 \u3000":
            end_of_name -= 1
        span = _issuer_span(text, end_of_name)
        if span is None:
            continue
        issuer = text[span[0] : span[1]]
        items = list(_LISTED.finditer(text, m.start("list"), m.end("list")))
        for i, item in enumerate(items):
            start = span[0] if i == 0 else item.start()
            end = m.end() if i == len(items) - 1 else item.end()
            out.append(_order(start, end, issuer, m["kind"], m["year"], _serial(item["serial"])))
    return out


def _issuer_span(text: str, end: int) -> tuple[int, int] | None:
    """The issuer that ends at `end`: a name of an agency, or the short 国 of 国令第707号, 主席 of 主席令."""
    while end > 0 and text[end - 1] in " \u3000":
        end -= 1
    for short in ("中华人民共和国主席", "国家主席", "主席"):
        if text.endswith(short, 0, end):
            return end - len(short), end
    span = name_before(text, end)
    if span is None and text.endswith("国", 0, end) and not text.endswith(("中国", "共和国"), 0, end):
        span = (end - 1, end)  # 国令第707号, as the State Council's site numbers 国务院令
    return span


def _order(start: int, end: int, issuer: str, kind: str, year: str | None, serial: int) -> NumberMention:
    y = int(_ascii(year)) if year else None
    name = re.sub(r"\s", "", issuer).removeprefix("中华人民共和国")
    body = f"{y}年第{serial}号" if y else f"第{serial}号"
    # 国令第707号 is how the State Council's site writes 国务院令第707号: kept as written
    return NumberMention(start, end, f"{name}{kind}{body}", name + kind, y, serial, name, kind)
