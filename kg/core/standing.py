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

    `gone`: from when another document repeals it (ISO). Dates that are no whole days tell nothing of a day.
    """
    begin = end = None
    for effect in own:
        if effect.act == IN_FORCE and effect.date:
            begin = effect.date
        elif effect.act == VALID and effect.date:
            end = effect.date
        elif effect.act == REPEALED:
            gone = min(filter(None, (gone, effect.date)), default=None)
    today = day.isoformat()
    if gone and today >= gone:
        return Standing.REPEALED, gone
    if begin and len(begin) == _DAY and today < begin:
        return Standing.NOT_YET, begin
    if end and len(end) == _DAY:
        return (Standing.EXPIRED if today > end else Standing.WITHIN), end
    return (Standing.IN_FORCE, begin) if begin else (Standing.UNKNOWN, None)
