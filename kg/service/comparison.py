"""Two documents side by side (衔接对照): what of the one the other takes up, words otherwise, or does not mention.

What a document does not mention may have been done all the same: the state is called 未提及, never 未开展.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from kg.core.errors import UsageError
from kg.core.ids import title_key
from kg.core.model import Document
from kg.service import views, wording
from kg.service.alignment import Encode, Pair, align, mentions
from kg.service.tasks import Task, common_kind, function_of, sentences_of, tasks_of

Json = dict[str, Any]

STATES = {
    "echoed": "呼应",
    "changed": "调整",
    "dropped": "未提及",
    "added": "新增",
}
MEANINGS = {
    "echoed": "两份文件都写到，说法相近",
    "changed": "两份文件都写到，表述、责任单位、时间或部署与通报有不同",
    "dropped": "后一份文件没有写到相近的内容；没有写到不等于没有开展",
    "added": "前一份文件没有写到相近的内容",
}
_SAME_WORDS = 0.7  # likeness of two titles without years and places from which they count as the same wording
_SAME_TEXT = 0.97  # the same of two articles, which are compared word by word
_YEAR = re.compile(r"(?:19|20)\d{2}年?(?:度)?")


def compare(left: Document, right: Document, *, encode: Encode | None = None) -> Json:
    """`{"left", "right", "by", "counts", "states", "rows"}`.

    `left` and `right`: `{"id", "title", "doc_number", "date", "year", "place", "source", "tasks"}` (a number);
    `by`: activities, sections or paragraphs; `counts`: a number for each state; `states`: `{state: [name, meaning]}`;
    rows: `{"state", "left", "right", "likeness", "reasons", "changes", "units", "diff"}` in order of the left
    document. A side is None or `{"no", "title", "heading", "text", "units", "status", "evidence"}`; `units` is None
    or `{"both", "left", "right"}`, bodies compared without their place; `diff` is None or `{"left", "right"}`, each
    a list of `[words, same]`. Raises `UsageError` for a document and itself.
    """
    if left.id == right.id:
        raise UsageError("请选两份不同的文件来对照")
    kind = common_kind(left, right)
    ours, theirs = tasks_of(left, kind), tasks_of(right, kind)
    titles = title_key(left.title) + "\n" + title_key(right.title)
    pairs = align(ours, theirs, encode=encode, title=titles)
    named = (left.region, left.region_qualified, right.region, right.region_qualified)
    places = {place for place in named if place}
    in_right = _in_sentences([ours[p.left] for p in pairs if p.left is not None and p.right is None], right)
    in_left = _in_sentences([theirs[p.right] for p in pairs if p.right is not None and p.left is None], left)
    rows = []
    for pair in pairs:
        a = ours[pair.left] if pair.left is not None else None
        b = theirs[pair.right] if pair.right is not None else None
        elsewhere = in_right.get(a.start) if a and not b else in_left.get(b.start) if b and not a else None
        shown = pair
        if elsewhere:
            sentence, share = elsewhere
            a, b = a or sentence, b or sentence
            shown = Pair(pair.left, pair.right, share, (f"正文写到：含其 {share:.0%} 的字词",))
        rows.append(_row(shown, a, b, left, right, places))
    counts = Counter(row["state"] for row in rows)
    return {
        "left": _head(left, len(ours)),
        "right": _head(right, len(theirs)),
        "by": kind,
        "counts": {state: counts[state] for state in STATES},
        "states": {state: [name, MEANINGS[state]] for state, name in STATES.items()},
        "rows": rows,
    }


def _head(document: Document, tasks: int) -> Json:
    return {
        "id": document.id,
        "title": document.title,
        "doc_number": document.doc_number,
        "date": document.date,
        "year": document.year,
        "place": document.region,
        "source": document.source,
        "tasks": tasks,
    }


def _in_sentences(tasks: list[Task], document: Document) -> dict[int, tuple[Task, float]]:
    """The sentences of a document that carry tasks which none of its own tasks answers, by where the task begins."""
    sentences = sentences_of(document)
    found = zip(tasks, mentions(tasks, sentences), strict=True)
    return {task.start: (sentences[at[0]], at[1]) for task, at in found if at}


def _row(pair: Pair, a: Task | None, b: Task | None, left: Document, right: Document, places: set[str]) -> Json:
    units = _units(a, b) if a and b else None
    changes = _changes(a, b, units, places) if a and b else []
    state = ("changed" if changes else "echoed") if a and b else "dropped" if a else "added"
    shown_a, shown_b = _side(a, left), _side(b, right)
    diff = wording.differences(shown_a["text"], shown_b["text"]) if shown_a and shown_b else None
    return {
        "state": state,
        "left": shown_a,
        "right": shown_b,
        "likeness": pair.likeness,
        "reasons": list(pair.reasons),
        "changes": changes,
        "units": units,
        "diff": {"left": [list(run) for run in diff[0]], "right": [list(run) for run in diff[1]]} if diff else None,
    }


def _side(task: Task | None, document: Document) -> Json | None:
    if task is None:
        return None
    text = task.text
    page = document.page_of(task.start)
    return {
        "no": task.no,
        "title": task.title,
        "heading": task.heading,
        "text": text,
        "units": [views.party(party) for party in task.parties],
        "status": task.status,
        "evidence": {
            "quote": text[: task.quote_end - task.start],
            "start": task.start,
            "end": task.quote_end,
            **({} if page is None else {"page": page}),
        },
    }


def _units(a: Task, b: Task) -> Json | None:
    """The responsible bodies by their function; None where one of the sides names none."""
    ours, theirs = dict.fromkeys(map(function_of, a.parties)), dict.fromkeys(map(function_of, b.parties))
    if not ours or not theirs:
        return None
    return {
        "both": [name for name in ours if name in theirs],
        "left": [name for name in ours if name not in theirs],
        "right": [name for name in theirs if name not in ours],
    }


def _changes(a: Task, b: Task, units: Json | None, places: set[str]) -> list[str]:
    changes = []
    same = _SAME_WORDS if a.title and b.title else _SAME_TEXT
    if wording.likeness(_neutral(a.words, places), _neutral(b.words, places)) < same:
        changes.append("表述")
    if units and (units["left"] or units["right"]):
        changes.append("责任单位")
    if a.period and b.period and a.period != b.period:
        changes.append("时间")
    if a.status and b.status and a.status != b.status:
        changes.append("部署与通报")
    return changes


def _neutral(words: str, places: set[str]) -> str:
    """Without years and the documents' own places, which differ as a matter of course."""
    for place in sorted(places, key=len, reverse=True):
        words = words.replace(place, "")
    return _YEAR.sub("", words)
