"""One published generation of the five documents, shared by all tests of answers."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from kg.core.config import Settings
from kg.service import Service


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory, corpus_dir: Path) -> Service:
    home = tmp_path_factory.mktemp("answers")
    service = Service(dataclasses.replace(Settings.load(home=home), embedder="none", file_seconds=0))
    report = service.ingest([corpus_dir])
    assert not report["failed"]
    return service


@pytest.fixture(scope="session")
def context(service: Service):
    return service.snapshot()


@pytest.fixture(scope="session")
def holding(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Mapping[str, str]], Any]:
    """Makes what questions are asked of: a published generation of texts, by the names of their files."""

    def held(texts: Mapping[str, str]) -> Any:
        folder = tmp_path_factory.mktemp("texts")
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
        service = Service(
            dataclasses.replace(Settings.load(home=tmp_path_factory.mktemp("home")), embedder="none", file_seconds=0)
        )
        assert not service.ingest([folder])["failed"]
        return service.snapshot()

    return held
