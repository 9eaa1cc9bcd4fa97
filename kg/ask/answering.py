"""Question -> answer: read, compose readings over the schema, try them by how much they explain, else quote."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from kg.ask.articles import article_answer
from kg.ask.charged import charged_answer
from kg.ask.exists import existence_answer
from kg.ask.followup import follow
from kg.ask.implied import with_implied
from kg.ask.library import AnswerContext, Library
from kg.ask.llm import rephrase
from kg.ask.members import membership_answer
from kg.ask.model import Answer, Citation
from kg.ask.numbers import numbers_answer
from kg.ask.parts import Part, asks_twice, each_of, parts_of, parts_of_key_words, says_each
from kg.ask.passages import find_passages
from kg.ask.question import Question
from kg.ask.quoting import nothing_found, passages_to_answer
from kg.ask.reading import read
from kg.ask.sentences import question_to_words, share_told
from kg.ask.slots import Slots
from kg.ask.structured import structured_answer
from kg.ask.text import plain
from kg.ask.trend import trend_answer
from kg.ask.validity import validity_answer

_MOST_READ = 2_000
_MOSTLY = 0.5  # of the words of a part, in what is found for the whole
_OF_IT = "其中"  # of what the part before asked for
_MARK = "\x00"
_EXACT: tuple[Callable[[Question, Library], Answer | None], ...] = (
    article_answer,
    validity_answer,
    membership_answer,
    existence_answer,
    trend_answer,
    numbers_answer,
)
"""Each answers questions that no other of them may: by an article, by what is in force, by a yes or no, by a trend, by
an operation."""


def answer(question: str, *, context: AnswerContext, previous: Answer | None = None) -> Answer:
    """Answer a question. Whatever is typed gives an `Answer`, if need be one that says what is missing."""
    begun = time.perf_counter()
    library = Library(context)
    text = question[:_MOST_READ]
    asked = None
    if previous is not None and (followed := follow(text, previous.question[:_MOST_READ], library)):
        asked, stays = followed
        if stays:
            before = one(read(previous.question[:_MOST_READ], library), library)
            asked = replace(asked, within=frozenset(cited.document_id for cited in before.evidence))
    asked = asked or read(text, library)
    found = one(asked, library)
    if not found.answerable:
        found = _resting_on(asked, library) or found
    if not found.answerable and previous is None:
        found = _otherwise_spelt(text, library) or found
    if not found.answerable and (said := rephrase(text, context.settings, library)):
        again = one(read(said, library), library)
        if again.answerable:
            note = f"规则未能理解原问，经语言模型改写为“{said}”，再按同样的规则回答"
            found, asked = again, replace(asked, notes=(*asked.notes, note))
    notes = [*asked.notes, *(f"“{wrong}”按“{right}”理解" for wrong, right in asked.mended)]
    if notes:
        found = replace(found, interpretation=f"{found.interpretation.rstrip('。')}（{'；'.join(notes)}）。")
    return replace(found, question=question, elapsed_ms=round((time.perf_counter() - begun) * 1000, 1))


def _resting_on(question: Question, library: Library) -> Answer | None:
    """By which articles of a paper something rests on it, as another document says that names it; None where none does.

    某项检查依据《某条例》哪些条款: the paper itself, which was asked first, does not speak of the check.
    """
    forms, text = library.forms, question.text
    named = [
        span
        for span in question.of("title")
        if forms.find("said.resting_on", text[: span.start]) and forms.start("said.which_article", text[span.end :])
    ]
    if not named:
        return None
    spans = tuple(replace(s, kind="quoted", value=s.text) if s in named else s for s in question.spans)
    found = one(replace(question, spans=spans), library)
    told = plain(found.evidence[0].quote) if found.answerable and found.evidence else ""
    papers = [law["title"] for law in forms.pattern("law.with_article").finditer(told)]
    names = [plain(span.text).strip("《》") for span in named]
    return found if all(any(paper.endswith(name) for paper in papers) for name in names) else None


def _otherwise_spelt(text: str, library: Library) -> Answer | None:
    """What answers a question that is misspelt by sound, which the answer says first; None where nothing does."""
    spelt = [(wrong, right) for wrong, right in library.context.search.misspelt(text) if wrong in text]
    said = text
    for wrong, right in spelt:
        said = said.replace(wrong, right)
    found = one(read(said, library), library) if spelt else None
    if found is None or not found.answerable:
        return None
    told = "、".join(f"“{wrong}”（库内没有）按“{right}”" for wrong, right in spelt)
    return replace(found, answer=f"{told}查找。{found.answer}")


def prepare(context: AnswerContext) -> None:
    """Open what any question is read and answered with."""
    read("", Library(context))
    _ = context.search


def one(question: Question, library: Library) -> Answer:
    """The answer to one question, in one piece where that can be had, else in parts."""
    question = with_implied(question, library.forms)
    whole = _direct(question, library)
    if whole is not None and not (question.has("article") and not whole.answerable and _quotes_it(question, library)):
        return whole
    compared = question.has("op.compare")
    if (compared or says_each(question)) and (each := _of_each(question, library)):
        return each
    found = find_passages(question, library)
    quoted = passages_to_answer(question, found, library)
    if quoted.answerable and found.answers and found.answers[0].says_all and not asks_twice(question):
        return quoted
    if not (compared or quoted.answerable) and (each := _of_each(question, library)):
        return each
    attributes = (*library.forms.words("noun.attribute"), *library.forms.words("verb.light"))
    parts = parts_of(question, frozenset(attributes)) or parts_of_key_words(question, library.forms)
    answers = _in_parts(parts, library, every=quoted.answerable)
    told = [found.answerable for _, found in answers]
    if quoted.answerable and all(_lies_in(found, quoted) for _, found in answers):
        return quoted
    if quoted.answerable and any(told) and not all(told) and len(answers) == len(parts):
        answers = _filled(parts, answers, quoted, library)
        told = [found.answerable for _, found in answers]
    return _joined(question, answers) if any(told) and (all(told) or not quoted.answerable) else quoted


def _quotes_it(question: Question, library: Library) -> bool:
    """Whether another document answers with the article of a law that is not held: 某办法第三十九条所称“从业”是指….

    Law and article must stand in the very stretch or above it.
    """
    best = next(iter(find_passages(question, library).answers), None)
    told = plain(f"{best.around}{best.text}") if best else ""
    return bool(told) and all(plain(span.text) in told for kind in ("article", "policy") for span in question.of(kind))


def _of_each(question: Question, library: Library) -> Answer | None:
    """The same question of each of several that stand beside one another; None where none is answered."""
    found = [(label, one(each, library)) for label, each in each_of(question)]
    answers = [(label, replace(own, answerable=own.answerable and _is_of(label, own, found))) for label, own in found]
    if any(own.answerable for _, own in answers):
        return _joined(question, answers)
    of_each = says_each(question) or question.has("op.compare")
    if of_each and any(own.answerable for _, own in found):  # one text for all of them that names none
        return nothing_found(question, find_passages(question, library), library)
    return None


def _is_of(label: str, own: Answer, answers: Sequence[tuple[str, Answer]]) -> bool:
    """Whether an answer is of the one that it is given for: a text that answers for others, too, must name it.

    中央、省、市各承担多少: a text that tells what 三级政府 give tells it of none of them.
    """
    others = [(other, found) for other, found in answers if other != label and found.answerable]
    shared = [one for one in own.evidence if any(_overlaps(one, o) for _, found in others for o in found.evidence)]
    alone = {char for char in label if any(char not in other for other, _ in others)}
    pairs = {a + b for a, b in pairwise(label) if {a, b} <= alone} or alone
    return not shared or not pairs or any(pair in one.quote for one in shared for pair in pairs)


def _overlaps(one: Citation, other: Citation) -> bool:
    return one.document_id == other.document_id and one.start < other.end and other.start < one.end


def _lies_in(part: Answer, whole: Answer) -> bool:
    """Whether the best quotation of an answer lies in one of the other's, or one of these in it."""
    return all(any(_within(own, one) or _within(one, own) for one in whole.evidence) for own in part.evidence[:1])


def _within(own: Citation, other: Citation) -> bool:
    return own.document_id == other.document_id and other.start <= own.start and own.end <= other.end


def _filled(
    parts: list[Part], answers: list[tuple[str, Answer]], whole: Answer, library: Library
) -> list[tuple[str, Answer]]:
    """With what the whole question finds for the part that was not answered, if it says what that asks."""
    best = whole.evidence[0]
    told = [one for _, found in answers if found.answerable for one in found.evidence]
    if any(one.document_id == best.document_id and one.start < best.end and best.start < one.end for one in told):
        return answers
    text = library.document(best.document_id).text[best.start : best.end]
    return [
        (label, found if found.answerable or not _says(text, part.alone, library) else whole)
        for part, (label, found) in zip(parts, answers, strict=True)
    ]


def _says(text: str, part: Question, library: Library) -> bool:
    """Whether a text holds what a part asks for, and speaks of what it asks about."""
    slots = Slots(part, library.forms, lambda _: 0)
    words = [word for word in question_to_words(part, library.weights, library.forms) if word.must]
    return bool(slots.wanted) and slots.held(text) == 1 and share_told(words, plain(text)) >= _MOSTLY


def _direct(question: Question, library: Library) -> Answer | None:
    for kind in _EXACT:
        if (found := kind(question, library)) is not None:
            return found
    return structured_answer(question, library)


def _in_parts(parts: list[Part], library: Library, *, every: bool) -> list[tuple[str, Answer]]:
    """Each part is asked of the documents that the one before it led to; where that gives nothing, of all.

    What is left then is asked of where another was answered. Where `every` part must be answered by itself, the first
    that is not is the last.
    """
    answers: list[tuple[str, Answer]] = []
    for part in parts:
        before = answers[-1][1] if answers else None
        led = before is not None and before.evidence and (before.answerable or part.alone.part)
        bound = led and not part.alone.within
        of_it = part.label.startswith(_OF_IT) or library.forms.find("said.of_that", part.label) is not None
        if before and of_it and not before.answerable:
            answers.append((part.label, before))
            continue
        if before and before.answerable and (charged := charged_answer(part.alone, part.label, before, library)):
            answers.append((part.label, charged))
            continue
        found = _part(_beside(part.alone, before) if before and bound else part.whole, library)
        other = part.whole if bound else part.alone  # without its documents, or without what stands before it
        if not (found.answerable or of_it) and (bound or (before is None and other != part.whole)):
            again = _part(other, library)
            found = again if again.answerable else found
        answers.append((part.label, found))
        if every and not found.answerable:
            return answers
    told = next((found for _, found in answers if found.answerable), None)
    if told is None:
        return answers
    return [
        (
            label,
            found
            if found.answerable or part.alone.within or label.startswith(_OF_IT)
            else _part(_beside(part.alone, told), library),
        )
        for part, (label, found) in zip(parts, answers, strict=True)
    ]


def _beside(part: Question, told: Answer) -> Question:
    """A part asked of the documents that another has led to, best where that was answered."""
    within = frozenset(cited.document_id for cited in told.evidence)
    beside = frozenset((cited.document_id, cited.start, cited.end) for cited in told.evidence)
    return replace(part, within=within, beside=beside if told.answerable else frozenset())


def _part(part: Question, library: Library) -> Answer:
    return _direct(part, library) or passages_to_answer(part, find_passages(part, library), library)


def _joined(question: Question, answers: list[tuple[str, Answer]]) -> Answer:
    """Several answers as one, their sources numbered through."""
    sources: list[Citation] = []
    said = []
    for label, found in answers:
        if not found.answerable:
            said.append(f"{label}：已收录的文件中没有找到")
            continue
        text = found.answer
        for number in range(len(found.evidence), 0, -1):
            cited = found.evidence[number - 1]
            if cited not in sources:
                sources.append(cited)
            text = text.replace(f"[{number}]", f"{_MARK}{sources.index(cited) + 1}]")
        said.append(f"{label}：{text.replace(_MARK, '[').rstrip('。')}")
    tables = [found for _, found in answers if found.rows]
    base = tables[0] if len(tables) == 1 else answers[0][1]
    return replace(
        base,
        question=question.text,
        answerable=True,
        answer="。".join(said) + "。",
        columns=base.columns if len(tables) == 1 else [],
        rows=base.rows if len(tables) == 1 else [],
        sparql=base.sparql if len(tables) == 1 else None,
        interpretation="分问作答：" + "；".join(found.interpretation.rstrip("。") for _, found in answers) + "。",
        unused=list(dict.fromkeys(word for _, found in answers for word in found.unused)),
        evidence=sources,
    )
