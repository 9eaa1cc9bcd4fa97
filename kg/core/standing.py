"""What a document's own words and its repeal mean for a day: not yet in force, in force, expired, repealed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum

from kg.core.model import Effect

IN_FORCE, REPEALED, VALID = "施行", "废止", "有效期"
_DAY = len("2024-01-01")


class Standing(StrEnum):
    """How a document stands on a day, as far as what is held tells it."""

    REPEALED = "repealed"
    NOT_YET = "not-yet"
    EXPIRED = "expired"
    WITHIN = "within"  # the period of validity that it names
    IN_FORCE = "in-force"  # it began, and nothing that is held ends it
    UNKNOWN = "unknown"  # it does not say from when


def standing(own: Iterable[Effect], gone: str | None, day: dt.date) -> tuple[Standing, str | None]:
    """The standing and the date that it rests on, from what a document says of itself (effects without a target).

    `gone`: from when another document repeals it (ISO). A date may be a year or a month: within it nothing is told of
    a day, but for a period of validity, which lasts until its end. Of several days on which it comes into force the
    first counts, of several periods the longest.
    """
    own = list(own)
    begin = min((e.date for e in own if e.act == IN_FORCE and e.date), default=None)
    end = max((e.date for e in own if e.act == VALID and e.date), default=None)
    gone = min((day for day in (gone, *(e.date for e in own if e.act == REPEALED)) if day), default=None)
    if gone and _reached(gone, day):
        return Standing.REPEALED, gone
    if begin and _reached(begin, day) is False:
        return Standing.NOT_YET, begin
    if end:
        return (Standing.EXPIRED if day.isoformat()[: len(end)] > end else Standing.WITHIN), end
    return (Standing.IN_FORCE, begin) if begin and _reached(begin, day) else (Standing.UNKNOWN, None)


def _reached(date: str, day: dt.date) -> bool | None:
    """Whether a day is the date or later; None within a month or a year that names no day."""
    today = day.isoformat()[: len(date)]
    if today == date:
        return True if len(date) == _DAY else None
    return today > date
