"""A question that is misspelt by sound is answered in the spelling of documents, and says so."""

from __future__ import annotations

from pathlib import Path

from kg.ask import ask
from kg.core.config import Settings
from kg.service import Service


def test_a_typing_error_is_read_as_documents_write_it_where_nothing_else_answers(tmp_path: Path) -> None:
    for year in range(2019, 2023):
        text = f"甲市{year}年质检工作要点\n\n一、本市建设质检一站式服务窗口{year - 2000}个，由市市场监管局负责。\n"
        (tmp_path / f"甲市{year}年质检工作要点.txt").write_text(text, encoding="utf-8")
    service = Service(Settings.load(home=tmp_path / "home"))
    service.ingest([tmp_path])
    context = service.snapshot()
    answer = ask("甲市2021年建设质检一战式服务窗口多少个？", context=context)
    assert answer.answerable
    assert "21个" in answer.answer
    assert "“一战式”按“一站式”理解" in answer.interpretation or "一站式" in answer.answer
    assert "库内没有“一战式”" in (service.search_note("质检 一战式") or "")
    service.close()
