"""第X条 of a law: the article whole, or that the law has none of that number."""

from __future__ import annotations

import re

from kg.ask.library import Library
from kg.ask.model import Answer
from kg.ask.passages import article_at
from kg.ask.question import Question
from kg.ask.wording import Sources, titled
from kg.passages.numerals import chinese_to_number

_HEAD = re.compile(r"(?:(?<=\n)|^)[ \u3000#*]{0,8}第([一二三四五六七八九十百千零〇两\d]{1,9})条(?!之)")


def article_answer(question: Question, library: Library) -> Answer | None:
    """The answer to a question that names a law and an article, None for any other."""
    if not question.has("article") or not question.has("title"):
        return None
    sources = Sources(library)
    said = []
    for span in question.of("title")[:2]:
        ident = _latest(span.value, library)
        text = library.document(ident).text
        doc = library.doc(ident)
        title = titled(doc.title) if doc else span.text
        found = {number: m.start() for m in _HEAD.finditer(text) if (number := chinese_to_number(m[1]))}
        for asked in question.of("article"):
            wanted = chinese_to_number(asked.text.split("条")[0].removeprefix("第"))
            if wanted in found and (bounds := article_at(text, found[wanted])):
                mark = sources.cite(ident, *bounds, whole=False)
                said.append(f"{title}{text[bounds[0] : bounds[1]].strip()}{mark}")
            elif found:
                last = max(found)
                return Answer(
                    question.text, False, f"库内{title}共{last}条，没有{asked.text}。",
                    interpretation=f"理解为：查{title}的{asked.text}。",
                )  # fmt: skip
    if not said:
        return None
    return Answer(
        question.text, True, "\n".join(said), interpretation="理解为：查法规的条文。", evidence=sources.citations
    )


def _latest(idents: tuple[str, ...], library: Library) -> str:
    return max(idents, key=lambda ident: (doc.date or "") if (doc := library.doc(ident)) else "")
