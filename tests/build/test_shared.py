"""One catalogue for several machines: the same everywhere, whoever writes, and whenever somebody is killed."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

import kg.shared.head as heads
from kg.build.generations import current_manifest
from kg.build.lineage import catalogue_of
from kg.build.sharing import Shared
from kg.catalogue.outbox import Copy
from kg.core.config import Settings
from kg.core.errors import EnvironmentProblem, Locked, UsageError
from kg.service import Service
from tests.build import shared as them
from tests.seekdb import Seekdb, seekdb

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seekdb]:
    with seekdb(tmp_path_factory.mktemp("seekdb")) as running:
        yield running


@pytest.fixture
def store(server: Seekdb) -> str:
    return server.database()


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    for number in range(3):
        them.write(tmp_path / "texts", number)
    return tmp_path / "texts"


@pytest.fixture
def first(tmp_path: Path, store: str, texts: Path) -> Service:
    """A machine that has taken three texts in."""
    service = them.machine(tmp_path / "first", store)
    assert service.ingest([texts])["failed"] == []
    return service


@pytest.fixture
def second(tmp_path: Path, store: str, first: Service) -> Service:
    """Another, which begins with an empty home."""
    assert first.newest()
    return them.machine(tmp_path / "second", store)


def test_an_empty_home_has_all_of_it(first: Service, second: Service) -> None:
    assert them.titles(second) == them.titles(first)
    assert current_manifest(second.settings.home) == current_manifest(first.settings.home)
    assert second.ask("质量月由哪些单位负责？")["answer"] == first.ask("质量月由哪些单位负责？")["answer"]
    assert them.differences(first, second) == []
    assert second.check()["problems"] == []


def test_whoever_writes_all_see_it(first: Service, second: Service, tmp_path: Path) -> None:
    second.ingest([them.write(tmp_path / "more", 7, "科技周")])
    them.follow(first)
    assert them.titles(first) == them.titles(second)
    assert len(first.documents()) == 4
    gone = first.documents()[0]["id"]
    first.remove([gone])
    them.follow(second)
    assert gone not in {each["id"] for each in second.documents()}
    assert first.newest() == second.newest() == 3
    assert them.differences(first, second) == []
    assert first.check()["problems"] == second.check()["problems"] == []


def test_a_reader_stays_at_its_version(first: Service, second: Service, texts: Path) -> None:
    reader = second.staying()
    before = {each["id"]: each["title"] for each in reader.documents()}
    ident = next(iter(before))
    words = reader.document(ident)["title"]
    them.write(texts, 0, "科技周")
    first.ingest([texts])
    them.follow(second)
    assert reader.document(ident)["title"] == words, "what the generation shows, though the rows have gone on"
    assert "科技周" in "".join(them.titles(second))
    assert them.differences(first, second) == []


def test_a_file_that_stays_is_sent_once(first: Service, second: Service, texts: Path) -> None:
    files = Shared.of(first.settings).files
    before = files.held()
    them.write(texts, 1, "科技周")
    first.ingest([texts])
    new = files.held() - before
    manifest = current_manifest(first.settings.home)
    assert manifest is not None
    assert 0 < len(new) < len(set(manifest.files.values()))
    them.follow(second)
    assert current_manifest(second.settings.home) == manifest


def test_what_was_committed_before_a_kill_is_sent_with_the_next_writing(
    first: Service, tmp_path: Path, store: str
) -> None:
    them.killed(them.BEFORE_SENDING, first.settings.home, store, them.write(tmp_path / "more", 7, "科技周"))
    second = them.machine(tmp_path / "second", store)
    assert len(second.documents()) == 3, "nobody has heard of it"
    first.ingest([them.write(tmp_path / "more", 8, "环境月")])
    them.follow(second)
    assert len(second.documents()) == 5
    assert them.differences(first, second) == []


def test_what_was_committed_before_a_kill_is_undone_where_others_wrote(
    first: Service, second: Service, tmp_path: Path, store: str, caplog: pytest.LogCaptureFixture
) -> None:
    lost = them.write(tmp_path / "more", 7, "科技周")
    them.killed(them.BEFORE_SENDING, first.settings.home, store, lost)
    second.ingest([them.write(tmp_path / "more", 8, "环境月")])
    them.follow(first)
    assert "撤回" in caplog.text
    assert them.titles(first) == them.titles(second)
    assert them.differences(first, second) == []
    first.ingest([lost])
    them.follow(second)
    assert len(second.documents()) == 5
    assert them.differences(first, second) == []


@pytest.mark.parametrize("patch", [them.BEHIND_THE_COMMIT, them.BEFORE_INSTALLING])
def test_what_reached_the_store_before_a_kill_stays(
    patch: str, first: Service, second: Service, tmp_path: Path, store: str
) -> None:
    path = them.write(tmp_path / "more", 7, "科技周")
    them.killed(patch, first.settings.home, store, path)
    with suppress(Locked):  # the dead one's turn ends in half a minute
        them.follow(second)
    assert "科技周" in "".join(them.titles(second)) or patch == them.BEHIND_THE_COMMIT
    _end_turns(first)
    second.ingest([them.write(tmp_path / "more", 8, "环境月")])
    them.follow(first)
    assert len(first.documents()) == len(second.documents()) == 5
    assert them.differences(first, second) == []
    assert first.check()["problems"] == second.check()["problems"] == []


def test_one_at_a_time_and_a_turn_that_was_lost_cannot_write(first: Service) -> None:
    session = Shared.of(first.settings).session
    with heads.turn(session, "one", 1):
        with pytest.raises(Locked, match="另一台机器") as caught, heads.turn(session, "other", 0.3):
            pass
        assert "进程" in caught.value.message
        with session.together() as writing:
            heads.move(writing, "token", "one")
        before = heads.read_head(session)
        _end_turns(first)  # as where nothing was heard of the holder
        with heads.turn(session, "other", 1):
            with pytest.raises(Locked, match="没有进入存储"), session.together() as writing:
                heads.move(writing, "late", "one")
            assert heads.read_head(session) == before


def test_a_turn_is_kept_for_as_long_as_the_work_takes(first: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "LEASE", 0.6)
    monkeypatch.setattr(heads, "_SIGNS", 0.1)
    session = Shared.of(first.settings).session
    with heads.turn(session, "one", 1), pytest.raises(Locked), heads.turn(session, "other", 1.5):
        pass


def test_lines_that_need_no_turn_are_sent_while_another_writes(first: Service, second: Service) -> None:
    before = len(first.audit())
    with heads.turn(Shared.of(first.settings).session, "one", 1):
        assert second.record("export", {"what": "graph", "format": "ttl"})
    them.follow(first)
    assert len(first.audit()) == before + 1
    second.keep_question("质量月由哪些单位负责？", name="谁负责")
    first.keep_question("哪些区开展过质量月？", name="哪些区")
    them.follow(first, second)
    assert {each["name"] for each in second.kept_questions()} == {each["name"] for each in first.kept_questions()}
    assert [e["action"] for e in first.audit()] == [e["action"] for e in second.audit()]
    assert them.differences(first, second) == []


def test_corrections_reach_all(first: Service, second: Service) -> None:
    ident = second.documents()[0]["id"]
    second.correct([{"action": "correct", "document": ident, "path": "document", "values": {"theme": "另一件事"}}])
    them.follow(first)
    assert first.document(ident)["theme"] == "另一件事"
    first.undo_correction(first.corrections()[0]["id"])
    them.follow(second)
    assert second.document(ident)["theme"] != "另一件事"
    assert them.differences(first, second) == []


def test_generations_that_somebody_reads_stay(first: Service, second: Service, texts: Path) -> None:
    reader = second.staying()
    them.follow(second)
    held = Shared.of(first.settings)
    assert [each["number"] for each in held.nodes.others()] == [1]
    for what in ("科技周", "环境月", "读书月"):
        them.write(texts, 1, what)
        first.ingest([texts])
    assert set(held.files.generations()) == {1, 3, 4}
    found = reader.search("“质量月开放日”", top=20)
    assert len(found) == 1, "its rows are not cleared away"
    del reader
    them.follow(second)
    them.write(texts, 1, "质量月")
    first.ingest([texts])
    assert set(held.files.generations()) == {4, 5}


def test_a_filling_that_was_cut_off_goes_on(
    tmp_path: Path, texts: Path, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kg.shared import rows

    own = Service(Settings(home=tmp_path / "own"))
    own.ingest([texts])
    monkeypatch.setattr(rows, "_STEP", 5)
    send, calls = rows.Rows._send, []

    def sometimes(self: rows.Rows, *args: object, **named: object) -> int:
        calls.append(1)
        if len(calls) == 3:
            raise EnvironmentProblem("cut off")
        return send(self, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(rows.Rows, "_send", sometimes)
    with pytest.raises(EnvironmentProblem, match="cut off"):
        own.migrate(store)
    with pytest.raises(EnvironmentProblem, match="尚未写完"):
        them.machine(tmp_path / "second", store).documents()
    head = Shared.of(dataclasses.replace(own.settings, store=store)).head()
    assert head is not None
    assert not head.is_complete
    with Copy.open(catalogue_of(own.settings.home), read_only=True) as copy:
        left = copy.waiting()[0]
    assert left > 0
    monkeypatch.undo()
    assert own.migrate(store)["documents"] == 3
    second = them.machine(tmp_path / "second", store)
    shared = them.machine(own.settings.home, store)
    assert them.differences(shared, second) == []
    assert them.titles(second) == them.titles(shared)


def test_there_and_back_is_the_same(tmp_path: Path, texts: Path, store: str) -> None:
    own = Service(Settings(home=tmp_path / "own"))
    own.ingest([texts])
    before = _exported(own, tmp_path)
    facts = [own.document(each["id"]) for each in own.documents()]
    assert own.migrate(store)["generation"] == 2
    shared = them.machine(own.settings.home, store)
    assert _exported(shared, tmp_path) == before
    with pytest.raises(UsageError, match="migrate --back"):
        own.ingest([texts])
    third = them.machine(tmp_path / "third", store)
    assert third.migrate_back()["documents"] == 3
    alone = Service(Settings(home=tmp_path / "third"))
    assert _exported(alone, tmp_path) == before
    assert [alone.document(each["id"]) for each in alone.documents()] == facts
    assert alone.check()["problems"] == []
    assert (tmp_path / "third" / "current" / "fulltext").is_dir()
    alone.ingest([them.write(tmp_path / "more", 7, "科技周")])
    them.follow(shared)
    assert len(shared.documents()) == 3, "the two have parted"
    with pytest.raises(UsageError, match="独立写入"):
        alone.migrate(store)


def test_a_copy_whose_store_is_lost_can_stand_alone(first: Service) -> None:
    alone = Service(dataclasses.replace(first.settings, store=""))
    titles = them.titles(first)
    assert alone.migrate_back()["documents"] == 3
    assert them.titles(alone) == titles
    assert alone.check()["problems"] == []


def test_a_store_of_another_version_is_refused(first: Service, tmp_path: Path, store: str) -> None:
    Shared.of(first.settings).session.write("UPDATE policykg_head SET form = '9/later'")
    with pytest.raises(EnvironmentProblem, match="同一版本"):
        them.machine(tmp_path / "second", store)


def test_two_that_write_at_once_lose_nothing(first: Service, second: Service, tmp_path: Path) -> None:
    folders = [tmp_path / "of-first", tmp_path / "of-second"]
    for at, folder in enumerate(folders):
        for number in range(5):
            them.write(folder, 10 * (at + 1) + number, "科技周")
    reports: dict[int, object] = {}

    def work(at: int, service: Service) -> None:
        reports[at] = service.ingest([folders[at]])["failed"]

    running = [threading.Thread(target=work, args=(at, each)) for at, each in enumerate((first, second))]
    for each in running:
        each.start()
    for each in running:
        each.join()
    assert reports == {0: [], 1: []}
    them.follow(first, second)
    assert len(first.documents()) == len(second.documents()) == 13
    assert them.differences(first, second) == []
    assert first.check()["problems"] == second.check()["problems"] == []


def _end_turns(service: Service) -> None:
    Shared.of(service.settings).session.write("UPDATE policykg_turn SET until = 0")


def _exported(service: Service, folder: Path) -> list[str]:
    target = folder / "export.nq"
    service.export("graph", "nq", target)
    return sorted(target.read_text(encoding="utf-8").splitlines())
