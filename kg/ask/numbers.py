"""Figures set against one another: the difference between two years, the most and the least of several."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kg.ask.library import Library
from kg.ask.model import Answer
from kg.ask.operators import undone
from kg.ask.passages import Found, find_passages
from kg.ask.question import Question
from kg.ask.sentences import Word, question_to_words, share_told
from kg.ask.synonyms import wordings_of
from kg.ask.text import plain
from kg.ask.wording import Sources, titled
from kg.core.model import Figure

_YEAR = re.compile(r"((?:19|20)\d\d)\s*年")
_BACK = 300  # characters before a figure in which the year that it speaks of is looked for
_DOCUMENTS = 4


@dataclass(frozen=True, slots=True)
class Held:
    """A figure with its document and the year that it speaks of."""

    document_id: str
    figure: Figure
    year: int | None


def numbers_answer(question: Question, library: Library) -> Answer | None:
    """A difference or a superlative; None where the figures do not settle it."""
    if undone(question, "op.difference", "op.most", "op.least"):
        return None
    if question.has("op.difference") and len(question.years) == 2:
        return _difference(question, library)
    if question.has("op.most", "op.least") and question.asks & {"which", "body", "place", "activity", "document"}:
        return _extreme(question, library)
    return None


def _near(question: Question, library: Library) -> tuple[Found, list[str]]:
    """The documents whose passages come nearest to the words, whatever year they are of."""
    loose = replace(
        question, spans=tuple(s for s in question.spans if s.kind not in ("year", "ask.amount", "ask.which"))
    )
    found = find_passages(loose, library)
    windows = [*found.answers, *found.nearest]
    return found, list(dict.fromkeys(w.document_id for w in windows))[:_DOCUMENTS]


def _figures(ids: list[str], words: list[Word], library: Library) -> list[Held]:
    """The figures whose subject is what the words say."""
    out = []
    for ident in ids:
        document = library.document(ident)
        for figure in document.figures:
            subject = plain(figure.what)
            if share_told(words, subject) > 0.9 and len(subject) <= sum(len(w.text) for w in words) + 4:
                out.append(Held(ident, figure, _year_of(figure, document.text)))
    return out


def _year_of(figure: Figure, text: str) -> int | None:
    if figure.time and figure.time[:4].isdigit():
        return int(figure.time[:4])
    start = figure.evidence.start
    line = max(text.rfind("\n", 0, start) + 1, start - _BACK)
    years = _YEAR.findall(text, line, figure.evidence.end)
    return int(years[-1]) if years else None


def _difference(question: Question, library: Library) -> Answer | None:
    aside = library.forms.words("noun.target")
    words = [w for w in question_to_words(question, library.weights, library.forms) if w.text not in aside]
    if not words:
        return None
    _, ids = _near(question, library)
    figures = _figures(ids, words, library)
    late, early = max(question.years), min(question.years)
    by_year = {year: {f.figure.value: f for f in figures if f.year == year} for year in (late, early)}
    if any(len(found) != 1 for found in by_year.values()):
        return None
    first, last = (next(iter(by_year[year].values())) for year in (early, late))
    if first.figure.unit != last.figure.unit or first.figure.upper or last.figure.upper:
        return None
    sources = Sources(library)
    change = last.figure.value - first.figure.value
    unit = "个百分点" if last.figure.unit in ("%", "％") else last.figure.unit
    verb = "高" if change > 0 else "低"
    marks = [sources.cite(f.document_id, f.figure.evidence.start, f.figure.evidence.end) for f in (last, first)]
    text = (
        f"{late}年比{early}年{verb}{_plain(abs(change))}{unit}：{last.figure.what}{late}年为{last.figure.as_written}{marks[0]}，"
        f"{early}年为{first.figure.as_written}{marks[1]}。"
        if change
        else f"两年相同：{last.figure.what}{late}年和{early}年都是{last.figure.as_written}{marks[0]}{marks[1]}。"
    )
    return Answer(
        question.text, True, text, interpretation=f"理解为：比较“{words[0].text}”在{early}年与{late}年的数字。",
        evidence=sources.citations,
    )  # fmt: skip


def _plain(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _extreme(question: Question, library: Library) -> Answer | None:
    operator = next(span for span in question.spans if span.kind in ("op.most", "op.least"))
    asked = max((s.end for s in question.spans if s.kind.startswith("ask.") and s.end <= operator.start), default=0)
    measure = [plain(w.text) for w in question.words if asked <= w.start < operator.start]
    about = [w for w in question.words if w.start < asked]
    if not measure or not about:
        return None
    topic = replace(question, words=tuple(about), spans=tuple(s for s in question.spans if s is not operator))
    _, ids = _near(topic, library)
    if not ids:
        return None
    wanted = [form for word in measure for form in wordings_of(word, library.forms)]
    document = library.document(ids[0])
    held = [f for f in document.figures if any(len(w) > 1 and w in f"{f.what}{f.evidence.quote}" for w in wanted)]
    held = [f for f in held if f.upper is None and any(len(w) > 1 and w in f.what for w in wanted)]
    units = {figure.unit for figure in held}
    alike = [set(row["words"]) for row in library.forms.rows("unit.alike")]
    if len(held) < 2 or (not any(units <= row for row in alike) and len(units) > 1):
        return None
    held.sort(key=lambda f: -f.value if operator.kind == "op.most" else f.value)
    if held[0].value == held[1].value:
        return None
    sources = Sources(library)
    lines = []
    for figure in held[:6]:
        mark = sources.cite(document.id, figure.evidence.start, figure.evidence.end)
        lines.append((figure, sources.citations[int(mark[1:-1]) - 1].quote.strip().rstrip("。；;"), mark))
    best = lines[0]
    rest = "；".join(f"{figure.as_written}{mark}" for figure, _, mark in lines[1:])
    text = f"{operator.text}的一项为{best[0].as_written}：“{best[1]}”{best[2]}。"
    text += f"其余依次为{rest}（{titled(document.title)}所列{len(held)}项）。"
    return Answer(
        question.text, True, text,
        interpretation=f"理解为：在{titled(document.title)}中比较“{''.join(measure)}”的数字。",
        evidence=sources.citations,
    )  # fmt: skip
