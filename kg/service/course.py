"""沿革: how a law or policy came to be what it is: adopted, changed, repealed, by what, and how it stands today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from kg.catalogue import Catalogue, Summary
from kg.core.errors import UnknownName
from kg.core.ids import title_key
from kg.core.model import Document
from kg.core.standing import Standing, standing
from kg.graph.ended import Ended, ended_by, ended_on, gone_from, policies_of
from kg.graph.iris import Iris
from kg.graph.protocol import GraphStore
from kg.service import views
from ontology.forms import Forms
from ontology.terms import PKG

Json = dict[str, Any]

_HEAD = 1_500  # characters before the first article in which a law tells its course
_MOST = 40  # steps by others that are told, the earliest first


class Course:
    """The course of one document or policy. `target` is a document's id or the IRI of a policy that is not held."""

    def __init__(self, catalogue: Catalogue, store: GraphStore, iris: Iris, forms: Forms) -> None:
        self._catalogue, self._store, self._iris = catalogue, store, iris
        self._step = forms.pattern("course.step")

    def of(self, target: str, title: str | None, *, day: dt.date | None = None) -> Json:
        """`{"standing", "since", "day", "steps": [step], "texts": [text], "left_off"}`.

        A step is `{"date", "act", "way", "name", "document_id", "quote"}`: `way` is own (the document says it of
        itself), by (another does it to this one) or to (this one does it to another, `name`). `texts` are other
        documents of the same title, the latest first. `standing` is a `kg.core.standing.Standing`.
        """
        day = day or dt.datetime.now(tz=dt.UTC).astimezone().date()
        document = self._document(target)
        policies = self._policies(target, document, title)
        ended = [one for one in ended_by(policies, self._document, self._store, self._iris) if one[0].id != target]
        others = list(map(self._by, ended))
        steps = [*self._own(document), *others[:_MOST]]
        gone = gone_from(ended)
        if document is not None:
            stands, since = standing([e for e in document.effects if e.target is None], gone, day)
        elif gone and day.isoformat() >= gone:
            stands, since = Standing.REPEALED, gone
        else:
            stands, since = Standing.UNKNOWN, None
        return {
            "standing": stands.value,
            "since": since,
            "day": day.isoformat(),
            "steps": sorted(steps, key=lambda step: (step["date"] is None, step["date"] or "")),
            "texts": self._texts(target, document, title),
            "left_off": max(len(others) - _MOST, 0),
        }

    def _document(self, target: str) -> Document | None:
        try:
            return self._catalogue.document(target)
        except UnknownName:  # a policy, or one that a writer has removed since the generation was made
            return None

    def _policies(self, target: str, document: Document | None, title: str | None) -> frozenset[str]:
        """The policies in the graph that it is: by its title, and as others cite it."""
        titles = [one for one in (title, document.title if document else None) if one]
        found = policies_of(titles, [document.id] if document else [], self._store, self._iris)
        return found if document else found | {target}

    # -- steps -------------------------------------------------------------------------------------------------

    def _own(self, document: Document | None) -> Iterator[Json]:
        """What a document says of itself, and what it does to others."""
        if document is None:
            return
        yield from self._head(document)
        for effect in document.effects:
            yield {
                "date": effect.date,
                "act": effect.act,
                "way": "to" if effect.target else "own",
                "name": effect.target,
                "document_id": self._held_as(effect.target) if effect.target else None,
                "quote": self._quote(document, effect.evidence.start, effect.evidence.end),
            }

    def _head(self, document: Document) -> Iterator[Json]:
        """The steps that the lines above the first article tell: adopted, changed for the second time."""
        if not document.articles:
            return
        head = document.text[: min(document.articles[0].start, _HEAD)]
        for found in self._step.finditer(head):
            year, month, rest = found["day"].replace("年", "月").split("月")
            yield {
                "date": f"{year}-{int(month):02}-{int(rest.rstrip('日')):02}",
                "act": found["step"],
                "way": "own",
                "name": None,
                "document_id": None,
                "quote": self._quote(document, found.start(), found.end()),
            }

    def _by(self, ended: Ended) -> Json:
        document, effect = ended
        return {
            "date": ended_on(ended),
            "act": effect.act,
            "way": "by",
            "name": document.called,
            "document_id": document.id,
            "quote": self._quote(document, effect.evidence.start, effect.evidence.end),
        }

    def _held_as(self, title: str) -> str | None:
        policy = self._iris.policy(title=title)
        found = {str(quad.object) for quad in self._store.quads(policy, PKG.heldAs)} if policy else set()
        return found.pop().removeprefix(self._iris.document("")) if len(found) == 1 else None

    def _quote(self, document: Document, start: int, end: int) -> Json:
        quote = " ".join(document.text[start:end].split())
        return {"document_id": document.id, "quote": quote, "start": start, "end": end, "page": document.page_of(start)}

    def _texts(self, target: str, document: Document | None, title: str | None) -> list[Json]:
        """Other documents of the same title: texts of other years, the latest first."""
        key = title_key((document.title if document else title) or "")
        if not key:
            return []
        same = [item for item in self._catalogue.documents() if item.id != target and title_key(item.title) == key]
        return [self._text(item, document) for item in sorted(same, key=lambda item: item.date or "", reverse=True)]

    def _text(self, item: Summary, document: Document | None) -> Json:
        later = bool(document and document.date and item.date and item.date > document.date)
        return {**views.summary(item), "later": later}
