"""What answering looks at: the stores of one generation, the names held in it, and the one resolver of names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from kg.ask.folded import Body
from kg.ask.lexicon import Lexicon, load_lexicon
from kg.ask.matching import Texts
from kg.ask.penalties import Penalty, penalties_of
from kg.ask.shares import Doc
from kg.ask.tables import tables_of
from kg.ask.text import Weights, all_plain, plain
from kg.core.ids import number_key, order_key
from kg.core.longest import Longest
from kg.core.model import Document
from kg.graph.iris import Iris
from kg.graph.protocol import GraphStore
from kg.passages.engine import open_fulltext
from ontology.forms import Forms
from ontology.names import Context, MentionFinder, Resolver
from ontology.records import NATION
from ontology.reference import PlaceRecord, Reference

_AGAIN = 3  # times that a document without a place names the place that it is of
_SHORTEST_TITLE = 3
REPLIES = ("函", "批复")  # go to one body, whose place they are of
REPORTS = ("报告", "通报", "公报", *REPLIES)  # tell what was, or go to one body


class AnswerContext(Protocol):
    """What answering needs of a published generation (kg.service.snapshot.Snapshot is one)."""

    @property
    def folder(self) -> Path:
        """Where the projections are."""
        ...

    @property
    def settings(self) -> Any:
        """The settings (`base_iri`, `ontology`, `store`)."""
        ...

    @property
    def store(self) -> GraphStore:
        """The graph."""
        ...

    @property
    def search(self) -> Any:
        """The passage indexes."""
        ...

    @property
    def catalogue(self) -> Any:
        """The documents."""
        ...

    @property
    def reference(self) -> Reference:
        """The reference data."""
        ...


@lru_cache(maxsize=2)
def _resolver(_version: str, held: _Held) -> tuple[Resolver, MentionFinder]:
    resolver = Resolver(held.reference, held.reference.forms)
    return resolver, MentionFinder(resolver)


class _Held:
    """Reference data as an argument of a cache: they are told apart by their version alone."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)


class Names:
    """The names of a lexicon, ready to be looked up; made once a generation."""

    def __init__(self, lexicon: Lexicon, weights: Weights) -> None:
        self.lexicon = lexicon
        self._tables = tables = tables_of(lexicon)
        self.weights = weights
        self.by_name: dict[str, list[Body]] = {}
        for body in lexicon.bodies:
            self.by_name.setdefault(body.name, []).append(body)
        self.held_places = frozenset(lexicon.places)
        self.titles, self.policies, self.series = tables.titles, tables.policies, tables.series
        self.years = tuple(sorted({doc.year for doc in lexicon.documents if doc.year}))
        self.kinds = frozenset(doc.kind for doc in lexicon.documents if doc.kind)
        self._activities: dict[str, Texts] = {}

    def written(self, form: str) -> list[Body]:
        """The bodies that documents write so."""
        return [self.lexicon.bodies[number] for number in self._tables.bodies.get(form, ())]

    def titled(self, key: str) -> list[Doc]:
        """The documents of a title, as titles are compared."""
        return [self.lexicon.documents[number] for number in self.titles.get(key, ())]

    @cached_property
    def title_search(self) -> tuple[list[str], Longest]:
        """Finds titles of documents and policies in a question without marks."""
        keys = [key for key in {**self.titles, **self.policies} if len(key) >= _SHORTEST_TITLE]
        return keys, Longest(keys)

    def activities_told(self, within: str) -> Texts:
        """What is told of each activity in plain form: its `title`, with heading and document `near`, all `words`."""
        if within not in self._activities:
            numbers = range(len(self.lexicon.events))
            self._activities[within] = Texts(all_plain([self.activity_written(number, within) for number in numbers]))
        return self._activities[within]

    @cached_property
    def titles_told(self) -> Texts:
        """The titles of documents in plain form."""
        return Texts([title for title, _ in self.plain_titles])

    def activity_written(self, number: int, within: str) -> str:
        """The same of one activity, as its document has it."""
        event = self.lexicon.events[number]
        if within == "title":
            return event.title
        near = f"{event.title}｜{event.section or ''}｜{self.lexicon.documents[event.doc].title}"
        return near if within == "near" else f"{near}｜{event.words}"

    @cached_property
    def by_id(self) -> dict[str, Doc]:
        """The documents by their ids."""
        return {doc.id: doc for doc in self.lexicon.documents}

    @cached_property
    def plain_titles(self) -> list[tuple[str, str]]:
        """(title in plain form, document)."""
        return [(doc.plain, doc.id) for doc in self.lexicon.documents]

    @cached_property
    def document_numbers(self) -> dict[str, list[str]]:
        """Number of a document in the form of comparing -> the documents; an office may give a number twice."""
        out: dict[str, list[str]] = {}
        for doc in self.lexicon.documents:
            if doc.number:
                out.setdefault(number_key(doc.number), []).append(doc.id)
        return out

    @cached_property
    def order_numbers(self) -> dict[str, list[Doc]]:
        """Number of an order in the form of comparing -> the documents."""
        out: dict[str, list[Doc]] = {}
        for doc in self.lexicon.documents:
            if doc.number and "令" in doc.number:
                out.setdefault(order_key(doc.number), []).append(doc)
        return out

    @cached_property
    def policy_numbers(self) -> dict[str, int]:
        """Number of a policy that is cited in the same form -> which policy of the lexicon."""
        return {number_key(policy.number): n for n, policy in enumerate(self.lexicon.policies) if policy.number}

    def titles_with(self, noun: str) -> list[tuple[str, str]]:
        """(title in plain form, document) of those that hold a word."""
        return [one for one in self.plain_titles if noun in one[0]]

    @cached_property
    def form_search(self) -> tuple[list[str], Longest]:
        """Finds bodies as documents write them."""
        forms = [form for form in self._tables.bodies if len(form) > 1]
        return forms, Longest(forms)

    @cached_property
    def series_search(self) -> tuple[list[str], Longest]:
        """Finds series by their words."""
        words = [word for word in self.series if len(word) > 1]
        return words, Longest(words)

    @cached_property
    def main_places(self) -> tuple[str, ...]:
        """The places of which most documents are, most first."""
        counts: dict[str, int] = {}
        for doc in self.lexicon.documents:
            if doc.place:
                counts[doc.place] = counts.get(doc.place, 0) + 1
        return tuple(sorted(counts, key=lambda place: (-counts[place], place)))


@lru_cache(maxsize=2)
def _names(folder: Path, _lexicon: int, store: str) -> Names:
    fulltext = open_fulltext(folder, store)
    return Names(load_lexicon(folder), Weights(fulltext.frequency, len(fulltext)))


_REMEMBERED = 24  # documents of a catalogue
_LATELY: WeakKeyDictionary[Any, dict[str, Document]] = WeakKeyDictionary()
_ONE_AT_A_TIME = Lock()


def _read_lately(catalogue: Any, document_id: str) -> Document:
    """A document, kept for the next questions by the catalogue that it was read through: it blots and leaves out."""
    with _ONE_AT_A_TIME:
        lately = _LATELY.setdefault(catalogue, {})
        document = lately.pop(document_id, None)
    document = document or catalogue.document(document_id)
    with _ONE_AT_A_TIME:
        lately[document_id] = document  # the last one, whether it was there or not
        while len(lately) > _REMEMBERED:
            del lately[next(iter(lately))]
    return document


class Library:
    """One generation as questions see it."""

    def __init__(self, context: AnswerContext) -> None:
        self.context = context
        self.lexicon = load_lexicon(context.folder)
        self.names = _names(context.folder, id(self.lexicon), str(context.settings.store))
        self.iris = Iris(context.settings.base_iri)
        reference = context.reference
        self.forms: Forms = reference.forms
        self.resolver, self.mentions = _resolver(reference.version, _Held(reference))
        self._documents: dict[str, Document] = {}
        self._penalties: dict[str, tuple[Penalty, ...]] = {}
        self._spoken: dict[tuple[str, str], bool] = {}

    @property
    def weights(self) -> Weights:
        """How telling pairs of characters are."""
        return self.names.weights

    def place(self, qualified: str) -> PlaceRecord | None:
        """A place by its qualified name."""
        return self.resolver.places.by_qualified.get(qualified)

    def contexts(self, places: tuple[str, ...]) -> list[Context]:
        """In whose words a question may speak: of the places that it names, else of those that the documents are of."""
        wanted = places or self.names.main_places[:3]
        records = [record for name in wanted if (record := self.place(name))]
        state = self.place(NATION)
        return [self.resolver.context(record) for record in dict.fromkeys((*records, *((state,) if state else ())))]

    def within(self, inner: str | None, outer: str) -> bool:
        """Whether one qualified place is another or lies in it; the state holds only itself."""
        if inner is None:
            return False
        if inner == outer:
            return True
        one, other = self.place(inner), self.place(outer)
        return bool(one and other and other.level != "国家" and self.resolver.places.holds(other, one))

    def places_in(self, text: str, near: PlaceRecord | None = None) -> set[PlaceRecord]:
        """The places that a text names, the state left out; of homonyms the one in `near`, with the towns of that."""
        index, found, at = self.resolver.places, set(), 0
        while at < len(text):
            if near is not None and (town := index.towns.at(text, near, at)):
                found.add(town[0])
                at += len(town[0].name)
                continue
            match = index.at(text, near, at)
            if match is None or match.doubtful or match.place.level == "国家":
                at += 1
                continue
            found.add(match.place)
            at += match.length
        return found

    def rules(self, doc: Doc, place: str, *, of_any_kind: bool = False) -> bool:
        """Whether a document is a rule of a place that another lies in: it holds there too, as no report does.

        With `of_any_kind` what is planned, promised and paid counts as well, and what the state lays down.
        """
        if doc.place is None or not (self.within(place, doc.place) or (of_any_kind and doc.place == NATION)):
            return False
        if of_any_kind and not (doc.kind or "").endswith(REPORTS):
            return True
        return self.forms.pattern("title.of_rule").search(doc.title) is not None

    def speaks_of(self, document_id: str, place: PlaceRecord) -> bool:
        """Whether a document is of a place though nothing of that place issued it.

        It is sent to a body of the place, or comes from an office of the state there; or it names no issuer, so that
        its place is a guess, and speaks of one again and again.
        """
        doc = self.doc(document_id)
        if doc is None:
            return False
        key = (document_id, place.qualified)
        if key not in self._spoken:
            self._spoken[key] = self._is_of(doc, place)
        return self._spoken[key]

    def is_between(self, document_id: str, names: Sequence[str]) -> bool:
        """Whether a document is from a body or went to it, under one of its names."""
        if (doc := self.doc(document_id)) is None:
            return False
        if any(name in plain(other) for name in names for other in (*doc.issuers, doc.title)):
            return True
        if doc.issuers and not (doc.kind or "").endswith(REPLIES):
            return False
        text = plain(self.document(document_id).text)  # it tells no issuer, or answers with what others found
        return any(name in text for name in names)

    def _is_of(self, doc: Doc, place: PlaceRecord) -> bool:
        wide = place.level in ("省", "市")  # a district's bare name is that of many
        if wide and any(place.bare in name for name in doc.issuers):
            return True
        guessed = not doc.issuers and (doc.place is None or self.within(place.qualified, doc.place))
        replies = (doc.kind or "").endswith(REPLIES)
        if not (guessed or replies):
            return False
        document = self.document(doc.id)
        sent = wide and replies and place.bare in (document.recipients or "")
        return sent or (guessed and document.text.count(place.bare) >= _AGAIN)

    def document(self, document_id: str) -> Document:
        """A held document with its facts, read once a question."""
        if document_id not in self._documents:
            self._documents[document_id] = _read_lately(self.context.catalogue, document_id)
        return self._documents[document_id]

    def penalties(self, document_id: str) -> tuple[Penalty, ...]:
        """What a law says of breaches of its provisions by their numbers, looked for once a question."""
        if document_id not in self._penalties:
            self._penalties[document_id] = tuple(penalties_of(self.document(document_id), self.forms))
        return self._penalties[document_id]

    def doc(self, document_id: str) -> Doc | None:
        """The lexicon's entry of a document."""
        return self.names.by_id.get(document_id)
