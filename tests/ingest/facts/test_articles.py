"""Articles of laws and rules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest.facts.articles import article_reader
from ingest.layout import CleanText, Paragraph
from kg.core.model import Article
from ontology.forms import load


def clean(text: str) -> CleanText:
    """A text whose lines are its paragraphs."""
    out, at = [], 0
    for line in text.split("\n"):
        bare = line.strip(" \u3000\r")
        if bare:
            start = at + line.index(bare)
            out.append(Paragraph(start, start + len(bare)))
        at += len(line) + 1
    return CleanText(text, tuple(out), ())


def articles(text: str) -> tuple[Article, ...]:
    return article_reader(load()).read(clean(text), ((0, len(text)),))


LAW = """甲市条例
第一章 总则
第一条 为了规范，制定本条例。
第二条 本条例所称甲，是指下列事项：
（一）第一项；
（二）第二项。
前款事项由市政府公布。
第二条之一 乙适用前条规定。
第二章 登记
第一节 申请
第三条 申请人应当提交材料。
第三条规定的材料由申请人负责。
附件：登记表
"""


def test_articles_with_chapters_paragraphs_and_items() -> None:
    found = articles(LAW)
    assert [(a.number, a.label, a.chapter) for a in found] == [
        (1, "第一条", "第一章 总则"),
        (2, "第二条", "第一章 总则"),
        (2, "第二条之一", "第一章 总则"),
        (3, "第三条", "第二章 登记 第一节 申请"),
    ]
    second = found[1]
    assert [LAW[a:b] for a, b in second.items] == ["（一）第一项；", "（二）第二项。"]
    assert [LAW[a:b] for a, b in second.paragraphs] == ["本条例所称甲，是指下列事项：", "前款事项由市政府公布。"]
    assert LAW[second.start : second.end].startswith("第二条 本条例")
    assert LAW[found[-1].start : found[-1].end].endswith("由申请人负责。")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("第一条 甲。\n第二条 乙。 第三条丙。\n第四条 丁。", [1, 2, 3, 4]),  # a lost line break
        ("第一条 甲。\n第三条 乙。\n第四条 丙。", [1, 3, 4]),  # a lost number
        ("第九百八十九条 甲。\n第九百九十条 乙。", [989, 990]),  # a book of a code
        ("**第一条** 甲。\n**第二条** 乙。", [1, 2]),
        ("第 一 条 甲。\n第 二 条 乙。", [1, 2]),
        ("第一条 甲。\n依照第五条的规定。\n第二条 乙。", [1, 2]),
        ("第一条 甲。\n第二条 乙。\n第一条 丙。\n第二条 丁。", [1, 2, 1, 2]),  # two texts
        ("各区要加强管理。\n第三条规定的情形除外。", []),
    ],
)
def test_numbering(text: str, numbers: list[int]) -> None:
    assert [a.number for a in articles(text)] == numbers


_LABEL = re.compile(r"(?m)^[ \u3000#*]*第([一二三四五六七八九十百千零〇]{1,8})条(?=[ \u3000])")


def test_every_law_reaches_its_last_article(laws_dir: Path) -> None:
    files = sorted(laws_dir.rglob("*.md"))[::12]
    assert len(files) > 200
    short = []
    for file in files:
        text = file.read_text(encoding="utf-8")
        labels = len(_LABEL.findall(text))
        found = articles(text)
        if labels > 2 and len(found) < labels * 0.95:
            short.append((file.name, labels, len(found)))
    assert len(short) <= len(files) // 100, short
