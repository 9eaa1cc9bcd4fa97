"""Word 97-2003 by the specification; files from Word itself are not among the tests."""

from __future__ import annotations

import struct

import pytest

from ingest.readers import LineKind, read
from ingest.readers.doc import _merged, read_doc
from ingest.readers.doc_properties import FROM_ABOVE, FROM_LEFT, operands
from kg.core.errors import UnreadableDocument

from . import writers


def texts(*paragraphs: str, **options) -> list[str]:
    return [line.text for line in read_doc(writers.doc(paragraphs, **options)).lines]


def test_paragraphs_over_pieces() -> None:
    paragraphs = [f"第{n}段：质量月𠮷活动。" for n in range(50)]
    assert texts(*paragraphs) == paragraphs


def test_table_rows_with_empty_cells() -> None:
    raw = read_doc(writers.doc(["前", "序号\t活动\t单位", "1\t\t市局", "2\t启动\t区局", "后"]))
    assert [(line.kind is LineKind.ROW, line.text) for line in raw.lines] == [
        (False, "前"),
        (True, "序号\t活动\t单位"),
        (True, "1\t\t市局"),
        (True, "2\t启动\t区局"),
        (False, "后"),
    ]


def test_codes_of_fields_go_and_their_results_stay() -> None:
    assert texts('见\x13 HYPERLINK "http://a.b" \x14网页\x15和\x13 PAGE \x15。') == ["见网页和。"]
    assert texts("外\x13 IF \x13 REF x \x14内\x15 \x14果\x15") == ["外果"]


def test_tracked_deletions_are_left_out() -> None:
    assert texts("举办三五场活动。", "再来一段。", deleted="三") == ["举办五场活动。", "再来一段。"]


def test_a_footnote_follows_its_paragraph() -> None:
    assert [t.strip() for t in texts("甲\x02", "乙", footnotes=["注"])] == ["甲", "注", "乙"]


def test_an_encrypted_file_is_named_as_such() -> None:
    with pytest.raises(UnreadableDocument, match="已加密"):
        read(writers.doc(["正文"], flags=0x0100), "a.doc")


def test_wps_and_doc_are_one_format() -> None:
    assert read(writers.doc(["正文"]), "a.wps").lines[0].text == "正文"


def test_raised_marks_of_notes_are_no_digits() -> None:
    raw = read_doc(writers.doc(["检查企业32007家，覆盖", "后"], raised="7"))
    assert [line.text for line in raw.lines] == ["检查企业3200家，覆盖", "后"]
    assert [(loss.part, loss.count) for loss in raw.fidelity] == [("上标", 1)]
    assert texts("覆盖面积104亩", raised="4") == ["覆盖面积10⁴亩"]


def test_the_marks_of_cells_stay_beside_deletions() -> None:
    # a deletion that takes the end of a row along must not move the words of the row
    assert texts("宣传\t甲\t旧", "后", deleted="旧\x07\x07") == ["宣传\t甲\t", "后"]


def test_which_cells_a_row_says_to_be_merged() -> None:
    def row(*flags: int) -> bytes:
        cells = b"".join(struct.pack("<H18x", flag) for flag in flags)
        body = bytes([len(flags)]) + bytes(2 * (len(flags) + 1)) + cells
        return struct.pack("<HH", 0xD608, len(body) + 1) + body

    assert operands(row(0x60, 0)) == {}
    assert operands(row(0x20, 0, 0x02)) == {FROM_ABOVE: 0b001, FROM_LEFT: 0b100}
    assert operands(row(0, 0) + struct.pack("<HBBB", 0xD62B, 2, 1, 1)) == {FROM_ABOVE: 0b10}
    assert operands(row(255)[:9]) == {}
    merged = _merged(["", "乙", ""], ["宣传", "甲"], {FROM_ABOVE: 0b001, FROM_LEFT: 0b100})
    assert merged == ["宣传", "乙", "乙"]
