"""Passages follow the headings, keep exact offsets, and lose nothing that matters."""

from __future__ import annotations

import re
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from kg.core.model import Article, Document, Section
from kg.passages.chunk import LONGEST, LONGEST_ARTICLE, document_to_passages
from tests.clock import growth

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
        "一、总体要求\n坚持质量第一。": ("一、总体要求",),
        "（一）加强宣传。组织各类活动。": ("二、主要任务", "（一）加强宣传"),
        "（二）开展服务\n上门服务企业。": ("二、主要任务", "（二）开展服务"),
        "序号\t内容\t单位\n1\t举办开放日\t市场监管局": ("二、主要任务", "（二）开展服务", "序号、内容、单位"),
    }


def test_a_heading_with_nothing_under_it_is_a_passage() -> None:
    text = "一、甲\n二、乙\n内容。"
    sections = (Section("甲", "一、", 1, 0, 3, 4), Section("乙", "二、", 1, 4, 7, len(text)))
    assert [p.text for p in document_to_passages(_document(text, sections))] == ["一、甲", "二、乙\n内容。"]


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


def _law(*articles: str, chapters: tuple[str, ...] = ()) -> Document:
    """A law of some articles; a chapter heading before each that has one."""
    text, spans, sections = "某市养犬条例\n", [], []
    for number, body in enumerate(articles, start=1):
        if chapters and chapters[number - 1]:
            start = len(text)
            text += chapters[number - 1] + "\n"
            label, _, title = chapters[number - 1].partition(" ")
            sections.append(Section(title, label, 1, start, len(text), start))
        start = len(text)
        label = "第" + "零一二三四五六七八九"[number] + "条"
        text += f"{label} {body}\n"
        spans.append(Article(number, label, start, len(text) - 1))
    ends = [*(s.start for s in sections[1:]), *([len(text)] if sections else [])]
    sections = [Section(s.title, s.label, 1, s.start, s.body_start, end) for s, end in zip(sections, ends, strict=True)]
    return Document(
        "d-0123456789", "a.txt", "", text, title="某市养犬条例", sections=tuple(sections), articles=tuple(spans)
    )


def test_an_article_with_its_items_is_one_passage_under_its_chapter() -> None:
    items = (
        "有下列情形之一的，处二百元罚款：\n（一）未登记的；\n（二）未束犬链的；\n（三）吵闹的。\n情节严重的，没收犬只。"
    )
    law = _law("为了规范养犬，制定本条例。", items, chapters=("第一章 总则", "第二章 罚则"))
    found = [(p.heading_path, p.text) for p in document_to_passages(law)]
    assert found[-2:] == [
        (("第一章 总则", "第一条"), "第一条 为了规范养犬，制定本条例。"),
        (("第二章 罚则", "第二条"), "第二条 " + items),
    ]


def test_an_article_of_many_pages_is_cut_between_its_paragraphs_and_keeps_its_number() -> None:
    law = _law("短。", "\n".join("养犬人应当遵守下列规定，不得影响他人。" * 6 for _ in range(30)))
    long = [p for p in document_to_passages(law) if p.heading_path == ("第二条",)]
    assert len(long) > 1
    assert all(len(p.text) <= LONGEST for p in long)
    assert sum(len(p.text) for p in long) > LONGEST_ARTICLE


def test_what_stands_between_articles_is_not_lost() -> None:
    law = _law("甲。", "乙。")
    text = law.text + "附件：收费标准表\n每只每年三百元。"
    passages = document_to_passages(Document("d-0123456789", "a", "", text, title="某", articles=law.articles))
    assert "每只每年三百元。" in passages[-1].text
    assert passages[0].text == "某市养犬条例"


def test_a_clause_that_is_a_heading_is_text() -> None:
    """The last clause before a signature was taken for a heading, and could not be found."""
    for clause in ("三、本通知自印发之日起施行", "四、未尽事宜，由市局解释", "五、各区要抓好落实。"):
        text = f"{clause}\n某市市场监督管理局\n2024年5月6日\n"
        label = clause[:2]
        section = Section(clause[2:], label, 1, 0, len(clause) + 1, len(text))
        assert clause in document_to_passages(_document(text, (section,)))[0].text, clause


def test_short_items_of_a_list_are_read_together() -> None:
    lines = ["下列单位可以申报：", "（一）企业；", "（二）高校；", "（三）医院。", "申报截止到五月。"]
    text = "\n".join(lines)
    sections, at = [], 0
    for line in lines:
        if line.startswith("（"):
            sections.append(Section(line[3:], line[:3], 2, at, at + len(line), at + len(line) + 1))
        at += len(line) + 1
    passages = document_to_passages(_document(text, tuple(sections)))
    assert passages[0].text == "\n".join(lines[:4])


def test_rows_carry_the_head_of_their_columns() -> None:
    text = "任务\t牵头单位\t完成时限\n行动一：更新片区\n修缮旧里房屋三十万平方米\t区房管局\t2025年\n规划研究\t区规划局\t2024年\n"
    rows = [p for p in document_to_passages(_document(text)) if "\t" in p.text]
    assert [p.heading_path for p in rows] == [("任务、牵头单位、完成时限",)] * 3


def test_a_long_document_takes_no_longer_than_its_length() -> None:
    def prepare(times: int) -> Callable[[], object]:
        text = ("任务一\t单位\n行动：某\n" + "（一）开展检查；\n") * times
        sections = tuple(
            Section("开展检查；", "（一）", 2, m.start(), m.end(), m.end())
            for m in re.finditer("（一）开展检查；", text)
        )
        document = _document(text, sections)
        return lambda: document_to_passages(document)

    assert growth(prepare, 300) <= 12
