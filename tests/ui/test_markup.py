"""Text that others wrote stays text."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from kg.ui.markup import file_name, marked, plain, shortened


def test_markdown_signs_lose_their_meaning():
    assert plain("**粗** ![图](http://a.cn) $x$ :red[红]\n新行") == (
        "\\*\\*粗\\*\\* \\!\\[图\\]\\(http\\://a\\.cn\\) \\$x\\$ \\:red\\[红\\] 新行"
    )


@given(st.text())
def test_no_sign_that_markdown_reads_stays_bare(text: str):
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_{}\[\]()<>#!|~$:&]", plain(text))


def test_spans_are_marked_and_overlapping_ones_joined():
    assert marked("甲乙丙丁", [(1, 2), (0, 1), (3, 9)]) == "<mark>甲乙</mark>丙<mark>丁</mark>"


@given(st.text(), st.lists(st.tuples(st.integers(-3, 20), st.integers(-3, 20))))
def test_marking_changes_no_character(text: str, spans: list[tuple[int, int]]):
    assert html.unescape(re.sub("</?mark>", "", marked(text, spans))) == html.unescape(html.escape(text))


def test_html_in_marked_text_is_escaped():
    assert marked("<b>&", [(0, 3)]) == "<mark>&lt;b&gt;</mark>&amp;"


def test_shortened_text_says_that_it_is():
    assert shortened("一二三四", 4) == "一二三四"
    assert shortened("一二三四五", 4) == "一二三…"


def test_file_names_of_either_kind_of_path():
    assert file_name("/资料/通知.txt") == file_name("C:\\资料\\通知.txt") == "通知.txt"


def test_one_of_several_documents_in_a_file():
    assert file_name("/资料/汇编.txt#2") == "汇编.txt（第2份）"
