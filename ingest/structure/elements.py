"""The elements of a 公文 (GB/T 9704-2012): what stands above the body, what below it, and its annexes."""

from __future__ import annotations

from dataclasses import replace

from ingest.layout import CleanText, Paragraph
from ingest.structure.asides import attachment_lists, contents_ranges, inside
from ingest.structure.bottom import is_blank_form, read_bottom
from ingest.structure.compilation import documents_in
from ingest.structure.head import read_head
from ingest.structure.model import Element, Elements
from ontology.forms import Forms

__all__ = ["Element", "Elements", "clean_to_elements"]


def clean_to_elements(clean: CleanText, forms: Forms, *, said: str = "") -> Elements:
    """All elements of one document. `said` is the title that the file or its collector gives elsewhere."""
    paragraphs = list(clean.paragraphs)
    documents = documents_in(clean, forms)
    if documents:
        return Elements(
            title=_cover(clean, paragraphs, documents, forms),
            body=(0, len(clean.text)),
            documents=documents,
            contents=contents_ranges(clean, paragraphs, forms),
            lists=attachment_lists(clean, paragraphs, forms),
        )
    head = read_head(clean, paragraphs, forms, said=said)
    after = next((i for i, p in enumerate(paragraphs) if p.end > head.after), len(paragraphs))
    rest = paragraphs[after:]
    if rest and rest[0].start < head.after:  # the body begins inside a paragraph
        rest = [rest[0]._replace(start=head.after), *rest[1:]]
    title = head.title.text if head.title else ""
    bottom = read_bottom(clean, rest, forms, title=title)
    end = bottom.body_end if rest else len(clean.text)
    blank = tuple(a for a in bottom.annexes if is_blank_form(clean, *a, forms))
    signed = bool(bottom.signature or bottom.date)
    elements = Elements(
        title=head.title,
        mark=head.mark,
        number=head.number,
        recipients=head.recipients,
        front=(*head.front, *bottom.front),
        signature=bottom.signature if signed else head.signature,
        date=bottom.date or head.date,
        printed_by=bottom.printed_by,
        printed_date=bottom.printed_date,
        attachments=bottom.attachments,
        copy_to=bottom.copy_to,
        attached_title=bottom.attached_title,
        body=(min(head.after, end), end),
        parts=tuple(a for a in bottom.annexes if a not in blank),
        forms=blank,
        title_date=head.title_date,
        notes=tuple(head.notes),
        spoken=head.spoken,
        speaker=head.speaker,
        meta=tuple(head.meta),
        contents=bottom.contents,
        lists=bottom.lists,
    )
    if head.title is None and bottom.attached_title is not None:
        # an order (…令 第707号), a letter that sends something out: without a title it carries that of what it sends
        return replace(elements, title=bottom.attached_title, attached_title=None)
    return elements


def _cover(
    clean: CleanText, paragraphs: list[Paragraph], documents: tuple[tuple[int, int], ...], forms: Forms
) -> Element | None:
    """The title of a compilation: what stands above its first document, where it has one."""
    above = [p for p in paragraphs if p.start < documents[0][0]]
    tables = contents_ranges(clean, above, forms)
    above = [p for p in above if not inside(tables, p.start)]
    for p in above[:3]:
        text = clean.of(p)
        if 4 <= len(text) <= 80 and ("汇编" in text or text.endswith(("选编", "文集", "政策集"))):
            return Element(text, p.start, p.end)
    return None
