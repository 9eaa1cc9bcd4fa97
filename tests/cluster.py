"""A dask scheduler and workers, started by a test as processes of their own."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.seekdb import need

ROOT = Path(__file__).resolve().parents[1]
OWN = """
@base <https://w3id.org/policykg/id/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix pkg: <https://w3id.org/policykg/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

<agency/上海市青浦区/青浦区质量发展促进中心> a org:FormalOrganization ;
    skos:prefLabel "青浦区质量发展促进中心"@zh ; skos:altLabel "区质促中心"@zh ;
    pkg:jurisdiction <place/上海市青浦区> ; pkg:agencyCategory "事业单位" .
"""
"""What a site may add: a body of its own."""
_SECONDS = 90.0  # for a process to be there, on a busy machine


class Cluster:
    """A scheduler, and workers with one thread each, below a nanny that starts them anew when they die."""

    def __init__(self, folder: Path, path: Path | None = None, **environment: str) -> None:
        self._folder = folder
        self._environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(map(str, filter(None, (path, ROOT)))),
            **environment,
        }
        self._running: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))
        give_up = time.monotonic() + _SECONDS
        while True:
            with contextlib.suppress(OSError, ValueError):
                self.address: str = json.loads(file.read_bytes())["address"]
                return
            assert time.monotonic() < give_up, self.log()
            assert self.scheduler.poll() is None, self.log()
            time.sleep(0.1)

    def worker(self, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        """One more worker."""
        return self._start("worker", self.address, "--nthreads", "1", *options, **environment)

    def pids(self, count: int) -> list[int]:
        """The processes of the workers, when `count` of them are there."""
        import distributed

        with distributed.Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=_SECONDS)
            return sorted(client.run(os.getpid).values())

    def log(self) -> str:
        """What the processes have said."""
        return "\n".join(file.read_text(errors="replace") for file in sorted(self._folder.glob("*.log")))

    def close(self) -> None:
        for process in reversed(self._running):
            process.terminate()
        for process in self._running:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _start(self, what: str, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", what, *options, "--no-dashboard"]
        if what == "worker":
            command += ["--local-directory", str(self._folder)]
        with (self._folder / f"{what}-{len(self._running)}.log").open("wb") as log:
            process = subprocess.Popen(
                command,
                cwd=self._folder,
                env=self._environment | environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._running.append(process)
        return process


@contextlib.contextmanager
def cluster(folder: Path, *, workers: int, path: Path | None = None, **environment: str) -> Iterator[Cluster]:
    """A scheduler with workers, all there; `path` is where they find modules of the test."""
    need("distributed")
    running = Cluster(folder, path, **environment)
    try:
        for _ in range(workers):
            running.worker()
        if workers:
            running.pids(workers)
        yield running
    finally:
        running.close()
