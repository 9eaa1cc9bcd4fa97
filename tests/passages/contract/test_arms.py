"""What search must find, whichever engine keeps the passages: one suite on files of this machine and on seekdb."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from kg.catalogue import Catalogue
from kg.core.ids import document_id
from kg.core.model import AgencyEntry, Article, Document, Level
from kg.passages.chunk import document_to_passages
from kg.passages.facets import Filters
from kg.passages.query import Query, text_to_query
from kg.passages.search import PassageSearch
from kg.passages.wordings import Wordings

TEXTS = {
    "青浦区质量月方案": "各街道：\n1\t举办质量开放日活动\t市场监管局\n2\t开放实验室\t市场监管局\n3\t消费维权宣传 50%_a\t消保委\n",
    "浦东新区质量月方案": "各镇：\n1\t组织企业参加首席质量官培训\t市场监管局\n2\t电梯安全检查\t市场监管局\n",
    "上海市质量通报": "根据青质办〔2024〕72号和《质量强国建设纲要》，通报如下。\n各区举办质量开放日多场，检查电梯八百台。\n",
    "海城市电梯条例": "第一条 为了加强电梯安全管理，制定本条例。\n第二条 使用单位应当每月检查电梯。\n第三条 违者罚款一千元。\n",
}
FACTS = {
    "青浦区质量月方案": {"year": 2024, "region_qualified": "上海市青浦区", "region": "青浦区", "level": Level.DISTRICT,
                  "kind": "方案", "doc_number": "青质办〔2024〕72号", "date": "2024-08-20"},
    "浦东新区质量月方案": {"year": 2024, "region_qualified": "上海市浦东新区", "region": "浦东新区", "level": Level.DISTRICT,
                   "kind": "方案", "date": "2024-09-02"},
    "上海市质量通报": {"year": 2022, "region_qualified": "上海市", "region": "上海市", "level": Level.CITY, "kind": "通报"},
    "海城市电梯条例": {"year": 2021, "kind": "条例", "date": "2021-05-01"},
}  # fmt: skip


def _document(name: str, text: str | None = None) -> Document:
    said = text or TEXTS[name]
    bodies = (AgencyEntry("上海市市场监督管理局", "政府部门", None, ("市场监管局",)),) if "局" in said else ()
    articles = tuple(
        Article(number="一二三".index(label[1]) + 1, label=label, start=said.index(label), end=len(said))
        for label in ("第一条", "第二条", "第三条")
        if label in said
    )
    return Document(
        document_id(name), name, hashlib.sha256(said.encode()).hexdigest(), said, title=name, agencies=bodies,
        articles=articles, **FACTS[name],
    )  # fmt: skip


def _put(catalogue: Catalogue, document: Document) -> None:
    catalogue.put_document(document, document_to_passages(document), steps={})


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    with Catalogue.open(tmp_path_factory.mktemp("catalogue") / "catalogue.sqlite") as opened:
        for name in TEXTS:
            _put(opened, _document(name))
        yield opened


@pytest.fixture(scope="module")
def search(catalogue: Catalogue, engine, tmp_path_factory: pytest.TempPathFactory) -> PassageSearch:
    return engine.build(catalogue, tmp_path_factory.mktemp("g1"))


def names(search: PassageSearch, query: str, filters: Filters | None = None, *, arm: str = "hybrid") -> set[str]:
    """Of which documents passages are found."""
    found = search.rank_ids(query, top=50, filters=filters or Filters(), arm=arm)
    return {name for name in TEXTS if any(ident.startswith(document_id(name)) for ident in found)}


def test_the_passage_that_says_it_comes_first(search: PassageSearch) -> None:
    hit = search.search("首席质量官培训")[0]
    assert hit.document_id == document_id("浦东新区质量月方案")
    assert "首席质量官" in hit.text
    for arm in ("lexical", "vector"):
        assert search.rank_ids("首席质量官培训", top=1, arm=arm)[0] == hit.passage_id


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        (Filters(year=2022), {"上海市质量通报"}),
        (Filters(place="上海市"), {"青浦区质量月方案", "浦东新区质量月方案", "上海市质量通报"}),
        (Filters(place="青浦"), {"青浦区质量月方案"}),
        (Filters(place="浦"), set()),
        (Filters(place="上海市", year=2024), {"青浦区质量月方案", "浦东新区质量月方案"}),
        (Filters(level="区"), {"青浦区质量月方案", "浦东新区质量月方案"}),
        (Filters(kind="条例"), {"海城市电梯条例"}),
        (Filters(agency="上海市市场监督管理局"), {"青浦区质量月方案", "浦东新区质量月方案"}),
        (Filters(since="2024-08-21"), {"浦东新区质量月方案"}),
        (Filters(until="2024-08-20"), {"青浦区质量月方案", "海城市电梯条例"}),
        (Filters(document_id=document_id("上海市质量通报")), {"上海市质量通报"}),
        (Filters(kind="方%"), set()),
        (Filters(kind="方_"), set()),
        (Filters(kind="' OR 1=1 -- "), set()),
    ],
)  # fmt: skip
@pytest.mark.parametrize("arm", ["lexical", "vector", "hybrid"])
def test_every_arm_finds_under_filters(search: PassageSearch, filters: Filters, wanted: set[str], arm: str) -> None:
    assert names(search, "质量 电梯 管理 检查 活动", filters, arm=arm) == wanted


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("“质量开放日”", {"青浦区质量月方案", "上海市质量通报"}),
        ("“开放日活动”", {"青浦区质量月方案"}),
        ("“日开放”", set()),
        ("“质量 开放”", set()),
        ("“市场监管局”", {"青浦区质量月方案", "浦东新区质量月方案"}),
        ("电梯 -条例", {"浦东新区质量月方案", "上海市质量通报"}),
        ("标题：质量月 活动", {"青浦区质量月方案"}),
        ("标题：方案 -首席 活动 电梯", {"青浦区质量月方案", "浦东新区质量月方案"}),
        ("罚 -活动", {"海城市电梯条例"}),
    ],
)
def test_conditions_on_words(search: PassageSearch, query: str, wanted: set[str]) -> None:
    assert names(search, query, arm="lexical") == wanted
    assert names(search, query) == wanted


def test_an_exclusion_holds_for_every_passage(search: PassageSearch) -> None:
    for arm in ("lexical", "vector", "hybrid"):
        found = search.search("质量 -开放日", top=50, arm=arm, fold=False)
        assert len(found) == 6
        assert not [hit.text for hit in found if "开放日" in hit.text]


def test_a_number_and_a_title_and_an_article_come_first(search: PassageSearch) -> None:
    assert search.search("青质办〔2024〕72号")[0].document_id == document_id("青浦区质量月方案")
    assert "纲要" in search.search("《质量强国建设纲要》")[0].text
    assert "每月检查" in search.search("海城市电梯条例第二条")[0].text
    assert "制定本条例" in search.search("电梯条例第一条", filters=Filters(year=2021))[0].text


@pytest.mark.parametrize("query", ["罚", "月", "梯"])
def test_a_single_character_is_found_inside_words(search: PassageSearch, query: str) -> None:
    found = search.search(query, arm="lexical")
    assert found
    assert all(query in hit.text or query in name for hit in found for name in _names_of(hit.document_id))


def _names_of(ident: str) -> list[str]:
    return [name for name in TEXTS if document_id(name) == ident]


def test_nothing_is_found_for_what_nobody_says(search: PassageSearch) -> None:
    assert search.search("鎏金", arm="lexical") == []
    assert search.search("", arm="lexical") == []


@pytest.mark.parametrize("query", ["50%_a", "50'; DROP TABLE x; --", "质量\\", "%", '+质量 -"', "¦", "😀", "a\0b"])
def test_odd_signs_are_only_text(search: PassageSearch, query: str) -> None:
    search.search(query)
    search.facets(query)
    assert search.literal_count("消费维权宣传") == 1


@pytest.mark.parametrize(
    ("query", "count"),
    [("质量开放日", 2), ("举办 质量", 2), ("电梯 检查", 3), ("没有的词", 0), ("检 电", 3), ("罚", 1)],
)
def test_words_are_counted_wherever_they_stand(search: PassageSearch, query: str, count: int) -> None:
    assert search.literal_count(query) == count


def test_facets_count_passages(search: PassageSearch) -> None:
    found = search.facets("质量开放日")
    assert found["year"] == {"2022": 1, "2024": 1}
    assert found["place"] == {"上海市": 1, "青浦区": 1}
    assert found["kind"] == {"方案": 1, "通报": 1}
    assert found["agency"] == {"上海市市场监督管理局": 1}
    assert search.facets("质量开放日", filters=Filters(year=2022))["kind"] == {"通报": 1}
    assert sum(search.facets("怎样管理电梯才算是好的")["year"].values()) > 0


def test_how_frequent_a_term_is(search: PassageSearch, catalogue: Catalogue) -> None:
    text = search._fulltext
    assert len(text) == catalogue.passage_count()
    assert text.frequency("开放") == 3
    assert text.frequency("没有") == 0
    assert text.frequency("开（") == text.frequency("放）的") == 0, "no terms, though they hold some"
    assert text.weight("没有") > text.weight("首席") > text.weight("质量") > 0


def test_similar_passages_and_documents(search: PassageSearch) -> None:
    own = document_id("青浦区质量月方案")
    assert search.similar("举办质量开放日活动", apart_from=own)[0].document_id == document_id("上海市质量通报")
    near = search.similar_documents(own, top=3)
    assert near[0][0] == document_id("浦东新区质量月方案")
    assert len(near) == 3


def test_the_arms_give_scores_in_order_and_no_more_than_asked(search: PassageSearch) -> None:
    query = text_to_query("质量开放日活动", Wordings())
    assert search.vectors is not None
    for found in (search._fulltext.search(query, top=3), search.vectors.search(query.text, top=3)):
        assert 0 < len(found) <= 3
        assert len(set(found.keys.tolist())) == len(found)
        assert (np.diff(found.scores) <= 0).all()
    cosines = search.vectors.search("举办质量开放日", top=50).scores
    assert (np.abs(cosines) <= 1.001).all()


def test_other_wordings_count_half(search: PassageSearch) -> None:
    from kg.passages.query import Alternative

    text = search._fulltext
    plain = text.search(Query("培训", "培训"), top=20)
    both = text.search(Query("培训", "培训", alternatives=(Alternative("培训", ("维权",)),)), top=20)
    alone = text.search(Query("维权", "维权"), top=20)
    scores = dict(zip(both.keys.tolist(), both.scores.tolist(), strict=True))
    assert set(scores) == {*plain.keys.tolist(), *alone.keys.tolist()}
    for key, score in zip(alone.keys.tolist(), alone.scores.tolist(), strict=True):
        assert scores[key] == pytest.approx(score / 2, rel=1e-3)


def test_several_ask_at_once(search: PassageSearch) -> None:
    asked = ["质量开放日", "电梯检查", "“市场监管局”", "首席质量官培训", "罚款一千元"] * 6
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda query: search.rank_ids(query, top=9), asked))
    assert found == [search.rank_ids(query, top=9) for query in asked]


def test_what_changes_is_seen_by_the_next_state_only(apart, tmp_path: Path) -> None:
    with Catalogue.open(tmp_path / "catalogue.sqlite") as catalogue:
        for name in TEXTS:
            _put(catalogue, _document(name))
        first = apart.build(catalogue, tmp_path / "g1")
        asked = [(query, arm) for query in ("电梯检查", "罚款", "质量开放日") for arm in ("lexical", "vector")]
        before = {(query, arm): sorted(first.rank_ids(query, top=50, arm=arm)) for query, arm in asked}
        assert names(first, "桥梁养护", arm="lexical") == set()
        changed, removed = document_id("海城市电梯条例"), document_id("上海市质量通报")
        _put(catalogue, _document("海城市电梯条例", "第一条 桥梁养护按月进行。\n第二条 电梯另行规定。\n"))
        catalogue.remove_document(removed)
        second = apart.build(catalogue, tmp_path / "g2", tmp_path / "g1", frozenset([changed]), frozenset([removed]))
        assert names(second, "桥梁养护", arm="lexical") == {"海城市电梯条例"}
        assert second.search("桥梁养护", arm="vector")[0].document_id == changed
        assert names(second, "罚款", arm="lexical") == set()
        assert not any(
            removed in ident for arm in ("lexical", "vector") for ident in second.rank_ids("电梯", top=50, arm=arm)
        )
        assert not [ident for ident, _ in second.similar_documents(changed, top=9) if ident == removed]
        # OceanBase's BM25 knows one count of passages for all states of a table: the order may differ, not what is found
        assert {(query, arm): sorted(first.rank_ids(query, top=50, arm=arm)) for query, arm in asked} == before
        _put(catalogue, _document("海城市电梯条例"))
        third = apart.build(catalogue, tmp_path / "g3", tmp_path / "g2", frozenset([changed]))
        assert names(third, "桥梁养护", arm="lexical") == set()
        assert names(third, "罚款", arm="lexical") == {"海城市电梯条例"}


def test_built_in_steps_or_at_once_it_is_the_same(apart, tmp_path: Path) -> None:
    from kg.passages.held import Held

    with Catalogue.open(tmp_path / "catalogue.sqlite") as catalogue:
        folder = None
        for number, name in enumerate(TEXTS):
            _put(catalogue, _document(name))
            target = tmp_path / f"g{number}"
            stepwise = apart.build(catalogue, target, folder, frozenset([document_id(name)]))
            folder = target
        whole = apart.build(catalogue, tmp_path / "whole", held=_held(tmp_path / "g3"))
        assert Held.open(tmp_path / "whole").numbers.tolist() == Held.open(tmp_path / "g3").numbers.tolist()
        for query in ("质量开放日", "电梯检查", "首席质量官", "海城市电梯条例第二条"):
            for arm in ("lexical", "vector", "hybrid"):
                found, wanted = (each.rank(query, top=50, arm=arm) for each in (stepwise, whole))
                assert sorted(found.keys.tolist()) == sorted(wanted.keys.tolist())
                assert found.keys[0] == wanted.keys[0]
            cosines = [each.rank(query, top=50, arm="vector").scores for each in (stepwise, whole)]
            np.testing.assert_allclose(*cosines, atol=1e-5)
        assert stepwise.similar_documents(document_id("青浦区质量月方案"), top=3)[0][0] == document_id(
            "浦东新区质量月方案"
        )


def _held(folder: Path) -> tuple:
    from kg.passages.oceanbase.tables import state_of
    from kg.passages.vector_arm import read_card

    state = state_of(read_card(folder))
    return (state,) if state else ()
