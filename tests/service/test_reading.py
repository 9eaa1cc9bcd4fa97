"""The words around a quote, and the outline of a text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.core.model import Document, Section
from kg.service.reading import passage_context, reading

TEXT = "标题\n一、总则\n第一句。第二句很长很长；第三句。\n二、分则\n末句"


def document(text: str = TEXT, sections: tuple[Section, ...] = ()) -> Document:
    return Document(id="d-1", source="/a.txt", sha256="0", text=text, title="题", sections=sections)


def test_surroundings_end_at_sentences_within_reach():
    start = TEXT.index("第二句")
    found = passage_context(document(), start, start + 3, reach=12)
    assert found["quote"] == "第二句"
    assert found["before"].endswith("第一句。")
    assert found["after"] == "很长很长；第三句。"
    assert not found["cut_after"]


def test_positions_outside_the_text_are_drawn_in():
    found = passage_context(document(), -5, 10_000)
    assert found["quote"] == TEXT
    assert (found["before"], found["after"]) == ("", "")


def test_the_headings_above_a_quote_come_outermost_first():
    sections = (
        Section("总则", "一、", 1, 3, 8, 26, None),
        Section("第一条", "", 2, 8, 12, 26, 0),
        Section("分则", "二、", 1, 26, 31, 33, None),
    )
    assert passage_context(document(sections=sections), 13, 15)["heading"] == "一、总则 > 第一条"
    assert reading(document(sections=sections))["outline"][0] == {
        "label": "一、",
        "title": "总则",
        "level": 1,
        "start": 3,
        "end": 8,
    }


@given(st.text(alphabet="甲乙。；\n", max_size=60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 20))
def test_the_pieces_are_one_stretch_of_the_text(text: str, start: int, end: int, reach: int):
    found = passage_context(document(text), start, end, reach=reach)
    assert found["before"] + found["quote"] + found["after"] in text
    assert len(found["before"]) <= reach
    assert len(found["after"]) <= reach
    assert found["quote"] == text[start : max(start, end)]
