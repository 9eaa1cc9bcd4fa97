"""A part of an object that opens on first use."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    once = cached_property
else:

    class once(cached_property):  # noqa: N801 - a decorator
        """A part that opens on first use, once, though several threads ask: from 3.12 on nothing else sees to that."""

        def __get__(self, instance: Any, owner: type[Any] | None = None) -> Any:
            if instance is None:
                return self
            with instance.opening.setdefault(self.attrname, threading.RLock()):  # whoever needs another part goes on
                return super().__get__(instance, owner)
