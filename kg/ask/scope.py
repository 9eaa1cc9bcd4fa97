"""Whether a stretch is of the places and years that a question names, by its document or by its own words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.ask.library import Library
from kg.ask.question import Question
from kg.ask.shares import Doc
from kg.ask.synonyms import PLAN
from kg.ask.windows import FIGURE, Window, sentences_of
from ontology.forms import Forms
from ontology.records import NATION

_BEFORE = 300  # characters before a text in which its year may be told
_A_YEAR = re.compile(r"(?:19|20)\d\d")  # in a title: what the document is of, whenever it was sent out
_DIGITS = re.compile(r"\d|百分之")
_FISCAL = re.compile(r"((?:19|20)\d\d)年度")
_YEARS_TOLD = re.compile(
    r"(?<![比较与同以自从于\d])((?:19|20)\d\d)年?(?:[-—–~～至到]+((?:19|20)\d\d))?年(?!以来|起|[\d月日]+起)"
)
"""A year or a span of years (2022—2024年) that a text tells of; 比2020年 only compares, 自2018年起 is none."""


def in_scope(window: Window, question: Question, library: Library, own_places: frozenset[str] = frozenset()) -> bool:
    """Whether the text is of the places and years asked for: by its document, or by its own words.

    In `own_places` (`places_of_asker`) what the places above and the state lay down holds, too.
    """
    doc = library.doc(window.document_id)
    if _of_another_year_s_affair(window, question):
        return False
    near = f"{window.title}{window.heading}{window.text}"
    for place in question.places:
        record = library.place(place)
        named = record is not None and _names(window, record.bare, question)
        sums = "amount" in question.asks  # a figure of a part is not that of the whole
        own = doc and (doc.place == place or (not sums and library.within(doc.place, place)))
        own = own or (doc and library.rules(doc, place, of_any_kind=place in own_places))
        if not named and not own and not (record and library.speaks_of(window.document_id, record)):
            return False
    if "amount" in question.asks and (
        _of_an_earlier_year(window.text, question.years)
        or _of_another_plan(window.text, question.text)
        or _looks_back(window, question.years, doc, library.forms)
        or (doc and doc.undated and _goes_on_from_another_year(window, question.years, library))
    ):
        return False
    around = f"{near}{window.around}"
    undated = doc and doc.undated and _is_named(doc, question)
    if undated and not is_of_other_years(window.text, question.years):
        return True  # 2025年印发的某预案: its text tells no year that could be another
    return all(  # of a span of years any will do
        any(str(year) in around or (doc and _is_of_the_year(doc, year, span.text, library)) for year in span.value)
        for span in question.of("year")
    )


def _of_another_year_s_affair(window: Window, question: Question) -> bool:
    """Whether a title says of which year its affair is, the question of which other, and the text does not say that."""
    asked = {year for span in question.of("year") if span.text.endswith("年度") for year in span.value}
    told = {int(found[1]) for found in _FISCAL.finditer(window.title)}
    own = f"{window.heading}{window.text}"
    return bool(asked and told) and not asked & told and not any(str(year) in own for year in asked)


def of_another_place(question: Question, library: Library) -> bool:
    """Whether a title is all that a question names and what is held under it is of other places than it names.

    达州市的高层住宅物业消防安全管理办法 is not that of 广安.
    """
    titles = question.of("title")
    places = [p for p in question.of("place") if not any(t.start <= p.start and p.end <= t.end for t in titles)]
    named = [library.doc(ident) for title in titles for ident in title.value]
    return bool(places and named) and all(
        doc is not None
        and doc.place not in (None, NATION)
        and not any(library.within(doc.place, p.value) or library.within(p.value, str(doc.place)) for p in places)
        for doc in named
    )


def _is_named(doc: Doc, question: Question) -> bool:
    """Whether a document is the one that has the title that is asked about."""
    return any(tuple(span.value) == (doc.id,) for span in question.of("title"))


def places_of_asker(question: Question, forms: Forms) -> frozenset[str]:
    """The places where the asker lives or works (我在沈阳租了…), which are told to find what holds there.

    None for the total of a place, which is not that of the one above it; what somebody gets may be.
    """
    if "amount" in question.asks and not forms.find("said.what_i_get", question.text):
        return frozenset()
    said = f"{question.lead}{question.text}"
    return frozenset(
        span.value
        for span in question.of("place")
        for at in re.finditer(re.escape(span.text), said)
        if forms.find("said.where_i_am", said[: at.start()])
    )


def _is_of_the_year(doc: Doc, year: int, said: str, library: Library) -> bool:
    """Whether a document is of a year, by its date or its number; one without either, where its text speaks of it.

    A year that is said as that of an affair (2017年度) is one that the text speaks of, too.
    """
    if said.endswith("年度") and f"{year}年度" in library.document(doc.id).text:
        return True
    if doc.undated:
        return str(year) in library.document(doc.id).text
    return doc.year == year or (not _A_YEAR.search(doc.title) and f"〔{year}〕" in (doc.number or ""))


def _of_an_earlier_year(text: str, asked: Sequence[int]) -> bool:
    """Whether a text tells figures of years before those asked for; 比2020年 only compares."""
    told = years_told(text)
    return bool(asked and told) and max(last for _, last in told) < min(asked)


def is_of_other_years(text: str, asked: Sequence[int]) -> bool:
    """Whether a text tells of years, and of none that is asked for: 到2024年年底 is not 截至2023年底."""
    told = years_told(text)
    return bool(asked and told) and not any(first <= year <= last for first, last in told for year in asked)


def years_told(text: str) -> list[tuple[int, int]]:
    """The first and the last year of each span that a text tells of."""
    return [(int(found[1]), int(found[2] or found[1])) for found in _YEARS_TOLD.finditer(text)]


def _looks_back(window: Window, asked: Sequence[int], doc: Doc | None, forms: Forms) -> bool:
    """Whether a part of a report tells of the year before (工作回顾), and the report's own is asked for."""
    told = f"{window.heading}{window.text}"
    return bool(
        asked
        and doc
        and all(year == doc.year and str(year) not in told for year in asked)
        and forms.find("head.back", window.heading)
    )


def _goes_on_from_another_year(window: Window, asked: Sequence[int], library: Library) -> bool:
    """Whether the last year told before a text that tells none is not asked for: 2020年1—11月…。七大流域….

    Of a document that has a year of its own such a text may be of that.
    """
    before = library.document(window.document_id).text[max(0, window.start - _BEFORE) : window.start]
    told = years_told(before)
    return (
        bool(asked and told) and not years_told(window.text) and not any(told[-1][0] <= y <= told[-1][1] for y in asked)
    )


def _of_another_plan(text: str, question: str) -> bool:
    """Whether the figures of a text are those of another five years than are asked for: 十二五, not 十三五."""
    asked = set(PLAN.findall(question))
    before = (PLAN.findall(text, 0, found.start()) for found in _DIGITS.finditer(text))
    told = {plans[-1] for plans in before if plans}
    return bool(asked and told) and not asked & told


def _names(window: Window, place: str, question: Question) -> bool:
    """Whether the text speaks of a place; a figure is that of a place only where one sentence names both.

    Where no sentence holds a figure, what is asked for is none (B+B).
    """
    if place in window.title or place in window.heading.split(" > ")[-1]:
        return True
    if not question.asks & {"amount", "howlong"}:
        return place in window.text
    sentences = [window.text[a:b] for a, b in sentences_of(window.text)]
    figured = [sentence for sentence in sentences if FIGURE.search(sentence)]
    return any(place in sentence for sentence in figured or sentences)


def punishes_what_was_told(window: Window, question: Question, forms: Forms) -> bool:
    """Whether it is asked what a breach brings, and a stretch punishes that of what answered the part before."""
    if window.rule is None or not question.beside or not forms.find("said.penalty", question.text):
        return False
    first, last = window.rule
    return any(
        document == window.document_id and first < end and start < last for document, start, end in question.beside
    )
