"""The years in a question: written out, as a span, before or after one, or told from the latest year that is held."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kg.ask.library import Library
from kg.ask.question import CLAUSE, INTERROGATIVE, Span, clause_around
from kg.core.numerals import whole_number
from ontology.forms import Forms

_SPAN_OF_YEARS = 40
_TOLD = {"今年": 0, "本年度": 0, "去年": -1, "上年度": -1, "上一年度": -1, "前年": -2, "明年": 1}
_SOME = re.compile(r"[了过][几多]")  # 买了几台…: how many is not asked
_DAY = re.compile(r"\s*\d{1,2}月(?:份|底|初)?(?:\d{1,2}[日号])?")
_PLAIN = re.compile(r"[\d\s年度到至\-—~～]+")


def propose_years(text: str, library: Library) -> Iterator[Span]:
    """Every stretch that names years, with the years as its value."""
    every = list(library.forms.pattern("time.year").finditer(text))
    written = [found.start() for found in every if found["first"]]
    for found in every:
        years = _years(found, library.names.years)
        begun, stop = clause_around(text, *found.span())
        own = text[begun:stop]
        asks = text[stop : stop + 1] in "？?" or INTERROGATIVE.search(_SOME.sub("", own))
        aside = not asks and library.forms.find("said.of_myself", text)
        told = found["told"] and (  # 我妈住在家里，今年满100岁了，…
            aside or library.forms.find("said.of_myself", own) or _tells_a_story(found, own, written, begun, library)
        )
        told = told or (not asks and _is_under_a_law(found, own, library.forms))
        past = not asks and _is_of_my_past(text, begun, stop, library.forms)
        reckoned = written or library.forms.start("said.within_years", text[found.end() :])
        told = told or (found["several"] and reckoned)  # 2017年的…，近两年研发费用要占多少: those that a rule reckons
        if past:
            day = _DAY.match(text, found.end())
            yield Span(found.start(), day.end() if day else found.end(), "past", None, found[0])
        elif years and not (told or _is_of_the_matter(found, library.forms)):
            yield Span(found.start(), found.end(), "year", years, found[0])


def _is_of_the_matter(found: re.Match[str], forms: Forms) -> bool:
    """Whether a year belongs to what is asked about, whatever the document's: an age, what a rule reckons from."""
    text, behind = found.string, found.string[found.end() :]
    if found["told"]:
        reckoned = "年度" in found["told"] and "每年" in text  # 每年报告上一年度
        from_it = forms.find("said.of_another_year", text[: found.end()])
        return bool(reckoned or from_it or forms.start("said.age", text[found.start() :]))
    term = (found["side"] or "").endswith(("前", "后")) and forms.find("said.term_asked", text)  # 2025年以后最晚几天
    # 2016年|9月1日以后开工的项目, 2023年|要是新评上
    return bool(term or forms.start("said.event_day", behind) or forms.start("said.supposed", behind))


def _is_under_a_law(found: re.Match[str], clause: str, forms: Forms) -> bool:
    """Whether 今年 is when something happened on which a later clause asks a law, not the year of a paper."""
    of_it, behind = found["told"] and not forms.find("said.paper", clause), found.string[found.end() :]
    return bool(of_it and not behind.startswith("的") and forms.find("said.by_law", behind))


def _is_of_my_past(text: str, begun: int, end: int, forms: Forms) -> bool:
    """Whether a clause tells what the asker did or was when: 我2013年毕业，…; 去年引来一个厂，已投产了，我能拿多少."""
    if not forms.find("said.first_person", text):
        return False
    own, behind = text[begun:end], CLAUSE.split(text[end + 1 :], maxsplit=1)[0]
    if forms.find("said.paper", own):  # 2021年发布了人才办法: what the asker has read, not what he did
        return False
    return bool(forms.find("said.past", own) or (not INTERROGATIVE.search(behind) and forms.find("said.past", behind)))


def _tells_a_story(found: re.Match[str], clause: str, written: list[int], begun: int, library: Library) -> bool:
    """Whether 去年 stands beside years that are written out, which tell of the matter.

    In a clause of its own that tells what happened (报2021年的，去年刚出过事故) and asks nothing, or with its year in
    brackets (去年（2022年）).
    """
    if not written:
        return False
    own = any(begun <= at < begun + len(clause) for at in written)
    told = not own and library.forms.start("said.happened", clause[found.end() - begun :]) is not None
    return told or found.string[found.end() : found.end() + 1] in ("（", "(")


def _years(found: re.Match[str], held: tuple[int, ...]) -> tuple[int, ...]:
    latest = held[-1] if held else 0
    if found["first"]:
        first, last = int(found["first"]), int(found["last"] or found["first"])
        if found["side"]:
            return _beside(last, found["side"], held)
        return tuple(range(first, last + 1)) if first <= last <= first + _SPAN_OF_YEARS else (first,)
    if found["short"]:
        year = 2000 + int(found["short"])  # 10年 is as often a length; it is a year where it lies among those held
        return (year,) if held and held[0] <= year <= latest + 1 else ()
    if found["told"]:
        return (latest + _TOLD[found["told"]],) if latest else ()
    several = whole_number(found["several"]) or 0
    return tuple(range(latest - several + 1, latest + 1)) if latest else ()


def _beside(year: int, side: str, held: tuple[int, ...]) -> tuple[int, ...]:
    """The years held on one side of a year; where there are none, the next one, which nothing is held of."""
    itself = side.startswith("及") or side in ("以来", "起")
    if side.endswith("前"):
        return tuple(one for one in held if one < year + itself) or (year - 1,)
    return tuple(one for one in held if one > year - itself) or (year + 1,)


def notes_of(spans: Iterable[Span]) -> list[str]:
    """How years were understood that are not written out."""
    return [
        f"“{span.text}”按库内文件的年份理解为{'、'.join(map(str, span.value))}年"
        for span in spans
        if span.kind == "year" and not _PLAIN.fullmatch(span.text)
    ]
