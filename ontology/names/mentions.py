"""Every body that a text names, wherever it stands.

A mention begins at a known name, a place, a tier word or a word for the issuer, and ends where a name ends; of all
that resolve, the longest wins. A name that begins with nothing known needs other evidence (`ontology.names.unknown`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from kg.core.longest import Longest
from kg.core.model import AgencyEntry, Party, PartyKind
from kg.core.replacing import replace
from ontology.names.beginnings import ProperStart, verbs_in
from ontology.names.context import Context
from ontology.names.parties import same_owner, spoken_of
from ontology.names.resolver import Resolver

_LONGEST = 40
_LONG = 12
_TIERS = ("省", "市", "区", "县", "州")
_NESTED = re.compile("政府|办公[室厅]|领导小组")
_NONE: frozenset[str] = frozenset()
_STOP = re.compile(r"[，。；：！？、,;:\s‘’《》〈〉…—\t\n]")
_AFTER_SHORT = re.compile(r"[^\u4e00-\u9fff]|[、和与及等的在将联会印于对就是以]")
_AFTER_OFFICE = re.compile(r"[^\u4e00-\u9fff]|[牵负配会等和]")  # 市营商办牵头; 区旧改总办、
_OPEN, _CLOSED = "（(", "）)"
_SURE = frozenset(("deictic", "own", "gazetteer", "tier", "place", "chain", "zone", "bare"))


class MentionFinder:
    """Finds bodies in running text; built once per resolver."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        forms = resolver.forms
        self._names = list({n for n in resolver.aliases if len(n) > 1} | resolver.places.names | {"中共", "共青团"})
        self._search = Longest(self._names)
        self._before_tier = forms.pattern("mention.before_tier")
        self._in_word = {row["tier"]: frozenset(row["before"]) for row in forms.rows("mention.in_word")}
        self._followed = forms.quick("mention.followed")
        rows = forms.rows("mention.cut_after")
        self._goes_on = forms.compile("|".join(f"(?<={row['ending']})[{row['after']}](?!同|公)" for row in rows))
        self._inner = forms.quick("mention.inner")
        self._links = forms.pattern("mention.links")
        self._tier_body = forms.pattern("mention.tier_body")
        self._office = forms.pattern("mention.office")
        self._proper = ProperStart(resolver, self._goes_on)
        self._ends = Longest(resolver.grammar.categories)

    def find(self, text: str, context: Context) -> list[Party]:
        """All mentions in order, without overlaps."""
        known = self._search.find_matches_as_indexes(text)
        ends = self._end_positions(text, known, context)
        out: list[Party] = []
        taken = 0
        for start in self._starts(text, known, context):
            if start < taken:
                continue
            found = self._longest(text, start, ends, context)
            while found:
                out += found
                taken = found[-1].end
                found = self._beside(text, out[-1], ends, context)
        covered = sorted((p.start, p.end) for p in out)
        out += [p for p in self._proper.find(text, covered, context) if not self._links.search(p.as_written)]
        return sorted(out, key=lambda p: p.start)

    def _end_positions(self, text: str, known: list[tuple[int, int, int]], context: Context) -> list[int]:
        """Where a name may end, ascending: at an ending, at the end of a known name or of one declared here."""
        found = {end for _, _, end in self._ends.find_matches_as_indexes(text)}
        # 人民政府办公室: an ending may begin inside another
        found |= {m.end() for m in _NESTED.finditer(text)}
        found |= {end for _, _, end in known}
        for word in (*context.own.aliases, *context.deictic):
            found |= {at + len(word) for at in _places(text, word)}
        if context.tiers:
            found |= {m.end() for m in self._tier_body.finditer(text)}
        return sorted(found)

    def _starts(self, text: str, known: list[tuple[int, int, int]], context: Context) -> list[int]:
        places = self.resolver.places.names
        out: set[int] = set()
        for i, start, end in known:
            name = self._names[i]
            if len(name) == 2 and name not in places and name != "中共":
                # 人行 in 机器人行业, 中办 in 集中办理: a short form of two characters stands by itself
                before, after = text[start - 1 : start], text[end : end + 1]
                if not (not before or self._before_tier.search(before)) or (after and not _AFTER_SHORT.match(after)):
                    continue
            if name[0] == "和" and name[1:] in context.tiers and "\u4e00" <= text[start - 1 : start] <= "\u9fff":
                continue  # 县健康委员会|和|县卫生健康局: no body of 和县
            if text[start - 1 : start] in _TIERS and name not in places:
                continue  # 省发展改革委 where nothing says of which province: not the state's
            if len(name) == 3 and name.endswith("部") and self._inner.search(text[max(0, start - 4) : start]):
                continue  # 安全部 in 质量安全部: a department of an enterprise
            out.add(start)
        if context.tiers:
            for found in _spoken_tier(tuple(context.tiers)).finditer(text):
                if text[max(0, found.start() - 1) : found.start()] not in self._in_word.get(found[0][-1], _NONE):
                    out.add(found.start())
        for word in (*context.own.aliases, *context.deictic):
            out |= {*_places(text, word)}
        return sorted(out)

    def _opens_a_name(self, text: str, start: int) -> bool:
        """Whether what stands before a tier word speaks for a name that no list knows: 由市大数据局."""
        before = text[max(0, start - 5) : start]
        return not before or bool(self._before_tier.search(before))

    def _beside(self, text: str, before: Party, ends: list[int], context: Context) -> tuple[Party, ...]:
        """What a list goes on with: 泉州市委、市政府 (of the same place), 市教育局、公安局 (of the same tier)."""
        at = before.end + 1
        if text[before.end : at] not in ("、", "和"):
            return ()
        own = spoken_of(before, text[at : at + 1], self.resolver, context)
        if own is not context:
            return self._longest(text, at, ends, own)
        limit = min(len(text), at + _LONGEST)
        if stop := _STOP.search(text, at, limit):
            limit = stop.start()
        low, high = bisect_left(ends, at + 2), bisect_left(ends, limit + 1)
        for end in reversed(ends[low:high]):
            tail = text[at:end]
            if not self._may_end(text, at, end):
                continue
            if len(found := same_owner(before, tail, self.resolver, context)) == 1:
                return (replace(found[0], start=at, end=end),)
        return ()

    def _longest(self, text: str, start: int, ends: list[int], context: Context) -> tuple[Party, ...]:
        limit = min(len(text), start + _LONGEST)
        if stop := _STOP.search(text, start, limit):
            limit = stop.start()
        low, high = bisect_left(ends, start + 2), bisect_left(ends, limit + 1)
        for n in range(high - 1, low - 1, -1):
            end = ends[n]
            candidate = text[start:end]
            if not self._may_end(text, start, end):
                continue
            found = self.resolver.resolve(candidate, context)
            if found and self._of_the_state_by_chance(text, start, found[0]):
                return ()
            if found and found[0].kind is PartyKind.AGENCY and self._is_sound(text, start, end, found[0], context):
                return self._with_office(text, start, end, context) or tuple(
                    replace(p, start=start, end=end) for p in found
                )
        return ()

    def _with_office(self, text: str, start: int, end: int, context: Context) -> tuple[Party, ...]:
        """区局质量科: the name that was found goes on with an office inside the body."""
        inner = self._office.match(text, end)
        found = self.resolver.resolve(text[start : inner.end()], context) if inner else ()
        if inner is None or len(found) != 1 or found[0].rule != "unit":
            return ()
        return (replace(found[0], start=start, end=inner.end()),)

    def _of_the_state_by_chance(self, text: str, start: int, party: Party) -> bool:
        """各省、自治区、直辖市发展改革委、旅游局 in a ministry's notice: those of the provinces, not the state's."""
        if party.rule not in ("gazetteer", "bare") or text[start - 1 : start] not in ("、", "和", "及", "与"):
            return False
        if self.resolver.departments.after("", party.as_written) is None:
            return False
        opened = max(text.rfind(stop, max(0, start - 120), start) for stop in "。；：\n")
        return "各" in text[opened + 1 : start]

    def _may_end(self, text: str, start: int, end: int) -> bool:
        """Whether a name may end here: its brackets are closed, and its last word does not go on (办|法, 市场)."""
        if self._goes_on.match(text, end) or self._followed.match(text, end):
            return False
        candidate = text[start:end]
        opened = sum(map(candidate.count, _OPEN)) != sum(map(candidate.count, _CLOSED))
        unquoted = "“" in candidate and candidate.count("“") != candidate.count("”")
        return not (opened or unquoted or text.startswith(("附属", "各", "成员单位"), end))

    def _is_sound(self, text: str, start: int, end: int, party: Party, context: Context) -> bool:
        grammar = self.resolver.grammar
        candidate = text[start:end]
        if self._links.search(candidate):
            return False  # 市水务局设评审委员会: a body and what it does
        if party.rule in _SURE:
            if party.rule == "zone":
                return candidate.endswith(("会", "委")) and not grammar.is_loose(candidate)
            if party.rule == "tier" and len(candidate) == 2 and not self._opens_a_name(text, start):
                return False
            return party.rule != "bare" or len(candidate) >= 4
        if party.rule == "unit":
            return candidate != party.name.removeprefix(party.parent or "") and not grammar.is_loose(candidate)
        return party.rule == "form" and self._is_sound_form(text, start, end, party, context)

    def _is_sound_form(self, text: str, start: int, end: int, party: Party, context: Context) -> bool:
        """Whether a name that no list holds is one: how it begins and ends, and what its words are."""
        grammar, candidate = self.resolver.grammar, text[start:end]
        if grammar.venue.search(candidate) or party.category is None:
            return False
        ending = grammar.ending_of(candidate)
        by_tier = any(candidate.startswith(tier) for tier in context.tiers)
        if ending is None or (by_tier and not self._opens_a_name(text, start)):
            return False
        if len(candidate) > _LONG and verbs_in(candidate) > 1:
            return False  # …局汇总上报区管委会
        after = text[end : end + 1]
        return len(ending) > 1 or candidate[-1] in "局厅委" or not after or bool(_AFTER_OFFICE.match(after))


def _places(text: str, word: str) -> Iterator[int]:
    """Where a word stands, apart from one another."""
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + max(len(word), 1))


@lru_cache(maxsize=64)
def _spoken_tier(tiers: tuple[str, ...]) -> re.Pattern[str]:
    """市, 本市, 全市, 团市: a tier word with what may stand before it."""
    words = "|".join(sorted(map(re.escape, tiers), key=len, reverse=True))
    return re.compile(rf"(?:[本我全])?(?:团)?(?:{words})")


def mentions_to_entries(mentions: list[Party]) -> tuple[AgencyEntry, ...]:
    """One entry a body, with its spellings and places, in the order of first mention; collectives are no bodies."""
    groups: dict[tuple[str, str | None], list[Party]] = {}
    for party in mentions:
        if party.kind is PartyKind.AGENCY:
            groups.setdefault((party.name, party.place), []).append(party)
    return tuple(
        AgencyEntry(
            found[0].name,
            found[0].category,
            found[0].place,
            tuple(dict.fromkeys(p.as_written for p in found)),
            found[0].parent,
            tuple(m.name for m in found[0].members),
            tuple(sorted({(p.start, p.end) for p in found if p.start >= 0})),
            found[0].rule,
            max(p.confidence for p in found),
        )
        for found in groups.values()
    )
