"""The full names that a document itself writes out: what its short names most likely mean.

市政务大数据局 in a document that also says 新乡市政务服务和大数据管理局 is that bureau, whatever any list holds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

_SHORTEST = 3
_NOT_HAN = re.compile(r"[^\u4e00-\u9fff]")
# the class of an ending: a short name of one class never means a full name of another
_CLASSES = (
    (re.compile(r"办公[室厅]$|办$"), "办"),
    (re.compile(r"委员会$|委$"), "委"),
    (re.compile(r"领导小组$|小组$|专班$"), "组"),
    (re.compile(r"[局署]$"), "局"),
    (re.compile(r"厅$"), "厅"),
    (re.compile(r"中心$"), "中心"),
)


def ending_class(name: str) -> str:
    """局 for 市场监督管理局, 委 for 卫生健康委员会 and 卫健委; the last character for other endings."""
    return next((label for pattern, label in _CLASSES if pattern.search(name)), name[-1:])


def is_short_for(short: str, full: str) -> bool:
    """Whether a name's characters stand in a longer one in the same order, with its first one and its ending."""
    if not _SHORTEST - 1 <= len(short) < len(full) or short[0] != full[0] or ending_class(short) != ending_class(full):
        return False
    at = -1
    for char in short:
        at = full.find(char, at + 1)
        if at < 0:
            return False
    return True


@dataclass(frozen=True, slots=True)
class OwnNames:
    """`tails`: place name -> what follows it in full names; `aliases`: short -> the full name said to be meant.

    `declared` are all words that are said to be short for something (以下简称承储企业), names or not.
    """

    tails: dict[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()

    def group_called(self, text: str) -> str | None:
        """The one group that a document sets up and then calls 领导小组, 指挥部办公室; None where it names several."""
        found = {place + tail for place, tails in self.tails.items() for tail in tails if tail.endswith(text)}
        found = {name for name in found if not any(other != name and other.endswith(name) for other in found)}
        return min(found) if len(found) == 1 else None

    def full_tail(self, place: str, tail: str) -> str | None:
        """The one full tail of that place that a short one stands for; itself where it is written so; else None."""
        tails = self.tails.get(place, ())
        if tail in tails:
            return tail
        found = {full for full in tails if is_short_for(tail, full)}
        # 市场监督管理局 and 市场监督管理局质量发展局: of two that fit, the shorter is what the longer is built on
        shortest = min(found, key=len, default=None)
        if shortest is None or any(not full.startswith(shortest) and shortest not in full for full in found):
            return None
        return shortest


@lru_cache(maxsize=64)
def _any_of(names: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern for some names; documents of one place ask for the same."""
    return re.compile("|".join(map(re.escape, names)))


def text_to_own(
    text: str, places: Mapping[str, str], ends: re.Pattern[str], clause: re.Pattern[str], alias: re.Pattern[str]
) -> OwnNames:
    """The names that begin with one of these places and end where a name ends (`ends`), and the short names declared.

    `places`: written form (广州市天河区, 天河区) -> the name under which its tails are kept (天河区). `clause` finds
    what no name holds, `alias` where a short name is declared.
    """
    tails: dict[str, set[str]] = {}
    names = sorted((p for p in places if len(p) > 1), key=len, reverse=True)
    if names:
        begin = _any_of(tuple(names))
        for found in begin.finditer(text):
            window = text[found.end() : found.end() + 26]
            if other := _NOT_HAN.search(window):
                window = window[: other.start()]
            if stop := clause.search(window):
                window = window[: stop.start()]
            for end in ends.finditer(window):
                tail = window[: end.end()]
                if begin.search(tail):
                    break
                if len(tail) >= _SHORTEST and (end.end() == len(window) or not ends.match(window[end.end() :])):
                    tails.setdefault(places[found[0]], set()).add(tail)
    aliases: dict[str, str] = {}
    declarations = list(alias.finditer(text))
    for declared in declarations:
        before = text[max(0, declared.start() - 40) : declared.start()]
        cut = max((m.end() for m in clause.finditer(before)), default=0)
        if ends.search(declared["short"]) and len(before) - cut > len(declared["short"]):
            # 第六条某市水务局设某市清水奖评审委员会（以下简称评审委员会）: the name begins at the place named last
            last = max((m.start() for m in begin.finditer(before, cut)), default=cut) if names else cut
            aliases.setdefault(
                declared["short"], before[last if len(before) - last > len(declared["short"]) else cut :]
            )
    declared_words = frozenset(m["short"] for m in declarations)
    return OwnNames({place: tuple(sorted(found)) for place, found in tails.items()}, aliases, declared_words)
