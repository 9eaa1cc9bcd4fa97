"""One catalogue for several machines: the same everywhere, whoever writes, and whenever somebody is killed."""

from __future__ import annotations

import dataclasses
import itertools
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import kg.shared.head as heads
from kg.build.generations import current_manifest
from kg.build.lineage import catalogue_of
from kg.build.sharing import Shared
from kg.catalogue import sealing
from kg.catalogue.outbox import Copy
from kg.core.config import Settings
from kg.core.errors import EnvironmentProblem, Locked, UsageError
from kg.service import Service, migrating
from kg.shared import rows
from kg.shared.session import Session
from tests.build import shared as them
from tests.seekdb import Seekdb, seekdb

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seekdb]:
    with seekdb(tmp_path_factory.mktemp("seekdb")) as running:
        yield running


@pytest.fixture
def store(server: Seekdb) -> str:
    """An empty one, for a test that needs its own."""
    return server.database()


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    for number in range(3):
        them.write(tmp_path / "texts", number)
    return tmp_path / "texts"


@dataclasses.dataclass
class Pair:
    """Two machines over one store, which most tests here use one after another; each adds texts of its own."""

    store: str
    folder: Path
    first: Service
    second: Service
    numbers: Iterator[int] = dataclasses.field(default_factory=itertools.count)

    def text(self, folder: Path, what: str = "") -> Path:
        """A text like no other; its events are called `what`."""
        number = next(self.numbers)
        return them.write(folder, number, what or f"第{number}号")

    def lose(self, folder: Path) -> Path:
        """A text that the first commits, and that never reaches the store; then the second writes. Its folder."""
        self.text(folder / "lost")
        them.killed(them.BEFORE_SENDING, self.first.settings.home, self.store, folder / "lost")
        _end_turns(self.second)
        self.text(folder / "more")
        self.second.ingest([folder / "more"])
        return folder / "lost"

    def settle(self) -> int:
        """See that both are as the store, and what they hold is in order; how many documents there are."""
        them.follow(self.first, self.second)
        assert them.differences(self.first, self.second) == []
        assert them.titles(self.first) == them.titles(self.second)
        assert self.first.newest() == self.second.newest()
        return len(self.first.documents())


@pytest.fixture(scope="module")
def shared(server: Seekdb, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    store, folder = server.database(), tmp_path_factory.mktemp("pair")
    first = them.machine(folder / "first", store)
    for number in range(3):
        them.write(folder / "texts", number)
    assert first.ingest([folder / "texts"])["failed"] == []
    return Pair(store, folder, first, them.machine(folder / "second", store), itertools.count(10))


@pytest.fixture
def pair(shared: Pair) -> Pair:
    _end_turns(shared.first)
    assert shared.settle() >= 3
    return shared


def test_an_empty_home_has_all_of_it(pair: Pair) -> None:
    first, second = pair.first, pair.second
    assert current_manifest(second.settings.home) == current_manifest(first.settings.home)
    assert second.ask("质量月由哪些单位负责？")["answer"] == first.ask("质量月由哪些单位负责？")["answer"]
    assert first.check()["problems"] == second.check()["problems"] == []


def test_whoever_writes_all_see_it(pair: Pair, tmp_path: Path) -> None:
    before = pair.settle()
    pair.second.ingest([pair.text(tmp_path)])
    assert pair.settle() == before + 1
    gone = pair.second.documents()[-1]["id"]
    pair.first.remove([gone])
    assert pair.settle() == before
    assert gone not in {each["id"] for each in pair.second.documents()}


def test_a_reader_stays_at_its_version(pair: Pair, tmp_path: Path) -> None:
    path = pair.text(tmp_path)
    pair.first.ingest([tmp_path])
    pair.settle()
    ident = pair.second.document(str(path))["id"]
    reader = pair.second.staying()
    words = reader.document(ident)["title"]
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(words, "关于另一件事的通知"), encoding="utf-8")
    pair.first.ingest([tmp_path])
    pair.settle()
    assert reader.document(ident)["title"] == words, "what its generation shows, though the rows have gone on"
    assert pair.second.document(ident)["title"] != words


def test_a_file_that_stays_is_sent_once(pair: Pair, tmp_path: Path) -> None:
    files = Shared.of(pair.first.settings).files
    before = files.held()
    pair.text(tmp_path)
    pair.first.ingest([tmp_path])
    new = files.held() - before
    manifest = current_manifest(pair.first.settings.home)
    assert manifest is not None
    assert 0 < len(new) < len(set(manifest.files.values()))
    pair.settle()
    assert current_manifest(pair.second.settings.home) == manifest


def test_what_was_committed_before_a_kill_is_sent_with_the_next_writing(pair: Pair, tmp_path: Path) -> None:
    before = pair.settle()
    pair.text(tmp_path / "lost")
    them.killed(them.BEFORE_SENDING, pair.first.settings.home, pair.store, tmp_path / "lost")
    them.follow(pair.second)
    assert len(pair.second.documents()) == before, "nobody has heard of it"
    pair.text(tmp_path / "more")
    pair.first.ingest([tmp_path / "more"])
    assert pair.settle() == before + 2


def test_what_was_committed_before_a_kill_is_undone_where_others_wrote(
    pair: Pair, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = pair.settle()
    lost = pair.lose(tmp_path)
    assert pair.settle() == before + 1
    assert "以共享存储为准" in caplog.text
    pair.first.ingest([lost])
    assert pair.settle() == before + 2


@pytest.mark.parametrize("patch", [them.BEHIND_THE_COMMIT, them.BEFORE_INSTALLING])
def test_what_reached_the_store_before_a_kill_stays(patch: str, pair: Pair, tmp_path: Path) -> None:
    before = pair.settle()
    pair.text(tmp_path / "one")
    them.killed(patch, pair.first.settings.home, pair.store, tmp_path / "one")
    _end_turns(pair.second)
    pair.text(tmp_path / "more")
    pair.second.ingest([tmp_path / "more"])
    assert pair.settle() == before + 2
    assert pair.first.check()["problems"] == pair.second.check()["problems"] == []


def test_who_was_killed_need_not_wait_for_himself(pair: Pair, tmp_path: Path) -> None:
    pair.text(tmp_path)
    them.killed(them.BEFORE_INSTALLING, pair.first.settings.home, pair.store, tmp_path)
    begun = time.monotonic()
    pair.first.ingest([tmp_path])
    assert time.monotonic() - begun < heads.LEASE / 2


def test_a_cut_while_it_is_undone_loses_no_note(pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = pair.settle()
    pair.lose(tmp_path)

    def cut(*_: object) -> None:
        raise EnvironmentProblem("cut off")

    with monkeypatch.context() as patched:
        patched.setattr(rows, "_take_over", cut)
        with pytest.raises(EnvironmentProblem, match="cut off"):
            Shared.of(pair.first.settings).catch_up()
    assert pair.settle() == before + 1


def test_a_machine_that_begins_in_the_midst_shows_what_is_published(pair: Pair, tmp_path: Path) -> None:
    ident = pair.first.documents()[0]["id"]
    theme = pair.first.document(ident)["theme"]
    statement = {"action": "correct", "document": ident, "path": "document", "values": {"theme": "还没有发布的事"}}
    pair.first.correct([statement], publish=False)
    third = them.machine(tmp_path / "third", pair.store)
    assert third.document(ident)["theme"] == theme
    pair.first.undo_correction(pair.first.corrections()[0]["id"])
    them.follow(third)
    assert third.document(ident)["theme"] == theme


def test_a_store_that_is_away_leaves_the_copy_to_read(pair: Pair, tmp_path: Path) -> None:
    away = Service(dataclasses.replace(pair.first.settings, store="mysql://root@127.0.0.1:1/nowhere"))
    assert them.titles(away) == them.titles(pair.first)
    with pytest.raises(EnvironmentProblem, match="无法连接"):
        away.ingest([pair.text(tmp_path)])
    assert "无法连接" in "".join(each["message"] for each in away.check()["problems"])


def test_a_machine_builds_what_its_own_rights_ask_for(pair: Pair, tmp_path: Path) -> None:
    path = pair.text(tmp_path / "few")
    pair.first.ingest([tmp_path / "few"])
    third = them.machine(tmp_path / "third", pair.store)
    rights = f'[groups]\nfew = {{ folders = ["{path.parent}"] }}\n[readers]\n"li@example.cn" = ["few"]\n'
    (tmp_path / "third" / "rights.toml").write_text(rights, encoding="utf-8")
    them.follow(third)
    held = third.rights()
    assert held is not None
    (groups,) = (each for each in held.audiences() if each)
    assert len(third.seen_by(groups).documents()) == 1
    gone = third.seen_by(groups).documents()[0]["id"]
    pair.first.remove([gone])
    them.follow(third)
    assert third.seen_by(groups).documents() == []


def test_a_copy_of_a_home_is_another_machine(pair: Pair, tmp_path: Path) -> None:
    shutil.copytree(pair.first.settings.home, tmp_path / "copied", symlinks=True)
    copied = Shared.of(dataclasses.replace(pair.first.settings, home=tmp_path / "copied"))
    own = Shared.of(pair.first.settings)
    assert copied.who != own.who
    with own.turn(1), pytest.raises(Locked), copied.turn(0.3):
        pass
    assert Shared.of(pair.first.settings).who == own.who


def test_one_at_a_time_and_a_turn_that_was_lost_cannot_write(pair: Pair) -> None:
    session = Shared.of(pair.first.settings).session
    with heads.turn(session, "one", 1):
        with pytest.raises(Locked, match="另一台机器") as caught, heads.turn(session, "other", 0.3):
            pass
        assert "进程" in caught.value.message
        with session.together() as writing:
            heads.move(writing, "token", "one")
        before = heads.read_head(session)
        _end_turns(pair.first)  # as where nothing was heard of the holder
        with heads.turn(session, "other", 1):
            with pytest.raises(EnvironmentProblem, match="没有进入存储"), session.together() as writing:
                heads.move(writing, "late", "one")
            assert heads.read_head(session) == before


def test_a_turn_is_kept_for_as_long_as_the_work_takes(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "LEASE", 0.6)
    monkeypatch.setattr(heads, "_SIGNS", 0.1)
    session = Shared.of(pair.first.settings).session
    with heads.turn(session, "one", 1), pytest.raises(Locked), heads.turn(session, "other", 1.5):
        pass


def test_lines_that_need_no_turn_are_sent_while_another_writes(pair: Pair) -> None:
    before = len(pair.first.audit())
    with heads.turn(Shared.of(pair.first.settings).session, "one", 1):
        assert pair.second.record("export", {"what": "graph", "format": "ttl"})
    pair.settle()
    assert len(pair.first.audit()) == before + 1
    pair.second.keep_question("质量月由哪些单位负责？", name="谁负责")
    pair.first.keep_question("哪些区开展过质量月？", name="哪些区")
    pair.settle()
    assert {each["name"] for each in pair.second.kept_questions()} == {"谁负责", "哪些区"}
    assert pair.first.kept_questions() == pair.second.kept_questions()
    assert [e["action"] for e in pair.first.audit()] == [e["action"] for e in pair.second.audit()]


def test_corrections_reach_all(pair: Pair) -> None:
    first, second = pair.first, pair.second
    ident = second.documents()[0]["id"]
    second.correct([{"action": "correct", "document": ident, "path": "document", "values": {"theme": "另一件事"}}])
    pair.settle()
    assert first.document(ident)["theme"] == "另一件事"
    first.undo_correction(first.corrections()[0]["id"])
    pair.settle()
    assert second.document(ident)["theme"] != "另一件事"


def test_generations_that_somebody_reads_stay(pair: Pair, tmp_path: Path) -> None:
    held = Shared.of(pair.first.settings)
    path = pair.text(tmp_path, "读书周")
    pair.second.ingest([tmp_path])
    pair.settle()
    reader = pair.second.staying()
    number = pair.second.newest()
    assert number is not None
    them.follow(pair.second)
    assert number in [each["number"] for each in held.nodes.others()]
    for what in ("科技周", "环境月", "安全月"):
        path.write_text(path.read_text(encoding="utf-8").replace("读书周", what), encoding="utf-8")
        pair.first.ingest([tmp_path])
    assert number in held.files.generations(held.session)
    assert len(reader.search("“读书周开放日”", top=20)) == 1, "its rows are not cleared away"
    del reader
    pair.settle()
    pair.text(tmp_path)
    pair.first.ingest([tmp_path])
    assert number not in held.files.generations(held.session)


def test_two_that_write_at_once_lose_nothing(pair: Pair, tmp_path: Path) -> None:
    before = pair.settle()
    folders = [tmp_path / "of-first", tmp_path / "of-second"]
    for folder in folders:
        for _ in range(5):
            pair.text(folder)
    reports: dict[int, object] = {}

    def work(at: int, service: Service) -> None:
        reports[at] = service.ingest([folders[at]])["failed"]

    running = [threading.Thread(target=work, args=(at, each)) for at, each in enumerate((pair.first, pair.second))]
    for each in running:
        each.start()
    for each in running:
        each.join()
    assert reports == {0: [], 1: []}
    assert pair.settle() == before + 10
    assert pair.first.check()["problems"] == pair.second.check()["problems"] == []


def test_a_filling_that_was_cut_off_goes_on(
    tmp_path: Path, texts: Path, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Service(Settings(home=tmp_path / "own", embedder="none"))
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
    own = Service(Settings(home=tmp_path / "own", embedder="none"))
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
    alone = Service(Settings(home=tmp_path / "third", embedder="none"))
    assert _exported(alone, tmp_path) == before
    assert [alone.document(each["id"]) for each in alone.documents()] == facts
    assert alone.check()["problems"] == []
    assert (tmp_path / "third" / "current" / "fulltext").is_dir()
    alone.ingest([them.write(tmp_path / "more", 7, "科技周")])
    them.follow(shared)
    assert len(shared.documents()) == 3, "the two have parted"
    with pytest.raises(UsageError, match="独立写入"):
        alone.migrate(store)


def test_tables_that_were_half_made_are_made(
    tmp_path: Path, texts: Path, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, calls = Session.write, []

    def sometimes(self: Session, sql: str, values: tuple[object, ...] = ()) -> int:
        calls.append(sql)
        if len(calls) == 9:
            raise EnvironmentProblem("cut off")
        return write(self, sql, values)

    with monkeypatch.context() as patched:
        patched.setattr(Session, "write", sometimes)
        with pytest.raises(EnvironmentProblem, match="cut off"):
            them.machine(tmp_path / "first", store).ingest([texts])
    first = them.machine(tmp_path / "first", store)
    assert first.ingest([texts])["failed"] == []
    assert them.differences(first) == []


def test_a_way_back_that_was_cut_off_goes_on(
    tmp_path: Path, texts: Path, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = them.machine(tmp_path / "first", store)
    first.ingest([texts])

    def cut(*_: object, **__: object) -> None:
        raise EnvironmentProblem("cut off")

    with monkeypatch.context() as patched:
        patched.setattr(migrating, "publish", cut)
        with pytest.raises(EnvironmentProblem, match="cut off"):
            first.migrate_back()
    assert first.migrate_back()["documents"] == 3
    alone = Service(dataclasses.replace(first.settings, store=""))
    assert alone.check()["problems"] == []
    assert len(alone.search("“质量月开放日”", top=20)) > 0


def test_the_latest_line_comes_first_in_every_audit(tmp_path: Path, texts: Path, store: str) -> None:
    first = them.machine(tmp_path / "first", store)
    first.ingest([texts])
    for _ in range(3):
        time.sleep(1.05)  # lines bear seconds
        first.record("export", {"what": "graph", "format": "ttl"})
        first.rebuild()
    second = them.machine(tmp_path / "second", store)
    assert [each["at"] for each in second.audit()] == sorted((each["at"] for each in second.audit()), reverse=True)
    assert len(second.audit()) == len(first.audit()) == 7


def test_a_copy_whose_store_is_lost_can_stand_alone(tmp_path: Path, texts: Path, store: str) -> None:
    first = them.machine(tmp_path / "first", store)
    first.ingest([texts])
    alone = Service(dataclasses.replace(first.settings, store=""))
    titles = them.titles(first)
    assert alone.migrate_back()["documents"] == 3
    assert them.titles(alone) == titles
    assert alone.check()["problems"] == []


def test_a_store_of_another_version_is_refused(pair: Pair, tmp_path: Path) -> None:
    shared = Shared.of(pair.first.settings)
    shared.session.write("UPDATE policykg_head SET form = '9/later'")
    try:
        with pytest.raises(EnvironmentProblem, match="同一版本"):
            them.machine(tmp_path / "third", pair.store)
        with pytest.raises(EnvironmentProblem, match="同一版本"):
            pair.first.ingest([pair.text(tmp_path)])
    finally:
        shared.session.write("UPDATE policykg_head SET form = %s", (shared.form,))


def test_check_tells_where_a_copy_is_not_as_the_store(pair: Pair) -> None:
    with Copy.open(catalogue_of(pair.second.settings.home)) as copy:
        copy.take("aliases", [sealing.sealed("aliases", former="d-0000000000", current="d-1")])
        copy.connection.execute("DELETE FROM outbox")
    try:
        (told,) = [each for each in pair.second.check()["problems"] if each["code"] == "shared"]
        assert "aliases" in told["message"]
    finally:
        with Copy.open(catalogue_of(pair.second.settings.home)) as copy:
            copy.connection.execute("DELETE FROM aliases")
            copy.connection.execute("DELETE FROM outbox")
    assert pair.second.check()["problems"] == []


def _end_turns(service: Service) -> None:
    Shared.of(service.settings).session.write("UPDATE policykg_turn SET until = 0")


def _exported(service: Service, folder: Path) -> list[str]:
    target = folder / "export.nq"
    service.export("graph", "nq", target)
    return sorted(target.read_text(encoding="utf-8").splitlines())
