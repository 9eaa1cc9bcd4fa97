"""Reading by dask: the same as by the pool of this machine, whatever happens to workers and scheduler."""

from __future__ import annotations

import dataclasses
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kg.build import scheduler as connection
from kg.build.cluster import ClusterReader
from kg.build.reading import Job, PoolReader, Reading, reader
from kg.catalogue.sealing import COLUMNS
from kg.core.config import Settings
from kg.core.errors import ClusterProblem, MissingExtra, UsageError
from kg.service import Service
from tests.cluster import OWN, Cluster, cluster
from tests.jobs import job, read_all
from tests.seekdb import need

ROOT = Path(__file__).resolve().parents[2]
LAWS = 200
_WORK = """
import multiprocessing, os, re, signal
from kg.build.reading import Reading
from kg.core.model import Document

def work(reference, ontology, job):
    if job.data == b"die":
        os._exit(9)
    if job.data == b"kill":
        os.kill(multiprocessing.parent_process().pid, signal.SIGKILL)
    if job.data == b"hang":
        signal.alarm(0)
        re.match(r"(a+)+b", "a" * 99)
    if job.data == b"grow":
        try:
            bytearray(2 * 2**30)
        except MemoryError:
            return Reading(reason="no memory")
    if job.data == b"bad":
        return Reading(reason="bad")
    text = f"{multiprocessing.parent_process().pid} {reference.version} {len(job.data)}"
    return Reading(Document(id=job.source.id, source=job.source.shown, sha256=job.sha256, text=text))
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where this process and the workers find the test's own way of reading."""
    folder = tmp_path_factory.mktemp("modules")
    (folder / "cluster_work.py").write_text(_WORK)
    (folder / "older.py").write_text("import ingest.pipeline\ningest.pipeline.STEP_VERSION = 'of yesterday'\n")
    (folder / "without.py").write_text("import sys\nsys.modules['kg.build.remote'] = None\n")
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))
    sys.modules.pop("cluster_work", None)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory, path: Path) -> Iterator[Cluster]:
    """Two workers; a job whose worker died twice is given up by the scheduler."""
    folder = tmp_path_factory.mktemp("cluster")
    with cluster(folder, workers=2, path=path, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="1") as running:
        yield running


@pytest.fixture
def work(path: Path) -> Callable[..., Reading]:
    import cluster_work

    return cluster_work.work


def texts(results: list[tuple[bytes, Reading]]) -> list[list[str]]:
    return [reading.document.text.split() for _, reading in results if reading.document]


# Without a cluster


def test_the_setting_chooses(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.load(environ={"POLICYKG_WORKERS": "3"}).workers == 3
    assert Settings.load(environ={"POLICYKG_WORKERS": "tcp://10.0.0.5:8786"}).workers == "tcp://10.0.0.5:8786"
    assert isinstance(reader(Settings(workers="tls://10.0.0.5:8786")), ClusterReader)
    assert isinstance(reader(Settings(workers=2)), PoolReader)
    for wrong in ("http://10.0.0.5:8786", "tcp://10.0.0.5", "10.0.0.5:8786", "two"):
        with pytest.raises(UsageError, match="tcp://主机:端口"):
            Settings.load(environ={"POLICYKG_WORKERS": wrong})


def test_there_is_a_limit_of_time_or_nothing_is_sent() -> None:
    with pytest.raises(UsageError, match="POLICYKG_FILE_SECONDS"):
        reader(Settings(workers="tcp://10.0.0.5:8786", file_seconds=0))


def test_dask_is_not_loaded_without_the_setting(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("关于开展质量月活动的通知\n各有关单位：\n现将有关事项通知如下。\n")
    script = f"""
        import sys
        from pathlib import Path
        from kg.core.config import Settings
        from kg.service import Service
        folder = Path({str(tmp_path)!r})
        assert Service(Settings(home=folder / "home", embedder="none")).ingest([folder / "a.txt"])["added"] == 1
        print(*sorted(set(sys.modules) & {{"dask", "distributed", "tornado", "kg.build.cluster"}}))
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_nobody_is_asked_where_there_is_nothing_to_read() -> None:
    assert list(ClusterReader("tcp://127.0.0.1:1", "").readings([])) == []


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtra, match=r"policykg\[dask\]"):
        read_all(ClusterReader("tcp://127.0.0.1:1", ""), b"a")


@pytest.mark.parametrize("scheme", ["tcp", "tls"])
def test_a_scheduler_that_is_not_there_is_said(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    need("distributed")
    monkeypatch.setattr(connection, "_CONNECT_SECONDS", 1.0)
    with closing(socket.socket()) as taken:  # bound, and nobody listens
        taken.bind(("127.0.0.1", 0))
        at = f"{scheme}://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ClusterProblem, match="dask scheduler") as raised:
            read_all(ClusterReader(at, ""), b"a")
    assert at in raised.value.message
    assert "--workers" in raised.value.message


# With one


@pytest.mark.long
def test_the_order_is_kept_and_a_file_that_ends_its_process_costs_itself(work, two: Cluster) -> None:
    contents = (b"a", b"bad", b"b", b"die", b"c", b"d", b"e", b"f", b"g", b"h", b"i")
    results = read_all(ClusterReader(two.address, "", seconds=60, work=work), *contents)
    reasons = {data: reading.reason for data, reading in results}
    assert reasons.pop(b"bad") == "bad"
    assert "异常终止" in (reasons.pop(b"die") or "")
    assert set(reasons.values()) == {None}
    assert {int(pid) for pid, *_ in texts(results)} <= set(two.pids(2)), "a worker died with it"


@pytest.mark.long
def test_files_that_hang_or_grow_are_given_up_and_their_workers_live(work, two: Cluster) -> None:
    pids = two.pids(2)
    results = read_all(ClusterReader(two.address, "", seconds=8, work=work), b"a", b"hang", b"b", b"grow", b"c")
    reasons = [reading.reason or "" for _, reading in results]
    assert [bool(reason) for reason in reasons] == [False, True, False, True, False]
    assert "超过 8 秒" in reasons[1]
    assert reasons[3] == "no memory"
    assert two.pids(2) == pids


@pytest.mark.long
def test_a_large_file_and_no_more_jobs_than_can_be_held(work, two: Cluster) -> None:
    taken = 0

    def jobs() -> Iterator[Job]:
        nonlocal taken
        for number in range(30):
            taken += 1
            yield job(number, bytes(20 * 2**20) if number == 3 else b"x")

    most = 0
    lengths = []
    for done, (_, reading) in enumerate(ClusterReader(two.address, "", work=work).readings(jobs())):
        most = max(most, taken - done)
        lengths += [length for *_, length in texts([(b"", reading)])]
    assert lengths == ["1"] * 3 + [str(20 * 2**20)] + ["1"] * 26
    assert most <= 8


@pytest.mark.long
def test_a_file_that_kills_its_workers_is_one_failed_file(work, two: Cluster, tmp_path: Path) -> None:
    """Those beside it are read, by workers that came later, with the additions that these had to ask for."""
    own = tmp_path / "own.ttl"
    own.write_text(OWN)
    before = set(two.pids(2))
    using = ClusterReader(two.address, str(own), seconds=60, work=work)
    results = read_all(using, b"a", b"b", b"kill", *[b"x"] * 8)
    reasons = [reading.reason for _, reading in results]
    assert [at for at, reason in enumerate(reasons) if reason] == [2]
    assert "多次终止" in (reasons[2] or "")
    assert len({version for _, version, _ in texts(results)}) == 1
    assert set(two.pids(2)) != before, "nobody was killed"


@pytest.mark.long
@pytest.mark.parametrize(
    ("preload", "told"),
    [("older", ["读取规则 of yesterday", "policykg"]), ("without", ["policykg[dask]"])],
)
def test_a_worker_of_another_version_is_refused(
    work, path: Path, tmp_path: Path, preload: str, told: list[str]
) -> None:
    with cluster(tmp_path, workers=0, path=path) as running:
        running.worker("--preload", preload)
        running.pids(1)
        with pytest.raises(ClusterProblem) as raised:
            read_all(ClusterReader(running.address, "", work=work), b"a")
    assert all(part in raised.value.message for part in told), raised.value.message


@pytest.mark.long
def test_a_worker_of_another_version_that_comes_later_is_refused(work, path: Path, tmp_path: Path) -> None:
    with cluster(tmp_path, workers=1, path=path) as running:

        def jobs() -> Iterator[Job]:
            for number in range(100):
                if number == 2:
                    running.worker("--preload", "older")
                    running.pids(2)
                yield job(number, b"x")

        with pytest.raises(ClusterProblem, match="读取规则 of yesterday"):
            list(ClusterReader(running.address, "", work=work).readings(jobs()))


@pytest.mark.long
def test_a_scheduler_without_workers_is_said(work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_WORKERS_SECONDS", 1.0)
    with cluster(tmp_path, workers=0) as running, pytest.raises(ClusterProblem, match="dask worker tcp://"):
        read_all(ClusterReader(running.address, "", work=work), b"a")


@pytest.mark.long
def test_a_scheduler_that_does_not_answer_any_more_is_said(
    work, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "_WORKERS_SECONDS", 3.0)
    with cluster(tmp_path, workers=1, path=path) as running:

        def jobs() -> Iterator[Job]:
            for number in range(20):
                if number == 10:
                    running.scheduler.send_signal(signal.SIGSTOP)
                yield job(number, b"x")

        readings = ClusterReader(running.address, "", work=work).readings(jobs())
        try:
            for _ in range(5):
                next(readings)
            with pytest.raises(ClusterProblem, match="连接中断"):
                list(readings)
        finally:
            running.scheduler.send_signal(signal.SIGCONT)


# Whole runs


def exported(service: Service, tmp_path: Path) -> list[bytes]:
    target = tmp_path / f"{time.monotonic_ns()}.nq"
    service.export("graph", "nq", target)
    return sorted(target.read_bytes().splitlines())


def rows(service: Service) -> dict[str, list[tuple[Any, ...]]]:
    """All that a catalogue holds of documents, and the order in which they came; without runs and random tokens."""
    columns = ", ".join(column for column in COLUMNS["documents"] if column != "run_id")
    asked = {
        "documents": f"SELECT {columns} FROM documents ORDER BY id",  # noqa: S608 - names of our own
        "passages": "SELECT * FROM passages ORDER BY document_id, number",
        "changes": "SELECT sequence, document_id, action FROM changes ORDER BY sequence",
    }
    with closing(sqlite3.connect(service.settings.home / "catalogue.sqlite")) as catalogue:
        return {name: catalogue.execute(query).fetchall() for name, query in asked.items()}


def killing(pid: int, at: float) -> Callable[[int, int, str], None]:
    """A progress that kills a process once, when a share of the files has been sent."""
    left = [pid]

    def progress(done: int, total: int, _: str) -> None:
        if left and total and done >= at * total:
            os.kill(left.pop(), signal.SIGKILL)

    return progress


@pytest.fixture(scope="module")
def texts_of_laws(laws_dir: Path) -> list[Path]:
    return [ROOT / "samples", *sorted(laws_dir.rglob("*.md"))[:LAWS]]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site's own additions: a file, and forms beside it."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "own.ttl").write_text(OWN)
    (folder / "forms").mkdir()
    (folder / "forms" / "own.toml").write_text(
        '[[form]]\nname = "label.unit"\nwords = ["承接专班"]\nexamples = ["承接专班"]\n'
    )
    return folder


@pytest.fixture(scope="module")
def undisturbed(texts_of_laws: list[Path], own: Path, tmp_path_factory: pytest.TempPathFactory) -> Service:
    """A run on this machine."""
    home = tmp_path_factory.mktemp("here") / "home"
    service = Service(Settings(home=home, ontology=str(own), embedder="none", workers=2))
    assert service.ingest(texts_of_laws)["failed"] == []
    return service


@pytest.mark.long
def test_one_of_two_workers_killed_half_way_gives_the_same_catalogue(
    undisturbed: Service, texts_of_laws: list[Path], own: Path, path: Path, tmp_path: Path
) -> None:
    with cluster(tmp_path, workers=2, path=path) as running:
        settings = Settings(home=tmp_path / "home", ontology=str(own), embedder="none", workers=running.address)
        service = Service(settings)
        victim, other = running.pids(2)
        report = service.ingest(texts_of_laws, progress=killing(victim, at=0.5))
        assert victim not in running.pids(1)
        assert other in running.pids(1)
    assert report["failed"] == []
    assert report["added"] >= LAWS
    assert rows(service) == rows(undisturbed)
    assert exported(service, tmp_path) == exported(undisturbed, tmp_path)


@pytest.mark.long
def test_a_scheduler_lost_half_way_is_said_and_the_next_run_goes_on(
    undisturbed: Service, texts_of_laws: list[Path], own: Path, path: Path, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path / "home", ontology=str(own), embedder="none")

    def by(running: Cluster) -> Service:
        return Service(dataclasses.replace(settings, workers=running.address))

    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    with cluster(tmp_path / "one", workers=2, path=path) as running:
        begun = time.monotonic()
        with pytest.raises(ClusterProblem, match=r"连接中断.*再运行同一命令"):
            by(running).ingest(texts_of_laws, progress=killing(running.scheduler.pid, at=0.5))
        assert time.monotonic() - begun < 300
    with closing(sqlite3.connect(settings.home / "catalogue.sqlite")) as catalogue:
        (held,) = catalogue.execute("SELECT count(*) FROM documents").fetchone()
    assert held > LAWS / 4
    with cluster(tmp_path / "other", workers=2, path=path) as running:
        report = by(running).ingest(texts_of_laws)
    assert (report["unchanged"], report["failed"]) == (held, [])
    assert rows(by(running)) == rows(undisturbed)
