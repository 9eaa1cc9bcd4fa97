"""Backup and restore: one consistent state under load, nothing lost, nothing taken on trust."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.pipeline import read_document
from kg.build import publish
from kg.build.lineage import catalogue_of, read_catalogue
from kg.build.run import steps_of, writing
from kg.catalogue import Catalogue
from kg.core.config import Settings
from kg.core.errors import NotBuilt, UsageError
from kg.core.ids import document_id
from kg.core.model import Document
from kg.graph.store import OxigraphStore
from kg.passages.chunk import document_to_passages
from kg.service import Service, archive
from kg.service.audit import Actor
from ontology.reference import load_reference

pytestmark = pytest.mark.long


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    for number in range(3):
        write_document(folder, number)
    return folder


def write_document(folder: Path, number: int) -> Path:
    path = folder / f"{number:03}.txt"
    path.write_text(
        f"关于开展第{number}次质量月活动的通知\n各街镇：\n"
        f"一、组织质量开放日\n组织第{number}场企业质量开放日（区市场监管局、区教育局）。\n"
        f"二、召开质量会议\n根据《质量强国建设纲要》，召开{number + 2}次质量会议（区经委）。\n"
        f"甲区市场监督管理局\n2024年9月{number % 28 + 1}日\n"
    )
    return path


def a_service(home: Path, **settings: object) -> Service:
    return Service(Settings(home=home, embedder="none", **settings))  # type: ignore[arg-type]


def ingest(service: Service, *paths: Path) -> None:
    """As `service.ingest`, but reading in this process: a worker for each call would cost seconds."""
    settings = service.settings
    reference = load_reference(settings.ontology)
    with writing(settings) as catalogue:
        run = catalogue.start_run("ingest", {}, actor=service.actor)
        steps = steps_of(reference.version)
        for path in (file for given in paths for file in (sorted(given.iterdir()) if given.is_dir() else [given])):
            document = read_document(
                path.read_bytes(), source=str(path), document_id=document_id(str(path)), reference=reference
            )
            passages = document_to_passages(document)
            catalogue.put_document(document, passages, steps=steps, source_key=str(path), run=run)
        publish(settings, catalogue)
        catalogue.finish_run(run, {})


def held(service: Service) -> dict[str, tuple[object, ...]]:
    """All documents with passages and step versions."""
    with read_catalogue(service.settings.home, Catalogue) as catalogue:
        return {
            item.id: (
                catalogue.document(item.id),
                tuple(catalogue.passages(item.id)),
                catalogue.source_state(item.id),
            )
            for item in catalogue.documents()
        }


def graph(service: Service) -> set[object]:
    return set(OxigraphStore(service.settings.home / "current" / "graph", read_only=True).quads())


def test_restored_elsewhere_it_equals_the_original(tmp_path: Path, docs: Path) -> None:
    original = a_service(tmp_path / "a")
    ingest(original, docs)
    uploaded = original.upload([("上传.txt", write_document(tmp_path, 7).read_bytes())])
    (tmp_path / "a" / "policykg.toml").write_text('query_rows = 77\nembedder = "none"\n')
    done = original.backup(tmp_path / "b.zip")
    assert (done["documents"], done["uploads"], done["notes"]) == (4, 1, [])
    assert (tmp_path / "b.zip").stat().st_mode & 0o077 == 0, "it holds all texts"
    restored = a_service(tmp_path / "c")
    told = restored.restore(tmp_path / "b.zip")
    assert (told["documents"], told["uploads"], told["before"]) == (4, 1, None)
    assert held(restored) == held(original)
    assert graph(restored) == graph(original)
    assert [hit["text"] for hit in restored.search("召开9次质量会议", top=1)] == [
        hit["text"] for hit in original.search("召开9次质量会议", top=1)
    ]
    assert (tmp_path / "c" / "uploads" / "上传.txt").read_bytes() == (tmp_path / "a/uploads/上传.txt").read_bytes()
    assert Settings.load(home=tmp_path / "c").query_rows == 77
    assert "原路径" in told["notes"][0]
    assert restored.check()["problems"] == []
    assert restored.documents()[0]["id"] == original.documents()[0]["id"]
    assert uploaded["files"][0]["document_id"] in held(restored)


def test_a_backup_under_load_is_one_state_that_the_catalogue_was_in(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    for number in range(60):
        write_document(docs, number)
    original = a_service(tmp_path / "a")
    environment = os.environ | {"POLICYKG_EMBEDDER": "none", "POLICYKG_HOME": str(tmp_path / "a")}
    command = [sys.executable, "-c", "from kg.cli import main; main()", "ingest", str(docs)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as writer:
        while counted(original) < 5:
            assert writer.poll() is None
            time.sleep(0.01)
        done = original.backup(tmp_path / "b.zip")
        running = writer.poll() is None
    assert running, "the writer must have been at work"
    assert writer.returncode == 0
    restored = a_service(tmp_path / "c")
    restored.restore(tmp_path / "b.zip")
    whole, part = held(original), held(restored)
    assert 5 <= len(part) == done["documents"] < len(whole) == 60
    with Catalogue.open(tmp_path / "a" / "catalogue.sqlite", read_only=True) as catalogue:
        order = [key for (key,) in catalogue._rows("SELECT document_id FROM changes ORDER BY sequence")]
    assert list(part) == [key for key in whole if key in set(order[: len(part)])], "the first ones, with none left out"
    assert part == {key: whole[key] for key in part}
    at_once = graph(restored)
    restored.rebuild()
    assert graph(restored) == at_once
    assert {quad.graph for quad in at_once} < {quad.graph for quad in graph(original)}
    ingest(restored, docs)
    assert held(restored) == whole
    assert graph(restored) == graph(original)
    assert restored.check()["problems"] == []


def counted(service: Service) -> int:
    try:
        return int(service.status()["documents"])
    except NotBuilt:  # the writer has made the file and not yet its tables
        return 0


def test_a_home_with_data_is_replaced_only_by_force_and_is_kept(tmp_path: Path, docs: Path) -> None:
    service = a_service(tmp_path / "a")
    ingest(service, docs)
    service.backup(tmp_path / "b.zip")
    first = held(service), graph(service)
    ingest(service, write_document(docs, 9))
    service.upload([("后来.txt", write_document(tmp_path, 8).read_bytes())])
    later = held(service), graph(service)
    with pytest.raises(UsageError, match="--force"):
        service.restore(tmp_path / "b.zip")
    assert (held(service), graph(service)) == later
    told = service.restore(tmp_path / "b.zip", force=True)
    assert (held(service), graph(service)) == first
    assert not (tmp_path / "a" / "uploads" / "后来.txt").exists()
    actions = [entry["action"] for entry in service.audit()]
    assert actions.count("ingest") == 3, "what was done after the backup is still told"
    assert actions[0] == "restore"
    service.restore(Path(told["before"]), force=True)
    assert (held(service), graph(service)) == later
    assert (tmp_path / "a" / "uploads" / "后来.txt").exists()
    assert service.check()["problems"] == []


def test_an_older_copy_that_went_on_differently_is_not_built_upon(tmp_path: Path, docs: Path) -> None:
    service = a_service(tmp_path / "a")
    ingest(service, docs / "000.txt")
    copy = (tmp_path / "a" / "catalogue.sqlite").read_bytes()
    ingest(service, docs / "001.txt")
    (tmp_path / "a" / "catalogue.sqlite").write_bytes(copy)  # restored by hand, under the same identity
    ingest(service, docs / "002.txt")
    at_once = graph(service)
    service.rebuild()
    assert graph(service) == at_once
    assert not any("001.txt" in item["source"] for item in service.documents())


def test_a_damaged_catalogue_is_replaced_and_kept_as_it_is(tmp_path: Path, docs: Path) -> None:
    service = a_service(tmp_path / "a")
    ingest(service, docs)
    service.backup(tmp_path / "b.zip")
    good = held(service), graph(service)
    catalogue = tmp_path / "a" / "catalogue.sqlite"
    damaged = catalogue.read_bytes()[:6000] + os.urandom(30_000)
    catalogue.write_bytes(damaged)
    with pytest.raises(Exception, match="损坏"):
        service.backup(tmp_path / "never.zip")
    assert not (tmp_path / "never.zip").exists()
    told = service.restore(tmp_path / "b.zip", force=True)
    assert (held(service), graph(service)) == good
    assert (Path(told["before"]) / "catalogue.sqlite").read_bytes() == damaged


@pytest.mark.parametrize("harm", ["cut", "flipped", "swapped", "newer", "upwards", "no zip"])
def test_a_harmed_or_hostile_backup_is_refused_and_changes_nothing(tmp_path: Path, docs: Path, harm: str) -> None:
    service = a_service(tmp_path / "a")
    ingest(service, docs / "000.txt")
    backup = tmp_path / "b.zip"
    service.backup(backup)
    data = backup.read_bytes()
    if harm == "cut":
        backup.write_bytes(data[: len(data) // 2])
    elif harm == "flipped":
        middle = len(data) // 2
        backup.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
    elif harm == "no zip":
        backup.write_text("not a zip")
    else:
        with zipfile.ZipFile(backup) as old:
            members = {name: old.read(name) for name in old.namelist()}
        manifest = json.loads(members["manifest.json"])
        if harm == "swapped":
            members["catalogue.sqlite"] = members["catalogue.sqlite"][::-1]
        elif harm == "newer":
            manifest["format"] = archive.FORMAT + 1
        else:
            members["uploads/../../evil.txt"] = b"x"
            manifest["files"]["uploads/../../evil.txt"] = {"size": 1, "sha256": "0"}
        members["manifest.json"] = json.dumps(manifest).encode()
        with zipfile.ZipFile(backup, "w") as new:
            for name, content in members.items():
                new.writestr(name, content)
    before = held(service), graph(service)
    with pytest.raises(UsageError, match="备份"):
        service.restore(backup, force=True)
    assert (held(service), graph(service)) == before
    with pytest.raises(UsageError):
        a_service(tmp_path / "new").restore(backup)
    assert not (tmp_path / "new" / "catalogue.sqlite").exists()
    assert not list(tmp_path.glob("**/evil.txt"))


def test_only_a_backup_is_replaced_by_a_backup(tmp_path: Path, docs: Path) -> None:
    service = a_service(tmp_path / "a")
    with pytest.raises(NotBuilt):
        service.backup(tmp_path / "b.zip")
    ingest(service, docs)
    with pytest.raises(UsageError, match="未覆盖"):
        service.backup(docs / "000.txt")
    service.backup(tmp_path / "b.zip")
    service.backup(tmp_path / "b.zip")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


_KILLED = """
import os, signal, sys
from pathlib import Path
from kg.build import durable, generations
from ingest.pipeline import read_document
from kg.build import publish
from kg.build.run import steps_of, writing
from kg.catalogue import Catalogue
from kg.core.config import Settings
from kg.service import Service, archive, restore

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def after(owner, name):
    real = getattr(owner, name)
    def run(*arguments, **options):
        result = real(*arguments, **options)
        die()
    setattr(owner, name, run)

moment = sys.argv[3]
if moment == "unpacked":
    after(archive.Archive, "extract")
elif moment == "before the catalogue":
    restore._Restore._put = die
elif moment == "after the catalogue":
    after(restore._Restore, "_put")
elif moment == "after the generation":
    after(generations, "install")
Service(Settings(home=Path(sys.argv[1]), embedder="none")).restore(sys.argv[2], force=True)
"""


@pytest.mark.parametrize("moment", ["unpacked", "before the catalogue", "after the catalogue", "after the generation"])
def test_kill_9_in_a_restore_leaves_the_old_state_or_the_new_one(tmp_path: Path, docs: Path, moment: str) -> None:
    service = a_service(tmp_path / "a")
    ingest(service, docs / "000.txt")
    service.backup(tmp_path / "b.zip")
    old = held(service), graph(service)
    ingest(service, docs)
    new = held(service), graph(service)
    command = [sys.executable, "-c", _KILLED, str(tmp_path / "a"), str(tmp_path / "b.zip"), moment]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    restored = moment == "after the generation"
    assert held(service) == (old if restored else new)[0]
    service.search("质量开放日")  # a complete generation serves, whichever it is
    ingest(service, docs / "000.txt")  # nothing new: publishes what is missing
    assert (held(service), graph(service)) == (old if restored else new)
    assert service.check()["problems"] == []
    service.restore(tmp_path / "b.zip", force=True)
    assert (held(service), graph(service)) == old
    left = [*(tmp_path / "a").glob(".restoring-*"), *(tmp_path / "a").glob("catalogue*.sqlite")]
    assert left == [catalogue_of(tmp_path / "a")], "what the killed one left is swept"


def test_an_upload_that_was_replaced_meanwhile_is_told(tmp_path: Path) -> None:
    service = a_service(tmp_path / "a")
    service.upload([("甲.txt", write_document(tmp_path, 1).read_bytes()), ("乙.txt", b"\xe4\xb9\x99" * 9)])
    uploads = tmp_path / "a" / "uploads"
    (uploads / "甲.txt").rename(uploads / ".甲.txt.before")  # its new version is being read
    (uploads / "甲.txt").write_text("新版")
    (uploads / "乙.txt").unlink()
    done = service.backup(tmp_path / "b.zip")
    assert done["uploads"] == 1
    assert "乙.txt" in done["notes"][0]
    with zipfile.ZipFile(tmp_path / "b.zip") as kept:
        assert kept.read("uploads/甲.txt") == (uploads / ".甲.txt.before").read_bytes()


def test_own_vocabulary_comes_along(tmp_path: Path, docs: Path) -> None:
    own = tmp_path / "own.ttl"
    own.write_text(
        "@prefix pkg: <https://w3id.org/policykg/ontology#> . @prefix schema: <https://schema.org/> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @base <https://w3id.org/policykg/id/> .\n"
        '<series/读书会> a schema:EventSeries, skos:Concept ; skos:prefLabel "读书会"@zh .\n'
    )
    service = a_service(tmp_path / "a", ontology=str(own))
    ingest(service, docs)
    service.backup(tmp_path / "b.zip")
    before = graph(service)
    own.unlink()
    restored = a_service(tmp_path / "c")
    told = restored.restore(tmp_path / "b.zip")
    assert "POLICYKG_ONTOLOGY" in told["notes"][0]
    assert len(graph(restored)) == len(before)
    kept = replace(restored.settings, ontology=str(tmp_path / "c" / "ontology"))
    assert Service(kept).check()["problems"] == []


def test_who_made_a_backup_is_in_the_log(tmp_path: Path, docs: Path) -> None:
    service = a_service(tmp_path / "a").acting(Actor("张三", "app"))
    ingest(service, docs)
    service.backup(tmp_path / "b.zip")
    assert [(e["actor"], e["via"], e["action"]) for e in service.audit()] == [
        ("张三", "app", "backup"),
        ("张三", "app", "ingest"),
    ]


def test_a_document_that_does_not_decode_is_restored_as_it_is(tmp_path: Path) -> None:
    service = a_service(tmp_path / "a")
    with Catalogue.open(tmp_path / "a" / "catalogue.sqlite") as catalogue:
        catalogue.put_document(Document(id="d-0000000001", source="a", sha256="0", text="x"), (), steps={})
    service.backup(tmp_path / "b.zip")
    assert a_service(tmp_path / "c").restore(tmp_path / "b.zip")["documents"] == 1
