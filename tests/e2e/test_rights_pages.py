"""Two users of different groups at the same app: neither is sent a word of the other's documents, on any page.

What the server sends is looked at, not only what is drawn: tables are on a canvas, and what a page holds hidden is shown to
whoever opens the tools of the browser.
"""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page, WebSocket, expect

from kg.core.config import Settings
from kg.service import Service
from tests.e2e.conftest import User, sittings, watched
from tests.e2e.test_login import guarded, logs_in
from tests.service.test_rights import TEXTS, USERS, WORDS, write_rights

QUESTION = "2024年有什么活动"  # what is open to all is of that year


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A home with a document for each group, and their ids."""
    folder = tmp_path_factory.mktemp("groups")
    for group, text in TEXTS.items():
        (folder / group).mkdir()
        (folder / group / f"{group}.txt").write_text(text, encoding="utf-8")
    (folder / "home").mkdir()
    write_rights(folder / "home", folder)
    service = Service(Settings(home=folder / "home", file_seconds=0, embedder="none"))
    service.ingest([folder / group for group in TEXTS])
    ids = {group: item["id"] for group in TEXTS for item in service.documents() if f"/{group}/" in item["source"]}
    service.close()
    return folder / "home", ids


@pytest.fixture(scope="module")
def shared_app(library: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with guarded(library[0], tmp_path_factory.mktemp("shared-app")) as address:
        yield address


@contextmanager
def sitting(address: str, browser: Browser, account: str) -> Iterator[tuple[User, list[bytes]]]:
    """A user who has logged in, and all that the server sends from now on."""
    sent: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda data: sent.append(data if isinstance(data, bytes) else data.encode()))

    with sittings(browser, address) as context, watched(context) as page:
        page.on("websocket", listen)
        user = User(page)
        user.visits()
        logs_in(page, account)
        yield user, sent


def looks_everywhere(user: User, ids: dict[str, str]) -> Iterator[str]:
    """Each page in turn, and the name of it when it stands."""
    for name, path, address in (
        ("first page", "", {}),
        ("documents", "documents", {}),
        ("search", "search", {"find": "活动"}),
        ("ask", "", {"q": QUESTION}),
        ("graph", "agencies", {}),
        ("tasks", "tasks", {}),
        *((f"document {group}", "documents", {"id": ident}) for group, ident in ids.items()),
    ):
        user.visits(path, **address)
        user.waits()
        yield name


def download(page: Page, label: str) -> str:
    """The text of a file that a button gives; of a workbook that of all its parts."""
    with page.expect_download() as started:
        page.get_by_role("button", name=label).click()
    data = started.value.path().read_bytes()
    if data[:2] != b"PK":
        return html.unescape(data.decode())
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return html.unescape("".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist()))


@pytest.mark.parametrize("account", USERS)
def test_a_user_is_sent_ones_own_alone(
    shared_app: str, browser: Browser, library: tuple[Path, dict[str, str]], account: str
):
    own = USERS[account]
    alien = [word for group in TEXTS.keys() - own for word in WORDS[group]]
    with sitting(shared_app, browser, account) as (user, sent):
        heard, seen = {}, {}
        for name in looks_everywhere(user, library[1]):
            told = b"".join(sent).decode("utf-8", "replace") + unquote(user.page.content())
            sent.clear()
            heard[name] = [word for word in alien if word in told]
            seen[name] = {group for group in own if any(word in told for word in WORDS[group])}
        assert {name: words for name, words in heard.items() if words} == {}
        for name in ("documents", "search", "graph", "tasks"):
            assert seen[name] == own, name
        assert seen["ask"]
        user.visits("agencies", part="导出")
        user.waits()
        files = [download(user.page, label) for label in ("下载任务分工表（Excel）", "下载 GRAPHML")]
        user.visits("", q=QUESTION)
        expect(user.page.get_by_role("button", name="下载 Excel")).to_be_visible()
        files.append(download(user.page, "下载 Excel"))
        for text in files:
            assert [word for word in alien if word in text] == []
            assert any(word in text for group in own for word in WORDS[group]), text[:2000]
