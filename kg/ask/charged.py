"""Who is in charge of what was quoted: the bracket that closes its item (责任单位：市交通运输局).

A part of a question that asks no more than that (责任单位是哪个部门) is answered by it alone: the same words stand
behind every other item, too.
"""

from __future__ import annotations

import re

from kg.ask.library import Library
from kg.ask.model import Answer
from kg.ask.question import Question
from kg.ask.slots import ROW_NUMBER
from kg.ask.wording import Sources, titled
from kg.core.model import Document
from ontology.forms import Forms

_BRACKET = re.compile(
    r"[（(〔\[【](?P<said>(?:[^（）()〔〕\[\]【】\n]|[（(][^（）()\n]*[）)]){2,500})[）)〕\]】][ \u3000。；;]*(?=\n|$)"
)
_FARTHEST = 2_000  # characters from the quotation to the end of its item
_MOSTLY = 0.4  # of a bracket without a label (市教育局、市财政局) must be names


def in_charge(document: Document, start: int, end: int, forms: Forms) -> tuple[int, int] | None:
    """Where the bracket stands that says who is in charge of a stretch; None where its item ends without one."""
    for found in _BRACKET.finditer(document.text, start, _end_of_item(document.text, start, end)):
        first, last = found.span("said")
        if last <= end - 2 or forms.find("said.aside", found["said"]):
            continue
        named = [b - a for entry in document.agencies for a, b in entry.spans if first <= a and b <= last]
        if named and (sum(named) >= _MOSTLY * (last - first) or forms.find("said.in_charge", found["said"])):
            return found.start(), last + 1
    return None


def _end_of_item(text: str, start: int, end: int) -> int:
    """Where the item ends that a stretch lies in: before the next one, or with its line if it has no number."""
    first, last = text.rfind("\n", 0, start) + 1, _end_of_line(text, end)
    if ROW_NUMBER.match(text[first:last]):
        while last < min(len(text), end + _FARTHEST):
            following = _end_of_line(text, last + 1)
            if ROW_NUMBER.match(text[last:following]):
                break
            last = following
    return last


def _end_of_line(text: str, at: int) -> int:
    found = text.find("\n", at)
    return found if found >= 0 else len(text)


def charged_answer(part: Question, label: str, before: Answer, library: Library) -> Answer | None:
    """Who is in charge of what answered the part before; None where more is asked than that, or no bracket says it."""
    if not before.evidence or library.forms.find("said.whose_duty", label) is None:
        return None
    cited = before.evidence[0]
    document = library.document(cited.document_id)
    where = in_charge(document, cited.start, cited.end, library.forms)
    if where is None:
        return None
    sources = Sources(library)
    mark = sources.cite(cited.document_id, *where, whole=False)
    return Answer(
        part.text, True, f"{titled(document.title)}：“{document.text[slice(*where)]}”{mark}。",
        interpretation="按所引条目末尾注明的单位作答。", evidence=sources.citations,
    )  # fmt: skip
