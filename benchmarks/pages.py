"""How long the pages of the app take to open, and how much memory its server needs.

    python benchmarks/pages.py HOME [--runs 3] [--apart] [--ahead] [--question 哪些区开展过质量开放日，历年有何变化？]

HOME is an indexes folder; it is only read. Each figure is of a browser that has just been started (nothing in its
cache). "first": the server has just been started too, with --apart anew for each page (else a page finds what those
before it have read; what any first visit costs is then left out, for the page of uploads is opened before); "warm": the
median of the runs after that. With --ahead the server is started as `policykg app` does, and the first visitor comes
when it is quiet: what the pages share has been made ready (`kg.ui.ahead`). A page is open when its run is over and
everything is drawn. CPU is what the server used, which a busy machine does not change. The question is typed and sent
with Enter on a page that is open; its answer counts as soon as it is visible.
Needs what the browser tests need (Debian's chromium); memory and CPU are read from /proc.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
FLAGS += ["--disable-background-networking", "--disable-component-update"]
PAGES = {
    "首页": "",
    "检索": "search",
    "文档": "documents",
    "高级查询": "sparql",
    "任务台账": "tasks",
    "衔接对照": "compare",
    "活动演变": "evolution",
    "政策依据": "basis",
    "机构图谱": "agencies",
    "核定": "review",
    "数据": "data",
}
QUESTION = "哪些区开展过质量开放日，历年有何变化？"
_TICKS = os.sysconf("SC_CLK_TCK")
_LONGEST = 120_000  # milliseconds
_QUIET, _IDLE = 3.0, 0.1  # seconds without as much CPU


class Server:
    """The app on a loopback port, and what it uses; its helper processes count as well."""

    def __init__(self, process: subprocess.Popen[bytes], address: str) -> None:
        self.process, self.address = process, address

    def _family(self) -> Iterator[Path]:
        waiting = [str(self.process.pid)]
        while waiting:
            folder = Path("/proc") / waiting.pop()
            try:
                for task in (folder / "task").iterdir():
                    waiting += (task / "children").read_text().split()
            except OSError:
                continue  # it has just ended
            yield folder

    def cpu(self) -> float:
        """Seconds used so far."""
        fields = [(folder / "stat").read_text().rpartition(")")[2].split() for folder in self._family()]
        return sum(int(field[11]) + int(field[12]) for field in fields) / _TICKS

    def memory(self) -> int:
        """MB in memory, pages shared with files included."""
        lines = [line for folder in self._family() for line in (folder / "status").read_text().splitlines()]
        return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) // 1024


@contextmanager
def running(home: Path, *, ahead: bool = False) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "kg.ui" if ahead else "streamlit",
        "run",
        str(ROOT / "app.py"),
        "--server.port",
        str(port),
    ]
    environment = {**os.environ, "POLICYKG_HOME": str(home.resolve())}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()  # noqa: S310  our own server
                break
            except OSError:
                time.sleep(0.1)
        server = Server(process, address)
        if ahead:
            begun = server.cpu()
            quiet(server)
            print(f"预读 CPU {server.cpu() - begun:.2f} s，内存 {server.memory()} MB", file=sys.stderr)
        yield server
    finally:
        process.terminate()
        process.wait(10)


def quiet(server: Server) -> None:
    """Wait until a server has done nothing for a while."""
    used, since = server.cpu(), time.monotonic()
    while time.monotonic() - since < _QUIET:
        time.sleep(0.2)
        if server.cpu() - used > _IDLE:
            used, since = server.cpu(), time.monotonic()


def opened(page: Page) -> None:
    """Wait until the page is drawn: the side bar's last line is written at the end of a run."""
    page.get_by_text("代索引").wait_for(timeout=_LONGEST)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=_LONGEST)
    expect(page.locator('[data-testid="stSkeleton"]:visible')).to_have_count(0, timeout=_LONGEST)
    if "/agencies" in page.url:
        page.locator(".network[data-ready]").wait_for(timeout=_LONGEST)


@contextmanager
def fresh(playwright_chromium: object) -> Iterator[Page]:
    browser: Browser = playwright_chromium.launch(executable_path=CHROMIUM, args=FLAGS)  # type: ignore[attr-defined]
    try:
        yield browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN").new_page()
    finally:
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--apart", action="store_true", help="a server of its own for each page")
    parser.add_argument(
        "--ahead", action="store_true", help="started as by policykg app; visits begin when it is quiet"
    )
    parser.add_argument("--only", nargs="*", help="names of pages")
    parser.add_argument("--question", default=QUESTION)
    args = parser.parse_args()

    with (
        nullcontext() if args.apart else running(args.home, ahead=args.ahead) as shared,
        sync_playwright() as playwright,
    ):

        def visit(server: Server, path: str) -> tuple[float, float]:
            with fresh(playwright.chromium) as page:
                used, begun = server.cpu(), time.perf_counter()
                page.goto(f"{server.address}/{path}")
                opened(page)
                return time.perf_counter() - begun, server.cpu() - used

        def ask(server: Server) -> tuple[float, float]:
            with fresh(playwright.chromium) as page:
                page.goto(server.address)
                opened(page)
                box = page.get_by_label("问题")
                box.fill(args.question)
                used, begun = server.cpu(), time.perf_counter()
                box.press("Enter")
                page.locator(".pk-answer").wait_for(timeout=_LONGEST)
                return time.perf_counter() - begun, server.cpu() - used

        print(f"| 页面 | 首次 s | 首次 CPU s | 热 s（{args.runs} 次中位） | 热 CPU s | 服务端内存 MB |")
        print("|---|---|---|---|---|---|")
        visits = [(name, lambda server, path=path: visit(server, path)) for name, path in PAGES.items()]
        for name, act in [*visits, ("提问到答案", ask)]:
            if args.only and name not in args.only:
                continue
            with nullcontext(shared) if shared else running(args.home, ahead=args.ahead) as server:
                if args.apart:
                    visit(server, PAGES["数据"])
                first, *warm = [act(server) for _ in range(args.runs + 1)]
                wall, cpu = (statistics.median(run[i] for run in warm) for i in (0, 1))
                row = f"| {name} | {first[0]:.2f} | {first[1]:.2f} | {wall:.2f} | {cpu:.2f} | {server.memory()} |"
            print(row, flush=True)


if __name__ == "__main__":
    main()
