"""The part of the service that decides what is read: whose documents, with contacts or without, of which generation."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Self, cast

from kg.core.errors import EnvironmentProblem
from kg.core.rights import ALL, Groups, Rights
from kg.service.audit import Actor
from kg.service.keeping import Keeping
from kg.service.snapshot import Showing, Snapshot, Staying

if TYPE_CHECKING:
    from kg.service.service import Service


class Seeing(Keeping):
    """What `Service` inherits."""

    _seen: dict[Groups, Service]

    def snapshot(self) -> Snapshot:
        """The current generation with its stores; keep the reference while using them. Raises `NotBuilt`."""
        return self._snapshots.current()

    @property
    def queries_at_once(self) -> int:
        """How many SPARQL queries are worth sending at a time; more only wait, each in a thread of the caller's."""
        from kg.graph.pool import at_once

        return at_once(self.settings.query_workers)

    def with_contacts(self) -> Self:
        """The same service for someone who may see contacts (personal data); the caller has it in the audit log."""
        other = copy.copy(self)
        other._snapshots = Showing(self._snapshots)  # noqa: SLF001 - a copy of itself
        return other

    def seen_by(self, groups: Groups | None, actor: Actor | None = None) -> Service:
        """The service as those see it who have these groups (kg.core.rights); None for who may see everything.

        One for each set of groups is kept, with its open stores.
        """
        if groups is None or ALL in groups:
            return cast("Service", self if actor is None else self.acting(actor))
        from kg.service.seen import Seen

        if groups not in self._seen:
            self._seen[groups] = Seen(self.settings, groups)
        return self._seen[groups] if actor is None else self._seen[groups].acting(actor)

    def rights(self) -> Rights | None:
        """Who may see what; None where everybody sees everything."""
        return Rights.load(self.settings.home)

    def reading_of(self, what: str, *, with_contacts: bool) -> Snapshot:
        """The snapshot to read from, with contacts where they were asked for: `what` goes into the audit log.

        Raises `EnvironmentProblem` where that cannot be written: contacts are shown to nobody of whom nothing is known.
        """
        snapshot = self.snapshot()
        if not with_contacts:
            return snapshot
        if not self.record("contacts", {"what": what}):
            raise EnvironmentProblem(
                f"{self.settings.home} 的操作记录无法写入（磁盘已满或只读），查看联系人须有记录，未显示。"
                "请清出空间，或复制到可写的位置后重试"
            )
        return snapshot.whole

    def staying(self) -> Self:
        """The same service, reading from the generation that is current now for as long as it is used.

        Raises `NotBuilt`.
        """
        service = copy.copy(self)
        service._snapshots = Staying(self.snapshot())  # noqa: SLF001 - a copy of itself
        return service
