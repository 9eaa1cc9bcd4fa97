"""What becomes of each source of an ingest run: left alone, read, moved along, or skipped as a twin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from kg.build.reading import INTERNAL, Job, Reader, Reading
from kg.build.report import Report
from kg.build.sources import Refused, Source, is_gone
from kg.catalogue import Catalogue
from kg.core.ids import document_id, sha256
from kg.core.oserrors import why


@dataclass(slots=True)
class Intake:
    """The state of one ingest run."""

    catalogue: Catalogue
    steps: dict[str, str]
    report: Report
    number: int
    sources: dict[str, Source] = field(default_factory=dict)  # by document id, all of this run
    flying: dict[str, str] = field(default_factory=dict)  # hash -> source of what is being read right now
    moved: set[str] = field(default_factory=set)  # documents that were moved in this run
    twins: list[Source] = field(default_factory=list)  # same bytes as one in flight: decided when that one landed

    def known(self, source: Source) -> Source:
        """The source with the id of the document that is held for it: one that was moved keeps its own."""
        held = self.catalogue.find(source.key)
        if held is not None and self.catalogue.summary(held).source_key == source.key:
            return replace(source, held_id=held)
        number, found = 2, source.id
        while self.catalogue.source_state(found) is not None:  # of a file that stood here and was moved away
            found = document_id(f"{source.key}\n{number}")
            number += 1
        return replace(source, held_id=found)

    def wanted(self, source: Source) -> Job | None:
        """The source with its bytes, unless it is known, held under another name, or cannot be read."""
        try:
            data = source.read()
        except OSError as error:
            self.report.refuse(Refused(source.shown, why(error), "failed"))
            return None
        digest = sha256(data)
        state = self.catalogue.source_state(source.id)
        if state is not None and state.sha256 == digest and state.steps == self.steps:
            self.report.unchanged += 1
            return None
        other = self.catalogue.by_sha256(digest)
        changed = state is None or state.sha256 != digest
        if other is not None and state is None and self._was_moved(other):
            return self._move(other, source, digest, data)
        if other is not None and other != source.id and changed and self._keeps(other, digest):
            self._skip_twin(source, self.catalogue.summary(other).source, held=state is not None)
            return None
        if digest in self.flying:
            self.twins.append(source)
            return None
        return Job(source, digest, data)

    def _was_moved(self, other: str) -> bool:
        """Whether the file that a document came from is gone, so that the same bytes elsewhere are that file."""
        if other in self.sources or other in self.moved:
            return False
        return is_gone(Path(self.catalogue.summary(other).source_key))

    def _move(self, other: str, source: Source, digest: str, data: bytes) -> Job | None:
        """Bring a document along to where its file stands now; to be read again only if the steps are newer."""
        before = self.catalogue.summary(other).source
        state = self.catalogue.source_state(other)
        steps = state.steps if state is not None else {}
        document = replace(self.catalogue.document_as_read(other), source=source.shown)
        passages = tuple(self.catalogue.passages(other))
        self.catalogue.put_document(document, passages, steps=steps, source_key=source.key, run=self.number, anew=True)
        self.moved.add(other)
        self.report.moved.append({"source": source.shown, "from": before})
        return None if steps == self.steps else Job(replace(source, held_id=other), digest, data)

    def _keeps(self, document_id: str, digest: str) -> bool:
        """Whether a held document still has these bytes after this run: its file may be about to bring others."""
        source = self.sources.get(document_id)
        try:
            return source is None or sha256(source.read()) == digest
        except OSError:  # it fails in its turn, and keeps what was held
            return True

    def _skip_twin(self, source: Source, other: str, *, held: bool) -> None:
        reason = f"内容与已入库的 {other} 完全相同"
        if held:  # what it said before is no longer written anywhere
            self.catalogue.remove_document(source.id, run=self.number)
            reason += "，其原有内容已移除"
        self.report.refuse(Refused(source.shown, reason, "skipped"))

    def in_order(self, jobs: Iterable[Job], using: Reader) -> Iterator[tuple[Job, Reading]]:
        """All results in order, then those of twins whose first could not be read."""
        yield from using.readings(jobs)
        while self.twins:
            job = self.wanted(self.twins.pop(0))
            if job is not None:
                yield from using.readings([job])

    def commit(self, job: Job, reading: Reading) -> None:
        """Put a document, or note why there is none. A source that became unreadable keeps what was held."""
        from ingest.readers.fidelity import is_unread

        self.flying.pop(job.sha256, None)
        if reading.document is None:
            reason = reading.reason or INTERNAL
            if self.catalogue.source_state(job.source.id) is not None:
                reason += "（保留此前入库的内容）"
            self.report.refuse(Refused(job.source.shown, reason, "failed"))
            return
        outcome = self.catalogue.put_document(
            reading.document, reading.passages, steps=self.steps, source_key=job.source.key, run=self.number
        )
        if outcome != "unchanged":
            self.report.lose(loss for loss in reading.document.fidelity if is_unread(loss))
        setattr(self.report, outcome, getattr(self.report, outcome) + 1)
