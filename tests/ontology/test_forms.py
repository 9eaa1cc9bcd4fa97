"""The forms of the genre are data, and their examples are tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from ontology.forms import BadForm, load


def _site(folder: Path, text: str) -> str:
    (folder / "forms").mkdir()
    (folder / "forms" / "own.toml").write_text(text, encoding="utf-8")
    return str(folder)


def test_every_form_matches_its_examples_and_none_of_its_counter_examples() -> None:
    assert load().failures == ()


def _roots() -> list[str]:
    forms = load()
    return [word for name in ("label.lead", "label.co", "label.plain") for word in forms.words(name)]


@pytest.mark.parametrize("root", _roots())
def test_a_label_that_is_added_once_begins_lists_and_is_asked_for(root: str) -> None:
    forms = load()
    found = forms.start("unitlist.leadin", f"{root}单位：市教育局")
    assert found is not None
    assert found["label"] == f"{root}单位"
    assert forms.full("ask.body", f"{root}单位是谁")


def test_the_forms_without_a_setting_are_read_once() -> None:
    assert load() is load("")


def test_a_reference_to_a_table_writes_out_its_first_column(tmp_path: Path) -> None:
    forms = load(_site(tmp_path, '[[form]]\nname = "own.zone"\npattern = "«name.zones»$"\n'))
    assert forms.pattern("own.zone").search("合肥高新区")
    assert not forms.pattern("own.zone").search("合肥")


def test_a_word_given_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadForm, match="重复的词：甲"):
        load(_site(tmp_path, '[[form]]\nname = "own.twice"\nwords = ["甲", "乙", "甲"]\n'))


def test_a_row_given_twice_is_refused(tmp_path: Path) -> None:
    row = '{ words = ["甲", "乙"] }'
    with pytest.raises(BadForm, match="重复的行"):
        load(_site(tmp_path, f'[[form]]\nname = "own.rows"\nrows = [{row}, {row}]\n'))
