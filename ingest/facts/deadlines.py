"""Deadlines of tasks and of documents: by when, from when, within what, and what is handed in to whom.

The forms stand in `ontology/forms/deadlines.toml`; `limits` finds the times, here they get what they limit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.candidates import Candidate, Given
from ingest.facts.dates import DateReader
from ingest.facts.handing_in import HandingIn
from ingest.facts.limits import Limit, LimitReader
from ingest.facts.quotes import near
from ingest.sentences import Segmentation
from kg.core.model import Deadline, Due
from ontology.forms import Forms

_LONGEST_SUBJECT, _SHORTEST = 30, 4
_LAST_CLAUSE = re.compile("[，；。：:\t]")
_NO_SUBJECT = re.compile(
    "(?:应当?|须|要|请|并|将|可|在|于|定|到|至|力争|争取|确保|计划|预计|原则上|其中|同时|截至|最迟|的|自|从|拟|以及|和|、)+$"
)
_LONGEST = 80  # characters of what is to be done
_ITEM = re.compile(
    r"^\s*(?:[一二三四五六七八九十百]{1,4}[、.．]|[（(][一二三四五六七八九十\d]{1,4}[）)]、?|\d{1,3}\s?[.．、](?!\d)"
    r"|[①-⑳]|第[一二三四五六七八九十百\d]{1,6}[条章]|[一二三四五六七八九十]{1,2}是|[—\-*·●]{1,2}|#{1,6})\s*"
)
_FIELD_LINE = re.compile(r"^\s*[（(〔【]?[\u4e00-\u9fff]{2,10}[：:]")
_OPENING, _CLOSING = "（(〔【[", "）)〕】]"
_OPENING_ONLY = ("〔", "【", "[")
_FIRST_SENTENCE = re.compile(r"[。：:；\t]|(?<=.{4})[（(〔【]")
_LINES_OF_AN_ITEM = 12
_LONGEST_LINE = 2_000  # characters
_LONGEST_ITEM = 800
_EDGES = " ，、；：。,;:\u3000\n\t"
# of two kinds that speak of one task, the one that says more
_RANK = ("label", "before", "window", "until", "toward", "schedule", "recurring", "relative", "frequency", "effective")
_CLAUSE_END = re.compile("[，；]")
_SAYS_SOMETHING = 20  # characters
WEAK = frozenset(("condition", "bare-length", "uncounted", "regularly", "held"))
"""Features that speak against a deadline: 2018年4月30日前注册的…, 3年内未受处罚, 在规定时间内, 每月…, 活动时间：…."""

_OF_A_TASK = frozenset(_RANK) - {"effective", "relative", "frequency"}


class DeadlineProducer:
    """Deadlines of a text, and of one task from its words."""

    def __init__(self, forms: Forms) -> None:
        self._dates = DateReader(forms)
        self._limits = LimitReader(forms, self._dates)
        self._handing_in = HandingIn(forms)
        self._labelled = forms.pattern("deadline.labelled")
        labels = f"(?:{forms.source('deadline.label')}|{forms.source('deadline.window-label')})"
        self._only_label = re.compile(f"{labels}(?:为|是|从|至|到|截至|：|:){{0,2}}")
        self._open = forms.pattern("deadline.open")
        self._open_tail = forms.pattern("deadline.open-tail")
        self._force = forms.pattern("deadline.force")
        self._after_event = forms.quick("deadline.after-event")

    def read(self, given: Given) -> list[Candidate[Deadline]]:
        """The deadlines of a document; a day that only a page tells completes none."""
        return self.propose(given.text, year=given.year, date=given.day, segmentation=given.segmentation)

    def propose(
        self,
        text: str,
        *,
        year: int | None = None,
        date: str | None = None,
        segmentation: Segmentation | None = None,
        skip: Sequence[tuple[int, int]] = (),
    ) -> list[Candidate[Deadline]]:
        """All deadlines in reading order.

        `year` and the ISO `date` are the document's: they complete dates that name no year, and tell what lies ahead.
        A duty that recurs (每年1月31日前) or counts from an event (自印发之日起30日内) has no date of its own.
        """
        seg = segmentation or Segmentation(text)
        out: list[Candidate[Deadline]] = []
        sent: set[int] = set()
        for limit in self._limits.find(text, seg, year=year, date=date, skip=skip):
            sent.add(limit.sentence.start)
            out.append(self._candidate(text, seg, limit))
        out += self._after_events(text, seg, sent)
        return sorted(_distinct(out), key=lambda c: (c.start, c.end))

    def due_of(self, words: str, year: int | None, date: str | None) -> Due | None:
        """By when one task is to be done, from its words or from the cell of a column of times; None where not said.

        长期坚持 is a `Due` without a date where it is a label's value or the whole cell.
        """
        cell = words.strip(_EDGES + _OPENING + _CLOSING)
        whole = self._dates.whole(cell.removesuffix("前"), year=year, date=date)
        if whole is not None:
            return Due(whole.iso_end, cell)
        if self._open.fullmatch(cell):
            return Due(None, cell)
        labelled = list(self._labelled.finditer(words))
        if labelled:
            value = labelled[-1]["value"].strip(_EDGES)
            if self._open.fullmatch(value):
                return Due(None, value)
            days = [d.iso_end for d in self._dates.find(value, year=year, date=date)]
            return Due(max((d for d in days if d), default=None), value)
        limits = [x for x in self._limits.find(words, Segmentation(words), year=year, date=date) if _counts(x)]
        if limits:
            best = min(_RANK.index(x.rule) for x in limits)
            chosen = [x for x in limits if _RANK.index(x.rule) == best]
            last = max(chosen, key=lambda x: (x.date or "", x.start))
            return Due(last.date, words[last.start : last.stop].strip(_EDGES))
        tail = self._open_tail.search(words)
        return Due(None, tail["value"]) if tail else None

    # -- what is limited -----------------------------------------------------------------------------------------------

    def _candidate(self, text: str, seg: Segmentation, limit: Limit) -> Candidate[Deadline]:
        s = near(limit.sentence, limit.start, limit.stop)
        words = s.of(text)
        sent = (
            self._handing_in.read(
                words, limit.start - s.start, limit.end - s.start, near=limit.rule not in ("before", "recurring")
            )
            if limit.rule not in ("effective", "until") and self._handing_in.has(words)
            else None
        )
        what, to = sent or (self._what(text, limit), None)
        evidence = seg.evidence(s)
        as_written = text[limit.start : limit.stop].strip(_EDGES)
        features = limit.features | ({"handed-in"} if sent else frozenset())
        if not what:
            features |= {"nothing-said"}
        if limit.date is None and "article" in limit.features:
            features |= {"undated-article"}  # a rule's length of time, due for nobody on any day
        rule = f"deadline.{limit.rule}"
        fact = Deadline(what or as_written, limit.date, to, evidence, as_written, rule)
        return Candidate("deadline", fact, limit.start, limit.stop, rule, features)

    def _what(self, text: str, limit: Limit) -> str:
        s = near(limit.sentence, limit.start, limit.stop)
        before, after = text[s.start : limit.start], text[limit.stop : s.end]
        if limit.rule == "effective":
            # 本办法自2024年1月1日起施行 -> 本办法施行
            clause = re.split("[，；。]", before)[-1]
            head = _ITEM.sub("", clause.strip()).rstrip("自从于均将 ")
            verb = self._force.search(text, limit.end, limit.stop)
            rest = re.split("[。；]", after)[0].strip(_EDGES) if not verb else ""
            return _clip(head + (verb[0] if verb else rest))
        if limit.rule == "label" or _in_bracket(before):
            return self._item_above(text, limit)
        ahead = re.sub(r"^(?:完成|前完成)?[）)〕】]", "", after.strip())
        ahead = ahead.strip(_EDGES)
        first = ahead.split("；")[0]
        ahead = first if len(first) >= _SHORTEST else ahead
        if limit.rule == "until" or "labelled" in limit.features or len(ahead) < _SHORTEST:
            return (
                self._behind(before)
                or (_clip(ahead) if len(ahead) >= _SHORTEST else "")
                or self._item_above(text, limit)
            )
        subject = ""
        if limit.rule != "window" and before.strip():
            head = _ITEM.sub("", _LAST_CLAUSE.split(before)[-1]).strip(_EDGES)
            head = _NO_SUBJECT.sub("", head)
            subject = head if 2 <= len(head) <= _LONGEST_SUBJECT else ""
        return _clip(subject + ahead)

    def _behind(self, before: str) -> str:
        """What stands before the time: the last clause that says more than a label or 原则上."""
        for clause in reversed(_LAST_CLAUSE.split(before)):
            words = _NO_SUBJECT.sub("", _ITEM.sub("", clause).strip(_EDGES)).strip(_EDGES)
            if len(words) >= _SHORTEST and not self._only_label.fullmatch(words):
                return _clip(words)
        return ""

    def _item_above(self, text: str, limit: Limit) -> str:
        """The title of the item that a label or bracket belongs to.

        It is the first sentence of the numbered line above it, or, where nothing is numbered, of its own line; in a
        text that lost its lines what stands behind the bracket of the item before it.
        """
        end, plain = limit.start, ""
        if end - (text.rfind("\n", 0, end) + 1) > _LONGEST_LINE:
            begin = end - _LONGEST_ITEM
            since = max(begin, *(text.rfind(mark, begin, end) + 1 for mark in _CLOSING))
            words = text[since:end].lstrip(_EDGES)
            return _clip(_FIRST_SENTENCE.split(_ITEM.sub("", words), maxsplit=1)[0])
        for _ in range(_LINES_OF_AN_ITEM):
            start = text.rfind("\n", 0, end) + 1
            line = text[start:end]
            label = _ITEM.match(line)
            bare = line[label.end() :] if label else line
            if bare.strip() and not _FIELD_LINE.match(line) and line.lstrip()[:1] not in _OPENING_ONLY:
                first = _clip(_FIRST_SENTENCE.split(bare, maxsplit=1)[0])
                if label and len(first) > 1:
                    return first
                plain = plain or (first if len(first) > 1 else "")
            if start == 0:
                break
            end = start - 1
        return plain

    def _after_events(self, text: str, seg: Segmentation, taken: set[int]) -> list[Candidate[Deadline]]:
        """活动结束后及时总结，并将活动情况反馈至…: tied to an event, without a day."""
        out = []
        for m in self._after_event.finditer(text):
            s = near(seg.sentence_at(m.start(), m.end()), m.start(), m.end())
            words = s.of(text)
            if s.start in taken or not re.search("将|把", words):
                continue
            sent = self._handing_in.read(words, m.end() - s.start, m.end() - s.start)
            if sent is not None:
                fact = Deadline(sent[0], None, sent[1], seg.evidence(s), m[0], "deadline.after-event")
                out.append(Candidate("deadline", fact, m.start(), m.end(), fact.rule, frozenset(("handed-in",))))
        return out


PRODUCER = DeadlineProducer


def _counts(limit: Limit) -> bool:
    """Whether a limit in a task's words is the task's own time."""
    return (
        limit.rule in _OF_A_TASK
        and "condition" not in limit.features
        and not ("past" in limit.features and limit.rule in ("before", "toward"))
    )


def _in_bracket(before: str) -> bool:
    return any(before.count(a) > before.count(b) for a, b in zip(_OPENING, _CLOSING, strict=True))


def _clip(words: str) -> str:
    """The first clauses that say something; a very long one is cut."""
    words = words.strip(_EDGES)
    if len(words) <= _LONGEST:
        return words
    cut = _CLAUSE_END.search(words, _SAYS_SOMETHING, 2 * _LONGEST)
    return words[: cut.start() if cut else _LONGEST].strip(_EDGES)


def _distinct(candidates: list[Candidate[Deadline]]) -> list[Candidate[Deadline]]:
    seen: dict[tuple[str | None, int, str], Candidate[Deadline]] = {}
    for c in candidates:
        seen.setdefault((c.fact.date, c.fact.evidence.start, c.fact.what), c)
    return list(seen.values())
