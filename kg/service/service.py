"""One object for all that a face may ask. Heavy parts are imported by the method that needs them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.build.replica import keep_up
from kg.core.bounds import NAME, QUESTION, bounded
from kg.core.config import Settings
from kg.core.errors import UsageError
from kg.core.progress import Progress, silent
from kg.core.rights import Groups
from kg.service.audit import Actor, system_user
from kg.service.finding import Finding
from kg.service.querying import Querying
from kg.service.questions import Questions
from kg.service.reviewing import Reviewing
from kg.service.snapshot import Snapshots

if TYPE_CHECKING:
    from kg.service.originals import Original

Json = dict[str, Any]


class Service(Finding, Querying, Reviewing, Questions):
    """A home folder and what can be done with it. Safe to share between threads that read."""

    def __init__(self, settings: Settings, *, actor: Actor | None = None) -> None:
        self.settings = settings
        self.actor = actor or system_user()
        self._snapshots = Snapshots(settings)
        self._seen: dict[Groups, Service] = {}
        self._following = keep_up(settings)

    def newest(self) -> int | None:
        """The number of the generation that is current; opens nothing."""
        return self._snapshots.newest()

    def close(self) -> None:
        """Let the generation go, with the processes that run queries on it; the next use opens one again."""
        self._snapshots.drop()
        for service in self._seen.values():
            service.close()

    # -- writing -----------------------------------------------------------------------------------------------

    def ingest(self, paths: Sequence[str | Path], *, progress: Progress = silent) -> Json:
        """Take in files and folders: `{"added", "updated", "unchanged", "skipped", "failed", "generation"}`."""
        from kg import build

        if not paths:
            raise UsageError("请给出要入库的文件或文件夹")
        self._snapshots.drop()
        report = build.ingest(self.settings, [Path(path) for path in paths], progress=progress, actor=self.actor)
        return report.as_dict()

    def remove(self, names: Iterable[str], *, progress: Progress = silent) -> Json:
        """Remove documents: `{"removed": [{"id", "source", "title"}], "generation"}`; one unknown name: none."""
        from kg import build
        from kg.service.naming import find_documents

        wanted = list(names)
        self._snapshots.drop()
        removed, generation = build.remove(
            self.settings,
            lambda catalogue: [key for name in wanted for key in find_documents(catalogue, name)],
            progress=progress,
            actor=self.actor,
        )
        return {"removed": removed, "generation": generation}

    def rebuild(self, *, progress: Progress = silent) -> Json:
        """Make all projections anew from the catalogue: `{"generation", "documents", "seconds"}`."""
        from kg import build

        self._snapshots.drop()
        return build.rebuild(self.settings, progress=progress, actor=self.actor)

    def upload(self, files: Iterable[tuple[str, bytes]], *, progress: Progress = silent) -> Json:
        """Keep files (name, content) in the home and take them in: `{"files": [...], "generation"}`, see uploads."""
        from kg.service.uploads import take_in

        return take_in(self.settings, files, lambda paths: self.ingest(paths, progress=progress))

    def ingest_samples(self, *, progress: Progress = silent) -> Json:
        """Take in the sample documents that come with the project; the shape is that of `ingest`."""
        from kg.service.shipped import samples

        return self.ingest([samples()], progress=progress)

    def ingest_again(self, *, progress: Progress = silent) -> Json:
        """Read the files of all held documents again; the shape is that of `ingest`. Raises `NotBuilt`."""
        from kg.service.uploads import sources

        return self.ingest(sources(self.settings), progress=progress)

    def discard(self, ids: Sequence[str], *, progress: Progress = silent) -> Json:
        """`remove`, and delete the files that were uploaded: `{"removed", "generation", "files"}` (a number)."""
        from kg.service.uploads import forget, keys_of

        keys = keys_of(self.settings, ids)
        return {**self.remove(ids, progress=progress), "files": forget(self.settings, keys)}

    # -- documents ---------------------------------------------------------------------------------------------

    def documents(self) -> list[Json]:
        """All documents, in order of source."""
        from kg.service import views

        return views.summaries(self.snapshot().catalogue.documents())

    def document(self, name: str, *, with_contacts: bool = False) -> Json:
        """One document with all its facts; `name` is an id, the beginning of one, a path or a file name."""
        from kg.graph.iris import Iris
        from kg.service import views
        from kg.service.linking import HeldPolicies
        from kg.service.naming import find_document

        snapshot = self.reading_of("document", with_contacts=with_contacts)
        document = snapshot.catalogue.document(find_document(snapshot.catalogue, name))
        return views.document(
            document,
            agency_iri=Iris(self.settings.base_iri).agency,
            held=HeldPolicies(snapshot.store, self.settings.base_iri).find,
            with_contacts=with_contacts,
        )

    def text(self, name: str, *, with_contacts: bool = False) -> str:
        """The normalised text that all offsets count in."""
        from kg.service.naming import find_document

        catalogue = self.reading_of("text", with_contacts=with_contacts).catalogue
        return catalogue.document(find_document(catalogue, name)).text

    def original(self, name: str, *, position: int | None = None, quote: str = "") -> Original:
        """The file that a document was read from, at the page of a place or of words in its text.

        It holds the contacts and whatever else is not in the text, so that giving it is in the audit log. Raises
        `UsageError` where the file is gone or another one by now, or where the text has no such words.
        """
        from kg.service.naming import find_document
        from kg.service.originals import original

        catalogue = self.reading_of("original", with_contacts=True).catalogue
        return original(self.settings, catalogue, find_document(catalogue, name), position=position, quote=quote)

    def reading(self, name: str) -> Json:
        """A text with its outline, for reading: `{"id", "text", "outline"}`."""
        from kg.service.naming import find_document
        from kg.service.reading import reading

        catalogue = self.snapshot().catalogue
        return reading(catalogue.document(find_document(catalogue, name)))

    def compare(self, left: str, right: str, *, with_contacts: bool = False) -> Json:
        """Two documents side by side, task by task (kg.service.comparison); names as for `document`."""
        from kg.passages.embedder import EmbedderSetting, load_embedder
        from kg.service.comparison import compare
        from kg.service.naming import find_document

        catalogue = self.reading_of("compare", with_contacts=with_contacts).catalogue
        first, second = (catalogue.document(find_document(catalogue, name)) for name in (left, right))
        embedder = load_embedder(EmbedderSetting.of(self.settings))
        return compare(first, second, encode=embedder.encode if embedder else None)

    def comparison_file(self, compared: Json, format_: str) -> bytes:
        """What `compare` gave as `xlsx` or `docx`."""
        from kg.service.comparison_files import comparison_file

        return comparison_file(compared, format_)

    def counterparts(self, document_id: str | None = None) -> list[Json]:
        """What to compare a document with (kg.service.counterparts); without one, a pair to begin with."""
        from kg.service.counterparts import counterparts, default_pair

        snapshot = self.snapshot()
        if document_id is not None:
            return counterparts(snapshot, snapshot.catalogue.current_id(document_id))
        return [{"id": id_} for id_ in default_pair(snapshot) or ()]

    def highlights(self, name: str) -> Json:
        """What a document names, by type, with the places in its text (kg.service.highlights)."""
        from kg.service.highlights import highlights
        from kg.service.linking import HeldPolicies
        from kg.service.naming import find_document

        snapshot = self.snapshot()
        document = snapshot.catalogue.document(find_document(snapshot.catalogue, name))
        held = HeldPolicies(snapshot.store, self.settings.base_iri).find
        with_series = any(activity.series for activity in document.activities)  # the ontology takes a second to read
        return highlights(document, held=held, series=snapshot.reference.series if with_series else ())

    def passage_context(self, document_id: str, start: int, end: int) -> Json:
        """The words around a quote, and the headings above it."""
        from kg.service.reading import passage_context

        return passage_context(self.snapshot().catalogue.document(document_id), start, end)

    def current_id(self, name: str) -> str:
        """The id that a document's id of before stands for; any other name as it is."""
        return self.snapshot().catalogue.current_id(name)

    def topics(self) -> Json:
        """What the documents talk about: years, places, kinds, series, agencies, themes, policies, with counts."""
        from kg.service.topics import topics

        return topics(self.snapshot().catalogue)

    def evolution(self, series: str | None = None) -> Json:
        """How a series went on, place by place and year by year, with the facts; the series held without one."""
        from kg.service.evolution import evolution

        bounded(series or "", NAME, "系列名称")
        return evolution(self.snapshot().store, series, base=self.settings.base_iri)

    def generation(self) -> Json:
        """The generation that answers come from: `{"number", "created", "documents"}`. Raises `NotBuilt`."""
        manifest = self.snapshot().generation.manifest
        return {"number": manifest.number, "created": manifest.created, "documents": manifest.documents}

    # -- asking ------------------------------------------------------------------------------------------------

    def compares(self, question: str) -> bool:
        """Whether a question asks to compare things (有什么不同, 各自, 分别), by the forms of a site."""
        return self.snapshot().reference.forms.find("op.compare", question) is not None

    def ask(self, question: str, *, previous: str | None = None, with_contacts: bool = False) -> Json:
        """Answer a question, in the contract's shape, with `elapsed_ms`; `previous` is the question before, if any."""
        import msgspec

        from kg.ask import ask
        from kg.ask.model import Answer

        bounded(question, QUESTION, "问题")
        bounded(previous or "", QUESTION, "上一问")
        if not question.strip():
            raise UsageError("请写出问题，例如：policykg ask 哪些区开展过质量开放日，历年有何变化？")
        begun = time.perf_counter()
        context = self.reading_of("ask", with_contacts=with_contacts)
        answer: Json = msgspec.to_builtins(
            ask(question, context=context, previous=Answer(previous, True, "") if previous else None)
        )
        self.mark_reviewed(answer["evidence"])
        answer["elapsed_ms"] = round((time.perf_counter() - begun) * 1000, 1)
        return answer

    def prepare(self) -> None:
        """Read what every question needs (`kg.ask.prepare`), so that the first does not wait for it."""
        from kg.ask import prepare

        prepare(self.snapshot())

    def evaluate(self, questions: Path) -> Json:
        """Ask the questions of a JSON file and compare with its answers (kg.service.evaluating).

        `{"total", "cited", "types": {type: {"correct", "of"}}, "misses": [{"id", "question", "reasons", "answered"}]}`.
        """
        from kg.service.evaluating import evaluate

        return evaluate(questions, self.ask)

    # -- agencies ----------------------------------------------------------------------------------------------

    def agencies(self) -> Json:
        """The agencies of the network, and the values of its filters (kg.service.network.agencies)."""
        from kg.service.network import agencies

        return agencies(self.snapshot())

    def bodies(self) -> list[Json]:
        """The names of these agencies alone, which need no network (kg.service.network.bodies)."""
        from kg.service.network import bodies

        return bodies(self.snapshot())

    def agency_picture(
        self,
        *,
        size: str = "degree",
        centre: str | None = None,
        everything: bool = False,
        opened: Sequence[str] = (),
        **filters: Any,
    ) -> Json:
        """Nodes and edges to draw; `filters`: year, place, level, kind, tie (kg.service.network.picture)."""
        from kg.service.network import Filters
        from kg.service.network_picture import picture

        return picture(
            self.snapshot(), Filters(**filters), size=size, centre=centre, everything=everything, opened=opened
        )

    def agency(self, name: str) -> Json:
        """What the documents say of one agency (kg.service.agencies.agency). Raises `UnknownName`."""
        from kg.service.agencies import agency

        return agency(self.snapshot(), bounded(name, NAME, "机构名称"))

    def agency_path(self, first: str, last: str) -> list[Json]:
        """The shortest way between two agencies, step by step, with the documents behind each."""
        from kg.service.network_picture import path

        bounded(first + last, NAME, "机构名称")
        return path(self.snapshot(), first, last)

    def assignments(self, *, name: str | None = None, year: int | None = None) -> list[Json]:
        """Who carries what (任务分工), each row with its sentence (kg.service.agencies.assignments)."""
        from kg.service.agencies import assignments

        return assignments(self.snapshot(), name=name, year=year)
