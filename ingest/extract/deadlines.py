"""What is to be handed in, by when and to whom: 于9月30日前报送至浦东新区市场监督管理局.

A rule without a date (应当将…报送…) is a duty of law, not a deadline; words that tie the duty to the end of an activity
(活动结束后) count, with no date.
"""

from __future__ import annotations

import re

from ingest.extract.dates import DateMention, find_dates
from ingest.extract.issuers import TAIL
from ingest.extract.sentences import Segmentation
from kg.core.model import Deadline

_SEND = (
    r"报送|报至|报到|上报|填报|申报|送至|送交|提交|反馈|发送|寄送|递交|寄至|发至|"
    r"交至|报(?!经|告|名|道|刊|纸|批|警|废|酬|销|考|关|价|表)"
)
_BY = re.compile(
    r"\s*(?:[（(][^）)]{1,12}[）)])?\s*(?:下班|[0-9]{1,2}[时:：点][0-9]{0,2}分?)?\s*(?:之前|"
    r"以前|前|止|为止|内|截止)"
)
_SENDING = re.compile(
    rf"(?:及时|统一|一并|书面|分别|汇总后?|盖章后?|按时|同时)*(?P<verb>{_SEND})(?:至|"
    rf"到|给|于)?(?P<to>[^，。；：！？\n\t（(《]{{2,40}})?"
)
_OBJECT = re.compile(
    r"(?:并|请|需|应|须|要|及时|分别|统一|各单位)*(?:将|把)(?P<what>[^。；！？\n]{2,90}?)"
    r"(?:，|(?<![少高低多])于|在|分别|统一|一并|及时|以[^，。；]{2,12}(?:形式|方式)|$)"
)
_FORMED = re.compile(r"(?:形成|撰写|填写|汇总成|整理成)(?P<what>[^，。；\n]{2,30})，?$")
_TOWARD = re.compile(r"(?:向|给)(?P<to>[^，。；、]{2,40}?)$")
_FARTHEST = 90  # characters from a date to the verb that it belongs to; the longest seen is 62
_AFTER_END = re.compile(r"(?:活动|工作|检查|行动|培训|会议|试点)结束后")
# 8月30日前将联络员名单、10月8日前将活动总结报…: each date has its own object
# 报送活动总结及图片至区局质量科
_SENT_TO = re.compile(r"(?P<what>[^至到给，]{2,30}?)(?:至|到|给)(?P<to>[^，。；]{2,30})$")
_NEXT_DATE = re.compile(r"[、，和及]\s*(?:\d{4}年)?\d{1,2}月\d{1,2}日")
_PERSON_AT = re.compile(r"(?:联系人|同志|老师|科长|处长|主任)处$")
_PLACE_WORDS = re.compile(r"(?:联系人)?处$|邮箱$|电子邮箱$|指定邮箱$")


def find_deadlines(text: str, *, year: int | None = None, segmentation: Segmentation | None = None) -> list[Deadline]:
    """All deadlines in reading order; `year` completes dates that do not name theirs.

    A yearly duty (每年1月31日前) has no date of its own: `date` is None.
    """
    seg = segmentation or Segmentation(text)
    out: list[Deadline] = []
    for sentence in seg.sentences:
        words = sentence.of(text)
        if not re.search(_SEND, words):
            continue
        dates = [d for d in find_dates(words, year=year) if _BY.match(words, d.end)]
        ended = _AFTER_END.search(words)
        if not dates and not (ended and re.search("将|把", words)):
            continue
        ends: list[tuple[int, DateMention | None]] = [(d.end, d) for d in dates]
        for at, date in ends or [(ended.end() if ended else 0, None)]:
            found = _one(words, at, date)
            if found is None:
                continue
            what, to = found
            evidence = seg.evidence(sentence)
            out.append(Deadline(what=what, date=_day(words, date), to=to, evidence=evidence))
    return out


def _day(words: str, date: DateMention | None) -> str | None:
    if date is None or re.search(r"每年(?:度)?(?:的)?\s*$", words[: date.start]):
        return None
    return date.iso_end


def _one(words: str, at: int, date: DateMention | None) -> tuple[str, str | None] | None:
    """What is sent and to whom, for the date that ends at `at`."""
    sending = _SENDING.search(words, at)
    if sending is None or sending.start() - at > _FARTHEST or re.search("。|已|；", words[at : sending.start()]):
        return None
    before = words[: date.start if date else at]
    between = words[at : sending.start()]
    named = _what(between) or _what_before(before)
    toward = _TOWARD.search(between)
    if toward:
        # 向水行政主管部门提交下一年度用水计划建议
        return named or _clean(sending["to"] or "") or "材料", toward["to"]
    if not named and (moved := _SENT_TO.match(sending["to"] or "")):
        return _clean(moved["what"]), _recipient(moved["to"])
    follows = None if named else _follows(sending["to"])
    what, to = named or follows, None if follows else _recipient(sending["to"])
    if not what and not to:
        return None
    return what or "材料", to


def _what(between: str) -> str | None:
    found = list(_OBJECT.finditer(between))
    return _clean(_NEXT_DATE.split(found[-1]["what"])[0]) if found else None


def _what_before(before: str) -> str | None:
    """The object may stand before the date: 形成书面小结，于9月30日前报送至…."""
    tail = re.sub(r"[，、\s]*(?:并|请)?(?:于|在)?$", "", before)
    formed = _FORMED.search(tail + "，")
    if formed:
        return _clean(formed["what"])
    objects = list(re.finditer(r"(?:将|把)(?P<what>[^，。；]{2,90})$", tail))
    # 将安排表报某局，5月10日前报送总结: the object before the date has been sent already
    return _clean(objects[-1]["what"]) if objects and not re.search(_SEND, objects[-1]["what"]) else None


def _follows(to: str | None) -> str | None:
    """报送活动方案, 提交申请材料: what follows the verb is the object when it is no agency's name."""
    return (
        _clean(to)
        if to and not TAIL.search(_PLACE_WORDS.sub("", to)) and not _PLACE_WORDS.search(to) and "部门" not in to
        else None
    )


def _recipient(to: str | None) -> str | None:
    if not to:
        return None
    to = re.sub(r"[A-Za-z0-9（(@].*$", "", re.sub(r"^(?:至|到|给|于)", "", to.strip()))
    to = re.sub(r"(?:进行|备案|备查|汇总|审核|统计|存档|公示|负责).*$", "", to)
    if to.endswith("处") and not (_PERSON_AT.search(to) or TAIL.search(to[:-1])):
        return to  # …局质量发展处 is an office, …局处 and 联系人处 are where it stands
    return _PLACE_WORDS.sub("", to).removesuffix("联系人") or None


def _clean(what: str) -> str:
    what = re.sub(r"[（(][^（）()]*[）)]", "", what)
    what = re.sub(r"(?:加?盖(?:公)?章|签字盖章|签章)后?$", "", what)
    return what.strip(" ，、的\u3000")
