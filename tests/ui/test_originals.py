"""The file beside the text: opened at its page, saved, or told why not."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from kg.build.originals import NoOriginal
from kg.service.originals import Original
from kg.ui import roles


@pytest.fixture(autouse=True)
def same_main(monkeypatch: pytest.MonkeyPatch) -> None:
    """The script takes the place of the program; workers that later tests start would look for it."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


def drawn() -> AppTest:
    def script() -> None:
        from kg.ui.originals import original_button

        original_button("d-1", 30)

    return AppTest.from_function(script, default_timeout=20).run()


def clicked() -> AppTest:
    return drawn().button[0].click().run()


def test_a_pdf_opens_at_its_page(fake: Any) -> None:
    fake(original=Original("d-1", "/文件/通知.pdf", "通知.pdf", b"%PDF-1.4", Path("/文件/通知.pdf"), 3))
    page = clicked()
    assert not page.exception
    assert "第 3 页" in page.caption[0].value
    (button,) = page.get("link_button")
    assert button.proto.label == "在新标签页打开（第 3 页）"
    assert "media/" in button.proto.url
    assert button.proto.url.endswith(".pdf#page=3")
    assert page.get("download_button")


def test_a_web_page_is_only_saved(fake: Any) -> None:
    fake(original=Original("d-1", "/文件/a.html", "a.html", b"<script>", Path("/文件/a.html"), None))
    page = clicked()
    assert not page.get("link_button")
    assert page.get("download_button")


def test_a_file_that_is_gone_is_told(fake: Any) -> None:
    fake(original=NoOriginal("原文件已不在原处。请放回"))
    assert clicked().warning[0].value == "原文件已不在原处。请放回"


@pytest.mark.parametrize(("contacts", "groups"), [(False, None), (True, frozenset(["民政"]))])
def test_who_may_not_see_contacts_or_not_all_documents_gets_no_file(
    fake: Any, monkeypatch: pytest.MonkeyPatch, contacts: bool, groups: Any
) -> None:
    fake()
    monkeypatch.setattr(roles, "may_see_contacts", lambda: contacts)
    monkeypatch.setattr(roles, "groups", lambda: groups)
    assert not drawn().button
