"""What the structure stages pass on."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.layout import CleanText, Paragraph


@dataclass(frozen=True, slots=True)
class Element:
    """An element and where it stands; `text` may lack what only marks it (文件, ：)."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Elements:
    """What was found. `body` is the range of the main text, `parts` those of annexes that are documents."""

    title: Element | None = None
    mark: tuple[Element, ...] = ()
    number: Element | None = None
    recipients: Element | None = None
    front: tuple[Element, ...] = ()
    signature: tuple[Element, ...] = ()
    date: Element | None = None
    printed_by: Element | None = None
    printed_date: Element | None = None
    attachments: Element | None = None
    copy_to: Element | None = None
    attached_title: Element | None = None
    body: tuple[int, int] = (0, 0)
    parts: tuple[tuple[int, int], ...] = ()
    forms: tuple[tuple[int, int], ...] = ()  # annexes that are blank forms


def element(clean: CleanText, p: Paragraph, start: int = 0, end: int | None = None) -> Element:
    """A paragraph, or a piece of it, as an element."""
    text = clean.of(p)
    end = len(text) if end is None else end
    return Element(text[start:end], p.start + start, p.start + end)
