"""The readings of a question put to the graph: the first that explains the whole question and finds something."""

from __future__ import annotations

from kg.ask.columns import kind_of
from kg.ask.compose import question_to_readings
from kg.ask.form import Form
from kg.ask.library import Library
from kg.ask.model import Answer
from kg.ask.question import Question
from kg.ask.session import Rows, form_to_rows
from kg.ask.telling import tell
from kg.ask.wording import Sources, listed

_NAMES = {
    "body": "责任单位", "activity": "活动", "place": "开展的地方", "region": "出台的地方", "document": "文件",
    "header": "文件的标题、文号、日期等", "reference": "所引文件",
}  # fmt: skip


_ANSWERS: dict[str, frozenset[str]] = {
    "body": frozenset(("body", "person", "activity", "place", "document", "issuer")),
    "activity": frozenset(("activity", "amount", "which", "body", "place", "document")),
    "place": frozenset(("place", "change", "activity", "body")),
    "region": frozenset(("place", "document", "amount")),
    "document": frozenset(("document", "cites", "amount", "held", "which", "activity", "date")),
    "header": frozenset(("date", "number", "issuer", "recipient", "theme", "period", "body", "person", "document"))
    | frozenset(("change", "definition")),
    "reference": frozenset(("basis", "issuer", "document", "body", "person", "cites")),
    "fact": frozenset(("activity", "amount", "which", "date", "document", "person", "body", "definition")),
}
_NEUTRAL = frozenset(("held", "which", "summary", "manner", "change"))


def structured_answer(question: Question, library: Library) -> Answer | None:
    """An answer from the graph, or None; a form that leaves something that is asked for open is none."""
    for reading in question_to_readings(question, library):
        if question.asks - _answered(reading.form) - _NEUTRAL:
            continue
        found = form_to_rows(reading.form, library)
        if not found.rows:
            continue
        sources = Sources(library)
        text = tell(found, question, library, sources)
        if text is not None:
            return _answer(question, found, text, sources)
    return None


def _answered(form: Form) -> frozenset[str]:
    """What asking the rows of a form answer; a kind of fact says so field by field."""
    return _ANSWERS[form.target] | (kind_of(form.fact).answers if form.fact else frozenset())


def _answer(question: Question, found: Rows, text: str, sources: Sources) -> Answer:
    columns, rows = found.labelled()
    return Answer(
        question.text,
        True,
        text,
        columns,
        rows,
        interpretation=f"理解为：查{describe(found.form)}。",
        sparql=found.query,
        evidence=sources.citations,
    )


def describe(form: Form) -> str:
    """A form in words: what is looked for, under which conditions."""
    parts = []
    if form.years:
        parts.append("年份" + "、".join(map(str, form.years)))
    for label, values in (
        ("成文月份", form.months), ("地区", form.places),
        ("合作地区", form.partners), ("系列", form.series), ("文种", form.kinds),
        ("文件", form.titles), ("级别", form.level), ("机构", [n for g in form.bodies for n in g]),
        ("发文单位", form.issuers),
        ("用语", [n.words[0] for n in form.needles]),
    ):  # fmt: skip
        if values:
            parts.append(label + listed(values, fold=6))
    if form.apart:
        parts.append("除外" + listed(form.apart, fold=6))
    flags = [
        name for flag, name in ((form.only, "单独负责"), (form.none, "没有责任单位"), (form.joint, "共同")) if flag
    ]
    if form.role:
        flags.append("牵头" if form.role == "lead" else "配合")
    name = kind_of(form.fact).label if form.fact else _NAMES[form.target]
    return f"{name}（{'；'.join([*parts, *flags]) or '全部'}）"
