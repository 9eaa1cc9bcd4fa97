from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.graph.rdf import Literal, boolean, date, decimal, integer, text, to_ntriples, to_python, zh
from ontology.terms import XSD


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_ntriples_round_trip(value: str):
    for term in (text(value), zh(value)):
        line = f"<http://x/s> <http://x/p> {to_ntriples(term)} ."
        [quad] = pyoxigraph.parse(line, format=pyoxigraph.RdfFormat.N_TRIPLES)
        assert quad.object.value == value
        assert quad.object.language == term.lang


@pytest.mark.parametrize(
    ("value", "lexical"),
    [(54.77, "54.77"), (10000.0, "10000"), (1e22, "1" + "0" * 22), (0.1, "0.1"), (1e-7, "0.0000001")],
)
def test_decimals_have_no_exponent(value: float, lexical: str):
    assert decimal(value) == Literal(lexical, XSD.decimal)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_decimals_are_exact(value: float):
    assert float(decimal(value).lexical) == value


@pytest.mark.parametrize(
    ("value", "datatype"),
    [
        ("2024-09-05", XSD.date),
        ("2024-09", XSD.gYearMonth),
        ("2024", XSD.gYear),
        ("9月", XSD.string),
        ("2024-02-31", XSD.string),
    ],
)
def test_dates_are_as_precise_as_known(value: str, datatype: str):
    assert date(value) == Literal(value, datatype)


def test_python_values():
    assert to_python(integer(5)) == 5
    assert to_python(decimal(54.77)) == Decimal("54.77")
    assert to_python(boolean(False)) is False
    assert to_python(date("2024-09-05")) == dt.date(2024, 9, 5)
    assert to_python(zh("质量")) == "质量"
    assert to_python("http://x/") == "http://x/"
    assert to_python(None) is None
    assert to_python(Literal("many", XSD.integer)) == "many"
