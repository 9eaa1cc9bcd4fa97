"""Notices: what was looked for everywhere is absent; the rest was not recognised."""

from __future__ import annotations

from ingest.pipeline import read_document
from kg.core.model import Notice
from ontology.reference import load_reference

PLAIN = "甲市水务局关于开展河湖巡查的通知\n甲水〔2024〕9号\n各区水务局：\n现将有关事项通知如下，请认真执行。\n{}甲市水务局\n2024年5月8日\n"


def notices(text: str) -> list[Notice]:
    return list(read_document(text.encode(), source="a.txt", document_id="d", reference=load_reference()).notices)


def codes(text: str) -> list[str]:
    return [n.code for n in notices(text)]


def test_a_whole_document_has_none() -> None:
    assert codes(PLAIN.format("一、加强领导。各区要高度重视。\n二、抓好落实。按时完成任务。\n")) == []


def test_what_never_has_a_number_misses_none() -> None:
    for title in (
        "甲市2024年国民经济和社会发展统计公报",
        "政府工作报告",
        "甲市补贴热点13问",
        "甲市事项清单",
        "甲市养犬管理办法",
    ):
        assert "missing-number" not in codes(f"{title}\n\n全年生产总值增长6.1%，完成预期目标，成效明显。\n")


def test_no_notice_claims_absence() -> None:
    found = notices("关于开展河湖巡查的通知\n各区水务局：\n现将有关事项通知如下，请认真执行。\n")
    assert {"missing-number", "missing-date", "missing-issuer"} <= {n.code for n in found}
    assert all(n.message.startswith("没有认出") for n in found if n.code.startswith("missing-"))


def test_a_gap_is_told_only_where_the_number_stands_nowhere() -> None:
    assert "numbering-gap" in codes(PLAIN.format("一、加强领导。要重视。\n三、抓好落实。要完成。\n"))
    assert "numbering-gap" not in codes(
        PLAIN.format("一、加强领导。要重视，其中包括二、分类处理等。\n三、抓好落实。要完成。\n")
    )


def test_a_gap_above_twenty_is_told_too() -> None:
    from kg.core.numerals import number_to_chinese

    lines = "".join(f"{number_to_chinese(n)}、开展巡查。要认真。\n" for n in range(1, 25) if n != 22)
    assert "numbering-gap" in codes(PLAIN.format(lines))
    assert "numbering-gap" not in codes(PLAIN.format(lines.replace("二十三、", "见二十二、。\n二十三、")))


def test_words_that_stand_twice() -> None:
    assert "possible-typo" in codes(PLAIN.format("一、开展专项检查。开展专项专项检查，专项整治。\n"))
    for right in (
        "支持企业创业创新，企业创业有补贴。",
        "建立分级分类管理，等级分级分类明确，分级负责。",
        "运用信用信息，信用评价。",
    ):
        assert "possible-typo" not in codes(PLAIN.format(f"一、有关工作。{right}\n"))


def test_several_documents_in_one_file() -> None:
    one = "{n}. 甲市{b}局关于做好{b}工作的通知（2023年4月{n}日）\n甲{b}〔2023〕{n}号\n各有关单位：\n现将事项通知如下，请认真执行。\n甲市{b}局\n2023年4月{n}日\n"
    text = "".join(one.format(n=n, b=b) for n, b in ((1, "教育"), (2, "水务"), (3, "民政")))
    document = read_document(text.encode(), source="a.txt", document_id="d", reference=load_reference())
    assert "several-documents" in [n.code for n in document.notices]
    assert (document.doc_number, document.issuers, document.date) == (None, (), None)
