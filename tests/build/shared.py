"""Homes of several machines over one store, for tests; each command may be a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from kg.build.lineage import catalogue_of
from kg.build.sharing import Shared
from kg.catalogue.outbox import Copy
from kg.core.config import Settings
from kg.service import Service

ROOT = Path(__file__).resolve().parents[2]
TEXT = (
    "海城市{who}关于开展{year}年{what}活动的通知\n\n各区人民政府：\n\n现将有关事项通知如下。\n\n一、活动内容\n\n"
    "1．举办“{what}开放日”活动。（责任单位：市发展和改革委员会）\n\n海城市{who}\n{year}年9月1日\n"
)
KILLED = """
import os, signal, sys
from pathlib import Path
from kg.core.config import Settings
from kg.service import Service
{patch}
if __name__ == "__main__":
    service = Service(Settings(home=Path(sys.argv[1]), store=sys.argv[2], embedder="none"))
    service.ingest([Path(sys.argv[3])])
"""
KILL = "os.kill(os.getpid(), signal.SIGKILL)"
BEFORE_SENDING = f"""
from kg.shared.rows import Rows
first = Rows.send
def send(self, copy, also=None):
    if "documents" in copy.changed("all", upto=1 << 60):
        {KILL}
    first(self, copy, also)
Rows.send = send
"""
"""Committed here, and the store knows nothing of it."""
BEHIND_THE_COMMIT = f"""
from kg.catalogue.outbox import Copy
from kg.shared.rows import Rows
first = Rows.send
def send(self, copy, also=None):
    if "documents" in copy.changed("all", upto=1 << 60):
        Copy.sent = lambda *a, **k: {KILL}
    first(self, copy, also)
Rows.send = send
"""
"""The store has it, and the answer is lost."""
BEFORE_INSTALLING = f"""
import kg.build.generations as generations
generations.install = lambda *a, **k: {KILL}
"""
"""Current in the store, and not yet here."""


def write(folder: Path, number: int, what: str = "质量月", who: str = "市场监督管理局") -> Path:
    """A text of a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{number}.txt"
    path.write_text(TEXT.format(who=who, what=what, year=2020 + number % 5), encoding="utf-8")
    return path


def machine(folder: Path, store: str) -> Service:
    """A home over the store; without vectors, which are as slow as they are no matter here."""
    return Service(Settings(home=folder, store=store, embedder="none"))


def follow(*services: Service) -> None:
    """What each does by itself once a second; until it is there, for its own thread may be at it."""
    from kg.build.following import Follower

    give_up = time.monotonic() + 30
    for service in services:
        one, shared = Follower(service.settings), Shared.of(service.settings)
        while True:
            one.look()
            head = shared.head()
            with Copy.open(catalogue_of(service.settings.home), read_only=True) as copy:
                is_there = head is not None and copy.note("position") == str(head.position)
            if head is not None and is_there and service.newest() == (head.generation or None):
                break
            assert time.monotonic() < give_up
            time.sleep(0.1)


def killed(patch: str, home: Path, store: str, texts: Path) -> int:
    """Take texts in by a process that is killed where the patch says; how it ended."""
    code = KILLED.replace("{patch}", patch)
    script = home.parent / f"killed-{home.name}.py"
    script.write_text(code, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script), str(home), store, str(texts)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
    )
    assert done.returncode < 0, done.stderr.decode()
    return done.returncode


def differences(*services: Service) -> list[str]:
    """In what the copies differ from the store, and what they have not sent."""
    found = []
    _, there = Shared.of(services[0].settings).rows.totals()
    for service in services:
        with Copy.open(catalogue_of(service.settings.home), read_only=True) as copy:
            mine = copy.totals()
            found += [f"{service.settings.home.name} {name}" for name in there if mine[name] != there[name]]
            found += [f"{service.settings.home.name} waits"] if copy.waiting()[0] else []
    return found


def titles(service: Service) -> list[str]:
    return sorted(each["title"] for each in service.documents())
