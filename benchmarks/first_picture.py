"""How long 机构图谱 takes from its address to the first picture of a neighbourhood.

    python benchmarks/first_picture.py HOME [--runs 9] [--cold 3] [--bodies 60]

HOME is an indexes folder; it is only read. The address names a body and another one that is opened beside it, such
that the picture has as many bodies as asked for, or a few more. The server is started as `policykg app` does, and
visits begin when it is quiet. "刚启动": a browser that was just started, nothing in its cache; "来过": a new page of a
browser that has been at this address before. The clock runs from the begin of the navigation ("就绪" until the picture
is made, "画出" until the frame after its first one has begun, so it has been painted). CPU until then: of the server,
of the renderer's main thread, of the whole browser. The load stands beside: on a busy machine the clock tells little.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, BrowserContext, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.pages import CHROMIUM, FLAGS, Server, running  # noqa: E402
from kg.core.config import Settings  # noqa: E402
from kg.service import Service  # noqa: E402

_CENTRES, _BESIDE = 10, 60  # bodies with the most ties that are tried
# The page tells the picture to the window as soon as it is ready; two frames later it has been painted.
_WATCH = """(() => {
  let held;
  Object.defineProperty(globalThis, "policykgNetwork", { configurable: true, get: () => held, set(cy) {
    held = cy;
    const ready = performance.now();
    requestAnimationFrame(() => requestAnimationFrame(() => {
      globalThis.firstPicture ??= { ready, painted: performance.now() };
    }));
  } });
})()"""


@dataclass(frozen=True, slots=True)
class Visit:
    """Seconds from the begin of the navigation, and seconds of CPU until the picture was painted."""

    ready: float
    painted: float
    server: float
    thread: float  # the renderer's main thread
    browser: float  # all of its processes
    load: float


def address(home: Path, bodies: int) -> tuple[str, int, int]:
    """An address with so many bodies; how many they are, and their ties."""
    service = Service(Settings(home=home.resolve()))
    try:
        labels = [item["label"] for item in service.agencies()["agencies"]]
        for centre in labels[:_CENTRES]:
            for beside in labels[:_BESIDE]:
                picture = service.agency_picture(centre=centre, opened=(beside,))
                if bodies <= len(picture["nodes"]) < 1.1 * bodies:
                    where = urlencode({"agency": centre, "open": beside})
                    return f"agencies?{where}", len(picture["nodes"]), len(picture["edges"])
    finally:
        service.close()
    raise SystemExit(f"{home}：没有 {bodies} 个机构上下的图")


def used(browser: Browser) -> tuple[float, float]:
    """CPU seconds so far: of the main threads of the renderers, and of the whole browser."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    thread = 0.0
    for process in processes:
        if process["type"] == "renderer":
            main = Path("/proc") / str(process["id"]) / "task" / str(process["id"]) / "schedstat"
            thread += int(main.read_text().split()[0]) / 1e9
    return thread, sum(process["cpuTime"] for process in processes)


def visit(server: Server, browser: Browser, context: BrowserContext, path: str) -> Visit:
    page = context.new_page()
    page.wait_for_timeout(500)  # its process has started, and what the page before left is done
    load, begun, (thread, whole) = os.getloadavg()[0], server.cpu(), used(browser)
    page.goto(f"{server.address}/{path}", wait_until="commit")
    page.wait_for_function("globalThis.firstPicture", polling=50, timeout=120_000)
    thread_then, whole_then = used(browser)
    cpu = server.cpu() - begun
    told = page.evaluate("globalThis.firstPicture")
    page.close()
    seconds = (told["ready"] / 1000, told["painted"] / 1000)
    return Visit(*seconds, cpu, thread_then - thread, whole_then - whole, load)


def context_of(browser: Browser) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    context.add_init_script(_WATCH)
    return context


def row(name: str, visits: list[Visit]) -> str:
    def middle(field: str) -> float:
        return float(statistics.median(getattr(each, field) for each in visits))

    painted = sorted(each.painted for each in visits)
    loads = [each.load for each in visits]
    cells = [middle("ready"), statistics.median(painted), painted[0], painted[-1]]
    cells += [middle(field) for field in ("server", "thread", "browser")]
    shown = " | ".join(f"{cell:.2f}" for cell in cells)
    return f"| {name}（{len(visits)} 次） | {shown} | {min(loads):.1f}–{max(loads):.1f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--runs", type=int, default=9, help="with a full cache")
    parser.add_argument("--cold", type=int, default=3, help="in a browser that was just started")
    parser.add_argument("--bodies", type=int, default=60)
    args = parser.parse_args()
    path, bodies, ties = address(args.home, args.bodies)
    print(f"{bodies} 个机构、{ties} 条联系：{path}", file=sys.stderr)

    with running(args.home, ahead=True) as server, sync_playwright() as playwright:

        def launched() -> Browser:
            return playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)

        browser = launched()  # what the server does once for each picture is not asked of a visitor who is timed
        context = context_of(browser)
        visit(server, browser, context, path)
        warm = [visit(server, browser, context, path) for _ in range(args.runs)]
        browser.close()
        cold = []
        for _ in range(args.cold):
            browser = launched()
            cold.append(visit(server, browser, context_of(browser), path))
            browser.close()
    print("| 浏览器 | 就绪 s | 画出 s 中位 | 最快 | 最慢 | 服务端 CPU s | 主线程 CPU s | 浏览器 CPU s | 负载 |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, visits in (("来过", warm), ("刚启动", cold)):
        if visits:
            print(row(name, visits))


if __name__ == "__main__":
    main()
