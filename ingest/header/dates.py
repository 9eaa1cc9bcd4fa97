"""The day, the year and the period of a document: from what it says of itself, never from a law that it cites."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import PurePath

from ingest.facts.dates import period_of
from ingest.layout import CleanText
from ingest.structure.elements import Element, Elements
from ingest.structure.grammars import iso_day, numbers_in
from kg.core.model import Evidence, Section
from kg.core.parts import shown
from ontology.forms import Forms

_TITLE_YEAR = re.compile(r"(?<!\d)((?:20|19)\d{2})(?!\d)\s*年?(?:度)?")
_YEAR_RANGE = re.compile(r"(?:20|19)\d{2}\s*年?\s*[—\-－–~至到]{1,2}\s*(?:20|19)\d{2}")
_QUOTED_DATE = re.compile(r"《[^《》]{0,200}》")
_FILE_YEAR = re.compile(
    r"(?<![\dA-Za-z])((?:19|20)\d\d)(?:年度?(?![前后以远])|(?=[01]\d[0-3]\d(?!\d))|(?=[\s_\-.（）()]|$))"
)  # not 2030年前, 2000名, 1950平方米
_FILE_DATE = re.compile(r"[（(\[_\-]\s*((?:19|20)\d{2})[-.年]?(\d{2})[-.月]?(\d{2})日?\s*[)）\]]?$")


def elements_to_date(elements: Elements, clean: CleanText, forms: Forms) -> tuple[str, Evidence] | None:
    """The day of signing, of the law's last version, of the session, or in brackets below the title."""
    if found := _day_of(elements.date, clean, forms):
        return found
    if noted := law_date(elements, forms):
        return noted
    for element in (elements.spoken, elements.title_date):
        if found := _day_of(element, clean, forms):
            return found
    for key in ("date", "published"):
        for found_key, element in elements.meta:
            if found_key == key and (found := _day_of(element, clean, forms)):
                return found
    return None


def _day_of(element: Element | None, clean: CleanText, forms: Forms) -> tuple[str, Evidence] | None:
    if element is None or (day := iso_day(element.text, forms)) is None:
        return None
    return day, Evidence(clean.text[element.start : element.end], element.start, element.end)


def law_date(elements: Elements, forms: Forms) -> tuple[str, Evidence] | None:
    """The day of the last version in the notes below a law's title (… 通过, … 修订); 施行 is no version."""
    best: tuple[str, Evidence] | None = None
    for note in elements.notes:
        bare = forms.pattern("header.effective").sub("", _QUOTED_DATE.sub("", note.text))
        days = [day for found in forms.pattern("header.day").finditer(bare) if (day := iso_day(found[0], forms))]
        only_effective = not days and best is None and (only := iso_day(note.text, forms))
        if days or only_effective:
            best = (days[-1] if days else str(only), Evidence(note.text, note.start, note.end))
    return best


def law_number(elements: Elements, forms: Forms) -> tuple[str, Evidence] | None:
    """The order by which the last version was made public: （2021年7月27日…国务院令第746号公布）."""
    for note in reversed(elements.notes):
        bare = _QUOTED_DATE.sub(lambda m: "\u3000" * len(m[0]), note.text)
        orders = [(a, b, n) for a, b, n in numbers_in(bare, forms) if "令" in n]
        bare = forms.pattern("header.effective").sub(lambda m: "\u3000" * len(m[0]), bare)
        days = [m.start() for m in forms.pattern("header.day").finditer(bare)]
        # 1991年…令第76号发布 2018年…修订: the order made an older version public
        if days and not (orders and orders[-1][0] > days[-1]):
            return None
        if orders:
            start, end, number = orders[-1]
            return number, Evidence(note.text[start:end], note.start + start, note.start + end)
    return None


def is_enacted(elements: Elements, forms: Forms) -> bool:
    """Whether notes below the title say that the text was passed or is in force: it states rules, whatever its kind."""
    enacted = forms.pattern("header.enacted")
    return any(enacted.search(note.text) for note in elements.notes)


def year_of(title: str, elements: Elements, date: str | None) -> int | None:
    """The year that the title names; else that of the date, else of the number.

    A span of years (2026—2030年) names no one year, nor does the title of another document that is quoted.
    """
    attached = elements.attached_title.text if elements.attached_title else ""
    for text in (title, attached):
        bare = _YEAR_RANGE.sub("", text)
        if found := _TITLE_YEAR.search(bare):
            return int(found[1])
    if date:
        return int(date[:4])
    if elements.number and (found := _TITLE_YEAR.search(elements.number.text)):
        return int(found[1])
    found = _TITLE_YEAR.search(title)
    return int(found[1]) if found else None


def period(clean: CleanText, sections: tuple[Section, ...], year: int | None, forms: Forms) -> tuple[str, str] | None:
    """When what the document is about takes place, where it says so of the whole."""
    for section in sections:
        if forms.find("header.period_heading", section.title):
            return period_of(clean.text[section.start : section.end], year, forms)
    if said := forms.find("header.period_said", clean.text):
        return period_of(said["when"], year, forms)
    found = forms.find("header.period", clean.text)
    if found is None:
        return None
    if any(s.start <= found.start() < s.end and s.parent is None for s in sections) and len(sections) > 1:
        return None  # the time of one item among others
    return period_of(found["held"] or found["since"] or found["month"], year, forms)


def year_of_file(source: str) -> int | None:
    """The one year that the name of a file tells (招生指南2016.html, 评估报告20240620.txt); None for several."""
    years = set(map(int, _FILE_YEAR.findall(PurePath(shown(source)).stem)))
    return years.pop() if len(years) == 1 else None


def date_of_version(source: str) -> str | None:
    """The date at the end of a file's name, as collections of laws give it: 标准化法(2017-11-04).md."""
    found = _FILE_DATE.search(PurePath(source).stem)
    if not found:
        return None
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return None
