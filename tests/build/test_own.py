"""A home without a shared store: nothing of sharing stands in its way."""

from __future__ import annotations

from pathlib import Path

from kg.build.lineage import catalogue_of
from kg.core.config import Settings
from kg.service import Service
from tests.build.shared import write


def test_a_first_run_that_was_killed_at_once_does_not_block(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "catalogue.sqlite").touch()
    service = Service(Settings(home=tmp_path / "home", embedder="none"))
    assert service.ingest([write(tmp_path / "texts", 1)])["added"] == 1


def test_a_catalogue_that_is_none_any_more_can_be_replaced(tmp_path: Path) -> None:
    service = Service(Settings(home=tmp_path / "home", embedder="none"))
    service.ingest([write(tmp_path / "texts", 1)])
    service.backup(tmp_path / "b.zip")
    service.close()
    catalogue_of(tmp_path / "home").write_bytes(b"no database" * 1000)
    again = Service(Settings(home=tmp_path / "home", embedder="none"))
    assert again.restore(tmp_path / "b.zip", force=True)["documents"] == 1
    assert len(again.documents()) == 1
