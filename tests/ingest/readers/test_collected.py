"""Markdown of collectors: what they add above and below becomes metadata, the text stays as it is."""

from __future__ import annotations

import pytest

from ingest.readers.base import LineKind
from ingest.readers.markdown import read_markdown
from ingest.readers.text import read_text
from tests.ingest.metamorphic import menus

TEXT = [
    "甲粮规〔2025〕5号",
    "各有关单位：",
    "现将《甲市粮食仓储管理办法》印发给你们，请遵照执行。",
    "甲市粮食和物资储备局",
    "2025年7月28日",
]
TITLE = "关于印发《甲市粮食仓储管理办法》的通知"
BODY = "\n\n".join(TEXT)


def shown(markdown: str) -> list[str]:
    raw = read_markdown(markdown.encode())
    return [
        line.text.replace("\u200b", "").strip()
        for line in raw.lines
        if line.kind is not LineKind.SKIP and line.text.strip("\u200b \n")
    ]


@pytest.mark.parametrize(
    "above",
    [
        f"# {TITLE}\n\n",
        f"# {TITLE}\n\n---\n\n",
        f"# {TITLE}\n\n**发布日期**: 2025-07-29\n**发布机构**: 甲市粮食和物资储备局\n**原文链接**: [http://a.cn/b](http://a.cn/b)\n\n---\n\n",
        f"---\n标题: {TITLE}\n发布日期: 2025-07-29\n---\n\n> 本文正文由脚本提取，仅供查阅。\n\n# {TITLE}\n\n",
        f"---\n标题: {TITLE}\n---\n\n> 本文正文由脚本自公开页面提取，以[官方链接](https://a.cn/{'b' * 80})为准。&c=1\n> 依法不适用《著作权法》。\n\n# {TITLE}\n\n",
        f"# {TITLE}\n\n**来源**: https://a.cn\n**分类**: \n\n--\n\n## 政策全文\n\n",
        f"# {TITLE}\n\n### 基本信息\n- **文件名称**：{TITLE}\n- **发布机构**：甲市粮食和物资储备局\n\n",
        f"# {TITLE}\n\n**附件**:\n- [空间布局图.pdf](./空间布局图.pdf) (pdf)\n\n---\n\n",
        f"<!-- 采集 -->\n# {TITLE}\n> 发布机构：甲市粮食和物资储备局 文号：甲粮规〔2025〕5号\n\n",
    ],
)
def test_the_text_is_the_same_below_anything(above: str) -> None:
    assert shown(above + BODY) == [TITLE, *TEXT]
    assert shown(above + BODY + "\n\n---\n\n**更新时间**: 2026-01-26 11:25:39\n") == [TITLE, *TEXT]
    assert shown(above + BODY + "\n\n【原文下载】\n- [通知.pdf](/a/b.pdf)\n") == [TITLE, *TEXT]


def test_what_the_collector_knew() -> None:
    found = read_markdown(
        f"---\n标题: {TITLE}\n文号: 甲粮规〔2025〕5号\n发布单位: 甲市粮食和物资储备局\n---\n{BODY}".encode()
    ).metadata
    assert found["title"] == TITLE
    assert found["number"] == "甲粮规〔2025〕5号"
    assert found["publisher"] == "甲市粮食和物资储备局"


def test_labelled_lines_of_the_text_stay() -> None:
    item = "责任单位：市教育局"
    assert item in shown(f"# {TITLE}\n\n{BODY}\n\n一、开展检查\n\n{item}\n\n- 时间：9月\n")
    assert "标题：某表" in shown(f"# {TITLE}\n\n{BODY}\n\n标题：某表\n")


def test_signs_that_are_written_as_entities_are_no_markup() -> None:
    table = "| 任务 | 单位 |\n|---|---|\n| 甲&#124;乙 | 市教育局&nbsp;市水务局 |\n"
    assert shown(f"# {TITLE}\n\n{BODY}\n\n{table}")[-1] == "甲|乙\t市教育局\xa0市水务局"
    assert shown(f"# {TITLE}\n\n{BODY}\n\n&#35; 号&#10;码\n")[-1] == "# 号&#10;码"


def test_positions_lead_back() -> None:
    source = f"# {TITLE}\n\n**甲市**的[通知](http://a.cn)正文。\n"
    for line in read_markdown(source.encode()).lines:
        for n, char in enumerate(line.text):
            if char != "\u200b":
                assert source[line.start + n] == char


HEADS = {
    "labels and a rule": "标题: {t}\n发布时间: 2031-06-22 09:43\n文号: \n发布机构: 某地政府网\n栏目: 公示公告\n"
    "本地目录: zwgk/201511/2598_{t}\n页面链接与图片详见 links.tsv(同目录)\n==================== 正文 ====================\n",
    "labels in brackets": "【标题】{t}\n【发布日期】2031-06-22\n【采编】张三\n【频道】政策法规\n\n",
    "English labels": "Title: {t}\nPublish Date: 2031-06-22\nCategory: policy\nURL: https://example.gov.cn/1.html\n-----\n",
    "labels nobody knows among known ones": "标题：{t}\n入库批次：17\n来源：某网\n原文地址：https://example.gov.cn\n正文：\n",
    "several in one line": "标题：{t}\n来源：某网 发布时间：2031-06-22 浏览次数：128\n",
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_a_collectors_head_above_plain_text_is_no_text(head: str) -> None:
    raw = read_text((head.format(t=TITLE) + "\n".join(TEXT)).encode())
    shown_ = [line.text for line in raw.lines if line.kind is not LineKind.SKIP and line.text.strip()]
    assert shown_ == TEXT
    assert raw.metadata["title"] == TITLE


@pytest.mark.parametrize(
    "text",
    [
        "时间：2031年5月8日\n地点：甲市会议中心\n参加人员：各区水务局\n会议要求，做好防汛工作。",
        "联系人：张三\n电话：12345\n请于5日前报送。",
        "各区水务局：\n现将方案印发给你们。",
        "关于做好防汛工作的通知\n各区水务局：\n时间：5月8日",
    ],
)
def test_labels_of_the_document_itself_stay(text: str) -> None:
    raw = read_text(text.encode())
    assert [line.text for line in raw.lines if line.kind is not LineKind.SKIP] == text.split("\n")


def test_menus_around_plain_text_are_left_out() -> None:
    raw = read_text(menus("\n".join(TEXT), TITLE).encode())
    shown_ = [line.text for line in raw.lines if line.kind is not LineKind.SKIP and line.text.strip()]
    assert shown_ == [TITLE, *TEXT]
