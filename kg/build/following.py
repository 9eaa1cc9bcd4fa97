"""A process that reads a copy, and keeps it up to the store while it lives."""

from __future__ import annotations

import atexit
import json
import logging
import threading
import time
import weakref
from contextlib import suppress

from kg.build import generations, lineage
from kg.build.audiences import publish_audiences
from kg.build.lock import write_lock
from kg.build.replica import held_here
from kg.build.sharing import Shared
from kg.catalogue.outbox import Copy
from kg.core.config import Settings
from kg.core.errors import EnvironmentProblem, Locked, PolicyKGError
from kg.core.rights import Rights

log = logging.getLogger(__name__)

_EVERY = 1.0  # seconds between two looks at the store
_SIGN = 15.0  # seconds after which a reader says again that it lives


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
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._told, self._at = "", 0.0
        self._complaint = ""

    def begin(self) -> None:
        """Look, and go on looking."""
        settings = self._settings
        with self._lock:
            if self._thread is not None:
                return
            try:
                self.look()
            except PolicyKGError as error:
                if generations.current_folder(settings.home) is None:
                    raise
                self._complain(error)
            self._thread = threading.Thread(
                target=_go_on, args=(weakref.ref(self),), name="policykg-follow", daemon=True
            )
            self._thread.start()
            atexit.register(_leave, settings)

    def look(self) -> None:
        """Take over what is new, and say what is read here."""
        settings = self._settings
        shared = Shared.of(settings)
        head = shared.head()
        if head is None:
            return
        try:
            with write_lock(settings.home, 0):
                if self._is_behind(shared, settings):
                    shared.catch_up(at_turn=False)
                    if Rights.load(settings.home) is not None:
                        publish_audiences(settings)
                generations.sweep_superseded(settings.home)
                self._forget(settings)
        except Locked:  # somebody writes in this home: he sees to it
            pass
        held = held_here(settings.home)
        text = json.dumps(held)
        if text != self._told or time.monotonic() - self._at > _SIGN:
            shared.nodes.tell(held)
            self._told, self._at = text, time.monotonic()

    def _is_behind(self, shared: Shared, settings: Settings) -> bool:
        head = shared.head()
        path = lineage.catalogue_of(settings.home)
        if not path.exists():
            return True
        if head is None or not head.is_complete:
            return False
        current = generations.current_manifest(settings.home)
        if head.generation and (current is None or current.number != head.generation):
            return True
        with Copy.open(path, read_only=True) as copy:
            return not copy.is_copy or shared.rows.is_behind(copy, head)

    def _forget(self, settings: Settings) -> None:
        """Drop states of documents that no generation here shows any more."""
        path = lineage.catalogue_of(settings.home)
        shown = [each.sequence for home in lineage.homes(settings.home) for each in generations.manifests(home)]
        if shown and path.exists():
            with Copy.open(path, upgrade=False) as copy:
                copy.forget_superseded(min(shown))

    def look_again(self) -> None:
        """As `look`; trouble is told in the log."""
        try:
            self.look()
            self._complaint = ""
        except (PolicyKGError, OSError) as error:
            self._complain(error)

    def _complain(self, error: Exception) -> None:
        told = error.message if isinstance(error, PolicyKGError) else str(error)
        if told != self._complaint:  # once for each trouble, not each second
            log.warning("未能跟上共享存储，先使用本机的副本：%s", told)
        self._complaint = told


_LOCK = threading.Lock()
_FOLLOWERS: weakref.WeakValueDictionary[tuple[str, str], Follower] = weakref.WeakValueDictionary()


def _go_on(follower: weakref.ref[Follower]) -> None:
    while True:
        time.sleep(_EVERY)
        if (found := follower()) is None:
            return
        found.look_again()
        del found


def _leave(settings: Settings) -> None:
    with suppress(EnvironmentProblem, OSError):
        Shared.of(settings).nodes.leave()
