"""Contacts: names, telephone numbers and e-mail addresses with the unit that they belong to. Personal data."""

from __future__ import annotations

import re

from ingest.extract.sentences import Span
from kg.core.model import Contact, Evidence

_LABEL = re.compile(r"联\s?系\s?人|联\s?络\s?人|联系方式|联系电话|咨询电话|经办人|负责人及电话")
_SEP = r"[\s　]*(?:[:：]|\t)[\s　]*"
_PERSON_LABEL = re.compile(
    rf"(?:联\s?系\s?人|联\s?络\s?人|经办人)(?:姓名)?(?:及(?:联系)?(?:电话|方式))?{_SEP}?(?P<value>[^\n。；;]*)"
)
_MOBILE = r"1[3-9][0-9]{9}"
_PHONE = re.compile(
    rf"(?<![0-9A-Za-z@.])(?:\+?86[- ]?)?(?:{_MOBILE}|(?:[（(]?0[0-9]{{2,3}}[）)]?[-—－ ]?)?[2-9][0-9]{{2,3}} ?"
    rf"[0-9]{{4}}(?:[-—转][0-9]{{1,6}})?|400[- ]?[0-9]{{3}}[- ]?[0-9]{{4}})(?![0-9@.])"
)
_EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+\-]*@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")
_NAME = re.compile(r"^(?:[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,6}·[\u4e00-\u9fff]{1,8})$")
_UNIT_TAIL = re.compile(r"(?:局|委|办|厅|部|司|处|科|室|中心|站|所|队|院|会|公司|集团|大队|支队|街道|镇)$")
# the commonest surnames, those of nearly everybody; a unit's name hardly ends in one
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金"
    "韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
# 报送活动总结至区局质量科（联系人：…）: the unit is what things are sent to
_SENDING = re.compile(r"^.*(?:报|送|交|提交|反馈|发|寄)[^至到给]*(?:至|到|给)|^.*日前(?:报送|报|送)|^.*报送")
_SHORTEST_UNIT = 4  # 质量科 could be a name, 市场监管科 could not
_SPREAD = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])[ 　]+([\u4e00-\u9fff]{2})(?![\u4e00-\u9fff])")
_NOT_NAMES = re.compile(r"电话|手机|邮箱|传真|地址|联系|方式|同志$|姓名|日期|时间|部门|单位|邮编|网址|座机|微信")


def find_contacts(text: str) -> list[Contact]:
    """All contacts, one for each run of lines about one unit; blank forms (联系人：      ) give none."""
    out: list[Contact] = []
    lines = _lines(text)
    i = 0
    while i < len(lines):
        if not _LABEL.search(lines[i].of(text)):
            i += 1
            continue
        start, end = lines[i].start, lines[i].end
        i += 1
        # 电话 and 邮箱 on the lines below belong to the same contact; a new 联系人 begins another
        while i < len(lines) and re.match(
            r"\s*(?:联系)?(?:电话|手机|邮\s?箱|电子邮[箱件]|传\s?真|邮编|地\s?址|E-?mail)",
            lines[i].of(text),
            re.IGNORECASE,
        ):
            end = lines[i].end
            i += 1
        out += _in_block(text, start, end)
    return out


def _lines(text: str) -> list[Span]:
    spans, start = [], 0
    for line in text.split("\n"):
        spans.append(Span(start, start + len(line)))
        start += len(line) + 1
    return [s for s in spans if s.of(text).strip()]


def _in_block(text: str, start: int, end: int) -> list[Contact]:
    """Split a block at each person label, so that two contacts in one line stay two."""
    marks = [m.start() for m in re.finditer(r"联\s?系\s?人|联\s?络\s?人|经办人", text[start:end])]
    if not marks:
        marks = [0]
    out = []
    for n, mark in enumerate(marks):
        stop = start + marks[n + 1] if n + 1 < len(marks) else end
        found = _one(text, start + (0 if n == 0 else mark), stop, start + mark)
        if found:
            out.append(found)
    return out


def _one(text: str, start: int, end: int, label: int) -> Contact | None:
    block = text[start:end]
    emails = tuple(dict.fromkeys(_EMAIL.findall(block)))
    without = _EMAIL.sub(lambda m: " " * len(m[0]), block)
    phones = tuple(dict.fromkeys(re.sub(r"[ 　]", "", m[0]) for m in _PHONE.finditer(without)))
    named = _PERSON_LABEL.search(without, label - start)
    unit, persons = _unit_and_persons(named["value"]) if named else (None, ())
    if unit is None:
        unit = _unit_before(text, start, label)
    if not persons and not phones and not emails:
        return None
    words = block.rstrip(" \t\n　")
    lead = len(block) - len(block.lstrip(" \t\n　（("))
    # the sentence that carries it, not the paragraph before it
    first = max(block.rfind("。", 0, label - start) + 1, lead)
    quote_start, quote_end = start + first, start + len(words)
    return Contact(unit, persons, phones, emails, Evidence(text[quote_start:quote_end], quote_start, quote_end))


def _unit_and_persons(value: str) -> tuple[str | None, tuple[str, ...]]:
    """区市场监管局质量发展科 于胜东、任少丽 -> unit and names."""
    value = re.split(r"[，,；;（(]?\s*(?:联系)?(?:电话|手机|方式|邮箱|电子邮)", value)[0]
    # a space inside a two-character name: 孙　尧
    value = re.sub(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])[ 　]+([\u4e00-\u9fff])(?![\u4e00-\u9fff])", r"\1\2", value)
    # 李 晓明: the first of three characters is a surname, and nothing but this blank stands before the rest
    value = _SPREAD.sub(lambda m: m[1] + m[2] if m[1] in _SURNAMES else m[0], value)
    unit: str | None = None
    persons: list[str] = []
    for piece in re.split(r"[、，,\s　（）()/]+", re.sub(r"[0-9+\-—－]{5,}", " ", value)):
        words = piece.strip("：:。；; ").removesuffix("同志")
        if not words or _NOT_NAMES.search(words):
            continue
        part, glued = _unglue(words)
        if glued:
            persons.append(glued)
        if len(part) >= _SHORTEST_UNIT and _UNIT_TAIL.search(part):
            unit = part
        elif _NAME.match(part):
            persons.append(part)
    return unit, tuple(dict.fromkeys(persons))


def _unglue(part: str) -> tuple[str, str | None]:
    """质量发展科于胜东 -> 质量发展科, 于胜东: the blank between unit and name is often lost."""
    found = re.match(
        (
            r"(?P<unit>.{2,}(?:局|委|办|厅|部|司|处|科|室|中心|站|所|队|院|会|公司))(?P<name>[\u4e00-\u9fff]{2,3})"
            r"$"
        ),
        part,
    )
    if found and found["name"][0] in _SURNAMES and not _UNIT_TAIL.search(found["name"]):
        return found["unit"], found["name"]
    return part, None


def _unit_before(text: str, start: int, label: int) -> str | None:
    """质量处联系人： -> 质量处."""
    run = re.search(r"([\u4e00-\u9fff]{2,30})[ 　（(]*$", text[start:label])
    if run and _UNIT_TAIL.search(run[1]):
        return _SENDING.sub("", run[1])
    return None
