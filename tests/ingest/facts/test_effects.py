"""What a text says of its own and others' validity."""

from __future__ import annotations

from functools import lru_cache

import pytest

from ingest.facts.effects import EffectProducer
from ontology.forms import load


@lru_cache(maxsize=1)
def producer() -> EffectProducer:
    return EffectProducer(load())


def effects(text: str, **options: str) -> list[tuple[str, str | None, str | None]]:
    return [(c.fact.act, c.fact.target, c.fact.date) for c in producer().propose(text, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第三十条 本办法自2024年5月1日起施行。", [("施行", None, "2024-05-01")]),
        ("本通知自印发之日起施行。", [("施行", None, "2024-03-05")]),
        ("本规定自发布之日起30日后施行。", [("施行", None, "2024-04-04")]),
        ("本办法自2023年9月8日起施行，有效期3年。", [("施行", None, "2023-09-08"), ("有效期", None, "2026-09-07")]),
        ("本通知自2024年4月1日起施行，有效期至2029年3月31日。", [("施行", None, "2024-04-01"), ("有效期", None, "2029-03-31")]),
        ("从出具《收入核对报告》之日起算（在《收入核对报告》，有效期为1年）。", []),
        (
            "本条例自2024年9月1日起施行，《甲条例》《乙办法》同时废止。",
            [("施行", None, "2024-09-01"), ("废止", "甲条例", "2024-09-01"), ("废止", "乙办法", "2024-09-01")],
        ),
        (
            "1990年1月10日市政府发布的《甲办法》和1994年8月13日发布的《乙规定》同时废止。",
            [("废止", "甲办法", None), ("废止", "乙规定", None)],
        ),
        (
            "决定废止下列地方性法规：\n一、甲市集贸市场管理条例（1990年1月1日通过）\n二、《乙县牧业条例》\n本决定自公布之日起施行。",
            [("废止", "甲市集贸市场管理条例", "2024-03-05"), ("废止", "乙县牧业条例", "2024-03-05"), ("施行", None, "2024-03-05")],
        ),
        ("决定对《甲条例》作如下修改：", [("修改", "甲条例", None)]),
    ],
)  # fmt: skip
def test_effects(text: str, expected: list[tuple[str, str | None, str | None]]) -> None:
    assert effects(text, date="2024-03-05") == expected


def test_the_title_of_a_decision_names_what_it_changes() -> None:
    title = "关于修改《甲市物业管理条例》的决定"
    assert effects(f"{title}\n本决定自2024年7月1日起施行。", title=title) == [
        ("修改", "甲市物业管理条例", "2024-07-01"),
        ("施行", None, "2024-07-01"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "违反本条例规定的，依照《甲法》处罚。",
        "制定、修改、废止行政法规，适用《甲条例》。",
        "许可证失效的，应当重新申请。",
        "加强规划实施，推动方案落实执行。",
        "下列情形应当登记：\n（一）设立的；\n（二）变更的。",
    ],
)
def test_words_of_rules_have_no_effect(text: str) -> None:
    assert effects(text, date="2024-03-05") == []


def test_an_amended_text_does_not_take_its_own_date_for_its_first_issue() -> None:
    text = "甲条例\n（1996年通过 根据2018年决定修正）\n第九条 本条例自公布之日起施行。"
    assert effects(text, date="2018-11-30") == [("施行", None, None)]


def test_evidence_is_verbatim() -> None:
    text = "第一条 为了规范。\n第二条 本办法自2024年5月1日起施行，《旧办法》同时废止。\n"
    for c in producer().propose(text):
        assert c.fact.evidence.quote == text[c.fact.evidence.start : c.fact.evidence.end]
