"""Several that are asked for by their names (具体是哪几家企业, 五部门是哪五个), and a text that only counts them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from kg.ask.amounts import compiled
from kg.ask.question import Question
from kg.ask.text import plain
from kg.ask.words import is_noun
from ontology.forms import Forms

_STOP = re.compile(r"[。；;\n]")
_LINES = re.compile(r"\n[^\n。；]{2,14}\n[^\n。；]{2,14}(?:\n|$)")  # names below one another
_SHORTEST = 2  # characters of a noun


def unnamed_by(question: Question, forms: Forms) -> Iterator[Callable[[str], bool]]:
    """How a text may leave unnamed what a question asks for by name.

    By counting several, by a blank for somebody, by leaving it to others to settle who it is (市政府确定的部门), by
    saying nothing of what came out (中标).
    """
    if question.asks & {"body", "which"}:
        yield from _unsettled(question, forms)
    if several := names_none_of(question, forms):
        yield several
    if question.asks & {"person", "name"}:
        blank, name = forms.pattern("slot.left_blank").search, forms.pattern("slot.name").search
        yield lambda text: blank(text) is not None and name(text) is None


def _unsettled(question: Question, forms: Forms) -> Iterator[Callable[[str], bool]]:
    """Whether a text says that others settle who it is, and whether it does not say what came out."""
    if forms.find("said.settled_who", question.text):
        left, told = forms.pattern("slot.left_to_settle").search, forms.pattern("slot.settled").search
        yield lambda text: left(text) is not None and told(text) is None
    if forms.find("said.outcome", question.text):
        said = forms.pattern("slot.outcome").search
        yield lambda text: said(text) is None


def names_none_of(question: Question, forms: Forms) -> Callable[[str], bool] | None:
    """Whether a text speaks of what is asked for by name, and names none of them; None where nothing is asked so.

    It names them where it tells them one by one in the sentence that has their noun or in the next one, in cells or in
    short lines. One that says it with another noun (三市 for 哪几个市) may name them.
    """
    noun = _noun_of(question, forms)
    if noun is None:
        return None
    listed = compiled(forms.source("slot.enumerated").replace("NOUN", re.escape(noun)))
    named = forms.pattern("slot.several_names").search

    def names_none(text: str) -> bool:
        if text.rstrip().endswith(("：", ":")) or "\t" in text or _LINES.search(text):
            return False
        sentences = [plain(part) for part in _STOP.split(text)]
        holding = [f"{sentence}。{behind}" for sentence, behind in pairwise([*sentences, ""]) if noun in sentence]
        return bool(holding) and not any(listed.search(said) or named(said) for said in holding)

    return names_none


def _noun_of(question: Question, forms: Forms) -> str | None:
    """What several are called: the end of the noun behind 哪几家, or of the one that is counted before 是哪五个."""
    if roster := forms.find("said.roster", question.text):
        return plain(roster["noun"])[-_SHORTEST:]
    if forms.find("said.which_by_name", question.text) is None or "amount" in question.asks:
        return None
    ends = {span.end for span in question.of("ask.which")}
    asked = [word.text for word in question.words if word.start in ends]
    asked += [span.text for span in question.of("ask.body")]
    if not asked and (counted := forms.find("said.counted_before", question.text)):
        asked = [counted["noun"]]
    noun = plain(asked[0])[-_SHORTEST:] if asked else ""
    return noun if len(noun) == _SHORTEST and is_noun(noun) else None
