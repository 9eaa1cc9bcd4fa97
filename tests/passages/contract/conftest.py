"""The engines of search, each with the same documents: files of this machine, and a seekdb that the tests start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kg.catalogue import Catalogue
from kg.passages.oceanbase.draft import Store
from kg.passages.oceanbase.tables import State, state_of
from kg.passages.projection import build_passage_indexes
from kg.passages.search import PassageSearch
from kg.passages.vector_arm import read_card
from kg.shared.address import address
from tests.seekdb import Seekdb, seekdb


@dataclass
class Engine:
    """Builds and opens indexes; `store` is the setting, empty for files of this machine."""

    store: str = ""

    def build(
        self,
        catalogue: Catalogue,
        target: Path,
        previous: Path | None = None,
        changed: frozenset[str] | None = None,
        removed: frozenset[str] = frozenset(),
        *,
        held: tuple[State, ...] = (),
        **options: Any,
    ) -> PassageSearch:
        """The next state, read by whoever opens it; all documents where `changed` is not given."""
        at = address(self.store)
        before = state_of(read_card(previous)) if previous else None
        states = (*held, *((before,) if before else ()))
        everything = frozenset(item.id for item in catalogue.documents())
        found = build_passage_indexes(
            target,
            previous=previous,
            catalogue=catalogue,
            changed=everything if changed is None else changed,
            removed=removed,
            engine=Store(at, catalogue.identity(), states) if at else None,
            **options,
        )
        assert found["passages"] == catalogue.passage_count()
        return self.open(catalogue, target)

    def open(self, catalogue: Catalogue, folder: Path) -> PassageSearch:
        return PassageSearch.open(folder, catalogue, "default", store=self.store)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seekdb]:
    with seekdb(tmp_path_factory.mktemp("seekdb")) as running:
        yield running


ENGINES = ["files", pytest.param("seekdb", marks=pytest.mark.long)]


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    return _engine(request)


@pytest.fixture(params=ENGINES)
def apart(request: pytest.FixtureRequest) -> Engine:
    """One with nothing in it yet, for a catalogue of the test's own."""
    return _engine(request)


def _engine(request: pytest.FixtureRequest) -> Engine:
    return Engine() if request.param == "files" else Engine(request.getfixturevalue("server").database())
