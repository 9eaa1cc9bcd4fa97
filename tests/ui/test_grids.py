"""Tables of HTML, and where the IRIs in them lead."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from kg.ui.entities import entity_link
from kg.ui.grids import AT_ONCE, Link, grid_data

BASE = "https://w3id.org/policykg/id/"


@pytest.mark.parametrize(
    ("path", "page", "address"),
    [
        ("document/d-1", "documents", {"id": "d-1"}),
        ("document/d-1/span/12-34", "documents", {"id": "d-1", "start": "12", "end": "34"}),
        ("document/d-1/span/12-34/quote", "documents", {"id": "d-1", "start": "12", "end": "34"}),
        ("agency/上海市青浦区/青浦区市场监督管理局", "agencies", {"agency": "青浦区市场监督管理局"}),
        ("series/质量%2F开放日", "evolution", {"series": "质量/开放日"}),
        ("policy/质量强国建设纲要", "basis", {"policy": "质量强国建设纲要"}),
        ("document/d-1/figure/1", "sparql", {"query": f"DESCRIBE <{BASE}document/d-1/figure/1>"}),
        ("theme/质量宣传", "sparql", {"query": f"DESCRIBE <{BASE}theme/质量宣传>"}),
    ],
)
def test_an_iri_leads_to_its_page(path: str, page: str, address: dict[str, str]):
    link = entity_link(BASE + path, BASE)
    assert isinstance(link, Link)
    parts = urlsplit(link.href)
    assert parts.path == page
    assert {name: values[0] for name, values in parse_qs(parts.query).items()} == address
    assert link.title == BASE + path


def test_terms_are_shown_with_their_prefix_and_blank_nodes_as_they_are():
    link = entity_link("http://purl.org/dc/terms/title", BASE)
    assert isinstance(link, Link)
    assert (link.text, urlsplit(link.href).path) == ("dcterms:title", "sparql")
    assert entity_link("_:b0", BASE) == "_:b0"
    assert entity_link("javascript:alert(1)", BASE) == "javascript:alert(1)"


def test_numbers_stay_numbers_and_only_full_columns_of_them_count_as_such():
    data = grid_data(["a", "b", "c"], [[1, "x", True], [Decimal("2.5"), 3, None], [None, None, False]], label="表")
    assert data["rows"] == [[1, "x", "是"], [2.5, 3, None], [None, None, "否"]]
    assert data["numeric"] == [True, False, False]


def test_the_browser_is_not_sent_more_than_it_can_bear():
    assert len(grid_data(["a"], [[n] for n in range(AT_ONCE + 10)], label="表")["rows"]) == AT_ONCE
