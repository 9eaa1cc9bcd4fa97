"""What a law or rule says of its own or another's validity: 施行, 有效期, 废止, 修改 (立法法 第六十一条).

From these the text in force on a day is told: which document repeals or changes which, and from when.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.candidates import Candidate, Given
from ingest.facts.dates import DateReader
from ingest.facts.moments import MONTHS_A_YEAR, months_later
from ingest.facts.relations import masked
from ingest.facts.titles import QuotedTitle, titles_in
from ingest.facts.works import TitleGenres
from ingest.sentences import Segmentation, Span
from kg.core.model import Effect, Evidence
from kg.core.numerals import parse_number
from ontology.forms import Forms

_MASK = "\x00"
_LISTED = re.compile(
    r"^\s*(?:[一二三四五六七八九十百]{1,4}、|[（(][一二三四五六七八九十百\d]{1,4}[）)]|\d{1,3}[.．、])\s*(?P<title>[^\n]{3,160})"
)
_TAIL = re.compile(r"\s*(?:[（(][^（）()]*(?:\d{4}|[一二]〇|号)[^（）()]*[）)]|[。；;，,]).*$")
_AMENDED = re.compile("修正|根据[^。]{2,80}修改|第[一二三四五六七八九]次修")
_RULES = {"施行": "effect.in-force", "有效期": "effect.validity", "废止": "effect.repeal", "修改": "effect.change"}
_OF_ITSELF = re.compile("本(?!市|省|区|县|人|级|单位)|自|此|该")
_APART = f"{_MASK}，,、（(：:;；"  # behind these a term is that of no thing named right before it
_NEAR_TITLE = 16  # characters between a title and what is said of it
_HEAD = 1200  # characters in which a law's notes stand
_ENDLESS = 4000  # characters; a longer sentence is a text without stops
_MOST_LISTED = 400


class EffectProducer:
    """Reads effects by the forms `effect.*`."""

    def __init__(self, forms: Forms) -> None:
        self._dates = DateReader(forms)
        form = forms.pattern
        self._own, self._in_force = form("effect.own"), form("effect.in-force")
        self._for, self._until = forms.quick("effect.valid-for"), form("effect.valid-until")
        self._repeal, self._not_repeal = form("effect.repeal"), form("effect.not-repeal")
        self._list, self._change = form("effect.list"), form("effect.change")
        self._title_change = form("effect.title-change")
        self._genres = TitleGenres(forms)
        self._anchor = forms.quick("effect.anchor")

    def read(self, given: Given) -> list[Candidate[Effect]]:
        """What a document says of its own and others' validity."""
        return self.propose(given.text, title=given.title, date=given.date, segmentation=given.segmentation)

    def propose(
        self, text: str, *, title: str = "", date: str | None = None, segmentation: Segmentation | None = None
    ) -> list[Candidate[Effect]]:
        """All effects in reading order; `title` and the ISO `date` are the document's.

        自印发之日起施行 takes the document's date. A repeal takes the day of its own sentence, else the day from which
        the document holds.
        """
        seg = segmentation or Segmentation(text)
        if date is not None and _AMENDED.search(text[:_HEAD]):
            date = None  # the date of an amended text is not the day of its first issue
        titles = titles_in(text)
        blotted = masked(text, titles)
        out: list[Candidate[Effect]] = []
        seen: set[int] = set()
        for m in self._anchor.finditer(blotted):
            s = seg.sentence_at(m.start(), m.end())
            if s.end - s.start > _ENDLESS:
                continue
            if s.start not in seen:
                seen.add(s.start)
                out += self._sentence(blotted, titles, seg, s, date)
        out += self._lists(text, titles, seg)
        in_force = next((c.fact.date for c in out if c.fact.act == "施行" and c.fact.date), None)
        out += self._of_title(text, title, seg)
        return [self._dated(c, in_force) for c in sorted(_distinct(out), key=lambda c: (c.start, c.end))]

    def _dated(self, c: Candidate[Effect], in_force: str | None) -> Candidate[Effect]:
        f = c.fact
        if f.date is not None or f.act not in ("废止", "修改") or in_force is None:
            return c
        return replace(c, fact=replace(f, date=in_force), features=c.features | {"date-of-document"})

    # -- one sentence --------------------------------------------------------------------------------------------------

    def _sentence(
        self, blotted: str, titles: Sequence[QuotedTitle], seg: Segmentation, s: Span, date: str | None
    ) -> Iterator[Candidate[Effect]]:
        words = s.of(blotted)
        evidence = seg.evidence(s)
        own = self._own.match(words.lstrip(" \u3000*#（(")) is not None or words.lstrip()[:1] in ("自", "从", _MASK)
        began: str | None = None
        for m in self._in_force.finditer(words):
            day = self._begin(m, date)
            if day is None and not (m["issued"] or m["later"]):
                continue
            clause = words[words.rfind("，", 0, m.start()) + 1 : m.start()]
            features = set()
            if own or "本" in clause[:3] or not clause.strip():
                features.add("own")
            if m["issued"]:
                features.add("from-issue")
            began = began or day
            target = self._target_before(titles, s, s.start + m.start()) if not features & {"own"} else None
            yield _candidate("施行", target, day, evidence, s.start + m.start(), s.start + m.end(), features)
        yield from self._validity(words, s, evidence, began or date)
        yield from self._repeals(words, titles, s, evidence)
        for m in self._change.finditer(words):
            at = s.start + words.index(_MASK, m.start())
            if target := _title_at(titles, at):
                yield _candidate("修改", target, None, evidence, s.start + m.start(), s.start + m.end(), set())

    def _begin(self, m: re.Match[str], date: str | None) -> str | None:
        if m["issued"]:
            return date
        if m["later"]:
            days = re.search(r"[〇零一二三四五六七八九十\d]{1,3}", m["later"])
            length = int(parse_number(days[0]) or 0) if days else 0
            unit = "月" if "月" in m["later"] else "日"
            return _after(date, length, unit) if date and length else None
        found = self._dates.find(m["day"])
        return found[0].iso_start if found else None

    def _validity(self, words: str, s: Span, evidence: Evidence, began: str | None) -> Iterator[Candidate[Effect]]:
        if (m := self._until.search(words)) and not _of_a_paper(words, m.start()):
            days = self._dates.find(m["day"])
            if days and days[-1].iso_end:
                yield _candidate(
                    "有效期", None, days[-1].iso_end, evidence, s.start + m.start(), s.start + m.end(), {"own"}
                )
                return
        if (m := self._for.search(words)) and not _of_a_paper(words, m.start()):
            length = int(parse_number(m["years"]) or 0) * (MONTHS_A_YEAR if m["unit"] == "年" else 1)
            until = _end_of_term(began, length) if began and length else None
            marks = {"own", "counted"} if "自" in words or "本" in words[:12] else {"counted"}
            yield _candidate("有效期", None, until, evidence, s.start + m.start(), s.start + m.end(), marks)

    def _repeals(
        self, words: str, titles: Sequence[QuotedTitle], s: Span, evidence: Evidence
    ) -> Iterator[Candidate[Effect]]:
        at = 0
        for m in self._repeal.finditer(words):
            start = at
            # the titles of this repeal stand between the last one (or the last stop) and its verb
            cut = max(words.rfind(c, 0, m.start()) for c in "；。")
            start, at = max(start, cut + 1), m.end()
            if self._not_repeal.search(words[max(start, m.start() - 16) : m.end() + 4]):
                continue
            inside = _between(titles, s.start + start, s.start + m.start())
            days = self._dates.find(words[start : m.start()])
            day = next((d.iso_start for d in days if words[start + d.end : start + d.end + 1] == "起"), None)
            for title in inside:
                # 《甲条例》第三条同时废止: an article, not the text
                behind = words[title.end - s.start : title.end - s.start + 16]
                if re.match(r"第[一二三四五六七八九十百零]{1,6}条|中的|规定的", behind):
                    continue
                basis = re.search("(?:根据|依据|依照|按照|违反|由|依)[^，。；]{0,12}$", words[: title.start - s.start])
                marks = {"basis"} if basis else set()
                if m[0].startswith(("同时", "即行", "予以", "一并")):
                    marks.add("said-so")
                yield _candidate("废止", title.title, day, evidence, title.start, s.start + m.end(), marks)

    def _target_before(self, titles: Sequence[QuotedTitle], s: Span, at: int) -> str | None:
        inside = _between(titles, s.start, at)
        return inside[-1].title if inside else None

    # -- lists and titles ----------------------------------------------------------------------------------------------

    def _lists(self, text: str, titles: Sequence[QuotedTitle], seg: Segmentation) -> Iterator[Candidate[Effect]]:
        """废止下列地方性法规：, then a line each, with or without 《》."""
        act: str | None = None
        day: str | None = None
        count, at = 0, 0
        for line in text.split("\n"):
            start, at = at, at + len(line) + 1
            bare = line.strip()
            if not bare:
                continue
            if ("下列" in bare or "以下" in bare or "如下" in bare) and (m := self._list.search(bare)):
                act, count = ("废止" if m["repeal"] else "修改"), 0
                days = self._dates.find(bare)
                day = days[0].iso_start if days else None
                continue
            listed = _LISTED.match(line) if act else None
            if act is None or (listed is None and not bare.startswith("《")) or count >= _MOST_LISTED:
                act = None if act and not bare.startswith(("《", "“")) else act
                continue
            count += 1
            quoted = _between(titles, start, at)
            name = quoted[0].title if quoted else _TAIL.sub("", listed["title"]) if listed else None
            if name and (quoted or self._genres.genre(name) == "policy"):
                evidence = seg.evidence(Span(start, at - 1))
                yield _candidate(
                    act, name, day, evidence, start, at - 1, {"listed"} | (set() if quoted else {"unquoted"})
                )

    def _of_title(self, text: str, title: str, seg: Segmentation) -> Iterator[Candidate[Effect]]:
        """关于修改《甲条例》的决定 changes 甲条例."""
        m = self._title_change.search(title)
        if m is None:
            return
        target = m["target"].strip("《》〈〉")
        at = max(text.find(title), 0)
        evidence = seg.evidence(seg.sentence_at(at, at + 1))
        act = "废止" if m["verb"] == "废止" else "修改"
        yield _candidate(act, target, None, evidence, at, at + len(title), {"title"})


PRODUCER = EffectProducer


def _candidate(
    act: str, target: str | None, date: str | None, evidence: Evidence, start: int, end: int, features: set[str]
) -> Candidate[Effect]:
    rule = _RULES[act]
    return Candidate("effect", Effect(act, target, date, evidence, rule), start, end, rule, frozenset(features))


def _of_a_paper(words: str, at: int) -> bool:
    """Whether the term at a place of a sentence is that of a thing that it names before.

    《核对报告》，有效期为1年; 检测报告有效期为一年.
    """
    clause = words[max(words.rfind(mark, 0, at) for mark in "。；") + 1 : at].rstrip()
    if not clause or _OF_ITSELF.search(clause):
        return False
    _before, title, behind = clause.rpartition(_MASK)
    return clause[-1] not in _APART or (bool(title) and "，" in behind[-_NEAR_TITLE:])


def _between(titles: Sequence[QuotedTitle], start: int, end: int) -> list[QuotedTitle]:
    first = bisect_left(titles, start, key=lambda t: t.start)
    last = bisect_left(titles, end, key=lambda t: t.start)
    return list(titles[first:last])


def _title_at(titles: Sequence[QuotedTitle], at: int) -> str | None:
    n = bisect_left(titles, at, key=lambda t: t.start)
    return titles[n].title if n < len(titles) and titles[n].start == at else None


def _after(day: str, length: int, unit: str) -> str:
    if unit == "月":
        return months_later(day, length)
    return (dt.date.fromisoformat(day) + dt.timedelta(days=length)).isoformat()


def _end_of_term(day: str, months: int) -> str:
    """The last day of a term that begins on a day: three years from 2023-09-08 end with 2026-09-07."""
    return (dt.date.fromisoformat(months_later(day, months)) - dt.timedelta(days=1)).isoformat()


def _distinct(candidates: Sequence[Candidate[Effect]]) -> list[Candidate[Effect]]:
    seen: dict[tuple[str, str | None, str | None], Candidate[Effect]] = {}
    for c in candidates:
        seen.setdefault((c.fact.act, c.fact.target, c.fact.date), c)
    return list(seen.values())
