"""What becomes of each source of an ingest run: left alone, read, moved along, or skipped as a twin.

Files are read while others may write. So whatever is written is decided in a turn of the run's own (`kg.build.turns`):
where somebody else has changed the catalogue since it was decided to read a file, that is decided again.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from kg.build.holding import hold, is_whole, move, with_held
from kg.build.reading import INTERNAL, Job, Reader, Reading
from kg.build.report import Report
from kg.build.sources import Refused, Source, is_gone
from kg.build.turns import Turns
from kg.catalogue import Catalogue, Summary
from kg.core.errors import IdTaken, Locked, UnknownName
from kg.core.ids import sha256
from kg.core.oserrors import why
from kg.core.parts import file_of

_TOGETHER_SECONDS = 0.5  # what was read within that is committed in one turn
_MOST_WAITING = 200  # files that were read and wait for a turn, while another run publishes

_REMOVED = "读取期间有人移除了它，这次没有再入库；如需入库请重新运行"


@dataclass(slots=True)
class Intake:
    """The state of one ingest run."""

    turns: Turns
    steps: dict[str, str]
    report: Report
    number: int
    sources: dict[str, Source] = field(default_factory=dict)  # by key, all of this run
    flying: dict[str, str] = field(default_factory=dict)  # hash -> source of what is being read or waits for a turn
    waiting: list[tuple[Job, Reading]] = field(default_factory=list)  # read, not committed yet
    later: list[Source] = field(default_factory=list)  # same bytes as one in flight, or changed by others meanwhile
    tried: float = float("-inf")  # when a turn was last asked for, of the monotonic clock

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue: read at any time, written in a turn."""
        return self.turns.catalogue

    def known(self, source: Source) -> Source:
        """The source with the ids of what is held for it."""
        return with_held(self.catalogue, source)

    def wanted(self, source: Source) -> Job | None:
        """The source with its bytes, unless it is known, held under another name, or cannot be read."""
        since = self.catalogue.sequence()
        try:
            source = self.known(source)  # as it is held now: others may have moved it since the run began
            data = source.read()
        except IdTaken as error:
            self.report.refuse(Refused(source.shown, error.message, "failed"))
            return None
        except OSError as error:
            self.report.refuse(Refused(source.shown, why(error), "failed"))
            return None
        return self._decided(Job(source, sha256(data), data, since))

    def _decided(self, job: Job) -> Job | None:
        source, digest = job.source, job.sha256
        held = self.catalogue.held_of(source.key)
        changed = not held or any(item.sha256 != digest for item in held)
        if not changed and self._is_current(held):
            self.report.take(["unchanged"] * len(held), source.shown, was_held=True)
            return None
        other = self._same_bytes(digest)
        if other is not None and changed:
            if held or self._was_moved(other):
                with self.turns.mine():
                    if (done := self._done_by(other, job)) is not None:
                        return done[0]
            elif self._keeps(other, digest):
                self._skip_twin(source, file_of(other.source), held)
                return None
        if digest in self.flying:
            self.later.append(source)
            return None
        return job

    def _done_by(self, other: Summary, job: Job) -> tuple[Job | None] | None:
        """Settle a source whose bytes are held elsewhere, in a turn: what is left to read of it; None if all of it."""
        held = self.catalogue.held_of(job.source.key)
        found = self._same_bytes(job.sha256)
        if found is None or found.id != other.id:  # somebody else was quicker
            return None
        if not held and self._was_moved(found):
            return (self._move(found, job),)
        if self._keeps(found, job.sha256):
            self._skip_twin(job.source, file_of(found.source), held)
            return (None,)
        return None

    def _is_current(self, held: list[Summary]) -> bool:
        """Whether all documents of a file are held, as the steps of today read them."""
        states = (self.catalogue.source_state(item.id) for item in held)
        return all(state is not None and state.steps == self.steps for state in states) and is_whole(
            self.catalogue, held
        )

    def _same_bytes(self, digest: str) -> Summary | None:
        with suppress(UnknownName):  # removed by somebody between the two lines
            if (other := self.catalogue.by_sha256(digest)) is not None:
                return self.catalogue.summary(other)
        return None

    def _was_moved(self, other: Summary) -> bool:
        """Whether the file that a document came from is gone, so that the same bytes elsewhere are that file."""
        file = file_of(other.source_key)
        return file not in self.sources and is_gone(Path(file))

    def _move(self, other: Summary, job: Job) -> Job | None:
        """Bring documents along to where their file stands now; to be read again only if the steps are newer."""
        source = job.source
        move(self.catalogue, self.catalogue.held_of(file_of(other.source_key)), source, run=self.number)
        self.report.moved.append({"source": source.shown, "from": file_of(other.source)})
        current = self._is_current(self.catalogue.held_of(source.key))
        return None if current else replace(job, source=self.known(source))

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
            with self.catalogue.together():
                for item in held:
                    self.catalogue.remove_document(item.id, run=self.number)
            reason += "，其原有内容已移除"
        self.report.refuse(Refused(source.shown, reason, "skipped"))

    def in_order(self, jobs: Iterable[Job], using: Reader) -> Iterator[tuple[Job, Reading]]:
        """All results in order, then those of what had to wait for others."""
        yield from using.readings(jobs)
        self.settle()
        while self.later:
            job = self.wanted(self.later.pop(0))
            if job is not None:
                self.flying[job.sha256] = job.source.shown
                yield from using.readings([job])
                self.settle()

    def land(self, job: Job, reading: Reading) -> None:
        """Keep what was read, and commit what waits if a turn can be had."""
        self.waiting.append((replace(job, data=b""), reading))  # what was read of them is enough
        if len(self.waiting) > _MOST_WAITING:
            self.settle()
        elif time.monotonic() - self.tried >= _TOGETHER_SECONDS:
            with suppress(Locked):  # somebody publishes: reading goes on meanwhile
                self.settle(shortly=True)

    def settle(self, *, shortly: bool = False) -> None:
        """Commit all that waits, a transaction a file, in one turn. Raises `Locked`, and then it still waits."""
        if not self.waiting:
            return
        try:
            with self.turns.mine(shortly=shortly):
                while self.waiting:
                    job, reading = self.waiting.pop(0)
                    try:
                        self._commit(job, reading)
                    except IdTaken as error:
                        self.report.refuse(Refused(job.source.shown, error.message, "failed"))
        finally:
            self.tried = time.monotonic()

    def _commit(self, job: Job, reading: Reading) -> None:
        """Put what was read, or note why there is nothing. A source that became unreadable keeps what was held."""
        from ingest.readers.fidelity import is_unread

        self.flying.pop(job.sha256, None)
        if not self._still_wanted(job, reading):
            return
        was_held = bool(self.catalogue.held_of(job.source.key))
        if reading.document is None:
            reason = reading.reason or INTERNAL
            if was_held:
                reason += "（保留此前入库的内容）"
            self.report.refuse(Refused(job.source.shown, reason, "failed"))
            return
        outcomes = hold(self.catalogue, job, reading, steps=self.steps, run=self.number)
        if any(outcome != "unchanged" for outcome in outcomes):  # what a file lost is told once, not of each part
            self.report.lose(loss for loss in reading.document.fidelity if is_unread(loss))
        self.report.take(outcomes, job.source.shown, was_held=was_held)

    def _still_wanted(self, job: Job, reading: Reading) -> bool:
        """Whether a reading may be put, after what others have done since it was decided to read the file.

        What somebody removed is not brought back; of a file that somebody else took in meanwhile the bytes that stand
        there now count, not those that were read first.
        """
        put, removed = self.catalogue.changed_by_others(job.since, run=self.number)
        if not put and not removed:
            return True
        held = {item.id for item in self.catalogue.held_of(job.source.key)}
        known = {job.source.id, *(id_ for _, id_ in job.source.held_parts), *(d.id for d, _ in reading.documents)}
        if (held | known) & put:  # taken in anew, though parts of it may be gone
            return self._read_as_now(job)
        if (known & removed) - held:
            self.report.refuse(Refused(job.source.shown, _REMOVED, "skipped"))
            return False
        return self._decided(job) is not None and self._has_its_ids(job)

    def _read_as_now(self, job: Job) -> bool:
        """The same where somebody else has put documents of the file: whether it holds the bytes that were read."""
        again = self.wanted(job.source)
        if again is None:
            return False
        if again.sha256 != job.sha256:
            self.later.append(again.source)
            return False
        return self._has_its_ids(job)

    def _has_its_ids(self, job: Job) -> bool:
        """Whether the documents of a job would still get the ids that they were read with; else it is read again."""
        now = self.known(job.source)
        if (now.id, now.held_parts) == (job.source.id, job.source.held_parts):
            return True
        self.later.append(now)
        return False
