"""Which activities a question means: by series, by the words of their titles, by their number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.answer.lexicon import Doc, Event
from kg.answer.scope import Scope, scope_of
from kg.answer.session import Session
from kg.answer.text import grams, plain
from kg.answer.topic import Match, Topic, match_events, topic_of

_ENOUGH = 0.62  # share of the question's telling pairs that a title must hold; tuned on the development questions
_NEAR = 0.93  # of the best: as good
_SPEAKS_OF = 0.6  # share of a label that a sentence about it holds
_LONGEST_BODY = 600
_NUMERALS = "一二三四五六七八九十"


def chosen_events(session: Session, scope: Scope | None = None) -> tuple[list[Event], str | None]:
    """The activities meant, and the label of the series when it is a series that is meant.

    A word that no document uses (火星基地) means none of them, whatever the other words fit.
    """
    scope = scope or scope_of(session.question, session.names)
    everywhere = Scope(tuple(d for d in session.lexicon.documents if d.announces), said=False)
    docs = scope.documents or everywhere.documents
    topic = topic_of(session.question, session.names)
    if topic.unknown:
        return [], None
    matches = match_events(topic, session.lexicon, session.names, (d.id for d in docs), _ENOUGH)
    if session.question.series:
        label = session.question.series[0].label
        left = _beyond(topic, session)
        if not left or not _tells(matches, left, session):
            return in_series(session, label, docs), label
    best = _best(matches)
    return [match.event for match in best], None


def spoken_events(session: Session, scope: Scope) -> list[Event]:
    """The activity under whose heading a sentence speaks of the topic, where no title does: 电梯安全检查."""
    topic = topic_of(session.question, session.names)
    if topic.unknown or not topic.grams:
        return []
    wanted = {doc.id for doc in scope.documents}
    best: tuple[float, Event] | None = None
    for event in session.lexicon.events:
        doc = session.lexicon.documents[event.doc]
        if doc.id not in wanted or event.parent is not None:
            continue
        start, end = body_of(session, event, most=_LONGEST_BODY)
        for clause in re.split(r"[，。；]", session.document(doc.id).text[start:end]):
            score = session.names.weights.coverage(topic.grams, set(grams(clause)))
            if score >= _ENOUGH and (best is None or score > best[0]):
                best = (score, event)
    return [best[1]] if best else []


def in_series(session: Session, label: str, docs: Sequence[Doc]) -> list[Event]:
    """The activities of a series in some documents."""
    wanted = {doc.id for doc in docs}
    return [e for e in session.lexicon.events if e.series == label and session.lexicon.documents[e.doc].id in wanted]


def by_number(session: Session, docs: Sequence[Doc]) -> list[Event]:
    """第12项: the activities that bear this number; Chinese numerals and figures are the same."""
    number = session.question.number
    if number is None:
        return []
    forms = {number, plain(number)}
    if number.isdigit() and 1 <= int(number) <= len(_NUMERALS):
        forms.add(_NUMERALS[int(number) - 1])
    elif number in _NUMERALS:
        forms.add(str(_NUMERALS.index(number) + 1))
    wanted = {doc.id for doc in docs}
    events = [e for e in session.lexicon.events if e.no in forms and session.lexicon.documents[e.doc].id in wanted]
    return [event for event in events if event.parent is None]


def matched(session: Session, scope: Scope, *, floor: float = _ENOUGH, every: bool = False) -> list[Match]:
    """The activities of a scope that are about the topic, the best ones only (or `every` one above the floor)."""
    topic = topic_of(session.question, session.names)
    if topic.unknown:
        return []
    found = match_events(topic, session.lexicon, session.names, (d.id for d in scope.documents), floor)
    return found if every else _best(found)


def _best(matches: list[Match]) -> list[Match]:
    if not matches:
        return []
    top = matches[0].recall
    near = [match for match in matches if match.recall >= top * _NEAR]
    exact = [match for match in near if match.precision >= near[0].precision * 0.75]
    return exact or near[:1]


def _beyond(topic: Topic, session: Session) -> list[str]:
    """The telling pairs of the question that do not belong to the words for its series."""
    concept = session.question.series[0]
    own = {pair for word in (concept.label, *concept.words) for pair in grams(word)}
    chars = {char for word in (concept.label, *concept.words) if plain(word) in session.question.flat for char in word}
    return [pair for pair in topic.grams if pair not in own and not set(pair) & chars]


def _tells(matches: list[Match], left: list[str], session: Session) -> bool:
    """Whether some title is about what the question says beyond its series (培训班 of 质量进党校培训班)."""
    floor = 0.8
    return any(session.names.weights.coverage(left, set(grams(match.event.title))) >= floor for match in matches[:5])


def body_of(session: Session, event: Event, *, most: int = 260) -> tuple[int, int]:
    """The text under an activity's heading, up to the next activity of its rank: (start, end)."""
    document = session.document(session.lexicon.documents[event.doc].id)
    own = next(a for a in document.activities if a.id == event.id)
    following = [
        a.evidence.start for a in document.activities if not a.parent and a.evidence.start > own.evidence.start
    ]
    headings = [s.start for s in document.sections if s.start > own.evidence.start]
    start = own.evidence.end
    end = max(start, min([*following, *headings, start + most, len(document.text)]))
    if "\t" in document.text[start:end]:
        return start, start  # a table row: what follows is another column
    stop = max(document.text.rfind(mark, start, end) for mark in "。；！\n")
    return start, stop + 1 if end == start + most and stop > start else end


def event_words(session: Session, event: Event, label: str) -> list[tuple[int, int, str]]:
    """The sentences under an activity's heading that speak of it: (start, end, text), the heading itself left out."""
    doc = session.lexicon.documents[event.doc]
    document = session.document(doc.id)
    activities = list(document.activities)
    own = next(a for a in activities if a.id == event.id)
    following = [a.evidence.start for a in activities if a.parent is None and a.evidence.start > own.evidence.start]
    end = min(following, default=min(len(document.text), own.evidence.end + 600))
    wanted = set(grams(label or event.title))
    out: list[tuple[int, int, str]] = []
    for match in re.finditer(r"[^。！？\n\t]+[。！？]?", document.text[own.evidence.end : end]):
        if wanted & set(grams(match[0])) and session.names.weights.coverage(wanted, set(grams(match[0]))) > _SPEAKS_OF:
            start = own.evidence.end + match.start()
            clause = _clause(match[0], wanted, session)
            at = start + match[0].index(clause)
            out.append((at, at + len(clause), clause))
    return out


def _clause(sentence: str, wanted: set[str], session: Session) -> str:
    """The clause of a sentence that speaks of it."""
    clauses = re.split(r"(?<=[，；])", sentence)
    return next(
        (c.strip("，；") for c in clauses if session.names.weights.coverage(wanted, set(grams(c))) > _SPEAKS_OF),
        sentence.strip(),
    )
