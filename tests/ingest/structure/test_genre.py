"""Genres: by the title's kind, overruled by the text; each range has its own."""

from __future__ import annotations

import pytest

from ingest.layout import CleanText, raw_to_clean
from ingest.readers import read as read_file
from ingest.structure.elements import clean_to_elements
from ingest.structure.genre import Genre, Genres, elements_to_genres
from ontology.forms import load

ARTICLES = "".join(f"第{n}条 有关单位应当遵守本办法，履行职责。\n" for n in "一二三四五六")
TASKS = "一、主要任务\n（一）开展巡查。每周一次，由各区负责。\n（二）加强宣传。各单位要广泛宣传。\n二、保障措施\n（一）加强领导。\n"
ASKED = "".join(f"{n}.如何申请第{n}类补贴？\n答：向所在区提交申请材料，五个工作日内办结。\n" for n in range(1, 6))


def genres(text: str, name: str = "a.txt") -> tuple[Genres, CleanText]:
    clean = raw_to_clean(read_file(text.encode(), name), load())
    return elements_to_genres(clean_to_elements(clean, load()), clean, load()), clean


@pytest.mark.parametrize(
    ("text", "genre"),
    [
        (f"甲市河湖管护工作方案\n{TASKS}", Genre.PLAN),
        (f"甲市河湖管护管理办法\n{ARTICLES}", Genre.RULES),
        ("甲市水务局关于2023年工作情况的通报\n各区水务局：\n2023年，我局举办了宣讲会，成效明显。\n", Genre.REPORT),
        (f"甲市补贴申请热点13问\n{ASKED}", Genre.QA),
        (f"关于补贴的政策解读\n{ASKED}", Genre.QA),
        (
            "2026年甲区积分入学申请指引\n一、申请条件\n有居住证，社保满一年。\n二、申请材料\n身份证明等。\n三、申请流程\n网上报名，现场审核。\n",
            Genre.GUIDE,
        ),
        ("甲市水务局专题会议纪要\n会议听取了汇报，议定事项如下，请认真落实。\n", Genre.MINUTES),
        ("关于表彰先进单位的决定\n各区：\n市政府决定对下列单位进行表彰，希望再接再厉。\n", Genre.COMMENDATION),
        ("关于甲等同志职务任免的通知\n各区：\n经研究，决定任命甲为主任，任期三年。\n", Genre.APPOINTMENT),
        ("关于征求意见的复函\n甲市水务局：\n你局来函收悉，经研究，函复如下，请知悉。\n", Genre.LETTER),
        ("本月起，这笔钱直接发给个人！\n好消息来了，我市政策迎来新变化，近日，记者了解到有关情况。\n", Genre.NEWS),
    ],
)
def test_one_genre(text: str, genre: Genre) -> None:
    assert genres(text)[0].own.genre is genre


def test_what_a_notice_sends_out_has_a_genre_of_its_own() -> None:
    text = f"甲市水务局关于印发甲市河湖管护管理办法的通知\n各区水务局：\n现印发给你们，请认真执行。\n甲市水务局\n2024年5月8日\n甲市河湖管护管理办法\n{ARTICLES}"
    found, clean = genres(text)
    assert found.own.genre is Genre.NOTICE
    assert found.at(clean.text.index("第三条")).genre is Genre.RULES
    assert found.at(clean.text.index("现印发")).genre is Genre.NOTICE


def test_the_campaigns_name_changes_nothing() -> None:
    for campaign in ("质量月", "科技活动周", "环境月", "“质量月”"):
        assert (
            genres(f"关于印发甲市{campaign}活动方案的通知\n各区：\n现印发给你们，请执行。\n")[0].own.genre
            is Genre.NOTICE
        )


def test_genres_of_the_data_are_those_of_the_code() -> None:
    assert {str(row["genre"]) for row in load().rows("genre.titles")} <= set(Genre)
