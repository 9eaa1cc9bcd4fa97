"""From a file to facts on made-up documents of several forms, and the promises that hold for any text at all."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.pipeline import read_document, read_documents
from kg.core.errors import UnreadableDocument
from kg.core.model import Document, Evidence, Level, Role, Status, decode_document, encode
from kg.passages.chunk import document_to_passages
from ontology.reference import load_reference
from tests.compilation import LISTED, documents

from . import documents as made_up

REFERENCE = load_reference()


def read(text: str | bytes, source: str = "a.txt") -> Document:
    data = text if isinstance(text, bytes) else text.encode()
    return read_document(data, source=source, document_id="d-1", reference=REFERENCE)


def responsible(document: Document) -> dict[str, list[str]]:
    return {a.title: [p.name for p in a.responsible] for a in document.activities if a.parent is None}


class TestPlan:
    document = read(made_up.PLAN)

    def test_header(self) -> None:
        d = self.document
        assert d.title == "关于印发《杭州市2023年“安全生产月”活动方案》的通知"
        assert (d.doc_number, d.kind, d.year) == ("杭安委办〔2023〕15号", "通知", 2023)
        assert (d.date, d.printed_date) == ("2023-05-18", "2023-05-19")
        assert (d.level, d.region, d.region_qualified) == (Level.CITY, "杭州市", "浙江省杭州市")
        assert d.recipients == "各区、县（市）安委会，市安委会各成员单位"
        assert d.theme == "人人讲安全 个个会应急"
        assert d.period == ("2023-06-01", "2023-06-30")
        assert [p.name for p in d.issuers] == ["杭州市安全生产委员会办公室"]

    def test_activities_are_the_items_under_content_not_the_requirements(self) -> None:
        assert responsible(self.document) == {
            "举办“安全生产月”启动仪式": ["杭州市应急管理局", "中共杭州市委宣传部"],
            "开展“安全宣传咨询日”活动": ["杭州市应急管理局", "杭州市各区县应急管理局"],
            "开展危险化学品专项检查（第二阶段）": ["杭州市应急管理局", "杭州市公安局", "杭州市交通运输局"],
        }
        assert {a.status for a in self.document.activities} == {Status.PLANNED}

    def test_roles_in_the_closing_parentheses(self) -> None:
        last = [a for a in self.document.activities if a.parent is None][-1]
        assert [p.role for p in last.responsible] == [Role.LEAD, Role.CO, Role.CO]

    def test_what_an_item_contains_hangs_below_it(self) -> None:
        nested = {a.title: a.parent for a in self.document.activities if a.parent}
        second = next(a.id for a in self.document.activities if "咨询日" in a.title)
        assert nested["开展“公众开放日”活动"] == second

    def test_deadline(self) -> None:
        assert [d.date for d in self.document.deadlines] == ["2023-06-30"]


class TestTable:
    document = read(made_up.TABLE)

    def test_rows_and_items_in_a_cell(self) -> None:
        d = self.document
        assert [(a.no, a.title) for a in d.activities] == [
            ("1", "举办科技活动周启动仪式"), ("1", "开展科普集市"), ("2", "开放实验室"), ("3", "举办科普讲解大赛")
        ]  # fmt: skip
        first = d.activities[0].responsible
        assert [(p.name, p.role) for p in first] == [
            ("成都市科学技术局", Role.LEAD), ("成都市教育局", Role.CO), ("成都市科学技术协会", Role.CO)
        ]  # fmt: skip
        assert [p.name for p in d.activities[3].responsible] == ["成都市武侯区科学技术局", "成都市各街道"]

    def test_kind_and_year(self) -> None:
        assert (self.document.kind, self.document.year, self.document.region) == ("安排", 2022, "成都市")


class TestReport:
    document = read(made_up.REPORT)

    def test_sentences_become_activities_and_plans_do_not(self) -> None:
        assert responsible(self.document) == {
            "举办“3·15”主题晚会": ["武汉市市场监督管理局", "中共武汉市委宣传部"],
            "组织媒体开展消费体察活动": ["武汉市市场监督管理局", "中共武汉市委宣传部"],
            "消费维权讲座": ["江岸区"],
            "“放心消费”街区揭牌仪式": ["武昌区"],
            "组织开展农资打假专项检查": ["武汉市农业农村局"],
            "发布公益广告": ["武汉市城市管理委员会"],
        }
        assert {a.status for a in self.document.activities} == {Status.REPORTED}

    def test_figures(self) -> None:
        assert {(f.value, f.unit, f.qualifier) for f in self.document.figures} >= {
            (300, "场", "余"), (120000, "人次", "超过"), (450, "户", None), (12, "件", None), (80, "个", "余")
        }  # fmt: skip


def test_a_forwarded_document_keeps_the_outer_signature() -> None:
    d = read(made_up.FORWARD)
    assert (d.kind, d.date, [p.name for p in d.issuers]) == ("通知", "2019-08-01", ["国务院办公厅"])
    assert d.level is Level.STATE


def test_an_order_takes_its_title_from_what_it_promulgates() -> None:
    d = read(made_up.ORDER)
    assert (d.title, d.doc_number, d.kind, d.date) == ("某某事项管理条例", "国务院令第999号", "条例", "2019-11-08")
    assert [p.name for p in d.issuers] == ["国务院"]
    assert d.activities == ()


def test_a_law_takes_its_date_from_the_file_name() -> None:
    text = "# 某某市公园条例\n\n2001年3月2日 某某市人民代表大会常务委员会通过\n\n<!-- INFO END -->\n\n第一条 为了管理公园，制定本条例。\n"
    assert read(text, "某某市公园条例(2017-11-23).md").date == "2017-11-23"
    assert read(text, "某某市公园条例.md").date == "2001-03-02"


@pytest.mark.parametrize(
    ("data", "source", "reason"),
    [
        (b"", "a.txt", "空"),
        (b"   \n\n", "a.txt", "空"),
        (b"\x00\x01\x02" * 500, "a.txt", "控制字符"),
        (b"abc", "a.xyz", "不支持"),
        ("<!-- 仅有注释 -->".encode(), "a.md", "没有文字"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, source: str, reason: str) -> None:
    with pytest.raises(UnreadableDocument, match=reason) as caught:
        read(data, source)
    assert caught.value.source == source


def evidences(document: Document) -> Iterator[Evidence]:
    for facts in (
        document.activities,
        document.policy_references,
        document.works,
        document.figures,
        document.deadlines,
        document.contacts,
    ):
        yield from (fact.evidence for fact in facts)
    yield from document.header_evidence.values()
    yield from (n.evidence for n in document.notices if n.evidence)


def assert_sound(document: Document) -> None:
    for e in evidences(document):
        assert document.text[e.start : e.end] == e.quote
    ids = [a.id for a in document.activities]
    assert len(set(ids)) == len(ids)
    assert {a.parent for a in document.activities if a.parent} <= set(ids)
    assert decode_document(encode(document)) == document


ALL = [made_up.PLAN, made_up.TABLE, made_up.REPORT, made_up.FORWARD, made_up.ORDER]


def damaged(text: str, seed: int) -> str:
    """Characters and lines lost, doubled or broken, brackets turned, widths changed."""
    rng = random.Random(seed)
    chars = list(text)
    for _ in range(rng.randint(1, 40)):
        i = rng.randrange(len(chars))
        chars[i] = rng.choice(
            ["", "\n", chars[i] * 2, "（", "》", "“", "\t", " ", "　", "１", "、", "。", "\x0b", "\ufeff"]
        )
    lines = "".join(chars).split("\n")
    if rng.random() < 0.5:
        rng.shuffle(lines)
    return "\n".join(lines)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ALL), st.integers(0, 1_000_000))
def test_damaged_text_never_breaks_and_never_misquotes(text: str, seed: int) -> None:
    words = damaged(text, seed)
    if words.strip():
        assert_sound(read(words))


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=300))
def test_any_text_at_all(text: str) -> None:
    try:
        document = read(text)
    except UnreadableDocument:
        return
    assert_sound(document)


def test_the_real_documents_are_quoted_to_the_letter(corpus_dir: Path) -> None:
    files = sorted(corpus_dir.glob("*.txt"))
    assert len(files) == 5
    for file in files:
        document = read(file.read_bytes(), file.name)
        assert_sound(document)
        source = re.sub(r"\s", "", file.read_text(encoding="utf-8"))
        for e in evidences(document):
            assert re.sub(r"\s", "", e.quote).replace("〔", "„").replace("〕", "‟") in source.replace(
                "〔", "„"
            ).replace("〕", "‟")


def test_offsets_lead_back_to_the_source(corpus_dir: Path) -> None:
    file = next(f for f in corpus_dir.glob("*.txt") if "青浦" in f.name)
    source = file.read_text(encoding="utf-8")
    document = read(file.read_bytes(), file.name)
    for activity in document.activities:
        at = document.source_offset(activity.evidence.start)
        assert source[at] == activity.evidence.quote[0]


@pytest.mark.parametrize("line", ["1、" * 20_000, "# " + "质量" * 20_000, "（一）" + "开展检查，" * 8_000])
def test_a_line_of_any_length_is_not_repeated_as_a_heading(line: str) -> None:
    document = read(f"{line}\n二、其他\n开展检查。\n", "a.md")
    headings = sum(len(title) for passage in document_to_passages(document) for title in passage.heading_path)
    assert headings < 2 * len(document.text)


def _agencies(text: str) -> dict[str, tuple[str, ...]]:
    return {entry.name: entry.as_written for entry in read(text).agencies}


JOINT = "合肥市水务局关于做好河湖管护工作的通知\n合水〔2024〕9号\n{}：\n现将有关事项通知如下。\n{}\n合肥市水务局\n2024年5月8日\n"


def test_a_zone_that_a_document_is_sent_to_is_its_administration() -> None:
    agencies = _agencies(JOINT.format("高新区、各有关单位", "请按时办理。"))
    assert agencies["合肥高新技术产业开发区管理委员会"] == ("高新区",)
    assert set(agencies) == {"合肥市水务局", "合肥高新技术产业开发区管理委员会"}


def test_an_office_beside_a_contact_is_of_the_one_issuer() -> None:
    contact = "质量处联系人：张三，电话：55550100。"
    assert _agencies(JOINT.format("各区水务局", contact))["合肥市水务局质量处"] == ("质量处",)
    two = JOINT.format("各区水务局", contact).replace("合肥市水务局", "合肥市水务局 合肥市财政局")
    assert len(read(two).issuers) == 2
    assert not any("质量处" in name for name in _agencies(two))  # of which of the two?


def test_a_part_of_a_longer_name_is_no_body_of_its_own() -> None:
    task = "一、主要任务\n1.开展巡查。每周一次。（责任单位：{}）\n2.发布通报。每月一次。（责任单位：市财政局）"
    for name, part in (("国网合肥供电公司", "合肥供电公司"), ("中国铁路合肥局集团有限公司", "合肥局集团")):
        written = {
            form for forms in _agencies(JOINT.format("各区水务局", task.format(name))).values() for form in forms
        }
        assert name in written
        assert part not in written


def _parts(text: str) -> tuple[Document, ...]:
    def part_id(number: int) -> str:
        return f"d-1-{number}"

    return read_documents(text.encode(), source="汇编.txt", document_id="d-1", part_id=part_id, reference=REFERENCE)


def test_a_file_with_several_documents_is_each_of_them() -> None:
    text = documents(LISTED)
    parts = _parts(text)
    assert [(d.id, d.source, d.part) for d in parts] == [(f"d-1-{n}", f"汇编.txt#{n}", (n, 3)) for n in (1, 2, 3)]
    assert [d.region for d in parts] == ["岳阳市", "娄底市", "襄阳市"]
    assert len({d.sha256 for d in parts}) == 1  # that of the file
    for document in parts:
        for section in document.sections:
            assert document.text[section.start :].startswith(section.label)
        assert document.source_offset(0) == text.index(document.text[:12])
    assert not any(notice.code == "above-the-parts" for d in parts for notice in d.notices)


def test_what_stands_above_the_parts_is_told_once() -> None:
    above = "岳阳市 政策汇编"
    parts = _parts(f"{above}\n\n{documents(LISTED)}")
    told = [[n.message for n in d.notices if n.code == "above-the-parts"] for d in parts]
    assert [len(messages) for messages in told] == [1, 0, 0]
    assert "“岳阳市政策汇编”" in told[0][0]


def test_a_file_with_one_document_is_that() -> None:
    (document,) = _parts(made_up.PLAN)
    assert document == read(made_up.PLAN, "汇编.txt")
