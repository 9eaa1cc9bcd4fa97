"""Whom to ask and how: the contact line of the documents meant, quoted only where the question asks for it."""

from __future__ import annotations

import re

from kg.answer.model import Answer
from kg.answer.phrase import listed, quoted
from kg.answer.reply import refuse, reply
from kg.answer.scope import scope_of
from kg.answer.session import Session
from kg.answer.text import plain
from kg.answer.topic import topic_of, unsaid

_ASKED = {
    "电话": r"电话|手机|号码|怎么联系|联系方式",
    "邮箱": r"邮箱|邮件|email|e-mail|怎么联系|联系方式",
    "联系人": r"联系人|找谁|联系谁|谁联系",
}
# "the number of the contact" asks for a number, not for names
_ONLY_NUMBER = re.compile(r"联系人.{0,3}(?:电话|手机|邮箱|号码)")
_OF_CONTACT = re.compile(r"联系|电话|手机|号码|邮箱|邮件|email|质量月|办公")
_MOBILE = re.compile(r"1[3-9]\d{9}")


def asks_contact(text: str) -> bool:
    """Whether a question asks for a telephone, an address or a contact person."""
    return any(re.search(pattern, text) for pattern in _ASKED.values())


def answer_contacts(session: Session) -> Answer | None:
    """`浦东质量月的联系电话是多少`; a mobile number is not answered with an office telephone."""
    wanted = [name for name, pattern in _ASKED.items() if re.search(pattern, session.question.flat)]
    if _ONLY_NUMBER.search(session.question.flat):
        wanted = [name for name in wanted if name != "联系人"]
    if not wanted:
        return None
    scope = scope_of(session.question, session.names, own=True)
    if scope.said and not scope.documents:
        return None
    whose = [word for word in topic_of(session.question, session.names).words if not _OF_CONTACT.search(word)]
    told: list[str] = []
    places: list[tuple[str, int, int]] = []
    for doc in scope.documents[:6]:
        for contact in session.document(doc.id).contacts:
            said_of = plain(f"{doc.title}{contact.evidence.quote}")
            if unsaid(whose, said_of):
                continue  # 龚正的电话: no contact of this document is called so
            phones = contact.phones
            if "手机" in session.question.flat:
                phones = tuple(phone for phone in phones if _MOBILE.search(phone))
            values = {"电话": phones, "邮箱": contact.emails, "联系人": contact.persons}
            said = [f"{name}{listed(values[name])}" for name in wanted if values[name]]
            if said:
                told.append(f"{quoted(doc.title)}：{contact.unit or ''}{'，'.join(said)}")
                places.append((doc.id, contact.evidence.start, contact.evidence.end))
    understood = f"{scope.label}中的{listed(wanted)}"
    if not told:
        of = f"{listed(whose)}的" if whose else ""
        return refuse(session, f"{scope.label}没有写明{of}{listed(wanted)}，不能回答。", understood=understood)
    return reply(session, "；".join(told) + "。", understood=understood, citations=session.quotes(places, whole=False))
