"""The service for those who may not see everything: it reads their own indexes, and nothing of the house."""

from __future__ import annotations

from typing import Any, NoReturn

from kg.core.config import Settings
from kg.core.errors import NotAllowed
from kg.core.rights import Groups
from kg.service.service import Service
from kg.service.snapshot import ForAudience

Json = dict[str, Any]


def _refused(*_: Any, **__: Any) -> NoReturn:
    raise NotAllowed("您只能查看所在组的文档，不能进行这项操作")


class Seen(Service):
    """A service restricted to what some groups have (`kg.core.rights`)."""

    def __init__(self, settings: Settings, groups: Groups) -> None:
        super().__init__(settings)
        self.groups = groups
        self._snapshots = ForAudience(settings, groups)

    def status(self) -> Json:
        """How things stand, of what the groups have."""
        snapshot = self.snapshot()
        manifest = snapshot.generation.manifest
        return {
            "home": "",
            "documents": snapshot.catalogue.count(),
            "passages": snapshot.catalogue.passage_count(),
            "generation": manifest.number,
            "created": manifest.created,
            "pending": False,
            "stale": [],
            "entries": manifest.entries,
            "last_run": None,
            "bytes": 0,
        }

    original = _refused  # the whole file, with contacts, and with other documents where it holds several
    ingest = remove = rebuild = upload = ingest_again = discard = sync = _refused
    check = backup = restore = audit = train_embedder = evaluate = _refused
    correct = undo_correction = publish_corrections = keep_question = ask_again = drop_question = _refused
