"""The file beside the text: opened at its page, saved, or told why not."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from kg.build.originals import NoOriginal
from kg.service.originals import Original


@pytest.fixture(autouse=True)
def same_main(monkeypatch: pytest.MonkeyPatch) -> None:
    """The script takes the place of the program; workers that later tests start would look for it."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


def clicked() -> AppTest:
    def script() -> None:
        from kg.ui.originals import original_button

        original_button("d-1", 30)

    test = AppTest.from_function(script, default_timeout=20).run()
    return test.button[0].click().run()


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
