"""One clause to one event: who does what (会同 whom), where, by a verb that says that something was held or done.

市商务委在黄浦区开展商贸领域首席质量官扩大试点
-> doer 市商务委, place 黄浦区, act 开展, object 商贸领域首席质量官扩大试点
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.facts.bodies import Bodies
from kg.core.model import Party, PartyKind, Role
from ontology.forms import Forms

_SHORT_EVENTS = frozenset(("讲座", "论坛", "培训", "沙龙", "义诊", "竞赛", "比赛", "大赛"))
_LONGEST_CLAUSE = 400


@dataclass(frozen=True, slots=True)
class Event:
    """What a clause says was (or will be) done. `start`/`end` delimit the clause in the text."""

    doers: tuple[Party, ...]
    act: str
    object: str
    start: int
    end: int
    place_phrase: str | None = None
    each: bool = False  # 分别: the doers did one thing each
    when: str = ""  # the clause before it that only says when (9月29日，)

    @property
    def title(self) -> str:
        """The words for a list: act and object."""
        return self.act + self.object


class ClauseReader:
    """Reads clauses in the context of one document."""

    def __init__(self, forms: Forms, bodies: Bodies) -> None:
        self.bodies = bodies
        self.act = forms.pattern("hold.act")
        self.noun = forms.quick("hold.noun")
        self.campaign = forms.pattern("told.campaign")
        self._adverb = forms.pattern("told.adverb")
        self._phrase = forms.pattern("told.phrase")
        self._starts = forms.quick("told.starts")
        self._with = forms.pattern("told.with")
        self._with_apart = forms.pattern("told.with_apart")
        self._award = forms.pattern("told.award")
        self._honoured = forms.pattern("told.honoured")
        self._leads_on = forms.pattern("told.leads_on")
        self._held = forms.pattern("told.held")
        self._made = forms.pattern("told.made")
        self._held_by = forms.pattern("told.passive")
        self.count_tail = forms.pattern("told.count_tail")
        self._count_lead = forms.pattern("told.count_lead")
        self._vague = forms.pattern("told.vague")
        self._listed = forms.pattern("told.listed")
        self._each = forms.pattern("told.each")
        self._etc = forms.pattern("told.etc")

    def is_event(self, words: str) -> bool:
        """Whether words name something that can be held: …活动, …会, “…”."""
        return bool(self.noun.search(words) or self.campaign.search(words))

    def read(self, clause: str, start: int, *, carried: tuple[Party, ...] = (), own: bool = False) -> Event | None:
        """The event of a clause that stands at `start`; `carried` are the doers when the clause names none.

        `own`: the sentence speaks of the writer itself (我局举办了…，开展…): an event needs no name of who did it.
        """
        clause = clause[:_LONGEST_CLAUSE]
        end = start + len(clause)
        if passive := self._held_by.match(clause):
            return self._passive(passive, start)
        if (made := self._made.match(clause)) and (by := self.bodies.whole(made["who"], start)):
            return Event(tuple(by), made["act"], made["what"], start, end)
        if award := self._award.search(clause):
            return Event((), "", self._count_lead.sub("", award["what"]) + award["act"], start, end)
        if honoured := self._honoured.match(clause):
            by = self.bodies.read(honoured["by"], start + honoured.start("by"), None, named=False)
            if by:
                return Event(tuple(by), honoured["act"], self._without_examples(honoured["what"]), start, end)
        doers, at = self.doers_of(clause, start)
        if not doers:
            doers = carried
            if not doers and (held := self._held.match(clause)):
                return self._unnamed(held, start)
        elif self._with.match(clause):
            doers = (*carried, *doers)  # …；会同市公安局查办案件: with the one that the sentence speaks of
        event = self._predicate(clause, at, start, doers) if doers or own else None
        return event if event is None or doers or self.is_event(event.object) else None

    def _without_examples(self, text: str) -> str:
        """“…”等10个先进方法、“…”等17个作品 -> 先进方法、作品."""
        return "、".join(self._listed.sub("", part) for part in split_items(text))

    def _unnamed(self, found: re.Match[str], start: int) -> Event | None:
        """举办首席质量官培训班3期: held, by whom is not said."""
        what = self.count_tail.sub("", found["what"]).strip("，。；、,; ")
        if not self.is_event(what) or self._vague.match(what):
            return None
        return Event((), found["act"], what, start, start + found.end())

    def _passive(self, found: re.Match[str], start: int) -> Event | None:
        """由甲、乙主办，丙承办的启动仪式在东方艺术中心举行: who stands behind 由 and between the verbs did it."""
        doers: list[Party] = []
        for group, role in (("by", None), ("others", Role.CO)):
            if found[group]:
                doers += self.bodies.read(
                    self._etc.sub("", found[group]), start + found.start(group), role, named=False
                )
        end = start + found.end()
        named = doers or found["by"] is None
        return Event(tuple(doers), "", found["what"].strip(), start, end, found["where"]) if named else None

    def _predicate(self, clause: str, at: int, start: int, doers: tuple[Party, ...]) -> Event | None:
        end = start + len(clause)
        rest = clause[at:]
        place_phrase = None
        each = leads = False
        while True:
            if (adverb := self._adverb.match(rest)) and not self.act.match(rest):
                each = each or bool(self._each.search(adverb[0]))
                leads = leads or "牵头" in adverb[0]
                rest = rest[adverb.end() :]
            elif (phrase := self._phrase.match(rest)) and not self.act.match(rest):
                place_phrase = place_phrase or (phrase["what"] if phrase[0][0] == "在" else None)
                rest = rest[phrase.end() :]
            else:
                break
        rest = re.sub(r"^(?:公开|合作)(?=征集|制)", "公开" if rest.startswith("公开") else "", rest)
        if passed := self._passed_on(rest, start + len(clause) - len(rest)):
            doers, rest = (*doers, *passed[0]), passed[1]
        act = self.act.match(rest)
        if act is None:
            return None
        what = self.count_tail.sub("", rest[act.end() :].removeprefix("了")).strip("，。；、,; ")
        what = re.sub(r"(?<=[式会赛坛议训])等$", "", what)
        what = re.sub(r"(?<=》)[（(][^（）()]*号[）)]$", "", what)
        if (len(what) < 3 and what not in _SHORT_EVENTS) or self._vague.match(what):
            return None
        return Event(doers, act[0], what, start, end, place_phrase, each)

    def _passed_on(self, rest: str, start: int) -> tuple[tuple[Party, ...], str] | None:
        """指导上海城投公路集团开展…: the one who is guided does it too, when it is a body that resolves."""
        found = self._leads_on.match(rest)
        if not found:
            return None
        parties = self.bodies.whole(found["who"], start + found.start("who"))
        if not parties or any(p.kind is PartyKind.GROUP for p in parties) or not self.bodies.is_known(found["who"]):
            # 指导…等区属企业开展培训: whoever they are, it was held
            return None if self.act.match(rest) else ((), found["rest"])
        return tuple(parties), found["rest"]

    def doers_of(self, clause: str, start: int) -> tuple[tuple[Party, ...], int]:
        """The bodies at the head of a clause and where the predicate begins; 会同 X adds X in a helping role."""
        best: tuple[tuple[Party, ...], int] = ((), 0)
        for stop in self._predicate_starts(clause):
            if best[1] and clause[best[1]] in "在向对为以" and self.bodies.is_sure(best[0][-1].as_written):
                break  # 区教育局、区公安分局|对…小学、幼儿园食堂开展: who acts has been said
            if parties := self._whole(clause[:stop], start):
                best = (parties, stop)
        return best

    def _predicate_starts(self, clause: str) -> list[int]:
        """Places where a predicate may begin: an act, an adverb or a phrase word outside quotes, in the first 90."""
        quote = min((i for i in (clause.find("“"), clause.find("《")) if i >= 0), default=len(clause))
        return [m.start() for m in self._starts.finditer(clause[:90]) if 2 <= m.start() <= quote]

    def _whole(self, head: str, start: int) -> tuple[Party, ...]:
        """All of `head` as parties, or nothing."""
        parties: list[Party] = []
        at = 0
        parts = self._with_apart.split(head)
        for n, part in enumerate(parts):
            if part and not self._with.fullmatch(part):
                found = self.bodies.whole(part, start + at, Role.CO if n else None)
                if not found and not (n and self.bodies.is_generic(part)):  # 会同有关部门
                    return ()
                parties += found
            at += len(part)
        return tuple(parties)


def split_items(text: str) -> list[str]:
    """Coordinated items: at 、 outside quotes and brackets, and between ” and “."""
    out: list[str] = []
    depth = begin = 0
    for i, char in enumerate(text):
        if char in "“（《(":
            if char == "“" and depth == 0 and i > begin and text[i - 1] == "”":
                out.append(text[begin:i])
                begin = i
            depth += 1
        elif char in "”）》)":
            depth = max(0, depth - 1)
        elif char == "、" and depth == 0:
            out.append(text[begin:i])
            begin = i + 1
    return [p for p in (*out, text[begin:]) if p]
