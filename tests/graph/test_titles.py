from __future__ import annotations

import pytest

from kg.core.ids import title_key
from kg.graph.titles import title_keys


@pytest.mark.parametrize(
    ("title", "form"),
    [
        ("国务院关于印发《质量发展纲要（2011-2020年）》的通知", "质量发展纲要（2011-2020年）"),
        ("国务院关于印发质量发展纲要（2011-2020年）的通知", "质量发展纲要"),
        ("印发《东湖区方案》的通知", "东湖区方案"),
        ("海城市人民政府办公厅转发市经委关于加快发展的若干意见的通知", "市经委关于加快发展的若干意见"),
        ("海城市人民政府关于加快发展的若干意见", "关于加快发展的若干意见"),
        ("《产品质量法》", "中华人民共和国产品质量法"),
        ("产品质量法（2018年修正）", "产品质量法"),
        ("市政府办公厅转发市委关于印发《甲》的通知的通知", "甲"),
    ],
)
def test_other_forms_of_a_title(title, form):
    assert title_key(form) in title_keys(title)


@pytest.mark.parametrize(
    ("title", "not_form"),
    [
        ("质量强国建设纲要上海实施方案", "质量强国建设纲要"),
        ("关于开展质量月活动的通知", "质量月活动"),
        ("产品质量法实施条例", "产品质量法"),
        ("方案（试行）", "方案"),
    ],
)
def test_a_different_policy_is_no_form(title, not_form):
    assert title_key(not_form) not in title_keys(title)


def test_the_title_itself_comes_first():
    title = "国务院关于印发《甲》的通知"
    assert title_keys(title)[0] == title_key(title)
    assert title_keys("") == ()
    assert title_keys("《》……") == ()
