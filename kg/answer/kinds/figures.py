"""Figures: how many of what, with qualifier and unit, as the documents write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.answer.focus import Ask, content
from kg.answer.lexicon import Doc
from kg.answer.model import Answer
from kg.answer.phrase import listed, quoted
from kg.answer.plan import Hub, OneOf, Plan
from kg.answer.reply import reply
from kg.answer.scope import scope_of
from kg.answer.session import Session, sentence_around
from kg.answer.text import COUNTERS_ALIKE, grams, plain
from kg.answer.topic import Topic, topic_of
from kg.core.model import Figure

_SPLIT = re.compile(r"[,，、;；?？。]|以及|还有|和(?=.{0,10}(?:多少|几))|(?<=[家个人次项份场])又")
_ASKED = re.compile(r"(?:多少|几(?=[项个家场次份名人条篇门种元]))([\u4e00-\u9fff]{0,3})")
_OF_ACTIVITIES = re.compile(r"(?:几|多少)[项个场次]?[^,，。]{0,6}(?:活动|任务|工作)")
_AMOUNTS = ("利润", "金额", "资金", "经费", "费用", "钱", "元", "产值", "收入", "投入")
_SERIES = 0.6  # share of a name of the series that stands around the figure
_COMPOUND, _NAMED = 5, 0.25  # characters of a word that names something; share of it around the figure
_OTHER_NOUN = 0.15  # less for a figure that counts something else than asked
_SOMETHING = 0.3  # of the pairs, for the only figure that has the counter asked for
_NOUN = re.compile(r"[\u4e00-\u9fff]{0,4}$|[\u4e00-\u9fff]{2}")
_ENOUGH = 0.5  # share of a segment's telling pairs; tuned on the development questions


@dataclass(frozen=True, slots=True)
class _Found:
    score: float
    doc: Doc
    number: int
    figure: Figure


def answer_figures(session: Session) -> Answer | None:
    """`一站式服务平台建了多少家，服务了多少市场主体`; every part of the question must find its figure."""
    question = session.question
    if not question.has(Ask.COUNT) or question.has(Ask.ORDER):
        return None
    if question.bodies and (question.has(Ask.LEAD) or _OF_ACTIVITIES.search(question.flat)):
        return None
    scope = scope_of(question, session.names)
    documents = [doc for doc in scope.documents if doc.announces] or list(scope.documents)
    segments = _segments(question.rest)
    if not segments or not documents:
        return None
    found: list[_Found] = []
    context = topic_of(question, session.names).grams
    for segment in segments:
        best = _best(session, segment, documents[:40], context)
        if best is None:
            return None
        found += [one for one in best if one not in found]
    iris = tuple(session.iris.fact(one.doc.id, "figure", one.number) for one in found)
    plan = Plan(Hub.FIGURE, ("年份", "事项", "数值", "文件"), (OneOf(Hub.FIGURE, iris),), order=("文序",))
    columns, rows, query = session.rows(plan)
    if not rows:
        return None
    told = [f"{one.figure.what}{one.figure.as_written}" for one in found]
    years = listed(dict.fromkeys(f"{one.doc.place or ''}{one.doc.year}年" for one in found if one.doc.year))
    return reply(
        session,
        f"{years}：{'，'.join(told)}（{'；'.join(dict.fromkeys(quoted(one.doc.title) for one in found))}）。",
        understood=f"{scope.label}中“{'”“'.join(told)}”这些数字",
        columns=columns,
        rows=rows,
        sparql=query,
        citations=session.quotes([(o.doc.id, o.figure.evidence.start, o.figure.evidence.end) for o in found]),
    )


def _segments(text: str) -> list[str]:
    """The parts of a question that each ask for a number; a part that asks none belongs to the next."""
    out: list[str] = []
    waiting = ""
    for piece in _SPLIT.split(text):
        waiting = f"{waiting} {piece}" if waiting else piece
        if _ASKED.search(piece):
            out += _halves(waiting)
            waiting = ""
    return out


def _halves(text: str) -> list[str]:
    """有多少企业申报了多少项 asks twice: cut before the verb of the second question."""
    asked = [match.start() for match in _ASKED.finditer(text)]
    if len(asked) <= 1:
        return [text]
    cut = max(asked[1] - (3 if text[asked[1] - 1] == "了" else 2), asked[0] + 2)
    return [text[:cut], *_halves(text[cut:])]


def _best(session: Session, segment: str, documents: list[Doc], context: tuple[str, ...]) -> list[_Found] | None:
    topic = topic_of(session.question, session.names, chunks=content(segment))
    if not topic.grams:
        chunks = [chunk.replace("质量月", "") for chunk in content(segment)]
        topic = topic_of(session.question, session.names, chunks=chunks, generic=True)
    asked = _ASKED.search(segment)
    counter = _counter(asked[1]) if asked else ""
    wanted = list(topic.grams)
    if not wanted or (any(word in segment for word in _AMOUNTS) and not _money(session, documents)):
        return None
    money = any(word in segment for word in _AMOUNTS)
    weights = session.names.weights
    # 服务了几家市场主体: what stands behind the counter is what is counted
    behind = segment[asked.end(1) - len(asked[1]) + len(counter) :] if asked else ""
    counted = topic_of(session.question, session.names, chunks=content(behind)).grams
    found: list[_Found] = []
    near_misses: list[_Found] = []
    compounds = [grams(word) for word in topic.words if len(word) >= _COMPOUND]
    about = [grams(form) for concept in session.question.series for form in (concept.label, *concept.words)]
    asked_noun = "".join(counted[:1])
    for doc, number, figure, unit in _candidates(session, documents, counter, money=money):
        document = session.document(doc.id)
        start, end = sentence_around(document.text, figure.evidence.start, figure.evidence.end)
        what = set(grams(figure.what + figure.as_written + figure.unit))
        near = set(grams(figure.evidence.quote)) | what
        around = near | set(grams(document.text[max(0, start - 60) : end]))
        if any(weights.coverage(pairs, around) < _NAMED for pairs in compounds):
            continue  # 市长质量奖有多少家企业申报: not the 168 that applied for something else
        if about and max(weights.coverage(form, around) for form in about) < _SERIES:
            continue
        own = weights.coverage(wanted, what)
        close = weights.coverage(wanted, near)
        wide = weights.coverage([*wanted, *context], around)
        score = 0.5 * own + 0.3 * close + 0.2 * wide + (0.1 if unit else 0.0) + 0.3 * weights.coverage(counted, what)
        if topic.unknown:
            score -= 0.15 * len(topic.unknown)
        if asked_noun and asked_noun not in what:
            score -= _OTHER_NOUN
        if max(own, close, wide if own > 0 else 0.0) >= _ENOUGH:
            found.append(_Found(score, doc, number, figure))
        elif unit and max(own, close) >= _SOMETHING:
            near_misses.append(_Found(_ENOUGH, doc, number, figure))
    if not found and len(near_misses) == 1:
        found = near_misses  # the only thing counted so that the question may mean
    if not found or _unsaid_elsewhere(segment, behind, topic):
        return None
    found = [one for one in found if asked_noun and asked_noun in one.figure.what] or found
    found.sort(key=lambda one: -one.score)
    best = found[0]
    if best.score < _ENOUGH * 0.85:
        return None
    # 近5万家 in one clause is one answer; the same score elsewhere (another document) is another
    return [one for one in found if one.score >= best.score * 0.98 and (one is best or one.doc is not best.doc)]


def _unsaid_elsewhere(segment: str, behind: str, topic: Topic) -> bool:
    """Whether a word that no document uses says what happened (被罚款, 失败); what is counted may have other names."""
    if not topic.unknown:
        return False
    rest = segment[: len(segment) - len(behind)] if behind else segment
    noun = _NOUN.match(behind)
    tail = behind[noun.end() :] if noun else ""
    said = [word for part in (rest, tail) for word in topic.unknown if word in plain(part)]
    return bool(said)


def _candidates(
    session: Session, documents: list[Doc], counter: str, *, money: bool
) -> Iterator[tuple[Doc, int, Figure, bool | None]]:
    """The figures whose unit may be the one asked for, with their numbers and whether the unit fits."""
    for doc in documents:
        for number, figure in enumerate(session.document(doc.id).figures, start=1):
            unit = _unit_fits(counter, figure.unit)
            if unit is not False and (not money or figure.unit.endswith("元")):
                yield doc, number, figure, unit


def _counter(text: str) -> str:
    """The measure word behind 多少: 家, 人次; none in 多少市场主体."""
    units = sorted({unit for group in COUNTERS_ALIKE for unit in group}, key=len, reverse=True)
    found = next((unit for unit in units if text.startswith(unit)), "")
    return found or (text if len(text) == 1 else "")


def _money(session: Session, documents: list[Doc]) -> bool:
    return any(f.unit.endswith("元") for doc in documents for f in session.document(doc.id).figures)


def _unit_fits(counter: str, unit: str) -> bool | None:
    """Whether the counter asked for is the figure's unit: True, False, or None when the question gives none."""
    counter = plain(counter)
    if not counter:
        return None
    if counter.startswith(unit) or unit.startswith(counter[:1]):
        return True
    for alike in COUNTERS_ALIKE:
        if counter[:1] in alike and unit in alike:
            return True
    units = {u for group in COUNTERS_ALIKE for u in group}
    return False if counter[:1] in units and unit in units and counter[:1] != "个" else None
