"""What is handed in and to whom: 将活动总结于9月30日前报送至浦东新区市场监督管理局.

The object stands before the date (形成书面小结，于…), between date and verb (…前将活动总结报送…) or behind the verb
(…前提交书面总结); the receiver behind the verb or behind 向.
"""

from __future__ import annotations

import re

from ingest.facts.issuing import IssuerNames
from ontology.forms import Forms

_FARTHEST = 90  # characters from a date to the verb that it belongs to; the longest seen is 62
_NEAR = 8
_BROKEN = re.compile("。|已|；")
# 8月30日前将联络员名单、10月8日前将活动总结报…: each date has its own object
_NEXT_DATE = re.compile(r"[、，和及]\s*(?:\d{4}年)?\d{1,2}月\d{1,2}日")
# 报送活动总结及图片至区局质量科
_SENT_TO = re.compile(r"(?P<what>[^至到给，]{2,30}?)(?:至|到|给)(?P<to>[^，。；]{2,30})$")
_PERSON_AT = re.compile(r"(?:联系人|同志|老师|科长|处长|主任)处$")
_PLACE_WORDS = re.compile(r"(?:联系人)?处$|邮箱$|电子邮箱$|指定邮箱$")
_BEFORE_DATE = re.compile(r"[，、\s]{0,4}(?:并|请)?(?:于|在)?$")
_OBJECT_BEFORE = re.compile(r"(?:将|把)(?P<what>[^，。；将把]{2,90})$")
_BEHIND_RECEIVER = re.compile(r"(?:进行|备案|备查|汇总|审核|统计|存档|公示|负责).{0,40}$")
_BRACKETS = re.compile(r"[（(][^（）()]{0,80}[）)]")
_SEALED = re.compile(r"(?:加?盖(?:公)?章|签字盖章|签章)后?$")


class HandingIn:
    """Reads what is sent and to whom around a date, by the forms `deadline.send*`."""

    def __init__(self, forms: Forms) -> None:
        self._verb = forms.pattern("deadline.send")
        self._sending = forms.pattern("deadline.sending")
        self._object = forms.pattern("deadline.object")
        self._formed = forms.pattern("deadline.formed")
        self._toward = forms.pattern("deadline.addressee")
        self._names = IssuerNames(forms)

    def has(self, words: str) -> bool:
        """Whether anything is sent at all."""
        return self._verb.search(words) is not None

    def read(self, words: str, start: int, end: int, *, near: bool = False) -> tuple[str, str | None] | None:
        """(what, to whom) for the date `words[start:end]` of a sentence; None where nothing is sent by then.

        `near` is for times that are weaker limits than …前: the verb must follow at once, or have its object before it.
        """
        sending = self._sending.search(words, end)
        if sending is None or sending.start() - end > _FARTHEST or _BROKEN.search(words, end, sending.start()):
            return None
        between = words[end : sending.start()]
        named = self._what(between) or self._what_before(words[:start])
        toward = self._toward.search(between)
        if near and not named and not toward and len(between) > _NEAR:
            return None
        if toward:  # 向水行政主管部门提交下一年度用水计划建议
            return named or _clean(sending["to"] or "") or "材料", toward["to"]
        if not named and (moved := _SENT_TO.match(sending["to"] or "")):
            return _clean(moved["what"]), self._receiver(moved["to"])
        follows = None if named else self._follows(sending["to"])
        what, to = named or follows, None if follows else self._receiver(sending["to"])
        return (what or "材料", to) if what or to else None

    def _what(self, between: str) -> str | None:
        found = list(self._object.finditer(between))
        return _clean(_NEXT_DATE.split(found[-1]["what"])[0]) if found else None

    def _what_before(self, before: str) -> str | None:
        tail = _BEFORE_DATE.sub("", before)
        if formed := self._formed.search(tail + "，"):
            return _clean(formed["what"])
        # 将安排表报某局，5月10日前报送总结: the object before the date has been sent already
        found = _OBJECT_BEFORE.search(tail)
        return _clean(found["what"]) if found and not self._verb.search(found["what"]) else None

    def _follows(self, to: str | None) -> str | None:
        """报送活动方案, 提交申请材料: what follows the verb is the object when it is no agency's name."""
        where = _BEHIND_RECEIVER.sub("", to or "")
        if not to or _PLACE_WORDS.search(where) or "部门" in where or self._names.is_name(_PLACE_WORDS.sub("", where)):
            return None
        return _clean(to)

    def _receiver(self, to: str | None) -> str | None:
        if not to:
            return None
        to = re.sub(r"[A-Za-z0-9（(@].{0,80}$", "", re.sub(r"^(?:至|到|给|于)", "", to.strip()))
        to = _BEHIND_RECEIVER.sub("", to)
        if to.endswith("处") and not (_PERSON_AT.search(to) or self._names.is_name(to[:-1])):
            return to  # …局质量发展处 is an office, …局处 and 联系人处 are where it stands
        return _PLACE_WORDS.sub("", to).removesuffix("联系人") or None


def _clean(what: str) -> str:
    return _SEALED.sub("", _BRACKETS.sub("", what)).strip(" ，、的\u3000")
