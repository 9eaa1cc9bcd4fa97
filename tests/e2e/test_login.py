"""With a login configured: nothing without one, a viewer looks, an editor changes data. The provider is a real one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from kg.service import Service
from tests.e2e.conftest import User, free_port, running, sittings, watched
from tests.e2e.provider import ACCOUNTS, CLIENT, SECRET, provider
from tests.e2e.test_data_page import NAME, TEXT, results

EDITOR, VIEWER = ACCOUNTS[:2]


@contextmanager
def guarded(home: Path, folder: Path) -> Iterator[str]:
    """The app on a home, with a login; gives its address."""
    port = free_port()
    with provider(free_port()) as metadata:
        secrets = folder / "secrets.toml"
        secrets.write_text(
            f"""[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "{SECRET * 3}"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
server_metadata_url = "{metadata}"
""",
            encoding="utf-8",
        )
        with running(
            home, port, folder, "--secrets.files", str(secrets), POLICYKG_EDITORS=f"x@x.cn, {EDITOR}"
        ) as address:
            yield address


@pytest.fixture(scope="module")
def guarded_app(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with guarded(service.settings.home, tmp_path_factory.mktemp("guarded")) as address:
        yield address


@pytest.fixture
def user(guarded_app: str, browser: Browser) -> Iterator[User]:
    """Someone with a browser of their own: the login is a cookie."""
    with sittings(browser, guarded_app) as context, watched(context) as page:
        yield User(page)


def logs_in(page: Page, account: str) -> None:
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name=account).click()
    expect(page.get_by_test_id("stSidebar").get_by_text(account)).to_be_visible(timeout=30_000)


def test_without_a_login_nothing_is_shown(user: User):
    for path in ("", "documents", "data"):
        user.visits(path)
        expect(user.page.get_by_text("请用单位账号登录后使用")).to_be_visible()
        expect(user.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        expect(user.page.get_by_text("代索引")).to_have_count(0)


def test_a_viewer_looks_and_cannot_change(user: User):
    user.visits()
    logs_in(user.page, VIEWER)
    user.visits("documents")
    expect(user.page.get_by_text("5 份文档", exact=True)).to_be_visible()
    user.visits("data")
    expect(user.page.get_by_text(f"您以 {VIEWER} 登录，可以查看，不能改数据")).to_be_visible()
    expect(user.page.locator('input[type="file"]')).to_have_count(0)
    user.visits("data", part="索引与核对")
    expect(user.page.get_by_role("button", name="重建索引")).to_be_disabled()
    user.page.get_by_role("button", name="退出登录").click()
    expect(user.page.get_by_text("请用单位账号登录后使用")).to_be_visible()


def test_an_editor_changes_data_under_a_name(user: User, clean: Service):
    user.visits()
    logs_in(user.page, EDITOR)
    user.visits("data")
    file = {"name": NAME, "mimeType": "text/plain", "buffer": TEXT.encode()}
    user.page.locator('input[type="file"]').set_input_files([file])  # type: ignore[list-item]
    user.page.get_by_role("button", name="入库 1 个文件").click()
    expect(results(user.page)).to_contain_text("新增 1", timeout=60_000)
    assert Path(clean.settings.home / "uploads" / NAME).exists()
    entry = clean.audit()[0]
    assert (entry["actor"], entry["via"], entry["action"]) == (EDITOR, "app", "ingest")
