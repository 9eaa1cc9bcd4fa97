"""A process that reads a copy, and keeps it up to the store while it lives."""

from __future__ import annotations

import atexit
import json
import logging
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from kg.build import generations, lineage
from kg.build.audiences import home_of, is_up_to_date, publish_audiences
from kg.build.lock import write_lock
from kg.build.replica import held_here, told_of
from kg.build.sharing import Shared
from kg.catalogue.outbox import Copy
from kg.core.config import Settings
from kg.core.errors import EnvironmentProblem, Locked, PolicyKGError
from kg.core.rights import Rights
from kg.shared.head import Head

log = logging.getLogger(__name__)

_EVERY = 1.0  # seconds between two looks at the store
_SIGN = 10.0  # seconds after which a reader says again that it lives
_AGAIN = 60.0  # seconds after which what failed is tried again


def follow(settings: Settings) -> Follower:
    """Look once now; a thread looks on for as long as somebody keeps what is returned: one for a home in a process.

    Raises `EnvironmentProblem` where nothing is here and nothing can be had.
    """
    key = settings.home.absolute().as_posix(), settings.store
    with _LOCK:
        found = _FOLLOWERS.get(key)
        if found is None:
            found = _FOLLOWERS[key] = Follower(settings)
    found.begin()
    return found


class Follower:
    """Looks at the store for one home in this process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock, self._telling = threading.Lock(), threading.Lock()
        self._thread: threading.Thread | None = None
        self._told, self._at = "", 0.0
        self._coming: dict[str, Any] | None = None  # what is being fetched, and must not be cleared away meanwhile
        self._tried = ("", 0.0)
        self._complaint = ""

    def begin(self) -> None:
        """Look, and go on looking."""
        with self._lock:
            if self._thread is not None:
                return
            try:
                self.look()
            except (PolicyKGError, OSError) as error:
                if generations.current_folder(self._settings.home) is None:
                    raise
                self._complain(error)
            own = weakref.ref(self)
            # Two, for one may fetch for minutes, and whoever is not heard of counts as gone.
            for work, seconds in ((Follower.look_again, _EVERY), (Follower.tell_again, _SIGN)):
                self._thread = threading.Thread(
                    target=_go_on, args=(own, work, seconds), name="policykg-follow", daemon=True
                )
                self._thread.start()
            atexit.register(_leave, self._settings)

    def look(self) -> None:
        """Take over what is new, and say what is read here."""
        settings, shared = self._settings, Shared.of(self._settings)
        head = shared.head()
        if head is None:
            return
        try:
            with write_lock(settings.home, 0):
                if self._is_behind(shared, head):
                    self._announce(shared)
                    shared.catch_up(at_turn=False)
                self._serve_audiences()
                if generations.sweep(settings.home):
                    self._forget()
        except Locked:  # somebody writes in this home: he sees to it
            pass
        finally:
            self._coming = None
        if self._waits():
            shared.send_free()
        self.tell()

    def tell(self) -> None:
        """Say what is read here, where it is not what was said, or was said some time ago."""
        with self._telling:
            held = held_here(self._settings.home) + ([self._coming] if self._coming else [])
            text = json.dumps(held)
            if text != self._told or time.monotonic() - self._at > _SIGN:
                Shared.of(self._settings).nodes.tell(held)
                self._told, self._at = text, time.monotonic()

    def tell_again(self) -> None:
        """As `tell`; whatever goes wrong (in a store that is empty, too) is the other thread's to say."""
        with suppress(Exception):
            self.tell()

    def _announce(self, shared: Shared) -> None:
        """Say what is about to be fetched."""
        if (found := shared.coming()) is not None:
            number, entries = found
            self._coming = told_of(number, entries)
            self.tell()

    def _is_behind(self, shared: Shared, head: Head) -> bool:
        path = lineage.catalogue_of(self._settings.home)
        if not path.exists():
            return True
        if not head.is_complete:
            return False
        current = generations.current_manifest(self._settings.home)
        if head.generation and (current is None or current.number != head.generation):
            return True
        with Copy.open(path, read_only=True) as copy:
            return not copy.is_copy or shared.rows.is_behind(copy, head)

    def _serve_audiences(self) -> None:
        """Bring the indexes of audiences up to date; what failed is tried again a minute later."""
        settings = self._settings
        rights, current = Rights.load(settings.home), generations.current_manifest(settings.home)
        if rights is None or current is None:
            return
        lag = [
            groups
            for groups in rights.audiences()
            if not is_up_to_date(settings.home, rights, groups)
            or _shown(home_of(settings.home, groups)) < current.sequence
        ]
        what, at = f"{current.number} {rights.version}", time.monotonic()
        if lag and (self._tried[0] != what or at - self._tried[1] > _AGAIN):
            self._tried = what, at
            publish_audiences(settings)

    def _waits(self) -> bool:
        """Whether there are lines that could not be sent when they were written."""
        path = lineage.catalogue_of(self._settings.home)
        if not path.exists():
            return False
        with Copy.open(path, read_only=True) as copy:
            return copy.is_copy and copy.waiting("free")[0] > 0

    def _forget(self) -> None:
        """Drop states of documents that no generation here shows any more."""
        home = self._settings.home
        path = lineage.catalogue_of(home)
        shown = [each.sequence for one in lineage.homes(home) for each in generations.manifests(one)]
        if shown and path.exists():
            with Copy.open(path, upgrade=False) as copy:
                copy.forget_superseded(min(shown))

    def look_again(self) -> None:
        """As `look`; trouble is told in the log."""
        try:
            self.look()
            self._complaint = ""
        except Exception as error:  # noqa: BLE001 - a server that follows no more would not notice
            self._complain(error)

    def _complain(self, error: Exception) -> None:
        told = error.message if isinstance(error, PolicyKGError) else str(error)
        if told != self._complaint:  # once for each trouble, not each second
            log.warning("未能跟上共享存储，先使用本机的副本：%s", told)
        self._complaint = told


_LOCK = threading.Lock()
_FOLLOWERS: weakref.WeakValueDictionary[tuple[str, str], Follower] = weakref.WeakValueDictionary()


def _go_on(follower: weakref.ref[Follower], work: Callable[[Follower], None], seconds: float) -> None:
    while True:
        time.sleep(seconds)
        if (found := follower()) is None:
            return
        work(found)
        del found


def _shown(home: Path) -> int:
    found = generations.current_manifest(home)
    return found.sequence if found is not None else -1


def _leave(settings: Settings) -> None:
    with suppress(EnvironmentProblem, OSError):
        Shared.of(settings).nodes.leave()
