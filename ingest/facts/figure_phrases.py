"""The noun phrase in the words before or after a number, without hedges, copulas, times and doers."""

from __future__ import annotations

import re

from ontology.forms import Forms
from ontology.forms.quick import Quick
from ontology.quantities import Quantity

LONGEST, SHORT, WORD = 40, 2, 4
_PHRASE, _LONG, _RECEIVER = 20, 26, 14
OPEN_EDGE = " \u3000，,。；;、：:\n"
EDGE = ' \u3000，,。；;、：:“”"—-–()（）《》\n\t'
_STOP = re.compile(r"[，,。；;：:！？、\n\t（(）)《]")
_END = re.compile(r"[，,。；;：:！？\n\t]")
_BRACKETED = re.compile(r"（[^（）]{0,40}）|\([^()]{0,40}\)")
_HEAD_BRACKET = re.compile(r"[（(][^（()）]{2,60}[）)]")
_TO_CLOSING = re.compile(r"[^（(]{0,60}[）)]")
_CLOSING = re.compile("[）)]")
_LONG_QUOTE = re.compile(r"“[^“”]{13,60}”(?=.{2})")
_NUMBER = re.compile(r"[0-9]")
# 水深不小于3.0、保洁率: what has a number of its own was told before; 2.保洁率: the label of an item
_PIECE_BEFORE = re.compile(
    r"^(?:[^、0-9]*[0-9][^、]*、\s*)+(?=[^、]{2})|^\s*(?:[0-9]{1,2}[.．、]|[①-⑳])(?=[\u4e00-\u9fff])"
)
_STEPS = 10


class Phrases:
    """Cuts phrases out of the words around a figure; the words that are cut away stand in `figures.toml`."""

    def __init__(self, forms: Forms) -> None:
        source = forms.source
        self._leading = re.compile(f"{source('subject.leading')}|{source('subject.per')}")
        self._trailing = Quick(
            re.compile(f"(?:{source('subject.trailing')}|{source('subject.per')}|(?<![占之同环对])比|(?<!比)较)$")
        )
        self._change = Quick(re.compile(f"{source('figure.change').replace('?P<way>', '')}(?:了|到|至)?$"))
        self._hedge = Quick(re.compile(f"{source('figure.before')}$"))
        self._list = forms.pattern("subject.list")
        self._per = forms.pattern("subject.per")
        self._modal = forms.pattern("subject.modal")
        self._act = forms.pattern("subject.act")
        self._verb = forms.pattern("subject.verb")
        self._doer = forms.pattern("subject.doer")
        self._actor = forms.pattern("subject.actor")
        self._by_counted = forms.pattern("subject.by_counted")
        self._growth = forms.pattern("subject.growth")
        self._rate = forms.quick("subject.rate")
        self._rises = forms.pattern("subject.rises")
        self._said = forms.pattern("subject.said")
        self._others = forms.pattern("subject.others")
        self._recipient = forms.pattern("subject.recipient")
        self._scope = forms.pattern("figure.scope")
        self._time = forms.pattern("figure.time")

    def before(self, words: str, *, whole: bool = False) -> str:
        """The noun phrase, or act and object, in the words before a figure; `whole` keeps its lists."""
        words = self._inside(words.strip(OPEN_EDGE))
        words = self._strip_right(self._strip_left(_PIECE_BEFORE.sub("", self._time.sub("", words))))
        if actor := self._actor.match(words):
            words = self._strip_left(words[actor.end() :])
        if len(words) > _LONG:
            cut = 0
            for m in self._modal.finditer(words):
                cut = m.end() if len(words) - m.end() >= WORD else cut
            words = self._strip_left(words[cut:])
            doer = self._doer.search(words) if len(words) > _PHRASE else None
            words = words[doer.start() :] if doer else words
        scope = self._scope.match(words)
        if scope and (scope.end() == len(words) or len(words) > WORD):
            words = words[scope.end() :]
        return (words if whole else words[-LONGEST:]).strip(EDGE)

    def done(self, words: str) -> str:
        """The act and its object in words between two counts, without who did it: (86家)企业|解决质量难题(152个)."""
        found = self._by_counted.match(words)
        return words[found.end() :] if found else words

    def noun(self, words: str, q: Quantity) -> str:
        """The noun phrase right after a figure; nothing where a verb or a mark follows."""
        words = words.lstrip(" \u3000").removeprefix("的")
        if quoted := _LONG_QUOTE.match(words):
            words = words[quoted.end() :]
        words = _until(_STOP, _BRACKETED.sub("", words))
        words = _until(self._others, _until(_NUMBER, words))
        if q.kind == "noun" and words.startswith(q.noun):
            return q.noun + _until(self._verb, words[len(q.noun) :]).split("的")[0]
        told = words
        words = _until(self._verb, words)
        if "的" in words[2:] and q.kind in ("count", "noun") and self._rises.search(told):
            words = words[: words.index("的", 2)]
        words = words if words.endswith(("增长", "下降", "提升")) else self._strip_right(words)
        return words.strip(EDGE + "的")[:LONGEST]

    def predicate(self, words: str) -> str:
        """A short noun with what is said of it: 国家签署合作协议, 经费支持社区建设."""
        return _until(_END, _BRACKETED.sub("", words.lstrip(" 的"))).strip(EDGE)[:_LONG]

    def act(self, words: str) -> str:
        """What is to be done within a limit; a long phrase is cut to its last verb and object."""
        words = _until(_END, _BRACKETED.sub("", words.lstrip(OPEN_EDGE)))
        words = self._strip_left(words.strip(EDGE)).removeprefix("内").removeprefix("前")
        if len(words) > _PHRASE + 2:
            acts = [m for m in self._act.finditer(words) if len(words) - m.end() >= SHORT or m.end() == len(words)]
            if acts:
                chosen = acts[-1] if len(words) - acts[-1].start() >= WORD else acts[0]
                words = words[chosen.start() :]
        return words.strip(EDGE)[:_LONG]

    def doing(self, left: str) -> str:
        """The act in a phrase before a figure with a short noun after it: 随机摇出|3套|房屋."""
        left = left[left.rfind("的") + 1 :] if len(left) > _PHRASE else left
        return "" if left.startswith(("与", "和", "同", "在", "对", "向", "由")) else left[-_PHRASE:]

    def receiver(self, words: str, *, longest: int = _RECEIVER) -> str:
        """Who is given the sum: 对通过认定的高新技术企业给予 -> 高新技术企业."""
        m = self._recipient.match(words.strip(EDGE))
        if m is None:
            return ""
        who = self._strip_right(self._per.sub("", m["who"]))
        if len(who) > longest:
            who = who[who.rfind("的") + 1 :]
        return who.strip(EDGE) if len(who) <= longest else ""

    def items(self, words: str, n: int) -> list[str]:
        """`words` as a list of n things; a shared head goes to each: 国家级、省级产业园 -> 国家级产业园, 省级产业园."""
        items = [part.strip(EDGE) for part in self._list.split(words)]
        if len(items) != n or not all(items):
            return []
        last = items[-1]
        for k, item in enumerate(items[:-1]):
            if item[-1] in "级类型等区市县档" and (at := last.find(item[-1])) >= 0 and at + 1 < len(last):
                items[k] = item + last[at + 1 :]
        return items

    def tail(self, words: str) -> str:
        """The end of the clause before, as far as it reads alone."""
        words = self.before(words)
        if len(words) > _PHRASE and "的" in words[-_PHRASE:-SHORT]:
            words = words[words.rindex("的", 0, len(words) - SHORT) + 1 :]
        return words[-_LONG:]

    def told_of(self, words: str) -> str:
        """What the clause before speaks of, without what it says: 市场规模连续9年居于首位 -> 市场规模."""
        words = self.tail(words)
        said = self._said.search(words, WORD)
        return words[: said.start()] if said else words

    def is_list(self, words: str) -> bool:
        """Whether the words end in the middle of a list."""
        return self._list.search(words[-3:]) is not None

    @staticmethod
    def _inside(words: str) -> str:
        """Without brackets that were closed, from the last one that is open; without titles and halves of quotes."""
        opening = max(words.rfind("（"), words.rfind("("))
        if opening >= 0 and not _CLOSING.search(words, opening):
            words = words[opening + 1 :]
        if head := _HEAD_BRACKET.match(words):
            words = words[head.end() :]
        for sign in "；：\t":
            words = words.rsplit(sign, 1)[-1]
        if len((line := words.rsplit("\n", 1)[-1]).strip(EDGE)) >= SHORT:
            words = line  # 一、事故情况 / 甲片区1起: a heading above is no part of the phrase
        if closing := _TO_CLOSING.match(words):
            words = words[closing.end() :]
        if "》" in words and not words.endswith("》"):
            words = words[words.rindex("》") + 1 :]
        if "”" in words and "“" not in words[: words.index("”")]:
            words = words[words.index("”") + 1 :]
        return words

    def _strip_left(self, words: str) -> str:
        for _ in range(_STEPS):
            words = words.lstrip(EDGE)
            m = self._leading.match(words)
            if m is None or m.end() == 0:
                break
            words = words[m.end() :]
        return words

    def _strip_right(self, words: str) -> str:
        for _ in range(_STEPS):
            words = words.rstrip(OPEN_EDGE)
            if self._growth.fullmatch(words[-4:]) and self._rate.search(words):
                break  # 年均增速, 占比: these are what is told
            found = (
                self._change.search(words[-24:]) or self._trailing.search(words[-10:]) or self._hedge.search(words[-6:])
            )
            if found is None or self._rate.search(found[0]):
                break
            words = words[: len(words) - len(found[0])]
        return words


def _until(pattern: re.Pattern[str], words: str) -> str:
    found = pattern.search(words)
    return words[: found.start()] if found else words


_BLANKS = re.compile(r"\s+")
_TRIMMED = EDGE.replace("“", "").replace("”", "") + "的"


def tidy(words: str) -> str:
    """Without marks and blanks at the edges, and without half a pair of quotation marks."""
    words = _BLANKS.sub("", words).strip(_TRIMMED)
    if words.count("“") != words.count("”"):
        words = words.replace("“", "").replace("”", "")
    return words[-LONGEST:]
