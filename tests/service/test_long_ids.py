"""A home with ids of forty bits under the code whose ids have eighty: nothing is lost, nothing is read again."""

from __future__ import annotations

import json
import logging
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kg.build.run import writing
from kg.catalogue import Catalogue, schema
from kg.cli import run as run_command
from kg.core import ids
from kg.core.errors import UnknownName
from kg.core.rights import Rights
from kg.service import Service
from kg.service.running import RunningQuery
from tests.service.former_home import (
    GONE,
    LEFT,
    MOVED,
    QUESTION,
    Former,
    a_service,
    as_before,
    build,
    everything,
)

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Former:
    return build(tmp_path_factory.mktemp("former"))


@pytest.fixture
def home(made: Former, tmp_path: Path) -> Path:
    shutil.copytree(made.home, tmp_path / "home", symlinks=True)
    return tmp_path / "home"


@pytest.fixture(scope="module")
def changed(made: Former, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home after its first ingest under the code of now, which found nothing new but one file."""
    home = tmp_path_factory.mktemp("changed") / "home"
    shutil.copytree(made.home, home, symlinks=True)
    service = a_service(home)
    done = service.ingest([made.docs])
    service.close()
    assert (done["added"], done["updated"], done["failed"]) == (1, 0, []), "the one that stands where another did"
    assert done["unchanged"] == len(made.told["ids"])
    return home


@pytest.fixture
def service(changed: Path, tmp_path: Path) -> Service:
    """That home, a copy for each test."""
    shutil.copytree(changed, tmp_path / "home", symlinks=True)
    return a_service(tmp_path / "home")


def former(made: Former, part: str) -> str:
    return next(ident for source, ident in made.told["ids"].items() if part in source)


def renamed(value: Any, service: Service) -> Any:
    """What was told before, with the ids of now."""
    return json.loads(ids.formers_replaced(json.dumps(value, ensure_ascii=False), service.current_id))


def test_the_home_is_one_of_before(made: Former) -> None:
    assert all(ids.is_former(ident) for ident in made.told["ids"].values())
    with closing(sqlite3.connect(made.home / "catalogue.sqlite")) as connection:
        assert schema.recorded(connection) == [name for name, _ in schema.MIGRATIONS[:6]]
    assert len(made.told["ids"]) == 8 + 3 + 1


def test_it_tells_the_same_but_for_the_ids(made: Former, home: Path) -> None:
    """Documents, passages, graph, statements, search and answers."""
    service = a_service(home)
    service.rebuild()
    told = everything(service)
    assert all(len(ident) == 22 for ident in told["ids"].values())
    before = renamed({key: value for key, value in made.told.items() if key != "graph"}, service)
    for key, value in json.loads(json.dumps(told, ensure_ascii=False)).items():
        if key == "graph":
            assert value == sorted(ids.formers_replaced(line, service.current_id) for line in made.told[key])
        elif key == "hits":  # equals stand in the order of their ids
            assert sorted(value) == sorted(before[key])
        else:
            assert value == before[key], key
    assert all(not ids.is_former(name) for name in before["ids"].values())


def test_what_is_held_has_the_ids_that_its_paths_give(made: Former, service: Service) -> None:
    """So removing and taking in again gives the same ones, and another home has them too."""
    fresh = a_service(service.settings.home.parent / "fresh")
    fresh.ingest([made.docs])
    assert {d["source"]: d["id"] for d in fresh.documents()} == {d["source"]: d["id"] for d in service.documents()}
    plan = former(made, "青浦区2024")
    assert fresh.document(plan)["id"] == service.document(plan)["id"], "an old link opens there too"


def test_ids_of_before_open_what_they_opened(made: Former, service: Service) -> None:
    plan = former(made, "青浦区2024")
    now = service.current_id(plan)
    assert (len(now), service.document(plan)["id"], service.reading(plan)["id"]) == (22, now, now)
    assert service.text(plan) == service.text(now)
    assert service.passage_context(plan, 0, 10) == service.passage_context(now, 0, 10)
    assert service.facts_at(plan, 0, 200) == service.facts_at(now, 0, 200) != []
    assert service.related_documents(plan) == service.related_documents(now) != []
    assert service.similar_passages(plan, 0, 80) == service.similar_passages(now, 0, 80)
    assert {hit["document_id"] for hit in service.search("质量", document_id=plan)} == {now}
    assert service.corrections(plan) == service.corrections(now) != []
    assert service.counterparts(plan) == service.counterparts(now) != []
    assert service.basis(document=plan) == service.basis(document=now)
    assert service.original(plan).document_id == now
    assert service.snapshot().catalogue.passage(f"{plan}-p1").id == f"{now}-p1"
    assert service.review_queue(document=plan) == service.review_queue(document=now)


def test_each_document_of_a_file_and_one_that_was_moved_answer_to_theirs(made: Former, service: Service) -> None:
    for part in ("汇编.txt#1", "汇编.txt#2", "汇编.txt#3", MOVED):
        assert part in service.document(former(made, part))["source"]
    new = next(item for item in service.documents() if LEFT in item["source"])
    assert new["id"][:12] == former(made, MOVED), "its path gave that id before"
    assert MOVED in service.document(new["id"][:12])["source"], "which goes on to mean the other"


def test_a_query_of_before_is_asked_by_the_ids_of_now(
    made: Former, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    plan, base = former(made, "青浦区2024"), service.settings.base_iri
    query = "SELECT ?title WHERE {{ <{base}document/{ident}> dcterms:title ?title ; dcterms:identifier '{ident}' }}"
    with caplog.at_level(logging.WARNING):
        rows = service.sparql(query.format(base=base, ident=plan))["rows"]
    assert rows == service.sparql(query.format(base=base, ident=service.current_id(plan)))["rows"] != []
    assert f"{plan} → {service.current_id(plan)}" in caplog.text
    beside = RunningQuery(service, query.format(base=base, ident=plan)).result()
    assert len(beside.rows) == len(rows)
    found = service.query("SELECT ?s { ?s ?p ?o }", default_graphs=[f"{base}graph/{plan}"])
    assert len(found.rows) > 10
    nobody = f"SELECT ?p {{ <{base}document/d-0000000000> ?p ?o }}"
    assert service.sparql(nobody)["rows"] == []


def test_statements_stand_and_can_be_undone(made: Former, service: Service) -> None:
    plan = former(made, "青浦区2024")
    now = service.current_id(plan)
    assert service.document(plan)["theme"] == "改过的主题"
    by_kind = {each["kind"]: each for each in service.corrections() if each["document_id"] in (now, None)}
    assert by_kind["body"]["values"]["documents"] == [now]
    assert by_kind["document"]["stands"]
    service.undo_correction(by_kind["document"]["id"])
    assert service.document(plan)["theme"] != "改过的主题"
    service.correct([{"action": "correct", "document": plan, "path": "document", "values": {"theme": "再改"}}])
    assert service.document(now)["theme"] == "再改", "a list of statements of before is taken in"


def test_a_document_that_was_removed_is_spoken_of_again_when_it_comes_back(made: Former, service: Service) -> None:
    path = made.docs / "移除.txt"
    path.write_text(
        GONE.replace("2023年5月1日", "2023年6月1日")
    )  # other bytes: only its path tells that it is the same
    try:
        assert service.ingest([path])["added"] == 1
        back = service.document(str(path))
    finally:
        path.unlink()
    assert back["theme"] == "演练"
    assert [each["document_id"] for each in service.corrections(back["id"])] == [back["id"]]


def test_a_kept_question_has_the_answer_that_was_seen(service: Service) -> None:
    [kept] = service.kept_questions()
    found = service.ask_again(kept["id"])
    assert (kept["question"], found["added"], found["gone"]) == (QUESTION, [], [])


def test_the_audit_log_is_as_it_was_written_with_a_line_behind(made: Former, service: Service) -> None:
    log = service.audit()
    [line] = [each for each in log if each["action"] == "lengthen-ids"]
    assert (line["actor"], line["detail"]) == ("policykg", {"documents": len(made.told["ids"])})
    told = [each["detail"]["document"] for each in log if each["action"] == "correct" and "document" in each["detail"]]
    assert former(made, "青浦区2024") in told


def test_a_backup_of_before_is_restored_into_the_form_of_now(made: Former, tmp_path: Path) -> None:
    service = a_service(tmp_path / "restored")
    assert service.restore(made.backup)["documents"] == len(made.told["ids"])
    plan = former(made, "青浦区2024")
    assert len(service.document(plan)["id"]) == 22
    assert service.document(plan)["theme"] == "改过的主题"
    assert [each["question"] for each in service.kept_questions()] == [QUESTION]
    assert service.check()["problems"] == []


def test_after_the_change_nothing_is_amiss(service: Service) -> None:
    assert service.check()["problems"] == []
    with Catalogue.open(service.settings.home / "catalogue.sqlite", read_only=True) as catalogue:
        assert list(catalogue.broken_rows()) == []
        assert not [item.id for item in catalogue.documents() if ids.is_former(item.id)]


def test_who_only_looks_or_notes_something_finds_it_as_it_was(made: Former, home: Path) -> None:
    """The indexes show the ids of before until somebody publishes: names in the catalogue and in them must agree."""
    service = a_service(home)
    told = everything(service)  # the export is noted in the audit log
    service.drop_question(service.kept_questions()[0]["id"])
    service.keep_question(QUESTION, name="再存")
    theme = {"action": "correct", "document": former(made, "浦东新区"), "path": "document", "values": {"theme": "迟"}}
    service.correct([theme], publish=False)
    assert told == made.told
    with closing(sqlite3.connect(home / "catalogue.sqlite")) as connection:
        assert schema.recorded(connection) == [name for name, _ in schema.MIGRATIONS[:6]]
    service.publish_corrections()
    assert service.document(former(made, "浦东新区"))["theme"] == "迟"


def test_between_the_change_and_the_next_publishing_old_indexes_serve(made: Former, home: Path) -> None:
    service = a_service(home)
    with writing(service.settings):
        pass  # as if killed before it published
    plan = former(made, "青浦区2024")
    hits = service.search("质量开放日", top=20)
    assert sorted((hit["text"]) for hit in hits) == sorted(text for _, text in made.told["hits"])
    assert all(service.document(hit["document_id"])["id"] for hit in hits)
    told = re.sub(
        r"\[\d+\]", "", service.ask(QUESTION)["answer"]
    )  # more passages are cited: they are known by two names
    assert told == re.sub(r"\[\d+\]", "", made.told["answer"]["answer"])
    assert service.document(plan)["theme"] == "改过的主题"
    iri = f"{service.settings.base_iri}document/{plan}"
    assert service.sparql(f"SELECT ?t {{ <{iri}> dcterms:title ?t }}")["rows"], "the graph has the old name still"
    assert service.ingest([made.docs / "汇编.txt"])["unchanged"] == 3
    assert {len(hit["document_id"]) for hit in service.search("质量开放日", top=20)} == {22}


def test_readers_do_not_wait_for_the_files_that_are_read(
    made: Former, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading takes an hour where there are many new ones; the renamed documents are published before."""
    seen: list[bool] = []
    service = a_service(home)

    def looked(*given: Any) -> Any:
        seen.append(all(len(hit["document_id"]) == 22 for hit in a_service(home).search("质量开放日")))
        return real(*given)

    from kg.build import run

    real = run._jobs
    monkeypatch.setattr(run, "_jobs", looked)
    service.ingest([made.docs])
    assert seen == [True]


KILLED = """
import os, signal, sys
from pathlib import Path
from kg.catalogue import Catalogue, long_ids
def note(*_):
    os.kill(os.getpid(), signal.SIGKILL)
long_ids._note = note
Catalogue.open(Path(sys.argv[1]))
"""


def test_killed_in_the_middle_it_is_as_before_and_can_be_tried_again(made: Former, home: Path) -> None:
    path = home / "catalogue.sqlite"
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    assert "文档编号由 10 位加长为 20 位" in done.stderr, "progress is told"
    with Catalogue.open(path, read_only=True) as catalogue:
        assert {item.source: item.id for item in catalogue.documents()} == made.told["ids"]
        assert list(catalogue.broken_rows()) == []
    with Catalogue.open(path) as catalogue:
        assert {len(item.id) for item in catalogue.documents()} == {22}
        assert list(catalogue.broken_rows()) == catalogue.orphans() == []


def test_a_row_that_was_broken_stays_so(made: Former, home: Path) -> None:
    path, plan = home / "catalogue.sqlite", former(made, "青浦区2024")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE passages SET text = '别的话' WHERE id = ?", (f"{plan}-p1",))
        connection.execute("UPDATE documents SET year = 1999 WHERE id = ?", (plan,))
        connection.commit()
    with Catalogue.open(path) as catalogue:
        now = catalogue.current_id(plan)
        assert sorted(catalogue.broken_rows()) == [("documents", now), ("passages", f"{now}-p1")]


def test_what_was_granted_by_an_id_of_before_stays_granted(made: Former, service: Service) -> None:
    plan = former(made, "青浦区2024")
    text = f'[groups."一组"]\ntags = ["一份"]\n[tags]\n"一份" = ["{plan}"]\n[readers]\n"*" = ["一组"]\n'
    (service.settings.home / "rights.toml").write_text(text)
    assert Rights.load(service.settings.home) is not None
    service.rebuild()
    seen = service.seen_by(frozenset(("一组",)))
    assert [item["id"] for item in seen.documents()] == [service.current_id(plan)]
    assert seen.document(plan)["id"] == service.current_id(plan)
    hidden = former(made, "浦东新区")
    with pytest.raises(UnknownName) as told:
        seen.document(hidden)
    assert service.current_id(hidden) not in str(told.value), "nobody hears what it is called now"


def test_the_command_line_says_that_an_id_is_an_old_one(
    made: Former, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    plan, where = former(made, "青浦区2024"), ["--home", str(service.settings.home)]
    now = service.current_id(plan)
    assert run_command(["document", plan, "--json", *where]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["id"] == now
    assert f"{plan} 是旧编号，现为 {now}" in told.err
    assert run_command(["remove", plan, *where]) == 0
    assert now not in {item["id"] for item in service.documents()}


def test_a_version_of_before_refuses_the_renamed_file(service: Service) -> None:
    with as_before(), pytest.raises(Exception, match="较新版本"):
        a_service(service.settings.home).documents()
