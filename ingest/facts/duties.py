"""Who is responsible for an item, read by the form in which its text says it.

责任单位：甲、乙。   （甲牵头，乙配合）   由甲会同乙负责   甲牵头，乙、丙参加   各区要加快…   甲按照…确定…

Labels and brackets say it outright; only where there are none do sentences count whose subject is a body.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from ingest.facts.bodies import Bodies
from ingest.facts.body_pieces import piece_spans
from ingest.facts.duty import Duty, charged, ruled
from ingest.facts.labels import LabelReader
from ingest.facts.unit_lists import UnitLists
from ingest.sentences import Segmentation, Span
from kg.core.model import Party, PartyKind, Role
from kg.core.replacing import replace
from ontology.forms import Forms

_LONGEST_SUBJECT = 160
_MOST_CUTS = 12
_EDGES = " \u3000\n，。；、,;：:"


@dataclass(frozen=True, slots=True)
class Subject:
    """A body as the subject of a clause: how it is charged, and where the rest of the clause begins."""

    parties: tuple[Party, ...]
    rule: str
    rest: int
    firm: bool = True


@lru_cache(maxsize=2)
def _verbs(forms: Forms) -> tuple[re.Pattern[str], ...]:
    """Words that oblige, that charge, both with acts, and these with words of lists: the same for all documents."""
    must, act = forms.words("duty.must"), forms.words("duty.act")
    verbs = {w for name in ("duty.by", "duty.lead", "duty.co", "duty.plain") for w in forms.words(name)}
    firmly = re.compile("|".join(w for w in forms.words("duty.charge") if len(w) > 1))
    return _any_of(must), firmly, _any_of((*must, *act)), _any_of(verbs | {*must, *act})


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=lambda w: (-len(w), w)))))


class DutyReader:
    """Reads duties in the joined text of one document."""

    def __init__(
        self, forms: Forms, lists: UnitLists, bodies: Bodies, segmentation: Segmentation, *, first_leads: bool = False
    ) -> None:
        """`first_leads`: the document says that who stands first in a list leads."""
        self.text = segmentation.text
        self.lists = lists
        self.bodies = bodies
        self.segmentation = segmentation
        self.labels = LabelReader(forms, lists, bodies, self.text, first_leads=first_leads)
        self._from = forms.pattern("duty.from")
        must = forms.words("duty.must")
        self._must = frozenset(must)
        self._told, self._firmly, self._cut, self._by_cut = _verbs(forms)
        self._ahead = frozenset(forms.words("duty.ahead"))
        self._charge = forms.pattern("duty.goes_on")
        self._sort_end = forms.pattern("duty.sort_end")
        self._acting = forms.pattern("duty.doing")
        self._no_verb = forms.pattern("duty.no_verb")
        self._loose = frozenset(forms.words("duty.loose"))
        self._applies = forms.pattern("duty.applies")
        self._name_goes_on = forms.pattern("duty.name_goes_on")
        self._opens = forms.pattern("duty.opens")
        self._asks = forms.pattern("duty.asks")
        self._before = forms.pattern("duty.before")
        self._while = forms.pattern("duty.while")
        self._waits = forms.quick("duty.waits")
        self._called = re.compile(forms.source("own.alias") + "$")
        self._meanwhile = re.compile(r"在[^，。；]{2,24}?[中时](?=" + self._told.pattern + ")")
        self._with = forms.pattern("duty.with_at")
        self._tie = re.compile(rf"(?:将|应当?|要|须|可|负责)?{forms.source('duty.with')}")
        jointly = f"(?:{forms.source('duty.jointly')}){{0,2}}"
        self._lead_verbs = re.compile(jointly + forms.source("duty.lead"))
        self._co_verbs = re.compile(jointly + forms.source("duty.co"))
        self._undertaking = frozenset(forms.words("duty.undertakes"))
        self._leads_helps = re.compile(
            rf"(?P<do>{forms.source('duty.lead')}|负责)[^，、；。\n]{{0,12}}[，、；](?P<others>[^。；\n]{{2,90}}?)(?:积极)?(?P<help>{forms.source('duty.co')}|承办)"
        )

    # -- labels and brackets ----------------------------------------------------------------------------------------

    def explicit(self, start: int, end: int) -> list[Duty]:
        """What labels and brackets in a stretch of the text say."""
        return self.labels.explicit(start, end)

    def in_sentences(self, start: int, end: int, *, everybody: bool = False) -> list[Duty]:
        """Bodies that sentences of a stretch charge or name as those who act.

        `everybody`: 各地各部门 counts too; in a text without items an order has no other addressee.
        """
        out: list[Duty] = []
        open_until = start
        waiting: tuple[list[Party], int] | None = None  # 相关处室，自受理之日起，应…: the verb stands clauses later
        for clause in self.clauses(start, end):
            a = max(clause.start, start)
            b = min(clause.end, end)
            words = self.text[a:b]
            bare = words.strip(_EDGES)
            if out and out[-1].rule == "act" and a < open_until and self._charges(bare):
                out[-1] = charged(out[-1])  # 卫生行政部门依照职责，|负责…
            if waiting is not None and a >= waiting[1]:
                waiting = None
            if waiting is not None and self._is_told(bare):
                if not self._applies.search(bare) and not self._may(waiting[0], bare):
                    out.append(Duty(ruled(waiting[0], "must"), a, b, "must"))
                waiting = None
            if found := self._leading(a, self._sentence_end(a, end)):
                out.append(found)
                continue
            if out and a < out[-1].end:
                continue
            if subject := self.subject(words, a, everybody=everybody):
                out.append(Duty(subject.parties, a, b, subject.rule, firm=subject.firm))
                open_until = self._sentence_end(a, end)
            elif 2 < len(bare) < _LONGEST_SUBJECT and words.rstrip().endswith(("，", ",")):
                named = self._waiting(bare, a + words.find(bare))
                waiting = (named, self._sentence_end(a, end)) if named else waiting
        return out

    def _is_told(self, clause: str) -> bool:
        return bool(self._told.match(clause) or self._charges(clause) or self._meanwhile.match(clause))

    def _may(self, parties: list[Party], clause: str) -> bool:
        """Whether a clause only allows sorts of bodies something: 寄递企业、物流企业，|可为客户代垫费用."""
        verb = self._told.match(clause)
        return verb is not None and verb[0] in self._loose and all(map(self.bodies.is_mere_sort, parties))

    def _charges(self, clause: str) -> bool:
        """Whether a clause goes on with 应当 or 负责 for a subject that stands before it; to apply is no charge."""
        return self._charge.match(clause) is not None and self._applies.search(clause) is None

    def _waiting(self, clause: str, start: int) -> list[Party]:
        """The bodies of a clause without a verb of duty, where the next may charge them."""
        who = clause
        if found := self._waits.fullmatch(clause):
            group = "founded" if found["founded"] else "placed"
            who, start = found[group], start + found.start(group)
        if self._may_end(who):
            return self.bodies.whole(who, start)
        return self._doing(who, start)

    def _doing(self, clause: str, start: int) -> list[Party]:
        """A sort of bodies and what it does: 服务单位公开信息，|应当…; the rest of the clause begins with an act."""
        for found in self._sort_end.finditer(clause):
            who, rest = clause[: found.end()], clause[found.end() :]
            if rest and self._acting.match(rest) and self._may_end(who) and (named := self.bodies.whole(who, start)):
                return named
        return []

    def clauses(self, start: int, end: int) -> Iterator[Span]:
        """The clauses that stand in a stretch."""
        all_clauses = self.segmentation.clauses
        i = max(0, bisect_left(all_clauses, Span(start, 0)) - 1)
        for clause in all_clauses[i:]:
            if clause.start >= end:
                return
            if clause.end > start:
                yield clause

    def _sentence_end(self, start: int, end: int) -> int:
        return min(end, self.segmentation.sentence_at(start).end)

    def _leading(self, start: int, end: int) -> Duty | None:
        """甲牵头，乙、丙参加: with 由 or without."""
        words = self.text[start : min(end, start + 260)]
        found = self._leads_helps.search(words) if "牵头" in words or "负责" in words or "主办" in words else None
        if not found or found.start() > _LONGEST_SUBJECT + 20:
            return None
        head = words[: found.start()]
        begin = max((m.end() for m in self._from.finditer(head)), default=0)
        begin = max(begin, max((head.rfind(c) for c in "，。；：\n"), default=-1) + 1 if begin == 0 else begin)
        leaders = self.bodies.whole(head[begin:], start + begin, Role.LEAD)
        role = None if found["help"] in self._undertaking else Role.CO
        others = self.bodies.whole(found["others"], start + found.start("others"), role)
        others = others or self.bodies.groups(found["others"], start + found.start("others"), role)
        if not leaders or not others:
            return None
        return Duty(ruled([*leaders, *others], "lead"), start, start + found.end(), "lead")

    def subject(self, words: str, start: int, *, everybody: bool = False) -> Subject | None:
        """The bodies at the head of a clause, or behind 由 in it, and how the verb behind them charges them."""
        if "由" in words:
            for found in self._from.finditer(words):
                if behind := self._head(words, found.end(), start, self._by_cut):
                    return Subject(ruled(behind[0], "by"), "by", start + behind[1])
                if first := self.bodies.first_of(words[found.end() :], start + found.end()):
                    return Subject(ruled(first, "by"), "by", first[-1].end)
        offset = len(words) - len(words.lstrip(" \u3000\n，；。、"))
        asked = False
        if opening := self._opens.match(words, offset):
            offset = opening.end()  # 请各市…
            asked = self._asks.search(opening[0]) is not None
        head = self._head(words, offset, start, self._cut, everybody=everybody, asked=asked)
        if head is None:
            return None
        rule = "must" if head[2] in self._must else "act"
        # 广东省对…: a place is no one who acts, unless it is told to
        parties = [p for p in head[0] if rule == "must" or p.kind is not PartyKind.PLACE]
        if not parties:
            return None
        firm = head[2] not in self._loose or self._firmly.search(words, head[1]) is not None
        if (rule == "act" or not firm) and all(map(self.bodies.is_mere_sort, parties)):
            return None
        alike = ruled(parties, rule)
        if (
            everybody
            and all(self.bodies.is_everybody(p.as_written) for p in parties)
            and self._head(words, offset, start, self._cut) is None
        ):
            rule = "all"  # said to everybody: who does it is told, that it is a task is not
        return Subject(alike, rule, start + head[1], firm)

    def _head(
        self,
        words: str,
        offset: int,
        start: int,
        cuts: re.Pattern[str],
        *,
        everybody: bool = False,
        asked: bool = False,
    ) -> tuple[list[Party], int, str] | None:
        """The bodies from `offset` up to a verb, where that verb stands, and it; of several cuts the first that fits.

        A verb that only says what is done gives way to a later one that charges.
        """
        best: tuple[list[Party], int, str] | None = None
        tried = 0
        for cut in cuts.finditer(words, offset, offset + _LONGEST_SUBJECT):
            at, verb = cut.start(), cut[0]
            if self._no_verb.match(words, at):
                continue
            head = words[offset:at]
            # 各市|自行|确定, 各单位|在检查中|要, 甲（以下简称乙）|负责
            for between in (self._before, self._while, self._called):
                if found := between.search(head):
                    head = head[: found.start()]
            if len(head) < 2 or words[at - 1] in "的不" or words[cut.end() : cut.end() + 1] == "的":
                continue
            told_all = everybody and self._all_told(head, verb, asked)
            if not (told_all or self._may_end(head)) or self._goes_on(words, offset, at):
                continue
            tried += 1
            if tried > _MOST_CUTS:
                break
            parties = self._joint(head, start + offset, verb + words[cut.end() : cut.end() + 4])
            if told_all and not parties:
                parties = self._everybody(head, start + offset)
            if parties and (best is None or verb in self._must):
                best = self._together(parties, words, at, start), at, verb
                if verb in self._must:
                    break
        return best

    def _all_told(self, head: str, verb: str, asked: bool) -> bool:
        """Whether everybody (or bodies and everybody else: 各镇、各部门) is told to do something, or 各部门 does it."""
        last = head[piece_spans(head)[-1][0] :] if piece_spans(head) else head
        told = asked or verb in self._must or (head.startswith("各") and verb not in self._ahead)
        return told and (self.bodies.is_everybody(head) or self.bodies.is_everybody(last))

    def _everybody(self, head: str, start: int) -> list[Party]:
        """各镇、各部门: all of the list bodies or everybody, or nothing."""
        if self.bodies.is_everybody(head):
            return self.bodies.groups(head, start)
        spans = list(piece_spans(head))
        while spans and self.bodies.is_everybody(head[slice(*spans[-1])]):
            spans.pop()
        named = self.bodies.whole(head[: spans[-1][1]], start) if spans else []
        return [*named, *self.bodies.groups(head, start)] if named else []

    def _goes_on(self, words: str, offset: int, at: int) -> bool:
        """Whether what looks like a verb is a part of the name: 市委|组织部."""
        found = self._name_goes_on.match(words, at)
        return found is not None and self.bodies.is_body(_last(words[offset : found.end()]))

    def _together(self, parties: list[Party], words: str, at: int, start: int) -> list[Party]:
        """甲会同乙开展: 乙 helps, 甲 leads; nothing changes where 乙 is no body."""
        tie = self._tie.match(words, at)
        if tie is None:
            return parties
        cuts = [m.start() for m in self._cut.finditer(words, tie.end() + 2, tie.end() + _LONGEST_SUBJECT)]
        whole = (
            self.bodies.whole(words[tie.end() : stop], start + tie.end(), Role.CO)
            for stop in (*cuts, len(words.rstrip(_EDGES)))
            if self._may_end(words[tie.end() : stop])
        )
        others = next(filter(None, whole), None) or self.bodies.first_of(words[tie.end() :], start + tie.end(), Role.CO)
        return [*(replace(p, role=Role.LEAD) for p in parties), *others] if others else parties

    def _may_end(self, head: str) -> bool:
        return self.bodies.ends_as_body(head) or (bool(piece_spans(head)) and ("会同" in head or "联合" in head))

    def _joint(self, who: str, start: int, verb: str) -> list[Party]:
        """甲、乙, or 甲会同乙: all of it bodies, or nothing."""
        lead = Role.LEAD if self._lead_verbs.match(verb) else Role.CO if self._co_verbs.match(verb) else None
        if verb.startswith("协同"):
            lead = None  # 甲、乙协同推进: nobody leads, nobody helps
        parts = list(self._with.finditer(who))
        if not parts:
            return self.bodies.whole(who, start, lead)
        out = self.bodies.whole(who[: parts[0].start()], start, Role.LEAD)
        for i, part in enumerate(parts):
            stop = parts[i + 1].start() if i + 1 < len(parts) else len(who)
            more = self.bodies.whole(who[part.end() : stop], start + part.end(), Role.CO)
            if not more and not self.bodies.is_generic(who[part.end() : stop]):
                return []
            out += more
        return out


def _last(words: str) -> str:
    return words[max(words.rfind(c) for c in "、，,；") + 1 :]
