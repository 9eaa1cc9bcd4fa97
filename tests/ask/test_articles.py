"""第X条 of a law: that article whole, or that there is none, never another one and never another law's."""

from __future__ import annotations

import dataclasses

import pytest

from kg.ask import ask
from kg.core.config import Settings
from kg.service import Service

_LAWS = {
    "测绘管理法": ["为了加强测绘管理，制定本法。", "测绘人员应当持证上岗。", "本法自2020年1月1日起施行。"],
    "山林法": [
        "为了保护山林，制定本法。",
        "山林分为公益林和商品林。",
        "砍伐山林应当申领许可证。",
        "罚款不超过五千元。",
    ],
}


@pytest.fixture(scope="module")
def laws(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("laws")
    for title, articles in _LAWS.items():
        lines = [f"第{'一二三四'[n]}条 {text}" for n, text in enumerate(articles)]
        if title == "山林法":
            lines.insert(2, "第二条之一 古树名木不得砍伐。\n\n下列情形除外：\n（一）已经枯死的；\n（二）危及安全的。")
        body = "\n\n".join(lines)
        (folder / f"{title}.md").write_text(
            f"# 中华人民共和国{title}\n\n（2019年8月1日通过）\n\n{body}\n", encoding="utf-8"
        )
    service = Service(dataclasses.replace(Settings.load(home=tmp_path_factory.mktemp("home")), embedder="none"))
    assert not service.ingest([folder])["failed"]
    return service.snapshot()


@pytest.mark.parametrize(
    ("question", "holds", "lacks"),
    [
        ("测绘管理法第二条", "持证上岗", "第三条"),
        ("山林法第2条是什么", "公益林", "古树"),
        ("《山林法》第二条之一怎么规定的", "危及安全", "公益林"),
        ("请问山林法第二条和测绘管理法第三条", "自2020年1月1日起施行", "持证上岗"),
    ],
)
def test_the_article_that_is_named(question, holds, lacks, laws):
    answer = ask(question, context=laws)
    assert answer.answerable
    assert holds in answer.answer
    assert lacks not in answer.answer


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("测绘管理法第二条之一", "没有第二条之一"),
        ("测绘管理法第一百二十条是什么", "没有第一百二十条（最后一条是第三条）"),
        ("宪法第一条", "没有收录《宪法》"),
        ("请问森林管理办法第二条是怎么说的", "没有收录《森林管理办法》"),
    ],
)
def test_no_other_article_for_one_that_is_not_held(question, said, laws):
    answer = ask(question, context=laws)
    assert not answer.answerable
    assert said in answer.answer
