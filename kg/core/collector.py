"""Python's collector of cycles, held for a while.

It looks through all that lives again and again while many records are made; where none of them goes, half the time is
that.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """No collection within, of any thread; for work that is done in a moment and makes no cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
