"""By which rule a date is a limit, from the words beside it, and whether it can be one as time goes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ingest.facts.dates import DateMention, DateReader
from ontology.forms import Forms

_ENDS = re.compile("[。；，]")
_LINE = 200  # characters in which the end of a heading is looked for
_YEARLY = ("01-01", "12-31")
_WEAK_GOALS = ("于", "在", "通过", "用")
_RELATIVE = "今本当明次翌去上"  # 达到当年新增职工人数的…
_NOT_BEHIND_YEAR = tuple("的度）)，、")


@dataclass(frozen=True, slots=True)
class Kind:
    """The rule, where the words of the limit end, and what was seen; no rule at all is `NONE`: surely no limit."""

    rule: str
    stop: int
    features: frozenset[str] = frozenset()


NONE = Kind("", 0)


@dataclass(frozen=True, slots=True)
class Sight:
    """A date with the words before and behind it, in a document of a year and a day."""

    text: str
    date: DateMention
    left: str
    right: str
    line: int  # where its line begins
    year: int | None


class LimitKinds:
    """Tells the kind of a limit by the forms `deadline.*`."""

    def __init__(self, forms: Forms, dates: DateReader) -> None:
        self._dates = dates
        form = forms.pattern
        self._label = re.compile(
            f"{forms.source('deadline.label')}(?:为|是)?[ \u3000]?[：:][ \u3000]?(?:到|于|至|在)?$"
        )
        self._window_label, self._until = form("deadline.window-labelled"), form("deadline.until")
        self._before, self._within = form("deadline.before"), form("deadline.within")
        self._toward, self._as_of = form("deadline.toward"), form("deadline.as-of")
        self._in_force, self._from = form("deadline.in-force"), form("deadline.from")
        self._begun, self._past = form("deadline.begun"), form("deadline.past")
        self._opens, self._at = form("deadline.clause-opens"), form("deadline.at")
        self._not_a_goal, self._afterwards = form("deadline.not-a-goal"), form("deadline.afterwards")
        self._held, self._stage = form("deadline.held-label"), form("deadline.stage")
        self._law_note = form("deadline.law-note")
        self._possible: dict[str, Callable[[Sight, frozenset[str]], bool]] = {
            "window": self._can_be_window,
            "toward": self._can_be_goal,
            "until": self._can_be_end,
            "before": lambda _, features: "past" not in features,
            "effective": self._can_be_force,
            "schedule": self._can_be_scheduled,
        }

    def kind(self, sight: Sight) -> Kind:
        """The rule that the words beside a date speak for most; labels before marks, marks before its mere place."""
        for reader in (self._by_label, self._by_force, self._by_mark, self._by_goal, self._by_place):
            if (found := reader(sight)) is not None:
                return found
        return NONE

    def possible(self, rule: str, sight: Sight, features: frozenset[str]) -> bool:
        """Whether a date that has the form of a limit can be one: `features` tell how it lies to the document."""
        check = self._possible.get(rule)
        return check is None or check(sight, features)

    # -- by the words beside it ----------------------------------------------------------------------------------------

    def _stop(self, sight: Sight) -> int:
        mark = self._before.match(sight.right) or self._within.match(sight.right)
        return sight.date.end + (mark.end() if mark else self._dates.clock(sight.right))

    def _by_label(self, sight: Sight) -> Kind | None:
        if self._label.search(sight.left):
            return Kind("label", self._stop(sight))
        begun = self._begun.match(sight.right)
        if self._window_label.search(sight.left) and sight.date.precision != "recurring" and not begun:
            held = ("held",) if self._held.search(sight.left) else ()
            return Kind("window", self._stop(sight), frozenset(("labelled", *held)))
        if self._until.search(sight.left):
            return NONE if self._as_of.match(sight.right) else Kind("until", self._stop(sight))
        return None

    def _by_force(self, sight: Sight) -> Kind | None:
        """自…起施行, …起."""
        told = sight.date.iso_start is not None or sight.date.precision == "recurring"
        marked = self._from.search(sight.left) or sight.right.lstrip().startswith("起")
        if told and marked and (force := self._in_force.match(sight.right)):
            return Kind("effective", sight.date.end + force.end())
        if sight.date.iso_start is not None and (begun := self._begun.match(sight.right)):
            return Kind("effective", sight.date.end + begun.end(), frozenset(("begun",)))
        return None

    def _by_mark(self, sight: Sight) -> Kind | None:
        """每年5月底, …前, 8月11日至22日."""
        d = sight.date
        if d.precision == "recurring":
            return Kind("recurring", self._stop(sight))
        if self._before.match(sight.right):
            return Kind("before", self._stop(sight))
        if d.precision != "range":
            return None
        within = self._within.match(sight.right)
        whole_years = (d.iso_start or "")[5:] == _YEARLY[0] and (d.iso_end or "")[5:] == _YEARLY[1]
        if whole_years and not within:
            return NONE  # （2023—2025年）: the years of a plan
        if self._stage.search(sight.left):
            return Kind("window", self._stop(sight), frozenset(("labelled",)))
        if not sight.right.strip(" \u3000。；）)\n"):
            return NONE  # alone under a heading that is no label
        placed = within or self._opens.search(sight.left) or self._at.search(sight.left)
        return Kind("window", self._stop(sight)) if placed else NONE

    def _by_goal(self, sight: Sight) -> Kind | None:
        """到2025年, 力争年底."""
        if self._afterwards.match(sight.right):
            return NONE
        to = self._toward.search(sight.left)
        if to is None or to[0].strip() in _WEAK_GOALS:
            return None
        told = self._not_a_goal.match(sight.right) or self._as_of.match(sight.right)
        return NONE if told else Kind("toward", self._stop(sight))

    def _by_place(self, sight: Sight) -> Kind | None:
        """A date that opens a clause: 7月2日，区教育局公布录取情况; 2025年扩大到全部事项."""
        if self._within.match(sight.right):
            return Kind("before", self._stop(sight), frozenset(("within",)))
        opens = self._opens.search(sight.left)
        if not opens and not self._at.search(sight.left):
            return None
        if sight.date.precision != "year":
            return Kind("schedule", self._stop(sight))
        bare = opens and not sight.right.startswith(_NOT_BEHIND_YEAR)
        return Kind("toward", sight.date.end, frozenset(("bare-year",))) if bare else None

    # -- as time goes --------------------------------------------------------------------------------------------------

    def _can_be_window(self, sight: Sight, features: frozenset[str]) -> bool:
        if sight.date.implied and "labelled" not in features and self._past.match(sight.right):
            return False
        begun = (
            sight.date.iso_start is not None and sight.year is not None and int(sight.date.iso_start[:4]) < sight.year
        )
        return "past" not in features and ("labelled" in features or not begun)

    def _can_be_goal(self, sight: Sight, features: frozenset[str]) -> bool:
        """2023年是…之年 in a paper of 2023 names the year; 2025年扩大到… in it looks ahead."""
        d = sight.date
        if "past" in features or (d.precision == "year" and sight.text[d.start] in _RELATIVE):
            return False
        if "bare-year" not in features:
            return True
        rest = sight.text[d.end : d.end + _LINE].split("\n")[0]
        heading = not _ENDS.search(rest)  # 二、2025年重点任务
        return not heading and d.iso_end is not None and sight.year is not None and int(d.iso_end[:4]) > sight.year

    def _can_be_end(self, sight: Sight, features: frozenset[str]) -> bool:
        # 截至2022年6月底，… has been reached
        return "past" not in features and ("ahead" in features or not sight.left.endswith("截至"))

    def _can_be_force(self, sight: Sight, features: frozenset[str]) -> bool:
        if sight.text[sight.date.start] in _RELATIVE:
            return False  # 自办理登记当月起 counts from an event
        return not {"begun", "over"} <= features  # 2003年7月起…感觉到振动 tells what has been

    def _can_be_scheduled(self, sight: Sight, features: frozenset[str]) -> bool:
        text, d = sight.text, sight.date
        if not ({"ahead", "undated"} & features) and d.iso_end is not None:
            return False
        # a date alone on its line, or alone in brackets, is that of a paper
        alone = not text[sight.line : d.start].strip(" （(") and not sight.right.strip(" ）)印发\n")
        bracketed = text[d.start - 1 : d.start] in ("（", "(") and sight.right[:1] in tuple("）)")
        note = text[sight.line : sight.line + 1] in ("（", "(") and self.is_law_note(sight)
        told = "undated" in features or d.implied  # of a day of last year, told in January
        return not (alone or bracketed or note or (told and self._past.match(sight.right)))

    def is_law_note(self, sight: Sight) -> bool:
        """Whether the line begins as the notes below a law's title do."""
        return self._law_note.match(sight.text, sight.line) is not None
