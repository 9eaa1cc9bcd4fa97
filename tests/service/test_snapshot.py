"""The parts of a generation: each made once, whoever asks, and without waiting for the others."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from kg.core.config import Settings
from kg.service import Service
from kg.service import network as module
from kg.service.citations import Citations
from kg.service.network import Network, network_of

_LONG = 20.0  # seconds; far more than anything here takes


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service(Settings(home=tmp_path_factory.mktemp("home"), embedder="none", file_seconds=0))
    service.ingest_samples()
    yield service
    service.close()


@pytest.fixture
def fresh(service: Service) -> Service:
    """The same with nothing opened."""
    return Service(service.settings)


def test_a_part_is_made_once_though_several_ask(fresh: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    class Counted(Network):
        def __init__(self, *args, **kwargs) -> None:
            made.append(args[1])
            super().__init__(*args, **kwargs)

    monkeypatch.setattr(module, "Network", Counted)
    snapshot = fresh.snapshot()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: network_of(snapshot), range(8)))
    assert made == [None]
    assert {id(one) for one in found} == {id(found[0])}
    assert network_of(snapshot, 2024) is not found[0]
    assert made == [None, 2024]


def test_a_part_that_is_being_made_holds_up_no_other(fresh: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Event(), threading.Event()
    read = Citations.read

    def slow(*args):
        begun.set()
        assert go_on.wait(_LONG)
        return read(*args)

    monkeypatch.setattr(Citations, "read", slow)
    snapshot = fresh.snapshot()
    with ThreadPoolExecutor(3) as pool:
        citations = pool.submit(lambda: snapshot.citations)
        assert begun.wait(_LONG)
        try:
            assert pool.submit(lambda: snapshot.names).result(_LONG).labels
            assert pool.submit(lambda: snapshot.reference).result(_LONG).places
            waits = pool.submit(lambda: snapshot.citations)
            assert not waits.done()
        finally:
            go_on.set()
        assert citations.result(_LONG) is waits.result(_LONG)


def test_who_sees_contacts_shares_the_network_of_all(fresh: Service) -> None:
    snapshot = fresh.snapshot()
    assert network_of(snapshot.whole) is network_of(snapshot)


def test_a_picture_leaves_the_network_as_it_was(fresh: Service) -> None:
    whole = fresh.agency_picture()
    network = network_of(fresh.snapshot())
    before = {frozenset(edge) for edge in network.graph.edges}
    by_tie = fresh.agency_picture(tie="activity")
    assert by_tie["total_ties"] < whole["total_ties"] == len(before)
    assert {frozenset(edge) for edge in network.graph.edges} == before
    assert fresh.agency_picture() == whole
