"""Who may change data: the refusal stands where the service that writes is handed out, not in a hidden button."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import streamlit as st

from kg.core.errors import NotAllowed
from kg.ui import jobs as jobs_module
from kg.ui import roles
from tests.ui.conftest import AT_HOME
from tests.ui.test_data import STATUS, finished
from tests.ui.test_data import jobs as jobs  # noqa: PLC0414  a fixture, used by its name

SOURCES = "kg/ui"


class Account(dict[str, Any]):
    """What st.user is to the pages."""

    @property
    def is_logged_in(self) -> bool:
        return bool(self)


@pytest.fixture
def someone(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A login is configured, and this account has logged in (none: nobody has)."""

    def come(**account: Any) -> None:
        monkeypatch.setattr(roles, "has_login", lambda: True)
        monkeypatch.setattr(st, "user", Account(account))

    return come


def test_alone_on_this_machine_one_may_edit(fake: Any):
    service = fake()
    assert roles.visitor().may_edit
    assert roles.writer() is service
    assert service.actor.via == "app"
    assert service.actor.name


@pytest.mark.parametrize("address", ["0.0.0.0", "", "::", "intranet"])  # noqa: S104  that is the point
def test_open_to_the_network_without_a_login_nobody_may(fake: Any, monkeypatch: pytest.MonkeyPatch, address: str):
    fake()
    monkeypatch.setattr(st, "get_option", lambda _: address)
    with pytest.raises(NotAllowed, match="没有配置登录"):
        roles.writer()


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.0.1", "::1", "localhost"])
def test_loopback_is_this_machine(fake: Any, monkeypatch: pytest.MonkeyPatch, address: str):
    fake()
    monkeypatch.setattr(st, "get_option", lambda _: address)
    assert roles.visitor().may_edit


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "kb.example.cn", "Origin": "https://kb.example.cn"},
        {**AT_HOME, "X-Forwarded-For": "10.0.0.8"},
        {**AT_HOME, "Via": "1.1 proxy"},
        {"Host": "10.0.0.1", "Origin": "http://10.0.0.1"},
        {"Host": "127.0.0.1:8501", "Origin": "https://kb.example.cn"},  # a proxy that tells nothing of itself
        {"Host": "127.0.0.1:8501"},  # one that leaves the origin out, too
        {"Host": "127.0.0.1:8501", "Origin": "null"},
        {"Host": "127.0.0.1:8501", "Origin": "http://[::1"},
        {"Host": "kb.example.cn", "Origin": "http://127.0.0.1:8501"},
        {},
    ],
)
def test_behind_a_proxy_without_a_login_nobody_may(fake: Any, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]):
    fake()
    monkeypatch.setattr(st, "get_option", lambda _: "127.0.0.1")
    monkeypatch.setattr(roles, "_headers", lambda: headers)
    assert not roles.visitor().may_edit
    monkeypatch.setattr(roles, "_headers", lambda: {"Host": "[::1]:8501", "Origin": "http://[::1]:8501"})
    assert roles.visitor().may_edit


def test_from_another_machine_without_a_login_nobody_may(fake: Any, monkeypatch: pytest.MonkeyPatch):
    fake()
    monkeypatch.setattr(st, "get_option", lambda _: "127.0.0.1")
    monkeypatch.setattr(roles, "_peer", lambda: "10.0.0.8")
    assert not roles.visitor().may_edit


def test_contacts_are_for_those_who_are_named(fake: Any, someone: Any, monkeypatch: pytest.MonkeyPatch):
    service = fake()
    monkeypatch.setattr(st, "get_option", lambda _: "127.0.0.1")
    assert roles.may_see_contacts()  # alone on this machine
    monkeypatch.setattr(roles, "_headers", dict)
    assert not roles.may_see_contacts()
    service.settings = replace(service.settings, contact_readers="Reader@x.cn")
    someone(email="editor@x.cn", email_verified=True)
    assert not roles.may_see_contacts()  # who may edit need not see them
    someone(email="reader@X.cn", email_verified=True)
    assert roles.may_see_contacts()
    someone(email="reader@x.cn", email_verified=False)
    assert not roles.may_see_contacts()
    someone()
    assert not roles.may_see_contacts()


def test_only_named_editors_may_change_data(fake: Any, someone: Any):
    service = fake()
    someone(email="Editor@X.cn", email_verified=True)
    assert roles.writer() is service
    assert service.actor.name == "Editor@X.cn"
    for account in (
        {"email": "viewer@x.cn"},
        {"name": "无邮箱"},
        {"email": "editor@x.cn", "email_verified": False},
        {},
    ):
        someone(**account)
        assert not roles.visitor().may_edit
        with pytest.raises(NotAllowed):
            roles.writer()


def test_nobody_is_an_editor_where_none_is_named(fake: Any, someone: Any):
    service = fake()
    service.settings = type(service.settings)(home=service.settings.home)
    someone(email="")
    assert not roles.visitor().may_edit


def test_a_viewer_sees_no_boxes_and_what_is_started_all_the_same_is_refused(
    fake: Any,
    open_page: Any,
    someone: Any,
    jobs: jobs_module.Jobs,
):
    fake(status=STATUS, check={"ok": True, "problems": []}, formats=[".txt"])
    someone(email="viewer@x.cn")
    page = open_page("data")
    assert "不能改数据" in page.info[0].value
    assert not page.button
    someone(email="editor@x.cn")
    page = open_page("data", part="索引与核对")
    click = page.button(key="start-check").click()
    someone(email="viewer@x.cn")  # the button was drawn before the right was taken away
    page = click.run()
    assert jobs.latest is None
    assert any("不能改数据" in item.value for item in page.error)
    someone(email="editor@x.cn")
    page.run().button(key="start-check").click().run()
    assert finished(jobs).result == {"ok": True, "problems": []}


def test_pages_write_through_the_writer_only():
    """`backend.service()` is for how things stand; whatever changes data is asked of `roles.writer()`."""
    import re
    from pathlib import Path

    writing = re.compile(
        r"(?:backend\.service\(\)|backend\.reader\(\)|reader)\.(?:upload|discard|remove|ingest|rebuild|restore|backup)\b"
    )
    folder = Path(__file__).resolve().parents[2] / SOURCES
    found = {path.name: writing.findall(path.read_text(encoding="utf-8")) for path in folder.rglob("*.py")}
    assert len(found) > 20
    assert {name for name, calls in found.items() if calls} == set()
