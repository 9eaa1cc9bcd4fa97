"""All header facts of a document, and what the page or the collector says where the text is silent."""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.header.dates import elements_to_date, law_number, period, year_of
from ingest.header.issuers import elements_to_issuers, title_to_issuers
from ingest.header.model import Header
from ingest.header.names import bodies_in, plain_name
from ingest.header.where import level_of, place_of_issuers
from ingest.layout import CleanText
from ingest.structure.elements import Element, Elements
from ingest.structure.grammars import iso_day, number_alone, numbers_in
from ingest.structure.kinds import title_to_kind
from kg.core.ids import number_key, title_key
from kg.core.model import Evidence, Section
from ontology.forms import Forms
from ontology.names import Context, Resolver

_BETWEEN_LINES = re.compile(r"(?<=[^\x00-\x7f])\n(?=[^\x00-\x7f])")
_LONGEST_SLOGAN = 80
_OPENING = 300  # characters in which a letter says that it answers


def elements_to_header(
    elements: Elements, clean: CleanText, sections: tuple[Section, ...], resolver: Resolver, context: Context
) -> Header:
    """All header facts with their evidence. Of a file of several documents only its own title is told."""
    evidence: dict[str, Evidence] = {}
    forms = resolver.forms

    def cite(name: str, element: Element | None) -> str | None:
        if element is None:
            return None
        evidence[name] = Evidence(clean.text[element.start : element.end], element.start, element.end)
        return element.text

    title = _BETWEEN_LINES.sub("", cite("title", elements.title) or "")
    if elements.documents:
        return Header(title=title, kind=title_to_kind(title, forms), evidence=evidence)
    issuers = elements_to_issuers(elements, resolver, context)
    if issuers and issuers[0].start >= 0:
        first, last = issuers[0].start, max(p.end for p in issuers)
        evidence["issuers"] = Evidence(clean.text[first:last], first, last)
    date = None
    if dated := elements_to_date(elements, clean, forms):
        date, evidence["date"] = dated
    number = cite("doc_number", elements.number) or cite("doc_number", _meta(elements, "number", forms))
    if number is None and (ordered := law_number(elements, forms)):
        number, evidence["doc_number"] = ordered
    theme = _theme(clean, sections, forms)
    if theme:
        evidence["theme"] = theme[1]
    year = year_of(title, elements, date)
    place = place_of_issuers(issuers, context, resolver)
    cite("printed_date", elements.printed_date)
    return Header(
        title=title,
        doc_number=number,
        issuers=issuers,
        kind=title_to_kind(title, forms) if title else _letter_kind(elements, clean, forms),
        date=date,
        printed_date=iso_day(elements.printed_date.text, forms) if elements.printed_date else None,
        printed_by=elements.printed_by.text if elements.printed_by else None,
        year=year,
        level=level_of(place),
        place=place,
        theme=theme[0] if theme else None,
        recipients=cite("recipients", elements.recipients),
        period=period(clean, sections, year, forms),
        evidence=evidence,
    )


def _letter_kind(elements: Elements, clean: CleanText, forms: Forms) -> str | None:
    """The kind of a letter without a title, which its first or last sentence tells: 现答复如下."""
    if elements.recipients is None:
        return None
    start, end = elements.own
    told = forms.pattern("header.letter_kind")
    for text in (clean.text[start : min(end, start + _OPENING)], clean.text[max(start, end - _OPENING) : end]):
        if found := told.search(text):
            return title_to_kind(found["kind"], forms)
    return None


def _meta(elements: Elements, key: str, forms: Forms) -> Element | None:
    return next((e for k, e in elements.meta if k == key and (key != "number" or number_alone(e.text, forms))), None)


def _theme(clean: CleanText, sections: tuple[Section, ...], forms: Forms) -> tuple[str, Evidence] | None:
    """The year's slogan: below a heading 活动主题, or 以“…”为主题."""
    slogan = forms.quick("header.slogan")
    for section in sections:
        if not section.title.endswith("主题"):
            continue
        line = next((x for x in clean.text[section.body_start : section.end].split("\n") if x.strip()), "")
        if not line or len(line) > _LONGEST_SLOGAN:
            continue
        start = clean.text.index(line, section.body_start)
        # 活动时间为9月，活动主题为“…”: one sentence below a heading of both
        said = slogan.search(line)
        words_ = _slogan_in(said) if said else line.strip('“”"。 ')
        return words_, Evidence(line, start, start + len(line))
    if found := slogan.search(clean.text):
        return _slogan_in(found), Evidence(found[0], found.start(), found.end())
    return None


def _slogan_in(found: re.Match[str]) -> str:
    return (found["slogan"] or found["about"] or found["said"]).strip()


def with_metadata(
    header: Header, metadata: dict[str, str], resolver: Resolver, context: Context, *, saved_as: str = ""
) -> Header:
    """What page or collector say where the text is silent; the text wins where both speak (see notices).

    `saved_as` is the title that the name of the file tells: what neither text nor page have.
    """
    forms, issuers = resolver.forms, header.issuers
    for key in ("issuer", "source", "publisher"):
        if issuers or not (written := plain_name(metadata.get(key, ""), forms)):
            continue
        found, unresolved = bodies_in(written, resolver, context)
        issuers = tuple(replace(p, start=-1, end=-1) for p in found) if found and not unresolved else ()
    told = metadata.get("title", "")
    told = "" if forms.full("header.name_line", told) else told  # a site's name titles all its pages
    title = header.title or told or saved_as
    if not issuers and not header.title:
        issuers = tuple(replace(p, start=-1, end=-1) for p in title_to_issuers(title, -1, resolver, context))
    numbers = numbers_in(metadata.get("number", ""), forms)
    boxed = iso_day(metadata.get("date", ""), forms)
    noted = "date" in header.evidence and bool(forms.start("header.law_note", header.evidence["date"].quote))
    date = boxed if boxed and noted else header.date or boxed or iso_day(metadata.get("published", ""), forms)
    place = place_of_issuers(issuers, context, resolver) if issuers and not header.issuers else header.place
    return replace(
        header,
        title=title,
        kind=header.kind or title_to_kind(title, forms),
        issuers=issuers,
        place=place,
        level=level_of(place) if place is not header.place else header.level,
        doc_number=header.doc_number or (_written_out(numbers[0][2], forms) if numbers else None),
        date=date,
        year=header.year or (int(date[:4]) if date else None),
    )


def _written_out(number: str, forms: Forms) -> str:
    for row in forms.rows("header.number_fold"):
        if number.startswith(str(row["written"])):
            return str(row["meant"]) + number.removeprefix(str(row["written"]))
    return number


def metadata_contradictions(header: Header, metadata: dict[str, str], forms: Forms) -> list[tuple[str, str, str]]:
    """(field, in the text, in the page's table) wherever the two differ."""
    out: list[tuple[str, str, str]] = []
    title = metadata.get("title")
    if title and header.title and not _same_title(title, header.title):
        out.append(("标题", header.title, title))
    if (date := iso_day(metadata.get("date", ""), forms)) and header.date and date != header.date:
        out.append(("成文日期", header.date, date))
    numbers = numbers_in(metadata.get("number", ""), forms)
    if (
        numbers
        and header.doc_number
        and number_key(_written_out(numbers[0][2], forms)) != number_key(header.doc_number)
    ):
        out.append(("发文字号", header.doc_number, numbers[0][2]))
    return out


def _same_title(a: str, b: str) -> bool:
    """One title, or one inside the other: a page often shows the title of what is sent out."""
    one, other = title_key(a), title_key(b)
    return one == other or one in other or other in one
