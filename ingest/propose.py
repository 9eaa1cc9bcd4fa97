"""All proposals for one document: each producer is asked once, and what it says is kept apart by kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ingest.candidates import Candidate, Given
from ingest.facts.articles import articles_of
from ingest.facts.draft import Draft
from ingest.frame import Frame
from ingest.tools import Tools
from kg.core.model import Article, Contact, Party, PolicyReference, Work


@dataclass(frozen=True, slots=True)
class Proposals:
    """What the producers propose: `of_kind` by the keys of `ingest.producers.PRODUCED`, the others by hand.

    Contacts, works and articles are read by sure forms and need no decision.
    """

    tasks: tuple[Candidate[Draft], ...] = ()
    references: tuple[Candidate[PolicyReference], ...] = ()
    of_kind: Mapping[str, tuple[Candidate[Any], ...]] = field(default_factory=dict)
    agencies: tuple[Candidate[Party], ...] = ()
    contacts: tuple[Contact, ...] = ()
    works: tuple[Work, ...] = ()
    articles: tuple[Article, ...] = ()
    personal: tuple[tuple[int, int], ...] = field(default=(), repr=False)


def frame_to_proposals(frame: Frame, tools: Tools) -> Proposals:
    """Ask every producer. A file that holds several documents is proposed nothing: whose facts would they be?"""
    if frame.elements.documents:
        return Proposals()
    text, header, segmentation = frame.text, frame.header, frame.segmentation
    contacts = tools.contacts.propose(text)
    personal = tuple(tools.contacts.personal_spans(text))
    references, works = tools.references.propose(
        text,
        year=header.year,
        own_titles=frame.own_titles,
        own_numbers=(header.doc_number,) if header.doc_number else (),
        known=tools.full_title,
        issuer_name=lambda name: tools.issuer_name(name, frame.context),
        segmentation=segmentation,
    )
    tasks: tuple[Candidate[Draft], ...] = ()
    if not frame.states_rules:
        tasks = tuple(
            tools.tasks.propose(
                frame.clean,
                frame.sections,
                frame.context,
                segmentation,
                elements=frame.elements,
                kind=header.kind,
                title=header.title or "",
                genres=frame.genres,
            )
        )
    given = Given(
        text,
        segmentation,
        header.title,
        header.year,
        header.date,
        frame.day,
        blanks=tuple(frame.elements.forms),
        personal=personal,
    )
    return Proposals(
        tasks=tasks,
        references=tuple(references),
        of_kind={key: tuple(producer.read(given)) for key, producer in tools.producers.items()},
        agencies=tuple(_mention(p, frame, tools) for p in tools.mentions.find(text, frame.context)),
        contacts=tuple(c.fact for c in contacts),
        works=tuple(works),
        articles=articles_of(frame.clean, frame.elements, tools.resolver.forms),
        personal=personal,
    )


def _mention(party: Party, frame: Frame, tools: Tools) -> Candidate[Party]:
    """A body named in running text, with what speaks for and against it."""
    features = {
        f"ending-{_ending(party, tools)}",
        f"length-{min(len(party.as_written) // 4, 3)}",
        "national" if frame.context.national else "local",
        f"after-{_kind_of(frame.text[party.start - 1 : party.start])}",
        f"before-{_kind_of(frame.text[party.end : party.end + 1])}",
    }
    return Candidate("agency", party, party.start, party.end, party.rule, frozenset(features))


def _ending(party: Party, tools: Tools) -> str:
    return tools.resolver.grammar.ending_of(party.as_written) or "none"


def _kind_of(char: str) -> str:
    if not char or char in "\n\t":
        return "edge"
    if "\u4e00" <= char <= "\u9fff":
        return "han"
    return "list" if char in "、，；" else "mark"
