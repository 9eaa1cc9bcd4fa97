"""What the pages need first, made ready in the background as soon as a generation is current.

The first visitor of a page would wait for what it shares with all later ones: names, the network, citations, what
questions are read with. One thread of the app makes these in steps, between visits; whoever comes before a step is done
waits for it, or does it, for each thing is made once (`Snapshot`, `st.cache_data`). Nothing is made that visiting the
pages would not make and keep. Where groups have rights, every visitor has a view of his own: nothing is made ahead.
"""

from __future__ import annotations

import atexit
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Condition, Event, Thread

from streamlit import runtime

from kg.core.errors import PolicyKGError
from kg.service import Service
from kg.ui import backend

LOG = logging.getLogger("policykg.app")
_LOOKS = 1.0  # seconds between two looks whether a generation is new
_PAUSE = 0.05  # seconds between two steps: whoever waits for the interpreter goes first
_PATIENCE = 30.0  # seconds that a step waits for visits to end; a page that follows a job may run for an hour
_ENDS = 5.0  # seconds that the end of the server waits for a step
Step = Callable[[], object]


def _pair() -> object:
    from kg.ui.comparing import first_pair

    return first_pair()


def _queue() -> object:
    from kg.ui.reviewing import QUEUE

    return backend.review_queue(top=QUEUE)


def _picture() -> object:
    from kg.ui.agencies import first_picture

    return first_picture()


STEPS: tuple[Step, ...] = (
    backend.overview,
    backend.topics,
    backend.documents,
    lambda: backend.reader().prepare(),
    backend.bodies,
    backend.agencies,
    _picture,
    lambda: backend.basis(None, None),
    _pair,
    backend.tasks,
    lambda: backend.evolution(None),
    _queue,
    backend.notices,
)
"""In the order in which visitors come: the first page and its questions, lists, pictures."""


class Ahead:
    """The thread, and the visits that it keeps out of the way of."""

    def __init__(self, steps: Sequence[Step] = STEPS) -> None:
        self._steps = steps
        self._visits = 0
        self._changed = Condition()
        self._ends = Event()
        self._thread: Thread | None = None
        self._looked_at: int | None = None

    def start(self) -> None:
        """Begin, unless it has begun. It ends with the process."""
        with self._changed:
            if self._thread is not None:
                return
            self._thread = Thread(target=self._watch, name="policykg-ahead", daemon=True)
            self._thread.start()
        atexit.register(self.stop)

    def stop(self) -> None:
        """End after the step that is being made."""
        self._ends.set()
        with self._changed:
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(_ENDS)

    @contextmanager
    def visit(self) -> Iterator[None]:
        """A page runs; no step begins meanwhile."""
        with self._changed:
            self._visits += 1
        try:
            yield
        finally:
            with self._changed:
                self._visits -= 1
                self._changed.notify_all()

    def look(self) -> None:
        """Make ready what is current, unless that has been done. Errors are told to whoever visits the page."""
        service = backend.service()
        number = service.newest()
        if number is None or number == self._looked_at:
            return
        self._looked_at = number
        try:
            if service.rights() is None:
                self._make(service, number)
        except PolicyKGError as error:
            LOG.info("预读第 %s 代索引未完成：%s", number, error.message)
        except Exception:
            LOG.exception("预读第 %s 代索引未完成", number)

    def _make(self, service: Service, number: int) -> None:
        with backend.reading_ahead(service.staying()):
            for step in self._steps:
                with self._changed:
                    self._changed.wait_for(lambda: not self._visits or self._ends.is_set(), _PATIENCE)
                if self._ends.wait(_PAUSE) or service.newest() != number:
                    return
                step()

    def _watch(self) -> None:
        while not self._ends.wait(_LOOKS):
            if runtime.exists():  # the server has begun
                self.look()


_AHEAD = Ahead()


def start() -> None:
    """Begin to make things ready: `policykg app` at once, an app that is started otherwise with its first visit."""
    _AHEAD.start()


@contextmanager
def visit() -> Iterator[None]:
    """Around a run of the app."""
    if runtime.exists() and isinstance(runtime.get_instance(), runtime.Runtime):  # a test has another
        start()
    with _AHEAD.visit():
        yield
