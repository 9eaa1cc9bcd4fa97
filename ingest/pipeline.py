"""One file to one `Document`: reader -> frame -> proposals -> decision. The only module that knows the order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from ingest.activities import drafts_to_activities
from ingest.decide import DOUBTFUL
from ingest.facts.tasks import candidates_to_drafts
from ingest.frame import Frame, raw_to_frame
from ingest.layout import CleanText, raw_to_clean
from ingest.notices import document_to_notices
from ingest.producers import PRODUCED, VERSION
from ingest.propose import Proposals, frame_to_proposals
from ingest.readers import RawDocument, read
from ingest.readers.fidelity import losses_to_notices
from ingest.structure.several import parts_in
from ingest.tools import Tools, tools_for
from kg.core.facts import REFERENCE
from kg.core.ids import sha256
from kg.core.model import Contact, Document, Doubt, Evidence, Notice, Party, PartyKind, encode
from kg.core.parts import part_name
from ontology.names import KNOWN_RULES, mentions_to_entries, text_to_parties
from ontology.reference import Reference

# Raised whenever a stage's output changes, so that documents read by an older one are read again; a new kind does so.
STEP_VERSION = f"ingest-20-{VERSION}"

__all__ = ["STEP_VERSION", "Tools", "read_document", "read_documents", "tools_for"]

_SHOWN = 40  # characters of what is left out


def read_document(data: bytes, *, source: str, document_id: str, reference: Reference) -> Document:
    """Read one file as one document. Raises `UnreadableDocument` with a reason in Chinese; writes nothing."""
    raw, tools = read(data, source, forms=reference.forms), tools_for(reference)
    return _read(raw, raw_to_clean(raw, reference.forms), Document(document_id, source, sha256(data), ""), tools)


def read_documents(
    data: bytes, *, source: str, document_id: str, part_id: Callable[[int], str], reference: Reference
) -> tuple[Document, ...]:
    """Read one file: the document that it is, or those that it holds, in order (`ingest.structure.several`).

    The first of several is named `source#1` and has the id `part_id(1)`. Raises as `read_document` does.
    """
    raw, tools = read(data, source, forms=reference.forms), tools_for(reference)
    clean, digest = raw_to_clean(raw, reference.forms), sha256(data)
    parts = parts_in(clean, reference.forms)
    if not parts:
        return (_read(raw, clean, Document(document_id, source, digest, ""), tools),)
    raw = replace(raw, metadata={})  # the title and the date beside the text of a file are of none of its documents
    documents = [
        _read(
            raw,
            clean.cut(start, end),
            Document(part_id(number), part_name(source, number), digest, "", part=(number, len(parts))),
            tools,
        )
        for number, (start, end) in enumerate(parts, start=1)
    ]
    if above := "".join(clean.text[: parts[0][0]].split()):
        told = Notice("above-the-parts", f"文件开头的“{above[:_SHOWN]}”不属于其中任何一份公文，未读入")
        documents[0] = replace(documents[0], notices=(*documents[0].notices, told))
    return tuple(documents)


def _read(raw: RawDocument, clean: CleanText, blank: Document, tools: Tools) -> Document:
    frame = raw_to_frame(raw, blank.source, tools.resolver, clean)
    proposals = frame_to_proposals(frame, tools)
    blank = replace(blank, text=frame.text, offsets=clean.offsets, pages=clean.pages)
    document = _decided(_with_header(blank, frame), frame, proposals, tools)
    notices = document_to_notices(document, frame.clean, frame.elements, frame.genres, tools.resolver.forms)
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

    verdicts = {
        kind.key: decider.decide(candidates, kind.in_words, lambda fact: fact.evidence)
        for kind, candidates in (
            (REFERENCE, proposals.references),
            *((kind, proposals.of_kind.get(kind.key, ())) for kind in PRODUCED),
        )
    }
    facts: dict[str, Any] = {key: verdict.accepted for key, verdict in verdicts.items()}
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
        works=proposals.works,
        agencies=mentions_to_entries(sorted(mentions, key=lambda p: p.start)),
        places=tools.places.find(text, frame.context, mentions),
        contacts=proposals.contacts,
        articles=proposals.articles,
        to_check=tuple(
            sorted(
                (
                    *_doubtful_tasks(proposals, accept),
                    *(d for v in (*verdicts.values(), agencies) for d in v.doubts),
                ),
                key=lambda d: (d.evidence.start, d.kind, d.text),
            )
        ),
        **facts,
    )


def _addressed(blank: Document, frame: Frame, tools: Tools) -> Iterator[Party]:
    """The bodies that a document is sent to: in this place a zone stands for its administration (高新区)."""
    where = blank.header_evidence.get("recipients")
    if where is None:
        return
    for party in text_to_parties(where.quote, tools.resolver, frame.context, start=where.start)[0]:
        if party.kind is PartyKind.AGENCY and party.rule in KNOWN_RULES:
            yield party


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
    yield from losses_to_notices(frame.raw.fidelity)
