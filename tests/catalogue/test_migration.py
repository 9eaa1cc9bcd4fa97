"""A catalogue of the first schema, made by the version of then, under the software of now."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kg.catalogue import Actor, Catalogue, schema, sealing
from kg.core.errors import CatalogueError
from kg.core.ids import document_id
from kg.core.model import Document, Passage
from tests.catalogue.test_catalogue import STEPS, a_document, some_passages

DUMP = Path(__file__).with_name("schema-0001.sql")
FIRST, THIRD = (document_id(f"/abs/docs/{number}.txt") for number in (1, 3))
NEWEST = [name for name, _ in schema.MIGRATIONS]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "home" / "catalogue.sqlite"
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(DUMP.read_text())
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode = WAL")
    return path


def renamed(document: Document) -> Document:
    return replace(document, id={"d-0000000001": FIRST, "d-0000000003": THIRD}[document.id])


def of_now(passage: Passage) -> Passage:
    return replace(passage, id=f"{THIRD}-p{passage.number}", document_id=THIRD)


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_a_reader_reads_it_as_it_is(old: Path) -> None:
    before = dump(old)
    with Catalogue.open(old, read_only=True) as catalogue:
        assert [catalogue.document(item.id) for item in catalogue.documents()] == [a_document(1), a_document(3)]
        assert catalogue.change_token(catalogue.sequence()) == ""
        assert catalogue.change_token(catalogue.sequence() + 1) is None
        assert catalogue.audit() == []
        assert catalogue.problems() == []
    assert dump(old) == before


def test_a_writer_brings_it_up_to_date_and_loses_nothing(old: Path) -> None:
    with Catalogue.open(old) as catalogue:
        assert schema.recorded(catalogue._connection) == NEWEST
        held = [catalogue.document(item.id) for item in catalogue.documents()]
        assert held == [renamed(a_document(1)), renamed(a_document(3))]
        assert tuple(catalogue.passages(THIRD)) == tuple(map(of_now, some_passages(a_document(3))))
        assert catalogue.vectors("m", ["aa"]) == {"aa": b"\x01\x02"}
        assert [(run.command, run.counts) for run in catalogue.runs()] == [
            ("remove", {"removed": 1}),
            ("ingest", {"added": 3}),
        ]
        assert (catalogue.sequence(), catalogue.change_token(4)) == (4, ""), "a generation of before is still its own"
        assert catalogue.changes_since(0)[:2] == ({FIRST, THIRD}, {"d-0000000002"})
        assert catalogue.problems() == []
        catalogue.put_document(a_document(4), (), steps=STEPS)
        assert catalogue.change_token(5) not in ("", None)
        catalogue.record(Actor("张三", "cli"), "export")
        told = [(entry.actor, entry.action) for entry in catalogue.audit()]
        assert told == [("张三", "export"), ("policykg", "lengthen-ids")]


def test_the_file_of_before_is_kept(old: Path) -> None:
    before = dump(old)
    with Catalogue.open(old):
        pass
    [kept] = [path for path in old.parent.iterdir() if "before" in path.name]
    assert dump(kept) == before
    with Catalogue.open(old) as catalogue:
        catalogue.put_document(a_document(4), (), steps=STEPS)
    assert dump(kept) == before, "the next opening does not write over it"


def test_without_a_copy_there_is_no_migration(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    before = dump(old)
    monkeypatch.setattr("kg.catalogue.connection.copy", full)
    with pytest.raises(Exception, match="空间不足"):
        Catalogue.open(old)
    assert dump(old) == before


def test_the_migrated_file_has_the_tables_of_a_new_one(old: Path, tmp_path: Path) -> None:
    def tables(path: Path) -> dict[str, str]:
        with closing(sqlite3.connect(path)) as connection:
            found = connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
            return {name: " ".join(sql.split()) for name, sql in found}

    with Catalogue.open(old), Catalogue.open(tmp_path / "new.sqlite"):
        pass
    assert tables(old) == tables(tmp_path / "new.sqlite")


def test_the_audit_log_is_only_ever_added_to(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path / "c.sqlite") as catalogue:
        catalogue.record(Actor("张三"), "export")
        for sql in ("UPDATE audit SET actor = '李四'", "DELETE FROM audit"):
            with pytest.raises(CatalogueError):
                catalogue._run(sql)
        assert [entry.actor for entry in catalogue.audit()] == ["张三"]


def test_a_row_that_is_broken_stays_so_under_the_columns_that_come(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before people's statements: sealed rows without `facts_read`."""
    first = {t: tuple(c for c in sealing.COLUMNS[t] if c != "facts_read") for t in schema._SEALED_FIRST}
    with monkeypatch.context() as then:
        then.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:4])
        then.setattr(schema, "COLUMNS", first)
        then.setattr(sealing, "COLUMNS", first)
        with Catalogue.open(old) as catalogue:
            assert list(catalogue.broken_rows(first)) == []
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("UPDATE documents SET year = 1999 WHERE id = 'd-0000000001'")
        connection.commit()
    broken = [("documents", "d-0000000001")]
    with Catalogue.open(old, read_only=True) as catalogue:
        assert list(catalogue.broken_rows()) == broken
        assert catalogue.corrections() == []
    with Catalogue.open(old) as catalogue:
        assert list(catalogue.broken_rows()) == [("documents", FIRST)]
