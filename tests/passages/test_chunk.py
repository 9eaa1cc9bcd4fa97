"""Passages follow the headings, keep exact offsets, and lose nothing that matters."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from kg.core.model import Document, Section
from kg.passages.chunk import LONGEST, document_to_passages

TEXT = (
    "为做好质量工作，制定本方案。\n"
    "一、总体要求\n"
    "坚持质量第一。\n"
    "二、主要任务\n"
    "（一）加强宣传。组织各类活动。\n"
    "（二）开展服务\n"
    "上门服务企业。\n"
    "序号\t内容\t单位\n"
    "1\t举办开放日\t市场监管局\n"
)


def _section(title: str, label: str, level: int, end: int, parent: int | None, *, inline: bool = False) -> Section:
    start = TEXT.index(label + title)
    body = start + len(label + title) + (1 if inline else 0)
    return Section(title, label, level, start, body, end, parent)


def _document(text: str = TEXT, sections: tuple[Section, ...] = ()) -> Document:
    return Document("d-0123456789", "a.txt", "", text, title="方案", sections=sections)


def _sections() -> tuple[Section, ...]:
    second, end = TEXT.index("二、"), len(TEXT)
    return (
        _section("总体要求", "一、", 1, second, None),
        _section("主要任务", "二、", 1, end, None),
        _section("加强宣传", "（一）", 2, TEXT.index("（二）"), 1, inline=True),
        _section("开展服务", "（二）", 2, end, 1),
    )


def test_each_passage_knows_its_headings() -> None:
    found = {p.text: p.heading_path for p in document_to_passages(_document(sections=_sections()))}
    assert found == {
        "为做好质量工作，制定本方案。": (),
        "坚持质量第一。": ("一、总体要求",),
        "（一）加强宣传。组织各类活动。": ("二、主要任务", "（一）加强宣传"),
        "（二）开展服务\n上门服务企业。": ("二、主要任务", "（二）开展服务"),
        "序号\t内容\t单位": ("二、主要任务", "（二）开展服务"),
        "1\t举办开放日\t市场监管局": ("二、主要任务", "（二）开展服务"),
    }


def test_a_heading_with_nothing_under_it_is_a_passage() -> None:
    text = "一、甲\n二、乙\n内容。"
    sections = (Section("甲", "一、", 1, 0, 3, 4), Section("乙", "二、", 1, 4, 7, len(text)))
    assert [p.text for p in document_to_passages(_document(text, sections))] == ["一、甲", "内容。"]


def test_ids_number_from_one() -> None:
    passages = document_to_passages(_document(sections=_sections()))
    assert [p.id for p in passages[:2]] == ["d-0123456789-p1", "d-0123456789-p2"]
    assert [p.number for p in passages] == list(range(1, len(passages) + 1))


def test_a_long_paragraph_is_cut_at_sentence_ends() -> None:
    text = "各区应当加强组织领导，落实责任分工。" * 60
    passages = document_to_passages(_document(text))
    assert len(passages) > 2
    assert all(80 <= len(p.text) <= LONGEST and p.text.endswith("。") for p in passages)
    assert "".join(p.text for p in passages) == text


def test_a_sentence_without_end_is_cut_all_the_same() -> None:
    passages = document_to_passages(_document("质量" * 700))
    assert max(len(p.text) for p in passages) <= LONGEST
    assert "".join(p.text for p in passages) == "质量" * 700


@given(
    st.text(alphabet="质量月，。；\n\t 一、（）a1”", max_size=1500),
    st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 30), st.integers(0, 600), st.integers(1, 4)), max_size=8),
)
def test_offsets_are_exact_and_nothing_is_lost(text: str, raw: list[tuple[int, int, int, int]]) -> None:
    """For any text and any sections, nested or not."""
    size = len(text)
    sections = tuple(
        Section("标题", "", level, min(s, size), min(s + h, size), min(s + h + b, size)) for s, h, b, level in raw
    )
    passages = document_to_passages(_document(text, sections))
    covered = [False] * size
    for passage in passages:
        assert passage.text == text[passage.start : passage.end]
        assert re.search(r"\w", passage.text)
        assert not any(covered[passage.start : passage.end]), "passages overlap"
        covered[passage.start : passage.end] = [True] * (passage.end - passage.start)
    for section in sections:  # a heading may live in the path alone
        covered[section.start : section.body_start] = [True] * (section.body_start - section.start)
    lost = [i for i, char in enumerate(text) if re.match(r"\w", char) and not covered[i]]
    assert not lost
