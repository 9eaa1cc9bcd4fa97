"""Who is charged where a text names sorts of bodies, everybody, or puts units below paragraphs that bear no number."""

from __future__ import annotations

import pytest

from ingest.pipeline import read_document
from kg.core.model import Document, PartyKind
from ontology.reference import load_reference


def read(text: str, source: str = "a.txt") -> Document:
    return read_document(text.encode(), source=source, document_id="d" + "0" * 16, reference=load_reference())


def doers(document: Document) -> dict[str, list[str]]:
    """Title -> the names of those responsible."""
    return {a.title: [p.name for p in a.responsible] for a in document.activities}


def notice(items: str, *, issuer: str = "水利部", to: str = "各省水利厅") -> Document:
    return read(
        f"{issuer}关于做好汛期工作的通知\n{to}：\n现将有关事项通知如下。\n一、重点任务\n{items}\n{issuer}\n2023年6月8日\n"
    )


def charged(sentence: str) -> list[str]:
    return doers(notice(f"（一）开展检查。{sentence}\n（二）加强宣传。"))["开展检查"]


@pytest.mark.parametrize(
    ("who", "bodies"),
    [
        ("各省级水利、发展改革、财政等部门", ["各省级水利部门", "各省级发展改革部门", "各省级财政部门"]),
        ("县级以上地方人民政府卫生、中医药行政管理部门", ["县级以上地方人民政府卫生行政管理部门", "县级以上地方人民政府中医药行政管理部门"]),
        ("各地水利部门、发展改革和财政部门", ["各地水利部门", "各地发展改革部门", "各地财政部门"]),
        ("省级工业和信息化、住房和城乡建设部门", ["省级工业和信息化部门", "省级住房和城乡建设部门"]),
        ("各级教育、民政等有关部门", ["各级教育、民政等有关部门"]),
        ("勘察、设计、施工单位", ["勘察单位", "设计单位", "施工单位"]),
        ("市、县、区人民政府", ["市、县、区人民政府"]),
        ("相关发电企业", ["相关发电企业"]),
        ("地方各级财政", ["地方各级财政"]),
        ("各制证单位、用证单位", ["各制证单位", "用证单位"]),
        ("居住地公安派出所或者受公安机关委托的服务机构", ["居住地公安派出所", "受公安机关委托的服务机构"]),
        ("地震设防地区的县级水利部门", ["地震设防地区的县级水利部门"]),
        ("村民委员会、用人单位以及房屋出租人等", ["村民委员会", "用人单位"]),
        ("各地区、各有关部门", ["各地区", "各有关部门"]),
    ],
)  # fmt: skip
def test_sorts_of_bodies_are_charged_as_subjects(who: str, bodies: list[str]) -> None:
    assert charged(f"{who}要加强检查，消除隐患。") == bodies


@pytest.mark.parametrize(
    "sentence",
    [
        "按月督促企业落实整改。",  # an act, no sort of bodies
        "推进建设、施工单位落实责任。",
        "关注企业需求，送政策上门。",
        "用人单位应当提交申请。",  # who applies
        "有条件的单位可以先行先试。",
        "道路和绿化养护应当及时。",
    ],
)
def test_acts_and_applicants_are_nobody_that_is_charged(sentence: str) -> None:
    assert charged(sentence) == []


def test_a_sort_of_bodies_is_no_agency() -> None:
    document = notice("（一）开展检查。相关发电企业要加强检查。\n（二）加强宣传。")
    assert "相关发电企业" not in {e.name for e in document.agencies}
    assert document.activities[0].responsible[0].kind is PartyKind.GROUP


def test_applying_is_no_task() -> None:
    assert charged("培训机构办理开班备案，应于结业后提出补贴申请。") == []


def test_a_subject_is_charged_in_the_clause_that_follows_what_it_acts_on() -> None:
    assert charged("卫生行政部门依照各自职责，负责本地区的检查工作。") == ["卫生行政部门"]
    assert charged("发电企业收到通知后，还应当及时答复。") == ["发电企业"]
    assert charged("发电企业工作人员，应当及时答复。") == []


def test_a_sentence_that_charges_somebody_is_no_heading_and_no_papers_name() -> None:
    found = doers(
        notice("（一）各地区、各部门应当积极创造条件。\n（二）各县水利局应制定本县的实施细则。\n（三）开展检查。")
    )
    assert found["各地区、各部门应当积极创造条件"] == ["各地区", "各部门"]
    assert "各县水利局应制定本县的实施细则" in found
    assert "实施细则" not in doers(notice("（一）开展检查。\n（二）水利工程检查实施细则\n（三）加强宣传。"))


PARAGRAPHS = """甲省人民政府关于推进改革的意见
各市、县人民政府：
现提出如下意见。
一、提高管理水平
完善全省统一的登记制度，建立健全信息采集机制，全面、准确掌握各地的基本情况，推动各类信息的整合共享和综合应用，为政府决策提供支撑。
责任单位：省公安厅、发改委、教育厅、民政厅、财政厅、人社厅、住建厅、统计局、司法厅
健全人口登记制度，加强和完善统计调查工作，逐步实现跨部门、跨地区的信息共享，为各项服务和管理提供及时、准确、完整的支撑。
责任单位：省统计局、省公安厅
各地要结合实际抓好落实。
二、加强宣传
广泛宣传政策。
责任单位：省教育厅
浙江省人民政府
2015年2月11日
""".replace("甲省", "浙江省")


def page(text: str) -> str:
    return "<html><body><div>" + "".join(f"<p>{line}</p>" for line in text.splitlines()) + "</div></body></html>"


def test_paragraphs_that_close_with_their_units_are_tasks_each() -> None:
    found = doers(read(page(PARAGRAPHS), "a.html"))
    assert [len(bodies) for bodies in found.values()] == [9, 2, 1]
    first, second, third = found
    assert (first[:4], second[:4], third) == ("完善全省", "健全人口", "加强宣传")
    assert found[second] == ["浙江省统计局", "浙江省公安厅"]


def test_a_line_of_units_between_whole_paragraphs_has_ended() -> None:
    named = [p.as_written for a in read(page(PARAGRAPHS), "a.html").activities for p in a.responsible]
    assert not [name for name in named if "健全" in name or "各地" in name]


def test_one_line_of_units_below_two_paragraphs_is_of_the_whole() -> None:
    text = PARAGRAPHS.replace("责任单位：省统计局、省公安厅\n", "")
    assert list(doers(read(page(text), "a.html"))) == ["提高管理水平", "加强宣传"]


PAGE = "<html><head><title>{title}</title></head><body>{above}<div>{text}</div></body></html>"
TEXT = "<p>各区教育局：</p><p>现将有关事项通知如下。</p><p>一、开展检查。各区教育局要组织检查，消除隐患。</p><p>杭州市教育局</p><p>2023年6月8日</p>"
TITLE = "杭州市教育局关于做好汛期检查工作的通知"


@pytest.mark.parametrize(
    ("title", "above"),
    [
        (f"{TITLE}-教育类规范性文件-杭州教育", f"<p>{TITLE}</p>"),
        (f"中国杭州 - {TITLE}", f"<p>您的当前位置：<a href='/'>首页</a>&gt;教育</p><p>{TITLE}</p>"),
        ("杭州市规划和自然资源局", f"<table><tr><td>{TITLE}</td></tr></table><p>来源：</p>"),
        ("", f"<h1 style='display:none'>{TITLE} 杭教发〔2023〕8号</h1>"),
    ],
)
def test_a_pages_title_without_what_its_site_puts_around_it(title: str, above: str) -> None:
    document = read(PAGE.format(title=title, above=above, text=TEXT), "a.html")
    assert (document.title, document.kind) == (TITLE, "通知")


def test_a_title_with_a_dash_of_its_own_stays_whole() -> None:
    title = "杭州市教育局-杭州市体育局联合行动方案（2023-2025年）"
    assert read(PAGE.format(title=title, above=f"<h1>{title}</h1>", text=TEXT), "a.html").title == title
