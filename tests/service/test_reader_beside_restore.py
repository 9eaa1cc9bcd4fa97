"""Whoever reads while a backup is restored sees the old state or the new one, never the documents of one by the other."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kg.build import current_manifest
from kg.build.lineage import catalogue_of, superseded
from kg.catalogue import Catalogue
from kg.core.config import Settings
from kg.service import Service

pytestmark = pytest.mark.long

# Reads until told to stop; a line for each thing that is not as it may be, at the end how often it has read.
_READER = """
import json, signal, sys
from pathlib import Path
from kg.core.config import Settings
from kg.service import Service

stop = []
signal.signal(signal.SIGTERM, lambda *_: stop.append(True))
home = Path(sys.argv[1])
service, seen, wrong, rounds = Service(Settings(home=home, embedder="none")), set(), [], 0
print("reading", flush=True)
while not stop:
    rounds += 1
    try:
        fresh = Service(Settings(home=home, embedder="none")) if rounds % 2 else service
        snapshot = fresh.snapshot()
        listed = {item.id for item in snapshot.catalogue.documents()}
        graphs = {name.rpartition("/")[2] for name in snapshot.store.graphs() if "/d-" in name}
        if listed != graphs:
            wrong.append(f"{sorted(listed)} are listed, {sorted(graphs)} are in the graph")
        for document in sorted(graphs):
            snapshot.catalogue.document(document)
        seen |= graphs
        for answer in (fresh.ask("组织企业质量开放日的有哪些单位？"), fresh.ask("召开质量会议的有哪些单位？")):
            for found in answer["evidence"]:
                pass
        for hit in snapshot.search.search("质量开放日", top=5):
            pass
        if fresh is not service:
            fresh.close()
    except Exception as error:
        wrong.append(f"{type(error).__name__}: {error}")
print(json.dumps({"rounds": rounds, "seen": sorted(seen), "wrong": wrong}, ensure_ascii=False), flush=True)
"""

# A restore that waits after each of its last steps: what lies between two of them is long enough to be read in.
_RESTORE = """
import sys, time
from pathlib import Path
from kg.build import durable
from kg.core.config import Settings
from kg.service import Service

def slowly(name):
    real = getattr(durable, name)
    def run(*arguments, **options):
        real(*arguments, **options)
        time.sleep(0.3)
    setattr(durable, name, run)

slowly("install")
slowly("point")
for backup in sys.argv[2:]:
    Service(Settings(home=Path(sys.argv[1]), embedder="none")).restore(backup, force=True)
"""


@pytest.fixture
def two(tmp_path: Path) -> tuple[Service, list[Path]]:
    """A home, and the backups of two states of it that have no document in common."""
    service = Service(Settings(home=tmp_path / "home", embedder="none", file_seconds=0))
    backups = []
    for name in ("甲", "乙"):
        path = tmp_path / f"{name}.txt"
        path.write_text(
            f"{name}区关于开展质量月活动的通知\n各街镇：\n一、组织质量开放日\n组织企业质量开放日（区市场监管局、区教育局）。\n"
            f"二、召开质量会议\n召开质量会议（区经委）。\n{name}区市场监督管理局\n2024年9月1日\n"
        )
        if held := service.documents() if backups else []:
            service.remove([item["id"] for item in held])
        service.ingest([path])
        service.backup(tmp_path / f"{name}.zip")
        backups.append(tmp_path / f"{name}.zip")
    return service, backups


def test_readers_of_a_home_that_is_restored_see_one_state_or_the_other(two: tuple[Service, list[Path]]) -> None:
    service, backups = two
    home = str(service.settings.home)
    with subprocess.Popen([sys.executable, "-c", _READER, home], stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "reading\n"
        names = [str(path) for path in (*backups, *backups)]
        done = subprocess.run([sys.executable, "-c", _RESTORE, home, *names], check=False)
        reader.send_signal(signal.SIGTERM)
        told = json.loads(reader.stdout.read())
    assert done.returncode == 0
    assert told["wrong"] == []
    assert len(told["seen"]) == 2, "both states were read"
    assert service.check()["problems"] == []


def test_the_catalogue_of_before_stays_for_as_long_as_it_is_read(two: tuple[Service, list[Path]]) -> None:
    service, backups = two
    reader = Service(Settings(home=service.settings.home, embedder="none"))
    snapshot = reader.snapshot()
    (before,) = snapshot.catalogue.documents()
    old = catalogue_of(service.settings.home)
    service.restore(backups[0], force=True)
    assert old.exists()
    assert catalogue_of(service.settings.home) != old
    assert snapshot.whole.catalogue.document(before.id).id == before.id, "opened only now, and still of its generation"
    (after,) = reader.documents()
    assert after["id"] != before.id
    reader.close()
    del snapshot
    service.rebuild()
    assert not old.exists()
    assert superseded(service.settings.home) == []
    # whoever still reads the new one keeps SQLite's files beside it
    left = {path.name.removesuffix("-shm").removesuffix("-wal") for path in service.settings.home.glob("catalogue*")}
    assert left == {catalogue_of(service.settings.home).name}
    assert service.check()["problems"] == []


def test_a_catalogue_is_found_where_no_generation_names_it(two: tuple[Service, list[Path]]) -> None:
    service, backups = two
    home = service.settings.home
    service.restore(backups[0], force=True)
    found, held = catalogue_of(home), service.documents()
    assert found.name != "catalogue.sqlite"
    manifest = current_manifest(home)
    assert manifest is not None
    assert manifest.catalogue == found.name
    (home / "current" / "manifest.json").write_text("{")
    assert catalogue_of(home) == found
    service.rebuild()
    (home / "current").unlink()
    assert catalogue_of(home) == found
    assert service.check(repair=True)["problems"] == []
    assert service.documents() == held


def test_what_a_killed_restore_has_put_beside_it_is_no_catalogue(two: tuple[Service, list[Path]]) -> None:
    service, _ = two
    home = service.settings.home
    with Catalogue.open(catalogue_of(home), read_only=True) as catalogue:
        catalogue.copy_to(home / "catalogue-2.sqlite")
    held = service.documents()
    assert catalogue_of(home).name == "catalogue.sqlite"
    assert superseded(home) == [home / "catalogue-2.sqlite"]
    service.rebuild()
    assert not (home / "catalogue-2.sqlite").exists()
    assert service.documents() == held
