"""The write lock of a run that reads for minutes and writes for moments: taken for commits and for publishing.

Between two turns of its own others write: they take in other files, correct, remove. What the run had found out before
must then be asked again (`kg.build.intake`).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from kg.build import durable
from kg.build.lineage import catalogue_of
from kg.build.lock import reading_lock
from kg.build.publishing import must_name_endpoints
from kg.build.replica import own_turn
from kg.catalogue import Catalogue
from kg.core.config import Settings
from kg.core.errors import Locked
from kg.core.rights import Rights

_SHORTLY = 0.2  # seconds that a commit waits which can wait longer


class Turns:
    """An open catalogue, and the right to write into it for a while. Made by `turns`."""

    def __init__(self, settings: Settings, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._settings = settings
        self._begun = time.monotonic()
        self._mine = False

    @contextmanager
    def mine(self, *, shortly: bool = False) -> Iterator[Self]:
        """Hold the write lock; within a turn it is there already.

        Waits as long as the settings say, or as long as the run has taken if that is longer: what was read for
        minutes is not thrown away for half a minute of waiting. With `shortly` only a moment. Raises `Locked`.
        """
        if self._mine:
            yield self
            return
        patience = _SHORTLY if shortly else max(self._settings.lock_seconds, time.monotonic() - self._begun)
        home = self._settings.home
        with own_turn(self._settings, patience):
            if catalogue_of(home) != self.catalogue.path:
                raise Locked(f"{home} 在读取文件期间被恢复为另一份备份，入库已停止。请重新运行同一命令")
            self._mine = True
            try:
                yield self
            finally:
                self._mine = False


@contextmanager
def turns(settings: Settings) -> Iterator[Turns]:
    """The catalogue, open for a run that writes now and then; nobody exchanges it meanwhile.

    Raises `Locked`; `EnvironmentProblem` where the disk is full.
    """
    home = settings.home
    Rights.load(home)  # what cannot be understood is said before anything is done
    must_name_endpoints(settings)
    with durable.explained(home), reading_lock(home, settings.lock_seconds, alone=False):
        with own_turn(settings, settings.lock_seconds):  # opening may bring an older file up to date
            catalogue = Catalogue.open(catalogue_of(home))
        with catalogue:
            yield Turns(settings, catalogue)
