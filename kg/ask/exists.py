"""Whether there is such a thing: activities of a place and year, or words in a document, counted in its whole text."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.ask.compose import question_to_readings
from kg.ask.lexicon import Doc
from kg.ask.library import Library
from kg.ask.model import Answer
from kg.ask.operators import undone
from kg.ask.question import Question, Span
from kg.ask.reading import without
from kg.ask.session import form_to_rows
from kg.ask.structured import describe
from kg.ask.text import plain
from kg.ask.wording import Sources, listed, titled

_SAYS = re.compile(r"提到|提及|写到|写了|说到|出现|讲到|包含|涉及")
_THERE_IS = re.compile(r"有(?:吗|没有|么)|有没有|都有|安排|开展|举办|办[过了]|搞[过了]")
_MOST = 12  # documents whose whole text is searched
_MARKS = re.compile(r"[“”\"'‘’]")


def existence_answer(question: Question, library: Library) -> Answer | None:
    """The answer to 有没有提到…, …都安排了…吗; None for any other question."""
    if "yesno" not in question.asks or question.has("body") or undone(question):
        return None
    if _SAYS.search(question.text):
        return _mentioned(question, library)
    if len(question.places) > 1 or len(question.years) > 1:
        return None  # each by itself
    return _held(question, library) if _THERE_IS.search(question.text) else None


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


def _mentioned(question: Question, library: Library) -> Answer | None:
    words = [
        plain(span.text)
        for span in (*question.words, *question.of("series"), *question.of("quoted"), *question.of("policy"))
    ]
    words = [word.strip("《》") for word in words if not _SAYS.search(word)]
    docs = _documents(question, library)
    narrowed = bool(question.years or question.places or question.of("title"))
    if not words or not narrowed or not 0 < len(docs) <= _MOST:
        return None
    sources = Sources(library)
    said = []
    for doc in docs:
        text = library.document(doc.id).text
        flat, at = _flat(text)
        places = [(at[m.start()], at[m.end() - 1] + 1) for m in re.finditer(re.escape(words[0]), flat)]
        if places:
            mark = sources.cite(doc.id, *places[0])
            said.append(f"{titled(doc.title)}有{len(places)}处{mark}")
        else:
            said.append(f"{titled(doc.title)}0处")
    found = bool(sources.citations)
    head = "提到了" if found else "没有提到"
    return Answer(
        question.text, True, f"{head}。全文检索“{words[0]}”：{'；'.join(said)}。", evidence=sources.citations,
        interpretation=f"理解为：在{len(docs)}份文件的全文中查“{words[0]}”。",
    )  # fmt: skip


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
        groups = list(dict.fromkeys((str(row["activity"]), str(row["document"])) for row in found.rows))
        said = [f"“{a}”{sources.cite_all(found.places_of(activity=a, document=d), most=1)}" for a, d in groups[:6]]
        place = "、".join(record.name for p in question.places if (record := library.place(p)))
        year = "、".join(f"{y}年" for y in question.years)
        columns, rows = found.labelled()
        return Answer(
            question.text, True, f"有。{year}{place}的文件写到{listed(said)}。", columns, rows,
            interpretation=f"理解为：查{describe(reading.form)}有没有。", sparql=found.query,
            evidence=sources.citations,
        )  # fmt: skip
    return None
