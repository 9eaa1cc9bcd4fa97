"""Where a file is cut into documents, and where it must not be."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingest.layout import CleanText, raw_to_clean
from ingest.readers import read
from ingest.structure.several import parts_in
from ontology.forms import load
from tests.clock import growth
from tests.compilation import LETTER, LISTED, PLAIN, WHO, documents


def cleaned(text: str) -> CleanText:
    return raw_to_clean(read(text.encode(), "a.txt"), load())


def first_lines(text: str) -> list[str]:
    clean = cleaned(text)
    return [clean.text[start:end].split("\n", 1)[0] for start, end in parts_in(clean, load())]


@pytest.mark.parametrize("form", [LISTED, PLAIN, LETTER], ids=["listed", "plain", "letterhead"])
@pytest.mark.parametrize("of", [2, 3, 4])
def test_each_document_begins_with_its_heading(form: str, of: int) -> None:
    found = first_lines(documents(form, of=of))
    assert len(found) == of
    assert all(issuer in line for (issuer, _, _), line in zip(WHO, found, strict=False))


def test_a_collectors_list_may_begin_anywhere_and_start_again() -> None:
    assert len(first_lines("（二）湖南\n" + documents(LISTED, first=9))) == 3
    assert len(first_lines(documents(LISTED, of=2) + "（三）湖北\n" + documents(LISTED, of=2))) == 4


def test_one_without_a_number_is_found_by_the_sequence() -> None:
    assert len(first_lines(documents(LISTED, unnumbered=(0, 1)))) == 3


def test_two_letters_without_numbers_are_told_by_signature_and_recipients() -> None:
    assert len(first_lines(documents(PLAIN, of=3, unnumbered=(0, 1, 2)))) == 3


def test_two_cities_may_write_on_the_same_matter() -> None:
    text = PLAIN.format(n=1, issuer="岳阳市水务局", number="岳水发〔2031〕5号\n", what="防汛")
    text += PLAIN.format(n=2, issuer="娄底市水务局", number="娄水发〔2031〕8号\n", what="防汛")
    assert len(first_lines(text)) == 2


def test_a_law_between_two_notices_is_found_by_the_sequence() -> None:
    law = "3.岳阳市公园条例（2031年3月1日）\n第一条 为了加强公园管理，制定本条例。\n" + "".join(
        f"第{n}条 {what}按照规划建设，向公众开放。\n"
        for n, what in zip("二三四五六", ("公园", "绿地", "湖面", "步道", "苗圃"), strict=True)
    )
    text = documents(LISTED, of=2) + law + documents(LISTED, first=4, of=1)
    assert [line[:2] for line in first_lines(text)] == ["1.", "2.", "3.", "4."]


def test_a_number_left_out_leaves_the_file_whole() -> None:
    assert first_lines(documents(LISTED, of=2) + documents(LISTED, first=5, of=2)) == []


def test_a_preface_leaves_the_file_whole() -> None:
    assert first_lines("编者按\n本书收录了三份文件，供各地参考。\n" + documents(LISTED)) == []


def test_a_table_of_contents_is_no_part() -> None:
    contents = "目录\n" + "".join(
        f"{n}.{issuer}关于做好{what}工作的通知（2031年{n}月8日）\n" for n, (issuer, _, what) in enumerate(WHO[:3], 1)
    )
    assert len(first_lines(contents + documents(LISTED))) == 3
    assert first_lines(contents) == []


ONE = documents(PLAIN, of=1)
_SENT = (
    "省水务厅关于加强堤防管理的通知\n鄂水发〔2031〕3号\n各市、州水务局：\n现就加强堤防管理通知如下。各地要落实责任，"
    "逐段巡查，发现险情立即报告，并于汛后总结上报。\n省水务厅\n2031年1月5日\n"
)


@pytest.mark.parametrize(
    "text",
    [
        ONE,
        ONE
        + "附件：1.检查方案\n2.培训方案\n附件1\n检查方案\n一、检查范围。全市各单位。\n附件2\n培训方案\n一、培训对象。全市各单位。\n",
        # what is forwarded, with and without 附件 above it, and a chain of it
        "岳阳市水务局转发省水务厅关于加强堤防管理的通知的通知\n岳水发〔2031〕6号\n各县（市、区）水务局：\n"
        "现将通知转发给你们，请认真贯彻落实，抓好辖区堤防巡查，及时报告情况，并做好总结。\n岳阳市水务局\n2031年2月1日\n"
        + _SENT,
        "岳阳市水务局关于加强堤防巡查的通知\n岳水发〔2031〕6号\n各县（市、区）水务局：\n"
        "现将有关事项通知如下，请各地对照省厅要求，抓好辖区堤防巡查，及时报告情况，并做好总结。\n"
        "岳阳市水务局\n2031年2月1日\n附件\n" + _SENT,
        # what a notice names as what it sends out
        "岳阳市水务局关于落实省水务厅关于加强堤防管理的通知的通知\n岳水发〔2031〕6号\n各县（市、区）水务局：\n"
        "现将文件印发给你们，请认真贯彻落实，抓好辖区堤防巡查，及时报告情况，并做好总结。\n岳阳市水务局\n2031年2月1日\n"
        + _SENT,
        # the same under its subject alone, and two of them
        (
            "岳阳市人民政府办公室转发市水务局\n关于加强堤防工作报告的通知\n岳政办发〔2031〕6号\n各县（市、区）人民政府：\n"
            "市水务局的报告已经市政府同意，现转发给你们，请认真贯彻执行，抓好辖区堤防巡查，并做好总结。\n"
            "岳阳市人民政府办公室\n2031年2月1日\n（本文有删减）\n关于加强堤防工作的报告\n市政府：\n现将堤防工作情况报告如下。"
            "去年全市共巡查堤防三百处，发现险情两处，均已处置。今年要加强巡查，落实责任，确保安全度汛，群众满意。\n"
            "岳阳市水务局\n2031年1月20日\n"
        ),
        "岳阳市水务局关于印发两个通知的通知\n岳水发〔2031〕6号\n各县（市、区）水务局：\n"
        "现将《关于加强堤防管理的通知》《关于加强水库管理的通知》发给你们，请认真贯彻执行，并做好总结。\n"
        "岳阳市水务局\n2031年2月1日\n" + _SENT + _SENT.replace("堤防", "水库").replace("3号", "4号"),
        # a rule with the decision that changed it
        (
            "某市人民代表大会常务委员会关于修改《某市公园条例》的决定\n（2031年3月1日通过）\n一、第二条修改为：“公园应当免费开放。”\n"
            "某市公园条例\n第一条 为了加强公园管理，制定本条例。\n第二条 公园应当免费开放。\n"
        ),
        # a list of documents with their numbers, and one of digests
        "关于废止部分规范性文件的决定\n经研究，决定废止下列文件。\n"
        + "".join(f"{n}.关于做好{what}工作的通知\n{number}" for n, (_, number, what) in enumerate(WHO, 1)),
        "政策摘编\n"
        + "".join(
            f"{issuer}关于做好{what}工作的通知\n{number}对{what}工作提出要求，明确各单位职责。要求全年开展检查两次，"
            "培训三次，年底前完成总结并上报。各地各单位要认真贯彻落实，做好各项保障，确保取得实效，群众满意。\n"
            for issuer, number, what in WHO
        ),
        # items that carry dates
        (
            "岳阳市水务局2031年大事记\n1.关于防汛工作的通知印发（2031年1月8日）\n印发通知，部署防汛。\n"
            "2.关于抗旱工作的通知印发（2031年2月8日）\n印发通知，部署抗旱。\n"
        ),
    ],
    ids=["one", "annexes", "forwarded", "annexed", "named", "subject", "two", "law", "abolished", "digests", "events"],
)
def test_what_is_no_compilation_is_left_whole(text: str) -> None:
    assert first_lines(text) == []


def test_a_part_leads_back_to_its_place_in_the_file() -> None:
    text = documents(PLAIN).replace("，", ", ")  # positions of text and file differ
    raw = read(text.encode(), "a.txt")
    clean = raw_to_clean(raw, load())
    for start, end in parts_in(clean, load()):
        part = clean.cut(start, end)
        assert part.text == clean.text[start:end]
        assert "".join(part.of(p) + "\n" for p in part.paragraphs) == part.text
        for position, character in enumerate(part.text):
            here = max(i for i, (at, _) in enumerate(part.offsets) if at <= position)
            at, there = part.offsets[here]
            if "\u4e00" <= character <= "\u9fff":
                assert text[there + position - at] == character


@pytest.mark.parametrize("form", [LISTED, PLAIN], ids=["listed", "plain"])
def test_time_grows_with_length(form: str) -> None:
    def prepare(count: int) -> Callable[[], object]:
        clean = cleaned(
            "".join(
                form.format(
                    n=n, issuer=f"{'甲乙丙丁'[n % 4]}市水务局", number=f"水发〔2031〕{n}号\n", what=f"第{n}段堤防"
                )
                for n in range(1, count + 1)
            )
        )
        assert len(parts_in(clean, load())) == count or form is LISTED
        return lambda: [clean.cut(*part) for part in parts_in(clean, load())]

    assert growth(prepare, 40) <= 12


def test_pages_of_a_part() -> None:
    clean = CleanText("甲\n乙\n丙\n", (), ((0, 0),), ((0, 1), (2, 2), (4, 3)))
    assert clean.cut(2, 6).pages == ((0, 2), (2, 3))
    assert clean.cut(2, 4).pages == ((0, 2),)
