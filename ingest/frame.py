"""The frame of one document: its text, its elements and headings, its header, and whose words it speaks.

Everything that producers need, and nothing that they decide.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath

from ingest.header import (
    Header,
    date_of_version,
    deictic_of,
    elements_to_context,
    elements_to_header,
    is_enacted,
    metadata_contradictions,
    with_metadata,
    year_of_file,
)
from ingest.header.file_name import file_to_title, heading_to_title
from ingest.layout import CleanText, raw_to_clean
from ingest.readers.base import RawDocument
from ingest.sentences import Segmentation
from ingest.structure.elements import Elements, clean_to_elements
from ingest.structure.genre import Genres, elements_to_genres
from ingest.structure.headings import ranges_to_sections
from ingest.structure.kinds import title_to_kind
from ingest.structure.titles import title_letters
from kg.core.errors import UnreadableDocument
from kg.core.model import Section
from kg.core.parts import part_number
from ontology.names import Context, Resolver


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands before any fact is read. `contradictions`: (field, in the text, in the page's table)."""

    raw: RawDocument
    clean: CleanText
    elements: Elements
    sections: tuple[Section, ...]
    header: Header
    context: Context
    genres: Genres
    segmentation: Segmentation
    states_rules: bool = False  # the document enacts articles and nothing else
    contradictions: tuple[tuple[str, str, str], ...] = ()

    @property
    def text(self) -> str:
        """The clean text."""
        return self.clean.text

    @property
    def day(self) -> str | None:
        """The document's day where its text tells one; the day on which a page put it up says nothing of its year."""
        return self.header.date if "date" in self.header.evidence else None

    @property
    def own_titles(self) -> tuple[str, ...]:
        """The document's title and that of what it sends out."""
        return tuple(e.text for e in (self.elements.title, self.elements.attached_title) if e)


def _with_the_files_title(header: Header, source: str, clean: CleanText, resolver: Resolver) -> Header:
    """The header with the title that the name of the file tells better than the text, which then is no evidence."""
    title = heading_to_title(header.title, source, clean.text, resolver)
    if title == header.title:
        return header
    evidence = header.evidence
    if title_letters(header.title) not in title_letters(title):
        evidence = {name: one for name, one in evidence.items() if name != "title"}
    return replace(header, title=title, kind=header.kind or title_to_kind(title, resolver.forms), evidence=evidence)


def raw_to_frame(raw: RawDocument, source: str, resolver: Resolver, clean: CleanText | None = None) -> Frame:
    """All stages before the facts; `clean` is the text where it is at hand. `UnreadableDocument` for a file without."""
    forms = resolver.forms
    clean = raw_to_clean(raw, forms) if clean is None else clean
    if not clean.text.strip():
        raise UnreadableDocument(source, "文件中没有文字；如有内容而未读出，请用原软件打开并另存后重试")
    elements = clean_to_elements(clean, forms, said=raw.metadata.get("title", ""))
    context = elements_to_context(elements, clean, resolver, raw.metadata, PurePath(source).stem)
    context = resolver.with_own(context, clean.text)
    sections = ranges_to_sections(clean, (elements.body, *elements.parts), forms, asides=elements.asides)
    header = elements_to_header(elements, clean, sections, resolver, context)
    contradictions = metadata_contradictions(header, raw.metadata, forms)
    saved_as = "" if elements.documents else file_to_title(source, forms)
    header = with_metadata(header, raw.metadata, resolver, context, saved_as=saved_as)
    if not elements.documents:
        header = _with_the_files_title(header, source, clean, resolver)
    if elements.date is None and part_number(source) is None and (version := date_of_version(source)):
        # versions of one law differ by date, and often only the file's name tells which one this is
        header = replace(header, date=version, year=int(version[:4]))
    if header.year is None and not elements.documents:  # neither text nor page tells one
        header = replace(header, year=year_of_file(source))
    inside = context.place is not None and header.place in resolver.places.path(context.place)
    if header.place is not None and not inside:
        context = resolver.with_own(resolver.context(header.place), clean.text)
    if any(p.start < 0 for p in header.issuers):
        # the full name stands in the page's title alone: what is short for it is it
        told = "".join(f"\n{p.name}" for p in header.issuers)
        context = resolver.with_own(context, clean.text + told)
    issuer = header.issuers[0] if len(header.issuers) == 1 else None
    context = replace(context, deictic=deictic_of(header, resolver, context), issuer=issuer)
    return Frame(
        raw,
        clean,
        elements,
        sections,
        header,
        context,
        elements_to_genres(elements, clean, forms, title=header.title),
        Segmentation(clean.text),
        is_enacted(elements, forms) and not elements.attached_title,
        tuple(contradictions),
    )
