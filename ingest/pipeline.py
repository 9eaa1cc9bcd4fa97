"""One file to one `Document`: the only module that knows the order of the stages."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ingest.decide import load_models
from ingest.extract.particulars import audience_in, period_in
from ingest.extract.places import PlaceFinder
from ingest.extract.series import SeriesMatcher
from ingest.facts.contacts import find_contacts
from ingest.facts.deadlines import WEAK, DeadlineProducer
from ingest.facts.draft import Draft
from ingest.facts.figures import FigureProducer, is_faint
from ingest.facts.references import ReferenceProducer
from ingest.facts.tasks import TaskProducer, candidates_to_drafts
from ingest.header import (
    Header,
    date_of_version,
    deictic_of,
    elements_to_context,
    elements_to_header,
    is_enacted,
    metadata_contradictions,
    with_metadata,
)
from ingest.layout import CleanText, raw_to_clean
from ingest.notices import document_to_notices
from ingest.readers import read
from ingest.sentences import Segmentation
from ingest.structure.elements import Elements, clean_to_elements
from ingest.structure.genre import elements_to_genres
from ingest.structure.headings import ranges_to_sections
from kg.core.errors import UnreadableDocument
from kg.core.ids import sha256, title_key
from kg.core.model import Activity, Contact, Document, Notice, Party, PartyKind, Section
from ontology.forms import load as load_forms
from ontology.names import Context, MentionFinder, Resolver, mentions_to_entries, text_to_parties
from ontology.reference import Reference

# Raised whenever a stage's output changes, so that documents read by an older one are read again.
STEP_VERSION = "ingest-2"
# Laws state rules, not activities; their numbered articles are no tasks.
_NO_ACTIVITIES = frozenset(["法", "条例", "规定", "办法", "细则", "规则", "解释", "修正案", "宪法", "令"])
_OF_CAMPAIGN = re.compile(
    r"^(?:[^“”]{0,6})(?:宣传|活动|主题)[周月日年季](?:系列)?(?:活动)?(?:启动|开幕|闭幕|总结|颁奖)?(?:仪式|式|大会|会议)?$"
)


class Tools:
    """What is built once per set of reference data and shared by all documents."""

    def __init__(self, reference: Reference) -> None:
        self.resolver = Resolver(reference, load_forms())
        self.agencies = MentionFinder(self.resolver)
        self.places = PlaceFinder(self.resolver.places)
        self.series = SeriesMatcher(reference)
        self.tasks = TaskProducer(load_forms(), self.resolver)
        self.references = ReferenceProducer(load_forms())
        self.deadlines = DeadlineProducer(load_forms())
        self.figures = FigureProducer(load_forms())
        self._titles = {
            title_key(name): p.title for p in reference.policies for name in (p.title, *p.aliases) if p.title
        }

    def full_title(self, short: str) -> str | None:
        """The full title of a well-known policy."""
        return self._titles.get(title_key(short))

    def issuer_name(self, written: str, context: Context) -> str | None:
        """The official names of the bodies in 市委、市政府; None where one does not resolve."""
        parties, unresolved = text_to_parties(written, self.resolver, context)
        return "、".join(p.name for p in parties) if parties and not unresolved else None


_TOOLS: dict[str, Tools] = {}


def tools_for(reference: Reference) -> Tools:
    """The shared tools of one version of the reference data; only the last version's are kept."""
    if reference.version not in _TOOLS:
        _TOOLS.clear()
        _TOOLS[reference.version] = Tools(reference)
    return _TOOLS[reference.version]


def read_document(data: bytes, *, source: str, document_id: str, reference: Reference) -> Document:
    """Read one file. Raises `UnreadableDocument` with a reason in Chinese; writes nothing."""
    raw = read(data, source)
    clean = raw_to_clean(raw)
    if not clean.text.strip():
        raise UnreadableDocument(source, "文件中没有文字")
    tools = tools_for(reference)
    elements = clean_to_elements(clean, said=raw.metadata.get("title", ""))
    context = elements_to_context(elements, clean, tools.resolver, raw.metadata)
    context = tools.resolver.with_own(context, clean.text)
    sections = ranges_to_sections(clean, (elements.body, *elements.parts))
    header = elements_to_header(elements, clean, sections, tools.resolver, context)
    contradictions = metadata_contradictions(header, raw.metadata)
    header = with_metadata(header, raw.metadata, tools.resolver, context)
    if elements.date is None and (version := date_of_version(source)):
        # versions of one law differ by date, and often only the file's name tells which one this is
        header = replace(header, date=version, year=int(version[:4]))
    inside = context.place is not None and header.place in tools.resolver.places.path(context.place)
    if header.place is not None and not inside:
        context = tools.resolver.with_own(tools.resolver.context(header.place), clean.text)
    issuer = header.issuers[0] if len(header.issuers) == 1 else None
    context = replace(context, deictic=deictic_of(header, tools.resolver, context), issuer=issuer)
    blank = Document(document_id, source, sha256(data), clean.text, offsets=clean.offsets, pages=clean.pages)
    document = _facts(blank, clean, elements, header, sections, context, tools)
    notices = [
        Notice("contradicts-metadata", f"{what}：正文为“{here}”，网页信息栏为“{there}”")
        for what, here, there in contradictions
    ]
    if pages := raw.metadata.get("无文字的页"):
        notices.append(Notice("pages-without-text", f"第 {pages} 页没有文字（可能是扫描件），其内容未读入"))
    if pages := raw.metadata.get("识别的页"):
        notices.append(Notice("pages-recognised", f"第 {pages} 页的文字由图片识别而来，可能有错字，引用前请对照原件"))
    return replace(document, notices=(*document.notices, *notices))


def _facts(
    blank: Document,
    clean: CleanText,
    elements: Elements,
    header: Header,
    sections: tuple[Section, ...],
    context: Context,
    tools: Tools,
) -> Document:
    text = clean.text
    segmentation = Segmentation(text)
    own_titles = tuple(e.text for e in (elements.title, elements.attached_title) if e)
    references, works = tools.references.propose(
        text,
        year=header.year,
        own_titles=own_titles,
        own_numbers=(header.doc_number,) if header.doc_number else (),
        known=tools.full_title,
        issuer_name=lambda name: tools.issuer_name(name, context),
        segmentation=segmentation,
    )
    activities = _activities(clean, elements, header, sections, context, tools, segmentation)
    listed = (*header.issuers, *(p for a in activities for p in a.responsible))
    mentions = [*_outside(tools.agencies.find(text, context), listed), *listed]
    contacts = find_contacts(text)
    mentions += _units_of_contacts(contacts, header, tools, context)
    # numbers in a form to be filled in count nothing
    document = replace(
        blank,
        title=header.title,
        doc_number=header.doc_number,
        issuers=header.issuers,
        kind=header.kind,
        date=header.date,
        printed_date=header.printed_date,
        printed_by=header.printed_by,
        year=header.year,
        level=header.level,
        region=header.place.name if header.place else None,
        region_qualified=header.place.qualified if header.place else None,
        theme=header.theme,
        recipients=header.recipients,
        period=header.period,
        header_evidence=header.evidence,
        sections=sections,
        activities=activities,
        policy_references=tuple(c.fact for c in references),
        works=tuple(works),
        figures=tuple(
            c.fact
            for c in tools.figures.propose(text, year=header.year, segmentation=segmentation, skip=elements.forms)
            if not is_faint(c.features) and "repeated" not in c.features
        ),
        agencies=mentions_to_entries(sorted(mentions, key=lambda p: p.start)),
        places=tools.places.find(text, context, mentions),
        deadlines=tuple(
            c.fact
            for c in tools.deadlines.propose(text, year=header.year, date=header.date, segmentation=segmentation)
            if not c.features & WEAK and not (c.fact.date is None and "article" in c.features)
        ),
        contacts=tuple(contacts),
    )
    return replace(document, notices=tuple(document_to_notices(document, clean, elements)))


def _outside(mentions: list[Party], listed: tuple[Party, ...]) -> list[Party]:
    """The mentions that are not a part of a longer name in a list (东方科技集团 of 京东方科技集团股份有限公司)."""
    spans = sorted({(p.start, p.end) for p in listed if p.kind is PartyKind.AGENCY and p.start >= 0})
    starts = [a for a, _ in spans]
    out = []
    for party in mentions:
        n = bisect_right(starts, party.start) - 1
        inside = n >= 0 and party.end <= spans[n][1] and (party.start, party.end) != spans[n]
        if not inside:
            out.append(party)
    return out


def _activities(
    clean: CleanText,
    elements: Elements,
    header: Header,
    sections: tuple[Section, ...],
    context: Context,
    tools: Tools,
    segmentation: Segmentation,
) -> tuple[Activity, ...]:
    if (header.kind in _NO_ACTIVITIES or is_enacted(elements, clean)) and not elements.attached_title:
        return ()
    candidates = tools.tasks.propose(
        clean,
        sections,
        context,
        segmentation,
        elements=elements,
        kind=header.kind,
        title=header.title or "",
        genres=elements_to_genres(elements, clean, title=header.title),
    )
    drafts = candidates_to_drafts(candidates, load_models()["task"].accept)
    return tuple(_number(drafts, header, context, tools.series))


def _number(drafts: list[Draft], header: Header, context: Context, series: SeriesMatcher) -> Iterable[Activity]:
    for i, draft in enumerate(drafts):
        own = context.place.qualified if context.place and not context.national else None
        places = dict.fromkeys([*draft.places, *_party_places(draft.responsible)])
        if own and not draft.places and any(p.kind is PartyKind.AGENCY and p.place == own for p in draft.responsible):
            places.setdefault(own)  # 昆山市 beside bureaus of the city: the city's part is done in the city
        if not places and own:
            # what bodies of a district run is done there; what the city's body runs is done in the city
            below = dict.fromkeys(p.place for p in draft.responsible if p.kind is PartyKind.AGENCY and p.place)
            inside = below and all(place != own and place.startswith(own) for place in below)
            places = {place: None for place in below if place} if inside else {own: None}
        yield Activity(
            id=f"a{i + 1}",
            title=draft.title,
            status=draft.status,
            evidence=draft.evidence,
            no=draft.no,
            section=draft.section,
            parent=None if draft.parent is None else f"a{draft.parent + 1}",
            # of label/gazetteer the part of the resolver, which notices ask for
            responsible=tuple(replace(p, rule=p.rule.split("/", 1)[-1]) for p in draft.responsible),
            series=series.series_of(draft.title)
            or series.series_of(draft.headline)
            or _campaign(draft, header, series),
            themes=series.themes_of(draft.section or "", draft.title),
            places=tuple(places),
            period=period_in(draft.words, header.year) or header.period,
            audience=audience_in(draft.words),
            deadline=draft.deadline,
            rule=draft.rule,
            confidence=draft.confidence,
        )


def _campaign(draft: Draft, header: Header, series: SeriesMatcher) -> str | None:
    """活动周开幕式 in a document on 科技活动周: the campaign that the document is about."""
    return series.series_of(header.title) if _OF_CAMPAIGN.search(draft.title) else None


def _units_of_contacts(contacts: list[Contact], header: Header, tools: Tools, context: Context) -> Iterator[Party]:
    """质量处联系人：…: an internal unit of the one body that issued the document."""
    for contact in contacts:
        if contact.unit and len(header.issuers) == 1 and contact.unit.endswith(("处", "科", "室", "办公室")):
            if tools.resolver.resolve(contact.unit, context):
                continue
            owner = header.issuers[0]
            yield Party(
                owner.name + contact.unit,
                contact.unit,
                place=owner.place,
                category="内设机构",
                parent=owner.name,
                rule="contact",
                confidence=0.8,
                start=contact.evidence.start,
                end=contact.evidence.end,
            )


def _party_places(parties: tuple[Party, ...]) -> Iterable[str]:
    return (p.place for p in parties if p.kind is PartyKind.PLACE and p.place)
