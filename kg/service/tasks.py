"""What a document asks for, piece by piece: its activities, else its headings or articles, else its paragraphs.

The ground of `kg.service.comparison`; pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from kg.core.ids import title_key
from kg.core.model import Activity, Document, Party, Section

Kind = Literal["activities", "sections", "paragraphs"]

LONGEST = 1500  # characters of a piece that are compared; an article of a law rarely has more
_SHORTEST = 8  # characters of a paragraph that says something
_QUOTED = re.compile(r"[“\"「『《〈]([^“”\"「」『』《》〈〉]{2,40})[”\"」』》〉]")
_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?")
_TABLE = re.compile(r"[\t ]+")


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of a document. `text` is `document.text[start:end]`; `quote` is the part that names it."""

    no: str
    title: str
    heading: str
    start: int
    end: int
    text: str = field(repr=False)
    quote_end: int
    names: frozenset[str] = frozenset()  # of what is quoted or cited in it, in the form in which titles are compared
    series: str | None = None
    status: str | None = None
    period: tuple[str, str] | None = None
    parties: tuple[Party, ...] = field(default=(), repr=False)

    @property
    def words(self) -> str:
        """What it is compared by: its title, or its text where it has none."""
        return self.title or self.text


def common_kind(left: Document, right: Document) -> Kind:
    """The finest kind of piece that both documents have."""
    if left.activities and right.activities:
        return "activities"
    return "sections" if left.sections and right.sections else "paragraphs"


def tasks_of(document: Document, kind: Kind) -> list[Task]:
    """The pieces of one kind, in order of the text."""
    if kind == "activities":
        return list(_activities(document))
    return list(_sections(document) if kind == "sections" else _paragraphs(document))


def _activities(document: Document) -> Iterator[Task]:
    """Each with the text up to the next one that is not part of it, at most to the end of its section."""
    aliases = _aliases(document)
    ordered = sorted(document.activities, key=lambda activity: activity.evidence.start)
    for position, activity in enumerate(ordered):
        start = activity.evidence.start
        next_ = next((a.evidence.start for a in ordered[position + 1 :] if not _inside(a, activity, start)), None)
        section = _innermost(document.sections, start)
        limits = [end for end in (next_, section.end if section else None) if end is not None]
        end = max(min([*limits, len(document.text), start + LONGEST]), activity.evidence.end)
        yield Task(
            activity.no or "",
            activity.title,
            activity.section or "",
            start,
            end,
            document.text[start:end].rstrip(),
            activity.evidence.end,
            _names(activity.title, aliases),
            activity.series,
            activity.status,
            activity.period,
            activity.responsible,
        )


def _inside(other: Activity, activity: Activity, start: int) -> bool:
    return other.parent == activity.id or other.evidence.start == start


def _innermost(sections: Sequence[Section], position: int) -> Section | None:
    inside = [section for section in sections if section.start <= position < section.end]
    return max(inside, key=lambda section: section.start, default=None)


def _sections(document: Document) -> Iterator[Task]:
    """The headings or articles that have no others beneath them."""
    aliases = _aliases(document)
    parents = {section.parent for section in document.sections}
    for number, section in enumerate(document.sections):
        if number in parents:
            continue
        end = min(section.end, section.start + LONGEST)
        text = document.text[section.start : end].rstrip()
        above = document.sections[section.parent] if section.parent is not None else None
        heading = f"{above.label} {above.title}".strip() if above else ""
        quote_end = section.body_start if section.title else section.start + len(text)
        yield Task(
            section.label,
            section.title,
            heading,
            section.start,
            end,
            text,
            min(quote_end, section.start + len(text)),
            _names(section.title or text, aliases),
        )


def _paragraphs(document: Document) -> Iterator[Task]:
    aliases = _aliases(document)
    at = 0
    for line in document.text.split("\n"):
        text = line.strip()
        if len(text) >= _SHORTEST:
            start = at + line.index(text)
            text = text[:LONGEST]
            end = start + len(text)
            yield Task("", "", "", start, end, text, end, _names(text, aliases))
        at += len(line) + 1


def sentences_of(document: Document) -> list[Task]:
    """Every sentence, as what a task may answer to where no task of the document does."""
    aliases = _aliases(document)
    found = []
    for match in _SENTENCE.finditer(document.text):
        text = match[0].strip()
        if len(text) >= _SHORTEST:
            start = match.start() + match[0].index(text)
            text = text[:LONGEST]
            found.append(Task("", "", "", start, start + len(text), text, start + len(text), _names(text, aliases)))
    return found


def _aliases(document: Document) -> dict[str, str]:
    """《纲要》 in a document that says 以下简称《纲要》 is what it stands for."""
    return {
        title_key(reference.as_written): title_key(reference.alias_of)
        for reference in document.policy_references
        if reference.alias_of
    }


def _names(text: str, aliases: dict[str, str]) -> frozenset[str]:
    keys = (title_key(found) for found in _QUOTED.findall(_TABLE.sub("", text)))
    return frozenset(aliases.get(key, key) for key in keys if key)


def function_of(party: Party) -> str:
    """A body without its place, so that those of two places can be compared: 青浦区市场监督管理局 -> 市场监督管理局."""
    name, place = party.name, party.place or ""
    starts = (at for at in range(len(place)) if len(place) - at > 1 and name.startswith(place[at:]))
    at = next(starts, None)
    if at is not None and len(name) > len(place) - at:
        name = name[len(place) - at :]
    return name.removeprefix("国家").replace("总局", "局")
