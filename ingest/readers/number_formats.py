"""What a spreadsheet shows of a number: 0.983 as 98.3%, 5 as 5元, 7 as 007, 45292 as 2024-01-01.

ISO/IEC 29500-1 §18.8.30 (the built-in formats), §18.8.31 (the language of format codes). A date of numbers alone is
shown as 2024-01-31: the order of day and month in its format depends on the machine.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

GENERAL = "General"
_CHINESE = {27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"'}
BUILT_IN: dict[int, str] = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    14: "yyyy/m/d", 15: "yyyy/m/d", 16: 'm"月"d"日"', 17: 'yyyy"年"m"月"', 18: "h:mm", 19: "h:mm:ss", 20: "h:mm",
    21: "h:mm:ss", 22: "yyyy/m/d h:mm", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00", 41: "#,##0;-#,##0;-", 42: "#,##0;-#,##0;-", 43: "#,##0.00;-#,##0.00;-",
    44: "#,##0.00;-#,##0.00;-", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 48: "0.0E+0", 49: "@",
    **_CHINESE, 29: _CHINESE[28], 30: "yyyy/m/d", 34: "h:mm", 35: "h:mm:ss", 36: _CHINESE[27],
    50: _CHINESE[27], 51: _CHINESE[28], 52: _CHINESE[27], 53: _CHINESE[28], 54: _CHINESE[28], 55: "h:mm",
    56: "h:mm:ss", 57: _CHINESE[27], 58: _CHINESE[28],
}  # fmt: skip
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]|(?P<general>General|G/通用格式)'
    r"|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+(?:\.0+)?|[aA]{3,4}|[aA][mM]/[pP][mM]|上午/下午|e+(?![+\-]))"
    r"|(?P<power>[eE][+\-]0+)|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)|(?P<text>@)|(?P<other>.)",
    re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d{1,15}(?:\.\d{1,10})?)")
_ELAPSED = re.compile(r"[hms]{1,2}", re.IGNORECASE)
_SECONDS = {"h": 3600, "m": 60, "s": 1}
_HALVES = ("上午/下午", "am/pm")
_WEEK = "一二三四五六日"
_MOST_DAYS = 2_958_465  # 9999-12-31
_LONGEST = 255  # characters of a format code that Excel allows

Token = tuple[str, str]


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[tuple[Token, ...], ...]:
    """The sections of a code, each a row of (kind, words)."""
    out: list[list[Token]] = [[]]
    for found in _TOKEN.finditer(code[:_LONGEST]):
        kind, words = found.lastgroup or "skip", found[found.lastgroup or 0]
        if kind == "other" and words == ";":
            out.append([])
        else:
            out[-1].append(("literal", words) if kind in ("quoted", "escaped", "other") else (kind, words))
    return tuple(tuple(section) for section in out)


def shown_text(text: str, code: str) -> str:
    """What is shown of a text: a fourth section, or one with @, may add to it."""
    for section in _sections(code):
        if any(kind == "text" for kind, _ in section):
            return "".join(text if kind == "text" else words for kind, words in section if kind in ("text", "literal"))
    return text


def shown_number(value: float | str, code: str, *, since_1904: bool = False) -> str:
    """What is shown of a number.

    shown_number(0.983, "0.0%")  # 98.3%
    shown_number(7, "000")  # 007
    """
    try:
        number = Decimal(repr(value) if isinstance(value, float) else str(value))
    except InvalidOperation:
        return str(value)
    if not number.is_finite() or abs(number.adjusted()) > 40:
        return str(value)
    section, negated = _section_of(number, code)
    kinds = {kind for kind, _ in section}
    if "date" in kinds or any(k == "bracket" and _ELAPSED.fullmatch(w) for k, w in section):
        return _date(number, section, since_1904=since_1904) or general(number)
    if not kinds & {"digit", "general", "text"}:
        literal = "".join(words for kind, words in section if kind == "literal")
        return literal if literal.strip() or not section else ""
    return _number(-number if negated else number, section)


def general(number: Decimal) -> str:
    """A number without a format: up to eleven digits, as a cell shows it."""
    if number == number.to_integral_value():
        return str(int(number))
    places = max(10 - max(number.adjusted(), 0), 0)
    return f"{number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}".rstrip("0").rstrip(".")


def _section_of(number: Decimal, code: str) -> tuple[tuple[Token, ...], bool]:
    """The section for a number, and whether it speaks of its absolute value."""
    sections = _sections(code or GENERAL)
    for section in sections:
        for kind, words in section:
            if kind == "bracket" and (found := _CONDITION.fullmatch(words)):
                if _holds(number, found[1], Decimal(found[2])):
                    return section, False
                break
        else:
            if any(_conditional(s) for s in sections):
                return section, False
    if any(_conditional(s) for s in sections):
        return sections[-1], False
    if number < 0 and len(sections) > 1:
        return sections[1], True
    if number == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], False


def _conditional(section: tuple[Token, ...]) -> bool:
    return any(kind == "bracket" and _CONDITION.fullmatch(words) for kind, words in section)


def _holds(number: Decimal, sign: str, bound: Decimal) -> bool:
    less, same = number < bound, number == bound
    return {"<": less, "<=": less or same, ">": not (less or same), ">=": not less, "=": same, "<>": not same}[sign]


def _number(number: Decimal, section: tuple[Token, ...]) -> str:
    digits = [(n, w) for n, (kind, w) in enumerate(section) if kind == "digit"]
    percent = sum(kind == "percent" for kind, _ in section)
    number = number.scaleb(2 * percent)
    if not digits:
        words = general(number)
        return "".join(
            words if kind in ("general", "text") else w if kind in ("literal", "percent") else "" for kind, w in section
        )
    first, last = digits[0][0], digits[-1][0]
    point = next((n for n, (kind, _) in enumerate(section) if kind == "point"), None)
    if any(kind == "literal" and w == "/" for kind, w in section[first:last]):
        return general(number)  # a fraction: its value
    power = next((w for kind, w in section if kind == "power"), None)
    after = [w for n, w in digits if point is not None and n > point]
    before = [w for n, w in digits if point is None or n < point]
    scaled = last
    while scaled + 1 < len(section) and section[scaled + 1][0] == "comma":
        scaled += 1
        number = number.scaleb(-3)
    if power is not None:
        text = f"{float(number):.{len(after)}E}"
    else:
        rounded = abs(number).quantize(Decimal(1).scaleb(-len(after)), ROUND_HALF_UP)
        whole, _, part = f"{rounded:f}".partition(".")
        whole = whole.zfill(before.count("0")) if whole != "0" or "0" in before else ""
        if any(kind == "comma" for kind, _ in section[first:last]):
            whole = f"{int(whole):,}" if whole and before.count("0") <= len(whole) else whole
        needed = max((n + 1 for n, w in enumerate(after) if w == "0"), default=0)
        part = part[:needed] + part[needed:].rstrip("0")
        text = (
            ("-" if number < 0 and rounded else "")
            + (whole or ("0" if not part else ""))
            + (f".{part}" if part else "")
        )
    head = "".join(_mark(kind, w) for kind, w in section[:first])
    # what stands between the digits (0000-0000) belongs there; the point and the commas are in the number
    inner = [(n, w) for n, (kind, w) in enumerate(section) if kind == "literal" and first < n < last]
    if inner and point is None and text.lstrip("-").isdecimal():
        text = _interleaved(text, section[first : last + 1])
    tail = "".join(_mark(kind, w) for kind, w in section[last + 1 :])
    return f"{head}{text}{tail}"


def _mark(kind: str, words: str) -> str:
    if kind == "bracket" and words.startswith("$"):
        return words[1:].partition("-")[0]  # [$￥-804]
    return words if kind in ("literal", "percent") else ""


def _interleaved(text: str, section: tuple[Token, ...]) -> str:
    """Digits with what stands between them, filled from the right as Excel does: 123456 in 0!.0, is 12.3."""
    digits = list(text.lstrip("-"))
    first = next(n for n, (kind, _) in enumerate(section) if kind == "digit")
    out: list[str] = []
    for n in range(len(section) - 1, -1, -1):
        kind, words = section[n]
        if n == first:
            out.append("".join(digits))
            break
        if kind == "digit":
            out.append(digits.pop() if digits else "")
        elif kind == "literal":
            out.append(words)
    return ("-" if text.startswith("-") else "") + "".join(reversed(out))


def _date(number: Decimal, section: tuple[Token, ...], *, since_1904: bool) -> str | None:
    """A day or a time; None for a number that is none."""
    days = number + (1462 if since_1904 else 0)
    if not 0 <= days <= _MOST_DAYS:
        return None
    if any(kind == "bracket" and _ELAPSED.fullmatch(w) for kind, w in section):
        return _elapsed(days, section)
    # day 60 is the 29th of February 1900, which never was: the days before it are counted one less
    start = dt.datetime(1899, 12, 30) if days >= 61 else dt.datetime(1899, 12, 31)  # noqa: DTZ001 - a day of a calendar
    moment = start + dt.timedelta(seconds=round(float(days) * 86_400))
    dates = [(kind, w) for kind, w in section if kind in ("date", "literal", "comma", "point")]
    words = "".join(w for kind, w in dates if kind == "literal")
    letters = "".join(w.lower() for kind, w in dates if kind == "date")
    if "年" in words or "月" in words or "日" in words or "时" in words:
        return _written(moment, dates)
    day, time = moment.strftime("%Y-%m-%d"), moment.strftime("%H:%M")
    has_day, has_time = "d" in letters or "y" in letters, "h" in letters or "s" in letters
    if has_day and "d" not in letters:
        day = moment.strftime("%Y-%m")
    return f"{day} {time}" if has_day and has_time else day if has_day else time if has_time else moment.strftime("%m")


def _elapsed(days: Decimal, section: tuple[Token, ...]) -> str:
    """A stretch of time in its largest unit: 36:00:00 of [h]:mm:ss, 90 of [mm]."""
    codes = [w[0].lower() for kind, w in section if kind in ("date", "bracket") and _ELAPSED.fullmatch(w)]
    seconds = int((days * 86_400).quantize(Decimal(1), ROUND_HALF_UP))
    if "s" not in codes:
        seconds = (seconds + 30) // 60 * 60
    out: list[str] = []
    for kind, words in section:
        if kind in ("date", "bracket") and _ELAPSED.fullmatch(words):
            number, seconds = divmod(seconds, _SECONDS[words[0].lower()])
            out.append(f"{number:02d}" if len(words) > 1 else str(number))
        elif kind == "literal":
            out.append(words)
    return "".join(out).strip()


def _written(moment: dt.datetime, tokens: list[Token]) -> str:
    out = []
    hours = False
    halves = any(kind == "date" and words.lower() in _HALVES for kind, words in tokens)
    for kind, words in tokens:
        form = words.lower()
        if kind != "date":
            out.append(words)
        elif form[0] in "ye":
            out.append(f"{moment.year:04d}" if len(form) > 2 or form[0] == "e" else f"{moment.year % 100:02d}")
        elif form[0] == "m":
            number = moment.minute if hours else moment.month
            out.append(f"{number:02d}" if len(form) > 1 else str(number))
        elif form[0] == "d" and len(form) > 2:
            out.append(("星期" if len(form) > 3 else "周") + _WEEK[moment.weekday()])
        elif form[0] == "d":
            out.append(f"{moment.day:02d}" if len(form) == 2 else str(moment.day))
        elif form in _HALVES:
            out.append("上午" if moment.hour < 12 else "下午")
        elif form[0] == "h":
            hour = (moment.hour + 11) % 12 + 1 if halves else moment.hour
            out.append(f"{hour:02d}" if len(form) > 1 else str(hour))
            hours = True
        elif form[0] == "s":
            out.append(f"{moment.second:02d}")
        elif form.startswith("aaa"):
            out.append(("星期" if len(form) > 3 else "") + _WEEK[moment.weekday()])
    return "".join(out)
