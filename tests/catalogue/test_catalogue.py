"""The catalogue: round trips, replacement, removal, the log of changes, and what a kill or a foreign file does."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.catalogue import Catalogue, schema
from kg.core.errors import CatalogueError, EnvironmentProblem, NotBuilt, UnknownName
from kg.core.model import (
    Activity,
    Document,
    Evidence,
    Level,
    Party,
    Passage,
    Role,
    Status,
    decode_document,
    encode,
)
from tests import every_fact

_NEWEST = ("articles", "persons", "effects", "to_check", "fidelity")
STEPS = {"ingest": "1", "chunk": "1"}


def a_document(number: int = 1, text: str = "一、总体要求\n组织开展活动。") -> Document:
    evidence = Evidence(text[:4], 0, 4)
    party = Party("甲县教育局", "县教育局", role=Role.LEAD, place="某省甲县")
    return Document(
        id=f"d-{number:010d}",
        source=f"docs/{number}.txt",
        sha256=f"{number:064x}",
        text=text,
        title=f"关于第{number}项工作的通知",
        doc_number=f"甲教〔2024〕{number}号",
        issuers=(party,),
        kind="通知",
        date="2024-05-06",
        year=2024,
        level=Level.COUNTY,
        region="甲县",
        region_qualified="某省甲县",
        period=("2024-05-01", "2024-05-31"),
        header_evidence={"title": evidence},
        activities=(Activity("a1", "读书活动", Status.PLANNED, evidence, responsible=(party,)),),
        offsets=((0, 0), (3, 5)),
    )


def some_passages(document: Document) -> tuple[Passage, ...]:
    half = len(document.text) // 2
    spans = ((0, half), (half, len(document.text)))
    return tuple(
        Passage(f"{document.id}-p{n}", document.id, n, start, end, ("一、总体要求", "（一）"), document.text[start:end])
        for n, (start, end) in enumerate(spans, 1)
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "catalogue.sqlite"


def test_a_document_comes_back_as_it_was_put(path: Path) -> None:
    document = a_document()
    with Catalogue.open(path) as catalogue:
        outcome = catalogue.put_document(document, some_passages(document), steps=STEPS, source_key="/abs/docs/1.txt")
        assert outcome == "added"
    with Catalogue.open(path, read_only=True) as catalogue:
        assert catalogue.document(document.id) == document
        assert tuple(catalogue.passages()) == some_passages(document)
        assert catalogue.passage(f"{document.id}-p2") == some_passages(document)[1]
        summary = catalogue.summary(document.id)
        assert (summary.title, summary.year, summary.place) == (document.title, 2024, "甲县")
        assert summary.place_qualified == "某省甲县"
        assert list(catalogue.documents()) == [summary]


@settings(max_examples=40, deadline=None)
@given(text=st.text(min_size=1, max_size=60), title=st.text(max_size=20), number=st.none() | st.text(max_size=10))
def test_any_text_survives(tmp_path_factory: pytest.TempPathFactory, text: str, title: str, number: str | None) -> None:
    document = replace(a_document(text=text.encode("utf-8", "ignore").decode()), title=title, doc_number=number)
    with Catalogue.open(tmp_path_factory.mktemp("any") / "c.sqlite") as catalogue:
        catalogue.put_document(document, some_passages(document), steps=STEPS)
        assert catalogue.document(document.id) == document
        assert tuple(catalogue.passages(document.id)) == some_passages(document)


def test_the_same_again_is_unchanged_and_logs_nothing_but_a_newer_step(path: Path) -> None:
    document = a_document()
    with Catalogue.open(path) as catalogue:
        catalogue.put_document(document, some_passages(document), steps=STEPS)
        before = catalogue.sequence()
        assert catalogue.put_document(document, some_passages(document), steps=STEPS) == "unchanged"
        assert catalogue.sequence() == before
        newer = {**STEPS, "ingest": "2"}
        assert catalogue.put_document(document, some_passages(document), steps=newer) == "unchanged"
        assert catalogue.changes_since(before)[0] == {document.id}, "the graph states the step versions"
        state = catalogue.source_state(document.id)
        assert state is not None
        assert state == (document.sha256, newer), "the newer step version must be noted, or it would run for ever"


def test_a_new_version_replaces_facts_and_passages_whole(path: Path) -> None:
    old = a_document()
    new = replace(old, text="改后的全文", sha256="f" * 64, title="修订通知")
    with Catalogue.open(path) as catalogue:
        catalogue.put_document(old, some_passages(old), steps=STEPS)
        assert catalogue.put_document(new, some_passages(new)[:1], steps=STEPS) == "updated"
        assert catalogue.document(old.id) == new
        assert [p.text for p in catalogue.passages()] == ["改后"]
        assert catalogue.by_sha256(old.sha256) is None
        assert catalogue.by_sha256(new.sha256) == new.id


def test_changed_passages_alone_count_as_an_update(path: Path) -> None:
    document = a_document()
    with Catalogue.open(path) as catalogue:
        catalogue.put_document(document, some_passages(document), steps=STEPS)
        assert catalogue.put_document(document, some_passages(document)[:1], steps=STEPS) == "updated"


def test_removal_takes_passages_along(path: Path) -> None:
    one, two = a_document(1), a_document(2)
    with Catalogue.open(path) as catalogue:
        for document in (one, two):
            catalogue.put_document(document, some_passages(document), steps=STEPS)
        assert catalogue.remove_document(one.id) is True
        assert catalogue.remove_document(one.id) is False
        assert [s.id for s in catalogue.documents()] == [two.id]
        assert {p.document_id for p in catalogue.passages()} == {two.id}
        with pytest.raises(UnknownName):
            catalogue.document(one.id)


def test_changes_name_each_document_once_by_its_last_action(path: Path) -> None:
    one, two, three = (a_document(n) for n in (1, 2, 3))
    with Catalogue.open(path) as catalogue:
        catalogue.put_document(one, (), steps=STEPS)
        start = catalogue.sequence()
        catalogue.put_document(two, (), steps=STEPS)
        catalogue.put_document(three, (), steps=STEPS)
        catalogue.remove_document(two.id)
        catalogue.remove_document(one.id)
        catalogue.put_document(one, (), steps=STEPS)
        changed, removed, reached = catalogue.changes_since(start)
        assert changed == {one.id, three.id}
        assert removed == {two.id}
        assert reached == catalogue.sequence()
        assert catalogue.changes_since(reached) == (frozenset(), frozenset(), reached)


def test_the_sequence_never_goes_back(path: Path) -> None:
    document = a_document()
    with Catalogue.open(path) as catalogue:
        assert catalogue.sequence() == 0
        catalogue.put_document(document, (), steps=STEPS)
        catalogue.remove_document(document.id)
        assert catalogue.sequence() == 2
    with Catalogue.open(path) as catalogue:
        catalogue.put_document(document, (), steps=STEPS)
        assert catalogue.sequence() == 3


def test_find_takes_id_source_and_absolute_path(path: Path) -> None:
    document = a_document()
    with Catalogue.open(path) as catalogue:
        catalogue.put_document(document, (), steps=STEPS, source_key="/abs/docs/1.txt")
        assert {catalogue.find(n) for n in (document.id, document.source, "/abs/docs/1.txt")} == {document.id}
        assert catalogue.find("1.txt") is None


def test_an_unknown_document_names_the_nearest(path: Path) -> None:
    document = a_document()
    with Catalogue.open(path) as catalogue:
        catalogue.put_document(document, (), steps=STEPS)
        with pytest.raises(UnknownName) as caught:
            catalogue.document(document.id[:-1] + "9")
        assert caught.value.near == (document.id,)


def test_passages_of_another_document_are_refused(path: Path) -> None:
    with Catalogue.open(path) as catalogue:
        with pytest.raises(ValueError, match="passages of another document"):
            catalogue.put_document(a_document(1), some_passages(a_document(2)), steps=STEPS)
        assert catalogue.count() == 0


def test_vectors_are_kept_by_model_and_text(path: Path) -> None:
    with Catalogue.open(path) as catalogue:
        catalogue.put_vectors("m1", {"a": b"\x01", "b": b"\x02"})
        catalogue.put_vectors("m2", {"a": b"\x03"})
        catalogue.put_vectors("m1", {"b": b"\x04"})
        assert catalogue.vectors("m1", ["a", "b", "c"]) == {"a": b"\x01", "b": b"\x04"}
        assert catalogue.vectors("m2", iter(["a", "b"])) == {"a": b"\x03"}
        assert catalogue.vector_models() == {"m1": 2, "m2": 1}
        assert catalogue.drop_vectors("m1") == 2
        assert catalogue.vectors("m1", ["a"]) == {}


def test_runs_tell_what_was_done_and_what_was_killed(path: Path) -> None:
    with Catalogue.open(path) as catalogue:
        first = catalogue.start_run("ingest", {"ingest": "1"})
        second = catalogue.start_run("ingest", {"ingest": "1"})
        catalogue.finish_run(second, {"added": 3})
        runs = catalogue.runs()
        assert [run.id for run in runs] == [second, first]
        assert runs[0].counts == {"added": 3}
        assert runs[0].finished is not None
        assert runs[1].finished is None


def test_a_failed_put_leaves_what_was_there(path: Path) -> None:
    old = a_document()
    twice = some_passages(old)[0]
    with Catalogue.open(path) as catalogue:
        catalogue.put_document(old, some_passages(old), steps=STEPS)
        before = catalogue.sequence()
        with pytest.raises(CatalogueError):
            catalogue.put_document(replace(old, title="新"), (twice, twice), steps=STEPS)
        assert catalogue.document(old.id) == old
        assert tuple(catalogue.passages()) == some_passages(old)
        assert catalogue.sequence() == before


def test_a_kill_inside_a_transaction_leaves_the_old_document(path: Path) -> None:
    old = a_document()
    with Catalogue.open(path) as catalogue:
        catalogue.put_document(old, some_passages(old), steps=STEPS)
    script = textwrap.dedent(
        """
        import os, signal, sys
        from dataclasses import replace
        from pathlib import Path
        from kg.catalogue import Catalogue
        catalogue = Catalogue.open(Path(sys.argv[1]))
        document = catalogue.document(sys.argv[2])
        def killed(*_):
            os.kill(os.getpid(), signal.SIGKILL)
        catalogue._log = killed
        catalogue.put_document(replace(document, title="半途"), (), steps={})
        """
    )
    done = subprocess.run([sys.executable, "-c", script, str(path), old.id], check=False, env=os.environ)
    assert done.returncode == -signal.SIGKILL
    with Catalogue.open(path) as catalogue:
        assert catalogue.document(old.id) == old
        assert tuple(catalogue.passages()) == some_passages(old)
        assert catalogue.problems() == []
        assert catalogue.sequence() == 1


def test_readers_are_not_blocked_by_a_writer(path: Path) -> None:
    document = a_document()
    with Catalogue.open(path) as writer:
        writer.put_document(document, (), steps=STEPS)
        with Catalogue.open(path, read_only=True) as reader, writer._transaction():
            writer._run("DELETE FROM documents")
            assert reader.count() == 1


def test_the_file_alone_is_a_backup_though_a_reader_has_it_open(path: Path, tmp_path: Path) -> None:
    with Catalogue.open(path):
        pass
    with Catalogue.open(path, read_only=True) as reader:
        assert reader.count() == 0
        with Catalogue.open(path) as writer:
            writer.put_document(a_document(), (), steps=STEPS)
        copy = tmp_path / "copy" / "catalogue.sqlite"
        copy.parent.mkdir()
        copy.write_bytes(path.read_bytes())
        assert reader.count() == 1
    with Catalogue.open(copy, read_only=True) as backup:
        assert backup.count() == 1


def test_closing_does_not_wait_for_a_reader(path: Path) -> None:
    with Catalogue.open(path) as writer:
        writer.put_document(a_document(), (), steps=STEPS)
        with Catalogue.open(path, read_only=True) as reader:
            reader._connection.execute("BEGIN")
            assert reader.count() == 1
            writer.set_meta("key", "value")
            begun = time.monotonic()
            writer.close()
            assert time.monotonic() - begun < 5
        writer.close()
    with Catalogue.open(path, read_only=True) as again:
        assert again.meta("key") == "value"


def test_a_reader_cannot_write(path: Path) -> None:
    with Catalogue.open(path):
        pass
    with Catalogue.open(path, read_only=True) as reader, pytest.raises(EnvironmentProblem):
        reader.put_document(a_document(), (), steps=STEPS)


def test_nothing_to_read_is_said_so(path: Path) -> None:
    with pytest.raises(NotBuilt, match="policykg ingest"):
        Catalogue.open(path, read_only=True)


def test_a_newer_file_is_refused_by_reader_and_writer(path: Path) -> None:
    with Catalogue.open(path) as catalogue:
        catalogue._run("INSERT INTO migrations (name, applied) VALUES ('9999-from-the-future', '')")
    for read_only in (True, False):
        with pytest.raises(CatalogueError, match="较新版本"):
            Catalogue.open(path, read_only=read_only)


def test_an_older_file_is_migrated_by_a_writer_only(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Catalogue.open(path) as catalogue:
        catalogue.put_document(a_document(), (), steps=STEPS)
    more = (*schema.MIGRATIONS, ("0002-note", ("ALTER TABLE documents ADD COLUMN note TEXT",)))
    monkeypatch.setattr(schema, "MIGRATIONS", more)
    with pytest.raises(CatalogueError, match="较旧版本"):
        Catalogue.open(path, read_only=True)
    with Catalogue.open(path) as catalogue:
        assert catalogue._value("SELECT count(note) + 1 FROM documents") == 1
        assert catalogue.count() == 1
    with Catalogue.open(path) as catalogue:
        assert [n for (n,) in catalogue._rows("SELECT name FROM migrations ORDER BY number")] == [
            name for name, _ in more
        ]


def test_a_failed_migration_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Catalogue.open(path):
        pass
    broken = ("0002-broken", ("CREATE TABLE extra (id INTEGER)", "CREATE TABLE extra (id INTEGER)"))
    with monkeypatch.context() as patched:
        patched.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, broken))
        with pytest.raises(CatalogueError):
            Catalogue.open(path)
    with Catalogue.open(path) as catalogue:
        assert catalogue._one("SELECT 1 FROM sqlite_schema WHERE name = 'extra'") is None


def test_a_file_that_is_no_database_is_refused_in_one_line(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database at all, but long enough to be looked at" * 40)
    for read_only in (True, False):
        with pytest.raises(CatalogueError, match="已损坏"):
            Catalogue.open(path, read_only=read_only)


def test_a_torn_file_is_reported_not_raised_raw(path: Path) -> None:
    with Catalogue.open(path) as catalogue:
        for number in range(60):
            document = a_document(number)
            catalogue.put_document(document, some_passages(document), steps=STEPS)
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + os.urandom(len(whole) - 4096))
    with pytest.raises(CatalogueError):
        Catalogue.open(path)


def test_another_programs_database_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE theirs (id INTEGER)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(CatalogueError, match="不是 policykg"):
        Catalogue.open(path)
    assert path.read_bytes() == before


def test_facts_that_do_not_decode_say_what_to_do(path: Path) -> None:
    document = a_document()
    with Catalogue.open(path) as catalogue:
        catalogue.put_document(document, (), steps=STEPS)
        catalogue._run("UPDATE documents SET facts = x'7b7d'")
        with pytest.raises(CatalogueError, match=f"policykg remove {document.id}"):
            catalogue.document(document.id)


def test_facts_of_before_the_newest_fields_are_read_as_without_them() -> None:
    """A row as software of before wrote it: no deadline of a task, no articles, no confidence of a figure ..."""
    document = every_fact.document()
    fields = {
        "activities": ("deadline", "rule", "confidence"),
        "figures": ("direction", "time", "status", "rule", "confidence"),
        "deadlines": ("as_written", "rule", "confidence"),
        "agencies": ("spans", "rule", "confidence"),
    }
    old = {name: value for name, value in json.loads(encode(document)).items() if name not in _NEWEST}
    for key, names in fields.items():
        old[key] = [{name: value for name, value in fact.items() if name not in names} for fact in old[key]]
    read = decode_document(json.dumps(old).encode())
    assert (read.activities[0].deadline, read.figures[0].status, read.agencies[0].spans) == (None, None, ())
    assert all(getattr(read, name) == () for name in _NEWEST)
    assert read == decode_document(encode(read))


def test_every_kind_of_fact_comes_back_as_it_was_put(path: Path) -> None:
    document = every_fact.document()
    with Catalogue.open(path) as catalogue:
        catalogue.put_document(document, (), steps=STEPS)
    with Catalogue.open(path, read_only=True) as catalogue:
        assert catalogue.document(document.id) == document


def test_a_new_catalogue_has_a_new_identity(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path / "a") as one, Catalogue.open(tmp_path / "b") as two:
        assert one.identity() != two.identity()
        kept = one.identity()
    with Catalogue.open(tmp_path / "a", read_only=True) as again:
        assert again.identity() == kept


def test_a_reader_of_an_older_state_still_has_what_was_replaced_or_removed(path: Path) -> None:
    first, second = a_document(1), a_document(2)
    newer = replace(first, text="改后的全文", title="修订通知", sha256="f" * 64)
    with Catalogue.open(path) as catalogue:
        catalogue.put_document(first, (), steps=STEPS)
        catalogue.put_document(second, (), steps=STEPS)
        shown = catalogue.sequence()
        catalogue.put_document(newer, (), steps=STEPS)
        between = catalogue.sequence()
        catalogue.put_document(replace(newer, title="再修订通知"), (), steps=STEPS)
        catalogue.remove_document(second.id)
        with Catalogue.open(path, read_only=True, as_of=shown) as reader:
            assert [reader.document(key) for key in (first.id, second.id)] == [first, second]
            assert (reader.summary(first.id).title, reader.summary(second.id).title) == (first.title, second.title)
            assert reader.count() == 1
        with Catalogue.open(path, read_only=True, as_of=between) as reader:
            assert reader.document(first.id) == newer
        assert catalogue.document(first.id).title == "再修订通知"
        with pytest.raises(UnknownName):
            catalogue.document(second.id)
        assert catalogue.forget_superseded(between) == 1
        with Catalogue.open(path, read_only=True, as_of=between) as reader:
            assert [reader.document(key) for key in (first.id, second.id)] == [newer, second]
        assert catalogue.forget_superseded(catalogue.sequence()) == 2
