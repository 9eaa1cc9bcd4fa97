"""What a term stands for: the parenthesis behind it (六进), or the full name of a short one (以下简称《纲要》)."""

from __future__ import annotations

import re

from kg.answer.focus import Ask
from kg.answer.model import Answer
from kg.answer.phrase import listed, quoted
from kg.answer.reply import reply
from kg.answer.scope import scope_of
from kg.answer.session import Session
from kg.answer.text import plain

_LONGEST_SHORT = 12
_ASKS_MEANING = re.compile(
    r"是(?:什么|哪|指|进|啥)|指(?:的是|什么)|什么意思|包括|哪[一二三四五六七八九十\d]+个|全称|含义|具体(?:是|指)"
)


def answer_definition(session: Session) -> Answer | None:
    """`浦东质量知识“六进”是进哪六个地方`, `《纲要》指的是哪个文件`."""
    question = session.question
    if not question.has(Ask.DEFINE) or not _ASKS_MEANING.search(question.flat):
        return None
    return _short_title(session) or _parenthesis(session)


def _short_title(session: Session) -> Answer | None:
    """A short title that stands for a full one in the documents meant."""
    question = session.question
    scope = scope_of(question, session.names)
    for doc in scope.documents[:40]:
        for reference in session.document(doc.id).policy_references:
            short = plain(reference.as_written)
            if (
                not reference.alias_of
                or len(short) > _LONGEST_SHORT
                or not re.search(rf"{re.escape(short)}(?:的?全称|是|指|代表)", question.flat)
            ):
                continue
            text = session.document(doc.id).text
            at = text.find(f"以下简称{reference.as_written}")
            at = at if at >= 0 else reference.evidence.start
            return reply(
                session,
                f"《{doc.title}》中的{quoted(reference.as_written)}指{quoted(reference.alias_of)}。",
                understood=f"{scope.label}中{quoted(reference.as_written)}的全称",
                citations=session.quotes([(doc.id, at, at + len(reference.as_written))]),
            )
    return None


def _parenthesis(session: Session) -> Answer | None:
    """A quoted term of the question with an explanation in parentheses right behind it."""
    question = session.question
    scope = scope_of(question, session.names)
    terms = list(map(plain, question.quoted))
    terms += re.findall(r"[一二三四五六七八九十两双][\u4e00-\u9fff]{1,2}(?=是|指|进|包括|哪)", question.flat)
    for term in terms:
        pattern = re.compile(
            r"[“”\"]?" + r"[“”\"]?".join(map(re.escape, term)) + r"[“”\"]?[（(]([^（）()\n]{2,120})[）)]"
        )
        for doc in scope.documents[:40]:
            match = pattern.search(session.document(doc.id).text)
            if match and not match[1].startswith(("以下简称", "简称")):
                return reply(
                    session,
                    f"《{doc.title}》中，“{term}”指{match[1]}。",
                    understood=f"{scope.label}中“{term}”的含义",
                    columns=[],
                    citations=session.quotes([(doc.id, match.start(), match.end())]),
                )
    return None


def explained(parts: str) -> str:
    """进党校、进社区和进商圈 as its items."""
    return listed(re.split(r"[、，,]|和", parts))
