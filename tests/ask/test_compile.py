"""What a compiled query finds is what the documents' own facts say: each constraint beside a loop over the catalogue."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from kg.ask.compile import compile_form
from kg.ask.form import Form, Needle
from kg.ask.library import Library
from kg.ask.session import Rows, form_to_rows
from kg.core.model import Activity, Document, Party, Role

QINGPU, PUDONG = "上海市青浦区", "上海市浦东新区"
OFFICE, BUREAU = "青浦区质量工作领导小组办公室", "青浦区市场监督管理局"
OUTLINE = "质量强国建设纲要"


@pytest.fixture(scope="module")
def library(context) -> Library:
    return Library(context)


@pytest.fixture(scope="module")
def documents(library) -> list[Document]:
    return [library.document(doc.id) for doc in library.lexicon.documents]


def titles(found: Rows | Iterable[Document]) -> set[str]:
    return {str(r["document"]) for r in found.rows} if isinstance(found, Rows) else {d.title for d in found}


def activities(found: Rows) -> set[tuple[str, str]]:
    return {(str(row["document"]), str(row["activity"])) for row in found.rows}


def every_activity(documents: list[Document]) -> list[tuple[Document, Activity]]:
    return [(document, activity) for document in documents for activity in document.activities]


def names(parties: Iterable[Party]) -> set[str]:
    return {party.name for party in parties}


def inside(place: str | None, outer: str) -> bool:
    return bool(place and place.startswith(outer))


# -- documents and their heads -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["document", "header"])
@pytest.mark.parametrize(
    ("form", "fits"),
    [
        ({"years": (2024,)}, lambda d: d.year == 2024),
        ({"years": (2019, 2022)}, lambda d: d.year in (2019, 2022)),
        ({"months": ("2024-09",)}, lambda d: (d.date or "").startswith("2024-09")),
        ({"months": ("2024-07", "2024-09")}, lambda d: d.date is not None),
        ({"places": (QINGPU,)}, lambda d: d.region_qualified == QINGPU),
        ({"kinds": ("通报",)}, lambda d: d.kind == "通报"),
        ({"kinds": ("方案",)}, lambda d: "方案" in d.title),  # a notice that sends one out
        ({"needles": (Needle(("浦东",)),)}, lambda d: "浦东" in d.title),
        ({"needles": (Needle(("浦东", "青浦")), Needle(("印发",)))}, lambda d: "青浦" in d.title),
    ],
)
def test_documents_are_those_whose_head_fits(target, form, fits, library, documents):
    expected = titles(document for document in documents if fits(document))
    assert expected
    assert titles(form_to_rows(Form(target, **form), library)) == expected


def test_a_document_is_found_by_its_title(library, documents):
    for document in documents:
        for target in ("document", "header"):
            assert titles(form_to_rows(Form(target, titles=(document.title,)), library)) == {document.title}


def test_a_wider_place_holds_the_documents_of_those_inside(library, documents):
    found = form_to_rows(Form("document", places=("上海市",)), library)
    assert titles(found) == titles(d for d in documents if inside(d.region_qualified, "上海市"))
    assert titles(form_to_rows(Form("header", places=("上海市",)), library)) == titles(
        d for d in documents if d.region_qualified == "上海市"
    )


def test_documents_are_told_with_number_kind_and_date(library, documents):
    found = form_to_rows(Form("document", years=(2024,)), library).rows
    expected = {(d.title, d.doc_number, d.kind, d.date) for d in documents if d.year == 2024}
    assert {(row["document"], row["number"], row["kind"], row["date"]) for row in found} == expected


def test_documents_of_a_body_are_those_that_it_issued_or_that_charge_it(library, documents):
    for name in (OFFICE, "浦东新区市场监督管理局", BUREAU):
        expected = titles(
            d for d in documents if name in names(d.issuers) or any(name in names(a.responsible) for a in d.activities)
        )
        assert expected
        assert titles(form_to_rows(Form("document", bodies=((name,),)), library)) == expected


def test_the_head_of_a_document_is_told_field_by_field(library, documents):
    (document,) = [d for d in documents if d.region_qualified == QINGPU]
    (row,) = form_to_rows(Form("header", places=(QINGPU,)), library).rows
    assert (row["number"], row["sort"], row["year"]) == (document.doc_number, document.kind, document.year)
    assert (row["date"], row["printed"]) == (document.date, document.printed_date)
    assert (row["audience"], row["theme"], row["issuer"]) == (document.recipients, document.theme, OFFICE)
    (other,) = form_to_rows(Form("header", places=(PUDONG,)), library).rows
    assert other["period"] == "2024-09-01/2024-09-30"


@pytest.mark.parametrize(
    ("form", "places"),
    [
        ({"level": ("区",)}, {"浦东新区", "青浦区"}),
        ({"level": ("区",), "ends": ("新区",)}, {"浦东新区"}),
        ({"ends": ("新区", "市")}, {"浦东新区", "上海市"}),
        ({"places": ("上海市",)}, {"上海市", "浦东新区", "青浦区"}),
        ({"apart": (QINGPU, "全国")}, {"上海市", "浦东新区"}),
        ({"months": ("2024-07",)}, {"全国"}),
        ({"needles": (Needle(("印发",)),)}, {"青浦区"}),
    ],
)
def test_places_that_issued_are_told_by_level_end_and_whole(form, places, library, documents):
    found = form_to_rows(Form("region", **form), library).rows
    assert {row["place"] for row in found} == places
    dates = {document.title: document.date for document in documents}
    assert all(row["date"] == dates[str(row["document"])] for row in found)


# -- what is cited -----------------------------------------------------------------------------------------------------


def cited(document: Document) -> set[str]:
    return {r.alias_of or r.title or r.number or "" for r in document.policy_references}


def test_documents_that_cite_a_policy(library, documents):
    policy = library.iris.policy(title=OUTLINE)
    expected = titles(d for d in documents if OUTLINE in cited(d))
    assert expected
    assert titles(form_to_rows(Form("document", policy=policy), library)) == expected
    found = form_to_rows(Form("reference", policy=policy), library)
    assert titles(found) == expected
    assert {row["policy"] for row in found.rows} == {OUTLINE}


def test_what_an_issuers_documents_cite(library, documents):
    (document,) = [d for d in documents if OFFICE in names(d.issuers)]
    for form in (Form("reference", issuers=(OFFICE,)), Form("reference", places=(QINGPU,))):
        found = form_to_rows(form, library)
        assert titles(found) == {document.title}
        assert {row["policy"] or row["policy_number"] for row in found.rows} == cited(document)


def test_what_documents_with_a_word_in_their_title_cite(library, documents):
    found = form_to_rows(Form("reference", needles=(Needle(("印发",)),)), library)
    assert titles(found) == titles(d for d in documents if "印发" in d.title and d.policy_references)
    assert titles(form_to_rows(Form("reference", years=(2022,)), library)) == titles(
        d for d in documents if d.year == 2022 and d.policy_references
    )


def test_policies_of_a_maker(library):
    made = {row["policy"] for row in form_to_rows(Form("reference", bodies=(("中共中央", "国务院"),)), library).rows}
    every = form_to_rows(Form("reference"), library).rows
    assert made == {row["policy"] for row in every if row["policy_issuer"] in ("中共中央", "国务院")}
    assert OUTLINE in made
    assert len(made) < len({row["policy"] for row in every})


# -- activities, bodies, places ----------------------------------------------------------------------------------------


def test_activities_of_a_body_of_a_year_and_alone(library, documents):
    alone = set()
    for document, activity in every_activity(documents):
        if activity.responsible and names(activity.responsible) == {OFFICE}:
            alone.add((document.title, activity.title))
    assert alone
    assert activities(form_to_rows(Form("activity", bodies=((OFFICE,),), only=True), library)) == alone
    found = form_to_rows(Form("activity", bodies=((OFFICE,),)), library)
    charged = {(d.title, a.title) for d, a in every_activity(documents) if OFFICE in names(a.responsible)}
    assert activities(found) == charged
    assert charged > alone
    assert {row["asked"] for row in found.rows} == {OFFICE}
    assert not form_to_rows(Form("activity", bodies=((OFFICE,),), years=(2019,)), library).rows


def test_activities_of_two_bodies_together(library, documents):
    def both(found: Iterable[str]) -> set[tuple[str, str]]:
        return {(d.title, a.title) for d, a in every_activity(documents) if set(found) <= names(a.responsible)}

    pair = next(sorted(names(a.responsible))[:2] for _, a in every_activity(documents) if len(names(a.responsible)) > 1)
    either = form_to_rows(Form("activity", bodies=tuple((name,) for name in pair)), library)
    joint = form_to_rows(Form("activity", bodies=tuple((name,) for name in pair), joint=True), library)
    assert both(pair) <= activities(joint) <= activities(either)
    assert activities(joint)
    assert {name for name in pair if both([name]) - both(pair)} == set() or activities(joint) < activities(either)


def test_activities_that_charge_nobody(library, documents):
    found = activities(form_to_rows(Form("activity", none=True, years=(2024,)), library))
    nobody = {
        (d.title, a.title)
        for d, a in every_activity(documents)
        if d.year == 2024 and not a.responsible and a.parent is None
    }
    assert found == nobody
    assert found


@pytest.mark.parametrize("within", ["title", "near", "words"])
@pytest.mark.parametrize("word", ["标准", "浦东"])
def test_words_stand_in_the_title_near_it_or_in_the_words(word, within, library, documents):
    found = activities(form_to_rows(Form("activity", needles=(Needle((word,)),), within=within), library))
    in_titles = {(d.title, a.title) for d, a in every_activity(documents) if word in a.title}
    in_words = {(d.title, a.title) for d, a in every_activity(documents) if word in a.evidence.quote}
    near = {(d.title, a.title) for d, a in every_activity(documents) if word in f"{a.title}{a.section}{d.title}"}
    assert in_titles < in_words if word == "标准" else in_titles < near
    assert found == {"title": in_titles, "near": near, "words": near | in_words}[within]


def test_activities_of_a_series_and_by_number(library, documents):
    form = Form("activity", series=("质量开放日",), years=(2024,))
    expected = {(d.title, a.title) for d, a in every_activity(documents) if a.series == "质量开放日" and d.year == 2024}
    assert activities(form_to_rows(form, library)) == expected
    numbered = form_to_rows(Form("activity", items=("3",), places=(QINGPU,)), library)
    assert {row["item"] for row in numbered.rows} == {"3"}


def test_bodies_are_told_with_their_part(library, documents):
    led = {
        (d.title, p.name)
        for d, a in every_activity(documents)
        for p in a.responsible
        if p.role is Role.LEAD and d.year == 2019
    }
    found = form_to_rows(Form("body", years=(2019,), role="lead"), library).rows
    assert {(row["document"], row["body"]) for row in found} == led
    assert led
    every = form_to_rows(Form("body", years=(2019,)), library).rows
    assert {row["body"] for row in every if row["role"] == "牵头"} == {body for _, body in led}
    helped = form_to_rows(Form("body", years=(2019,), role="co"), library).rows
    assert {row["body"] for row in helped} == {row["body"] for row in every if row["role"] == "配合"}


def test_bodies_of_an_issuers_document_but_one(library, documents):
    found = form_to_rows(Form("body", issuers=(OFFICE,)), library)
    assert titles(found) == titles(d for d in documents if OFFICE in names(d.issuers))
    every = {row["body"] for row in found.rows}
    rest = {row["body"] for row in form_to_rows(Form("body", issuers=(OFFICE,), apart=(BUREAU,)), library).rows}
    assert every - rest == {BUREAU}


def test_places_of_an_activity_by_level_and_without_one(library):
    series = {"series": ("质量开放日",), "years": (2024,)}
    every = {row["place"] for row in form_to_rows(Form("place", **series), library).rows}
    districts = {row["place"] for row in form_to_rows(Form("place", level=("区",), **series), library).rows}
    assert {"青浦区", "浦东新区"} <= districts <= every
    rest = {row["place"] for row in form_to_rows(Form("place", apart=(QINGPU,), **series), library).rows}
    assert every - rest == {"青浦区"}


def test_places_that_act_together(library, documents):
    found = form_to_rows(Form("activity", partners=(QINGPU, "江苏省苏州市吴江区")), library)
    assert found.rows
    for title, name in activities(found):
        own = [a for d, a in every_activity(documents) if (d.title, a.title) == (title, name)]
        places = {party.place for activity in own for party in activity.responsible}
        assert {QINGPU, "江苏省苏州市吴江区"} <= places, name


# -- facts of any kind, and the words behind them ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "fits"),
    [
        ({}, lambda d, f: True),
        ({"years": (2022,)}, lambda d, f: d.year == 2022),
        ({"places": ("上海市",)}, lambda d, f: d.region_qualified == "上海市"),
        ({"kinds": ("通报",)}, lambda d, f: d.kind == "通报"),
        ({"needles": (Needle(("企业",)),)}, lambda d, f: "企业" in f.what + f.unit + f.evidence.quote + d.title),
    ],
)
def test_facts_are_those_that_the_documents_hold(form, fits, library, documents):
    found = form_to_rows(Form("fact", fact="figure", **form), library)
    expected = {(d.title, f.what, f.value) for d in documents for f in d.figures if fits(d, f)}
    assert {(row["document"], row["f_what"], float(str(row["f_value"]))) for row in found.rows} == expected
    assert expected


def test_a_choice_is_told_by_its_word(library, documents):
    found = form_to_rows(Form("fact", fact="figure"), library).rows
    words = {"target": "目标", "achieved": "实际", None: None}
    expected = {(f.what, words[f.status]) for d in documents for f in d.figures}
    assert {(row["f_what"], row["f_status"]) for row in found} == expected


@pytest.mark.parametrize(
    "form",
    [
        Form("fact", fact="deadline"),
        Form("activity", series=("质量开放日",)),
        Form("body", years=(2019,), role="lead"),
        Form("reference", places=(QINGPU,)),
        Form("place", series=("质量开放日",)),
        Form("document", bodies=((OFFICE,),)),
    ],
)
def test_every_row_has_words_in_its_own_document(form, library):
    found = form_to_rows(form, library)
    assert found.spans
    held = {document_id: library.document(document_id) for _, (document_id, _, _) in found.spans}
    for row, (document_id, start, end) in found.spans:
        document = held[document_id]
        assert row["document"] == document.title
        assert 0 <= start < end <= len(document.text)
    told = {tuple(row.values()) for row, _ in found.spans}
    assert told == {tuple(fact.values()) for fact in found.facts}
    assert found.places_of() == sorted({place for _, place in found.spans})


def test_rows_are_shown_under_labels_without_what_tells_them_apart(library):
    found = form_to_rows(Form("fact", fact="deadline", places=(QINGPU,)), library)
    columns, rows = found.labelled()
    assert columns == ["事项", "截止日期", "报送对象", "文件"]
    assert [list(row) for row in rows] == [columns] * len(rows)
    assert "source" in found.facts[0]
    assert "source" not in found.rows[0]


def test_rows_stand_in_the_order_of_the_text(library):
    starts = [place[1] for _, place in form_to_rows(Form("fact", fact="figure", years=(2022,)), library).spans]
    assert len(starts) > 1
    assert starts == sorted(starts)
    rows = form_to_rows(Form("document"), library).rows
    dates = [str(row["date"]) for row in rows if row["date"]]
    assert dates == sorted(dates)


def test_a_word_with_quotes_stays_a_word(library):
    query = compile_form(Form("document", needles=(Needle(('a") } DROP ALL',)),), titles=('b"\\n',)), library.iris).text
    assert '"a\\") } DROP ALL"' in query
    assert '"b\\"\\\\n"@zh' in query
