"""The laws that people ask about come first among articles that fit a question alike."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kg.core.errors import EnvironmentProblem
from kg.passages.asked import FILE, NONE, UNKNOWN, count_asked, law_key, load_asked, save_asked
from kg.passages.embedder import DEFAULT_MODEL, load_embedder
from kg.passages.held import Held
from kg.passages.keys import NUMBER_BITS
from kg.passages.query import Query
from kg.passages.query_table import QueryTable
from kg.passages.signs import PLAIN, TAUGHT, document_scores, document_signs

TITLES = ["劳动合同法"] * 10 + ["合同编"] * 40 + ["船舶登记办法"] * 10
ROWS = [[number, title, 0, 0, "", False] for number, title in enumerate(("中华人民共和国劳动合同法", "船舶登记办法"))]
KEYS = np.array([0, 1 << NUMBER_BITS, 7 << NUMBER_BITS])  # the last is of a document that is not held


def test_laws_are_compared_without_the_name_of_the_state() -> None:
    one = law_key("最高人民法院关于适用《中华人民共和国民法典》物权编的解释（一）")
    assert one == law_key("最高人民法院关于适用《民法典》物权编的解释（一）")
    assert law_key("中华人民共和国劳动合同法") == "劳动合同法"


def test_questions_count_by_article_and_share_one_among_their_passages() -> None:
    laws = count_asked([(0,), (1,), (10, 11)], TITLES)
    assert laws["劳动合同法"] > laws["合同编"] > 0
    assert laws["船舶登记办法"] == 0, "nobody asked about it"
    split, whole = count_asked([(0, 10)], TITLES), count_asked([(0,)], TITLES)
    assert 0 < split["劳动合同法"] < whole["劳动合同法"]
    many = count_asked([(0,), (1,), (10, 11)] * 5, TITLES)
    assert many == laws, "the share of the questions counts, not their number"


def test_a_code_that_stands_in_parts_is_counted_whole_too() -> None:
    laws = count_asked([(10,)], TITLES, {"合同编": "民法典"})
    assert laws["民法典"] == laws["合同编"] > 0


def test_they_lie_beside_the_query_table(tmp_path: Path) -> None:
    table = QueryTable(np.array([1]), np.zeros((1, 2), np.int8), np.ones(1, np.float32))
    table.save(tmp_path)
    assert not (tmp_path / FILE).exists(), "none known, none written"
    table.with_asked({"劳动合同法": 5.5}).save(tmp_path)
    again = QueryTable.load(tmp_path)
    assert again is not None
    assert again.asked == {"劳动合同法": 5.5}
    assert load_asked(tmp_path / "none") is NONE
    for damaged in ("[", "[1]", '{"劳动合同法": null}'):
        (tmp_path / FILE).write_text(damaged, encoding="utf-8")
        with pytest.raises(EnvironmentProblem, match="重新安装"):
            QueryTable.load(tmp_path)
    save_asked(tmp_path, {"商标法": 1.0})
    assert load_asked(tmp_path) == {"商标法": 1.0}


def test_only_a_model_that_questions_taught_uses_them() -> None:
    held = Held(ROWS, [""])
    laws = {"劳动合同法": 5.0, "船舶登记办法": 0.0}
    signs = document_signs(Query("老板拖欠工资", "老板拖欠工资"), KEYS, held, laws)
    assert signs[:, 5].tolist() == [5.0, 0.0, 0.0]
    assert document_scores(signs, TAUGHT)[0] == pytest.approx(5 * TAUGHT.asked)
    assert document_scores(signs, PLAIN)[0] == 0
    others = document_signs(Query("登记船舶", "登记船舶"), KEYS, held, {"船舶登记办法": 2.0})
    assert others[:, 5].tolist() == [UNKNOWN, 2.0, 0.0], "what is remembered of documents belongs to one set of laws"


def test_a_document_that_no_question_could_be_about_has_neither_much_nor_nothing() -> None:
    held = Held([*ROWS, [2, "关于养犬管理的通知", 0, 0, "", False]], [""])
    keys = np.array([number << NUMBER_BITS for number in range(3)])
    signs = document_signs(Query("养狗", "养狗"), keys, held, {"劳动合同法": 5.0, "船舶登记办法": 0.0})
    assert signs[:, 5].tolist() == [5.0, 0.0, UNKNOWN]


def test_who_names_a_place_asks_for_its_own_rules() -> None:
    held = Held(ROWS, ["浙江省"])
    signs = document_signs(Query("浙江省拖欠工资", "浙江省拖欠工资"), KEYS, held, {"劳动合同法": 5.0})
    assert signs[:, 0].tolist() == [1.0, 1.0, 0.0]
    assert not signs[:, 5].any()


def test_the_built_in_model_knows_them() -> None:
    shipped = load_embedder("default")
    laws = shipped.asked  # type: ignore[union-attr]
    assert laws["民法典"] > laws["行政许可法"] > 0
    assert laws == load_asked(DEFAULT_MODEL)
    assert load_embedder("default").with_table(None).asked == NONE  # type: ignore[union-attr]
