"""What an item is called: its own first words, up to their stop, without the units and the date behind them.

（一）加快完成系统对接。由市行政审批局牵头…          加快完成系统对接
1.依托“智慧平台”，优化报装流程，缩短时间。          依托“智慧平台”，优化报装流程
质量知识竞赛：9月16日，通过…举办                  质量知识竞赛
诚信计量签约——区市场监管局                        诚信计量签约, with its unit
1.市教育局：负责组织…                             负责组织…, with its body
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ontology.forms import Forms

_DATED = re.compile(r"(?<=\S{2})[（(](?:\d{4}年)?\d{1,2}月[^（）()，。]{0,14}[)）]$")
_DRAFTED = re.compile(r"^(?:[一二三四五六七八九十]{1,2}|\d{1,2})是")
_NAMED = re.compile(r"^(?P<name>[^：:，。“”]{4,24})[：:](?=[^：:]{10,})")
_HEAD = re.compile(
    r"(?P<who>(?:[^。：:\n“”（）()]|（[^（）()：:]{1,20}）|\([^（）()：:]{1,20}\)){2,80})"
    r"(?P<stop>[。：:])[ \u3000]?\n?[ \u3000]*(?=[\u4e00-\u9fff“《\d])"
)
_DASHED = re.compile(r"——(?P<units>[^—。；：\n“”]{3,80})[。；]?$")
_UNIT_FIRST = re.compile(r"^(?P<units>[^—“”《》\n]{3,40})——(?P<what>[^—\n]{3,200})$")
_SLOGAN = re.compile(r"^“[^“”]{1,12}”(?=[\u4e00-\u9fff])")  # “一体化”推进…
_BLANK = re.compile(r"(?P<title>(?:[\u4e00-\u9fff、]|“[^“”]{1,12}”){4,24})[ \u3000](?=[\u4e00-\u9fff]{2,}[^。]{6})")
_OPEN, _CLOSE = "（(《“〔【", "）)》”〕】"
_SHORT = 44  # characters: so long a sentence is a title as it stands
_LONG = 80  # a title that grew so long is cut at its first clause
_LONGEST = 120
_LEAST = 6


@dataclass(frozen=True, slots=True)
class Headline:
    """A title, and where the stretch of the text ends that it was taken from."""

    title: str
    end: int


class Headlines:
    """Clips titles; built once for the forms of a run."""

    def __init__(self, forms: Forms) -> None:
        self._lead_in = forms.pattern("act.lead_in")
        verb = f"{forms.source('act.verb')}|{forms.source('act.result')}"
        self._verb = re.compile(f"(?:{forms.source('act.adverb')}){{0,4}}(?:{verb})")
        self._noun = forms.pattern("act.noun")
        self._holds = forms.quick("hold.noun")

    def of(self, text: str, head: int, end: int, units: tuple[tuple[int, int], ...] = ()) -> Headline:
        """The headline of an item whose words begin at `head`; `units` are stretches that only name who does it."""
        stop = sentence_end(text, head, end)
        stop = min((a for a, _ in units if head < a < stop), default=stop)
        if blank := _BLANK.match(text, head, stop):
            stop = blank.end("title")  # 一、各地自查 各市要…: a line break that became a blank
        words = text[head:stop].rstrip().rstrip("。；;：:，,（(〔[")
        title = _DRAFTED.sub("", words).strip()
        if (named := _NAMED.match(title)) and self._holds.search(named["name"]):
            title = named["name"]
        title = _once(_DATED.sub("", title).strip())
        if len(title) > _SHORT:
            title = self._clipped(title)
        return Headline(balanced(title), max(stop, head))

    def acts(self, title: str) -> bool:
        """Whether a title begins with an act, after words that say by what and for whom."""
        if self._noun.search(title):
            return False
        rest = title = _SLOGAN.sub("", title)
        for _ in range(2):
            if lead := self._lead_in.match(rest):
                if self._verb.match(rest) and not self._lead_in.match(rest):
                    break
                rest = rest[lead.end() :]
        return bool(self._verb.match(rest) or self._verb.match(title))

    def _clipped(self, title: str) -> str:
        """The clauses up to the first that says what is done; never less than that, never cut inside quotes."""
        clauses = clause_ends(title)
        for n, at in enumerate(clauses):
            so_far = title[:at]
            begin = clauses[n - 1] + 1 if n else 0
            if (
                at >= _LEAST
                and not self._lead_in.match(title[begin : at + 1])
                and (self._verb.match(title[begin:at]) or n + 1 >= len(clauses) or at >= 30)
            ):
                return title[: clauses[0]] if at > _LONG and clauses[0] >= _LEAST else so_far
        return title[:_LONGEST] if not clauses else title[: clauses[-1]]


def _once(title: str) -> str:
    """建立落实机制建立落实机制，及时…: a heading glued to the text that begins with its words."""
    for half in range(_LEAST, len(title) // 2 + 1):
        if title.startswith(title[:half], half) and title[half : half + 1] == title[0]:
            return title[:half]
    return title


def sentence_end(text: str, at: int, end: int) -> int:
    """Where the first sentence ends: 。 outside brackets and quotes, or the end of the line."""
    depth = 0
    line_end = text.find("\n", at, end)
    limit = end if line_end < 0 else line_end
    for i in range(at, limit):
        char = text[i]
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)
        elif char in "。！" and depth == 0:
            return i + 1
    if depth:
        # a bracket that nobody closes: the first full stop after all
        stop = text.find("。", at, limit)
        return stop + 1 if stop >= 0 else limit
    return limit


def clause_ends(title: str) -> list[int]:
    """The positions of ，；： outside brackets and quotes, and the end."""
    out: list[int] = []
    depth = 0
    for i, char in enumerate(title):
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)
        elif char in "，；;," and depth == 0:
            out.append(i)
    return [*out, len(title)]


def balanced(title: str) -> str:
    """The title without a bracket at its end that has lost its other half."""
    title = title.strip(" \u3000，；;、：:。")
    for a, b in (("（", "）"), ("(", ")"), ("〔", "〕")):
        if title.endswith(a):
            title = title[:-1]
        if title.count(a) > title.count(b) and (at := title.rfind(a)) > 1 and b not in title[at:]:
            title = title[:at]
    return title.strip(" \u3000，；;、：:。")


def heads(title_words: str) -> re.Match[str] | None:
    """市教育局。…, 市教育局：…: what may be a body at the head of an item."""
    return _HEAD.match(title_words)


def dashed(title: str) -> re.Match[str] | None:
    """…——区市场监管局: what may be units behind a dash."""
    return _DASHED.search(title)


def unit_first(title: str) -> re.Match[str] | None:
    """区教育局——“质量第一课”: what may be units before one."""
    return _UNIT_FIRST.match(title)
