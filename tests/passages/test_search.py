"""Search over small generations: filters, quotes, exact hits, folding, incremental builds."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kg.catalogue import Catalogue
from kg.core.errors import EnvironmentProblem
from kg.core.ids import document_id
from kg.core.model import Activity, AgencyEntry, Article, Document, Evidence, Level, Status
from kg.core.numerals import number_to_chinese
from kg.passages.chunk import document_to_passages
from kg.passages.embedding import vectors_of
from kg.passages.facets import Filters, passage_to_facets
from kg.passages.projection import build_passage_indexes
from kg.passages.query import Query
from kg.passages.ranking import Scores
from kg.passages.search import PassageSearch
from kg.passages.signs import PLAIN, TAUGHT, Signs, Weights, text_scores
from kg.passages.tokens import terms
from kg.passages.vector_arm import open_vector_arm

ASKED = "青浦区的质量开放日由市场监管局举办"
BOILERPLATE = (
    "以习近平新时代中国特色社会主义思想为指导，全面贯彻党的二十大精神，扎实推进质量强国建设，增强全民质量意识。"
)


def _document(name: str, text: str, *, year: int, region: str, level: Level, number: str | None = None) -> Document:
    return Document(
        document_id(name),
        name,
        hashlib.sha256(text.encode()).hexdigest(),
        text,
        title=f"{name}质量月活动方案",
        doc_number=number,
        year=year,
        region_qualified=region,
        level=level,
        kind="方案",
    )


def _documents() -> list[Document]:
    line = "\t开放实验室\t市场监管局\n"
    return [
        _document("青浦区2024年", f"{BOILERPLATE}\n1\t举办质量开放日\t市场监管局\n2{line}3\t消费维权宣传\t消保委\n",
                  year=2024, region="上海市青浦区", level=Level.DISTRICT, number="青质办〔2024〕72号"),
        _document("浦东新区2024年", f"{BOILERPLATE}\n1\t组织企业参加首席质量官培训\t市场监管局\n",
                  year=2024, region="上海市浦东新区", level=Level.DISTRICT),
        _document("上海市2022年", "根据青质办〔2024〕72号和《质量强国建设纲要》，通报如下。\n各区举办质量开放日多场。",
                  year=2022, region="上海市", level=Level.CITY),
    ]  # fmt: skip


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue.open(tmp_path / "catalogue.sqlite") as opened:
        for document in _documents():
            opened.put_document(document, document_to_passages(document), steps={})
        yield opened


def _build(
    catalogue: Catalogue,
    target: Path,
    previous: Path | None = None,
    changed: tuple[str, ...] = (),
    removed: tuple[str, ...] = (),
    setting: str = "default",
) -> PassageSearch:
    manifest = build_passage_indexes(
        target,
        previous=previous,
        catalogue=catalogue,
        changed=frozenset(changed),
        removed=frozenset(removed),
        embedder_setting=setting,
    )
    assert manifest["passages"] == sum(1 for _ in catalogue.passages())
    return PassageSearch.open(target, catalogue, setting)


@pytest.fixture
def search(catalogue: Catalogue, tmp_path: Path) -> PassageSearch:
    return _build(catalogue, tmp_path / "g1")


def test_the_passage_that_says_it_comes_first(search: PassageSearch) -> None:
    hit = search.search("首席质量官培训")[0]
    assert "首席质量官" in hit.text
    assert [hit.text[a:b] for a, b in hit.highlights] == ["首席质量官培训"]
    assert hit.document_id == document_id("浦东新区2024年")
    scores = [h.score for h in search.search("质量开放日")]
    assert scores == sorted(scores, reverse=True)


def test_a_model_that_questions_taught_is_believed_more(search: PassageSearch, monkeypatch: pytest.MonkeyPatch) -> None:
    used = []

    def noted(signs: Signs, weights: Weights) -> Scores:
        used.append(weights)
        return text_scores(signs, weights)

    monkeypatch.setattr("kg.passages.search.text_scores", noted)
    search.rank("首席质量官培训", top=3)
    arm: Any = search.vectors
    arm.embedder = arm.embedder.with_table(None)
    search.rank("首席质量官培训", top=3)
    assert used == [TAUGHT, PLAIN]


@pytest.mark.parametrize(
    ("filters", "documents"),
    [
        (Filters(year=2022), {"上海市2022年"}),
        (Filters(place="上海市"), {"青浦区2024年", "浦东新区2024年", "上海市2022年"}),
        (Filters(place="青浦"), {"青浦区2024年"}),
        (Filters(place="上海市浦东新区", year=2024), {"浦东新区2024年"}),
        (Filters(level="区"), {"青浦区2024年", "浦东新区2024年"}),
        (Filters(kind="通知"), set()),
        (Filters(place="上海市", year=2019), set()),
    ],
)
@pytest.mark.parametrize("arm", ["hybrid", "lexical", "vector"])
def test_filters_act_inside_the_search(search: PassageSearch, filters: Filters, documents: set[str], arm: str) -> None:
    """Though the best passages of the whole set are elsewhere."""
    hits = search.search("质量开放日", filters=filters, top=50, fold=False, arm=arm)  # type: ignore[arg-type]
    assert {hit.document_id for hit in hits} == {document_id(name) for name in documents}


def test_a_document_number_finds_its_own_document_then_those_that_cite_it(search: PassageSearch) -> None:
    hits = search.search("青质办[2024]72号", fold=False)
    own = document_id("青浦区2024年")
    tail = [hit.document_id for hit in hits]
    count = tail.count(own)
    assert tail[:count] == [own] * count
    assert "青质办〔2024〕72号" in hits[count].text


def test_a_title_in_brackets_puts_citing_passages_first(search: PassageSearch) -> None:
    assert "《质量强国建设纲要》" in search.search("《质量强国建设纲要》")[0].text


def test_quotes_demand_the_words(search: PassageSearch) -> None:
    hits = search.search("“质量开放日”", top=50)
    assert len(hits) == 2
    assert all("质量开放日" in hit.text for hit in hits)
    assert search.search("“开放质量日”") == []


def test_traditional_characters_find_simplified_ones(search: PassageSearch) -> None:
    assert "首席质量官" in search.search("首席質量官培訓")[0].text


def test_a_single_character_is_looked_for_inside_words(search: PassageSearch) -> None:
    assert "维权" in search.search("权", arm="lexical")[0].text


def test_the_commonest_words_are_left_out_only_beside_enough_rarer_ones(
    search: PassageSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = search._fulltext
    counts = sorted({term: index.frequency(term) for term in terms(ASKED)}.items(), key=lambda item: item[::-1])
    held = [(term, count) for term, count in counts if count]
    enough, most = 2, held[1][1]
    assert held[-1][1] > most, "no word is commoner: the test shows nothing"
    whole = index.search(Query(ASKED, ASKED), top=50)
    monkeypatch.setattr("kg.passages.fulltext.COMMON", most)
    monkeypatch.setattr("kg.passages.fulltext.ENOUGH", enough)
    left = [term for term, count in held[:enough] + [item for item in held[enough:] if item[1] <= most]]
    fewer = index.search(Query(ASKED, ASKED), top=51)  # what was just found is not searched again
    assert len(fewer) < len(whole)
    assert set(fewer.keys.tolist()) == {
        k for term in left for k in index.search(Query(term, term), top=50).keys.tolist()
    }
    common = held[-1][0]
    assert len(index.search(Query(common, common), top=50)) == held[-1][1], "alone a common word is looked for"


def test_boilerplate_is_shown_once(search: PassageSearch) -> None:
    hits = [hit for hit in search.search("全面贯彻党的二十大精神", top=10) if hit.text == BOILERPLATE]
    assert len(hits) == 1
    assert len(hits[0].similar) == 1
    assert len([h for h in search.search("全面贯彻党的二十大精神", fold=False) if h.text == BOILERPLATE]) == 2


@pytest.mark.parametrize("query", ["", "  ", "，。", "？？"])
def test_a_query_without_words_finds_nothing(search: PassageSearch, query: str) -> None:
    assert search.search(query) == []


def test_the_next_generation_changes_and_the_old_one_stays(
    catalogue: Catalogue, search: PassageSearch, tmp_path: Path
) -> None:
    gone, edited = document_id("浦东新区2024年"), document_id("青浦区2024年")
    catalogue.remove_document(gone)
    changed = _document("青浦区2024年", "开展电梯安全检查。", year=2024, region="上海市青浦区", level=Level.DISTRICT)
    catalogue.put_document(changed, document_to_passages(changed), steps={})
    newer = _build(catalogue, tmp_path / "g2", tmp_path / "g1", (edited,), (gone,))
    for arm in ("lexical", "vector", "hybrid"):
        found = {hit.document_id for hit in newer.search("首席质量官培训 电梯", top=50, arm=arm)}  # type: ignore[arg-type]
        assert gone not in found
        assert edited in found
    old = search.rank_ids("首席质量官培训", top=50)
    assert any(ident.startswith(gone) for ident in old), "the old generation is as it was"
    assert all(hit.document_id != gone for hit in search.search("首席质量官培训")), "but shows no removed text"
    fresh = _build(catalogue, tmp_path / "g3")
    for query in ("质量开放日", "电梯", "质量强国"):
        assert newer.rank_ids(query, top=50, arm="vector") == fresh.rank_ids(query, top=50, arm="vector")
        assert sorted(newer.rank_ids(query, top=50)) == sorted(fresh.rank_ids(query, top=50))


def test_documents_whose_ids_begin_with_the_same_forty_bits_are_told_apart(tmp_path: Path) -> None:
    """At a million documents two do: their passages must not answer for one another, in either arm."""
    named = {"d-0123456789" + digit * 10: word for digit, word in (("0", "电梯"), ("7", "食品"), ("f", "消防"))}
    first, between, last = named

    def held(ident: str) -> Document:
        text = f"本区开展{named[ident]}安全检查。"
        return Document(ident, f"{ident}.txt", ident, text, title=f"{named[ident]}检查通知", year=2024)

    with Catalogue.open(tmp_path / "c.sqlite") as catalogue:
        for ident in (first, last):
            catalogue.put_document(held(ident), document_to_passages(held(ident)), steps={})
        search = _build(catalogue, tmp_path / "g1")
        assert [search.search(word)[0].document_id for word in ("电梯", "消防")] == [first, last]
        assert [ident for ident, _ in search.similar_documents(first, top=5)] == [last]
        catalogue.remove_document(first)
        catalogue.put_document(held(between), document_to_passages(held(between)), steps={})
        newer = _build(catalogue, tmp_path / "g2", tmp_path / "g1", (between,), (first,))
        for arm in ("lexical", "vector"):
            assert newer.search("食品安全", arm=arm)[0].document_id == between  # type: ignore[arg-type]
            assert {hit.document_id for hit in newer.search("安全检查", arm=arm, fold=False)} == {between, last}  # type: ignore[arg-type]
        assert {hit.document_id for hit in newer.similar("消防安全检查", apart_from=last)} == {between}


class Counting:
    """A model other than a static one, which says how many texts it was given."""

    name, dimension, made = "counting@1", 4, 0

    def encode(self, texts: Sequence[str], *, kind: str = "passage") -> np.ndarray:
        self.made += len(texts)
        return np.ones((len(texts), self.dimension), np.float32) / 2


def test_vectors_are_kept_in_the_catalogue_but_for_those_of_a_static_model(
    catalogue: Catalogue, search: PassageSearch
) -> None:
    assert search.vectors is not None
    assert catalogue.vector_models() == {}
    model = Counting()
    documents = [(catalogue.document(one.id), list(catalogue.passages(one.id))) for one in catalogue.documents()]
    first = vectors_of(catalogue, model, documents, 8)
    made = model.made
    again = vectors_of(catalogue, model, documents, 8)
    assert model.made == made == catalogue.vector_models()["counting@1"] > 0
    assert all((a == b).all() for a, b in zip(first, again, strict=True))


def test_without_vectors_search_is_lexical_and_turning_them_on_rebuilds(catalogue: Catalogue, tmp_path: Path) -> None:
    plain = _build(catalogue, tmp_path / "g1", setting="none")
    assert "首席质量官" in plain.search("首席质量官")[0].text
    _build(catalogue, tmp_path / "g2", tmp_path / "g1")
    arm = open_vector_arm(tmp_path / "g2", "default")
    assert arm is not None
    assert len(arm.index) == sum(1 for _ in catalogue.passages())


def test_vectors_of_another_model_are_refused(catalogue: Catalogue, tmp_path: Path) -> None:
    _build(catalogue, tmp_path / "g1")
    card = (tmp_path / "g1" / "passages.json").read_text(encoding="utf-8").replace("policykg-static", "other")
    (tmp_path / "g1" / "passages.json").write_text(card, encoding="utf-8")
    with pytest.raises(EnvironmentProblem, match="policykg rebuild"):
        PassageSearch.open(tmp_path / "g1", catalogue, "default")


def test_facets_name_what_the_passage_names() -> None:
    base = _documents()[0]
    words = "举办质量开放日"
    start = base.text.index(words)
    document = Document(
        base.id,
        base.source,
        base.sha256,
        base.text,
        region_qualified="江苏省苏州市吴江区",
        activities=(
            Activity("a1", words, Status.PLANNED, Evidence(words, start, start + len(words)),
                     series="质量开放日", themes=("质量服务",)),
        ),
        agencies=(
            AgencyEntry("青浦区市场监督管理局", "政府部门", None, ("市场监管局",)),
            AgencyEntry("青浦区消费者权益保护委员会", None, None, ("消保委",)),
        ),
    )  # fmt: skip
    passages = {p.text: passage_to_facets(document, p) for p in document_to_passages(document)}
    facets = passages["1\t举办质量开放日\t市场监管局"]
    assert set(facets.theme) == {"质量开放日", "质量服务"}
    assert facets.agency == ("青浦区市场监督管理局", "市场监管局")
    assert {"江苏省苏州市吴江区", "吴江区", "吴江", "苏州市", "苏州", "江苏省", "江苏省苏州市"} <= set(facets.place)
    assert passages[BOILERPLATE].theme == ()


def test_context_mixes_neighbours_and_keeps_length_one() -> None:
    from kg.passages.projection import with_context

    own = np.eye(3, dtype=np.float32)
    mixed = with_context(own)
    np.testing.assert_allclose(np.linalg.norm(mixed, axis=1), 1, atol=1e-6)
    assert mixed[0, 1] > 0
    assert mixed[0, 2] == 0
    np.testing.assert_array_equal(own, np.eye(3))


def test_identical_texts_keep_every_passage(search: PassageSearch, catalogue: Catalogue) -> None:
    twins = [p for p in catalogue.passages() if p.text == BOILERPLATE]
    assert len(twins) == 2
    assert {p.id for p in twins} <= set(search.rank_ids(BOILERPLATE, top=20, arm="vector"))


def test_what_is_excluded_is_not_found_by_either_arm(search: PassageSearch) -> None:
    for arm in ("hybrid", "lexical", "vector"):
        hits = search.search("质量 -开放日", top=50, fold=False, arm=arm)  # type: ignore[arg-type]
        assert hits
        assert not any("开放日" in hit.text for hit in hits), arm


def test_a_field_in_the_query_is_a_filter(search: PassageSearch) -> None:
    found = {hit.document_id for hit in search.search("质量开放日 年份：2022", top=50, fold=False)}
    assert found == {document_id("上海市2022年")}
    assert {h.document_id for h in search.search("标题：浦东新区 质量", top=50)} == {document_id("浦东新区2024年")}


def test_dates_bound_the_search_and_order_it(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path / "catalogue.sqlite") as catalogue:
        for number, date in enumerate(("2022-03-01", "2024-05-06", None, "2023-12-31")):
            name = f"某市{number}"
            text = f"第{number}次开展电梯安全检查，{'落实责任' * (number + 1)}。"
            base = _document(name, text, year=2022, region="上海市", level=Level.CITY)
            document = dataclasses.replace(base, date=date)
            catalogue.put_document(document, document_to_passages(document), steps={})
        search = _build(catalogue, tmp_path / "g")

        def found(**given: object) -> list[str]:
            return [h.document_id for h in search.search("电梯检查", fold=False, **given)]  # type: ignore[arg-type]

        ids = [document_id(f"某市{number}") for number in range(4)]
        assert set(found(filters=Filters(since="2023-01-01", until="2024-05-06"))) == {ids[1], ids[3]}
        assert set(found(filters=Filters(until="2022-12-31"))) == {ids[0]}
        assert found(order="newest") == [ids[1], ids[3], ids[0], ids[2]]
        assert found(order="oldest") == [ids[0], ids[3], ids[1], ids[2]]


def _law(name: str, place: str, date: str, *bodies: str) -> Document:
    text, articles = f"{name}\n", []
    for number, body in enumerate(bodies, start=1):
        label = f"第{number_to_chinese(number)}条"
        articles.append(Article(number, label, len(text), len(text) + len(label) + 1 + len(body)))
        text += f"{label} {body}\n"
    ident = document_id(name + date)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document(
        ident, name + date, digest, text, title=name, date=date, region_qualified=place, articles=tuple(articles)
    )


@pytest.fixture
def laws(tmp_path: Path) -> Iterator[PassageSearch]:
    bodies = ("养犬应当登记。", "犬只应当免疫。", "携犬出户应当束犬链，\n（一）不得进入学校；\n（二）不得进入医院。")
    with Catalogue.open(tmp_path / "catalogue.sqlite") as catalogue:
        for law in (
            _law("养犬管理条例", "", "2020-01-01", *bodies),
            _law("甲市养犬管理条例", "甲市", "2015-01-01", *(body.replace("犬", "狗") for body in bodies)),
            _law("甲市养犬管理条例", "甲市", "2023-01-01", *(f"本市{body}" for body in bodies)),
        ):
            catalogue.put_document(law, document_to_passages(law), steps={})
        yield _build(catalogue, tmp_path / "g")


@pytest.mark.parametrize("query", ["养犬管理条例第三条", "《养犬管理条例》第3条", "请问养犬管理条例第三条怎么规定的"])
def test_an_article_is_found_whole_by_its_number(laws: PassageSearch, query: str) -> None:
    hit = laws.search(query)[0]
    assert hit.text.startswith("第三条 携犬出户应当束犬链")
    assert hit.text.endswith("不得进入医院。")


def test_the_edition_in_force_comes_first(laws: PassageSearch) -> None:
    hits = laws.search("甲市养犬管理条例第一条", fold=False)
    assert [hit.text for hit in hits[:2]] == ["第一条 本市养犬应当登记。", "第一条 养狗应当登记。"]


def test_facets_count_all_that_hold_the_words(search: PassageSearch) -> None:
    counts = search.facets("质量开放日")
    assert counts["year"] == {"2022": 1, "2024": 1}
    assert search.literal_count("质量开放日") == 2
    assert search.literal_count("首席质量官 培训") == 1
    assert search.literal_count("量子养殖") == 0
    assert search.facets("量子养殖怎么办")["year"], "the nearest are counted where nothing holds the words"
    assert search.facets("质量开放日", filters=Filters(year=2022))["year"] == {"2022": 1}


def test_a_place_in_the_query_prefers_its_documents(search: PassageSearch) -> None:
    for place in ("青浦", "浦东新区"):
        assert search.search(f"{place}质量强国建设", fold=False)[0].document_id == document_id(
            f"{place.removesuffix('新区')}{'新区' if place.endswith('新区') else '区'}2024年"
        )


def test_a_query_of_fields_alone_is_counted_by_its_fields(search: PassageSearch) -> None:
    assert search.literal_count("标题：质量月") == len(search.search("标题：质量月", top=1_000, fold=False)) > 0


def test_a_typing_error_finds_what_documents_write(tmp_path: Path, catalogue: Catalogue) -> None:
    line = "本市建设一站式服务平台，提供检验检测服务。"
    documents = [
        _document(f"某区{year}年", f"{BOILERPLATE}\n{line}{year}年继续推进。", year=year, region="某市某区",
                  level=Level.DISTRICT)
        for year in range(2019, 2023)
    ]  # fmt: skip
    for document in documents:
        catalogue.put_document(document, document_to_passages(document), steps={})
    search = _build(catalogue, tmp_path / "g1")
    assert search.misspelt("一战式平台在哪") == [("一战式", "一站式")]
    (best, *_) = search.search("一战式平台", top=3)
    assert "一站式" in best.text
    assert any(best.text[start:end] == "一站式" for start, end in best.highlights)
    assert search.literal_count("一战式") == 0  # as it was written
