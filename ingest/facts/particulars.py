"""When an activity takes place and for whom, from the words that tell of it."""

from __future__ import annotations

from functools import lru_cache

from ingest.facts.dates import DateReader
from ontology.forms import Forms, load


class ParticularReader:
    """Reads periods and audiences by the forms `particular.*`."""

    def __init__(self, forms: Forms) -> None:
        self._dates = DateReader(forms)
        self._not_held = forms.pattern("particular.not-held")
        self._deadline = forms.pattern("deadline.before")
        self._audience = forms.pattern("particular.audience")

    def period_in(self, words: str, year: int | None) -> tuple[str, str] | None:
        """The first date or period below a year that says when; None where only deadlines stand.

        6月30日前 is a deadline, 截至6月 a state of affairs: neither is when something is held.
        """
        for date in self._dates.find(words, year=year):
            if date.precision == "year" or date.iso_start is None or date.iso_end is None:
                continue
            if self._not_held.search(words[: date.start]) or self._deadline.match(words, date.end):
                continue
            return date.iso_start, date.iso_end
        return None

    def audience_in(self, words: str) -> str | None:
        """Whom it is for, as written: 面向中小企业…, 向广大市民宣传…."""
        found = self._audience.search(words)
        return (found["open"] or found["toward"] or found["benefit"]).removesuffix("的") if found else None


def particular_reader() -> ParticularReader:
    """The reader over the forms in use."""
    return _reader_of(load())


@lru_cache(maxsize=2)
def _reader_of(forms: Forms) -> ParticularReader:
    return ParticularReader(forms)


def period_in(words: str, year: int | None) -> tuple[str, str] | None:
    """`ParticularReader.period_in` by the forms in use."""
    return particular_reader().period_in(words, year)


def audience_in(words: str) -> str | None:
    """`ParticularReader.audience_in` by the forms in use."""
    return particular_reader().audience_in(words)
