"""What is made ready in the background, when, and for whom."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from kg.core.config import Settings
from kg.core.errors import UsageError
from kg.service import Service
from kg.ui import backend
from kg.ui.ahead import STEPS, Ahead

_LONG = 20.0  # seconds; far more than anything here takes
_MADE = ("overview", "topics", "documents", "bodies", "agencies", "agency_picture", "basis", "counterparts", "tasks")
_MADE += ("evolution", "review_queue", "notices")


class Home:
    """What `Ahead` looks at: the number of the generation, and whether there are rights."""

    def __init__(self, number: int | None = 1, rights: object = None) -> None:
        self.number, self._rights = number, rights

    def newest(self) -> int | None:
        return self.number

    def rights(self) -> object:
        return self._rights

    def staying(self) -> Home:
        return self


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home()
    monkeypatch.setattr(backend, "service", lambda: home)
    return home


def test_each_generation_is_made_ready_once(home: Home) -> None:
    made: list[int | None] = []
    ahead = Ahead([lambda: made.append(home.number)])
    home.number = None
    ahead.look()  # nothing is built
    for number in (4, 4, 5):
        home.number = number
        ahead.look()
    assert made == [4, 5]


def test_nothing_is_made_where_each_visitor_has_a_view_of_his_own(monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(rights="some")
    monkeypatch.setattr(backend, "service", lambda: home)
    made: list[int] = []
    Ahead([lambda: made.append(1)]).look()
    assert made == []


def test_what_is_superseded_meanwhile_is_left(home: Home) -> None:
    made: list[str] = []

    def published() -> None:
        made.append("first")
        home.number = 2

    ahead = Ahead([published, lambda: made.append("second")])
    ahead.look()
    assert made == ["first"]
    ahead.look()
    assert made == ["first", "first", "second"]


def test_a_step_waits_for_visits_and_the_end_for_no_visit(home: Home) -> None:
    made, first = threading.Event(), threading.Event()
    ahead = Ahead([first.set, made.set])
    with ahead.visit():
        thread = threading.Thread(target=ahead.look)
        thread.start()
        assert not first.wait(0.3)
    assert made.wait(_LONG)
    thread.join(_LONG)
    assert not thread.is_alive()

    home.number = 2
    made.clear()
    with ahead.visit():
        thread = threading.Thread(target=ahead.look)
        thread.start()
        ahead.stop()
        thread.join(_LONG)
        assert not thread.is_alive()
    assert not made.is_set()


@pytest.mark.parametrize("error", [UsageError("坏了"), ValueError("bad")])
def test_an_error_is_noted_and_left_to_the_page(home: Home, caplog: pytest.LogCaptureFixture, error: Exception) -> None:
    def fails() -> None:
        raise error

    ahead = Ahead([fails])
    with caplog.at_level(logging.INFO, logger="policykg.app"):
        ahead.look()
        ahead.look()
    assert [record.getMessage()[:10] for record in caplog.records] == ["预读第 1 代索引未"]  # once


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service(Settings(home=tmp_path_factory.mktemp("home"), embedder="none"))
    service.ingest_samples()
    yield service
    service.close()


@pytest.fixture
def counted(samples: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """How often the service was asked for what."""
    calls: Counter[str] = Counter()

    def counting(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any, **kwargs: Any) -> Any:
            calls[name] += 1
            return method(*args, **kwargs)

        return called

    for name in _MADE:
        monkeypatch.setattr(Service, name, counting(name, getattr(Service, name)))
    service = Service(samples.settings)
    monkeypatch.setattr(backend, "service", lambda: service)
    st.cache_data.clear()
    yield calls
    st.cache_data.clear()
    service.close()


def test_whoever_comes_first_finds_it_ready(counted: Counter[str], open_page: Any) -> None:
    Ahead(STEPS).look()
    assert counted == dict.fromkeys(_MADE, 1)
    for page in ("ask", "documents", "tasks", "compare", "basis", "agencies", "review", "data"):
        shown = open_page(page)
        assert not shown.exception, page
    assert {name: number for name, number in counted.items() if number > 1} == {}


def test_reading_ahead_ends_with_its_thread_of_work(counted: Counter[str]) -> None:
    held = backend.service().staying()
    with backend.reading_ahead(held):
        assert backend.reader() is held
        assert backend.state() == (1, "")
    assert backend.reader() is not held


def test_the_app_can_be_started_with_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kg.ui", "run", "--help"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert "streamlit run" in told.stdout
