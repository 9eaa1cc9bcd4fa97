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
    title_date: Element | None = None  # in brackets behind or below the title
    notes: tuple[Element, ...] = ()  # below a law's title: 2021年7月27日…公布
    spoken: Element | None = None  # ——2025年1月8日在…会议上
    speaker: Element | None = None  # 市长 张三
    meta: tuple[tuple[str, Element], ...] = ()  # (key, value) of labelled lines above the text
    contents: tuple[tuple[int, int], ...] = ()  # tables of contents
    lists: tuple[tuple[int, int], ...] = ()  # lists of annexes
    documents: tuple[tuple[int, int], ...] = ()  # of a file that holds several documents, the range of each

    @property
    def asides(self) -> tuple[tuple[int, int], ...]:
        """Ranges that no fact is read from as from text: tables of contents and lists of annexes."""
        return tuple(sorted((*self.contents, *self.lists)))

    @property
    def own(self) -> tuple[int, int]:
        """The range of the document's own words: up to what it sends out, where it sends something out."""
        end = self.attached_title.start if self.attached_title else self.body[1]
        return (self.body[0], max(self.body[0], end))

    @property
    def attached(self) -> tuple[int, int] | None:
        """The range of what a notice sends out below its signature."""
        return (self.attached_title.start, self.body[1]) if self.attached_title else None


def element(clean: CleanText, p: Paragraph, start: int = 0, end: int | None = None) -> Element:
    """A paragraph, or a piece of it, as an element."""
    text = clean.of(p)
    end = len(text) if end is None else end
    return Element(text[start:end], p.start + start, p.start + end)
