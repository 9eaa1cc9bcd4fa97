"""What a question wants done with what is found (op.*), and the names that it leaves out (除了青浦区).

Whoever answers says which operators it carried out; one that nobody carried out turns the question into another one, so
nothing is answered that ignores it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from kg.ask.question import Question, Span
from kg.ask.text import plain
from ontology.forms import Forms

_NEUTRAL = ("op.table", "op.compare")  # how it is shown, and that each is told by itself
_BESIDE = re.compile(r"[、和与及的\s]{0,2}")  # between two names, and between the last and 以外
_SCOPE_ENDS = re.compile(r"[，,；;]|还有|另有|其[他它]|哪")
_EXCEPT = "op.except"
_IN_A_LIST = r"[、,和与及并][^,。;、]{0,6}?NAME|NAME[^。;]{0,8}?[、,和与及]"  # of a text in plain form
_OF_ONE = frozenset(("body", "person", "issuer", "place", "where"))  # what is left out may be all that there is
_SAID_EXCEPT = re.compile(r"除(?:了|去|开)?([^，。；？?]{2,40}?)[以之]?外")


def undone(question: Question, *done: str) -> list[Span]:
    """The operators of a question that are not among those carried out."""
    return [s for s in question.spans if s.kind.startswith("op.") and s.kind not in (*done, *_NEUTRAL)]


def says(name: str, question: Question, forms: Forms) -> bool:
    """Whether an operator or a role is said, by itself or within a question word (配合什么)."""
    found = forms.pattern(name).search
    return question.has(name) or any(found(s.text) for s in question.spans if s.kind.startswith("ask."))


def left_out(question: Question, *kinds: str) -> list[Span]:
    """The names of these kinds that an exception speaks of: 除了甲、乙以外, 甲除外."""
    marks = question.of(_EXCEPT)
    out: list[Span] = []
    for number, mark in enumerate(marks):
        if mark.text.startswith("除") and not mark.text.endswith("外"):
            end = marks[number + 1].start if number + 1 < len(marks) else len(question.text)
            if stop := _SCOPE_ENDS.search(question.text, mark.end, end):
                end = stop.start()
            out += [s for s in question.spans if s.kind in kinds and mark.start <= s.start and s.end <= end]
        elif number == 0 or marks[number - 1].text.endswith("外"):
            at = mark.start
            for span in sorted((s for s in question.spans if s.kind in kinds), key=lambda s: -s.end):
                if span.end <= at and _BESIDE.fullmatch(question.text, span.end, at):
                    out.append(span)
                    at = span.start
    return list(dict.fromkeys(out))


def operators_held(
    question: Question, forms: Forms, wordings: Callable[[str, Forms], tuple[str, ...]]
) -> Iterator[Callable[[str], object]]:
    """What a text must hold that answers a question with these operators: the verb denied, 除…外, 只."""
    for row in forms.rows("slot.operator"):
        if says(row["operator"], question, forms):
            source = forms.source(row["slot"])
            for verb in (span.value for span in question.of(row["operator"]) if span.value):
                verbs = "|".join(map(re.escape, wordings(str(verb), forms)))
                source = f"(?:{source})[^，。；]{{0,4}}(?:{verbs})"
            test = re.compile(source).search
            listed = row["operator"] == _EXCEPT and not question.asks & _OF_ONE
            yield _or_lists(_excepted(question), test) if listed else test


def _excepted(question: Question) -> list[str]:
    """What is left out, as it is said: 附属建筑物, 构筑物 of 除附属建筑物、构筑物外."""
    found = _SAID_EXCEPT.search(question.text)
    inside = [w for w in question.words if found and found.start(1) <= w.start and w.end <= found.end(1)]
    return [plain(word.text) for word in inside if word.length > 1]


def _or_lists(things: list[str], test: Callable[[str], object]) -> Callable[[str], object]:
    """The test, or that the text lists what is left out beside other things: 甲、乙及其附属建筑物."""
    beside = [re.compile(_IN_A_LIST.replace("NAME", re.escape(thing))) for thing in things]
    return lambda text: test(text) or (bool(beside) and all(one.search(plain(text)) for one in beside))
