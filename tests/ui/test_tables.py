"""Tables on the screen and as files."""

from __future__ import annotations

import csv
import io
from datetime import date

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from kg.ui.tables import Sheet, cell, coloured, csv_bytes, grid, table, xlsx_bytes

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"]


def test_values_become_what_a_cell_can_hold():
    assert cell(["甲", {"name": "乙"}, None]) == "甲、乙、None"
    assert cell(date(2024, 9, 5)) == "2024-09-05"
    assert cell(True) == "是"
    assert cell(None) is None


def test_rows_follow_the_columns_and_lack_nothing():
    assert grid(["年", "区"], [{"区": "青浦区", "年": 2024}, {"年": 2019}]) == [[2024, "青浦区"], [2019, None]]


def test_whole_numbers_stay_whole_beside_empty_cells():
    frame = table(["年", "值", "混"], [[2024, 1.5, 1], [None, 2, "二"]])
    assert str(frame["年"].dtype) == "Int64"
    assert str(frame["值"].dtype) == "Float64"
    assert list(frame["混"]) == ["1", "二"]


def test_columns_of_the_same_name_are_told_apart():
    assert list(table(["a", "a"], [[1, 2]]).columns) == ["a", "a (2)"]


def test_only_the_four_states_are_coloured():
    assert "background-color" in coloured(table(["状态"], [["点名"], ["其他"]])).to_html()
    plain_table = table(["状态"], [["其他"]])
    assert coloured(plain_table) is plain_table


def test_csv_opens_in_excel_and_holds_no_formula():
    data = csv_bytes(["列"], [[text] for text in FORMULAS] + [[-5], [None], ["甲，“乙”"]])
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [row[0] for row in rows[1:]] == ["'" + text for text in FORMULAS] + ["-5", "", "甲，“乙”"]


def test_a_workbook_keeps_formulas_and_links_as_text():
    texts = [*FORMULAS, "http://example.org/"]
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([Sheet("表", [["列", "数"], *([text, 3] for text in texts)])])))
    cells = [row[0] for row in book["表"].iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == texts
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)
    assert book["表"]["B2"].value == 3


@given(st.lists(st.lists(st.one_of(st.none(), st.text(st.characters(codec="utf-8")), st.integers()), max_size=4)))
def test_csv_takes_any_rows(rows: list[list[object]]):
    assert csv_bytes(["一"], rows).decode("utf-8-sig").startswith("一\r\n")
