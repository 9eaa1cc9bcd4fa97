"""Long work beside the page: it goes on when one leaves the page, and every page that is open sees how far it is."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from kg.core.errors import PolicyKGError
from kg.core.progress import Progress

Json = dict[str, Any]
_REMEMBERED = 4  # what a job was at before: enough to see that files go by
LOG = logging.getLogger("policykg.app")


@dataclass(slots=True)
class Job:
    """One piece of work: what it is called, how far it is, and what came of it."""

    kind: str
    title: str
    begun: float = field(default_factory=time.monotonic)
    done: int = 0
    total: int | None = None
    label: str = ""
    before: deque[str] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))  # labels, the latest first
    took: float | None = None  # seconds; None while it runs
    result: Json | None = None
    error: str | None = None

    @property
    def running(self) -> bool:
        """Whether it is still at work."""
        return self.took is None

    @property
    def share(self) -> float:
        """How much is done, between 0 and 1; 0 while unknown."""
        return min(self.done / self.total, 1.0) if self.total else 0.0

    def progress(self, done: int, total: int | None, label: str) -> None:
        """What the work calls (kg.core.progress)."""
        if self.label and label != self.label:
            self.before.appendleft(self.label)
        self.done, self.total, self.label = done, total, label


class Jobs:
    """At most one job at a time: the home has one writer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.latest: Job | None = None

    def start(self, kind: str, title: str, work: Callable[[Progress], Json]) -> bool:
        """Begin; False if another one is at work."""
        with self._lock:
            if self.latest is not None and self.latest.running:
                return False
            job = self.latest = Job(kind, title)
        threading.Thread(target=_run, args=(job, work), name=f"policykg-{kind}", daemon=True).start()
        return True


def _run(job: Job, work: Callable[[Progress], Json]) -> None:
    try:
        job.result = work(job.progress)
    except PolicyKGError as error:
        job.error = error.message
    except Exception as error:
        LOG.exception("job failed: %s", job.kind)
        job.error = f"程序内部出错（{type(error).__name__}），数据未受影响或可用“重建索引”恢复；请把这一行告诉维护人员"
    finally:
        job.took = time.monotonic() - job.begun


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """The jobs of this process."""
    return Jobs()
