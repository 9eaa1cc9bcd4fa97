"""The catalogue without personal data: what every reader and every projection gets who was not given the right to it.

Graph, full text, lexicon and all faces read through `Masked`, so that no face can forget to blot; `ontology.personal`
decides what is personal. The plain catalogue is opened by those who write, and on request (`--with-contacts`).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Self

from kg.catalogue import Catalogue, Summary
from kg.core.anchors import anchor_at, locate
from kg.core.corrections import Correction
from kg.core.facts import PERSON
from kg.core.model import Document, Evidence, Passage, Person
from kg.core.text import merged
from ontology.personal import MASK, Spans, blot, masked, personal_spans

MASK_VERSION = "3"
"""Goes up when what counts as personal, or how it is blotted, changes: projections are built anew."""

_SEPARATORS = re.compile(r"[\s\u3000]")
_THINNED = ("persons", "to_check")  # lists that contacts are left out of
_TELLING = 5  # characters of a number that is looked for wherever the facts repeat it
_REMEMBERED = 20_000  # documents
_PASSAGES = 4_000  # that are remembered: one question looks at some hundreds several times


def without_personal(document: Document) -> Document:
    """The document with everything personal blotted out: in its text, its quotes, and the words of its facts."""
    spans = personal_spans(document.text)
    spans = _with_contacts(document, spans)
    if not spans:
        return document if not document.contacts else dataclasses.replace(document, contacts=())
    return _Blotting(document, spans).run()


def whole_path(document: Document, path: str) -> str:
    """Where in a document the fact stands that a path in `without_personal(document)` points at.

    `persons/2` may be the third: one who is a contact is not shown.
    """
    key, _, number = path.strip("/").partition("/")
    if key not in _THINNED or not number.isdigit():
        return path
    blotting = _Blotting(document, _with_contacts(document, personal_spans(document.text)))
    items = enumerate(getattr(document, key), start=1)
    shown = [place for place, item in items if not blotting.is_contact(item)]
    return f"{key}/{shown[int(number) - 1]}" if 1 <= int(number) <= len(shown) else f"{key}/0"


def _with_contacts(document: Document, spans: Spans) -> Spans:
    """The spans with the names of those whom the reading of the document found to be contacts."""
    more = []
    for contact in document.contacts:
        words, first = document.text[contact.evidence.start : contact.evidence.end], contact.evidence.start
        for name in contact.persons:
            more += [(first + m.start(), first + m.end()) for m in re.finditer(_spread(name), words)]
    return merged((*spans, *more)) if more else spans


def _spread(name: str) -> str:
    """A name as it may be written: 孙尧 as 孙　尧."""
    return r"[ \u3000]{0,3}".join(map(re.escape, name))


class _Blotting:
    """One document while its facts are gone through."""

    def __init__(self, document: Document, spans: Spans) -> None:
        self.document = document
        self.spans = spans
        self.text = blot(document.text, spans)
        secrets = {document.text[start:end] for start, end in spans}
        secrets |= {_SEPARATORS.sub("", secret) for secret in secrets}
        self.numbers = sorted((s for s in secrets if len(s) >= _TELLING), key=len, reverse=True)

    def run(self) -> Document:
        changes: dict[str, Any] = {"text": self.text, "contacts": ()}
        for field in dataclasses.fields(Document):
            if field.name in ("id", "source", "sha256", "text", "contacts", "offsets", "pages", "places", "fidelity"):
                continue
            value = getattr(self.document, field.name)
            if field.name in _THINNED:
                value = tuple(item for item in value if not self.is_contact(item))
            changed = self.value(value, ())
            if changed != value or value is not getattr(self.document, field.name):
                changes[field.name] = changed
        return dataclasses.replace(self.document, **changes)

    def is_contact(self, item: Any) -> bool:
        """Whether a person, or a doubt about one, is a contact."""
        names = isinstance(item, Person) or getattr(item, "kind", None) == PERSON.name
        return names and bool(self._within(item.evidence.start, item.evidence.end))

    def _within(self, start: int, end: int) -> list[str]:
        """The secrets that stand in a stretch of the text."""
        text = self.document.text
        return [text[first:last] for first, last in self.spans if first < end and start < last]

    def value(self, value: Any, secrets: tuple[str, ...]) -> Any:
        """A value of the model without what is personal; `secrets` are those of the words that it was read from."""
        if isinstance(value, str):
            return self._words(value, secrets)
        if isinstance(value, Evidence):
            if self.document.text[value.start : value.end] == value.quote:
                return dataclasses.replace(value, quote=self.text[value.start : value.end])
            return dataclasses.replace(value, quote=self._words(value.quote, secrets))
        if isinstance(value, tuple):
            changed = tuple(self.value(item, secrets) for item in value)
            return changed if changed != value else value
        if isinstance(value, dict):
            return {key: self.value(item, secrets) for key, item in value.items()}
        if not dataclasses.is_dataclass(value) or isinstance(value, type):
            return value
        own = (*secrets, *(s for start, end in _places(value) for s in self._within(start, end)))
        changes = {}
        for field in dataclasses.fields(value):
            held = getattr(value, field.name)
            if (new := self.value(held, own)) != held:
                changes[field.name] = new
        return dataclasses.replace(value, **changes) if changes else value

    def _words(self, words: str, secrets: tuple[str, ...]) -> str:
        for secret in (*secrets, *self.numbers):
            for written in (secret, _SEPARATORS.sub("", secret)):
                if written and written in words:
                    words = words.replace(written, MASK * len(written))
        return masked(words)


def _places(value: Any) -> Iterator[tuple[int, int]]:
    """Where in the text a fact was read."""
    evidence = getattr(value, "evidence", None)
    if isinstance(evidence, Evidence):
        yield evidence.start, evidence.end
    elif isinstance(start := getattr(value, "start", None), int) and start >= 0:
        yield start, getattr(value, "body_start", getattr(value, "end", start))
    yield from getattr(value, "spans", ())


class Masked(Catalogue):
    """A catalogue as those read it who have no right to contacts. Writing through it is the builders' own affair."""

    _known: tuple[int, dict[str, Spans]] = (-1, {})
    _shown: tuple[int, dict[str, Passage]] = (-1, {})

    @classmethod
    def over(cls, catalogue: Catalogue) -> Self:
        """The same open catalogue, masked; closing it is the other's business."""
        made = cls(catalogue._connection, catalogue.path)  # noqa: SLF001 - of a class that it inherits
        made._as_of = catalogue._as_of  # noqa: SLF001
        return made

    def document(self, document_id: str) -> Document:
        """A document without personal data."""
        return without_personal(super().document(document_id))

    def documents(self) -> Iterator[Summary]:
        """All documents, their titles without personal data."""
        return map(_summary, super().documents())

    def summary(self, document_id: str) -> Summary:
        """One line of `documents()`."""
        return _summary(super().summary(document_id))

    def passages(self, document_id: str | None = None) -> Iterator[Passage]:
        """Passages without personal data."""
        if document_id is None:
            yield from map(self._passage, super().passages())
            return
        spans: Spans | None = None  # those of the document, asked for once
        for passage in super().passages(document_id):
            spans = self._spans(document_id) if spans is None else spans
            yield _without(passage, spans)

    def passage(self, passage_id: str) -> Passage:
        """One of them."""
        return self._passage(super().passage(passage_id))

    def passages_of(self, passage_ids: Iterable[str]) -> dict[str, Passage]:
        """Some of them, remembered until the catalogue changes."""
        sequence, wanted = self.sequence(), list(passage_ids)
        if self._shown[0] != sequence or len(self._shown[1]) > _PASSAGES:
            self._shown = (sequence, {})
        shown = self._shown[1]
        read = super().passages_of([ident for ident in wanted if ident not in shown])
        told = {key: self._passage(passage) for key, passage in read.items()}
        found = {ident: told.get(ident) or shown.get(ident) for ident in wanted}
        if self.sequence() == sequence:  # else what was read may be newer
            shown |= told
        return {ident: passage for ident, passage in found.items() if passage is not None}

    def document_as_read(self, document_id: str) -> Document:
        """The same without anybody's statements."""
        return without_personal(super().document_as_read(document_id))

    def with_activities(self) -> Iterator[Document]:
        """Those of the documents that plan or report something."""
        return map(without_personal, super().with_activities())

    def corrections(
        self, document_id: str | None = None, *, kinds: Sequence[str] = (), undone: bool = False
    ) -> list[Correction]:
        """What people stated, its words without personal data."""
        return [self.blotted(each) for each in super().corrections(document_id, kinds=kinds, undone=undone)]

    def blotted(self, correction: Correction) -> Correction:
        """A statement without personal data: those of its document wherever its words repeat them."""
        if correction.anchor is None and correction.document_id is None:
            return correction
        secrets: tuple[str, ...] = ()
        anchor, place = correction.anchor, None
        if correction.document_id is not None and (spans := self._spans(correction.document_id)):
            text = self.text_and_contacts(correction.document_id)[0]
            place = locate(anchor, text) if anchor is not None else None
            secrets = tuple(sorted({text[start:end] for start, end in spans}, key=len, reverse=True))
        told = {name: _blotted(getattr(correction, name), secrets) for name in ("was", "values", "doubt")}
        if anchor is not None and place is not None:  # the quote may hold half of a number
            anchor = anchor_at(blot(text, spans), *place)
        elif anchor is not None:
            words = {name: _blotted(getattr(anchor, name), secrets) for name in ("quote", "prefix", "suffix")}
            anchor = dataclasses.replace(anchor, **words)
        return dataclasses.replace(correction, anchor=anchor, **told)

    def _passage(self, passage: Passage) -> Passage:
        return _without(passage, self._spans(passage.document_id))

    def _spans(self, document_id: str) -> Spans:
        """Those of a document's text, remembered until the catalogue changes."""
        sequence = self.sequence()
        if self._known[0] != sequence or len(self._known[1]) > _REMEMBERED:
            self._known = (sequence, {})
        known = self._known[1]
        if document_id not in known:
            text, contacts = self.text_and_contacts(document_id)
            whole = Document(document_id, "", "", text, contacts=contacts)
            known[document_id] = _with_contacts(whole, personal_spans(text))
        return known[document_id]


def _without(passage: Passage, spans: Spans) -> Passage:
    """A passage without what is personal; `spans` are those of its document's text."""
    text = blot(passage.text, spans, passage.start) if spans else passage.text
    text = masked(text)  # a reader's lists may be ahead of the documents that the spans are of
    heading = _headings(passage.heading_path)
    if text == passage.text and heading == passage.heading_path:
        return passage
    return dataclasses.replace(passage, text=text, heading_path=heading)


@lru_cache(maxsize=1024)
def _headings(path: tuple[str, ...]) -> tuple[str, ...]:
    """Headings without what is personal; neighbours have the same."""
    return tuple(map(masked, path))


def _blotted(value: Any, secrets: tuple[str, ...]) -> Any:
    """A value of a statement, as JSON has it, without some words and without what is personal."""
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, MASK * len(secret))
        return masked(value)
    if isinstance(value, list):
        return [_blotted(item, secrets) for item in value]
    if isinstance(value, dict):
        return {key: _blotted(item, secrets) for key, item in value.items()}
    return value


@lru_cache(maxsize=50_000)
def _title(title: str) -> str:
    """A title without what is personal; all of them are listed several times in a publish."""
    return masked(title)


def _summary(item: Summary) -> Summary:
    title = _title(item.title)
    return item if title == item.title else dataclasses.replace(item, title=title)
