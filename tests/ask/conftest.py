"""One published generation of the five documents, shared by all tests of answers."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from kg.core.config import Settings
from kg.service import Service


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory, corpus_dir: Path) -> Service:
    home = tmp_path_factory.mktemp("answers")
    service = Service(dataclasses.replace(Settings.load(home=home), embedder="none"))
    report = service.ingest([corpus_dir])
    assert not report["failed"]
    return service


@pytest.fixture(scope="session")
def context(service: Service):
    return service.snapshot()
