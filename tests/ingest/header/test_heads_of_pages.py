"""Heads as pages and collectors leave them: a day by itself, tags of HTML, stamps of an archive, addressees as a heading."""

from __future__ import annotations

import pytest

from ingest.pipeline import read_document
from ingest.structure.kinds import title_to_kind
from ontology.forms import load
from ontology.reference import load_reference

_TEXT = "为做好有关工作，现将有关事项通知如下：\n一、开展普查。各区县民政局于2014年6月底前完成普查。\n"


def _read(text: str, name: str = "通知.txt"):
    return read_document(text.encode(), source=name, document_id="d-1", reference=load_reference())


def test_a_number_and_a_day_below_a_title_are_no_addressees_however_often_they_stand_there():
    twice = "京民发[2014]48号\n2014年03月12日\n" * 2
    read = _read(f"关于北京市2014年调整补贴标准的通知\n{twice}各区县民政局，市属各单位：\n{_TEXT}")
    assert (read.doc_number, read.date, read.recipients) == (
        "京民发〔2014〕48号",
        "2014-03-12",
        "各区县民政局，市属各单位",
    )


def test_tags_in_markdown_are_no_part_of_a_name_or_a_title():
    head = '**泰安市民政局**\n\n<div style="border-bottom:solid red 5px"></div>\n\n## 关于做好普查工作的通知\n'
    read = _read(f"{head}各县市区民政局：\n\n{_TEXT}", "通知.md")
    assert (read.title, read.kind) == ("关于做好普查工作的通知", "通知")


def test_what_an_archive_says_of_its_file_is_no_title():
    page = (
        "<html><head><title>档案信息管理</title></head><body><div>档案信息管理／当前文件名 最近保存时间:2018-10-30 15:21</div>"
        "<p align='center'>泉州港水运工程隐患排查</p><p align='center'>挂牌督办实施办法（试行）</p>"
        "<p>第一条 为推动辖区水运工程落实隐患排查治理责任，制定本办法。</p>"
        "<p>第二条 泉州港口管理局负责挂牌督办工作，并对整改情况进行复查。</p></body></html>"
    )
    assert _read(page, "办法.html").title == "泉州港水运工程隐患排查挂牌督办实施办法（试行）"


def test_addressees_that_are_set_as_a_heading_tell_the_city_by_its_zone():
    text = f"# 印发推动敬老院发展措施的通知\n\n### 各县（区）人民政府、抚州高新区管委会，市政府各部门：\n\n{_TEXT}"
    read = _read(text, "措施.md")
    assert read.recipients == "各县（区）人民政府、抚州高新区管委会，市政府各部门"
    assert read.region_qualified == "江西省抚州市"


def test_a_province_that_addresses_its_cities_and_a_zone_is_no_city():
    read = _read(f"关于做好普查工作的通知\n各市、县（区）人民政府，抚州高新区管委会：\n{_TEXT}")
    assert read.region_qualified != "江西省抚州市"


@pytest.mark.parametrize("last", ["银保监会", "国家能源局"])
def test_a_long_list_of_signers_is_read_to_its_top(last):
    names = ["国家发展改革委", "工业和信息化部", "广电总局", last, "民航局"]
    read = _read(
        f"关于完善担保制度的通知\n各省、自治区、直辖市发展改革委：\n{_TEXT}" + "\n".join(names) + "\n2023年1月6日\n"
    )
    assert len(read.issuers) == len(names)
    assert read.issuers[0].name == "国家发展和改革委员会"


CASE = "# {title}\n\n## 基本案情\n\n2017年8月，某服务公司与某公司签订协议，约定派遣人员。\n\n## 裁判结果\n\n驳回。\n"


@pytest.mark.parametrize(
    "title",
    [
        "劳动者超时加班，用工单位是否承担赔偿责任",
        "张某诉甲县人民政府请求撤销补偿安置协议案",
        "某公司诉乙公司捆绑交易纠纷案",
    ],
)
def test_what_heads_a_part_is_no_title_and_no_end_of_one(title: str) -> None:
    document = read_document(
        CASE.format(title=title).encode(), source="案例.md", document_id="d1", reference=load_reference()
    )
    assert document.title == title
    assert document.kind is None  # an agreement is no motion


def test_a_motion_is_one() -> None:
    assert title_to_kind("关于提请审议《甲市节水条例（草案）》的议案", load()) == "议案"


@pytest.mark.parametrize(
    ("page", "source", "title"),
    [
        (
            "<%@ page contentType='text/html' %><html><body><h2>2016年招生计划及学费标准</h2><p>计划招生3000人。</p></body></html>",
            "计划.html",
            "2016年招生计划及学费标准",
        ),
        (
            "<html><body><?php include('a>b.php'); ?><p>问：今年招生计划的安排情况如何？</p><p>答：共3000人。</p></body></html>",
            "甲大学2015年本科招生热点问答.html",
            "甲大学2015年本科招生热点问答",
        ),
        (
            "<html><body><p>项目名称：应急平台设备采购 项目编号：A2017</p><p>现更正如下：预算为30万元。</p></body></html>",
            "甲市应急管理局应急平台设备采购更正公告.html",
            "甲市应急管理局应急平台设备采购更正公告",
        ),
        (
            "<html><body><h1>整合资源 为创业者搭建实现梦想的舞台</h1><p>今年大赛自7月5日启动以来，得到了社会各界的关注。</p></body></html>",
            "p1.html",
            "整合资源 为创业者搭建实现梦想的舞台",
        ),
    ],
)
def test_titles_of_pages_saved_as_their_source(page: str, source: str, title: str) -> None:
    document = read_document(page.encode(), source=source, document_id="d1", reference=load_reference())
    assert document.title == title
    assert "<%" not in document.text
    assert "php" not in document.text


def test_what_only_looks_like_a_directive_stays() -> None:
    page = "<html><body><h1>甲市节水办法</h1><p>第一条 用水占比<%5的单位不限额。</p><p>第二条 超额的罚款一万元。</p><table width=100%><tr><td>附表</td></tr></table></body></html>"
    document = read_document(page.encode(), source="p.html", document_id="d1", reference=load_reference())
    assert "第二条 超额的罚款一万元。" in document.text
