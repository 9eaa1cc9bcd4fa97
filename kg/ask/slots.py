"""What an answer must hold to be one, by what a question asks for: a day, a sum, a body, names, places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from kg.ask.amounts import amount_tests, compiled
from kg.ask.naming import unnamed_by
from kg.ask.operators import operators_held
from kg.ask.question import Question, clause_around
from kg.ask.synonyms import wordings_of
from kg.ask.text import plain
from kg.ask.words import denies
from ontology.forms import Forms

_SEVERAL_PLACES, _MANY = re.compile(r"[些几]"), 2
_SPOT = re.compile(r"^(?:哪(?:个|些|几个)|什么|啥)地方|地点$")  # not 在哪个地方: what is held there
_ALL = re.compile(r"哪些|哪几|(?:什么|啥)(?:材料|条件|手续|资料|情形|内容)")
_SEVERAL = re.compile(r"[哪那]|么样")
_WHO = re.compile(r"[（(][^（）()]*[）)][。；]?\s*$")  # at the end of an item: who does it, not what is asked for
_STOP = re.compile(r"(?<=[。；])")
_ASKED = re.compile(r"[^。；！：:\n\t]*[？?]")
_SAYING = 12  # characters of a heading that says something by itself
_LISTED = re.compile(r"[、（(《]")
ROW_NUMBER = re.compile(
    r"^\s*(?:第[一二三四五六七八九十百零\d]{1,5}[条章节款]|"
    r"[（(]?\d{1,3}(?:[)）]?(?:[.．](?!\d)|[、\t ])|[)）])|[（(]?[一二三四五六七八九十]{1,3}[)）、])\s*"
)
"""What a row of a table, an item or an article begins with."""


UNSAID = ("contact", "number", "name")
"""What no other words say, so that a text without it answers nothing, whatever else is asked beside it."""


class Slots:
    """What an answer must hold to be one, by what is asked."""

    def __init__(self, question: Question, forms: Forms, names_place: Callable[[str], int]) -> None:
        self._question, self._forms, self._measures = question.text, forms, forms.rows("noun.measure")
        asks = question.asks - _said_by_another(question, forms)
        wanted: list[Callable[[str], object]] = []
        self.headed: list[Callable[[str], object]] = []  # what may stand in the heading
        self.leading: list[Callable[[str], object]] = []  # what the sentence before a list may say of its items
        self._figures: list[Callable[[str], object]] = []
        said = _said_in_asking(question)
        counting = (*question.of("ask.amount"), *question.of("ask.which"))
        spot = any(map(_SPOT.search, said))  # a place is asked for, or where in it
        in_documents = forms.pattern("said.in_documents").search(question.text)
        for ask, form in _SLOTS.items():
            if ask == "where" in asks and in_documents:
                self.leading.append(names_place)
            elif ask in asks:
                test: Callable[[str], object] = forms.pattern(form).search
                test = _but_what_is_asked(ask, test, question, forms)
                if ask == "howlong":
                    self._figures.append(test)
                either = _either(test, names_place) if ask == "where" and spot else test
                (self.headed if ask == "theme" else wanted).append(either)
        finer = _finer(said, [question.text[span.start : span.end + 2] for span in counting], forms)
        self._unsaid = [forms.pattern(form).search for form in _without_other_words(asks, finer)]
        self._unnamed = tuple(unnamed_by(question, forms))
        self._vague = forms.pattern("said.vague").search if asks & {"amount", "howlong"} else None
        wanted += (forms.pattern(row["slot"]).search for row in finer)
        wanted += (*self._beside_figures(question, forms), *_each(question, forms.pattern("slot.howlong")))
        named = forms.pattern("noun.named").search(question.text)
        if "place" in asks or ("which" in asks and named and named.groupdict().get("place")):
            least = _MANY if any(_SEVERAL_PLACES.search(span.text) for span in question.of("ask.place")) else 1
            if in_documents:
                self.leading.append(names_place)
            else:
                wanted.append(lambda text: names_place(text) >= least or self.defines(plain(text)))
        elif asks == {"which"} and not question.has("op.most", "op.least") and any(map(_SEVERAL.search, said)):
            ends = {span.end for span in question.of("ask.which")}
            nouns = [w for word in question.words if word.start in ends for w in wordings_of(plain(word.text), forms)]
            names = forms.pattern("slot.names")
            wanted.append(lambda text: self._leads_to_it(text) or _names_some(text, nouns, names))
        if asks & {"amount"} and not asks & {"law"}:
            figure, tests = amount_tests(question, forms)
            self._figures.append(figure)
            wanted += tests
        if asks & {"body", "issuer"} and question.has("role.any", "role.lead", "role.co"):
            wanted.append(forms.pattern("slot.duty").search)
        if any(denies(plain(word.text)) for word in question.words):
            self.leading.append(forms.pattern("slot.negation").search)
        self.wanted = [*wanted, *operators_held(question, forms, wordings_of)]
        holds = forms.pattern("said.what_it_holds").search(question.text)  # 粤菜包括哪些菜
        defined = "definition" in asks or ("which" in asks and (question.has("quoted") or holds))  # “两证”是哪两个证
        self._defined = _definition_of(question, forms) if defined else None
        self._announced = forms.pattern("slot.announced") if any(map(_ALL.search, said)) else None

    def _beside_figures(self, question: Question, forms: Forms) -> Iterator[Callable[[str], object]]:
        """What the sentences must say that have such a figure as is asked for: its limit, its direction, the act."""
        for row in forms.rows("slot.beside"):
            if re.search(row["asked"], question.text):
                yield partial(self._said_beside_figures, forms.pattern(row["slot"]).search)

    def _said_beside_figures(self, test: Callable[[str], object], text: str) -> bool:
        sentences = _STOP.split(text)
        return any(map(test, [one for one in sentences if self.has_figure(one)] or sentences))

    def defines(self, text: str) -> bool:
        """Whether the text says of the very word that is asked about what it means."""
        return bool(self._defined and self._defined.search(text))

    def announced(self, text: str) -> bool:
        """Whether the text announces the list that is asked for (哪些材料: 应当提交下列材料：), not another one."""
        found = self._announced.search(text) if self._announced else None
        if found is None or (noun := found["noun"]) is None:
            return found is not None
        return any(word in self._question for word in wordings_of(noun, self._forms))

    def _leads_to_it(self, text: str) -> bool:
        """Whether a text ends in a colon behind which is what is asked for; 应具备以下条件： leads to no companies."""
        if not text.rstrip().endswith(("：", ":")):
            return False
        last = _STOP.split(text.rstrip())[-1]
        found = list(self._forms.pattern("slot.announced").finditer(last))
        noun = found[-1].groupdict().get("noun") if found else None
        if noun is None or not self._forms.find("said.which_by_name", self._question):
            return True  # 哪些人员可以申请: those that meet what follows
        return any(word in self._question for word in wordings_of(noun, self._forms))

    def measured(self, noun: str, text: str) -> bool:
        """Whether a noun says no more than the unit of a figure, and the text has such a figure: 面积, 4.1平方公里."""
        return any(noun in row["words"] and any(unit in text for unit in row["units"]) for row in self._measures)

    def unsaid(self, text: str) -> bool:
        """Whether a number, a name, an hour or how to reach somebody is asked for, and the text has none.

        A text that tells no more of a sum than that there is one (一定比例) leaves it unsaid, or of companies that some
        there are.
        """
        vague = self._vague is not None and self._vague(text) and not self.has_figure(text)
        return vague or any(none(text) for none in self._unnamed) or any(not test(text) for test in self._unsaid)

    def has_figure(self, text: str) -> bool:
        """Whether a sentence has such a figure as is asked for."""
        return any(test(text) for test in self._figures)

    def held(self, text: str, heading: str = "", lead: str = "") -> float:
        """The share of what is wanted that the text holds; 1 where nothing is."""
        tests = [*self.wanted, *self.headed, *self.leading]
        if not tests:
            return 1.0
        # the number of a row or an item is no sum, and what a text asks itself answers nothing
        bare = _ASKED.sub("", ROW_NUMBER.sub("", text))
        last = ROW_NUMBER.sub("", heading.rsplit(" > ", maxsplit=1)[-1])
        said = last if len(last) > _SAYING and not _LISTED.search(last) else ""  # 意见书出具之日起15日内重新申请的
        found = [test(bare) or (said and test(said)) for test in self.wanted] + [
            test(f"{heading} {bare}") for test in self.headed
        ]
        found += [test(f"{lead} {bare}") for test in self.leading]
        return sum(map(bool, found)) / len(tests)


def _said_in_asking(question: Question) -> list[str]:
    """What asks; of key words the last may (随机抽取比例)."""
    said = [span.text for span in question.spans if span.kind.startswith("ask.")]
    last = max(question.words, key=lambda word: word.end, default=None)
    return [*said, last.text] if question.implied and last is not None else said


def _finer(said: Sequence[str], next_to: Sequence[str], forms: Forms) -> list[Mapping[str, Any]]:
    """The rows that tell more exactly what is asked for; some look at what stands behind (多大年纪, 哪几个方面)."""
    return [
        row
        for row in forms.rows("slot.finer")
        if any(re.search(row["said"], text) for text in (*said, *(next_to if row.get("behind") else ())))
    ]


def _without_other_words(asks: frozenset[str], finer: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The forms of what no other words say: a number, a name, an hour."""
    yield from (_SLOTS[ask] for ask in UNSAID if ask in asks)
    yield from (str(row["slot"]) for row in finer if row.get("only") in asks)


def _but_what_is_asked(
    ask: str, test: Callable[[str], object], question: Question, forms: Forms
) -> Callable[[str], object]:
    """The test of a date without the years that the question names, of a number without those of papers it cites."""
    if ask in ("date", "period") and question.years:
        return _without(_years_alone(question.years), test)
    if ask == "number" and question.has("title") and not forms.find("said.other_paper", question.text):
        return _without(forms.pattern("said.cited_number"), test)
    return test


def _without(cited: re.Pattern[str], test: Callable[[str], object]) -> Callable[[str], object]:
    """The test, on a text without the numbers of documents that it cites: they are not that of the one meant."""
    return lambda text: test(cited.sub("", text))


def _years_alone(years: Sequence[int]) -> re.Pattern[str]:
    """The years that a question names, where no day, month or end of them follows: they are not the date asked for."""
    return re.compile(
        rf"(?:{'|'.join(map(str, years))})\s*年(?!\s*(?:\d|[一二三四五六七八九十]|年?[底末初中上下第前后]))度?"
    )


def _said_by_another(question: Question, forms: Forms) -> frozenset[str]:
    """A day, where only a noun of time stands for it beside what asks how long: 办理时限 几天."""
    nouns, asking = forms.words("noun.attribute"), {span.start for span in question.of("ask.howlong")}
    alone = all(s.text in nouns and asking & {s.end, s.end + 1} for s in question.of("ask.date"))
    return frozenset(("date",)) if alone and asking else frozenset()


def _each(question: Question, pattern: re.Pattern[str]) -> Iterator[Callable[[str], object]]:
    """As many lengths as clauses ask for one: 有效期多长？届满前多少日…？"""
    asking = {clause_around(question.text, span.start, span.end) for span in question.of("ask.howlong")}
    if len(asking) > 1:
        yield lambda text: len({found[0] for found in pattern.finditer(text)}) >= len(asking)


def _either(one: Callable[[str], object], other: Callable[[str], object]) -> Callable[[str], object]:
    return lambda text: one(text) or other(text)


def _names_some(text: str, named: Sequence[str], pattern: re.Pattern[str]) -> bool:
    """Whether names stand in the sentence that has what is asked for by name (哪些媒体), if any has it."""
    sentences = [_WHO.sub("", sentence) for sentence in _STOP.split(text)]
    return any(map(pattern.search, [s for s in sentences if any(name in s for name in named)] or sentences))


_SLOTS = {
    "date": "slot.date", "howlong": "slot.howlong", "body": "slot.body", "where": "slot.where", "person": "slot.person",
    "definition": "slot.definition", "reason": "slot.reason", "law": "slot.penalty", "yesno": "slot.permission",
    "issuer": "slot.body", "contact": "slot.contact", "theme": "slot.theme", "number": "slot.number",
    "period": "slot.date", "frequency": "slot.frequency", "term": "slot.term",
    "basis": "slot.basis", "name": "slot.name",
}  # fmt: skip


def _definition_of(question: Question, forms: Forms) -> re.Pattern[str] | None:
    """X是指…, 所称X, as `slot.defined` has it, for the quoted words or the word that stands next to the asking."""
    named = [*question.words, *(span for span in question.spans if span.kind in ("body", "series", "policy"))]
    spans = question.of("quoted") or [span for span in named if span.length > 1]
    if not spans:
        return None
    asks = question.of("ask.definition") or question.of("ask.which")
    start, end = (asks[0].start, asks[0].end) if asks else (len(question.text),) * 2  # key words say it at the end
    term = min(spans, key=lambda span: max(start - span.end, span.start - end))
    return compiled(forms.source("slot.defined").replace("TERM", re.escape(plain(term.text))))
