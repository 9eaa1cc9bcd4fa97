"""What a search may be narrowed by: the facets of a passage, and the filters of a query."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kg.core.model import Document, Passage

# Ends of administrative names; 自治区 before 区 so that 宁夏回族自治区 is one name.
_PLACE_PART = re.compile(r".+?(?:特别行政区|自治区|自治州|自治县|自治旗|地区|新区|省|市|区|县|盟|旗)")
_PLACE_TAIL = re.compile(
    r"(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|自治州|自治县|自治旗|地区|新区|省|市|区|县|盟|旗)$"
)


MOST_NAMED = 6  # bodies whose full names are read with a passage; a list of thirty would drown what it says
SHORTEST_BARE = 2  # 县 alone, or 沙 of 沙县, names no place


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions that all must hold. A place includes the places in it; `None` means any.

    `agency` holds where the agency issued the document or is named in the passage; `theme` where an activity of
    that theme or series is told in the passage. `since` and `until` are ISO dates (2024-09-05), both included:
    documents without a date are left out where either is given.
    """

    year: int | None = None
    place: str | None = None
    agency: str | None = None
    kind: str | None = None
    theme: str | None = None
    level: str | None = None
    document_id: str | None = None
    since: str | None = None
    until: str | None = None

    def given(self) -> dict[str, str | int]:
        """The conditions that are set."""
        values = ((name, getattr(self, name)) for name in _FILTERS)
        return {name: value for name, value in values if value not in (None, "")}


NO_FILTERS = Filters()
_FILTERS = tuple(field.name for field in dataclasses.fields(Filters))


@dataclass(frozen=True, slots=True)
class Facets:
    """The values of one passage for each filter.

    `shown_place` and `shown_agency` are the names that a list of facets shows; `place` and `agency` have every other
    name as well under which a filter may ask for them. `named` are the full names of bodies that the passage names
    otherwise (市局, 我委).
    """

    year: int | None
    place: tuple[str, ...]
    agency: tuple[str, ...]
    kind: tuple[str, ...]
    theme: tuple[str, ...]
    level: tuple[str, ...]
    shown_place: tuple[str, ...]
    shown_agency: tuple[str, ...]
    named: tuple[str, ...] = ()


def passage_to_facets(document: Document, passage: Passage) -> Facets:
    """Facets of a passage: those of its document, and of what the passage itself names."""
    agencies: dict[str, None] = {}
    shown = dict.fromkeys(issuer.name for issuer in document.issuers)
    for issuer in document.issuers:
        agencies |= dict.fromkeys((issuer.name, issuer.as_written))
    named: list[str] = []
    for entry in document.agencies:
        if any(form and form in passage.text for form in entry.as_written):
            if not entry.members and entry.name not in passage.text:
                named.append(entry.name)
            agencies |= dict.fromkeys((entry.name, *entry.as_written, *entry.members))
            shown |= dict.fromkeys(entry.members or (entry.name,))
    themes: dict[str, None] = {document.theme: None} if document.theme else {}
    for activity in document.activities:
        if activity.evidence.start < passage.end and activity.evidence.end > passage.start:
            themes |= dict.fromkeys((*activity.themes, *((activity.series,) if activity.series else ())))
    places = _all_names(document.region_qualified or document.region or "")
    return Facets(
        document.year,
        places,
        tuple(a for a in agencies if a),
        (document.kind,) if document.kind else (),
        tuple(themes),
        (str(document.level),) if document.level else (),
        (document.region,) if document.region else (),
        tuple(a for a in shown if a),
        tuple(named[:MOST_NAMED]),
    )


@lru_cache(maxsize=1024)
def _all_names(place: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(place_terms(place)))


def place_terms(qualified: str) -> Iterator[str]:
    """All names under which a place or what contains it is looked for.

    上海市青浦区 -> 上海市青浦区, 青浦区, 青浦, 上海市, 上海
    """
    if not qualified:
        return
    yield qualified
    position = 0
    while position < len(qualified) and (match := _PLACE_PART.match(qualified, position)):
        position = match.end()
        yield qualified[:position]
        yield match[0]
        if len(bare := _PLACE_TAIL.sub("", match[0])) >= SHORTEST_BARE:
            yield bare
