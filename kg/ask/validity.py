"""Whether a document holds: from when, until when, by what it was repealed; on a day that is named, or today.

What the texts say of themselves and of one another is told, and what follows from it for the day; that nothing repeals
a document is told as what is held, never as that it is in force.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from kg.ask.library import Library
from kg.ask.model import Answer
from kg.ask.operators import says
from kg.ask.question import Question, Span
from kg.ask.scope import of_another_place
from kg.ask.wording import Sources, dated, titled
from kg.core.model import Document, Effect
from kg.core.standing import Standing, standing
from kg.core.text import in_order
from kg.graph.ended import ENDINGS, Ended, ended_by, gone_from, policies_of

_DAY = re.compile(r"((?:19|20)\d\d)年(?:(\d{1,2})月)?(?:(\d{1,2})[日号])?")
_NO_END = "没有写明有效期"


def validity_answer(question: Question, library: Library) -> Answer | None:
    """The answer to a question whether, from when or until when a named document holds; None for any other."""
    about = [span for span in question.spans if span.kind in ("title", "policy", "number")]
    if (
        not says("op.validity", question, library.forms)
        or not about
        or question.asks - _ASKS
        or _other_things(question, library)
        or of_another_place(question, library)
    ):
        return None
    if question.asks & _OTHERS or (not question.asks and library.forms.find("said.what_it_ends", question.text)):
        return None if question.asks - _OTHERS else _ended(question, library)
    day, said_day = _day_of(question, library)
    sources = Sources(library)
    ends = library.forms.pattern("said.end").search(question.text) is not None
    lines = [line for span in about[:3] for line in _of_one(span, day, said_day, library, sources, ends=ends)]
    if not lines:
        return None
    told = bool(sources.citations) and not (ends and all(_NO_END in line for line in lines[:1]))
    meant = "、".join(span.text for span in about[:3])
    return Answer(
        question.text,
        told,
        "\n".join(lines),
        evidence=sources.citations,
        interpretation=f"理解为：查{meant}从何时起施行、到何时为止、有无文件废止或修改它。",
    )


def _ended(question: Question, library: Library) -> Answer | None:
    """What a named document repeals or changes: 同时废止了哪两个文件."""
    sources, lines = Sources(library), []
    for ident in dict.fromkeys(one for span in question.of("title") for one in span.value[:1]):
        document = library.document(ident)
        ended = [effect for effect in document.effects if effect.target and effect.act in ENDINGS]
        told = [
            f"{effect.act}《{effect.target}》{_number_of(effect.target, document.text)}"
            f"{sources.cite(ident, effect.evidence.start, effect.evidence.end)}"
            for effect in ended
            if effect.target
        ]
        if told:
            lines.append(f"{_name(document)}{'、'.join(dict.fromkeys(told))}。")
    if not lines:
        return None
    return Answer(
        question.text,
        True,
        "\n".join(lines),
        interpretation="理解为：查文件废止或修改了哪些文件。",
        evidence=sources.citations,
    )


def _number_of(title: str, text: str) -> str:
    """The number in brackets behind a title, as the text has it."""
    found = re.search(rf"《{re.escape(title)}》(?P<number>[（(][^（）()\n]{{4,40}}号[）)])", text)
    return found["number"] if found else ""


def _other_things(question: Question, library: Library) -> bool:
    """Whether the words speak of a thing of its own (证照什么时候失效), not of the day or of the title meant."""
    days = [found.span() for found in _DAY.finditer(question.text)]
    titles = [doc.title for span in question.of("title") for ident in span.value if (doc := library.doc(ident))]
    cited = [library.lexicon.policies[span.value] for span in question.of("policy") if span.value is not None]
    titles += [name for policy in cited for name in (policy.title, *policy.names) if name]
    papers = library.forms.pattern("said.of_documents")
    return any(
        word.length > 1
        and not papers.fullmatch(word.text)
        and not any(a <= word.start and word.end <= b for a, b in days)
        and not any(in_order(word.text, title) for title in titles)
        for word in question.words
    )


_OTHERS = frozenset(("document", "which", "number"))  # what is asked for are the others, not the day
_ASKS = frozenset(("date", "yesno", "period", "howlong", "held")) | _OTHERS


def _day_of(question: Question, library: Library) -> tuple[dt.date, str]:
    """The day that the question names outside titles and numbers, else today."""
    for found in _DAY.finditer(question.text):
        inside = any(
            s.start <= found.start() < s.end for s in question.spans if s.kind in ("title", "policy", "number")
        )
        if not inside and not library.forms.start("said.came_out", question.text[found.end() :]):
            year, month, day = int(found[1]), int(found[2] or 12), int(found[3] or 0)
            try:
                last = dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(1)
                return (dt.date(year, month, day) if day else last), found[0]
            except ValueError:
                continue
    today = dt.datetime.now(tz=dt.UTC).astimezone().date()
    return today, f"今天（{dated(today.isoformat())}）"


def _of_one(span: Span, day: dt.date, said_day: str, library: Library, sources: Sources, *, ends: bool) -> list[str]:
    held = [library.document(ident) for ident in span.value[:3]] if span.kind == "title" else []
    others = [one for one in _others(span, held, library) if one[0] not in held]
    repealed = gone_from(others)
    lines = [line for document in held for line in _own(document, repealed, day, said_day, sources, ends=ends)]
    for document, effect in others:
        since = f"自{dated(effect.date)}起" if effect.date else ""
        mark = sources.cite(document.id, effect.evidence.start, effect.evidence.end)
        lines.append(f"{_name(document)}写明{since}{_act(effect, library)}{_said(effect, span)}{mark}。")
    if held and not others:
        lines.append("库内没有收录废止或修改它的文件；未收录的文件不在此列。")
    return lines


_FOLLOWS = {
    Standing.REPEALED: "已废止",
    Standing.NOT_YET: "尚未施行",
    Standing.EXPIRED: "已过有效期（有无延续，库内没有写明）",
    Standing.WITHIN: "仍在有效期内",
}


def _own(
    document: Document, gone: str | None, day: dt.date, said_day: str, sources: Sources, *, ends: bool
) -> Iterator[str]:
    """What a document says of itself, and what follows for the day."""
    own = [effect for effect in document.effects if effect.target is None]
    parts = []
    for effect in own:
        mark = sources.cite(document.id, effect.evidence.start, effect.evidence.end)
        if effect.act == "施行" and effect.date:
            parts.append(f"自{dated(effect.date)}起施行{mark}")
        elif effect.act == "有效期" and effect.date:
            parts.append(f"有效期至{dated(effect.date)}（原文“{effect.evidence.quote.strip('。')}”）{mark}")
        elif effect.act == "废止":
            parts.append(f"{'自' + dated(effect.date) + '起' if effect.date else ''}废止{mark}")
    if not parts:
        yield f"{_name(document)}没有写明施行日期和有效期。"
        return
    if ends and not gone and not any(e.act == "废止" or (e.act == "有效期" and e.date) for e in own):
        parts.insert(0, _NO_END)
    told = _FOLLOWS.get(standing(own, gone, day)[0], "")
    follows = f"；{said_day}{told}" if told else ""
    yield f"{_name(document)}：{'，'.join(parts)}{follows}。"


def _name(document: Document) -> str:
    return titled(document.called) + (f"（{document.doc_number}）" if document.doc_number else "")


def _said(effect: Effect, span: Span) -> str:
    return (
        f"《{effect.target}》" if effect.target and not effect.target.startswith("《") else effect.target or span.text
    )


def _act(effect: Effect, library: Library) -> str:
    """The verb of its sentence: 停止执行 is told as that."""
    found = library.forms.pattern("effect.end").search(effect.evidence.quote) if effect.act == "废止" else None
    return found[0] if found else effect.act


def _others(span: Span, held: list[Document], library: Library) -> list[Ended]:
    """Documents that repeal or change it, each with what it says."""
    store, iris = library.context.store, library.iris
    titles = [span.text.strip("《》"), *(document.title for document in held)]
    if span.kind == "policy" and span.value is not None:
        policy = library.lexicon.policies[span.value]
        titles += [name for name in (policy.title, *policy.names) if name]
    policies = policies_of(titles, [document.id for document in held], store, iris)
    return ended_by(policies, library.document, store, iris)
