"""Readers in processes of their own: order, bounds, and what becomes of a file that hangs, explodes or kills."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kg.build import reading as readings
from kg.build import workers
from kg.build.reading import InlineReader, Job, PoolReader, Reading
from kg.build.sources import Source
from kg.core.config import Settings
from tests.jobs import job, read_all

_WORK = """
import os, re, signal
from kg.build.reading import Reading
from kg.core.model import Document

def work(job):
    if job.data == b"die":
        os._exit(9)
    if job.data == b"hang":
        signal.alarm(0)
        re.match(r"(a+)+b", "a" * 99)  # holds the interpreter: only the system can end it
    if job.data == b"grow":
        try:
            bytearray(2 * 2**30)
        except MemoryError:
            return Reading(reason="no memory")
    if job.data == b"bad":
        return Reading(reason="bad")
    if job.data == b"print":
        os.write(1, b"noise")
    if job.data == b"files":
        return Reading(reason=" ".join(os.readlink(f"/dev/fd/{n}") for n in range(3, 99) if os.path.exists(f"/dev/fd/{n}")))
    return Reading(Document(id=job.source.id, source=job.source.shown, sha256=job.sha256, text=str(os.getpid())))
"""


# Other tests leave threads; a copy made here holds none of their locks.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Job], Reading]]:
    (tmp_path / "pool_work.py").write_text(_WORK)
    monkeypatch.syspath_prepend(tmp_path)
    import pool_work

    yield pool_work.work
    del sys.modules["pool_work"]


@pytest.fixture(params=[True, False], ids=["forked", "by a server"])
def started(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways in which a worker is started."""
    monkeypatch.setattr(workers, "_is_single_threaded", lambda: request.param)


def test_the_order_is_kept_and_a_worker_that_dies_is_replaced(work, started) -> None:
    contents = (b"a", b"bad", b"b", b"die", b"c", b"d", b"e", b"f", b"g", b"h", b"i")
    reasons = {data: reading.reason for data, reading in read_all(PoolReader(work, workers=2), *contents)}
    assert reasons.pop(b"bad") == "bad"
    assert "异常终止" in (reasons.pop(b"die") or "")
    assert set(reasons.values()) == {None}


def test_one_worker_reads_many_files(work) -> None:
    pids = {reading.document.text for _, reading in read_all(PoolReader(work), *[b"x"] * 20) if reading.document}
    assert len(pids) == 1
    assert pids != {str(os.getpid())}


def test_a_file_that_hangs_is_given_up_with_its_reason(work, started) -> None:
    pool = PoolReader(work, workers=2, seconds=0.5)
    begun = time.monotonic()
    results = read_all(pool, b"a", b"hang", b"b", b"c", b"hang", b"d")
    assert time.monotonic() - begun < 60
    reasons = [reading.reason or "" for _, reading in results]
    assert [bool(reason) for reason in reasons] == [False, True, False, False, True, False]
    assert "超过 0.5 秒" in reasons[1]
    assert "POLICYKG_FILE_SECONDS" in reasons[1]


def test_memory_is_limited(work, started) -> None:
    assert [reading.reason for _, reading in read_all(PoolReader(work), b"grow", b"a")] == ["no memory", None]


def test_nothing_of_the_parent_stays_open_and_nothing_is_printed(
    work, started, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with (tmp_path / "write.lock").open("w"):
        results = read_all(PoolReader(work), b"print", b"files")
    assert "write.lock" not in (results[1][1].reason or "")
    assert capfd.readouterr().out == ""


def test_no_more_jobs_are_taken_than_can_be_held(work) -> None:
    taken = 0

    def jobs() -> Iterator[Job]:
        nonlocal taken
        for number in range(40):
            taken += 1
            yield job(number, b"x")

    most = 0
    for done, _ in enumerate(PoolReader(work).readings(jobs())):
        most = max(most, taken - done)
    assert taken == 40
    assert most <= 5


def test_a_large_file_goes_alone(work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readings, "BYTES_IN_FLIGHT", 10)
    assert len(read_all(PoolReader(work, workers=2), *[bytes(50)] * 5)) == 5


def test_what_can_be_done_meanwhile_is_done_once_and_only_when_no_worker_is_to_be_started(work) -> None:
    told: list[str] = []

    def jobs() -> Iterator[Job]:
        for number in range(9):
            told.append("job")
            yield job(number, b"x")

    pool = PoolReader(work, workers=2)
    pool.meanwhile = lambda: told.append("meanwhile")
    told.extend("read" for _ in pool.readings(jobs()))
    assert told.count("meanwhile") == 1
    at = told.index("meanwhile")
    assert "job" not in told[at:]
    assert "read" in told[at:]  # something was still being read
    pool.meanwhile = lambda: told.append("for nothing")
    assert list(pool.readings(iter(()))) == []
    assert "for nothing" not in told


def test_a_worker_does_not_outlive_a_parent_that_was_killed(work, tmp_path: Path) -> None:
    script = textwrap.dedent(
        """
        import os, sys
        from kg.build import workers
        from kg.build.reading import Job
        from kg.build.sources import Source
        import pool_work
        worker = workers.Worker(pool_work.work, seconds=60, memory_mb=500)
        worker.submit(Job(Source("a", "a", "/a"), "0", b"x"))
        print(worker.result().document.text, flush=True)
        os.kill(os.getpid(), 9)
        """
    )
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}:{Path(__file__).parents[2]}"}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert done.returncode == -signal.SIGKILL, done.stderr
    give_up = time.monotonic() + 30
    while Path(f"/proc/{done.stdout.strip()}").exists():
        assert time.monotonic() < give_up, "the worker goes on without its parent"
        time.sleep(0.02)


def test_what_a_copied_process_held_before_is_not_its_own(work, tmp_path: Path) -> None:
    script = textwrap.dedent(
        """
        from kg.build import workers
        from kg.build.reading import Job
        from kg.build.sources import Source
        import pool_work
        ballast = bytearray(400 << 20)
        ballast[::4096] = b"x" * len(ballast[::4096])
        worker = workers.Worker(pool_work.work, seconds=60, memory_mb=300)
        pids = []
        for _ in range(2):
            worker.submit(Job(Source("a", "a", "/a"), "0", b"x"))
            pids.append(worker.result().document.text)
        assert pids[0] == pids[1], "it was thought to be tired"
        worker.close()
        """
    )
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}:{Path(__file__).parents[2]}"}
    done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr


def test_no_limit_means_no_process() -> None:
    assert isinstance(readings.reader(Settings(file_seconds=0)), InlineReader)
    assert isinstance(readings.reader(Settings()), PoolReader)


def test_the_pipeline_runs_in_a_worker(started) -> None:
    text = "关于开展质量月活动的通知\n各有关单位：\n现将有关事项通知如下。\n".encode()
    (one, two) = list(readings.reader(Settings()).readings([job(1, text), job(2, b"\0\1\2")]))
    assert one[1].reason is not None  # no suffix
    assert two[1].document is None
    source = Source(Path("a.txt"), "a.txt", "/a.txt")
    ((_, reading),) = readings.reader(Settings()).readings([Job(source, "0", text)])
    assert reading.document is not None
    assert reading.passages
