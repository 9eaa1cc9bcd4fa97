"""Python's collector is held, and let go as it was."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kg.core import collector


@pytest.mark.parametrize("was_on", [True, False])
def test_it_rests_within_and_is_as_it_was_after_a_fault(was_on: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    state = [was_on]
    python = SimpleNamespace(
        isenabled=lambda: state[-1], disable=lambda: state.append(False), enable=lambda: state.append(True)
    )
    monkeypatch.setattr(collector, "gc", python)
    within = []

    def work() -> None:
        with collector.paused():
            within.append(state[-1])
            raise ValueError("within")

    with pytest.raises(ValueError, match="within"):
        work()
    assert within == [False]
    assert state[-1] is was_on
