"""The head and the foot of an unbroken text: number, title, recipients; names, date, annexes, and what is sent out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ontology.forms import Forms

_HEAD = 1200  # characters among which title, number and recipients stand
_TITLE = 180
_AROUND = 5000  # characters in which a name stands again
_STARTS, _TITLES = 30, 4  # pieces that a title may begin with, and titles that are looked for
_ADDRESS = 400
_NAMES = 600
_PERSON = re.compile(
    "(?<=[。！ \\u3000])(?:[省市县区州盟旗镇乡局部署厅]\\s?长|主席|主任)\\s?[：:]?\\s?[\u4e00-\u9fff]{2,4}$"
)
# what ends the name of a paper, where the name of a place follows
_FILE = re.compile(
    r"\.(?:xlsx?|docx?|pdf|wps|et|zip|rar|ofd)|(?:清单|名单|表|方案|办法|要点|指引|指南|标准|计划|须知|简介|样式)"
    "(?=[\u4e00-\u9fff]{2,7}[省市县区州旗盟])"
)
_SHORT_NAME, _SHORTEST_NAME = 12, 3  # characters
_LETTERS = 16  # before the year of a document number
_SHORT_TITLE = 60  # without 关于
_SAME = 12  # characters by which a title is known that stands there twice
_QUOTED = re.compile("《([^《》]{6,120})》")
_NUMBER = re.compile(r"[〔\[［（(﹝]\s?(?:19|20)\d{2}\s?[〕\]］）)﹞]\s?第?\s?\d{1,5}\s?号")
_HAN_RUN = re.compile(r"[\u4e00-\u9fffA-Za-z]{1,16}$")
_BOUNDARY = re.compile(r"[。！？；：”）)》\s\d：:]|特此(?:通知|公告|通告|函复|函告|报告|批复)|此复")
_NOT_SIGNED = re.compile(
    r"\s{0,2}(?:[前后至起内止以的，。、；）)—\-－]|印发|召开|开始|实施|施行|举行|到|在)|"
    "[^。；]{0,16}会议?[^。；]{0,6}(?:审议|讨论|研究|通过|召开)|[^。；]{0,6}(?:批准|修订|修正|公布)"
)
_ANNEX = re.compile(r"附\s?件\s?(?:\d{1,2}|[一二三四五六七八九十])?\s{0,2}[：:]")


def head_cuts(text: str, cuts: Sequence[int], said: str, forms: Forms) -> set[int]:
    """Where the elements of the head begin; `cuts` are those that are found already."""
    out: set[int] = set()
    head = text[:_HEAD]
    for found in forms.pattern("header.title_date_inside").finditer(head):
        out |= {found.start(), found.end()}
    out |= set(_numbers(head, forms))
    out |= {found.end() for found in forms.pattern("layout.dateline").finditer(head)}
    starts = sorted({0, *(c for c in (*cuts, *out) if c < len(head))})
    ended = {end for start in starts[:_STARTS] if (end := title_end(text, start, forms, said)) is not None}
    # the page's title, and the document's own behind it
    ended |= {again for end in ended if (again := title_end(text, end, forms)) is not None}
    for end in sorted(ended)[:_TITLES]:
        out.add(end)
        below = max(end, _behind(text, end, out))
        for name in ("layout.order", "layout.spoken"):
            if (element := forms.pattern(name).match(text, below)) is not None:
                below = element.end()
                out.add(below)
        colon = _address_end(text, below, forms)
        if colon:
            out.add(colon)
    return out


def _behind(text: str, end: int, cuts: set[int]) -> int:
    """Behind the number that stands behind a title."""
    found = _NUMBER.search(text, end, end + _LETTERS * 3)
    return found.end() if found and found.end() in cuts else end


def _numbers(head: str, forms: Forms) -> Iterator[int]:
    """Before and behind the number of the document: not one in brackets or behind the title of another."""
    kind_end = forms.pattern("layout.kind-end")
    for found in _NUMBER.finditer(head):
        before = _HAN_RUN.search(head, max(0, found.start() - _LETTERS), found.start())
        if before is None:
            continue
        start = before.start()
        for ended in kind_end.finditer(head, start, found.start()):
            start = ended.end()
        after = head[found.end() : found.end() + 1]
        if (
            found.start() - start < 2
            or after in ("）", ")", "，", "。", "、", "；", "文")
            or head[start - 1 : start] in tuple("（(《，、；")
        ):
            continue
        if "。" in head[:start]:
            return  # a number below the first sentence is that of another document
        yield start
        yield found.end()


def title_end(text: str, start: int, forms: Forms, said: str = "") -> int | None:
    """Where the title ends that begins at `start`: it is known, or what stands behind it follows titles only."""
    stretch = text[start : start + _TITLE]
    if said and (at := stretch.find(said)) >= 0 and not any(c in stretch[:at] for c in "。，；"):
        return start + at + len(said)
    for ended in forms.pattern("layout.kind-end").finditer(stretch):
        end = ended.end()
        title = stretch[:end]
        if any(c in title for c in "。；：！？") or forms.start("layout.opening", title):
            return None
        if title.count("《") != title.count("》") or title.count("（") != title.count("）"):
            continue
        if ("关于" not in title and len(title) > _SHORT_TITLE) or len(title) < 4:
            continue
        if _follows_title(text, start + end, forms) or text.startswith(title[:_SAME], start + end):
            return start + end
    return None


def _follows_title(text: str, at: int, forms: Forms) -> bool:
    """Whether here stands what follows a title and nothing inside one."""
    here = text[at : at + _ADDRESS].lstrip()
    if not here or forms.start("layout.no-start", here) or forms.start("layout.kind-end", here):
        return False
    if forms.start("layout.after-title", here) or _NUMBER.match(here[_head_of_number(here) :]):
        return True
    return _address_end(text, at, forms) is not None


def _head_of_number(here: str) -> int:
    run = re.match(r"[\u4e00-\u9fffA-Za-z]{2,14}", here)
    return run.end() if run else 0


def _address_end(text: str, at: int, forms: Forms) -> int | None:
    """Behind the colon of the recipients that begin here."""
    stretch = text[at : at + _ADDRESS]
    colon = min((n for n in (stretch.find("："), stretch.find(":")) if n >= 0), default=-1)
    if colon < 0:
        return None
    address = stretch[: colon + 1].strip()
    if "。" in address or "关于" in address or "号" in address or forms.find("header.recipients_not", address):
        return None
    return at + colon + 1 if forms.find("header.recipients", address[:-1]) else None


def foot_cuts(text: str, forms: Forms) -> set[int]:
    """Where names, date, annexes and the title of what is sent out begin."""
    out: set[int] = set()
    end = len(text.rstrip())
    for found in forms.pattern("header.day").finditer(text):
        if _NOT_SIGNED.match(text, found.end()):
            continue
        below = _sent_out(text, found.end(), forms)
        above = set(_above_date(text, found.start(), forms))
        behind = text[max(0, found.start() - 2) : found.start()].rstrip().endswith(("。", "！"))
        if above or (behind and (below or found.end() >= end)):
            out |= {found.start(), found.end()} | above | below
    for found in _ANNEX.finditer(text):
        if text[found.start() - 1 : found.start()] in tuple("。；！）)” 日\u3000") or found.start() in out:
            out.add(found.start())
    return out


def _above_date(text: str, end: int, forms: Forms) -> Iterator[int]:
    """Where the names begin that stand right before a date, and the seal behind them; or a person with a post."""
    start = max(0, end - _NAMES)
    stretch = text[start:end].rstrip()
    if stretch.endswith("章）") and (seal := stretch.rfind("（")) > 0:
        yield start + seal
        stretch = stretch[:seal]
    if person := _PERSON.search(stretch):
        yield start + person.start()
        return
    begin = _names_begin(stretch, forms.pattern("header.name_line"))
    if begin is not None:
        # 附件：1.统计表甲市水务局: what stands behind a number or a colon may be a paper and a name
        behind = stretch[begin - 1 : begin]
        whole = not behind or (behind not in "：:.．" and (not behind.isdigit() or len(stretch) - begin <= _SHORT_NAME))
        around = text[max(0, start - _AROUND) : end + _AROUND]
        yield start + begin + (0 if whole else _known_name(around, stretch[begin:], forms.pattern("header.name_line")))


def _names_begin(stretch: str, name_line: re.Pattern[str]) -> int | None:
    """Where the names of bodies begin that end a stretch: 甲局 乙局, 甲局（乙局）."""
    ends = sorted({0, *(m.end() for m in _BOUNDARY.finditer(stretch)), *(m.end() for m in _FILE.finditer(stretch))})
    found = None
    for begin in reversed(ends):
        names = stretch[begin:].strip()
        if not names:
            continue
        if names.startswith("（") or names.count("（") != names.count("）"):
            pass
        elif found is None:
            found = begin if name_line.fullmatch(names) else None
        elif name_line.fullmatch(added := stretch[begin:found].strip()) or (
            added.endswith("）") and name_line.fullmatch(names)
        ):
            found = begin  # over a blank only where what stands before it is a name too
        if begin and stretch[begin - 1] not in " \u3000\xa0）)":
            return found
    return found


def _known_name(text: str, stretch: str, name_line: re.Pattern[str]) -> int:
    """Where a name begins in 清单甲市住房保障办公室, what stands before it being no name: the text has it elsewhere."""
    for at in range(len(stretch) - _SHORTEST_NAME + 1):
        if text.find(stretch[at:]) < text.rfind(stretch[at:]):
            return at if name_line.fullmatch(stretch[at:]) else 0
    return 0


def _sent_out(text: str, at: int, forms: Forms) -> set[int]:
    """Behind a date: the label of an annex, the title of what is sent out."""
    found = re.match(r"\s{0,4}(附\s?件\s?\d{0,2})(?![：:\d])", text[at : at + 12])
    out: set[int] = set()
    start = at + found.end() if found else at
    if found:
        out.add(start)
    quoted = _QUOTED.findall(text[: min(at, _HEAD)])
    for title in quoted:
        if text.startswith(title, start):
            return out | {start + len(title)}
    end = title_end(text, start, forms)
    return out | ({end} if end is not None else set())
