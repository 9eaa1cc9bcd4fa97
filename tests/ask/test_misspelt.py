"""A question that is misspelt by sound is answered in the spelling of documents, and the answer says so first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.ask.answering import _otherwise_spelt
from kg.ask.library import Library
from kg.core.config import Settings
from kg.service import Service


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder: Path = tmp_path_factory.mktemp("misspelt")
    for year in range(2019, 2023):
        text = f"甲市{year}年质检工作要点\n\n一、本市建设质检一站式服务窗口{year - 2000}个，由市市场监管局负责。\n"
        (folder / f"甲市{year}年质检工作要点.txt").write_text(text, encoding="utf-8")
    made = Service(Settings.load(home=folder / "home"))
    made.ingest([folder])
    yield made
    made.close()


def test_the_answer_begins_with_how_the_question_was_read(service: Service) -> None:
    found = _otherwise_spelt("甲市2021年建设质检一战式服务窗口多少个？", Library(service.snapshot()))
    assert found is not None
    assert found.answer.startswith("“一战式”（库内没有）按“一站式”查找。")
    assert "21个" in found.answer


def test_a_question_that_is_spelt_rightly_or_answered_by_nothing_is_not_read_again(service: Service) -> None:
    library = Library(service.snapshot())
    assert _otherwise_spelt("甲市2021年建设质检一站式服务窗口多少个？", library) is None
    assert _otherwise_spelt("“一战式”窗口多少个？", library) is None
    assert _otherwise_spelt("乙市一战式救护车多少辆？", library) is None


def test_the_search_says_in_which_spelling_it_looked(service: Service) -> None:
    assert "库内没有“一战式”" in (service.search_note("质检 一战式") or "")
    assert "一战式" not in (service.search_note("质检 一站式 无此词") or "")
