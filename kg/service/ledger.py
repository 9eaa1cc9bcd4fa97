"""任务台账: every task that a document sets, with its bodies, its deadline, and what a later report tells of it.

That no report tells of a task says nothing of whether it was done: the state is then 逾期未见通报 or 部署.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from kg.catalogue import Catalogue
from kg.core.model import Activity, Document, Party, Status

Json = dict[str, Any]

TOLD, OVERDUE, SET = "已见通报", "逾期未见通报", "部署"
STATES = (OVERDUE, SET, TOLD)
ROLES = {"lead": "牵头", "co": "配合", None: "负责"}
_SAME = (
    0.55  # share of two titles' pairs of characters from which on they tell of one task; .5 takes one 宣传 for another
)
_ALIKE = 0.25  # the same for tasks of one series
_YEARS = 1  # years after the plan in which a report may still tell of it


@dataclass(frozen=True, slots=True)
class _Report:
    """A reported activity with its document."""

    document: Document
    activity: Activity
    pairs: frozenset[str]
    bodies: frozenset[str]


def ledger(catalogue: Catalogue, *, today: date | None = None) -> list[Json]:
    """All tasks, those with the nearest deadline first.

    A row: `document_id`, `document`, `source`, `year`, `place`, `no`, `task`, `bodies` (`[{"name", "role"}]`), `shared`
    (the bodies are those of the task above), `due`, `due_as_written`, `state`, `told` (the words of the report that
    tells of it, as evidence with `document`), `quote`, `start`, `end`, `review`.
    """
    day = (today or datetime.now().astimezone().date()).isoformat()
    documents = list(catalogue.with_activities())
    reports = [report for document in documents for report in _reports(document)]
    rows = [row for document in documents for row in _tasks(document, reports, day)]
    return sorted(rows, key=lambda row: (row["due"] or "9999", -(row["year"] or 0), row["document_id"], row["start"]))


def _reports(document: Document) -> Iterator[_Report]:
    for activity in document.activities:
        if activity.status is Status.REPORTED:
            bodies = frozenset(name for party in activity.responsible for name in _names(party))
            yield _Report(document, activity, _pairs(activity.title), bodies)


def _tasks(document: Document, reports: Sequence[_Report], today: str) -> Iterator[Json]:
    held = {activity.id: activity for activity in document.activities}
    for activity in document.activities:
        if activity.status is not Status.PLANNED:
            continue
        carrier = _carrier(activity, held)
        due = activity.deadline.date if activity.deadline else None
        report = _told(document, activity, carrier, reports)
        state = TOLD if report else OVERDUE if due and _last(due) < today else SET
        yield {
            "document_id": document.id,
            "document": document.called,
            "source": document.source,
            "year": document.year,
            "place": document.region,
            "no": activity.no,
            "task": activity.title,
            "bodies": [{"name": party.name, "role": ROLES[party.role]} for party in carrier.responsible],
            "shared": carrier is not activity,
            "due": due,
            "due_as_written": activity.deadline.as_written if activity.deadline else None,
            "state": state,
            "told": _words(report.document, report.activity) if report else None,
            **_span(activity),
            "review": activity.review or next((p.review for p in activity.responsible if p.review), None),
        }


def _carrier(activity: Activity, held: dict[str, Activity]) -> Activity:
    """The activity whose bodies carry this one: itself, or the nearest above it that names any."""
    at: Activity | None = activity
    seen: set[str] = set()
    while at is not None and at.id not in seen:
        if at.responsible:
            return at
        seen.add(at.id)
        at = held.get(at.parent or "")
    return activity


def _told(document: Document, task: Activity, carrier: Activity, reports: Iterable[_Report]) -> _Report | None:
    """The report that tells of a task: of the same campaign's time and place, in the same words or of one series."""
    pairs = _pairs(task.title)
    bodies = {name for party in carrier.responsible for name in _names(party)}
    best: tuple[float, _Report] | None = None
    for report in reports:
        if report.document.id == document.id or not _later(document, report.document):
            continue
        near = bool(bodies & report.bodies) or _same_place(document, report)
        alike = _share(pairs, report.pairs)
        series = task.series is not None and task.series == report.activity.series
        if near and (alike >= _SAME or (series and alike >= _ALIKE)) and (best is None or alike > best[0]):
            best = (alike, report)
    return best[1] if best else None


def _later(plan: Document, report: Document) -> bool:
    if plan.year is None or report.year is None:
        return False
    if not plan.year <= report.year <= plan.year + _YEARS:
        return False
    return not (plan.date and report.date) or plan.date <= report.date


def _same_place(document: Document, report: _Report) -> bool:
    """A report of the same place, or one from above that names the place of the plan."""
    if document.region is None:
        return False
    own = document.region_qualified or document.region
    return report.document.region == document.region or own in report.activity.places


def _names(party: Party) -> Iterator[str]:
    yield party.name
    for member in party.members:
        yield from _names(member)


def _pairs(text: str) -> frozenset[str]:
    letters = [char for char in text if char.isalnum()]
    return frozenset(a + b for a, b in pairwise(letters))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


def _last(due: str) -> str:
    """The last day of a month or a year that is all that is told: any later day is after it."""
    return {4: f"{due}-12-31", 7: f"{due}-31"}.get(len(due), due)


def _span(activity: Activity) -> Json:
    words = activity.evidence
    return {"quote": words.quote, "start": words.start, "end": words.end}


def _words(document: Document, activity: Activity) -> Json:
    return {
        "document_id": document.id,
        "document": document.called,
        "source": document.source,
        "task": activity.title,
        **_span(activity),
    }


def chosen(
    rows: Iterable[Json],
    *,
    body: str | None = None,
    year: int | None = None,
    place: str | None = None,
    due: str | None = None,
    state: str | None = None,
    words: str = "",
) -> list[Json]:
    """The rows of a body, a year, a place, a month (`2026-11`) or year of deadline, a state, with some words."""
    return [
        row
        for row in rows
        if (body is None or any(body in each["name"] for each in row["bodies"]))
        and (year is None or row["year"] == year)
        and (place is None or row["place"] == place)
        and (due is None or (row["due"] or "").startswith(due))
        and (state is None or row["state"] == state)
        and all(word in row["task"] or word in row["quote"] for word in words.split())
    ]
