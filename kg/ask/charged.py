"""Who is in charge of what was quoted: the bracket that closes its item (责任单位：市交通运输局).

A part of a question that asks no more than that (责任单位是哪个部门) is answered by it alone: the same words stand
behind every other item, too.
"""

from __future__ import annotations

import re

from kg.ask.library import Library
from kg.ask.model import Answer
from kg.ask.question import Question
from kg.ask.wording import Sources, titled
from kg.core.model import Document

_BRACKET = re.compile(
    r"[（(〔\[【](?P<said>(?:[^（）()〔〕\[\]【】\n]|[（(][^（）()\n]*[）)]){2,500})[）)〕\]】][ \u3000。；;]*(?=\n|$)"
)
_NEXT = re.compile(
    r"\n[ \u3000]*(?:[（(]?[一二三四五六七八九十]{1,3}[)）、]|[（(]?\d{1,3}[)）.．、](?!\d)"
    r"|第[一二三四五六七八九十百\d]+[条章节])"
)
_OTHERWISE = re.compile("咨询|联系|抄送|来源|电话|根据|依据|见")
_LABEL = 12  # characters in which the number of an item stands
_FARTHEST = 2_000  # characters from the quotation to the end of its item
_MOSTLY = 0.4  # of a bracket without a label (市教育局、市财政局) must be names


def in_charge(document: Document, start: int, end: int, label: re.Pattern[str]) -> tuple[int, int] | None:
    """Where the bracket stands that says who is in charge of a stretch; None where its item ends without one."""
    text = document.text
    following = _NEXT.search(text, end)
    last = min(following.start() if following else len(text), end + _FARTHEST)
    line = text.rfind("\n", 0, start + 1)
    if not _NEXT.match(f"\n{text[line + 1 : start + _LABEL]}"):  # a paragraph that is no item ends with its line
        last = min(last, behind if (behind := text.find("\n", end)) >= 0 else last)
    for found in _BRACKET.finditer(text, max(start, 0), last):
        first, behind = found.span("said")
        if _OTHERWISE.match(found["said"]):
            continue
        named = [span for entry in document.agencies for span in entry.spans if first <= span[0] and span[1] <= behind]
        share = sum(b - a for a, b in named) / (behind - first)
        if behind > end - 2 and named and (share >= _MOSTLY or label.search(found["said"])):
            return found.start(), behind + 1
    return None


def charged_answer(part: Question, label: str, before: Answer, library: Library) -> Answer | None:
    """Who is in charge of what answered the part before; None where more is asked than that, or no bracket says it."""
    if not before.evidence or library.forms.find("said.whose_duty", label) is None:
        return None
    cited = before.evidence[0]
    document = library.document(cited.document_id)
    where = in_charge(document, cited.start, cited.end, library.forms.pattern("said.in_charge"))
    if where is None:
        return None
    sources = Sources(library)
    mark = sources.cite(cited.document_id, *where, whole=False)
    return Answer(
        part.text, True, f"{titled(document.title)}：“{document.text[slice(*where)]}”{mark}。",
        interpretation="按所引条目末尾注明的单位作答。", evidence=sources.citations,
    )  # fmt: skip
