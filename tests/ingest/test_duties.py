"""Who is responsible, said in a sentence or behind a label."""

from __future__ import annotations

import pytest

from ingest.extract.duties import text_to_duties
from ingest.resolve.resolver import Resolver
from ontology.reference import load_reference


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    return Resolver(load_reference())


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("开展检查。责任单位：市应急局、市教育局。", [("杭州市应急管理局", None), ("杭州市教育局", None)]),
        (
            "组织演练。牵头部门：市应急局；配合部门：市公安局、市气象局。",
            [("杭州市应急管理局", "lead"), ("杭州市公安局", "co"), ("杭州市气象局", "co")],
        ),
        ("由市应急局牵头，市教育局配合。", [("杭州市应急管理局", "lead"), ("杭州市教育局", "co")]),
        ("由市应急局会同市公安局组织实施。", [("杭州市应急管理局", "lead"), ("杭州市公安局", "co")]),
        ("由市应急局、市公安局负责。", [("杭州市应急管理局", None), ("杭州市公安局", None)]),
        ("市应急局牵头，市教育局、市公安局参加，规模不少于二百人。",
         [("杭州市应急管理局", "lead"), ("杭州市教育局", "co"), ("杭州市公安局", "co")]),
        ("由西湖、拱墅、滨江区应急管理局负责，于12月15日前完成。",
         [("西湖区应急管理局", None), ("拱墅区应急管理局", None), ("滨江区应急管理局", None)]),
        ("责任单位：市应急局、某某科普基地。", [("杭州市应急管理局", None), ("某某科普基地", None)]),
        ("各单位要高度重视，认真负责，抓好落实。", []),
        ("企业对产品质量负责。", []),
        ("由此可见，形势严峻。", []),
    ],
)  # fmt: skip
def test_sentences(resolver: Resolver, sentence: str, expected: list[tuple[str, str | None]]) -> None:
    context = resolver.context(resolver.places.by_qualified["浙江省杭州市"])
    found = text_to_duties(sentence, 0, resolver, context)
    assert [(p.name, p.role.value if p.role else None) for p in found] == expected
    for party in found:
        assert sentence[party.start : party.end] == party.as_written


def test_unknown_places_share_a_tail(resolver: Resolver) -> None:
    """香坊、平房、阿城区…: districts that no list holds are read by their form, below the city of the issuer."""
    context = resolver.context(resolver.places.by_qualified["黑龙江省哈尔滨市"])
    found = text_to_duties("由香坊、平房、阿城区公安消防大队负责。", 0, resolver, context)
    assert [p.name for p in found] == [f"{d}区公安消防大队" for d in ("香坊", "平房", "阿城")]
    assert {p.place for p in found} == {f"黑龙江省哈尔滨市{d}区" for d in ("香坊", "平房", "阿城")}
