"""What a sentence must hold to answer a question: a time, an amount, a number of the thing asked, a name."""

from __future__ import annotations

import re

from kg.answer.focus import Ask
from kg.answer.question import Question
from kg.answer.text import COUNTERS_ALIKE, grams, plain

_COUNTER = re.compile(r"(?:多少|(?<!第)几)(人次|场次|家次|个次|(?!部门)[\u4e00-\u9fff])")
_COUNTED = re.compile(r"多少([\u4e00-\u9fff]{2})")
_WHICH = re.compile(r"哪些([\u4e00-\u9fff]{2,4})[?？]?$")
_ANY = re.compile(r"内容|要求|规定|方面|措施|事|工作|活动|任务|单位|部门|机构|人|地方|问题|变化|举措|做法")
_COUNTERS = frozenset("项个类家场次份名人条篇门种部届期件户辆台套吨")
_NUMERALS = "一二三四五六七八九十百千万亿两"

# What a sentence must hold to be an answer of this kind.
HOLDS: dict[Ask, re.Pattern[str]] = {
    Ask.MONEY: re.compile(r"\d[\d.,]*\s*(?:余|多)?\s*[万亿]?\s*(?:余|多)?\s*元"),
    Ask.CLOCK: re.compile(r"\d{1,2}\s*[:：点时]\s*\d{0,2}|上午|下午|晚上"),
    Ask.WHEN: re.compile(r"\d{1,2}\s*月|\d{1,2}\s*日|\d{4}\s*年\s*\d|(?:上|中|下)旬|每年|月初|月底|期间|年底|年初"),
    Ask.WHERE: re.compile(
        r"https?://|www\.|网站|在[^，。；]{2,20}(?:举办|举行|召开|开展|发布|展示|张贴|播放|"
        r"下载)|中心|广场|会场|大厦|园区|路\d|街|APP|平台|场所|学校|商圈|商场|社区"
    ),
}
_NAMES = re.compile(
    r"[市区县长任记]\w{2,4}(?:为|出席|宣布|讲话)|公司|集团|医院|大学|研究院|协会|局|委员会|"
    r"办公室|单位|部门|企业|组织|人员|机构"
)
_LISTED = re.compile(r"([\u4e00-\u9fff]{0,2}(?:单位|部门|企业|人员|机构|协会))(?:都)?(?:有|包括|是)哪些")
_ATTRIBUTE = re.compile(r"的([\u4e00-\u9fff]{2,3})(?:是(?:什么|多少|谁|啥)|有多少)")
_ORDINAL = re.compile(r"第[一二三四五六七八九十\d]+")
_COMPANIES = re.compile(r"公司|集团|医院|[^获]厂|银行|院")


def required_of(question: Question) -> list[re.Pattern[str]]:
    """The patterns that must all be found in a sentence that answers."""
    required = [pattern for ask, pattern in HOLDS.items() if question.has(ask) and _binding(question, ask)]
    if question.has(Ask.COUNT) and _binding(question, Ask.COUNT):
        required.append(_number_of(question.flat))
    if attribute := _ATTRIBUTE.search(question.rest):
        # 圆桌会的结论是什么: what speaks of the 圆桌会 alone does not tell
        required.append(re.compile("|".join(map(re.escape, grams(attribute[1]))) or "."))
    if (which := _WHICH.search(question.flat)) and not _ANY.search(which[1]):
        required.append(re.compile("|".join(map(re.escape, grams(which[1])))))  # 请了哪些媒体
    if "第几" in question.flat:
        required.append(_ORDINAL)
    return required


def _number_of(text: str) -> re.Pattern[str]:
    """A number with the counter that the question gives; without one, any number that counts something."""
    noun = _COUNTED.search(text)
    if noun and noun[1][0] not in _COUNTERS:
        # 多少市民参加: a number that counts something else does not tell
        number = rf"(?:\d|[{_NUMERALS}])"
        return re.compile(rf"{number}[^，。；]{{0,10}}{noun[1]}|{noun[1]}[^，。；]{{0,10}}{number}")
    asked = _COUNTER.search(text)
    alike = next((group for group in COUNTERS_ALIKE if asked and asked[1] in group), None)
    if asked and alike is None and asked[1] in _COUNTERS:
        alike = {asked[1]}
    if alike:
        return re.compile(rf"(?:\d|[{_NUMERALS}])[余多\s]*[万亿]?[余多]?(?:{'|'.join(sorted(alike))})")
    counted = "".join(sorted(_COUNTERS))
    return re.compile(rf"(?<![\d第.,])\d+(?:[.,]\d+)*(?![\d.,年月日号．、)）-])|[{_NUMERALS}]+\s*[{counted}]")


def _binding(question: Question, ask: Ask) -> bool:
    """几 and 哪里 bind; 吗 beside 时间 does not."""
    if ask is Ask.WHERE:
        return not question.has(Ask.PLACES) or question.has(Ask.CLOCK)
    if ask is Ask.COUNT:
        return not question.has(Ask.DEFINE)
    return True


def answers_who(question: Question, text: str) -> bool:
    """Whether a sentence names somebody beyond the names that the question holds, or defines what is asked for."""
    if question.has(Ask.DEFINE) and question.quoted and not _defines(text, question.quoted[0]):
        return False
    if question.has(Ask.RESULT):
        # 颁给了哪些企业: a sentence that merely speaks of 获奖组织 names nobody
        return bool(_COMPANIES.search(text)) and "名单" not in question.flat
    if question.has(Ask.WHO):
        rest = text
        for chunk in (*question.content, *(mention.surface for mention in question.bodies)):
            rest = rest.replace(chunk, " ")
        if (asked := _LISTED.search(question.flat)) and not re.search(rf"{asked[1]}.{{0,4}}[包为是有：:].*、", text):
            return False
        return bool(_NAMES.search(rest))
    return True


def _defines(text: str, term: str) -> bool:
    """Whether a sentence says what a term is, not merely uses it."""
    term, text = plain(term), plain(text)
    name = re.escape(term)
    said = rf"(?:为|即|指|是|包括|叫|称)[“”\"‘’]*{name}|{name}[”\"’]*(?:[，,]?(?:即|指|是|为|包括)|[：:（(])"
    return bool(re.search(said, text))
