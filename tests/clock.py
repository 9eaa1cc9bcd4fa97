"""How the time of a piece of work grows with the length of its text, measured so that a busy machine fails no test."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

Work = Callable[[], object]

_ATTEMPTS = 6
_UNSEEN = 0.01  # seconds: what no clock resolves


def cpu_seconds(work: Work, runs: int = 3) -> float:
    """CPU seconds of the quickest of some runs, without the collector, which walks what other tests left behind."""
    taken = []
    for _ in range(runs):
        gc.collect()
        gc.disable()
        try:
            begun = time.process_time()
            work()
            taken.append(time.process_time() - begun)
        finally:
            gc.enable()
    return min(taken)


def growth(prepare: Callable[[int], Work], short: int, enough: float = 12) -> float:
    """How many times as long ten times the length takes; at most about 12 where time grows with length.

    `prepare` gets a length and returns the work to be timed. The least of some attempts, the last of them the first
    that is `enough`: a slow machine only ever adds, while work whose time grows with the square takes a hundred times
    as long in every attempt.
    """
    gc.collect()
    gc.freeze()  # what other tests left behind is not walked again in each run
    small, large = prepare(short), prepare(10 * short)
    small()  # imports and caches
    least = float("inf")
    for _ in range(_ATTEMPTS):
        base = cpu_seconds(small)
        least = min(least, max(cpu_seconds(large, runs=2) - _UNSEEN, 0.0) / max(base, _UNSEEN / 2))
        if least <= enough:
            break
    return least
