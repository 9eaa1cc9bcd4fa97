"""What a dask worker answers, asked without dask: it reads where all is the same, and says what it lacks or has otherwise."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.build import remote
from kg.build.reading import Job, read_job, read_with
from kg.build.remote import DIFFERS, READ, READY, WANTS, prepare, read_there, stamp_of
from kg.build.sources import Source
from ontology.carried import packed
from ontology.reference import load_reference, version_of
from tests.cluster import OWN

TEXT = """青浦区市场监督管理局文件

关于开展2024年青浦区质量月活动的通知

各街镇：

    现将有关事项通知如下。

一、活动内容

    1.组织“质量开放日”活动。面向市民开放实验室。（责任单位：区质促中心、各街镇）

                                  青浦区市场监督管理局
                                  2024年9月1日
"""
LIMITS = (120.0, 1200)

# Other tests leave threads; a copy made here holds none of their locks.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")


@pytest.fixture(autouse=True)
def worker() -> Iterator[None]:
    """A worker that has just been started."""
    remote._sites.clear()
    yield
    while remote._children:
        remote._children.pop()[1].close()
    remote._sites.clear()


@pytest.fixture
def own(tmp_path: Path) -> str:
    (tmp_path / "own.ttl").write_text(OWN)
    return str(tmp_path / "own.ttl")


def job(name: str = "通知.txt") -> Job:
    return Job(Source(Path("/nowhere") / name, name, f"/nowhere/{name}"), "0", TEXT.encode())


def test_it_reads_as_this_process_does_with_the_additions_that_were_sent(own: str) -> None:
    stamp = stamp_of(version_of(own))
    answers = [
        read_there(stamp, additions, LIMITS, pickle.dumps(read_with), pickle.dumps(job()))
        for additions in (None, packed(own), None)
    ]
    assert [kind for kind, _ in answers] == [WANTS, READ, READ]
    here = read_job(job(), own)
    assert here.document is not None
    assert "青浦区质量发展促进中心".encode() in answers[1][1]
    assert answers[1] == answers[2]
    assert pickle.loads(answers[1][1]) == here  # noqa: S301 - made above
    assert len(remote._children) == 1, "the process was not kept for the next file"


def test_without_additions_nothing_is_waited_for() -> None:
    assert prepare(stamp_of(version_of()), b"") == (READY, None)


@pytest.mark.parametrize("name", ["program", "ingest", "chunk", "ocr"])
def test_another_version_is_told_before_anything_is_unpickled(name: str) -> None:
    stamp = {**stamp_of(version_of()), name: "another"}
    kind, theirs = read_there(stamp, b"", LIMITS, b"no pickle", b"no pickle")
    assert kind == DIFFERS
    assert theirs[name] != "another"
    assert theirs["at"]


def test_other_reference_data_are_told(own: str) -> None:
    kind, theirs = prepare(stamp_of("of another release"), packed(own))
    assert (kind, theirs["data"]) == (DIFFERS, load_reference(own).version)
    assert remote._sites == {}


def test_additions_that_do_not_fit_the_data_here_are_told(tmp_path: Path) -> None:
    (tmp_path / "own.ttl").write_text(OWN.replace("place/上海市青浦区>", "place/没有的地方>"))
    kind, theirs = prepare(stamp_of("of another release"), packed(str(tmp_path / "own.ttl")))
    assert kind == DIFFERS
    assert "own.ttl" in theirs["data"]


def test_data_of_earlier_runs_are_let_go(tmp_path: Path) -> None:
    for name in ("甲", "乙", "丙"):
        (tmp_path / f"{name}.ttl").write_text(OWN.replace("质量发展", name))
        setting = str(tmp_path / f"{name}.ttl")
        assert prepare(stamp_of(version_of(setting)), packed(setting))[0] == READY
    assert len(remote._sites) == 2
