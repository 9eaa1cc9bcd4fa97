"""The app on a loopback port, on the five real documents, in a real browser that may not leave loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, WebSocket, expect, sync_playwright

from kg.core.config import Settings
from kg.service import Service

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--process-per-site",  # see sittings()
    # Whatever is not loopback ends at a port where nobody listens. (Playwright's own routing would switch off the
    # browser's cache, and each page would load Streamlit's scripts anew: twice the time.)
    "--proxy-server=http://127.0.0.1:9",
]
SCREEN = {"width": 1366, "height": 768}
expect.set_options(
    timeout=int(os.environ.get("POLICYKG_PATIENCE", "30000"))
)  # the machine may be busy with something else
STARTED_IN = 40.0  # seconds; about 4 on an idle machine


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory, corpus_dir: Path) -> Service:
    """The service of the home that the app shows; without vectors, which these tests do not need."""
    service = Service(Settings(home=tmp_path_factory.mktemp("home"), embedder="none", file_seconds=0))
    assert service.ingest([corpus_dir])["failed"] == []
    return service


@pytest.fixture(scope="session")
def app(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running app. It starts in another folder: its settings must come along with app.py."""
    with running(service.settings.home, free_port(), tmp_path_factory.mktemp("elsewhere")) as address:
        yield address


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(home: Path, port: int, folder: Path, *options: str, **environ: str) -> Iterator[str]:
    """The app on a home; gives its address. `folder` is where it starts and where its log goes."""
    environment = {**os.environ, "POLICYKG_HOME": str(home), "POLICYKG_EMBEDDER": "none", **environ}
    command = [sys.executable, "-m", "kg.ui", "run", str(ROOT / "app.py"), "--server.port", str(port), *options]
    log = folder / "log.txt"
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, server, log)
        yield address
    finally:
        server.terminate()
        server.wait(10)


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(int(STARTED_IN / 0.2)):
        if server.poll() is not None:
            pytest.fail(f"the app ended at once:\n{log.read_text(errors='replace')}")
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()  # noqa: S310  our own server
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"the app did not start in {STARTED_IN} s:\n{log.read_text(errors='replace')}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def sittings(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """A browser of its own for the app at an address; a sitting is a page of it.

    One page stays open and does nothing: its process goes on from sitting to sitting, and with it Streamlit's scripts as
    they were compiled. Otherwise each sitting compiles them anew, which takes more than half as much of the processor again.
    """
    context = browser.new_context(viewport=SCREEN, base_url=address, locale="zh-CN", accept_downloads=True)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    context.new_page().goto("/_stcore/health")
    yield context
    context.close()


@pytest.fixture(scope="session")
def context(app: str, browser: Browser) -> Iterator[BrowserContext]:
    """One for all tests, so that Streamlit's scripts come from its cache."""
    with sittings(browser, app) as context:
        yield context


@contextmanager
def watched(context: BrowserContext) -> Iterator[Page]:
    """A fresh sitting. Afterwards: nothing outside loopback was tried, and the page reported no error."""
    outside: list[str] = []
    errors: list[str] = []

    def note(request: Request | WebSocket) -> None:
        if not is_local(request.url):
            outside.append(request.url)

    page = context.new_page()
    page.on("request", note)
    page.on("websocket", note)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_default_timeout(40_000)
    yield page
    page.close()
    assert outside == []
    assert errors == []


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A sitting of one user."""
    with watched(context) as page:
        yield page


@pytest.fixture
def clean(service: Service) -> Iterator[Service]:
    """The library as it was, whatever a test leaves behind."""
    before = {item["id"] for item in service.documents()}
    yield service
    left = [item["id"] for item in service.documents() if item["id"] not in before]
    if left:
        service.discard(left)


def is_local(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("data", "blob", "about") or parts.hostname == "127.0.0.1"


class User:
    """What a user does, in words that the tests share."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def visits(self, path: str = "", **address: str | int) -> None:
        query = "&".join(f"{name}={quote(str(value))}" for name, value in address.items())
        self.page.goto(f"/{path}?{query}" if query else f"/{path}")
        self.page.get_by_test_id("stMainBlockContainer").wait_for()

    def waits(self) -> None:
        """Until the run is over and everything is drawn."""
        expect(self.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        expect(self.page.locator('[data-testid="stSkeleton"]:visible')).to_have_count(0)
        self.page.wait_for_timeout(800)  # tables and charts draw on a canvas, which cannot be waited for

    def takes_picture(self, name: str) -> None:
        """Into the folder that POLICYKG_SCREENSHOTS names, to be looked at; those of docs are benchmarks/pictures.py's."""
        self.waits()
        self.page.mouse.move(700, 5)  # no tooltip in the picture
        picture = self.page.screenshot()
        if folder := os.environ.get("POLICYKG_SCREENSHOTS"):
            (Path(folder) / f"{name}.png").write_bytes(picture)
        main = '[data-testid="stMain"]'
        fits = f"() => (e => e && e.scrollWidth <= e.clientWidth)(document.querySelector('{main}'))"
        self.page.wait_for_function(fits)  # times out where the page scrolls sideways

    def picks_cell(self, table: Locator, shows: Locator, *, x: int = 120, y: int = 52) -> None:
        """Click into a table until that shows: a canvas takes no click before it has drawn and seen the mouse."""
        for _ in range(4):
            table.get_by_test_id("data-grid-canvas").first.wait_for(state="attached")
            table.scroll_into_view_if_needed()
            table.hover(position={"x": x, "y": y})
            self.page.wait_for_timeout(300)
            table.click(position={"x": x, "y": y})
            try:
                expect(shows).to_be_visible(timeout=8_000)
            except AssertionError:
                self.page.keyboard.press("Escape")  # a second click on a chosen cell opens it for reading
                continue
            return
        expect(shows).to_be_visible()

    def reads(self, things: Locator, text: str) -> None:
        """The things together say that text, blanks aside; waits for it."""
        wanted = "".join(text.split())
        for _ in range(100):
            if "".join("".join(things.all_text_contents()).split()) == wanted:
                return
            self.page.wait_for_timeout(150)
        assert "".join("".join(things.all_text_contents()).split()) == wanted

    def sees(self, thing: Locator) -> None:
        """Inside the part of the page that the window shows."""
        expect(thing).to_be_in_viewport()


@pytest.fixture
def user(page: Page) -> User:
    return User(page)
