"""Two documents side by side."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import openpyxl
import pytest

from kg.build.masked import without_personal
from kg.catalogue import Summary
from kg.core.config import Settings
from kg.core.errors import UnknownName, UsageError
from kg.core.model import Activity, Contact, Document, Evidence, Party, PolicyReference, Role, Section, Status
from kg.service import Service, counterparts
from kg.service.comparison import STATES, compare
from kg.service.comparison_files import comparison_file
from kg.service.tasks import function_of
from kg.service.wording import differences

Item = tuple[str, str | None, tuple[str, ...]]  # title, series, responsible bodies


def plan(
    place: str, items: list[Item], *, more: str = "", status: Status = Status.PLANNED, **given: object
) -> Document:
    lines = [f"{number}．{title}。由有关单位承办。" for number, (title, _, _) in enumerate(items, start=1)]
    text = "\n".join([*lines, more])
    activities = tuple(
        Activity(
            f"a{number}",
            title,
            status,
            Evidence(f"{title}。", text.index(title), text.index(title) + len(title) + 1),
            no=str(number),
            series=series,
            responsible=tuple(Party(name, name, role=Role.LEAD, place=f"某省{place}") for name in bodies),
        )
        for number, (title, series, bodies) in enumerate(items, start=1)
    )
    fields = {"id": f"d-{place}", "title": f"{place}方案", "region": place, "region_qualified": f"某省{place}"}
    return Document(
        **{"source": f"/{place}.txt", "sha256": "0", "text": text, "activities": activities} | fields | given
    )  # type: ignore[arg-type]


CITY = plan(
    "甲市",
    [
        ("举办民乐开放周", "民乐开放周", ("甲市文化局",)),
        ("组织“百场巡演”活动", None, ("甲市文化局",)),
        ("开展琴行专项检查", None, ("甲市市场监督管理局",)),
        ("评选十佳乐师", None, ()),
        ("编印民乐简史读本", None, ()),
    ],
)
DISTRICT = plan(
    "乙区",
    [
        ("办好乙区民乐开放周暨开幕式", "民乐开放周", ("乙区文化局", "乙区教育局")),
        ("承办“百场巡演”的下乡专场", None, ("乙区文化局",)),
        ("开展琴行专项检查工作", None, ("乙区市场监督管理局",)),
        ("建设少年琴房", None, ()),
    ],
    more="附：请各学校配合编印民乐简史读本等工作。",
)


def states(compared: dict) -> dict[str, str]:  # type: ignore[type-arg]
    return {(row["left"] or row["right"])["title"]: STATES[row["state"]] for row in compared["rows"]}


def test_tasks_are_aligned_by_series_names_and_words_without_a_model():
    compared = compare(CITY, DISTRICT)
    assert compared["by"] == "activities"
    assert states(compared) == {
        "举办民乐开放周": "调整",
        "组织“百场巡演”活动": "调整",
        "开展琴行专项检查": "呼应",
        "评选十佳乐师": "未提及",
        "编印民乐简史读本": "调整",
        "建设少年琴房": "新增",
    }
    reasons = [row["reasons"] for row in compared["rows"]]
    assert reasons[0][0] == "同一活动系列：民乐开放周"
    assert reasons[1][0] == "同一名称：百场巡演"
    assert compared["counts"] == {"echoed": 1, "changed": 3, "dropped": 1, "added": 1}


def test_what_is_not_mentioned_is_never_called_undone():
    named, meaning = compare(CITY, DISTRICT)["states"]["dropped"]
    assert named == "未提及"
    assert "不等于没有开展" in meaning
    assert "未开展" not in meaning


def test_a_task_named_in_the_middle_of_something_else_is_not_unmentioned():
    row = next(row for row in compare(CITY, DISTRICT)["rows"] if row["left"] and "读本" in row["left"]["title"])
    assert "编印民乐简史读本" in row["right"]["evidence"]["quote"]
    assert row["reasons"][0].startswith("正文写到")


def test_bodies_are_compared_without_their_place():
    rows = {row["left"]["title"]: row for row in compare(CITY, DISTRICT)["rows"] if row["left"]}
    assert rows["举办民乐开放周"]["units"] == {"both": ["文化局"], "left": [], "right": ["教育局"]}
    assert "责任单位" in rows["举办民乐开放周"]["changes"]
    assert rows["开展琴行专项检查"]["units"]["both"] == ["市场监督管理局"]
    assert function_of(Party("国家市场监督管理总局", "", place="全国")) == "市场监督管理局"
    assert function_of(Party("乙区", "", place="某省乙区")) == "乙区"


def test_quotes_open_the_documents():
    for row in compare(CITY, DISTRICT)["rows"]:
        for side, document in ((row["left"], CITY), (row["right"], DISTRICT)):
            if side:
                evidence = side["evidence"]
                assert document.text[evidence["start"] : evidence["end"]] == evidence["quote"]


def test_one_task_of_the_first_may_answer_two_of_the_second():
    left = plan("甲市", [("举办开放周", "开放周", ())])
    right = plan("乙区", [("开放周开幕", "开放周", ()), ("开放周闭幕", "开放周", ())])
    rows = compare(left, right)["rows"]
    assert [(row["left"]["title"], row["right"]["title"]) for row in rows] == [
        ("举办开放周", "开放周开幕"),
        ("举办开放周", "开放周闭幕"),
    ]


def test_a_report_after_a_plan_is_told():
    report = plan("甲市", [("举办民乐开放周", "民乐开放周", ())], status=Status.REPORTED, id="d-2")
    assert compare(CITY, report)["rows"][0]["changes"] == ["部署与通报"]


def test_a_name_of_a_title_or_of_many_tasks_aligns_nothing():
    left = plan("甲市", [("印制“音乐季”海报", None, ())], title="“音乐季”方案")
    right = plan("乙区", [("为“音乐季”志愿者培训急救", None, ())])
    assert states(compare(left, right)) == {"印制“音乐季”海报": "未提及", "为“音乐季”志愿者培训急救": "新增"}


def test_an_alias_stands_for_its_policy():
    reference = PolicyReference("《纲要》", Evidence("", 0, 0), title="《民乐纲要》", alias_of="民乐纲要")
    left = plan("甲市", [("学透《纲要》精神", None, ())], policy_references=(reference,))
    right = plan("乙区", [("宣传《民乐纲要》", None, ())])
    assert compare(left, right)["rows"][0]["reasons"][0] == "同一名称：民乐纲要"


def law(document_id: str, articles: list[str]) -> Document:
    text, sections = "", []
    for number, article in enumerate(articles, start=1):
        label = f"第{'一二三四'[number - 1]}条"
        sections.append(Section("", label, 3, len(text), len(text) + 3, len(text) + 4 + len(article), None))
        text += f"{label} {article}\n"
    return Document(id=document_id, source=f"/{document_id}.md", sha256="0", text=text, sections=tuple(sections))


def test_two_versions_of_a_law_are_compared_article_by_article_with_the_changed_words():
    old = law("d-1", ["为了繁荣民乐，制定本法。", "琴行应当向县级部门备案。", "本法自公布之日起施行。"])
    new = law("d-2", ["为了繁荣民乐，制定本法。", "琴行应当向市级以上部门登记备案。", "鼓励少年学琴、进乡村。"])
    compared = compare(old, new)
    assert compared["by"] == "sections"
    assert [row["state"] for row in compared["rows"]] == ["echoed", "changed", "dropped", "added"]
    diff = compared["rows"][1]["diff"]
    assert "".join(words for words, _ in diff["right"]) == compared["rows"][1]["right"]["text"]
    assert "登记" in "".join(words for words, same in diff["right"] if not same)


def test_documents_without_parts_are_compared_by_paragraph():
    left = Document(id="d-1", source="/a", sha256="0", text="民乐要进校园、进社区。\n短\n琴房应当全年开放。")
    right = Document(id="d-2", source="/b", sha256="0", text="民乐要进校园、进社区。")
    compared = compare(left, right)
    assert (compared["by"], compared["counts"]["echoed"], compared["counts"]["dropped"]) == ("paragraphs", 1, 1)
    assert compare(left, Document(id="d-3", source="/c", sha256="0", text=""))["counts"]["dropped"] == 2


def test_a_document_is_not_compared_with_itself():
    with pytest.raises(UsageError, match="两份不同的文件"):
        compare(CITY, CITY)


def test_contacts_are_masked():
    text = "组织琴会，联系人张三。"
    contact = Contact(None, ("张三",), (), (), Evidence("联系人张三", 5, 10))
    left = Document(id="d-1", source="/a", sha256="0", text=text, contacts=(contact,))
    right = Document(id="d-2", source="/b", sha256="0", text="组织琴会，联系人李四。")
    row = compare(without_personal(left), without_personal(right))["rows"][0]
    assert row["right"]["text"] == "组织琴会，联系人＊＊。"
    assert row["left"]["text"] == row["left"]["evidence"]["quote"] == "组织琴会，联系人＊＊。"


def test_wordings_differ_by_sentence_then_by_character():
    left, right = differences("甲乙丙丁。同一句话！只在左。", "同一句话!\n甲乙丙己丁。只在右边写到")
    assert "".join(words for words, _ in left) == "甲乙丙丁。同一句话！只在左。"
    assert ("同一句话！", True) in left
    assert right == [("同一句话!\n", True), ("甲乙丙己丁。只在右边写到", False)]
    assert differences("各区举办琴会。", "各区举办大型琴会。")[1] == [
        ("各区举办", True),
        ("大型", False),
        ("琴会。", True),
    ]
    assert differences("一、二", "一 二") == ([("一、二", True)], [("一 二", True)])


def test_files_hold_every_row_and_say_what_unmentioned_means():
    compared = compare(plan("甲市", [("=1+1 号<b>项目", None, ())]), DISTRICT)
    book = openpyxl.load_workbook(io.BytesIO(comparison_file(compared, "xlsx")))
    sheet = book["衔接对照"]
    assert sheet.max_row == len(compared["rows"]) + 1
    assert (sheet["C2"].value, sheet["C2"].data_type) == ("=1+1 号<b>项目", "s")
    report = docx.Document(io.BytesIO(comparison_file(compared, "docx")))
    words = "\n".join(paragraph.text for paragraph in report.paragraphs)
    assert "不等于没有开展" in words
    assert sum(len(table.rows) - 1 for table in report.tables) == len(compared["rows"])
    with pytest.raises(UnknownName, match="pdf"):
        comparison_file(compared, "pdf")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, corpus_dir: Path) -> Service:
    service = Service(Settings(home=tmp_path_factory.mktemp("home"), file_seconds=0))
    service.ingest(sorted(corpus_dir.glob("*2024*")))
    return service


def test_the_real_plan_of_a_district_takes_up_the_notice_that_it_rests_on(service: Service):
    first, second = (item["id"] for item in service.counterparts())
    titles = {item["id"]: item["title"] for item in service.documents()}
    assert ("全国" in titles[first], "青浦区" in titles[second]) == (True, True)
    compared = service.compare(first, second)
    pairs = {(row["left"]["title"], row["right"]["title"]) for row in compared["rows"] if row["left"] and row["right"]}
    assert ("深入开展质量惠民行动", "开展质量惠民活动") in pairs
    assert ("广泛开展群众性质量活动", "充分开展群众性质量教育活动") in pairs
    assert ("扎实推进《纲要》贯彻落实", "宣传贯彻《质量强国建设纲要》及上海实施方案、青浦实施细则") in pairs
    dropped = {row["left"]["title"] for row in compared["rows"] if row["state"] == "dropped"}
    assert "“昆仑2024”" in dropped
    assert "“计量服务中小企业行”" not in dropped  # it stands in the table of the annex


def test_what_a_document_rests_on_is_offered_first(service: Service):
    held = {item["place"]: item["id"] for item in service.documents()}
    offered = service.counterparts(held["青浦区"])
    assert (offered[0]["id"], offered[0]["before"]) == (held["全国"], True)
    assert any(item["id"] == held["浦东新区"] for item in offered)
    assert [item["why"] for item in service.counterparts(held["全国"]) if item["id"] == held["青浦区"]] == [
        "它引用本文件"
    ]
    assert service.counterparts("d-0") == []


def test_titles_are_alike_without_year_and_place():
    def item(id_: str, title: str, year: int, place: str = "甲市") -> Summary:
        return Summary(id_, "", "", title, year, place, None, None, None, None)

    own = item("d-1", "关于开展2019年甲市民乐节的通知", 2019)
    others = [item("d-2", "关于开展2021年乙区民乐节的通知", 2021, "乙区"), item("d-3", "道路养护规定", 2019)]
    assert [found.id for found in counterparts._alike(own, [own, *others])] == ["d-1", "d-2"]
