"""Elements to header facts: who issued the document, where, when, of what kind and for which year."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from ingest.extract.dates import find_dates, period_of
from ingest.extract.numbers import find_document_numbers
from ingest.layout import CleanText
from ingest.resolve.collectives import STATE
from ingest.resolve.parties import text_to_parties
from ingest.resolve.places import Context
from ingest.resolve.resolver import Resolver
from ingest.structure.elements import Element, Elements
from ingest.structure.kinds import title_to_kind
from kg.core.ids import number_key, title_key
from kg.core.model import Evidence, Level, Party, PartyKind, Section
from ontology.reference import PlaceRecord

_TITLE_ISSUER = re.compile(r"^(?P<issuer>[^《》“”，。]{3,60}?)(?:关于|转发|印发|批转|公告|令$)")
# 某局专题会议纪要, 某局简报: the one who keeps the minutes
_MINUTES = re.compile(
    r"^(?P<issuer>[^《》“”，。]{3,40}?)(?:\d{4}年)?(?:第.{1,3}次)?"
    r"(?:专题|办公|工作|局长|区长|市长|主任|常务|全体|联席|党组|协调)*会议?纪要$"
)
_TITLE_YEAR = re.compile(r"(20\d{2}|19\d{2})\s*年?(?:度)?")
_SLOGAN_WORDS = (
    re.compile(r"以[“\"](?P<slogan>[^”\"]{4,60})[”\"]为(?:活动)?主题"),
    re.compile(r"(?:围绕|确定|紧扣|聚焦|突出)了?[“\"](?P<slogan>[^”\"]{4,60})[”\"](?:的|这一|为)?(?:活动)?主题"),
    re.compile(r"主题(?:是|为|：|:)\s*[“\"]?(?P<slogan>[^”\"。；\n]{4,60})"),
)
# the rules by which a signature tells its place
_PLACED = frozenset(("place", "grammar", "gazetteer", "place-only", "unit"))
_LONGEST_NOTE = 300
_NOTES_REACH = 1200  # characters below a law's title in which its notes stand
_FILE_DATE = re.compile(r"[（(\[_\-]\s*((?:19|20)\d{2})[-.年]?(\d{2})[-.月]?(\d{2})日?\s*[)）\]]?$")
_LAW_NOTE = re.compile(r"^[（(]?\s*(?:\d{4}年|[一二〇○零九八七六五四三]{4}年)")


@dataclass(frozen=True, slots=True)
class Header:
    """What the document says of itself."""

    title: str = ""
    doc_number: str | None = None
    issuers: tuple[Party, ...] = ()
    kind: str | None = None
    date: str | None = None
    printed_date: str | None = None
    printed_by: str | None = None
    year: int | None = None
    level: Level | None = None
    place: PlaceRecord | None = None
    theme: str | None = None
    recipients: str | None = None
    period: tuple[str, str] | None = None
    evidence: dict[str, Evidence] = field(default_factory=dict)


def elements_to_context(elements: Elements, clean: CleanText, resolver: Resolver) -> Context:
    """The place whose words these are: of the issuer, else of the title, else the state."""
    free = resolver.context(None)
    signed = [p for line in elements.signature for p in text_to_parties(line.text, resolver, free)[0]]
    for text in _issuer_texts(elements):
        for party in text_to_parties(text, resolver, free)[0]:
            if party.place == STATE:
                return resolver.context(resolver.places.by_qualified.get(STATE))
            if party.place and party.rule in _PLACED:
                return resolver.context(_innermost(party, signed, resolver))
    title = elements.title.text if elements.title else ""
    if place := _place_in(title, resolver):
        return resolver.context(place)
    if re.search(r"全国|中华人民共和国", title) or not title:
        return resolver.context(resolver.places.by_qualified.get(STATE))
    return resolver.context(_place_in(clean.text[:400], resolver))


def _innermost(first: Party, signed: list[Party], resolver: Resolver) -> PlaceRecord | None:
    """The place of the first issuer, or a district of it where a body of that one signs too: 区 is then the district.

    No city inside a province: 长沙海关 signs with bodies of the province and speaks for all of it.
    """
    innermost = resolver.places.by_qualified.get(first.place or "")
    for party in signed:
        place = resolver.places.by_qualified.get(party.place or "") if party.rule in _PLACED else None
        if place is not None and place.level in ("区", "县") and innermost in resolver.places.path(place):
            innermost = place
    return innermost


def _issuer_texts(elements: Elements) -> list[str]:
    out = [line.text for line in elements.signature]
    out += [line.text for line in elements.mark]
    title = elements.title.text if elements.title else ""
    if found := _TITLE_ISSUER.match(title) or _MINUTES.match(title):
        out.append(found["issuer"])
    if elements.title and elements.printed_by:
        out.append(elements.printed_by.text)
    return out


def _place_in(text: str, resolver: Resolver) -> PlaceRecord | None:
    for at in range(len(text)):
        match = resolver.places.at(text[at:])
        if match and match.whole and match.place.level != "国家":
            return match.place
    return None


def elements_to_header(
    elements: Elements, clean: CleanText, sections: tuple[Section, ...], resolver: Resolver, context: Context
) -> Header:
    """All header facts with their evidence."""
    evidence: dict[str, Evidence] = {}

    def cite(name: str, element: Element | None) -> Element | None:
        if element is not None:
            evidence[name] = Evidence(clean.text[element.start : element.end], element.start, element.end)
        return element

    title = (
        re.sub(r"(?<=[^\x00-\x7f])\n(?=[^\x00-\x7f])", "", elements.title.text)
        if cite("title", elements.title) and elements.title
        else ""
    )
    issuers = elements_to_issuers(elements, resolver, context)
    if issuers:
        first = issuers[0]
        evidence["issuers"] = Evidence(clean.text[first.start : issuers[-1].end], first.start, issuers[-1].end)
    date = _iso(cite("date", elements.date))
    if date is None and (noted := _law_date(elements, clean)):
        date, evidence["date"] = noted
    theme = _theme(clean, sections)
    if theme:
        evidence["theme"] = theme[1]
    year = _year(title, elements, clean, date)
    period = _period(clean, sections, year)
    place = _place_of(issuers, context, resolver)
    cite("doc_number", elements.number)
    cite("recipients", elements.recipients)
    cite("printed_date", elements.printed_date)
    return Header(
        title=title,
        doc_number=elements.number.text if elements.number else None,
        issuers=issuers,
        kind=title_to_kind(title),
        date=date,
        printed_date=_iso(elements.printed_date),
        printed_by=elements.printed_by.text if elements.printed_by else None,
        year=year,
        level=_level(place),
        place=place,
        theme=theme[0] if theme else None,
        recipients=elements.recipients.text if elements.recipients else None,
        period=period,
        evidence=evidence,
    )


def elements_to_issuers(elements: Elements, resolver: Resolver, context: Context) -> tuple[Party, ...]:
    """The bodies that sign; without a signature those of the mark (…文件), then those that the title begins with."""
    for lines in (elements.signature, elements.mark):
        parties: list[Party] = []
        for line in lines:
            found, unresolved = text_to_parties(line.text, resolver, context, start=line.start)
            if unresolved and not found and len(lines) > 1:
                continue
            parties += [p for p in found if p.kind is PartyKind.AGENCY]
        if parties:
            return tuple({(p.name, p.place): p for p in parties}.values())
    begins = (
        (_TITLE_ISSUER.match(elements.title.text) or _MINUTES.match(elements.title.text)) if elements.title else None
    )
    if elements.title and begins:
        named, unresolved = text_to_parties(begins["issuer"], resolver, context, start=elements.title.start)
        if named and not unresolved and all(p.kind is PartyKind.AGENCY for p in named):
            return tuple(named)
    return ()


def _iso(element: Element | None) -> str | None:
    return _iso_of(element.text) if element else None


def _law_date(elements: Elements, clean: CleanText) -> tuple[str, Evidence] | None:
    """The last date in the notes below a law's title (… 通过, … 修订)."""
    if not elements.title:
        return None
    begin = elements.title.end
    notes = [(p.start, clean.of(p)) for p in clean.paragraphs if begin <= p.start < begin + _NOTES_REACH]
    best: tuple[str, Evidence] | None = None
    for start, text in notes:
        if not _LAW_NOTE.match(text) or len(text) > _LONGEST_NOTE:
            break
        dates = [d for d in find_dates(text, year=None) if d.precision == "day"]
        if dates and dates[0].iso_start and not (best and text.rstrip("）) ").endswith("施行")):
            best = (dates[0].iso_start, Evidence(text, start, start + len(text)))
    return best


def is_enacted(elements: Elements, clean: CleanText) -> bool:
    """Whether notes below the title say that the text was passed or is in force: it states rules, whatever its kind."""
    noted = _law_date(elements, clean)
    return noted is not None and bool(re.search(r"通过|施行|修正|修订", noted[1].quote))


def _theme(clean: CleanText, sections: tuple[Section, ...]) -> tuple[str, Evidence] | None:
    """The year's slogan: below a heading 活动主题, or 以“…”为主题."""
    for section in sections:
        if section.title.endswith("主题"):
            lines = [line for line in clean.text[section.body_start : section.end].split("\n") if line.strip()]
            if lines and len(lines[0]) <= 80:
                start = clean.text.index(lines[0], section.body_start)
                # 活动时间为9月，活动主题为“…”: one sentence below a heading of both
                said = next((f for p in _SLOGAN_WORDS if (f := p.search(lines[0]))), None)
                if said:
                    return said["slogan"].strip(), Evidence(lines[0], start, start + len(lines[0]))
                words = lines[0].strip('“”"。 ')
                return words, Evidence(lines[0], start, start + len(lines[0]))
    for pattern in _SLOGAN_WORDS:
        if found := pattern.search(clean.text):
            return found["slogan"].strip(), Evidence(found[0], found.start(), found.end())
    return None


def _year(title: str, elements: Elements, clean: CleanText, date: str | None) -> int | None:
    attached = elements.attached_title.text if elements.attached_title else ""
    for text in (title, attached):
        if found := _TITLE_YEAR.search(text):
            return int(found[1])
    if date:
        return int(date[:4])
    if elements.number and (found := re.search(r"(?:19|20)\d{2}", elements.number.text)):
        return int(found[0])
    found = re.search(r"((?:19|20)\d{2})年", clean.text[:600])
    return int(found[1]) if found else None


def _period(clean: CleanText, sections: tuple[Section, ...], year: int | None) -> tuple[str, str] | None:
    for section in sections:
        if re.search(r"(?:活动|起止|实施|开展)时间[：:]|时间$", section.title):
            return period_of(clean.text[section.start : section.end], year)
    found = re.search(
        r"(?:定于|将于|(?<!关)于)(?P<when>[^，。；]{4,40}?)(?:在\S{2,10})?(?:联合|集中|统一|组织|共同)*(?:开展|举办|举行|召开)",
        clean.text,
    )
    found = found or re.search(
        r"自(?P<when>\d{4}年\d{1,2}月[^，。；至]{0,10}(?:起)?至[^，。；]{2,16}?)(?=[，。在]|组织|开展|集中|联合|期间)",
        clean.text,
    )
    # 2024年6月是第23个全国“安全生产月”
    found = found or re.search(
        r"(?:^|(?<=[。\n]))(?P<when>(?:\d{4}年|今年)?\d{1,2}月(?:\d{1,2}日?[—\-－至]\d{0,2}月?\d{1,2}日)?)(?:份)?(?:是|为)(?:我国|全国|全市|我市)?(?:的)?(?:第\S{1,4}[个届次])[^，。]{0,12}“[^”]{2,16}(?:月|周)”",
        clean.text,
    )
    if said := re.search(r"活动时间(?:为|是|定于)(?P<when>[^，。；\n]{4,40})", clean.text):
        return period_of(said["when"], year)
    if found and any(s.start <= found.start() < s.end and s.parent is None for s in sections) and len(sections) > 1:
        return None  # the time of one item among others
    return period_of(found["when"], year) if found else None


def _place_of(issuers: tuple[Party, ...], context: Context, resolver: Resolver) -> PlaceRecord | None:
    for party in issuers:
        if party.place and (place := resolver.places.by_qualified.get(party.place)):
            return place
    return context.place


def _level(place: PlaceRecord | None) -> Level | None:
    if place is None:
        return None
    if place.municipality:
        return Level.CITY
    return {"国家": Level.STATE, "省": Level.PROVINCE, "市": Level.CITY, "区": Level.DISTRICT, "县": Level.COUNTY}.get(
        place.level
    )


def with_metadata(header: Header, metadata: dict[str, str], resolver: Resolver, context: Context) -> Header:
    """What a web page's own table says where the text is silent; the text wins where both speak (see notices)."""
    issuers = header.issuers
    if not issuers and (words := metadata.get("issuer")):
        issuers = tuple(p for p in text_to_parties(words, resolver, context)[0] if p.kind is PartyKind.AGENCY)
    title = header.title or metadata.get("title", "")
    numbers = find_document_numbers(metadata.get("number", ""))
    date = header.date or _iso_of(metadata.get("date", ""))
    return replace(
        header,
        title=title,
        kind=header.kind or title_to_kind(title),
        issuers=issuers,
        doc_number=header.doc_number or (numbers[0].normalised if numbers else None),
        date=date,
        year=header.year or (int(date[:4]) if date else None),
    )


def deictic_of(header: Header, resolver: Resolver, context: Context) -> dict[str, Party]:
    """我局, 本委 for the one issuer; 贵委, 你局 for the one addressee of a letter."""
    out: dict[str, Party] = {}
    if len(header.issuers) == 1:
        out |= {f"{word}{_office(header.issuers[0].name)}": header.issuers[0] for word in ("我", "本")}
        # 支队防火监督处 in a document of the 支队
        spoken = (word for word in ("支队", "总队", "大队") if header.issuers[0].name.endswith(word))
        out |= dict.fromkeys(spoken, header.issuers[0])
        out |= _superiors(header.issuers[0], resolver, context)
    addressed = text_to_parties(header.recipients, resolver, context)[0] if header.recipients else []
    if len(addressed) == 1 and addressed[0].kind is PartyKind.AGENCY:
        out |= {f"{word}{_office(addressed[0].name)}": addressed[0] for word in ("贵", "你")}
    return out


def _superiors(issuer: Party, resolver: Resolver, context: Context) -> dict[str, Party]:
    """区局 for the issuing bureau of a district, 市局 for the city's bureau of the same name."""
    out: dict[str, Party] = {}
    if not issuer.name.endswith("局"):
        return out
    own = next((p for p in context.tiers.values() if p.qualified == issuer.place), None)
    tail = issuer.name.removeprefix(own.name) if own else issuer.name
    for tier, place in context.tiers.items() if tail != issuer.name else ():
        found = resolver.resolve(place.name + tail, context)
        if len(found) == 1 and found[0].kind is PartyKind.AGENCY and found[0].place == place.qualified:
            out[f"{tier}局"] = found[0]
    return out


def _office(name: str) -> str:
    """The word by which a body is spoken of: 局, 委, 办, 厅."""
    for ending, word in (("委员会", "委"), ("管委会", "委"), ("办公室", "办"), ("人民政府", "府")):
        if name.endswith(ending):
            return word
    return name[-1:]


def date_of_version(source: str) -> str | None:
    """The date at the end of a file's name, as collections of laws give it: 标准化法(2017-11-04).md."""
    found = _FILE_DATE.search(PurePath(source).stem)
    if not found:
        return None
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return None


def metadata_contradictions(header: Header, metadata: dict[str, str]) -> list[tuple[str, str, str]]:
    """(field, in the text, in the page's table) wherever the two differ."""
    out: list[tuple[str, str, str]] = []
    if (title := metadata.get("title")) and header.title and title_key(title) != title_key(header.title):
        out.append(("标题", header.title, title))
    if (date := _iso_of(metadata.get("date", ""))) and header.date and date != header.date:
        out.append(("成文日期", header.date, date))
    numbers = find_document_numbers(metadata.get("number", ""))
    if numbers and header.doc_number and number_key(numbers[0].normalised) != number_key(header.doc_number):
        out.append(("发文字号", header.doc_number, numbers[0].normalised))
    return out


def _iso_of(text: str) -> str | None:
    dates = find_dates(text, year=None)
    return dates[0].iso_start if dates else None
