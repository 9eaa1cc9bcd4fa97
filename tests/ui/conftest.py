"""Page logic without a browser: `AppTest` on a page, with a service that is real or made for the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from kg.core.config import Settings
from kg.core.errors import NotBuilt
from kg.service import Service
from kg.ui import backend, roles

PAGES = Path(__file__).resolve().parents[2] / "kg" / "ui" / "pages"


class FakeService:
    """Answers from what a test puts in; an exception is raised instead."""

    def __init__(self, home: Path, **replies: Any) -> None:
        self.settings = Settings(home=home, editors="editor@x.cn")
        self.actor: Any = None
        self._replies: dict[str, Any] = {
            "generation": {"number": 7, "created": "2031-01-01T00:00:00+00:00", "documents": 1},
            "topics": topics(),
            "documents": [summary("d-1")],
            "saved_queries": [],
            "agencies": {"agencies": []},
            "bodies": [],
            "compares": False,
            "search_facets": {},
            "overview": overview(),
            "kept_questions": [],
            "formats": [".txt"],
            "tasks": [],
            "related_documents": [],
            **replies,
        }

    def acting(self, actor: Any) -> FakeService:
        self.actor = actor
        return self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._replies:
            raise AttributeError(name)

        def call(*_: Any, **__: Any) -> Any:
            reply = self._replies[name]
            if isinstance(reply, Exception):
                raise reply
            return reply

        return call


def overview(**given: Any) -> dict[str, Any]:
    coverage = {"years": [2031], "rows": [["甲区", 1]], "places": 1}
    lists = {"years": [[2031, 1]], "levels": [["区", 1]], "kinds": [["通知", 1]], "recent": []}
    counts = {"documents": 1, "to_check": 0, "unread": 0, "reviewed": 0, "review_again": 0}
    return {**counts, **lists, "coverage": coverage, **given}


def topics(**given: Any) -> dict[str, Any]:
    empty = {"documents": 1, "years": [2031], "places": [], "kinds": []}
    lists = {name: [] for name in ("series", "agencies", "themes", "policies", "activities")}
    return {**empty, **lists, **given}


def summary(document_id: str, **given: Any) -> dict[str, Any]:
    return {
        "id": document_id,
        "source": f"/文件/{document_id}.txt",
        "title": f"题名 {document_id}",
        "year": 2031,
        "place": "松江区",
        "kind": "通知",
        "level": "区",
        "date": None,
        "doc_number": None,
        **given,
    }


AT_HOME = {"Host": "127.0.0.1:8501", "Origin": "http://127.0.0.1:8501"}
"""What a browser on the machine of the app sends; `AppTest` sends nothing."""


@pytest.fixture(autouse=True)
def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roles, "_headers", lambda: AT_HOME)
    monkeypatch.setattr(roles, "_peer", lambda: "localhost")


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """Call it with the replies of the service; nothing is remembered from one test to the next."""

    def install(**replies: Any) -> FakeService:
        st.cache_data.clear()
        service = FakeService(tmp_path, **replies)
        monkeypatch.setattr(backend, "service", lambda: service)
        return service

    yield install
    st.cache_data.clear()


@pytest.fixture
def empty_home(fake: Any, tmp_path: Path) -> Service:
    return fake(generation=NotBuilt(tmp_path), topics=NotBuilt(tmp_path), documents=NotBuilt(tmp_path))


@pytest.fixture
def open_page() -> Any:
    """Run a page; `address` is what the address bar holds."""

    def run(name: str, /, **address: str) -> AppTest:
        test = AppTest.from_file(str(PAGES / f"{name}.py"), default_timeout=20)
        for key, value in address.items():
            test.query_params[key] = value
        return test.run()

    return run
