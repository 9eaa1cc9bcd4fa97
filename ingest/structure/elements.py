"""The elements of a 公文 (GB/T 9704-2012): what stands above the body, what below it, and its annexes."""

from __future__ import annotations

from dataclasses import replace

from ingest.layout import CleanText
from ingest.structure.bottom import is_blank_form, read_bottom
from ingest.structure.model import Element, Elements
from ingest.structure.top import head_lines, read_top

__all__ = ["Element", "Elements", "clean_to_elements"]


def clean_to_elements(clean: CleanText) -> Elements:
    """All elements of one document."""
    paragraphs = head_lines(clean)
    top = read_top(clean, paragraphs)
    bottom = read_bottom(clean, paragraphs, top.after)
    forms = tuple(a for a in bottom.annexes if is_blank_form(clean, *a))
    start = paragraphs[top.after].start if top.after < len(paragraphs) else bottom.body_end
    elements = Elements(
        title=top.title,
        mark=top.mark,
        number=top.number,
        recipients=top.recipients,
        front=tuple(top.front),
        signature=bottom.signature,
        date=bottom.date,
        printed_by=bottom.printed_by,
        printed_date=bottom.printed_date,
        attachments=bottom.attachments,
        copy_to=bottom.copy_to,
        attached_title=bottom.attached_title,
        body=(min(start, bottom.body_end), bottom.body_end),
        parts=tuple(a for a in bottom.annexes if a not in forms),
        forms=forms,
    )
    if top.title is None and bottom.attached_title is not None:
        # an order (…令 第707号) has no title of its own: it carries the one of what it promulgates
        return replace(elements, title=bottom.attached_title, attached_title=None)
    return elements
