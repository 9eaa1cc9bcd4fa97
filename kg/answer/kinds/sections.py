"""What stands under a heading (工作要求, 指导思想), and into which parts a document is divided."""

from __future__ import annotations

import re

from kg.answer.focus import Ask
from kg.answer.lexicon import Doc
from kg.answer.model import Answer
from kg.answer.phrase import listed, quoted
from kg.answer.reply import reply
from kg.answer.scope import scope_of
from kg.answer.session import Session
from kg.core.model import Section

_NOUN = "要求|指导思想|目标|原则|意义|措施|步骤|保障|背景"
_UNDER = re.compile(
    rf"(?:哪些|什么|哪几[个项条]|怎样的)[^,，。?？]{{0,6}}?({_NOUN})|([\u4e00-\u9fff]{{0,4}}(?:{_NOUN}))(?:是什么|"
    rf"有哪些|有什么|如何|怎么)"
)
_PARTS = re.compile(r"(?:几|哪些|哪几|多少)(?:个|大)*(?:方面|部分|板块|大类|类活动|块)")
_MOST = 420
_FEW = 3
_LONGEST_HEADING = 20


def answer_sections(session: Session) -> Answer | None:
    """`国家通知有哪些工作要求`, `浦东的活动内容分哪几个方面`."""
    question = session.question
    under, parts = _UNDER.search(question.flat), _PARTS.search(question.flat)
    if (not under and not parts) or question.bodies or question.has(Ask.DEADLINE):
        return None
    scope = scope_of(question, session.names, own=True)
    if not scope.said or not scope.documents or len(scope.documents) > _FEW:
        return None
    told: list[str] = []
    places: list[tuple[str, int, int]] = []
    for doc in scope.documents:
        found = _parts(session, doc) if parts else _under(session, doc, under[1] or under[2][-4:] if under else "")
        if found:
            told.append(f"{quoted(doc.title)}{found[0]}")
            places += [(doc.id, start, end) for start, end in found[1]]
    if not told:
        return None
    return reply(
        session,
        "；".join(told),
        understood=f"{scope.label}{'各部分的标题' if parts else '相应标题下的内容'}",
        citations=session.quotes(places, whole=False),
    )


def _parts(session: Session, doc: Doc) -> tuple[str, list[tuple[int, int]]] | None:
    """The headings directly above activities; without any, a sentence that counts the parts (五个方面：一是…)."""
    document = session.document(doc.id)
    names = dict.fromkeys(activity.section for activity in document.activities if activity.section)
    sections = [s for s in document.sections if any(_clean(s.title) in _clean(n or "") for n in names if s.title)]
    titles = [_clean(name or "") for name in names]
    if len(titles) > 1:
        return f"分{len(titles)}个部分：{listed(titles)}。", [(s.start, s.body_start) for s in sections[:8]]
    if match := re.search(r"[^。\n]*[一二三四五六七八九十]个(?:方面|部分)[^。\n]*。", document.text):
        return f"写明：“{match[0].strip()}”", [match.span()]
    return None


def _clean(title: str) -> str:
    return re.sub(r"^[(（]?[一二三四五六七八九十\d]+[)）、.．]?\s*", "", title.strip())


def _under(session: Session, doc: Doc, noun: str) -> tuple[str, list[tuple[int, int]]] | None:
    """The text of the section whose heading holds the noun."""
    document = session.document(doc.id)
    wanted = noun if any(noun in section.title for section in document.sections) else noun[-2:]
    fits: list[Section] = [
        s for s in document.sections if wanted in s.title and len(_clean(s.title)) < _LONGEST_HEADING
    ]
    if not fits:
        return None
    section = min(fits, key=lambda s: s.level)
    end = min(section.end, section.body_start + _MOST)
    if end < section.end and (stop := document.text.rfind("。", section.body_start, end)) > section.body_start:
        end = stop + 1
    body = re.sub(r"\s+", " ", document.text[section.body_start : end]).strip()
    tail = "（下略）" if end < section.end else ""
    return (f"“{_clean(section.title)}”：{body}{tail}", [(section.body_start, end)]) if body else None
