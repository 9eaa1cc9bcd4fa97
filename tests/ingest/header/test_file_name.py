"""Files that are saved under the titles of their documents, which stand nowhere in the text."""

from __future__ import annotations

import pytest

from ingest.header import year_of_file
from ingest.header.file_name import file_to_title, heading_to_title
from ingest.pipeline import read_document, tools_for
from kg.core.model import Document
from ontology.forms import load
from ontology.reference import load_reference

LETTER = "各有关单位：\n现将有关事项通知如下。\n一、开展巡查。每周一次。\n"
LAW = "（2021年11月5日甲市人民代表大会常务委员会通过）\n第一条 为了防治扬尘，制定本条例。\n第二条 工地应当设置围挡。\n"


def read(text: str, source: str) -> Document:
    return read_document(text.encode(), source=source, document_id="d1", reference=load_reference())


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("江门市扬尘污染防治条例.md", "江门市扬尘污染防治条例"),
        ("C:\\文件\\03_关于印发节水办法的通知.docx", "关于印发节水办法的通知"),
        (
            "下载/龙华区民政局关于印发《养老办法（试行）》的通知_20240506.txt",
            "龙华区民政局关于印发《养老办法（试行）》的通知",
        ),
        ("临港行动方案（2015-2020）.txt", "临港行动方案（2015-2020）"),
        ("人才公寓管理暂行办法(2).txt", "人才公寓管理暂行办法"),
        ("关于建设智能制造中心的若干配套政策.txt", "关于建设智能制造中心的若干配套政策"),
        ("附件2：申报指南.docx", ""),
        ("通知.docx", ""),
        ("扫描件20240506.pdf", ""),
        ("第三章 管理办法.txt", ""),
        ("汇编关于节水的通知.txt#2", ""),
        ("final version.docx", ""),
    ],
)
def test_a_name_with_the_form_of_a_title(name: str, title: str) -> None:
    assert file_to_title(name, load()) == title


def test_a_text_without_a_title_has_that_of_its_file_with_what_it_tells() -> None:
    document = read(LETTER, "深圳市龙华区人力资源局关于做好河湖巡查工作的通知.txt")
    assert document.title == "深圳市龙华区人力资源局关于做好河湖巡查工作的通知"
    assert document.kind == "通知"
    assert [party.name for party in document.issuers] == ["深圳市龙华区人力资源局"]
    assert "title" not in document.header_evidence  # no sentence of the text says so


def test_the_title_of_the_text_wins() -> None:
    document = read(f"甲市水务局关于做好河湖管护的通知\n{LETTER}", "关于河湖的通知.txt")
    assert document.title == "甲市水务局关于做好河湖管护的通知"


def test_a_law_that_begins_with_its_note_has_its_day() -> None:
    document = read(LAW, "甲市扬尘污染防治条例.md")
    assert (document.title, document.date) == ("甲市扬尘污染防治条例", "2021-11-05")
    assert document.kind == "条例"


@pytest.mark.parametrize("closed", [":::\n:::\n", ":::\n", ""])
def test_marks_of_a_site_are_no_text(closed: str) -> None:
    """However the blocks are closed: one mark may close two, and one may be missing."""
    site = f"""::: tip 修订信息
{LAW.splitlines()[0]}
:::

::: details 目录
::: tabs
@tab 章节
[[toc]]
- 第1~2条：
  [1](#t1)&emsp;[2](#t2)
{closed}
!!! note "说明"
[返回](#top)
第一条 为了防治扬尘，制定本条例。
第二条 工地应当设置围挡。

::: warning 原文链接
甲市人大网
:::
"""
    document = read(site, "甲市扬尘污染防治条例.md")
    assert (document.title, document.date) == ("甲市扬尘污染防治条例", "2021-11-05")
    assert not any(mark in document.text for mark in (":::", "@tab", "toc", "#t1", "第1~2条", "!!!", "返回"))
    assert "第二条 工地应当设置围挡。" in document.text


@pytest.mark.parametrize(
    ("title", "name", "told"),
    [
        ("协会章程", "青浦区信息技术协会章程.html", "青浦区信息技术协会章程"),
        ("特色农业", "柳河县各乡镇特色农业.html", "柳河县各乡镇特色农业"),
        ("职责与部门设置", "南京晓庄学院图书馆职责与部门设置.txt", "南京晓庄学院图书馆职责与部门设置"),
        ("必要证件及物品", "甲大学新生入学准备须知.md", "甲大学新生入学准备须知"),
        ("先进性教育专题", "甲大学党总支发展党员工作总结.html", "甲大学党总支发展党员工作总结"),
        # left as it is: the name says less, another thing, or something about it
        ("协会章程", "章程.html", ""),
        ("协会章程", "青浦区信息技术协会简介.html", ""),
        ("关于节水的通知", "青浦区关于节水的通知.html", ""),
        ("养犬管理规定", "解读养犬管理规定.html", ""),
        ("青浦区养犬管理规定", "征求意见稿-青浦区养犬管理规定.html", ""),
        ("养犬管理规定", "转发养犬管理规定.html", ""),
        ("中华人民共和国水法", "最新版中华人民共和国水法.html", ""),
        ("青浦区建设工程勘察设计质量管理暂行办法", "3.青浦区建设工程勘察设计质量管理暂行办法.txt", ""),
        ("青浦区节水办法", "甲大学党总支发展党员工作总结.html", ""),
        ("必要证件及物品", "scan0001.pdf", ""),
        ("必要证件及物品", "乙学院新生入学准备须知.md", ""),
        ("青浦区重点产业园名单", "甲大学网站通知公告.html", ""),
        ("甲公司召开调度会部署四季度安全生产工作", "甲大学党总支工作总结.html", ""),
    ],
)
def test_a_short_heading_and_the_name_of_its_file(title: str, name: str, told: str) -> None:
    text = f"{title}\n甲大学新生处和甲大学党总支办理。\n"
    assert heading_to_title(title, name, text, tools_for(load_reference()).resolver) == (told or title)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("某部负责同志就实施意见答记者问.txt", "某部负责同志就实施意见答记者问"),
        ("2026年甲区义务教育招生工作细则.txt", "2026年甲区义务教育招生工作细则"),
        ("新建文本文档.txt", ""),
    ],
)
def test_a_text_without_a_title_has_that_of_its_file(name: str, title: str) -> None:
    assert file_to_title(name, load()) == title


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("招生指南2016.html", 2016),
        ("评估报告20240620.txt", 2024),
        ("2021年工作总结.txt", 2021),
        ("a_2023_2024.txt", None),
        ("13800002016.txt", None),
        ("2030年前碳达峰行动方案.txt", None),
        ("2035年远景目标纲要.txt", None),
        ("2000名教师招聘.txt", None),
        ("甲市1950平方米项目.pdf", None),
        ("c1984a3f.html", None),
    ],
)
def test_one_year_in_the_name_of_a_file(name: str, year: int | None) -> None:
    assert year_of_file(name) == year
