"""Names of policies without 《》, only where their form leaves no doubt.

中华人民共和国产品质量法; 关于…的意见（国发〔2015〕43号）; 关于禁止化学武器国际公约; and known names after a verb that
takes a policy (严格执行中央八项规定).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ingest.extract.numbers import NumberMention

_LAW = re.compile(
    r"(?<![<〈])中华人民共和国(?!国务院令|主席令|与|和|同)(?:(?!中华人民共和国|制定|"
    r"施行|公布|关于|缔结|参加|境内|领域|本法|的|或者|实施[^条细办])[\u4e00-\u9fff]){1,24}?(?:法典|"
    r"(?<!司)法(?![律规院典庭学人定治])(?:实施条例|实施细则|修正案(?:（[^（）]{1,4}）)?)?|"
    r"条例(?:实施细则)?)"
)
_PAPER = re.compile(
    r"关于[^，。；：《》“”（）()\n\t]{4,60}?(?:的?(?:通知|意见|请示|决定|批复|函|"
    r"报告|办法|规定|通告|公告)|国际公约|公约|协定)(?=\s*(?P<open>[（(])?)"
)
_NAMED = re.compile(r"(?:贯彻落实|落实|贯彻|执行|遵守|根据|依据|按照|实施|学习|违反)(?P<name>[\u4e00-\u9fff“”]{4,30})")
# 反恐怖主义法律、法规 speaks of laws, not of one
_GENRE_WORD = re.compile("纲要|规划|计划|方案|意见|规定|条例|办法|细则|决定|准则|法(?![律规院典庭学人定治制])")


@dataclass(frozen=True, slots=True)
class UnquotedName:
    """A name as written at `start`; `title` is None where the paper is told by its number alone."""

    start: int
    written: str
    title: str | None
    number: NumberMention | None
    rule: str


def unquoted_names(
    text: str, numbers: Sequence[NumberMention], known: Callable[[str], str | None]
) -> Iterator[UnquotedName]:
    """All names without marks, those inside 《》 included: the caller knows where titles are."""
    for m in _LAW.finditer(text):
        if not _is_heading(text, m):
            yield UnquotedName(m.start(), m[0], m[0], None, "law-name-without-marks")
    for m in _PAPER.finditer(text):
        if _is_heading(text, m):
            continue
        near = next((n for n in numbers if m.end() < n.start + 1 <= m.end() + 3 and text[m.end()] in "（("), None)
        if near is not None:
            # a paper that came in (…的请示（…）收悉) is told by its number: no policy bears its title
            title = None if m[0].endswith(("请示", "函", "报告")) else m[0]
            yield UnquotedName(m.start(), m[0], title, near, "title-without-marks")
        elif m[0].endswith(("公约", "协定")) and "的" not in m[0][2:6]:
            yield UnquotedName(m.start(), m[0], m[0], None, "treaty-without-marks")
    for m in _NAMED.finditer(text):
        for word in reversed(list(_GENRE_WORD.finditer(m["name"]))):
            name = m["name"][: word.end()]
            full = known(name) if name[3:] else None
            if full:
                yield UnquotedName(m.start("name"), name, full, None, "known-name-without-marks")
                break


def _is_heading(text: str, m: re.Match[str]) -> bool:
    """The name is all its line, or the line is a Markdown heading: a title, not a reference."""
    start = text.rfind("\n", 0, m.start()) + 1
    end = text.find("\n", m.end())
    line = text[start : len(text) if end < 0 else end].strip()
    return line == m[0] or line.startswith("#")
