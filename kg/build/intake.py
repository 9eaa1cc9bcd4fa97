"""What becomes of each source of an ingest run: left alone, read, moved along, or skipped as a twin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kg.build.holding import hold, is_whole, move, with_held
from kg.build.reading import INTERNAL, Job, Reader, Reading
from kg.build.report import Report
from kg.build.sources import Refused, Source, is_gone
from kg.catalogue import Catalogue, Summary
from kg.core.ids import sha256
from kg.core.oserrors import why
from kg.core.parts import file_of


@dataclass(slots=True)
class Intake:
    """The state of one ingest run."""

    catalogue: Catalogue
    steps: dict[str, str]
    report: Report
    number: int
    sources: dict[str, Source] = field(default_factory=dict)  # by key, all of this run
    flying: dict[str, str] = field(default_factory=dict)  # hash -> source of what is being read right now
    twins: list[Source] = field(default_factory=list)  # same bytes as one in flight: decided when that one landed

    def known(self, source: Source) -> Source:
        """The source with the ids of what is held for it."""
        return with_held(self.catalogue, source)

    def wanted(self, source: Source) -> Job | None:
        """The source with its bytes, unless it is known, held under another name, or cannot be read."""
        try:
            data = source.read()
        except OSError as error:
            self.report.refuse(Refused(source.shown, why(error), "failed"))
            return None
        digest = sha256(data)
        held = self.catalogue.held_of(source.key)
        changed = not held or any(item.sha256 != digest for item in held)
        if not changed and self._is_current(held):
            for _ in held:
                self.report.take("unchanged", source.shown)
            return None
        other = self._same_bytes(digest)
        if other is not None and not held and self._was_moved(other):
            return self._move(other, source, digest, data)
        if other is not None and changed and self._keeps(other, digest):
            self._skip_twin(source, file_of(other.source), held)
            return None
        if digest in self.flying:
            self.twins.append(source)
            return None
        return Job(source, digest, data)

    def _is_current(self, held: list[Summary]) -> bool:
        """Whether all documents of a file are held, as the steps of today read them."""
        states = (self.catalogue.source_state(item.id) for item in held)
        return all(state is not None and state.steps == self.steps for state in states) and is_whole(
            self.catalogue, held
        )

    def _same_bytes(self, digest: str) -> Summary | None:
        other = self.catalogue.by_sha256(digest)
        return None if other is None else self.catalogue.summary(other)

    def _was_moved(self, other: Summary) -> bool:
        """Whether the file that a document came from is gone, so that the same bytes elsewhere are that file."""
        file = file_of(other.source_key)
        return file not in self.sources and is_gone(Path(file))

    def _move(self, other: Summary, source: Source, digest: str, data: bytes) -> Job | None:
        """Bring documents along to where their file stands now; to be read again only if the steps are newer."""
        move(self.catalogue, self.catalogue.held_of(file_of(other.source_key)), source, run=self.number)
        self.report.moved.append({"source": source.shown, "from": file_of(other.source)})
        current = self._is_current(self.catalogue.held_of(source.key))
        return None if current else Job(self.known(source), digest, data)

    def _keeps(self, other: Summary, digest: str) -> bool:
        """Whether a held document still has these bytes after this run: its file may be about to bring others."""
        source = self.sources.get(file_of(other.source_key))
        try:
            return source is None or sha256(source.read()) == digest
        except OSError:  # it fails in its turn, and keeps what was held
            return True

    def _skip_twin(self, source: Source, other: str, held: list[Summary]) -> None:
        reason = f"内容与已入库的 {other} 完全相同"
        if held:  # what it said before is no longer written anywhere
            for item in held:
                self.catalogue.remove_document(item.id, run=self.number)
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
        """Put what was read, or note why there is nothing. A source that became unreadable keeps what was held."""
        from ingest.readers.fidelity import is_unread

        self.flying.pop(job.sha256, None)
        if reading.document is None:
            reason = reading.reason or INTERNAL
            if self.catalogue.held_of(job.source.key):
                reason += "（保留此前入库的内容）"
            self.report.refuse(Refused(job.source.shown, reason, "failed"))
            return
        outcomes = hold(self.catalogue, job, reading, steps=self.steps, run=self.number)
        if any(outcome != "unchanged" for outcome in outcomes):  # what a file lost is told once, not of each part
            self.report.lose(loss for loss in reading.document.fidelity if is_unread(loss))
        for outcome in outcomes:
            self.report.take(outcome, job.source.shown)
