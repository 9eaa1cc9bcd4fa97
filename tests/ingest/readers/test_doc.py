"""Word 97-2003 by the specification; files from Word itself are not among the tests."""

from __future__ import annotations

import pytest

from ingest.readers import LineKind, read
from ingest.readers.doc import read_doc
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
