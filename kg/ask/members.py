"""Is a body among those that …: yes with the words that name it, or no after the whole document was searched."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.ask.compose import question_to_readings
from kg.ask.library import Library
from kg.ask.model import Answer
from kg.ask.operators import undone
from kg.ask.question import Question, Span
from kg.ask.reading import without
from kg.ask.session import form_to_rows
from kg.ask.structured import describe
from kg.ask.wording import Sources, listed, titled

_LINE = 60  # characters of a line of names


def membership_answer(question: Question, library: Library) -> Answer | None:
    """The answer to 有没有某单位 and 是不是某单位负责; None for any other question."""
    if "yesno" not in question.asks or not question.has("body") or undone(question, "op.joint"):
        return None
    names = [name for span in question.of("body") for name in span.value]
    rest = without(question, "body")
    in_documents = question.asks & {"issuer"} or question.has("kind", "title")
    if in_documents and (answer := _in_documents(question, rest, names, library)):
        return answer
    return _among_bodies(question, names, library)


def _in_documents(question: Question, rest: Question, names: list[str], library: Library) -> Answer | None:
    asked = replace(rest, spans=(*rest.spans, Span(0, 1, "ask.issuer", None, "谁印发")))
    readings = [r for r in question_to_readings(asked, library) if r.form.target == "header"]
    if not readings:
        return None
    found = form_to_rows(readings[0].form, library)
    held = {place[0] for _, place in found.spans}
    if len(held) != 1 or (doc := library.doc(held.pop())) is None:
        return None  # none, or several that may have one title
    issuers = [str(row["issuer"]) for row in found.rows if row.get("issuer")]
    text = library.document(doc.id).text
    forms = list(dict.fromkeys([*names, *(span.text for span in question.of("body")), *_forms(names, library)]))
    sources = Sources(library)
    places = [m.span() for form in forms for m in re.finditer(re.escape(form), text)]
    said = "、".join(f"“{form}”" for form in forms[:4])
    if set(names) & set(issuers):
        mark = sources.cite(doc.id, *places[0]) if places else ""
        answer = f"有。{titled(doc.title)}的发文单位有{listed(issuers, fold=40)}{mark}。"
    elif places and (signed := _signed(text, places)):
        answer = f"有。{titled(doc.title)}的落款写有{said}{sources.cite(doc.id, *signed)}。"
    elif places:
        return None  # named, but perhaps not as what is asked
    else:
        marks = sources.cite_all(found.places_of(), most=2)
        answer = f"没有。{titled(doc.title)}全文没有出现{said}（全文检索0处）{marks}。"
        if issuers:
            answer += f"发文单位是{listed(issuers, fold=40)}。"
    columns, rows = found.labelled()
    return Answer(
        question.text, True, answer, columns, rows,
        interpretation=f"理解为：查{describe(readings[0].form)}中有没有{listed(names)}。",
        sparql=found.query, evidence=sources.citations,
    )  # fmt: skip


def _signed(text: str, places: list[tuple[int, int]]) -> tuple[int, int] | None:
    """Where a body stands among those that sign: in a line of names alone, in the head or the tail of the text."""
    for start, end in places:
        first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
        line = text[first : last if last >= 0 else len(text)].strip()
        if len(line) <= _LINE and not re.search(r"[。，；：]", line) and (start > len(text) * 0.5 or start < 400):
            return start, end
    return None


def _forms(names: list[str], library: Library) -> list[str]:
    return [form for name in names for body in library.names.by_name.get(name, ()) for form in body.forms]


def _among_bodies(question: Question, names: list[str], library: Library) -> Answer | None:
    if not (question.has("series", "word") or question.words) or not question.has("role.any", "role.lead", "role.co"):
        return None
    who = Span(0, 1, "ask.body", None, "谁")
    asked = replace(without(question, "body"), spans=(*without(question, "body").spans, who))
    for reading in question_to_readings(asked, library):
        if reading.form.target != "body":
            continue
        found = form_to_rows(reading.form, library)
        bodies = list(dict.fromkeys(str(row["body"]) for row in found.rows))
        if not bodies or len({row["activity"] for row in found.rows}) > 3:
            continue
        sources = Sources(library)
        activity = str(found.rows[0]["activity"])
        by = replace(reading.form, target="activity", bodies=(tuple(names),))
        through = dict.fromkeys(str(row["through"]) for row in form_to_rows(by, library).rows)
        told = set(names) & set(through) or set(through)
        places = [place for row, place in found.spans if row["body"] in told] or [p for _, p in found.spans]
        marks = sources.cite_all(sorted(set(places)), most=2)
        does = {"lead": "牵头", "co": "配合"}.get(reading.form.role or "", "负责")
        answer = f"文件写明“{activity}”由{listed(bodies, fold=30)}{does}{marks}"
        if set(names) & set(through):
            answer = f"是。{answer}。"
        elif through:
            answer += f"；原文写的是{listed(through)}，没有逐一写明{listed(names)}。"
        else:
            answer += f"，其中没有{listed(names)}。"
        columns, rows = found.labelled()
        return Answer(
            question.text, True, answer, columns, rows,
            interpretation=f"理解为：查{describe(reading.form)}，看有没有{listed(names)}。",
            sparql=found.query, evidence=sources.citations,
        )  # fmt: skip
    return None
