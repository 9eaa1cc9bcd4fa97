"""The head of a document: any order and any line breaks of letterhead, number, title, dates and recipients."""

from __future__ import annotations

import itertools

import pytest

from ingest.layout import raw_to_clean
from ingest.readers import read as read_file
from ingest.structure.elements import Elements, clean_to_elements
from ontology.forms import load

BODY = "为做好有关工作，根据有关规定，现就有关事项通知如下：\n\n一、加强领导。各单位要高度重视。\n\n二、抓好落实。按时完成任务。\n"
TITLE = "甲市应急管理局关于印发甲市防汛应急演练工作方案的通知"
NUMBER = "甲应急〔2021〕3号"
SENT = "各县（市、区）应急管理局："


def read(text: str, name: str = "a.txt", said: str = "") -> Elements:
    return clean_to_elements(raw_to_clean(read_file(text.encode(), name), load()), load(), said=said)


def title_of(elements: Elements) -> str | None:
    return elements.title.text if elements.title else None


@pytest.mark.parametrize("breaks", list(itertools.combinations(range(6, 26, 4), 2)))
def test_a_title_may_be_broken_anywhere(breaks: tuple[int, int]) -> None:
    a, b = breaks
    found = read("\n".join((TITLE[:a], TITLE[a:b], TITLE[b:], NUMBER, SENT, BODY)))
    assert title_of(found) == TITLE
    assert found.number is not None
    assert found.number.text == NUMBER
    assert found.recipients is not None
    assert found.recipients.text == SENT[:-1]


@pytest.mark.parametrize(
    "top",
    [
        f"{TITLE}\n{NUMBER}\n{SENT}\n",
        f"{TITLE}\n\n\n{NUMBER}\n\n{SENT}\n",
        f"{TITLE}（{NUMBER}）\n{SENT}\n",
        f"{TITLE} ({NUMBER})\n信息来源：本站\n{TITLE} ({NUMBER})\n{SENT}\n",
        f"{TITLE}（2021年5月6日）\n{NUMBER}\n{SENT}\n",
        f"{TITLE}\n（2021年5月6日）\n{NUMBER}\n{SENT}\n",
        f"7. {TITLE}（2021 年5 月6 日）\n{NUMBER}\n{SENT}\n",
        f"新华社北京5月6日电\n\n{TITLE}\n{NUMBER}\n{SENT}\n",
        f"索引号\n1234/2021-5\n发布机构\n甲市应急管理局\n{NUMBER}\n{TITLE}\n{SENT}\n",
        f"发布日期：2021-05-08\n来源：甲市应急管理局\n{TITLE}\n{NUMBER}\n{SENT}\n",
        f"特急\n甲市应急管理局文件\n{NUMBER}\n{TITLE}\n{SENT}\n",
    ],
)
def test_whatever_stands_around_the_title(top: str) -> None:
    found = read(top + BODY)
    assert title_of(found) == TITLE
    assert found.number is not None
    assert found.number.text == NUMBER
    assert found.recipients is not None
    assert found.recipients.text == SENT[:-1]


@pytest.mark.parametrize(
    ("text", "number", "mark"),
    [
        ("甲市人民政府令\n第179号\n《甲市养犬管理办法》已经通过，现予公布，自2021年5月1日起施行。\n", "甲市人民政府令第179号", "甲市人民政府"),
        ("中华人民共和国主席令\n第三十一号\n《甲法》已由会议通过，现予公布，自公布之日起施行。\n", "中华人民共和国主席令第三十一号", "中华人民共和国主席"),
        ("中华人民共和国国务院令\n第707号\n现公布修订后的条例，自2019年1月1日起施行，请遵照执行。\n", "国务院令第707号", "中华人民共和国国务院"),
    ],
)  # fmt: skip
def test_orders(text: str, number: str, mark: str) -> None:
    found = read(text)
    assert found.number is not None
    assert found.number.text == number
    assert [m.text for m in found.mark] == [mark]


def test_a_letter_has_recipients_and_no_title() -> None:
    found = read(
        "李明等代表：\n你们提出的《关于改造供水管网的建议》收悉，现答复如下：\n我局已完成改造，群众满意。\n甲市水利局\n2024年5月15日\n"
    )
    assert found.title is None
    assert found.recipients is not None
    assert found.recipients.text == "李明等代表"


def test_a_report_has_a_session_and_a_speaker() -> None:
    found = read(
        "政府工作报告\n\n——2025年1月8日在甲市第十七届人民代表大会第五次会议上\n\n市长  张三\n\n各位代表：\n\n现在，我代表市人民政府，向大会报告工作。\n"
    )
    assert title_of(found) == "政府工作报告"
    assert found.spoken is not None
    assert found.speaker is not None


def test_a_repeated_title_is_one() -> None:
    found = read(f"# {TITLE}\n\n{NUMBER}\n{TITLE}\n{SENT}\n{BODY}", "a.md")
    assert title_of(found) == TITLE
    assert found.recipients is not None


def test_the_documents_own_title_wins_over_the_collectors() -> None:
    found = read(f"# 甲市防汛应急演练工作方案\n\n{TITLE}\n{NUMBER}\n\n{SENT}\n\n{BODY}", "a.md")
    assert title_of(found) == TITLE


def test_one_line_for_two_issuers_above_a_title_keeps_a_blank() -> None:
    found = read(f"甲市民政局\n甲市财政局关于提高救助标准的通知\n{SENT}\n{BODY}")
    assert title_of(found) == "甲市民政局 甲市财政局关于提高救助标准的通知"


@pytest.mark.parametrize("line", ["一、总体要求：", "活动时间：", "现将有关事项通知如下：", "回复:", "申请材料："])
def test_labels_are_no_recipients(line: str) -> None:
    assert read(f"甲市防汛工作方案\n{line}\n为做好工作，制定本方案，请认真执行。\n").recipients is None


def test_every_element_is_where_it_says() -> None:
    clean = raw_to_clean(
        read_file(f"7. {TITLE}（2021 年5 月6 日）\n{NUMBER}\n{SENT}\n{BODY}".encode(), "a.txt"), load()
    )
    found = clean_to_elements(clean, load())
    for element in (found.title, found.number, found.recipients):
        assert element is not None
        assert clean.text[element.start : element.end].replace(" ", "") == element.text


def test_a_text_that_has_lost_its_title_has_none() -> None:
    found = read(
        "为把我县工业做强，推动企业转型升级，按照《某省关于工业的意见》（某政发〔2018〕1号）要求，制定本意见。\n"
        "一、支持企业\n1.对新办企业给予奖励。\n二、附则\n本意见自2019年1月1日起执行。\n"
    )
    assert title_of(found) is None


@pytest.mark.parametrize("stray", ["I", "·", "1", "--"])
def test_a_stray_mark_above_a_collectors_head_is_no_text(stray: str) -> None:
    text = f"{stray}\n索 引 号 \t0115/2016-00037 \t信息分类 \t公文\n发文机关\t甲市应急管理局\n发文字号\t{NUMBER}\t成文日期\t2021-04-19\n\n"
    found = read(f"{text}{TITLE}\n{NUMBER}\n\n{SENT}\n\n{BODY}")
    assert title_of(found) == TITLE
    assert found.recipients is not None


def test_the_number_of_the_request_that_is_answered_is_not_the_own() -> None:
    found = read(
        "甲街道办事处：你街道《关于要求设立社区居委会的请示》（甲街办〔2013〕62号）收悉。经研究同意，现批复如下："
        "一、设立乙社区居委会，共1888户，6133人。二、其余事项另行通知。特此批复。\n甲县人民政府\n2013年9月12日\n"
    )
    assert found.number is None
    assert title_of(found) is None
    for own in (
        "关于印发《甲市节水办法》的通知（甲政发〔2007〕1号）\n各单位：\n现将办法印发给你们，请遵照执行。\n",
        "《甲市节水办法》（甲政发〔2007〕1号 2007年5月1日）\n第一条 为了节约用水，制定本办法。\n第二条 本办法自发布之日起施行。\n",
    ):
        assert read(own).number is not None, own


def test_a_heading_below_the_title_that_stands_above_the_text_is_no_title() -> None:
    text = "## 一、相关法律规定\n\n大气污染防治法对此有规定。\n"
    clean = raw_to_clean(read_file(text.encode(), "a.md"), load())
    assert clean_to_elements(clean, load(), said="关于恶臭气体适用法律的复函").title is None


def test_whom_a_text_is_sent_to_is_no_title_where_its_line_ends_like_one() -> None:
    found = read(f"各省、自治区、直辖市和计划\n单列市国家税务局、地方税务局，局内各单位：\n{BODY}")
    assert title_of(found) is None


@pytest.mark.parametrize(
    "title",
    [
        "2023年各区（县）目标考核办法",
        "甲市人民政府各部门、各单位职责分工方案",
        "甲市各区、县节水考核办法",
        "全国各省（区、市）人口变动情况通报",
        "新华社：贵州省节水办法",
    ],
)
def test_a_title_may_speak_of_all_places(title: str) -> None:
    assert title_of(read(f"{title}\n{BODY}")) == title


def test_the_path_of_a_page_is_no_title() -> None:
    assert (
        title_of(read(f"信息服务 >> 最新资讯\n\n2014年水稻病虫害防控技术方案\n\n{BODY}"))
        == "2014年水稻病虫害防控技术方案"
    )


def test_an_order_may_have_nothing_but_its_serial() -> None:
    text = (
        "第281号\n《甲省实有人口服务管理办法》业经甲省人民政府第65次常务会议审议通过，现予公布，自2013年4月1日起施行。\n省长 张三\n2013年2月4日\n"
        "甲省实有人口服务管理办法\n第一条 为了加强对实有人口的服务管理，制定本办法。\n第二条 本办法适用于甲省。\n"
    )
    assert title_of(read(text)) == "甲省实有人口服务管理办法"
    whole = read(f"甲省人民政府令\n{text}")
    assert title_of(whole) == "甲省实有人口服务管理办法"
    assert whole.number is not None
    assert whole.number.text == "甲省人民政府令第281号"


def test_two_titles_of_one_place_are_not_one() -> None:
    found = read(
        "甲省流动人口管理办法\n\n甲省流动人口计划生育管理办法\n\n（1996年5月31日甲省第八届人民代表大会常务委员会第二十三次会议通过）\n\n"
        "第一条 为加强流动人口的计划生育管理，制定本办法。\n第二条 本办法适用于甲省。\n"
    )
    assert title_of(found) == "甲省流动人口计划生育管理办法"


@pytest.mark.parametrize("line", ["_" * 40, "＿" * 20, "————————————", "* * *"])
def test_a_line_that_is_drawn_belongs_to_no_title(line: str) -> None:
    found = read(f"甲市应急管理局文件\n{NUMBER}\n{line}\n{TITLE}\n{SENT}\n{BODY}")
    assert title_of(found) == TITLE
    assert found.number is not None


def test_a_laws_history_needs_no_brackets() -> None:
    found = read(
        "# 甲投诉举报处理暂行办法\n\n2019年11月30日 国家甲总局令第20号公布\n\n2022年3月24日 《国家甲总局关于修改和废止有关规章的决定》修改\n\n"
        "第一条 为规范投诉举报处理工作，制定本办法。\n\n第二条 处理投诉举报，适用本办法。\n",
        "a.md",
    )
    assert title_of(found) == "甲投诉举报处理暂行办法"
    assert len(found.notes) == 2


def test_what_a_page_says_of_itself_is_in_no_title() -> None:
    found = read(
        "甲省流动人口服务管理办法\n空(空)省政府令第234号号     甲省门户网站 www.example.gov.cn         发布日期：2013年04月27日\n\n　甲省人民政府令　　\n第234号\n\n"
        "《甲省流动人口服务管理办法》已经省人民政府第7次常务会议通过，现予公布，自2013年4月15日起施行。\n\n省 长 张三\n2013年4月15日\n\n"
        "甲省流动人口服务管理办法\n第一章  总则\n第一条  为保障流动人口的合法权益，制定本办法。\n"
    )
    assert title_of(found) == "甲省流动人口服务管理办法"


def test_a_letter_without_a_title_carries_that_of_what_it_sends() -> None:
    found = read(
        "各有关单位：\n　　现将《甲市居民医疗保险办法实施细则》印发给你们，请遵照执行。\n\n甲市人力资源和社会保障局\n2015年12月2日\n\n"
        "甲市居民医疗保险办法实施细则\n　　为了保证医疗保险制度顺利实施，制定本细则。\n　　一、适用对象\n　　（一）本市居民。\n"
    )
    assert title_of(found) == "甲市居民医疗保险办法实施细则"
