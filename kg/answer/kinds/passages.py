"""Everything else: the sentence that answers, quoted; or plainly that no held document says it.

A question that asks for a time, a number, a place or names is answered only by a sentence that holds such a thing;
what no document speaks of is refused, with what was searched and the nearest thing that is held.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from kg.answer.focus import Ask
from kg.answer.lexicon import Doc
from kg.answer.model import Answer
from kg.answer.phrase import listed, quoted
from kg.answer.reply import refuse, reply
from kg.answer.scope import Scope, scope_of
from kg.answer.session import Session, sentence_around
from kg.answer.text import grams, plain
from kg.answer.topic import Topic, topic_of

_SENTENCE = re.compile(r"[^。！？；\n\t]+[。！？；]?")
_ENOUGH = 0.55  # share of the question's telling pairs in the sentence that answers; tuned on both question sets
_SOMETHING = 0.3  # below this a sentence has nothing to do with the question
_MOST_READ = 12
_ON_TITLE = 0.4  # for a document whose title shares a word with the question
_BESIDE = 0.35  # of a neighbouring sentence's pairs
_UNKNOWN = 5.0  # weight of a word that no document knows, beside pairs of 0.3 to log(passages)
_SEARCHED = 24
_QUOTED = 2
_LONGEST_SEARCH = 100  # characters: the search costs by the word

# What a sentence must hold to be an answer of this kind.
_REQUIRED: dict[Ask, re.Pattern[str]] = {
    Ask.MONEY: re.compile(r"\d[\d.,]*\s*(?:余|多)?\s*[万亿]?\s*(?:余|多)?\s*元"),
    Ask.CLOCK: re.compile(r"\d{1,2}\s*[:：点时]\s*\d{0,2}|上午|下午|晚上"),
    Ask.WHEN: re.compile(r"\d{1,2}\s*月|\d{1,2}\s*日|\d{4}\s*年\s*\d|(?:上|中|下)旬|每年|月初|月底|期间|年底|年初"),
    Ask.COUNT: re.compile(r"\d|[一二三四五六七八九十百千万两]+\s*[项个家场次份名人条类种]"),
    Ask.WHERE: re.compile(
        r"https?://|www\.|网站|在[^，。；]{2,20}(?:举办|举行|召开|开展|发布|展示|张贴|播放|"
        r"下载)|中心|广场|会场|大厦|园区|路\d|街|APP|平台|场所|学校|商圈|商场|社区"
    ),
}
_NAMES = re.compile(
    r"[市区县长任记]\w{2,4}(?:为|出席|宣布|讲话)|公司|集团|医院|大学|研究院|协会|局|委员会|"
    r"办公室|单位|部门|企业|组织|人员|机构"
)
_LISTED = re.compile(r"([\u4e00-\u9fff]{0,2}(?:单位|部门|企业|人员|机构|协会))(?:都)?(?:有|包括|是)哪些")
_ORDINAL = re.compile(r"第[一二三四五六七八九十\d]+")
_COMPANIES = re.compile(r"公司|集团|医院|[^获]厂|银行|院")


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
    question = session.question
    scope = scope_of(question, session.names)
    bodies = [mention.surface for mention in question.bodies]
    topic = topic_of(question, session.names, chunks=[*question.content, *bodies])
    if missing := _not_held(session, scope):
        return missing
    if not topic.grams and not topic.unknown:
        topic = topic_of(question, session.names, generic=True)
    if not topic.grams and not topic.unknown:
        return _no_topic(session)
    ranked = _ranked(session, scope, topic) or []
    ranked = _naming(session, scope, ranked)
    required = [pattern for ask, pattern in _REQUIRED.items() if question.has(ask) and _binding(session, ask)]
    if "第几" in question.flat:
        required.append(_ORDINAL)
    fits = [one for one in ranked if all(_holds(one, pattern, topic, session) for pattern in required)]
    fits = [one for one in fits if one.coverage >= _needed(topic) and _answers_who(session, one)]
    if not fits:
        return _unsaid(session, scope, topic, ranked)
    fits = [_whole(session, one) for one in fits[:_QUOTED]]
    best = fits[0]
    chosen = [one for one in fits if one.score >= best.score * 0.9][:_QUOTED]
    chosen.sort(key=lambda one: (one.doc.id, one.start))
    told = "；".join(f"{quoted(one.doc.title)}：“{one.text.strip()}”" for one in chosen)
    return reply(
        session,
        told if told.endswith("。") else f"{told}",
        understood=f"在{scope.label}中查找关于“{listed(topic.words)}”的原文",
        citations=session.quotes([(one.doc.id, one.start, one.end) for one in chosen]),
    )


def _binding(session: Session, ask: Ask) -> bool:
    """几 and 哪里 bind; 吗 beside 时间 does not."""
    if ask is Ask.WHERE:
        return not session.question.has(Ask.PLACES) or session.question.has(Ask.CLOCK)
    if ask is Ask.COUNT:
        return not session.question.has(Ask.DEFINE)
    return True


def _needed(topic: Topic) -> float:
    """More is asked of a sentence when words of the question are unknown to every document."""
    return min(_ENOUGH + 0.2 * len(topic.unknown), 0.8)


def _holds(one: _Sentence, pattern: re.Pattern[str], topic: Topic, session: Session) -> bool:
    del topic, session
    return bool(pattern.search(one.text))


def _answers_who(session: Session, one: _Sentence) -> bool:
    question = session.question
    if question.has(Ask.DEFINE) and question.quoted and not _defines(one.text, question.quoted[0]):
        return False
    if question.has(Ask.RESULT):
        # 颁给了哪些企业: a sentence that merely speaks of 获奖组织 names nobody
        return bool(_COMPANIES.search(one.text)) and "名单" not in question.flat
    if question.has(Ask.WHO):
        rest = one.text
        for chunk in (*question.content, *(mention.surface for mention in question.bodies)):
            rest = rest.replace(chunk, " ")
        if (asked := _LISTED.search(question.flat)) and not re.search(
            rf"{asked[1]}.{{0,4}}[包为是有：:].*、", one.text
        ):
            return False
        return bool(_NAMES.search(rest))
    return True


def _defines(text: str, term: str) -> bool:
    """Whether a sentence says what a term is, not merely uses it."""
    term, text = plain(term), plain(text)
    name = re.escape(term)
    said = rf"(?:为|即|指|是|包括|叫|称)[“”\"‘’]*{name}|{name}[”\"’]*(?:[，,]?(?:即|指|是|为|包括)|[：:（(])"
    return bool(re.search(said, text))


def _ranked(session: Session, scope: Scope, topic: Topic) -> list[_Sentence]:
    """The sentences of the passages found, best first."""
    weights = session.names.weights
    known = sum(weights(pair) for pair in topic.grams)
    share = known / (known + _UNKNOWN * len(topic.unknown)) if known else 1.0
    out: dict[tuple[str, int], _Sentence] = {}
    for doc, start, end, heading in _places(session, scope):
        text = session.document(doc.id).text
        titled = not scope.said and _titled(doc, session.question.flat)
        before: set[str] = set(grams(heading))
        for match in _SENTENCE.finditer(text[start:end]):
            own = set(grams(match[0]))
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
                coverage - 0.1 * brevity + _bonus(session, match[0]) + (_ON_TITLE if titled else 0.0),
                coverage,
            )
    return sorted(out.values(), key=lambda one: -one.score)


def _whole(session: Session, one: _Sentence) -> _Sentence:
    """An enumeration that begins in the sentence (一是……；二是……) is quoted to its end."""
    if not re.search(r"一是|：[^：]{0,20}；$", one.text) or not one.text.rstrip().endswith("；"):
        return one
    text = session.document(one.doc.id).text
    end = text.find("。", one.end, one.end + 300)
    return replace(one, end=end + 1, text=text[one.start : end + 1]) if end > 0 else one


def _naming(session: Session, scope: Scope, ranked: list[_Sentence]) -> list[_Sentence]:
    """Sentences that name the policies asked about are about the question, whatever else they say."""
    wanted = {plain(form) for p in session.question.policies for form in (p.title, p.number) if form}
    if not wanted or session.question.has(Ask.ISSUED):
        return ranked
    known = {(one.doc.id, one.start): one for one in ranked}
    for doc in scope.documents[:12]:
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
    asked = [pattern for ask, pattern in _REQUIRED.items() if session.question.has(ask)]
    return 0.1 * sum(bool(pattern.search(text)) for pattern in asked)


def _places(session: Session, scope: Scope) -> Iterator[tuple[Doc, int, int, str]]:
    """Stretches of text to look at: the documents meant, or what search finds in all."""
    by_id = {doc.id: doc for doc in session.lexicon.documents}
    meant = _meant(session, scope)
    for doc in meant:
        for passage in session.context.catalogue.passages(doc.id):
            yield doc, passage.start, passage.end, " ".join(passage.heading_path)
    if scope.said and meant:
        return
    for hit in session.context.search.search(session.question.flat[:_LONGEST_SEARCH], top=_SEARCHED):
        if hit.document_id in by_id:
            yield by_id[hit.document_id], hit.start, hit.end, hit.heading


def _meant(session: Session, scope: Scope) -> list[Doc]:
    """The documents to read whole: those named, or whose titles share a word of the question (质量月)."""
    if scope.said:
        return [doc for doc in scope.documents if doc.announces or scope.said][:_MOST_READ]
    own = [doc for doc in session.lexicon.documents if _titled(doc, session.question.flat)]
    return own if len(own) <= _MOST_READ else []


@lru_cache(maxsize=4096)
def _pieces(title: str) -> frozenset[str]:
    return frozenset(piece for i in range(len(title) - 2) if (piece := title[i : i + 3]).isalpha())


def _titled(doc: Doc, text: str) -> bool:
    return any(piece in text for piece in _pieces(plain(doc.title)))


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
