"""The part of the service where people's judgement comes in: what they state, what waits for them, what is undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from kg.core.bounds import NAME, STATEMENT, bounded, bounded_within
from kg.core.config import Settings
from kg.core.corrections import BODY, POLICY, Correction, in_words
from kg.core.errors import UsageError
from kg.core.facts import DOUBT, kind_named
from kg.core.model import Document
from kg.core.progress import Progress, silent
from kg.core.review import Review
from kg.service.audit import Actor

if TYPE_CHECKING:
    from kg.catalogue import Catalogue
    from kg.service.snapshot import Snapshots

Json = dict[str, Any]


class Reviewing:
    """What `Service` inherits. `actor` is who a statement is by."""

    settings: Settings
    actor: Actor
    _snapshots: Snapshots

    def correct(
        self, statements: Sequence[Mapping[str, Any]], *, publish: bool = True, progress: Progress = silent
    ) -> Json:
        """Take statements in: `{"corrections": [...], "generation"}`; all or, where one does not fit, none.

        Each is `{"action", "document", "path", "values", "quote"}` about a fact (`kg.service.statements`; with
        `item` in place of `path` about one of the queue), or
        `{"action", "name", "other", "kind", "documents"}` about a body or a policy. Without `publish` they wait for the
        next run that publishes. Raises `UsageError`, `UnknownName`, `NotBuilt`.
        """
        from kg import build
        from kg.build.masked import Masked

        def work(catalogue: Catalogue, run: int) -> list[Correction]:
            made = [self._made(catalogue, statement) for statement in statements]
            shown = Masked.over(catalogue)
            return [shown.blotted(each) for each in catalogue.correct(made, actor=self.actor, run=run)]

        self._snapshots.drop()
        done, generation = build.correct(self.settings, work, publishing=publish, progress=progress)
        return {"corrections": [as_json(each) for each in done], "generation": generation}

    def undo_correction(self, correction_id: str, *, publish: bool = True, progress: Progress = silent) -> Json:
        """Take a statement back: `{"correction", "generation"}`. Raises `UnknownName`, `UsageError`."""
        from kg import build
        from kg.build.masked import Masked

        def work(catalogue: Catalogue, run: int) -> Correction:
            return Masked.over(catalogue).blotted(catalogue.undo(correction_id, actor=self.actor, run=run))

        self._snapshots.drop()
        done, generation = build.correct(
            self.settings,
            work,
            publishing=publish,
            progress=progress,
        )
        return {"correction": as_json(done), "generation": generation}

    def publish_corrections(self, *, progress: Progress = silent) -> Json:
        """Publish what waits: `{"generation"}`."""
        from kg import build

        self._snapshots.drop()
        _, generation = build.correct(self.settings, lambda _, __: None, progress=progress)
        return {"generation": generation}

    def corrections(self, document: str | None = None, *, undone: bool = False) -> list[Json]:
        """What people stated, the latest first; of one document, with what was undone where asked for."""
        bounded(document or "", NAME, "文档")
        with self._latest() as catalogue:
            titles = {summary.id: summary.title or summary.source for summary in catalogue.documents()}
            found = catalogue.corrections(document, undone=undone)
        told = [{**as_json(each), "title": titles.get(each.document_id or "")} for each in reversed(found)]
        for each in told:
            if "documents" in each["values"]:
                each["values"]["documents"] = [name for name in each["values"]["documents"] if name in titles]
        return told

    def to_review_again(self) -> list[Json]:
        """Statements whose words are no longer in the text, or whose document is not held (待复核)."""
        return [
            each
            for each in self.corrections()
            if not each["stands"] or (each["document_id"] is not None and each["title"] is None)
        ]

    def review_queue(self, *, top: int = 50, document: str | None = None) -> Json:
        """What waits for a person's word, the most worthwhile first (kg.service.doubtful.queue)."""
        from kg.service.doubtful import queue
        from kg.service.naming import find_document

        with self._latest() as catalogue:
            document_id = find_document(catalogue, document) if document else None
            return queue(catalogue, top=top, document_id=document_id)

    def facts_at(self, document_id: str, start: int, end: int) -> list[Json]:
        """The facts that these words carry: `path`, `kind`, `label`, `words`, `review`, `values` and their place."""
        from kg.service.doubtful import described, facts_with_paths, spans_of
        from kg.service.statements import doubted_values, snapshot

        with self._latest() as catalogue:
            document = catalogue.document(document_id)
        found = []
        for path, kind, fact, _ in facts_with_paths(document):
            spans = spans_of(document, path, fact)
            first, last = spans[0]
            if any(a < end and start < b for a, b in spans):
                doubted = kind_named(fact.kind) if kind is DOUBT else None
                found.append(
                    {
                        "path": path,
                        "kind": (doubted or kind).name,
                        "label": f"待核的{doubted.label}" if doubted else kind.label,
                        "words": fact.text if kind is DOUBT else described(kind, fact),
                        "start": first,
                        "end": last,
                        "review": getattr(fact, "review", None),
                        "confidence": getattr(fact, "confidence", 1.0),
                        "values": doubted_values(fact) if kind is DOUBT else snapshot(fact),
                        "as_written": getattr(fact, "as_written", ""),
                    }
                )
        return found

    def mark_reviewed(self, evidence: Sequence[Json]) -> None:
        """Say of each piece of evidence whether a person stated what it carries: `review` with `id`, `action`, `at`."""
        catalogue = self._snapshots.current().catalogue
        named = {item["document_id"] for item in evidence}
        held = {each.document_id for each in catalogue.outlines()} & named if named else set()
        for document_id in held:
            spans = _reviewed_spans(catalogue.document(str(document_id)))
            for item in evidence:
                if item["document_id"] == document_id:
                    about = [r for a, b, r in spans if a < item["end"] and item["start"] < b]
                    if about:
                        item["review"] = {"id": about[0].id, "action": about[0].action, "at": about[0].at}

    def gold(self) -> list[Json]:
        """What people confirmed, as cases for `evaluate` (kg.service.gold)."""
        from kg.service.gold import gold

        with self._latest() as catalogue:
            return gold(catalogue)

    # -- plumbing ----------------------------------------------------------------------------------------------

    def _latest(self) -> Catalogue:
        """The catalogue as it is now: a queue must not ask again what was just answered and is not published yet."""
        return self._snapshots.current().latest()

    def _made(self, catalogue: Catalogue, statement: Mapping[str, Any]) -> Correction:
        from kg.build.masked import whole_path, without_personal
        from kg.service.doubtful import path_of
        from kg.service.naming import find_document
        from kg.service.statements import about_body, about_document

        if not isinstance(statement, Mapping) or not isinstance(statement.get("action"), str):
            raise UsageError("每条核定须有 action（动作），写法见：policykg correct --help")
        bounded_within(statement, STATEMENT, "核定的内容")
        action = statement["action"]
        if statement.get("kind") in (BODY, POLICY):
            name, other = str(statement.get("name") or ""), str(statement.get("other") or "")
            documents = [find_document(catalogue, each) for each in statement.get("documents") or ()]
            told = self._told(other, action, statement)
            return about_body(action, name, other, kind=statement["kind"], documents=documents, told=told)
        document = catalogue.document(find_document(catalogue, str(statement.get("document") or "")))
        shown, item = without_personal(document), statement.get("item")  # what people see and point at
        path = path_of(shown, item) if item else str(statement.get("path") or "")
        return about_document(
            document,
            action,
            whole_path(document, path),
            _without_marks(statement.get("values") or {}),
            quote=_whole_quote(document, shown, statement.get("quote")),
            resolve=self._resolve,
        )

    def _told(self, other: str, action: str, statement: Mapping[str, Any]) -> Json:
        """What a general statement carries beside the two names: a date, and what the other name tells of a body."""
        told = {"date": statement["date"]} if statement.get("date") else {}
        if statement["kind"] == BODY and action in ("merge", "split"):
            told |= {key: value for key, value in self._resolve(other, None).items() if key != "name"}
        return told

    def _resolve(self, name: str, document: Document | None) -> Json:
        """A body's full name with its place and category, where the reference data know the name; else as it is."""
        from ontology.names import KNOWN_RULES, Resolver
        from ontology.reference import load_reference

        reference = load_reference(self.settings.ontology)
        resolver = Resolver(reference, reference.forms)
        where = document.region_qualified if document else None
        found = resolver.resolve(name, resolver.context(resolver.places.by_qualified.get(where or "")))
        if len(found) != 1 or (found[0].rule not in KNOWN_RULES and found[0].name != name):
            return {"name": name}
        party = found[0]
        told = {"name": party.name, "place": party.place, "category": party.category, "parent": party.parent}
        return {**{key: value for key, value in told.items() if value}, "kind": party.kind.value}


def _without_marks(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values, none of which is what stands for a contact that is not shown."""
    from ontology.personal import MASK

    if hidden := [name for name, value in values.items() if MASK in str(value)]:
        raise UsageError(f"{'、'.join(hidden)}中有遮去的个人信息（{MASK}），不能作为更正的内容；请改写后再提交")
    return values


def _whole_quote(document: Document, shown: Document, quote: str | None) -> str | None:
    """A quote as it stands in the text, where it was copied from the text without personal data."""
    if not quote or quote in document.text or (at := shown.text.find(quote)) < 0:
        return quote
    return document.text[at : at + len(quote)]


def _reviewed_spans(document: Document) -> list[tuple[int, int, Review]]:
    """Where the facts stand that people stated, with the statement."""
    from kg.service.doubtful import facts_with_paths, spans_of

    reviews = {review.id: review for review in document.reviews}
    return [
        (start, end, reviews[fact.review])
        for path, _, fact, _ in facts_with_paths(document)
        if getattr(fact, "review", None) in reviews
        for start, end in spans_of(document, path, fact)
    ]


def as_json(correction: Correction) -> Json:
    """A statement for people and programs."""
    told: Json = msgspec.to_builtins(correction)
    anchor = told.pop("anchor")
    told["words"] = in_words(correction)
    told["evidence"] = {name: anchor[name] for name in ("quote", "start", "end")} if anchor else None
    return told
