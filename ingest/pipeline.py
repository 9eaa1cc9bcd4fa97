"""One file to one `Document`: reader -> frame -> proposals -> decision. The only module that knows the order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from ingest.activities import drafts_to_activities
from ingest.decide import DOUBTFUL
from ingest.facts.tasks import candidates_to_drafts
from ingest.frame import Frame, raw_to_frame
from ingest.notices import document_to_notices
from ingest.propose import Proposals, frame_to_proposals
from ingest.readers import read
from ingest.readers.fidelity import losses_to_notices
from ingest.tools import Tools, tools_for
from kg.core.ids import sha256
from kg.core.model import Contact, Document, Doubt, Evidence, Figure, Notice, Party, PartyKind, encode
from ontology.names import KNOWN_RULES, mentions_to_entries, text_to_parties
from ontology.reference import Reference

# Raised whenever a stage's output changes, so that documents read by an older one are read again.
STEP_VERSION = "ingest-5"

__all__ = ["STEP_VERSION", "Tools", "read_document", "tools_for"]


def read_document(data: bytes, *, source: str, document_id: str, reference: Reference) -> Document:
    """Read one file. Raises `UnreadableDocument` with a reason in Chinese; writes nothing."""
    raw = read(data, source)
    tools = tools_for(reference)
    frame = raw_to_frame(raw, source, tools.resolver)
    proposals = frame_to_proposals(frame, tools)
    blank = Document(
        document_id, source, sha256(data), frame.text, offsets=frame.clean.offsets, pages=frame.clean.pages
    )
    document = _decided(_with_header(blank, frame), frame, proposals, tools)
    notices = document_to_notices(document, frame.clean, frame.elements, frame.genres)
    return replace(document, notices=(*notices, *_of_the_file(frame)))


def _with_header(blank: Document, frame: Frame) -> Document:
    header = frame.header
    return replace(
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
        sections=frame.sections,
        fidelity=frame.raw.fidelity,
    )


def _decided(blank: Document, frame: Frame, proposals: Proposals, tools: Tools) -> Document:
    decider, text = tools.decider, frame.text

    def evidence(fact: Party) -> Evidence:
        return Evidence(text[fact.start : fact.end], fact.start, fact.end)

    references = decider.decide(
        proposals.references, lambda r: r.title or r.number or r.as_written, lambda r: r.evidence
    )
    figures = decider.decide(proposals.figures, _figure_words, lambda f: f.evidence)
    deadlines = decider.decide(proposals.deadlines, lambda d: d.what, lambda d: d.evidence)
    effects = decider.decide(proposals.effects, lambda e: f"{e.act}{e.target or ''}", lambda e: e.evidence)
    persons = decider.decide(proposals.persons, lambda p: f"{p.post}：{p.name}", lambda p: p.evidence)
    agencies = decider.decide(proposals.agencies, lambda p: p.name, evidence)
    accept = decider.models["task"].accept
    drafts = candidates_to_drafts(list(proposals.tasks), accept)
    activities = tuple(drafts_to_activities(drafts, frame, tools))
    listed = (*blank.issuers, *(p for a in activities for p in a.responsible))
    listed = (*listed, *_addressed(blank, frame, tools))
    mentions = [*_outside(list(agencies.accepted), listed), *listed]
    mentions += _units_of_contacts(proposals.contacts, frame, tools)
    return replace(
        blank,
        activities=activities,
        policy_references=references.accepted,
        works=proposals.works,
        figures=figures.accepted,
        agencies=mentions_to_entries(sorted(mentions, key=lambda p: p.start)),
        places=tools.places.find(text, frame.context, mentions),
        deadlines=deadlines.accepted,
        contacts=proposals.contacts,
        articles=proposals.articles,
        persons=persons.accepted,
        effects=effects.accepted,
        to_check=tuple(
            sorted(
                (
                    *_doubtful_tasks(proposals, accept),
                    *(d for v in (references, figures, deadlines, effects, persons, agencies) for d in v.doubts),
                ),
                key=lambda d: (d.evidence.start, d.kind, d.text),
            )
        ),
    )


def _addressed(blank: Document, frame: Frame, tools: Tools) -> Iterator[Party]:
    """The bodies that a document is sent to: in this place a zone stands for its administration (高新区)."""
    where = blank.header_evidence.get("recipients")
    if where is None:
        return
    for party in text_to_parties(where.quote, tools.resolver, frame.context, start=where.start)[0]:
        if party.kind is PartyKind.AGENCY and party.rule in KNOWN_RULES:
            yield party


def _figure_words(figure: Figure) -> str:
    return f"{figure.what}：{figure.as_written or figure.value}"


def _doubtful_tasks(proposals: Proposals, accept: float) -> Iterator[Doubt]:
    for candidate in proposals.tasks:
        draft = candidate.fact
        if DOUBTFUL <= draft.confidence < accept:
            fact = {name: getattr(draft, name) for name in ("title", "status", "no", "section", "responsible")}
            proposal = encode(fact).decode()
            yield Doubt("activity", draft.title, candidate.rule, round(draft.confidence, 3), draft.evidence, proposal)


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


def _units_of_contacts(contacts: tuple[Contact, ...], frame: Frame, tools: Tools) -> Iterator[Party]:
    """质量处联系人：…: an internal unit of the one body that issued the document."""
    issuers = frame.header.issuers
    for contact in contacts:
        if contact.unit and len(issuers) == 1 and contact.unit.endswith(("处", "科", "室", "办公室")):
            found = tools.resolver.resolve(contact.unit, frame.context)
            if found and found[0].rule == "unit":
                where = contact.evidence
                yield replace(found[0], rule="contact", confidence=0.8, start=where.start, end=where.end)


def _of_the_file(frame: Frame) -> Iterator[Notice]:
    """What the reader of the file and the page around the text say."""
    for what, here, there in frame.contradictions:
        yield Notice("contradicts-metadata", f"{what}：正文为“{here}”，网页信息栏为“{there}”")
    if pages := frame.raw.metadata.get("无文字的页"):
        yield Notice("pages-without-text", f"第 {pages} 页没有文字（可能是扫描件），其内容未读入")
    if pages := frame.raw.metadata.get("识别的页"):
        yield Notice("pages-recognised", f"第 {pages} 页的文字由图片识别而来，可能有错字，引用前请对照原件")
    yield from losses_to_notices(frame.raw.fidelity)
