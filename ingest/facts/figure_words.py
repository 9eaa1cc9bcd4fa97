"""What the words around a figure say of it: which way it changed, whose it is, of what time, wished for or reached."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.facts.dates import DateReader
from kg.core.making import made_by_slots
from kg.core.numerals import parse_number
from ontology.forms import Forms
from ontology.forms.quick import Quick

_BASE = re.compile(r"(?:比|较|与|相比|比照|自|以来)\s?$")
_FAR = 100
_LONGEST_DATE = 24  # characters
_MONTHS = {"上": (1, 6), "下": (7, 12)}


@made_by_slots
@dataclass(frozen=True, slots=True)
class Told:
    """What was read around one figure; None where the text does not tell."""

    direction: str | None
    time: str | None
    status: str | None
    scope: str | None
    as_of: str | None


class FigureWords:
    """Reads the words around figures."""

    def __init__(self, forms: Forms) -> None:
        self._change = forms.quick("figure.change")
        self._scope = forms.quick("figure.scope")
        self._time = forms.quick("figure.time")
        self._target = forms.pattern("figure.target")
        self._achieved = forms.pattern("figure.achieved")
        self._as_of = forms.quick("figure.asof")
        self._dates = DateReader(forms)

    def told(self, text: str, *, sentence: int, clause: int, left: int, start: int, end: int, year: int | None) -> Told:
        """The words of `text[sentence:end]` on the figure `text[start:end]`.

        `clause` is where its clause begins, `left` where the words that belong to it alone begin, `year` the
        document's.
        """
        sentence = max(sentence, start - _FAR)
        time = self._time_of(text, sentence, start, year)
        return Told(
            direction=self._direction(text[left:start]),
            time=time,
            status=self._status(text[max(sentence, min(clause, start)) : end + 8], time, year),
            scope=_last(self._scope, text, sentence, start),
            as_of=self._as_of_day(text, sentence, start, year),
        )

    def _direction(self, left: str) -> str | None:
        found = None
        for m in self._change.finditer(left):
            found = m["way"]
        return found

    def _time_of(self, text: str, begin: int, end: int, year: int | None) -> str | None:
        found: str | None = None
        for m in self._time.finditer(text, begin, end):
            if not _BASE.search(text[max(begin, m.start() - 3) : m.start()]):
                found = self._iso(m, year) or found
        return found

    def _iso(self, m: re.Match[str], year: int | None) -> str | None:
        """2012年 -> 2012; 2024年上半年 -> 2024-01/2024-06; 去年 -> the year before the document's."""
        if m["y"]:
            own: int | None = int(m["y"])
        elif year is None:
            own = None
        else:
            own = year + {"去": -1, "上": -1, "前": -2, "明": 1}.get((m["rel"] or "今")[0], 0)
            if m["rel"] is None and m["all"] is None and m["half0"] is None and m["q0"] is None:
                own = None
        if own is None:
            return None
        if m["y2"]:
            return f"{own}/{m['y2']}"
        if m["m"]:
            return f"{own}-{int(m['m']):02d}"
        half, quarter = m["half"] or m["rhalf"] or m["half0"], m["q"] or m["rq"] or m["q0"]
        if half:
            first, last = _MONTHS[half]
            return f"{own}-{first:02d}/{own}-{last:02d}"
        if quarter:
            n = int(parse_number(quarter) or 1)
            first = 1 if m["upto"] or m["rupto"] or m["upto0"] else 3 * n - 2
            return f"{own}-{first:02d}/{own}-{3 * n:02d}"
        return str(own)

    def _status(self, around: str, time: str | None, year: int | None) -> str | None:
        if time is not None and year is not None:
            spoken = int(time[-4:] if "/" in time and len(time) == 9 else time[:4])
            if spoken != year:
                return "target" if spoken > year else "achieved"
        wished, reached = self._target.search(around), self._achieved.search(around)
        if wished:
            return "target"
        return "achieved" if reached else None

    def _as_of_day(self, text: str, begin: int, end: int, year: int | None) -> str | None:
        """截至2023年底 -> 2023-12-31; 截至目前 -> 目前."""
        found = None
        for m in self._as_of.finditer(text, begin, end):
            if now := m["now"] or m["today"]:
                found = now
                continue
            day = next(iter(self._dates.find(text[m.end() : m.end() + _LONGEST_DATE], year=year)), None)
            if day is not None and day.start == 0 and m.end() + day.end <= end:
                found = day.iso_end or found
        return found


def _last(pattern: Quick, text: str, begin: int, end: int) -> str | None:
    found = None
    for m in pattern.finditer(text, begin, end):
        found = m[0]
    return found
