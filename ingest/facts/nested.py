"""What an item says will be held inside it: by an act and its object, and by the names of campaigns.

1.广泛开展公益宣传。…举办现场咨询活动，发布公益海报；…   举办现场咨询活动 and 发布公益海报 inside 广泛开展公益宣传
推动线上线下深度融合，实施“双随机”制度。               nothing: ways of working are not held
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.facts.bodies import Bodies
from ingest.facts.clauses import ClauseReader, split_items
from ingest.facts.duties import DutyReader
from ingest.sentences import Segmentation, Span
from kg.core.model import Party, PartyKind, Role
from ontology.forms import Forms

_LED = re.compile(r"(?:鼓励|推动|引导|组织|指导|发动|支持|联合|与)(?P<who>[^，。；]{2,30}?)(?:开展|举办|合作)?$")
_INTRODUCED = re.compile(r"^(?:\d{1,2}月\d{1,2}日\s*)?(?P<who>[^，。；：:]{2,30}?)(?:主题日|专场)?[：:]$")
_MEANS = re.compile(r"等(?:形式|方式|平台|媒体).*$")
_OPENING = re.compile(r"^(?:组织开展|开展|举办|组织|发布)")
_ENDING = re.compile(r"(?<=[\u4e00-\u9fff]{3})(?:系列)?(?:活动|工作)$")
_MARKS = re.compile(r"[“”‘’\s]")
_EDGES = "，；。、,; \n"


@dataclass(frozen=True, slots=True)
class Inner:
    """Something held inside an item: `start`/`end` is the clause, `words` all that tells of it."""

    title: str
    parties: tuple[Party, ...]
    start: int
    end: int
    words: str


class NestedReader:
    """Reads the joined text of one document."""

    def __init__(
        self, forms: Forms, bodies: Bodies, clauses: ClauseReader, duties: DutyReader, segmentation: Segmentation
    ) -> None:
        self.text = segmentation.text
        self.bodies = bodies
        self.reader = clauses
        self.duties = duties
        self.segmentation = segmentation
        self._inner = forms.pattern("hold.inner")
        self._named_acts = frozenset(forms.words("hold.named"))

    def inside(self, start: int, end: int, title: str) -> Iterator[Inner]:
        """What the text of an item says will be held, its own title left out."""
        speaks_of: tuple[Party, ...] = ()  # the bodies that the sentence has named so far
        sentence = -1
        seen: list[str] = []
        for clause in self.duties.clauses(start, end):
            if clause.start < start:
                continue
            here = self.segmentation.sentence_at(clause.start).start
            stop = min(clause.end, end)
            words = self.text[clause.start : stop].strip(_EDGES)
            named = self._sure(self.reader.doers_of(words, clause.start)[0]) or self._introduced(words, clause.start)
            speaks_of = named or (speaks_of if here == sentence else ())
            sentence = here
            things = self._things(clause.start, stop) or self._held(clause, named, end)
            for what, begin, until in things:
                if _same(what, title) or any(_same(what, other) for other in seen):
                    continue
                seen.append(what)
                told = self.segmentation.evidence(Span(clause.start, stop))
                doers = self._doers(clause.start, begin) or speaks_of
                yield Inner(what, doers, told.start, told.end, self.text[max(here, start) : until])

    def _sure(self, doers: tuple[Party, ...]) -> tuple[Party, ...]:
        known = all(p.kind is PartyKind.AGENCY and self.bodies.is_known(p.as_written) for p in doers)
        return doers if known else ()

    def _introduced(self, words: str, start: int) -> tuple[Party, ...]:
        """天河区：举办…, 9月7日 市教育局主题日：举办…: who is named before a colon."""
        found = _INTRODUCED.match(words)
        if not found or not self.bodies.is_known(found["who"]):
            return ()
        return tuple(self.bodies.read(found["who"], start + found.start("who"), None, named=False))

    def _held(self, clause: Span, named: tuple[Party, ...], end: int) -> list[tuple[str, int, int]]:
        """What a clause says that the bodies named in it will hold."""
        words = clause.of(self.text)[: end - clause.start].strip(_EDGES)
        event = self.reader.read(words, clause.start) if named else None
        if event is None or not self.reader.is_event(event.object):
            return []
        at = self.text.find(event.object, clause.start, min(clause.end, end))
        return [(event.title, at, at + len(event.object))] if at >= 0 else []

    def _things(self, start: int, end: int) -> list[tuple[str, int, int]]:
        found = self._inner.search(self.text[start:end])
        if not found or (found["act"].endswith("实施") and found["what"].startswith("《")):
            return []  # 实施《…意见》: what is followed, not what is held
        what = _MEANS.sub("", found["what"]).rstrip("，；。,; ")
        items = split_items(what)
        at, to = start + found.start("act"), start + found.end("what")
        named = found["act"] in self._named_acts
        if named and sum(bool(self.reader.campaign.search(i)) for i in items) > 1:
            items[-1] = re.sub(r"等[^“”]{0,16}$", "", items[-1])
            return [(i, at, to) for i in items if len(i) > 3]
        by_name = named and found["act"] != "实施" and self.reader.campaign.search(what)
        if not (self.reader.noun.search(what) or by_name or "》" in what) or not what or what[0] in "、在和":
            return []
        return [(found["act"] + self.reader.count_tail.sub("", what), at, to)]

    def _doers(self, start: int, act: int) -> tuple[Party, ...]:
        """Bodies named right before the act (鼓励X开展, 联合X开展)."""
        lead = _LED.search(self.text[max(start, act - 60) : act])
        if not lead or not self.bodies.is_known(lead["who"]):
            return ()
        at = max(start, act - 60) + lead.start("who")
        return tuple(p for p in self.bodies.read(lead["who"], at, Role.CO, named=False) if p.kind is PartyKind.AGENCY)


def _same(a: str, b: str) -> bool:
    left, right = (_OPENING.sub("", _MARKS.sub("", x)) for x in (a, b))
    return left in right or _ENDING.sub("", left) == _ENDING.sub("", right)
