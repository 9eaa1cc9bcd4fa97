"""Jobs for a reader, and what came of them."""

from __future__ import annotations

from pathlib import Path

from kg.build.reading import Job, Reader, Reading
from kg.build.sources import Source


def job(number: int, data: bytes) -> Job:
    """A source that is called by its number."""
    return Job(Source(Path(str(number)), str(number), f"/{number}"), str(number), data)


def read_all(using: Reader, *contents: bytes) -> list[tuple[bytes, Reading]]:
    """What came of each, in the order given."""
    results = list(using.readings(iter([job(n, data) for n, data in enumerate(contents)])))
    assert [j.sha256 for j, _ in results] == [str(n) for n in range(len(contents))]
    return [(j.data, reading) for j, reading in results]
