"""The graph at endpoints: the same as on this machine, published so that nobody sees half of it."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.build.generations import current_manifest
from kg.core.config import Settings
from kg.core.errors import EnvironmentProblem, Locked, PolicyKGError, RefusedQuery
from kg.graph.addresses import addresses
from kg.graph.endpoint import EndpointStore
from kg.graph.stamp import read_stamp
from kg.service import Service
from tests.endpoints import Between, empty, free_port, oxigraph, virtuoso

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = json.loads((ROOT / "tests" / "ask" / "questions" / "first.json").read_text(encoding="utf-8"))
TEXT = (
    "海城市市场监督管理局关于开展{year}年质量月活动的通知\n\n各区市场监督管理局：\n\n现将有关事项通知如下。\n\n一、活动内容\n\n"
    "1．举办“{what}”活动。（责任单位：市发展和改革委员会）\n\n海城市市场监督管理局\n{year}年9月1日\n"
)


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    one, two = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two")
    with oxigraph(one) as first, oxigraph(two) as second:
        yield first, second


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """The samples with the graph on this machine."""
    service = Service(Settings(home=tmp_path_factory.mktemp("here"), embedder="none"))
    assert service.ingest([ROOT / "samples"])["failed"] == []
    return service


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The samples with the graph at the first of two endpoints, which no other test empties."""
    home, one, two = (tmp_path_factory.mktemp(name) for name in ("there", "one", "two"))
    with oxigraph(one) as first, oxigraph(two) as second:
        service = Service(Settings(home=home, embedder="none", graph=f"{first},{second}"))
        assert service.ingest([ROOT / "samples"])["failed"] == []
        yield service


def exported(service: Service, tmp_path: Path) -> list[bytes]:
    target = tmp_path / f"{time.monotonic_ns()}.nq"
    service.export("graph", "nq", target)
    return sorted(target.read_bytes().splitlines())


def rows(service: Service, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in service.query(query).terms]


def told(service: Service, question: str) -> dict[str, Any]:
    found = service.ask(question)
    return {key: value for key, value in found.items() if key != "elapsed_ms"}


def test_the_same_statements_are_there(here: Service, there: Service, tmp_path: Path) -> None:
    assert exported(there, tmp_path) == exported(here, tmp_path)
    assert there.check()["problems"] == []
    assert not (there.settings.home / "current" / "graph").exists()


def test_saved_queries_give_the_same_rows(here: Service, there: Service) -> None:
    for query in here.saved_queries():
        assert rows(there, query["text"]) == rows(here, query["text"]), query["name"]


def test_questions_get_the_same_answers(here: Service, there: Service) -> None:
    assert len(QUESTIONS) > 50
    for item in QUESTIONS:
        assert told(there, item["question"]) == told(here, item["question"])


def test_other_views_are_the_same(here: Service, there: Service) -> None:
    assert there.agencies() == here.agencies()
    assert there.assignments() == here.assignments()


def test_what_people_may_not_ask_is_refused_there_too(there: Service) -> None:
    for query in (
        "SELECT * { SERVICE <http://h/q> { ?s ?p ?o } }",
        "CLEAR ALL",
        "SELECT * FROM <http://h/g> { ?s ?p ?o }",
    ):
        with pytest.raises(RefusedQuery):
            there.query(query)


def test_a_query_is_stopped_by_who_asked(there: Service) -> None:
    from kg.service.running import RunningQuery

    quick = RunningQuery(there, "SELECT ?s WHERE { ?s a pkg:Document }")
    assert len(quick.result().terms) == 8
    slow = RunningQuery(there, "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER (?c > ?i) }")
    assert not slow.wait(0.5)
    slow.stop()
    with pytest.raises(RefusedQuery, match="已停止"):
        slow.result()


class Pair:
    """A home with some texts, and two endpoints behind proxies."""

    def __init__(self, tmp_path: Path, servers: tuple[str, ...], *, lock_seconds: float = 0.5) -> None:
        for server in servers:
            empty(server)
        self.texts = tmp_path / "texts"
        self.texts.mkdir()
        for number in range(3):
            self.write(number, "质量集市")
        self.proxies = [Between(server) for server in servers]
        self.settings = Settings(
            home=tmp_path / "home",
            embedder="none",
            graph=",".join(proxy.url for proxy in self.proxies),
            lock_seconds=lock_seconds,
        )
        self.service = Service(self.settings)

    def write(self, number: int, what: str) -> None:
        text = TEXT.format(year=2020 + number, what=what)
        (self.texts / f"{number}.txt").write_text(text, encoding="utf-8")

    def ingest(self) -> int:
        report = self.service.ingest([self.texts])
        assert report["failed"] == []
        return int(report["generation"])

    def same_as_here(self, tmp_path: Path) -> None:
        home = tmp_path / f"again-{time.monotonic_ns()}"
        again = Service(dataclasses.replace(self.settings, home=home, graph=""))
        again.ingest([self.texts])
        assert exported(self.service, tmp_path) == exported(again, tmp_path)

    def names(self) -> set[str]:
        found = self.service.query("SELECT DISTINCT ?name WHERE { ?e a schema:Event ; schema:name ?name }")
        return {str(row[0]) for row in found.rows}

    def stamp(self, number: int) -> Any:
        (address,) = addresses(self.proxies[number].url)
        return read_stamp(EndpointStore(address))

    def at(self) -> str:
        manifest = current_manifest(self.settings.home)
        assert manifest is not None
        return str(manifest.entries.get("graph_at"))


@pytest.fixture
def pair(tmp_path: Path, servers: tuple[str, str]) -> Iterator[Pair]:
    made = Pair(tmp_path, servers)
    yield made
    made.service.close()
    for proxy in made.proxies:
        proxy.close()


@pytest.fixture
def single(tmp_path: Path, servers: tuple[str, str]) -> Iterator[Pair]:
    made = Pair(tmp_path, servers[:1])
    yield made
    made.service.close()
    made.proxies[0].close()


def test_only_what_changed_is_written(pair: Pair, tmp_path: Path) -> None:
    pair.ingest()
    pair.write(1, "质量讲堂")
    pair.ingest()
    assert pair.at() == pair.proxies[1].url
    for proxy in pair.proxies:
        proxy.requests.clear()
    pair.write(1, "质量展览")
    pair.ingest()
    first, second = pair.proxies
    assert pair.at() == first.url
    assert second.updates == [], "what is read now is not touched"
    text = "\n".join(first.updates)
    changed = {item["id"] for item in pair.service.documents() if item["source"].endswith("1.txt")}
    others = {item["id"] for item in pair.service.documents()} - changed
    assert len(first.updates) <= 5, "two for the stamp"
    assert "质量展览" in text
    assert not any(f"/graph/{ident}>" in text for ident in others)
    assert "/graph/reference/" not in text
    pair.same_as_here(tmp_path)


@pytest.mark.long
def test_a_removed_document_is_gone_from_both_in_turn(pair: Pair, tmp_path: Path) -> None:
    pair.ingest()
    pair.ingest()
    (gone,) = (item["id"] for item in pair.service.documents() if item["source"].endswith("0.txt"))
    pair.service.remove([gone])
    (pair.texts / "0.txt").unlink()
    pair.same_as_here(tmp_path)
    pair.write(2, "质量展览")
    pair.ingest()
    pair.same_as_here(tmp_path)


@pytest.mark.long
def test_a_reader_keeps_its_state_and_is_waited_for(pair: Pair, tmp_path: Path) -> None:
    pair.ingest()
    reader = Service(pair.settings).staying()
    query = "SELECT DISTINCT ?name WHERE { ?e a schema:Event ; schema:name ?name }"
    before = rows(reader, query)
    pair.write(1, "质量讲堂")
    pair.ingest()
    assert "举办“质量讲堂”活动" in "".join(pair.names())
    assert rows(reader, query) == before
    pair.write(1, "质量展览")
    with pytest.raises(Locked, match="仍有进程在读") as caught:
        pair.ingest()
    assert pair.proxies[0].url in caught.value.message
    assert rows(reader, query) == before, "nothing of it was written"
    assert "质量讲堂" in "".join(pair.names()), "the generation before goes on"
    assert pair.service.status()["pending"] is True
    del reader
    pair.service.rebuild()
    assert "质量展览" in "".join(pair.names())
    pair.same_as_here(tmp_path)


@pytest.mark.long
def test_a_server_that_nobody_asks_keeps_no_endpoint(pair: Pair) -> None:
    pair.ingest()
    idle = Service(pair.settings)
    idle.overview()
    pair.write(1, "质量讲堂")
    pair.ingest()
    pair.write(1, "质量展览")
    pair.service = Service(dataclasses.replace(pair.settings, lock_seconds=10.0))
    assert pair.ingest() == 3
    assert idle.generation()["number"] == 3


@pytest.mark.parametrize(
    "updates", [2, pytest.param(1, marks=pytest.mark.long), pytest.param(4, marks=pytest.mark.long)]
)
def test_whoever_dies_while_writing_leaves_the_generation_before(pair: Pair, tmp_path: Path, updates: int) -> None:
    pair.ingest()
    pair.write(1, "质量讲堂")
    standby = pair.proxies[1]
    standby.requests.clear()
    standby.most_updates, standby.hangs = updates, True
    process = subprocess.Popen(
        [sys.executable, "-c", "from kg.cli import main; main()", "ingest", str(pair.texts)],
        env={
            **os.environ,
            "POLICYKG_HOME": str(pair.settings.home),
            "POLICYKG_GRAPH": pair.settings.graph,
            "POLICYKG_EMBEDDER": "none",
            "PYTHONPATH": str(ROOT),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert standby.is_hanging.wait(60)
    process.send_signal(signal.SIGKILL)
    process.wait()
    standby.pass_on()
    assert pair.stamp(1).state == "writing"
    assert "质量讲堂" not in "".join(pair.names())
    pair.service.rebuild()
    assert pair.stamp(1).state == "ready"
    assert pair.at() == standby.url
    assert "质量讲堂" in "".join(pair.names())
    pair.same_as_here(tmp_path)


def test_one_endpoint_is_written_in_place(single: Pair, tmp_path: Path) -> None:
    single.ingest()
    reader = Service(single.settings).staying()
    assert len(rows(reader, "SELECT ?d WHERE { ?d a pkg:Document }")) == 3
    single.proxies[0].requests.clear()
    single.write(1, "质量讲堂")
    single.ingest()
    assert len(single.proxies[0].updates) <= 5
    newer = rows(reader, "SELECT ?name WHERE { ?e a schema:Event ; schema:name ?name }")
    assert "质量讲堂" in str(newer), "what the manual says of one endpoint"
    single.same_as_here(tmp_path)


@pytest.mark.long
def test_half_a_state_is_refused_where_there_is_but_one_endpoint(single: Pair, tmp_path: Path) -> None:
    single.ingest()
    reader = Service(single.settings).staying()
    rows(reader, "ASK { ?s ?p ?o }")
    single.write(1, "质量讲堂")
    single.proxies[0].requests.clear()
    single.proxies[0].most_updates = 1
    with pytest.raises(EnvironmentProblem, match="不可用"):
        single.ingest()
    single.proxies[0].pass_on()
    with pytest.raises(EnvironmentProblem, match="正在写入，或上次写入中断"):
        Service(single.settings).query("SELECT ?d WHERE { ?d a pkg:Document }")
    time.sleep(1.1)
    with pytest.raises(EnvironmentProblem, match="正在写入，或上次写入中断"):
        reader.query("SELECT ?d WHERE { ?d a pkg:Document }")
    with pytest.raises(EnvironmentProblem, match="正在写入，或上次写入中断"):
        reader.agencies()
    single.ingest()
    single.same_as_here(tmp_path)


@pytest.mark.long
def test_the_graph_of_another_home_is_not_written_over(pair: Pair, servers: tuple[str, str], tmp_path: Path) -> None:
    pair.ingest()
    other = Service(dataclasses.replace(pair.settings, home=tmp_path / "other"))
    with pytest.raises(EnvironmentProblem, match="另一个索引目录的图"):
        other.ingest([pair.texts])
    assert pair.service.check()["problems"] == []
    for server in servers:
        empty(server)
    other.rebuild()
    assert other.check()["problems"] == []
    with pytest.raises(EnvironmentProblem, match="另一次发布"):
        Service(pair.settings).query("ASK { ?s ?p ?o }")


@pytest.mark.long
def test_nothing_of_another_base_stays(pair: Pair) -> None:
    pair.ingest()
    moved = Service(dataclasses.replace(pair.settings, base_iri="https://gov.example.cn/id/"))
    for _ in pair.proxies:
        moved.rebuild()
        assert len(rows(moved, "SELECT DISTINCT ?d WHERE { ?d a pkg:Document }")) == 3


@pytest.mark.long
def test_from_this_machine_to_endpoints_and_back(pair: Pair, tmp_path: Path) -> None:
    home = Service(dataclasses.replace(pair.settings, graph=""))
    home.ingest([pair.texts])
    before = exported(home, tmp_path)
    home.close()
    assert "graph_at" in pair.service.status()["stale"]
    assert exported(pair.service, tmp_path) == before, "what is published is read where it is"
    pair.service.rebuild()
    assert pair.at() == pair.proxies[0].url
    assert exported(pair.service, tmp_path) == before
    with pytest.raises(EnvironmentProblem, match="POLICYKG_GRAPH"):
        home.query("ASK { ?s ?p ?o }")
    home.rebuild()
    assert pair.at() == "None"
    assert exported(home, tmp_path) == before


def test_what_nobody_set_up_to_update_is_told(pair: Pair) -> None:
    pair.proxies[0].answers = [200, 403, 403]
    with pytest.raises(EnvironmentProblem) as caught:
        pair.ingest()
    assert pair.proxies[0].url in caught.value.message


@pytest.mark.long
def test_no_file_of_the_home_holds_the_password(pair: Pair) -> None:
    graph = pair.settings.graph.replace("http://", "http://li:s3cret@")
    service = Service(dataclasses.replace(pair.settings, graph=graph))
    service.ingest([pair.texts])
    service.query("ASK { ?s ?p ?o }")
    assert "s3cret" not in json.dumps([service.status(), service.check()])
    files = [path for path in pair.settings.home.rglob("*") if path.is_file()]
    assert len(files) > 5
    assert [path for path in files if b"s3cret" in path.read_bytes()] == []


@pytest.mark.long
def test_audiences_keep_their_graph_on_this_machine(pair: Pair) -> None:
    few = pair.texts / "few"
    few.mkdir()
    (pair.texts / "1.txt").rename(few / "1.txt")
    rights = f'[groups]\nfew = {{ folders = ["{few}"] }}\n[readers]\n"li@example.cn" = ["few"]\n'
    pair.settings.home.mkdir(parents=True, exist_ok=True)
    (pair.settings.home / "rights.toml").write_text(rights, encoding="utf-8")
    pair.ingest()
    held = pair.service.rights()
    assert held is not None
    (groups,) = (each for each in held.audiences() if each)
    restricted = pair.service.seen_by(groups)
    for proxy in pair.proxies:
        proxy.requests.clear()
    assert len(rows(restricted, "SELECT ?d WHERE { ?d a pkg:Document }")) == 1
    assert [proxy.requests for proxy in pair.proxies] == [[], []]
    assert len(rows(pair.service, "SELECT ?d WHERE { ?d a pkg:Document }")) == 3


@pytest.mark.long
def test_a_backup_holds_no_endpoint_and_restores_to_those_that_are_set(pair: Pair, tmp_path: Path) -> None:
    pair.ingest()
    (pair.settings.home / "policykg.toml").write_text('graph = "http://li:s3cret@h/query"\n', encoding="utf-8")
    pair.service.backup(tmp_path / "b.zip")
    import zipfile

    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert not any(b"s3cret" in archive.read(name) for name in archive.namelist())
    before = exported(pair.service, tmp_path)
    target = dataclasses.replace(pair.settings, home=tmp_path / "restored")
    restored = Service(target)
    restored.restore(tmp_path / "b.zip")
    assert restored.status()["documents"] == 3
    restored.rebuild()
    assert exported(restored, tmp_path) == before


@pytest.mark.parametrize("command", [["ask", "谁负责质量集市？"], ["sparql", "ASK { ?s ?p ?o }"], ["rebuild"]])
def test_an_endpoint_that_is_down_is_one_sentence_and_status_2(pair: Pair, command: list[str]) -> None:
    port = free_port()
    graph = f"http://li:s3cret@127.0.0.1:{port}/query"
    if command != ["rebuild"]:
        with oxigraph(pair.settings.home.parent / "data", port):
            Service(dataclasses.replace(pair.settings, graph=graph)).ingest([pair.texts])
    else:
        Service(dataclasses.replace(pair.settings, graph="")).ingest([pair.texts])
    done = subprocess.run(
        [sys.executable, "-c", "from kg.cli import main; main()", *command],
        env={
            **os.environ,
            "POLICYKG_HOME": str(pair.settings.home),
            "POLICYKG_GRAPH": graph,
            "POLICYKG_EMBEDDER": "none",
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 2
    assert f"http://127.0.0.1:{port}/query 不可用（拒绝连接）" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "s3cret" not in done.stdout + done.stderr


def test_a_setting_that_is_no_address_is_told_before_anything_is_done(pair: Pair) -> None:
    service = Service(dataclasses.replace(pair.settings, graph="h:7878"))
    with pytest.raises(PolicyKGError, match="POLICYKG_GRAPH"):
        service.ingest([pair.texts])
    assert service.status()["documents"] == 0


def _in_any_order(row: tuple[Any, ...]) -> tuple[str, ...]:
    """A row whose lists (GROUP_CONCAT DISTINCT says nothing of their order) are sorted."""
    texts = (str(getattr(term, "lexical", term)) for term in row)
    return tuple("、".join(sorted(re.split("[、；]", text))) for text in texts)


@pytest.mark.long
def test_virtuoso_gives_the_same_rows(here: Service, tmp_path: Path) -> None:
    with virtuoso(tmp_path) as url:
        service = Service(Settings(home=tmp_path / "home", embedder="none", graph=url, query_seconds=60.0))
        assert service.ingest([ROOT / "samples"])["failed"] == []
        assert service.status()["entries"]["quads"] == here.status()["entries"]["quads"]
        different = set()
        for query in here.saved_queries():
            found, wanted = (sorted(map(_in_any_order, rows(each, query["text"]))) for each in (service, here))
            if found != wanted:
                different.add(query["name"])
        assert different == set()
        # numbers come back in their shortest form (0.920 as 0.92, the decimal 1 as an integer); all else is as it was
        mine, its = (set(exported(each, tmp_path)) for each in (here, service))
        numbers = {b"<https://w3id.org/policykg/ontology#confidence>", b"<https://schema.org/value>"}
        assert {line.split()[1] for line in mine - its} == numbers
        assert len(mine - its) == len(its - mine) > 0
