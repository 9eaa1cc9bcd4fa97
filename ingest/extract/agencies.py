"""Every body that a text names, wherever it stands.

Candidates begin at a known name, a place or a tier word and end where a name ends; the longest that resolves wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ahocorasick_rs import AhoCorasick, MatchKind

from ingest.resolve import grammar
from ingest.resolve.parties import spoken_of
from ingest.resolve.places import Context
from ingest.resolve.resolver import Resolver
from kg.core.model import AgencyEntry, Party, PartyKind

_MAX_NAME = 40
_KEPT_CONTEXTS = 64
_BY_DEPARTMENT = 0.8  # the confidence of an unknown place with a known department
# A tier word begins a name only after one of these (or a stop): 社区, 城市, 园区 are words of their own.
_BEFORE_TIER = re.compile(r"[^\u4e00-\u9fff]$|[由在与和及向对经为将从送至到请给以会同合据按于是受报交让各本全由导、]$")
_IN_WORD = {
    "区": "社园小片景校厂城郊辖地战灾疫特专东西南北新行商全两二三四五六七八九十",
    "市": "超城都股门集夜开上各全两二三四五六七八九十",
    "县": "各全",
    "省": "节各全",
}
_STOP = re.compile(r"[，。；：！？、,;:\s“”‘’《》〈〉…—\t\n]")
_AFTER_SHORT = re.compile(r"[^\u4e00-\u9fff]|[、和与及等的在将联会印于对就是以]")
_STRONG_TAIL = re.compile("|".join(sorted(map(re.escape, grammar.STRONG), key=len, reverse=True)))
_BOUNDARY = re.compile(
    r"[，。；：！？、,;:\s“”‘’《》〈〉…—（）()\t]|会同|联合(?!会|大学|国)|指导|组织|依托|委托|邀请|获|的|由|与|和|及|在|向|对|经|为|将|从|送|至|到|请|发挥|鼓励|支持|引导|成立|加入|培育|建设|走进|参观|驻|等"
)
# 市政府质量奖, 政府采购, 政府网站: a word about government, not the government
_GOVERNMENT_AS_WORD = re.compile(r"质量|奖|采购|网|债|投资|规章|购买|特殊|工作报告|信息|部门|购")
_INNER = re.compile(r"(?:质量|技术|工程|生产|设备|环保|项目|运营|市场|集团|公司|中心|党委|工会|学校|学院)$")
_FOLLOWED = re.compile(r"^(?:员|伍|会(?!同)|场|长|民|容|内|级|域|常委(?!会)|书记)")


class _Automaton:
    """Leftmost-longest search for a set of names."""

    def __init__(self, names: set[str]) -> None:
        self.names = frozenset(names)
        self._list = sorted(names)
        self._search = AhoCorasick(self._list, matchkind=MatchKind.LeftmostLongest) if names else None

    def find(self, text: str) -> Iterator[tuple[int, str]]:
        """(start, name) of each match."""
        for i, start, _ in self._search.find_matches_as_indexes(text) if self._search else ():
            yield start, self._list[i]


def _is_cut(candidate: str, following: str) -> bool:
    """区建管委（区交通委; the university before 附属学校; 各区科技部 before 门: a name that goes on."""
    opened = candidate.count("（") + candidate.count("(") != candidate.count("）") + candidate.count(")")
    return opened or following.startswith("附属") or (candidate.endswith("部") and following.startswith("门"))


class AgencyFinder:
    """Finds bodies in running text; built once per resolver."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        # Known names are the same for every document; the tier-relative ones (区经委) differ from place to place.
        self._fixed = _Automaton(
            {n for n in resolver.aliases if len(n) > 1} | resolver.places.names | {"中共", "共青团"}
        )
        self._relative: dict[str | None, _Automaton] = {}

    def _automaton(self, context: Context) -> _Automaton:
        """The tier-relative names of a context; only those of the last places are kept."""
        key = context.place.qualified if context.place else None
        if key not in self._relative:
            if len(self._relative) >= _KEPT_CONTEXTS:
                self._relative.pop(next(iter(self._relative)))
            self._relative[key] = _Automaton(set(self.resolver.relative(context)) | set(context.tiers))
        return self._relative[key]

    def find(self, text: str, context: Context) -> list[Party]:
        """All mentions in order, without overlaps."""
        relative = self._automaton(context)
        spans = {*self._fixed.find(text), *relative.find(text), *self._chain_starts(text)}
        out: list[Party] = []
        taken = 0
        for start, name in sorted(spans):
            if start < taken or not self._may_begin(text, start, name, name in relative.names, context):
                continue
            for party in self._longest(text, start, context):
                out.append(party)
                taken = max(taken, party.end)
            while out and (also := self._spoken_with(text, out[-1], context)):
                out += also
                taken = max(taken, also[-1].end)
        # names that begin with nothing known (瑞金医院) only where nothing known was found
        covered = [(p.start, p.end) for p in out]
        for start, end in self._loose_spans(text):
            if not any(a < end and start < b for a, b in covered):
                out += self._longest(text, start, context)
        return sorted(out, key=lambda p: p.start)

    def _spoken_with(self, text: str, before: Party, context: Context) -> tuple[Party, ...]:
        """What stands after a body of another place and means that place too: 泉州市委、市政府."""
        at = before.end + 1
        if text[before.end : at] not in ("、", "和"):
            return ()
        own = spoken_of(before, text[at : at + 1], self.resolver, context)
        return self._longest(text, at, own) if own is not context else ()

    def _chain_starts(self, text: str) -> Iterator[tuple[int, str]]:
        """Abbreviations of provinces in a row."""
        for found in re.finditer(f"[{''.join(self.resolver.places.shorts)}]{{2,}}", text):
            yield found.start(), found[0]

    @staticmethod
    def _loose_spans(text: str) -> Iterator[tuple[int, int]]:
        """Stretches that end like a name and begin after a boundary."""
        for found in _STRONG_TAIL.finditer(text):
            window = text[max(0, found.start() - 16) : found.start()]
            cut = max((m.end() for m in _BOUNDARY.finditer(window)), default=0)
            if len(window) - cut > 1:
                yield found.start() - (len(window) - cut), found.end()

    def _may_begin(self, text: str, start: int, name: str, relative: bool, context: Context) -> bool:
        before = text[start - 1 : start]
        tier = name[0] if name[0] in context.tiers else ""
        if tier and (len(name) == 1 or relative):
            if before and before in _IN_WORD.get(tier, ""):
                return False
            if len(name) == 1:
                return not before or bool(_BEFORE_TIER.search(before))
            return not _FOLLOWED.match(text[start + len(name) :])
        if len(name) == 2 and name not in self.resolver.places.names and name != "中共":
            # 人行 in 机器人行业, 中办 in 集中办理: a short form of two characters stands by itself
            after = text[start + 2 : start + 3]
            return (not before or bool(_BEFORE_TIER.search(before))) and (not after or bool(_AFTER_SHORT.match(after)))
        # 安全部 in 质量安全部: a department of an enterprise
        return not (len(name) == 3 and name.endswith("部") and _INNER.search(text[:start][-4:]))

    def _longest(self, text: str, start: int, context: Context) -> tuple[Party, ...]:
        window = text[start : start + _MAX_NAME]
        relative = self.resolver.relative(context)
        if stop := _STOP.search(window):
            window = window[: stop.start()]
        for length in range(len(window), 1, -1):
            candidate = window[:length]
            following = window[length : length + 4]
            # a known name may end as no other does: 区工商联, 区残联
            odd = candidate[-1] not in grammar.LAST_CHARS
            by_tier = odd and candidate in relative and not _FOLLOWED.match(following)
            if not by_tier and not self._may_end(candidate, following):
                continue
            found = self.resolver.resolve(candidate, context)
            if found and found[0].kind is PartyKind.AGENCY and self._is_sound(candidate, found[0]):
                return tuple(replace(p, start=start, end=start + length) for p in found)
        return ()

    def _may_end(self, candidate: str, following: str) -> bool:
        if _is_cut(candidate, following):
            return False
        if candidate.endswith("办") and following.startswith(("法", "理", "好", "事", "结", "学")):
            return False  # …专项资金管理办法
        if candidate.endswith("会") and following.startswith(("同", "堂", "议", "展", "徽", "费", "晤")):
            return False  # 区科协会同…, 张江科学会堂
        if candidate in self.resolver.aliases:
            return not (len(candidate) < 3 and _FOLLOWED.match(following))
        if candidate.endswith("部门"):
            return self.resolver.places.chain_at(candidate)[1] > 0
        if candidate.endswith("政府") and _GOVERNMENT_AS_WORD.match(following):
            return False
        if following.startswith(("各", "成员单位")):
            return False  # 市质量工作领导小组各成员单位 speaks of the members
        return (
            (candidate[-1] in grammar.LAST_CHARS or candidate.endswith(grammar.UNIT_ENDINGS))
            and not _FOLLOWED.match(following)
            and not (candidate.endswith("部") and following.startswith(("门", "署", "分", "队", "件", "位")))
        )

    @staticmethod
    def _is_sound(candidate: str, party: Party) -> bool:
        if party.rule == "place-form":
            return party.category is not None and party.confidence >= _BY_DEPARTMENT and not grammar.is_loose(candidate)
        if party.rule == "bare":
            return len(candidate) >= 4
        if party.rule == "grammar":
            # inside running text only names of a clear form count
            tied = party.place is not None and candidate[:1] != party.name[:1]
            tied = tied or party.parent is not None or "附属" in candidate
            if grammar.is_venue(candidate) or grammar.is_loose(candidate):
                return False
            return grammar.is_strong_name(candidate) or tied
        return True


def mentions_to_entries(mentions: list[Party]) -> tuple[AgencyEntry, ...]:
    """One entry a body, with all its spellings, in the order of first mention. Collectives and places are no bodies."""
    entries: dict[tuple[str, str | None], AgencyEntry] = {}
    for party in mentions:
        if party.kind is not PartyKind.AGENCY:
            continue
        key = (party.name, party.place)
        if key in entries:
            known = entries[key]
            if party.as_written not in known.as_written:
                entries[key] = replace(known, as_written=(*known.as_written, party.as_written))
        else:
            members = tuple(m.name for m in party.members)
            entries[key] = AgencyEntry(
                party.name, party.category, party.place, (party.as_written,), party.parent, members
            )
    return tuple(entries.values())
