"""Statements over a document as read: pure, without a catalogue."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.core.anchors import anchor_at, locate
from kg.core.corrections import Action, Correction, checked
from kg.core.errors import UnknownName, UsageError
from kg.core.model import decode_document, encode
from kg.core.overlay import document_corrected
from kg.service.doubtful import facts_with_paths
from kg.service.statements import about_document
from tests.every_fact import document

TEXTS = st.text(alphabet="甲乙丙。，\n 一二", min_size=1, max_size=60)


@settings(max_examples=200, deadline=None)
@given(before=TEXTS, quote=TEXTS, after=TEXTS, more=TEXTS)
def test_words_are_found_again_wherever_they_went(before: str, quote: str, after: str, more: str) -> None:
    text = before + quote + after
    anchor = anchor_at(text, len(before), len(before) + len(quote))
    assert locate(anchor, text) == (len(before), len(before) + len(quote))
    found = locate(anchor, more + text)
    assert found is not None
    assert (more + text)[found[0] : found[1]] == quote


def test_blanks_may_differ_and_words_that_are_gone_are_gone() -> None:
    anchor = anchor_at("一、由甲局\n负责。", 2, 8)
    assert locate(anchor, "前言\n一、由甲局负责。") == (5, 10)
    assert locate(anchor, "一、由乙局负责。") is None


def test_every_fact_is_confirmed_and_rejected_by_its_path() -> None:
    read = document()
    for path, kind, fact, _ in facts_with_paths(read):
        if kind.name == "doubt" and not fact.proposal:
            continue
        confirmed = replace(about_document(read, "confirm", path, {}), id="c-1", at="2031-01-01T00:00:00+00:00")
        shown = document_corrected(read, [confirmed]).document
        assert [review.id for review in shown.reviews] == ["c-1"], path
        assert decode_document(encode(shown)) == shown
        assert document_corrected(read, [replace(confirmed, undone_at="x")]).document is read
        rejected = replace(about_document(read, "reject", path, {}), id="c-2")
        assert encode(document_corrected(read, [rejected]).document) != encode(read), path


def test_a_confirmed_fact_that_is_no_longer_read_is_there_all_the_same() -> None:
    read = document()
    confirmed = replace(about_document(read, "confirm", "figures/1", {}), id="c-1")
    shown = document_corrected(replace(read, figures=()), [confirmed]).document
    [figure] = shown.figures
    assert (figure.value, figure.unit, figure.review) == (read.figures[0].value, read.figures[0].unit, "c-1")
    assert figure.evidence == read.figures[0].evidence


def test_a_corrected_fact_that_the_reading_comes_to_by_itself_is_not_doubled() -> None:
    read = document()
    figure = read.figures[0]
    said = replace(about_document(read, "correct", "figures/1", {"value": 7, "as_written": "7"}), id="c-1")
    better = replace(read, figures=(replace(figure, value=7.0, as_written="7"), *read.figures[1:]))
    shown = document_corrected(better, [said]).document
    assert len(shown.figures) == len(read.figures)
    assert shown.figures[0].review == "c-1"


def test_words_that_are_gone_are_told() -> None:
    read = document()
    said = replace(about_document(read, "confirm", "figures/1", {}), id="c-1")
    found = document_corrected(replace(read, text="别的话", figures=()), [said])
    assert found.fallen == {"c-1"}
    assert found.document.figures == ()


def test_values_are_those_of_the_declaration() -> None:
    assert checked("figure", {"value": "3.5", "status": "目标"}) == {"value": 3.5, "status": "target"}
    assert checked("activity", {"deadline": "2031-05-01"})["deadline"] == {
        "date": "2031-05-01",
        "as_written": "2031-05-01",
    }
    assert checked("document", {"year": "2031", "level": "市"}) == {"year": 2031, "level": "市"}
    assert checked("activity", {"places": "甲市、乙市"}) == {"places": ["甲市", "乙市"]}
    for kind, values in (("figure", {"value": "x"}), ("document", {"date": "2031-02-30"}), ("figure", {"what": ""})):
        with pytest.raises(UsageError):
            checked(kind, values)
    for kind, values in (("figure", {"rule": "x"}), ("nothing", {}), ("document", {"text": "x"})):
        with pytest.raises(UnknownName):
            checked(kind, values)


def test_a_statement_that_says_nothing_of_a_document_changes_nothing() -> None:
    read = document()
    merge = Correction("c-1", Action.MERGE, "body", was={"name": "没有的局"}, values={"name": "另一个局"})
    assert document_corrected(read, [merge]).document is read
