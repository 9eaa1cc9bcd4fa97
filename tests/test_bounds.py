"""Whatever text comes from outside takes time in proportion to its length, and not for ever (kg.core.bounds).

Every function of the service that takes such a text is tried with thirty patterns at one, two and four times a length;
so are the lexer of queries and the search for personal data, which see whole documents.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.core.bounds import NAME, QUERY, QUESTION, SEARCH, STATEMENT
from kg.core.config import Settings
from kg.core.errors import PolicyKGError, RefusedQuery, UsageError
from kg.graph.lexer import outline
from kg.service import Service
from ontology.personal import masked
from ontology.terms import PREFIXES

PATTERNS = {
    "a word": "质量开放日",
    "a letter": "a",
    "digits": "1",
    "blanks": " ",
    "lines": "\n",
    "quotes": '"',
    "long quotes": '"""',
    "escaped quotes": '"\\',
    "escaped long quotes": '"""\\"',
    "opened IRIs": "<a",
    "prefixes": "a:",
    "runs": "a-",
    "braces": "{",
    "titles": "《",
    "Chinese quotes": "“质量",
    "lists": "市教育局、",
    "dates": "2024年9月",
    "dashes": "0-",
    "cells": "\t王",
    "contacts": "联系人：",
    "rosters": "姓名 电话\n",
    "numbers in words": "一三七",
    "numbers in pieces": "电话：1 3 ",
    "names in a row": "王五和",
    "paths": "../",
    "ends of text": "\0",
    "half of JSON": '{"a":[',
    "patterns": "[(*",
    "four bytes each": "😀",
    "from right to left": "\u202e",
}
UNSEEN = 0.03  # CPU seconds: what is no more than that is quick, however it grows
SLOWEST = 4.0  # CPU seconds of any one of them
ATTEMPTS = 3


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("bounds")
    for place in ("青浦区", "崇明区"):
        text = f"{place}2024年质量月活动方案\n\n一、举办质量开放日活动。（区市场监管局、区教育局）\n\n联系人：王五，电话：62345678\n"
        (folder / f"{place}.txt").write_text(text, encoding="utf-8")
    made = Service(Settings(home=folder / "home", query_seconds=5.0))
    assert made.ingest(sorted(folder.glob("*.txt")))["added"] == 2
    yield made
    made.close()


FACES: dict[str, tuple[Callable[[Service, str], Any], int]] = {
    "ask": (lambda s, t: s.ask(t), QUESTION),
    "ask after": (lambda s, t: s.ask("那崇明区呢", previous=t), QUESTION),
    "search": (lambda s, t: s.search(t), SEARCH),
    "search facets": (lambda s, t: s.search_facets(t), SEARCH),
    "search note": (lambda s, t: s.search_note(t), SEARCH),
    "search filters": (lambda s, t: s.search("质量", place=t, agency=t, kind=t, theme=t), NAME),
    "query": (lambda s, t: s.query(t), QUERY // 10),
    "query in a pattern": (lambda s, t: s.query("SELECT * { ?s ?p ?o " + t), QUERY // 10),
    "saved query": (lambda s, t: s.saved_query("documents", kind=t), NAME),
    "name of a saved query": (lambda s, t: s.saved_query(t), NAME),
    "document": (lambda s, t: s.document(t), NAME),
    "text": (lambda s, t: s.text(t), NAME),
    "reading": (lambda s, t: s.reading(t), NAME),
    "highlights": (lambda s, t: s.highlights(t), NAME),
    "compare": (lambda s, t: s.compare(t, t + "1"), NAME),
    "basis of a document": (lambda s, t: s.basis(document=t), NAME),
    "basis of a policy": (lambda s, t: s.basis(policy=t), NAME),
    "evolution": (lambda s, t: s.evolution(t), NAME),
    "agency": (lambda s, t: s.agency(t), NAME),
    "agency path": (lambda s, t: s.agency_path(t, t), NAME // 2),
    "agency picture": (lambda s, t: s.agency_picture(centre=t), NAME),
    "assignments": (lambda s, t: s.assignments(name=t), NAME),
    "audit": (lambda s, t: s.audit(t), NAME),
    "statements of": (lambda s, t: s.corrections(t), NAME),
    "facts of": (lambda s, t: s.facts_at(t, 0, 9), NAME),
    "related": (lambda s, t: s.related_documents(t), NAME),
    "similar": (lambda s, t: s.similar_passages(t, 0, 9), NAME),
    "quote of an original": (lambda s, t: s.original("青浦区.txt", quote=t), QUERY // 10),
    "value of a statement": (lambda s, t: s.correct([_stated(values={"theme": t})], publish=False), NAME),
    "quote of a statement": (lambda s, t: s.correct([_stated(quote=t, path="figures")], publish=False), STATEMENT),
    "document of a statement": (lambda s, t: s.correct([_stated(document=t)], publish=False), NAME),
    "name of a kept question": (lambda s, t: s.keep_question("质量开放日由谁负责？", name=t), QUESTION),
    "kept question": (lambda s, t: s.ask_again(t), NAME),
    "tasks": (lambda s, t: s.tasks(body=t, place=t, words=t, due=t, state=t), NAME),
    "graphs of a query": (lambda s, t: s.query("ASK {?s ?p ?o}", default_graphs=[t], named_graphs=[t]), NAME),
    "dates of a search": (lambda s, t: s.search("质量", since=t), NAME),
    "name of an upload": (lambda s, t: s.upload([(t, b"")]), NAME),
    "lexer": (lambda _, t: outline(t, PREFIXES), 60_000),
    "rosters": (lambda _, t: masked(f"{t[:200]}\n" * (len(t) // 200 + 1) + "姓 名\t电 话"), 60_000),
    "personal data": (lambda _, t: masked(f"联系人：王五 62345678\n{t}联系人：{t}"), 60_000),
}


def _stated(**more: Any) -> dict[str, Any]:
    return {"action": "correct", "document": "青浦区.txt", "path": "document", "values": {"theme": "质量"}, **more}


def _seconds(work: Callable[[], object]) -> float:
    """CPU seconds, without the collector; walking the heap for each of thousands of runs would take longer than all."""
    gc.disable()
    try:
        begun = time.process_time()
        work()
        return time.process_time() - begun
    finally:
        gc.enable()


@pytest.mark.parametrize("face", FACES)
def test_time_grows_with_length_at_most(face: str, service: Service) -> None:
    call, most = FACES[face]

    def work(text: str) -> Callable[[], object]:
        def run() -> None:
            try:
                call(service, text)
            except PolicyKGError as error:
                assert len(error.message) < 2_000  # noqa: PT017 - what is refused is not repeated whole

        return run

    work("质量")()
    slow = {}
    for name, pattern in PATTERNS.items():
        short, double, long = (work((pattern * most)[: most * share // 4]) for share in (1, 2, 4))
        for _ in range(ATTEMPTS):
            times = [_seconds(each) for each in (short, double, long)]
            if times[2] < max(UNSEEN, 7 * max(times[0], UNSEEN / 4)) and max(times) < SLOWEST:
                break
        else:
            slow[name] = [round(seconds, 3) for seconds in times]
    assert slow == {}


@pytest.mark.parametrize("face", [face for face in FACES if face not in ("lexer", "personal data", "rosters")])
def test_what_is_too_long_or_half_a_character_is_refused(face: str, service: Service) -> None:
    call, _ = FACES[face]
    for text in ("质" * (QUERY + 1), "质量\ud800"):
        try:
            told = call(service, text)
        except (UsageError, RefusedQuery):
            continue
        assert face in ("agency picture", "audit", "tasks", "name of an upload") or told is None, text[:5]


@pytest.mark.parametrize(
    "query",
    ["SELECT * FROM <http://[> { ?s ?p ?o }", "BASE <http://[> SELECT * { ?s ?p ?o }", "PREFIX a: <http://[> ASK {}"],
)
def test_an_IRI_that_is_none_is_told(service: Service, query: str) -> None:  # noqa: N802
    with pytest.raises(PolicyKGError):
        service.query(query)


def test_words_in_a_string_that_is_never_closed_still_count(service: Service, tmp_path: Path) -> None:
    for quotes in ('"', "'", '"""', "'''"):
        with pytest.raises(PolicyKGError, match="SERVICE"):
            service.query(f"SELECT * {{ ?s ?p {quotes}a SERVICE <http://127.0.0.1:9/> {{ }} }}")
    del tmp_path
