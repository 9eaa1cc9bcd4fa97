"""One follow-up of a question (那浦东呢？ 2019年呢？ 谁负责？): the question before, with the part named replaced.

The result is a question in words that goes through the same rules, so a follow-up can answer nothing that a whole
question cannot.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from kg.answer.focus import Ask
from kg.answer.lexicon import Body, Place
from kg.answer.names import LONGEST, Names, Thing
from kg.answer.question import Question
from kg.answer.text import clean, plain
from kg.answer.topic import topic_of
from kg.answer.understand import understand

_LONGEST_FOLLOW_UP = 24
_OPENS = re.compile(r"^(?:那么?|还有|再问|换成|如果是|改成|同样|那要是)+[,，]?")
_CLOSES = re.compile(r"(?:又)?(?:怎么样|怎样|如何|的话|的)?(?:呢|啊|吧|嘛)?[?？。!！]*$")
_YEARS = re.compile(
    r"(?:(?:19|20)\d\d|(?<!\d)[0-2]\d(?=年))(?:\s*[-—~至到和、]\s*(?:19|20)\d\d)*(?:年度?)?|今年|去年|前年"
)
_SPAN = re.compile(r"这几年|近几年|近年来?|历年|逐年|各年|这些年")
_WHICH_PLACE = re.compile(r"(?:(?:都)?有)?(?:哪|那)(?:些|几)?个?(?:区县|区|县|省|市|地方|城市)|各区")
_WHAT = (Ask.WHO, Ask.WHEN, Ask.COUNT, Ask.ACTIVITIES, Ask.PLACES, Ask.THEME, Ask.NUMBER, Ask.BASIS, Ask.WHERE,
         Ask.CHANGE, Ask.DUTY, Ask.LEAD, Ask.RECIPIENT, Ask.ISSUED)  # fmt: skip


_OF_DOCUMENT = (Ask.THEME, Ask.NUMBER, Ask.ISSUED, Ask.BASIS, Ask.PRINTED)


def follow(question: str, previous: str, names: Names) -> str | None:
    """The whole question that a follow-up stands for; None when it stands by itself."""
    said = clean(question)
    if not previous.strip() or not said or len(said) > _LONGEST_FOLLOW_UP:
        return None
    bare = _CLOSES.sub("", _OPENS.sub("", said)).strip()
    opened = bare != said.rstrip("?？。!！")
    now, before = understand(bare, names), understand(previous, names)
    own = [plain(word) for concept in now.series for word in (concept.label, *concept.words)]
    if any(plain(word) not in own for word in topic_of(now, names).words):
        return None
    named = now.series or now.policies or now.documents or now.quoted
    asks = now.has(*_WHAT)
    if (named and not opened) or (now.bodies and asks):
        return None
    return complete(bare, previous, names) if asks else _replaced(now, before, clean(previous), names)


def complete(part: str, previous: str, names: Names) -> str:
    """谁负责？ asked anew with what the question before was about; a part with names of its own stays as it is."""
    now, before = understand(part, names), understand(previous, names)
    if now.series or now.policies or now.documents or now.quoted or now.bodies:
        return part
    years = "" if now.years or not before.years else "、".join(map(str, before.years)) + "年"
    places = "" if now.places else "和".join(place.name for place in before.places)
    documents = "" if places else "".join(f"《{doc.title}》" for doc in before.documents[:1])
    nation = "全国" if before.nation and not places and not documents else ""
    where = f"{years}{nation}{documents}{places}"
    if now.has(*_OF_DOCUMENT) and where:
        return f"{where}的文件{part}？"
    bodies = "" if now.has(Ask.WHO) else "".join(mention.surface for mention in before.bodies)
    # 虹口区搞了什么活动 says itself what it is about
    about = "" if now.places and now.has(Ask.ACTIVITIES) else _about(before, names)
    return f"{where}{bodies}{about}{part}？"


def _about(before: Question, names: Names) -> str:
    """What the question before was about, in its own words."""
    if before.series:
        concept = before.series[0]
        forms = sorted((concept.label, *concept.words), key=len, reverse=True)
        return next((form for form in forms if plain(form) in before.flat), concept.label)
    if before.policies:
        policy = before.policies[0]
        return f"《{policy.title}》" if policy.title else policy.number or ""
    return "".join(topic_of(before, names).words)


def _replaced(now: Question, before: Question, previous: str, names: Names) -> str | None:
    """The question before, with another place, year, body or series."""
    text = previous
    changed = False
    if now.years:
        new = "、".join(map(str, now.years)) + "年"
        bare = _SPAN.sub("", text)
        text = _YEARS.sub(new, bare, count=1) if _YEARS.search(bare) else new + bare
        changed = True
    if now.bodies:
        text = _swap(text, now.bodies[0].surface, names, lambda thing: isinstance(thing, Body)) or (
            now.bodies[0].surface + text
        )
        changed = True
    elif now.places:
        new = "和".join(place.name for place in now.places)
        swapped = _swap(text, new, names, lambda thing: isinstance(thing, Place))
        if swapped is None:
            asked = _WHICH_PLACE.search(text)
            swapped = text[: asked.start()] + new + text[asked.end() :] if asked else new + text
        text = swapped
        changed = True
    if now.series and before.series and now.series[0] != before.series[0]:
        swapped = _swap(text, now.series[0].label, names, lambda thing: thing in before.series)
        text = swapped or text
        changed = changed or swapped is not None
    return text if changed else None


def _swap(text: str, new: str, names: Names, fits: Callable[[Thing], bool]) -> str | None:
    """The text with the first name that fits replaced, and those that stand in a list with it; None without one."""
    flat = plain(text)
    at = 0
    while at < len(flat):
        for length in range(min(LONGEST, len(flat) - at), 1, -1):
            if any(fits(thing) for thing in names.surfaces.get(flat[at : at + length], ())):
                rest = flat[at + length :]
                while (more := re.match(r"[、和与及]", rest)) and (tail := _name_at(rest[more.end() :], names, fits)):
                    rest = rest[more.end() + tail :]
                return flat[:at] + new + rest
        at += 1
    return None


def _name_at(text: str, names: Names, fits: Callable[[Thing], bool]) -> int:
    for length in range(min(LONGEST, len(text)), 1, -1):
        if any(fits(thing) for thing in names.surfaces.get(text[:length], ())):
            return length
    return 0
