"""Everything else: the sentence that answers, quoted; or plainly that no held document says it.

A question that asks for a time, a number, a place or names is answered only by a sentence that holds such a thing;
what no document speaks of is refused, with what was searched and the nearest thing that is held.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import lru_cache

from kg.answer.focus import Ask
from kg.answer.kinds.contacts import asks_contact
from kg.answer.kinds.telling import HOLDS, answers_who, required_of
from kg.answer.lexicon import Doc
from kg.answer.model import Answer
from kg.answer.phrase import listed, quoted
from kg.answer.reply import refuse, reply
from kg.answer.scope import Scope, scope_of
from kg.answer.session import Session, sentence_around
from kg.answer.text import Weights, grams, plain
from kg.answer.topic import Topic, topic_of, unsaid

_SENTENCE = re.compile(r"[^。！？；\n\t]+[。！？；]?")
_ENOUGH = 0.55  # share of the question's telling pairs in the sentence that answers; tuned on both question sets
_SOMETHING = 0.3  # below this a sentence has nothing to do with the question
_MOST_READ = 12
_ON_TITLE = 0.4  # for a document whose title shares a word with the question
_BESIDE = 0.35  # of a neighbouring sentence's pairs
_UNKNOWN = 5.0  # weight of a word that no document knows, beside pairs of 0.3 to log(passages)
_HEADING = 30  # characters: a sentence that is not longer may be a heading
_SEARCHED = 24
_QUOTED = 2
_CHECKED = 40  # sentences looked at closely
_CLEARLY = 0.15  # of the question's words more than the first look's
_LONGEST_SEARCH = 100  # characters: the search costs by the word


@dataclass(frozen=True, slots=True)
class _Look:
    """Where to look (None: everywhere), with the weights of words there and the topic seen so."""

    weights: Weights
    topic: Topic
    documents: tuple[Doc, ...] | None
    above: bool = False  # documents of the city above the place asked about: only what names the place is of it


@dataclass(frozen=True, slots=True)
class _Sentence:
    doc: Doc
    start: int
    end: int
    text: str
    score: float
    coverage: float


def answer_passages(session: Session) -> Answer:
    """The last resort, which always answers or refuses."""
    scope = scope_of(session.question, session.names)
    if missing := _not_held(session, scope):
        return missing
    looks = [look for look in _looks(session, scope) if look.topic.grams or look.topic.unknown]
    if not looks:
        return _no_topic(session)
    found = [(look, _fitting(session, look, ranked), ranked) for look in looks for ranked in [_ranked(session, look)]]
    answering = [(look, fits) for look, fits, _ in found if fits]
    if not answering:
        look, _, ranked = max(found, key=lambda one: one[2][0].coverage if one[2] else 0.0)
        return _unsaid(session, scope, look.topic, ranked)
    look, fits = answering[0]
    if len(answering) > 1 and _better(session, answering[1], fits):
        look, fits = answering[1]
    fits = [_whole(session, one) for one in fits[:_QUOTED]]
    best = fits[0]
    chosen = [one for one in fits if one.score >= best.score * 0.9][:_QUOTED]
    chosen.sort(key=lambda one: (one.doc.id, one.start))
    told = "；".join(f"{quoted(one.doc.title)}：“{one.text.strip()}”" for one in chosen)
    return reply(
        session,
        told,
        understood=f"在{scope.label}中查找关于“{listed(look.topic.words)}”的原文",
        citations=session.quotes([(one.doc.id, one.start, one.end) for one in chosen]),
    )


def _looks(session: Session, scope: Scope) -> Iterator[_Look]:
    """Where to look, in order: the documents meant; else those that announce activities, then everything held."""
    names = session.names
    if scope.said:
        own = all(doc.announces for doc in scope.documents)
        documents = tuple(scope.documents[:_MOST_READ])
        yield replace(_look(session, names.weights if own else names.every, documents), above=scope.above)
        return
    announcing = tuple(doc for doc in session.lexicon.documents if doc.announces)
    if len(announcing) <= _MOST_READ:
        yield _look(session, names.weights, announcing)
    if len(announcing) < len(session.lexicon.documents):
        yield _look(session, names.every, None)


def _look(session: Session, weights: Weights, documents: tuple[Doc, ...] | None) -> _Look:
    question = session.question
    chunks = [*question.content, *(mention.surface for mention in question.bodies)]
    topic = topic_of(question, session.names, chunks=chunks, weights=weights)
    if not topic.grams and not topic.unknown:
        topic = topic_of(question, session.names, generic=True, weights=weights)
    return _Look(weights, topic, documents)


def _fitting(session: Session, look: _Look, ranked: list[_Sentence]) -> list[_Sentence]:
    """The sentences that answer: they hold what is asked for, and their document knows the question's words."""
    question = session.question
    required = required_of(question)
    out: list[_Sentence] = []
    for one in ranked[:_CHECKED]:
        if one.coverage < _needed(look.topic.unknown) or not all(pattern.search(one.text) for pattern in required):
            continue
        if look.above and not _of_place(session, one):
            continue
        if look.documents is None:
            # what some law somewhere says of a word does not make it known here
            missing = unsaid(look.topic.words, plain(session.document(one.doc.id).text))
            if missing and one.coverage * (1 - 0.3 * len(missing)) < _needed(missing):
                continue
        if answers_who(question, one.text):
            out.append(one)
    return out


def _of_place(session: Session, one: _Sentence) -> bool:
    """Whether the line (the paragraph, the row of a table) names a place of the question."""
    text = session.document(one.doc.id).text
    low, high = text.rfind("\n", 0, one.start) + 1, text.find("\n", one.end)
    line = text[low : high if high >= 0 else len(text)]
    return any(place.bare in line for place in session.question.places)


def _better(session: Session, other: tuple[_Look, list[_Sentence]], fits: list[_Sentence]) -> bool:
    """Whether some other document answers clearly better than those that announce activities."""
    look, found = other
    here = look.weights.coverage(look.topic.grams, set(grams(fits[0].text)))
    there = look.weights.coverage(look.topic.grams, set(grams(found[0].text)))
    return fits[0].doc not in _titled(session) and there > here + _CLEARLY


def _needed(unknown: Sequence[str]) -> float:
    """More is asked of a sentence when words of the question are unknown to every document."""
    return min(_ENOUGH + 0.2 * len(unknown), 0.8)


def _ranked(session: Session, look: _Look) -> list[_Sentence]:
    """The sentences of the passages found, best first."""
    weights, topic = look.weights, look.topic
    bearing = set() if scope_of(session.question, session.names).said else {doc.id for doc in _titled(session)}
    known = sum(weights(pair) for pair in topic.grams)
    share = known / (known + _UNKNOWN * len(topic.unknown)) if known else 1.0
    out: dict[tuple[str, int], _Sentence] = {}
    for doc, start, end, heading in _places(session, look):
        text = session.document(doc.id).text
        before: AbstractSet[str] = set(grams(heading))
        private = [] if asks_contact(session.question.flat) else session.document(doc.id).contacts
        for match in _SENTENCE.finditer(text[start:end]):
            low, high = start + match.start(), start + match.end()
            if any(low < one.evidence.end and one.evidence.start < high for one in private):
                continue
            own = _pairs(match[0])
            direct = weights.coverage(topic.grams, own)
            wide = weights.coverage(topic.grams, own | before)
            before = own | set(grams(heading))
            if not direct:
                continue
            direct, wide = direct * share, wide * share
            coverage = max(direct, direct + (wide - direct) * _BESIDE if direct > _SOMETHING else direct)
            brevity = min(len(match[0]), 200) / 200
            key = (doc.id, start + match.start())
            out[key] = _Sentence(
                doc,
                key[1],
                start + match.end(),
                match[0],
                coverage - 0.1 * brevity + _bonus(session, match[0]) + (_ON_TITLE if doc.id in bearing else 0.0),
                coverage,
            )
    return _naming(session, look, sorted(out.values(), key=lambda one: -one.score))


@lru_cache(maxsize=16_384)
def _pairs(sentence: str) -> frozenset[str]:
    return frozenset(grams(sentence))


def _whole(session: Session, one: _Sentence) -> _Sentence:
    """An enumeration that begins in the sentence (一是……) is quoted to its end, a heading with what it heads."""
    if session.question.has(Ask.WORDS) and len(one.text.strip()) <= _HEADING:
        document = session.document(one.doc.id)
        after = re.compile(r"\s*[^。\n]+。").match(document.text, one.end)
        if after and any(one.start < a.evidence.end and a.evidence.start < one.end for a in document.activities):
            return replace(one, end=after.end(), text=document.text[one.start : after.end()])
    if not re.search(r"一是|：[^：]{0,20}；$", one.text) or not one.text.rstrip().endswith("；"):
        return one
    text = session.document(one.doc.id).text
    end = text.find("。", one.end, one.end + 300)
    return replace(one, end=end + 1, text=text[one.start : end + 1]) if end > 0 else one


def _naming(session: Session, look: _Look, ranked: list[_Sentence]) -> list[_Sentence]:
    """Sentences that name the policies asked about are about the question, whatever else they say."""
    wanted = {plain(form) for p in session.question.policies for form in (p.title, p.number) if form}
    if not wanted or session.question.has(Ask.ISSUED):
        return ranked
    known = {(one.doc.id, one.start): one for one in ranked}
    for doc in (look.documents or ())[:_MOST_READ]:
        document = session.document(doc.id)
        for reference in document.policy_references:
            names = {plain(form) for form in (reference.alias_of, reference.title, reference.number) if form}
            if names & wanted:
                start, end = sentence_around(document.text, reference.evidence.start, reference.evidence.end)
                old = known.get((doc.id, start))
                score = (old.score if old else 0.0) + 0.6
                known[(doc.id, start)] = _Sentence(doc, start, end, document.text[start:end], score, 1.0)
    return sorted(known.values(), key=lambda one: -one.score)


def _bonus(session: Session, text: str) -> float:
    """A sentence that holds what is asked for stands above one that does not."""
    asked = [pattern for ask, pattern in HOLDS.items() if session.question.has(ask)]
    return 0.1 * sum(bool(pattern.search(text)) for pattern in asked)


def _places(session: Session, look: _Look) -> Iterator[tuple[Doc, int, int, str]]:
    """Stretches of text to look at: the documents meant, or what search finds in all."""
    meant = look.documents
    if meant is None:
        titled = _titled(session)
        meant = tuple(titled) if len(titled) <= _MOST_READ else ()
    for doc in meant:
        for passage in session.context.catalogue.passages(doc.id):
            yield doc, passage.start, passage.end, " ".join(passage.heading_path)
    if look.documents is not None:
        return
    by_id = {doc.id: doc for doc in session.lexicon.documents}
    for hit in session.context.search.search(session.question.flat[:_LONGEST_SEARCH], top=_SEARCHED):
        if hit.document_id in by_id:
            yield by_id[hit.document_id], hit.start, hit.end, hit.heading


def _titled(session: Session) -> list[Doc]:
    """The documents whose titles share a word with the question (质量月)."""
    numbers = session.names.titled_like(plain(session.question.flat))
    return [session.lexicon.documents[number] for number in sorted(numbers)]


def _not_held(session: Session, scope: Scope) -> Answer | None:
    question = session.question
    if question.unknown_numbers or question.unknown_titles:
        names = listed([*question.unknown_numbers, *(f"《{title}》" for title in question.unknown_titles)])
        if not question.policies and not question.documents:
            text = f"库内没有{names}，也没有文件提到它，不能回答。"
            return refuse(session, text, understood=f"关于{names}的问题")
    if scope.said and not scope.documents:
        held = sorted(
            {f"{doc.place or ''}{doc.year}年" for doc in session.lexicon.documents if doc.announces and doc.year}
        )
        text = f"库内没有{listed(scope.missing)}的文件，不能回答（不等于没有这件事）。库内有：{listed(held)}。"
        return refuse(session, text, understood=f"{listed(scope.missing)}的文件所载内容")
    return None


def _no_topic(session: Session) -> Answer:
    text = "没有从问题中认出要查的内容。可以问：哪些区开展过质量开放日？某单位负责什么？某通知是哪天发的？"
    return refuse(session, text, understood="未能理解的问题")


def _unsaid(session: Session, scope: Scope, topic: Topic, ranked: list[_Sentence]) -> Answer:
    """Say what is not said: a word that no document knows, or a fact that those searched do not state."""
    searched = f"已查{scope.label}" if scope.said else f"已查库内{len(session.lexicon.documents)}份文件"
    if typed := _asked(session):
        reason = f"文件没有写明{typed}"
        reason += f"，也没有出现“{listed(topic.unknown)}”" if topic.unknown else ""
    elif topic.unknown:
        reason = f"库内文件没有出现“{listed(topic.unknown)}”"
    else:
        reason = "文件没有写明这一内容"
    near = ranked[:1] if ranked and ranked[0].coverage > _SOMETHING else []
    tail = f"最接近的原文：“{near[0].text.strip()}”" if near else ""
    return refuse(
        session,
        f"{reason}，不能回答（{searched}）。{tail}",
        understood=f"在{scope.label}中查找关于“{listed(topic.words)}”的内容",
        citations=session.quotes([(one.doc.id, one.start, one.end) for one in near]),
    )


_WHAT = {
    Ask.MONEY: "经费金额",
    Ask.CLOCK: "钟点",
    Ask.WHEN: "时间",
    Ask.WHERE: "地点",
    Ask.COUNT: "数量",
    Ask.RESULT: "名单",
    Ask.WHO: "单位或人员",
}


def _asked(session: Session) -> str:
    return listed(name for ask, name in _WHAT.items() if session.question.has(ask))
