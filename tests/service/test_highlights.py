"""What a document names, where it stands."""

from __future__ import annotations

from kg.core.model import Activity, AgencyEntry, Document, Evidence, Figure, Place, PolicyReference, Status
from kg.service.highlights import KINDS, highlights
from ontology.reference import SeriesRecord

TEXT = "落实《乙区琴馆条例》，2031年9月1日起，乙区文化局会同各街道举办“民乐开放日”活动30余场。甲丙文化局参加。"


def words(quote: str) -> Evidence:
    return Evidence(quote, TEXT.index(quote), TEXT.index(quote) + len(quote))


DOCUMENT = Document(
    id="d-1",
    source="/a.txt",
    sha256="0",
    text=TEXT,
    year=2031,
    agencies=(
        AgencyEntry("乙区文化局", "政府部门", "某市乙区", ("乙区文化局", "乙区")),
        AgencyEntry("甲县文化局", "政府部门", "某市甲县", ("甲丙文化局",)),
        AgencyEntry("丙县文化局", "政府部门", "某市丙县", ("甲丙文化局",)),
        AgencyEntry("乙区各街道", "集体", "某市乙区", ("各街道",), members=tuple("一二三四五六")),
    ),
    places=(Place("乙区", "某市乙区", "310000", ("乙区",)),),
    policy_references=(
        PolicyReference("《乙区琴馆条例》", words("《乙区琴馆条例》"), title="乙区琴馆条例", relation="贯彻落实"),
    ),
    figures=(Figure("活动", 30, "场", words("活动30余场"), "30余场", qualifier="余"),),
    activities=(
        Activity("a1", "举办民乐开放日", Status.PLANNED, words("举办“民乐开放日”活动30余场"), series="民乐开放日"),
    ),
)
SERIES = (SeriesRecord("民乐开放日", (), ("民乐开放[日周]”?活动",), None),)


def found(document: Document = DOCUMENT, held: str | None = None) -> dict[str, list[tuple[str, str]]]:
    shown = highlights(document, held=lambda _: held, series=SERIES)
    by_kind: dict[str, list[tuple[str, str]]] = {kind: [] for kind in KINDS}
    for start, end, number in shown["spans"]:
        thing = shown["things"][number]
        by_kind[thing["kind"]].append((document.text[start:end], thing["name"]))
    return by_kind


def test_each_type_is_found_where_it_is_written():
    assert found() == {
        "policy": [("《乙区琴馆条例》", "乙区琴馆条例")],
        "date": [("2031年9月1日", "2031年9月1日")],
        "figure": [("30余场", "活动")],
        "agency": [("乙区文化局", "乙区文化局"), ("各街道", "乙区各街道"), ("甲丙文化局", "甲丙文化局")],
        "place": [],
        "series": [("“民乐开放日”活动", "民乐开放日")],
    }


def test_spans_ascend_and_do_not_overlap():
    spans = highlights(DOCUMENT, held=lambda _: None, series=())["spans"]
    assert len(spans) > 4
    assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:], strict=False))


def test_a_form_that_two_bodies_share_says_which():
    things = {thing["name"]: thing for thing in highlights(DOCUMENT, held=lambda _: None, series=())["things"]}
    assert things["甲丙文化局"]["details"] == [["包括", "甲县文化局、丙县文化局"]]
    assert things["乙区各街道"]["details"][-1] == ["成员", "6 个：一、二、三、四、五等"]


def test_a_policy_whose_text_is_held_leads_there():
    shown = highlights(DOCUMENT, held=lambda _: "d-9", series=())["things"][0]
    assert (shown["document_id"], ["正文", "已入库"] in shown["details"]) == ("d-9", True)


def test_a_text_without_anything_has_no_highlights():
    empty = Document(id="d-2", source="/b", sha256="0", text="某某")
    assert highlights(empty, held=lambda _: None, series=())["spans"] == []
