"""Who ingested, removed, exported, backed up or restored what, and when: the audit log, kept in the catalogue.

The only personal datum is the user's name; no addresses, no paths, no questions.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from kg.build.lineage import catalogue_of, read_catalogue
from kg.build.replica import noted
from kg.catalogue import Actor, AuditEntry, Catalogue
from kg.catalogue.records import Via
from kg.core.bounds import bounded
from kg.core.config import Settings
from kg.core.errors import EnvironmentProblem, UsageError

__all__ = ["Actor", "entries", "record", "system_user"]

Json = dict[str, Any]
_LONGEST_TIME = 40  # characters
log = logging.getLogger(__name__)


def system_user(via: Via = "library") -> Actor:
    """The user of the operating system that this process runs as (not what `$USER` claims)."""
    import pwd

    try:
        return Actor(pwd.getpwuid(os.getuid()).pw_name, via)
    except KeyError:  # a container may run under a number without a name
        return Actor(str(os.getuid()), via)


def record(settings: Settings, actor: Actor, action: str, detail: Mapping[str, Any]) -> bool:
    """Note something that is no run (an export, a backup). False where it cannot be noted.

    On a full or read-only disk an export or a backup elsewhere is still allowed: it may be what saves the data.
    """
    if not catalogue_of(settings.home).exists():
        return False  # an empty home: nothing is held that anybody could have changed
    try:
        with Catalogue.open(catalogue_of(settings.home), upgrade=False) as catalogue:
            catalogue.record(actor, action, detail)
        noted(settings)
    except EnvironmentProblem as error:
        log.warning("操作记录未能写入：%s", error.message)
        return False
    return True


def entries(settings: Settings, since: str | None = None) -> list[Json]:
    """The audit log, the latest first; empty where nothing was ever ingested.

    `[{"id", "at", "actor", "via", "action", "run", "finished", "counts", "documents", "detail"}]`; `at` is ISO 8601
    in UTC, `documents` how many documents the run changed, `finished` None for a run that did not end. `since` is a
    date or time, local where it names no zone.
    """
    if not catalogue_of(settings.home).exists():
        return []
    with read_catalogue(settings.home, Catalogue) as catalogue:
        return [_as_json(entry) for entry in catalogue.audit(_utc(since) if since else "")]


def _utc(since: str) -> str:
    bounded(since, _LONGEST_TIME, "时间")
    try:
        return datetime.fromisoformat(since).astimezone(UTC).isoformat(timespec="seconds")
    except ValueError as error:
        raise UsageError(f"时间“{since}”无法识别，应为 2026-11-01 或 2026-11-01T08:00 这样的写法") from error


def _as_json(entry: AuditEntry) -> Json:
    names = ("id", "at", "actor", "via", "action", "run", "finished", "counts", "documents", "detail")
    return {name: getattr(entry, name) for name in names}
