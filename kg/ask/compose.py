"""Question -> forms: every target that its question words allow, with every constraint that the schema allows.

A form is composed, not recognised: which constraints a target may have is `form.TARGETS`. What a form cannot use stays
unconsumed, and a form that leaves a telling word unconsumed is not answered from (`explains`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from kg.ask.columns import kind_of
from kg.ask.form import TARGETS, Form
from kg.ask.levels import levels_asked
from kg.ask.library import Library
from kg.ask.matching import Texts, words_to_needles
from kg.ask.operators import left_out, says, undone
from kg.ask.question import Question, Span
from kg.ask.reading import without
from kg.ask.sentences import question_to_words
from kg.ask.shares import Doc
from kg.ask.targets import _fact_of, targets_of
from kg.ask.text import sent_out
from kg.core.numerals import number_to_chinese
from kg.core.text import in_order

_ALWAYS = ("ask.", "op.", "role.", "noun.activity", "noun.target", "year", "kind")


@dataclass(frozen=True, slots=True)
class Reading:
    """A form with how much of the question it explains, 0..1, and the words that it leaves."""

    form: Form
    score: float
    unused: tuple[str, ...]


def question_to_readings(question: Question, library: Library) -> list[Reading]:
    """The forms that leave nothing important unused, the one that explains most first."""
    apart = left_out(question, "place", "body")
    rest = replace(question, spans=tuple(span for span in question.spans if span not in apart))
    forms = (_without(form, apart) for form in _forms(rest, library))
    readings = [_judged(form, question) for form in forms]
    whole = [reading for reading in readings if not reading.unused]
    return sorted(whole, key=lambda reading: (-reading.score, reading.form.target))


def _judged(form: Form, question: Question) -> Reading:
    telling = [*question.words, *(s for s in question.spans if not s.kind.startswith(_ALWAYS))]
    ignored = undone(question, *_done(form))
    if form.role is None:
        ignored += [*question.of("role.lead"), *question.of("role.co")]
    left = ignored + [
        span for span in telling if span not in form.consumed and (len(span.text) > 1 or span.text in "钱费人奖")
    ]
    parts = sum(map(bool, (form.series, form.bodies, form.titles, form.policy, form.places, form.years, form.partners)))
    used = sum(span.length for span in form.consumed)
    score = used / max(1, sum(span.length for span in telling) or 1) + 0.05 * parts + _PRIOR.get(form.target, 0.0)
    score += 0.1 * (form.only or form.none or form.joint) - 0.05 * (form.within == "words")
    return Reading(form, score, tuple(span.text for span in left))


def _done(form: Form) -> Iterator[str]:
    """The operators that a form carries out."""
    for name, done in (
        ("op.only", form.only), ("op.none", form.none), ("op.except", form.apart),
        ("op.order", form.operator == "order"), ("op.joint", form.joint or form.partners or form.target == "header"),
    ):  # fmt: skip
        if done:
            yield name


def _without(form: Form, apart: list[Span]) -> Form:
    """The form with what the question leaves out, where its target is of that kind."""
    kind = {"place": "place", "region": "place", "body": "body"}.get(form.target)
    if not apart or any(span.kind != kind for span in apart):
        return form
    names = [name for span in apart for name in (span.value if isinstance(span.value, tuple) else (span.value,))]
    return replace(form, apart=tuple(dict.fromkeys(names)), consumed=form.consumed | frozenset(apart))


_PRIOR = {"body": 0.02, "activity": 0.02, "header": 0.01, "fact": -0.05}


def _forms(question: Question, library: Library) -> Iterator[Form]:
    for target, operator in targets_of(question, library):
        for base in _bases(target, question, library):
            yield replace(base, operator=operator)


def _bases(target: str, question: Question, library: Library) -> Iterator[Form]:
    """The target with all constraints; where words may be taken in two ways, each way is a form."""
    allowed = TARGETS[target]
    form, used = Form(target, years=question.years if "years" in allowed else ()), set(question.of("year"))
    if "months" in allowed:
        form, used = _with_months(form, question, used, library)
    if "places" in allowed and question.has("place"):
        form, used = _with_places(form, question, used, library)
    if "bodies" in allowed and question.has("body"):
        form = replace(form, bodies=tuple(span.value for span in question.of("body")))
        used |= set(question.of("body"))
    if target == "reference" and form.bodies and _stand_before(question, "body", "ask.basis"):
        form = replace(form, issuers=tuple(name for group in form.bodies for name in group), bodies=())
    if target == "body" and form.bodies:  # 某局…由哪些处室负责: whose document it is, not who acts
        issuers = tuple(name for group in form.bodies for name in group)
        rest = without(question, "body")
        for other in _bases(target, rest, library):
            yield replace(other, issuers=issuers, consumed=other.consumed | frozenset(question.of("body")))
    if "titles" in allowed and question.has("title"):
        docs = [library.doc(ident) for span in question.of("title") for ident in span.value]
        form = replace(form, titles=tuple(dict.fromkeys(doc.title for doc in docs if doc)))
        used |= set(question.of("title"))
        if "bodies" not in allowed:  # 广东省财政厅 … 管理通知: whose document it is
            makers = {name for doc in docs if doc for name in doc.issuers}
            used |= {span for span in question.of("body") if makers.intersection(span.value)}
    if "policy" in allowed and (iri := _policy(question, library)):
        form = replace(form, policy=iri)
        used |= {*question.of("policy"), *question.of("title")}
        if target == "reference" or question.asks & {"cites", "document"}:
            form = replace(form, titles=())
    if "items" in allowed and question.has("item"):
        form = replace(
            form,
            items=tuple(
                written for span in question.of("item") for written in (str(span.value), number_to_chinese(span.value))
            ),
        )
        used |= set(question.of("item"))
    if "kinds" in allowed and target != "fact":
        form = _with_kinds(form, question, library)
    if target in ("place", "region"):
        if (levels := levels_asked(question, library)) is None:
            return
        form = replace(form, level=levels[0], ends=levels[1])
    if target == "fact":
        form = replace(form, fact=_fact_of(question))
        used |= set(question.of("fact"))
    form = _with_operators(form, question, allowed, library)
    if "series" in allowed and question.has("series", "quoted"):
        labels, spans = _series(question, library)
        if labels:
            with_series = replace(form, series=labels)
            yield from _with_words(with_series, question, used | spans, library, allowed)
    yield from _with_words(form, question, used, library, allowed)


def _with_months(form: Form, question: Question, used: set[Span], library: Library) -> tuple[Form, set[Span]]:
    """The months in which documents were issued; the year of the plan need not be that of the day."""
    found = list(library.forms.pattern("time.month").finditer(question.text))
    if not found:
        return form, used
    said = {word for word in question.words if any(m.start() <= word.start and word.end <= m.end() for m in found)}
    months = tuple(f"{m['year']}-{int(m['month']):02}" for m in found)
    return replace(form, years=(), months=months), used | said


def _with_places(form: Form, question: Question, used: set[Span], library: Library) -> tuple[Form, set[Span]]:
    spans = question.of("place")
    used = used | set(spans)
    together = says("op.joint", question, library.forms)
    if "partners" in TARGETS[form.target] and together and len(spans) > 1:
        return replace(form, partners=question.places, joint=True), used
    if question.has("body") and form.target in ("body", "activity"):
        own = {span.value for span in question.of("place")}
        bodies = [name for span in question.of("body") for name in span.value]
        records = [library.place(place) for place in own]
        if all(record and any(record.bare in name for name in bodies) for record in records):
            return form, used  # 青浦…区质量办: the place says whose the body is
    return replace(form, places=question.places), used


def _with_kinds(form: Form, question: Question, library: Library) -> Form:
    """The kinds of documents that are asked for; a noun without kinds (文件) is any."""
    if form.target in ("body", "activity") or form.titles:
        return form
    general = {word for row in library.forms.rows("noun.kind") if not row["kinds"] for word in row["words"]}
    kinds = [kind for span in question.of("kind") for kind in span.value]
    kinds += [str(span.value) for span in question.of("ask.document") if span.value and span.value not in general]
    if any(not span.value for span in question.of("kind")):
        return form
    return replace(form, kinds=tuple(dict.fromkeys(kinds)))


def _policy(question: Question, library: Library) -> str | None:
    for span in question.of("policy"):
        if span.value is not None:
            policy = library.lexicon.policies[span.value]
            return library.iris.policy(title=policy.title, number=policy.number)
        return library.iris.policy(title=span.text.strip("《》"))
    for span in question.of("title"):
        if question.asks & {"cites"} or ("document" in question.asks and "basis" not in question.asks):
            doc = library.doc(span.value[0])
            return library.iris.policy(title=doc.title) if doc else None
    return None


def _with_operators(form: Form, question: Question, allowed: frozenset[str], library: Library) -> Form:
    role = next((role for role in ("lead", "co") if says(f"role.{role}", question, library.forms)), None)
    return replace(
        form,
        role=role if "role" in allowed else None,
        only=question.has("op.only") and "only" in allowed and bool(form.bodies),
        none=question.has("op.none") and "none" in allowed,
        joint=form.joint
        or (
            says("op.joint", question, library.forms) and (len(form.bodies) > 1 or any(len(g) > 1 for g in form.bodies))
        ),
    )


def _series(question: Question, library: Library) -> tuple[tuple[str, ...], set[Span]]:
    labels: list[str] = []
    spans: set[Span] = set()
    for span in question.of("series"):
        labels.append(str(span.value))
        spans.add(span)
    for span in question.of("quoted"):
        number = library.names.series.get(str(span.value))
        if number is not None and library.lexicon.series[number].used:
            labels.append(library.lexicon.series[number].label)
            spans.add(span)
    return tuple(dict.fromkeys(labels)), spans


def _with_words(
    form: Form, question: Question, used: set[Span], library: Library, allowed: frozenset[str]
) -> Iterator[Form]:
    """The form with needles for the words that are left: in titles, or in the words of activities."""
    spans = [*question.words, *question.of("quoted"), *question.of("series")]
    if form.target not in ("document", "reference", "header"):
        spans += question.of("policy")
    used = used | {span for span in spans if any(in_order(span.text, title) for title in form.titles)}
    left = [span for span in spans if span not in used and (len(span.text) > 1)]
    if not left:
        consumed = frozenset(used)
        if form.target == "body" and not (form.series or form.items):
            return  # who is asked for, but not of what
        if (
            form.constrained
            or form.years
            or form.partners
            or _asked_for(form, question)
            or (form.target == "header" and len(library.lexicon.documents) < 40)
        ):
            yield replace(form, consumed=consumed)
        return
    if "needles" not in allowed:
        return
    only = Question(
        question.text, tuple(s for s in left if s.kind != "word"), tuple(s for s in left if s.kind == "word")
    )
    words = question_to_words(only, library.weights, library.forms)
    for texts, numbers, written, within in _texts(form, question, library):
        needles = words_to_needles(words, texts, numbers, written)
        if needles is not None:
            yield replace(form, needles=needles, within=within, consumed=frozenset({*used, *left}))
            return


def _stand_before(question: Question, kind: str, other: str) -> bool:
    """Whether all spans of a kind stand before the first of another: 某局的办法依据什么 asks of its own document."""
    first = min((span.start for span in question.of(other)), default=-1)
    return all(span.end <= first for span in question.of(kind))


def _asked_for(form: Form, question: Question) -> bool:
    """Whether a field of the kind of fact is what the question asks: 什么时候 of a meeting, which has a time."""
    return bool(form.fact) and bool(question.asks & kind_of(form.fact).answers)


def _texts(
    form: Form, question: Question, library: Library
) -> Iterator[tuple[Texts, Iterable[int], Callable[[int], str], str]]:
    """Where words of a form may stand: texts in plain form, those that fit, how each is written, and how near it is."""
    lexicon, events = library.lexicon, library.lexicon.events
    if form.target in ("body", "activity", "place"):
        docs = [fits(doc, form, library) for doc in lexicon.documents]
        numbers = [n for n, e in enumerate(events) if docs[e.doc] and (not form.items or e.no in form.items)]

        for within in ("title", "near", "words") if form.target == "body" and not form.items else ("near", "words"):
            told = library.names.activities_told(within)
            yield told, numbers, partial(library.names.activity_written, within=within), within
    elif form.target != "fact" or _asked_for(form, question):
        documents = lexicon.documents
        fitting = (number for number, doc in enumerate(documents) if fits(doc, form, library))
        yield library.names.titles_told, fitting, lambda number: documents[number].title, "near"


def fits(doc: Doc, form: Form, library: Library) -> bool:
    """Whether a document is of the years, places and kinds of a form, and its title has the form's words."""
    if form.years and doc.year not in form.years:
        return False
    if form.target in ("body", "activity", "place"):
        return True  # what is done has a place of its own
    if form.places and not any(library.within(doc.place, place) for place in form.places):
        return False
    title = doc.title.lower()
    is_kind = not form.kinds or doc.kind in form.kinds or re.search(sent_out(form.kinds), doc.title) is not None
    return is_kind and all(any(w in title for w in n.words) for n in form.needles)
