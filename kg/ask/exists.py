"""Whether there is such a thing: activities of a place and year, or words in a document, counted in its whole text."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.ask.compose import question_to_readings
from kg.ask.library import Library
from kg.ask.model import Answer
from kg.ask.operators import undone
from kg.ask.question import Question, Span
from kg.ask.reading import without
from kg.ask.sentences import Word
from kg.ask.session import form_to_rows
from kg.ask.shares import Doc
from kg.ask.structured import describe
from kg.ask.synonyms import wordings_of
from kg.ask.text import plain
from kg.ask.windows import sentences_of
from kg.ask.wording import Sources, listed, titled

_MOST = 12  # documents whose whole text is searched
_COMPOUND = 4  # characters of a word that may be written in parts
_SOUGHT = ("word", "series", "quoted", "policy")
_AND = re.compile(r"[《》]|和(?!平|谐)|与|以及|及|或者|或")
_MARKS = re.compile(r"[“”\"'‘’]")


def existence_answer(question: Question, library: Library) -> Answer | None:
    """The answer to 有没有提到…, …都安排了…吗; None for any other question."""
    if question.asks != {"yesno"} or question.has("body") or undone(question):
        return None
    if says := library.forms.pattern("verb.mention").search(question.text):
        return _mentioned(question, says.end(), library)
    if len(question.places) > 1 or len(question.of("year")) > 1:
        return None  # each by itself
    return _held(question, library) if library.forms.pattern("verb.there-is").search(question.text) else None


def _documents(question: Question, library: Library) -> list[Doc]:
    named = {ident for span in question.of("title") for ident in span.value}
    kinds = {kind for span in question.of("kind") for kind in span.value}
    out = []
    for doc in library.lexicon.documents:
        if named and doc.id not in named:
            continue
        if question.years and doc.year not in question.years:
            continue
        if question.places and not any(doc.place == place for place in question.places):
            continue
        if not kinds or doc.kind in kinds or named:
            out.append(doc)
    return out


def _mentioned(question: Question, behind: int, library: Library) -> Answer | None:
    """How often documents have the words that stand behind the verb, each word by itself."""
    spans = [span for kind in _SOUGHT for span in (question.words if kind == "word" else question.of(kind))]
    spans = sorted((span for span in spans if len(span.text) > 1 or span.kind != "word"), key=lambda span: span.start)
    words = [part for span in spans if span.start >= behind for part in _AND.split(plain(span.text)) if part]
    docs = _documents(question, library)
    for span in spans:  # 方案 in 青浦方案有没有提到…: which of the documents is meant
        if span.start < behind:
            docs = [doc for doc in docs if plain(span.text) in plain(doc.title)]
    narrowed = bool(question.years or question.places or question.of("title"))
    if not words or not narrowed or not 0 < len(docs) <= _MOST:
        return None
    sources = Sources(library)
    words = list(dict.fromkeys(words))
    told: list[str] = []
    counts: list[int] = []
    for word in words:
        said = []
        found = [_count(word, doc, sources, library) for doc in docs]
        if not any(count for count, _ in found) and any(_says_otherwise(word, doc, library) for doc in docs):
            return None  # in other words, perhaps: then the text is shown
        for doc, (count, mark) in zip(docs, found, strict=True):
            said.append(f"{titled(doc.title)}{count}处{mark}")
        counts.append(sum(count for count, _ in found))
        told.append(f"全文检索“{word}”：{'；'.join(said)}")
    head = "提到了" if all(counts) else "部分提到了" if any(counts) else "没有提到"
    return Answer(
        question.text, True, f"{head}。{'。'.join(told)}。", evidence=sources.citations,
        interpretation=f"理解为：在{len(docs)}份文件的全文中查“{'”“'.join(words)}”。",
    )  # fmt: skip


def _count(word: str, doc: Doc, sources: Sources, library: Library) -> tuple[int, str]:
    """How often the text has a word in any of its wordings, and the mark of the first place."""
    flat, at = _flat(library.document(doc.id).text)
    any_wording = "|".join(map(re.escape, sorted(wordings_of(word, library.forms), key=len, reverse=True)))
    places = [(at[m.start()], at[m.end() - 1] + 1) for m in re.finditer(any_wording, flat)]
    return len(places), sources.cite(doc.id, *places[0]) if places else ""


def _says_otherwise(word: str, doc: Doc, library: Library) -> bool:
    """Whether a sentence has all parts of a longer word, apart from one another: 食品安全知识媒体宣传."""
    asked = Word(word, wordings_of(word, library.forms), 1.0)
    text = library.document(doc.id).text
    return len(word) >= _COMPOUND and any(asked.covered(plain(text[a:b])) == 1.0 for a, b in sentences_of(text))


def _flat(text: str) -> tuple[str, list[int]]:
    kept = [n for n, char in enumerate(text) if not char.isspace() and not _MARKS.match(char)]
    return "".join(text[n].lower() for n in kept), kept


def _held(question: Question, library: Library) -> Answer | None:
    """Yes with what there is; silence is no no."""
    asked = without(question, "ask.yesno")
    asked = replace(asked, spans=(*asked.spans, Span(0, 1, "ask.activity", None, "什么活动")))
    for reading in question_to_readings(asked, library):
        if reading.form.target != "activity" or not (reading.form.series or reading.form.needles):
            continue
        found = form_to_rows(reading.form, library)
        if not found.rows:
            continue
        sources = Sources(library)
        said: dict[tuple[str, bool], list[str]] = {}  # by whose document it is, and whether the place is named in it
        events = {row["event"]: row for row in found.facts if row.get("state") != "点名"}
        events |= {row["event"]: row for row in found.facts if row.get("state") == "点名"}
        for event, row in events.items():
            mark = sources.cite_all(found.places_of(event=event), most=1)
            key = (str(row["document"]), row.get("state") != "推及")
            said.setdefault(key, []).append(f"“{row['activity']}”{mark}")
        place = "、".join(record.name for p in question.places if (record := library.place(p)))
        parts = [
            f"{titled(document)}写到{listed(told, fold=6)}" + ("" if named else f"（{place}由集体推及，原文没有点名）")
            for (document, named), told in said.items()
        ]
        head = "有。" if any(named for _, named in said) else ""
        columns, rows = found.labelled()
        return Answer(
            question.text, True, f"{head}{'；'.join(parts)}。", columns, rows,
            interpretation=f"理解为：查{describe(reading.form)}有没有。", sparql=found.query,
            evidence=sources.citations,
        )  # fmt: skip
    return None
