"""Who is charged where no single body is named, and what stands around a text that a page put up."""

from __future__ import annotations

import pytest

from ingest.pipeline import read_document
from kg.core.model import Document
from ontology.reference import load_reference


def read(text: str, source: str = "a.txt") -> Document:
    return read_document(text.encode(), source=source, document_id="d" + "0" * 16, reference=load_reference())


def doers(document: Document) -> dict[str, list[str]]:
    """Title -> those responsible as written."""
    return {a.title: [p.as_written for p in a.responsible] for a in document.activities}


def notice(items: str, *, issuer: str = "杭州市教育局") -> Document:
    return read(
        f"{issuer}关于做好暑期工作的通知\n各有关单位：\n现将有关事项通知如下。\n一、重点任务\n{items}\n{issuer}\n2023年6月8日\n"
    )


RULES = "杭州市捐血凭证管理办法\n第一条 为加强管理，制定本办法。\n第二条 本办法所称凭证，是指电子凭证。\n"


@pytest.mark.parametrize(
    ("article", "title", "bodies"),
    [
        ("核销。采供血机构应定期申请核销，上传审核。", "核销", ["采供血机构"]),
        ("归档。由卫生健康部门和采供血机构各自按照要求归档。", "归档", ["卫生健康部门", "采供血机构"]),
        ("检验机构应当在三日内出具结果。", "检验机构应当在三日内出具结果", ["检验机构"]),
    ],
)
def test_an_article_that_charges_a_sort_of_bodies_is_their_task(article: str, title: str, bodies: list[str]) -> None:
    assert doers(read(RULES + f"第三条 {article}\n第四条 本办法自2023年5月1日起施行。\n")) == {title: bodies}


@pytest.mark.parametrize(
    "article",
    [
        "取水单位可以安装计量设施。",  # may, not must
        "有关主管部门应当加强监督检查。",
        "热线平台（以下简称平台）是为及时解决诉求、由卫生健康部门统一设立的系统。",
    ],
)
def test_other_articles_charge_nobody(article: str) -> None:
    assert doers(read(RULES + f"第三条 {article}\n第四条 本办法自2023年5月1日起施行。\n")) == {}


def test_an_order_holds_for_everybody_and_charges_no_sort() -> None:
    rules = RULES.removeprefix("杭州市捐血凭证管理办法\n") + "第三条 采供血机构应当定期申请核销。\n"
    assert doers(read("杭州市人民政府令\n第179号\n杭州市捐血凭证管理办法\n" + rules)) == {}


@pytest.mark.parametrize(
    ("who", "bodies"),
    [
        ("各区县、开发区教育局", ["各区县、开发区教育局"]),
        ("各县区、管理区", ["各县区、管理区"]),
        ("教育行政部门和校外培训机构", ["教育行政部门", "校外培训机构"]),
        ("医疗卫生机构及行业协会", ["医疗卫生机构", "行业协会"]),
        ("消防救援机构和物业服务企业", ["消防救援机构", "物业服务企业"]),
    ],
)
def test_zones_and_sorts_that_stand_together(who: str, bodies: list[str]) -> None:
    assert doers(notice(f"（一）开展安全检查。{who}要加强检查，消除隐患。"))["开展安全检查"] == bodies


def test_offices_are_the_bureaus_that_writes_through_its_office() -> None:
    items = "（一）开展价格检查。（价格和招标采购处、基金监管处、省就业指导中心）"
    text = f"浙江省医疗保障局办公室关于做好检查工作的通知\n局机关各处室：\n一、重点任务\n{items}\n浙江省医疗保障局办公室\n2023年6月8日\n"
    (activity,) = read(text).activities
    assert [p.name for p in activity.responsible] == [
        "浙江省医疗保障局价格和招标采购处", "浙江省医疗保障局基金监管处", "浙江省就业指导中心",
    ]  # fmt: skip


def test_reports_that_an_item_is_about_are_its_own() -> None:
    text = (
        "杭州市教育局关于做好检查工作的通知\n各区教育局：\n一、重点任务\n（一）开展检查。各区教育局要组织检查。\n二、工作要求\n"
        "（一）加强组织领导。各区教育局要明确专人。\n（二）加强信息报送。各区教育局应当于每月底前将检查情况报送市教育局。\n"
        "杭州市教育局\n2023年6月8日\n"
    )
    found = doers(read(text))
    assert found["加强信息报送"] == found["加强组织领导"] == ["各区教育局"]


@pytest.mark.parametrize("title", ["不准违规收费", "禁止有偿补课", "严禁公款吃喝"])
def test_prohibitions_are_items_like_others(title: str) -> None:
    assert title in doers(notice(f"（一）{title}。按规定执行。\n（二）严格管理。按规定执行。"))


@pytest.mark.parametrize(
    "told",
    [
        "6月12日，杭州市教育局发布《关于做好招生入学工作的通知》，具体内容如下↓↓↓",
        "近日，杭州市教育局印发《关于做好招生入学工作的通知》，全文如下：",
        "杭州市教育局出台《关于做好招生入学工作的通知》，现将原文如下。",
    ],
)
def test_a_pages_sentence_tells_issuer_and_title(told: str) -> None:
    page = (
        f"<html><head><title>刚刚公布！</title></head><body><h1>刚刚！招生入学政策公布</h1><p>{told}</p>"
        "<p>各区教育局，各直属学校：</p><p>现将有关事项通知如下。</p><p>一、招生对象</p><p>适龄儿童。</p></body></html>"
    )
    document = read(page, "a.html")
    assert document.title == "关于做好招生入学工作的通知"
    assert (document.kind, document.recipients) == ("通知", "各区教育局，各直属学校")
    assert [p.name for p in document.issuers] == ["杭州市教育局"]


@pytest.mark.parametrize("rest", ["2023年工作总结", "2022年法治政府建设年度报告", "2024年工作思路"])
def test_a_report_is_of_the_body_that_its_title_begins_with(rest: str) -> None:
    document = read(f"杭州市水务局{rest}\n一、巡查情况\n全年巡查300次。\n")
    assert [p.name for p in document.issuers] == ["杭州市水务局"]


def test_recipients_whose_colon_was_moved_to_the_front() -> None:
    page = (
        "<html><body><h1>杭州市教育局关于做好招生工作的通知</h1><p>：各区教育局，市各有关部门和单位</p>"
        "<p>现将有关事项通知如下。</p><p>一、招生对象</p><p>适龄儿童。</p><p>杭州市教育局</p><p>2023年6月8日</p></body></html>"
    )
    assert read(page, "a.html").recipients == "各区教育局，市各有关部门和单位"


@pytest.mark.parametrize(
    ("plan", "day"),
    [
        ("体育公园计划二季度开工。", "2023-06-30"),
        ("展览馆10月底前投入运营。", "2023-10-31"),
        ("其中，一季度开工文化馆等8个项目。", "2023-03-31"),
    ],
)
def test_the_day_on_which_a_page_was_put_up_makes_nothing_past(plan: str, day: str) -> None:
    text = f"标题: 杭州市体育局2023年工作思路\n发布时间: 2023-12-15 09:14\n==================== 正文 ====================\n一、主要任务\n{plan}\n"
    assert day in {d.date for d in read(text).deadlines}
