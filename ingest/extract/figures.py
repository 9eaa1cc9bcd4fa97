"""Figures: quantities with what they count (检查各类企业近5000场次, 新增利润54.77亿元, 占比达到80%以上).

Not figures: dates, years and lengths of time, numbers of documents, orders, articles and lists, ordinals, standards'
and brand codes, telephone numbers, names in quotation marks or 《》, and the vague counts by which Chinese prose
announces a list (三个方面, 五项措施).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.extract.counted import (
    CLASSIFIER,
    COUNTED_NOUN_UNITS,
    COUNTED_NOUNS,
    HAN_STRONG,
    LIST_NOUNS,
    MEASURE,
    counted_phrase,
)
from ingest.extract.dates import find_dates
from ingest.extract.numbers import find_document_numbers
from ingest.extract.numerals import ARABIC, HAN_NUMERAL, parse_number
from ingest.extract.sentences import Segmentation, quoted_spans
from ingest.extract.titles import titles_in
from kg.core.model import Figure

_BEFORE = (
    r"近似|将近|接近|近|大约|约|逾|超过|超|突破|不少于|不低于|不小于|不得少于|不得低于|"
    r"不高于|不超过|不多于|不得超过|不得高于|低于|高于|大于|小于|少于|多于|不足|不满|"
    r"未满|至少|最多|最高|最低|多达|高达|上(?=[百千万])"
)
_MONEY = r"(?:元|美元|欧元|港元|日元|英镑|人民币)"
# 壹, 陆, 伍 … are also parts of names (陆家嘴): alone they count nothing
_PLAIN_HAN = "〇零○一二两三四五六七八九十百千万亿"
_NUM = rf"(?:{ARABIC}|[{_PLAIN_HAN}]+(?:点[{_PLAIN_HAN}]+)?|[{HAN_NUMERAL}]{{2,}})"
_HEDGE = r"余|多"


def _value(group: int) -> str:
    """Number, hedge, multiplier, hedge: 10余万, 10万余, 1.2亿多, 1000多."""
    return (
        rf"(?P<n{group}>{_NUM})\s?(?P<h{group}>{_HEDGE}|来)?(?P<x{group}>[百千]?[万亿]{{0,2}})"
        rf"(?P<g{group}>{_HEDGE})?"
    )


def _unit(group: int) -> str:
    return rf"(?P<u{group}>{_MONEY}|{MEASURE}|{CLASSIFIER})"


_TO = r"(?:至|到|—|－|–|-|～|~)"
_FIGURE = re.compile(
    # a look ahead first: at most positions nothing can begin
    rf"(?=[近将接大约逾超突不低高小少多至最未上百千0-9０-９{HAN_NUMERAL}])(?P<before>{_BEFORE})?\s?(?:(?P<percent>百分之|"
    rf"千分之)(?P<np>{_NUM})(?:{_TO}(?:百分之|千分之)?(?P<np2>{_NUM}))?(?P<hp>{_HEDGE})?"
    rf"|{_value(1)}(?:(?:{_unit(0)})?{_TO}{_value(2)})?\s?(?:{_unit(1)}|(?P<noun>{COUNTED_NOUNS})))"
    rf"(?P<money>余元|多元)?(?P<over>余|多(?=元))?(?P<after>(?:及|含|\(含\)|（含）)?以上|"
    rf"(?:及|含|（含）)?以下|左右|上下|之多|以内)?"
)
_UPPER = re.compile(rf"\s?{_value(1)}\s?{_unit(1)}(?P<after>以下|以内)")
_SCOPE = re.compile(
    r"全市|全国|全省|全区|全县|全镇|全街道|全系统|全行业|全社会|全球|全自治区|本市|"
    r"本省|本区|本县|本镇|本街道|我市|我省|我区|我县|我国|各区|各市|各省|各地"
)
_AS_OF = re.compile(r"截至(?P<what>目前|[^，。；]{2,16}?(?=[，。；]|全|共|已|累计))|(?P<now>目前)[，已共]")
_STANDARD_CODE = re.compile(r"[A-Z]{1,6}(?:/[A-Z]{1,4})?\s?[0-9]{2,6}(?:\.[0-9]+)?(?:[-—–][0-9]{4})?")
_URL = re.compile(r"(?:https?://|www\.)[^\s，。；（）]+|[\w.\-]+@[\w.\-]+")
# the imprint: how many copies of the document were printed
_COPIES = re.compile(r"共印(?:发)?\s?[0-9]+\s?份")
# 第三、四条; 第十二章: an ordinal governs the whole list of numerals after it
_ORDINAL = re.compile(rf"(?:第|本条前?|前)[0-9{HAN_NUMERAL}、和至到条款项章节编之—\-]*$")
_TIME_AFTER = re.compile(
    r"\s?(?:年|月|日|天|周|小时|分钟|秒|时|点钟|刻|号|个(?:半|多|自然|整|交易|完整|"
    r"会计|纳税)?(?:月|工作日|小时|星期|季度|学期|年度|年|礼拜|昼夜|日)|工作日|周岁|"
    r"岁|周年|学年|学期|届|代|级|季度|世纪|年度)"
)
_TIME_NOUN = re.compile(
    r"(?:半|多|自然|整|交易|完整|会计|纳税)?(?:月|工作日|小时|星期|季度|学期|年度|年(?!轻)|礼拜|昼夜|日(?!常))"
)
# 百家企业, but not 百家争鸣, 千家万户
_ROUND_COUNT = re.compile(r"(?!万|争鸣|姓|灯火|百|千)[\u4e00-\u9fff]{2}")
# below two a Chinese numeral is an article (一家), up to ten it numbers the points of a text (五项措施);
# a bare number of four digits before a noun that does not end in 0 is more often a code than a count
_SEVERAL, _LISTED, _LARGE = 2, 10, 1000
_LIST_CLASSIFIERS = frozenset(("个", "项", "种", "条", "处", "名", "份", "次"))
_UNKNOWN_AMOUNT = re.compile(r"[数几若]$")
_UNKNOWN_HAN_AMOUNT = re.compile(r"[多上成两]$")


_SAME = {
    word: spoken
    for spoken, words in {
        "近": "将近 接近 近似",
        "约": "大约 上 左右 上下",
        "以上": "及以上 含以上 (含)以上 （含）以上 之多",
        "以下": "及以下 含以下 （含）以下 以内",
        "超过": "逾 超 突破 大于 高于 多于",
        "不少于": "不得少于 不小于 至少",
        "不低于": "不得低于",
        "不超过": "不得超过 不得高于 不高于 不多于 最多",
        "低于": "小于 少于",
    }.items()
    for word in words.split()
}


@dataclass(frozen=True, slots=True)
class _Amount:
    value: float
    unit: str
    hedge: str | None


def find_figures(
    text: str, *, spans: Sequence[tuple[int, int]] = (), segmentation: Segmentation | None = None
) -> list[Figure]:
    """All figures in reading order. `spans` are stretches in which none is sought (headings, contacts).

    Countable units are multiplied out (1万余家 = 10000 家); money and measures keep theirs (54.77 亿元, 300 万元).
    """
    seg = segmentation or Segmentation(text)
    masked = _mask(text, spans)
    out: list[Figure] = []
    stop = 0
    for m in _FIGURE.finditer(masked):
        if m.start() < stop:
            continue
        figure = _to_figure(text, masked, m, seg)
        if figure is not None:
            out.append(figure)
            stop = m.start() + len(figure.as_written)
    return out


def _mask(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with everything that cannot hold a figure replaced by NUL, length for length."""
    chars = list(text)

    def hide(start: int, end: int) -> None:
        chars[start:end] = "\x00" * (end - start)

    for start, end in spans:
        hide(start, end)
    for d in find_dates(text):
        hide(d.start, d.end)
    for n in find_document_numbers(text):
        hide(n.start, n.end)
    for t in titles_in(text):
        hide(t.start, t.end)
    # a quotation of more than a line is prose (a speech), a shorter one a name
    for q in quoted_spans(text, longest=40):
        hide(q.start, q.end)
    for pattern in (_URL, _STANDARD_CODE, _COPIES):
        for m in pattern.finditer(text):
            hide(*m.span())
    return "".join(chars)


def _to_figure(text: str, masked: str, m: re.Match[str], seg: Segmentation) -> Figure | None:
    start, end = m.span()
    if not _is_free(masked, m, m.start("percent") if m["percent"] else m.start("n1")):
        return None
    read = _percentage(m) if m["percent"] else _quantity(masked, m)
    if read is None:
        return None
    amount, upper = read
    after: str | None = m["after"]
    wider = _UPPER.match(masked, end) if after and "以上" in after and upper is None else None
    second = _amount(wider, "1") if wider else None
    if wider and second:
        amount, upper = _common_unit(amount, second)
        end, after = wider.end(), None
    clause = seg.clause_at(start, end)
    sentence = seg.sentence_at(start, end)
    start = end - len(text[start:end].lstrip(" \u3000"))
    return Figure(
        what=counted_phrase(text, clause, start, end, noun=m["noun"]),
        value=amount.value,
        unit=amount.unit,
        evidence=seg.evidence(clause),
        as_written=text[start:end],
        qualifier=_qualifier(m, amount, after),
        scope=_scope(text, sentence.start, start),
        upper=upper,
        as_of=_as_of(text, sentence.start, start),
    )


def _percentage(m: re.Match[str]) -> tuple[_Amount, float | None] | None:
    """百分之三十, 百分之十至百分之三十."""
    low = parse_number(m["np"])
    if low is None:
        return None
    return _Amount(low, "%" if m["percent"] == "百分之" else "‰", m["hp"]), parse_number(m["np2"]) if m["np2"] else None


def _quantity(masked: str, m: re.Match[str]) -> tuple[_Amount, float | None] | None:
    """A number with its unit, or a range of two."""
    one = _amount(m, "1")
    if one is None or _vague(masked, m, one):
        return None
    if not m["n2"]:
        return one, None
    unit = m["u1"] or m["noun"]
    two = _amount(m, "2", unit=unit)
    return _common_unit(_amount(m, "1", unit=m["u0"] or unit) or one, two) if two else None


def _qualifier(m: re.Match[str], amount: _Amount, after: str | None) -> str | None:
    """One word for each way of hedging: 将近 -> 近, 逾 -> 超过, 不得少于 -> 不少于, 及以上 -> 以上."""
    written = m["before"] or amount.hedge or m["over"] or after
    if written is None and m["n1"] in ("百", "千"):
        return "约"  # 百家企业 is a round number
    return _SAME.get(written, written) if written else None


def _is_free(masked: str, m: re.Match[str], first_digit: int) -> bool:
    """Whether the number stands alone: no ordinal, code, sum or clock time around it."""
    before, after = masked[max(0, first_digit - 12) : first_digit], masked[m.end() : m.end() + 2]
    if (
        m["before"] is None
        and re.search(r"[A-Za-z0-9０-９.．+＋×*/:：\-—–－~～\x00]$", before)
        and not re.search(r"[\x00：:—]$", before)
    ):
        return False
    if re.search(r"[—–－\-~～]$", before) and re.search(r"[0-9A-Za-z]\s?[—–－\-~～]$", before):
        return False
    if re.search(rf"[{HAN_NUMERAL}]$", before) and m["n1"]:
        return False
    if m["percent"] is None and not m["before"]:
        # 数百, 成百上千, 两三千 name no number; 建成100个 does
        han = m["n1"][0] in HAN_NUMERAL
        if _UNKNOWN_AMOUNT.search(before) or (han and _UNKNOWN_HAN_AMOUNT.search(before)):
            return False
    if m["percent"] is None and _ORDINAL.search(before):
        return False
    if re.search(r"[0-9]\s?[:：]$|[之每]$", before):
        return False
    return not re.match(r"[+＋]", after)


def _vague(masked: str, m: re.Match[str], amount: _Amount) -> bool:
    """Lists announced (三个方面), idioms (千家万户), single things (一家), lengths of time (3个月)."""
    number, unit = m["n1"], m["u1"] or ""
    following = masked[m.end("u1") if m["u1"] else m.end() :][:12]
    if (_TIME_AFTER.match(masked, m.end("n1")) and not m["x1"]) or (unit == "个" and _TIME_NOUN.match(following)):
        return True
    if unit in _LIST_CLASSIFIERS and re.match(LIST_NOUNS, following):
        return True
    hedged = bool(m["h1"] or m["g1"] or m["before"])
    if number[0] not in HAN_NUMERAL:
        # 12345市民服务热线 is a telephone number
        exact = m["noun"] and not m["x1"] and not hedged
        return bool(exact and (amount.value < _SEVERAL or (amount.value % 10 and amount.value >= _LARGE)))
    if number in ("十", "百", "千", "万", "亿"):
        counted = number in ("百", "千") and unit in ("家", "名", "场") and _ROUND_COUNT.match(following)
        return not hedged and not counted
    if re.fullmatch(f"{_MONEY}|{MEASURE}", unit):
        return False
    if unit in HAN_STRONG:
        return amount.value < _SEVERAL and not m["n2"]
    return amount.value <= _LISTED


def _amount(m: re.Match[str], group: str, *, unit: str | None = None) -> _Amount | None:
    number, multiplier = m["n" + group], m["x" + group] or ""
    written = unit if unit is not None else (m["u" + group] or (m["noun"] if "noun" in m.re.groupindex else "") or "")
    hedge = m["h" + group] or m["g" + group]
    if group == "1" and "n2" in m.re.groupindex and m["n2"] and not multiplier and not m["u0"]:
        multiplier = m["x2"] or ""
        if not multiplier and re.match(f"[{HAN_NUMERAL}]", number) and (tail := re.search("[万亿]+$", m["n2"])):
            multiplier = tail[0] if not re.search("[万亿]", number) else ""
    keeps = bool(re.fullmatch(rf"{_MONEY}|{MEASURE}", written)) and written not in ("%", "％", "‰", "倍")
    whole = number + multiplier
    scale = re.search(r"万亿$|[万亿]$", whole) if keeps else None
    if scale:
        value = parse_number(whole[: scale.start()] or "一")
        shown = scale[0] + written
    else:
        value = parse_number(whole)
        shown = COUNTED_NOUN_UNITS.get(written, written)
    if value is None:
        return None
    return _Amount(value, shown.replace("％", "%"), "余" if hedge == "来" else hedge)


def _common_unit(low: _Amount, high: _Amount) -> tuple[_Amount, float]:
    """Both ends of a range in the unit of the lower one: 五千元以上一万元以下 -> 5000 to 10000 元."""
    if low.unit == high.unit:
        return low, high.value
    scales = {"万": 1e4, "亿": 1e8, "万亿": 1e12}

    def split(unit: str) -> tuple[float, str]:
        for prefix in ("万亿", "万", "亿"):
            if unit.startswith(prefix):
                return scales[prefix], unit.removeprefix(prefix)
        return 1.0, unit

    (a, low_base), (b, high_base) = split(low.unit), split(high.unit)
    if low_base != high_base:
        return low, high.value
    return low, round(high.value * b / a, 6)


def _scope(text: str, sentence_start: int, position: int) -> str | None:
    """The nearest word of extent before the figure in its sentence."""
    found = None
    for m in _SCOPE.finditer(text, sentence_start, position):
        found = m[0]
    return found


def _as_of(text: str, sentence_start: int, position: int) -> str | None:
    """截至2023年底 -> 2023-12-31; 截至目前 -> 目前."""
    found = None
    for m in _AS_OF.finditer(text, sentence_start, position):
        words = m["what"] or m["now"]
        dates = find_dates(words)
        found = dates[0].iso_end if dates else ("目前" if words.startswith("目前") else None)
    return found
