"""A written list of units to runs of names, each with its role.

市科委牵头，市经济信息化委配合                       市科委 leads, 市经济信息化委 helps
牵头单位：甲，责任单位：乙、丙；完成时限：6月底       甲 leads, 乙 and 丙 help; the time is left out
甲会同省有关部门单位负责                            甲 leads, 省有关部门单位 help
甲、乙（牵头）、丙                                  乙 leads, the others help
主办：甲，承办：乙，协办：丙                          甲 leads, 丙 helps; 乙 carries it out, which is neither
甲、乙等市直有关部门（单位）、各县政府按职责分工负责   a run before 等, a run behind it
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.facts.bodies import Bodies
from ingest.facts.body_pieces import piece_spans
from ingest.facts.duty import UNDERTAKES
from kg.core.model import Role
from kg.core.replacing import replace
from ontology.forms import Forms

_BESIDE = re.compile(r"[（(](?P<role>[\u4e00-\u9fff]{2,6})[)）]$")
_TIE = re.compile(r"^(?:和|及|以及|与|并|或|由|请|拟由|等)")
_PERSON = re.compile(r"[\u4e00-\u9fff]{2,4}")
_SAID = ("label", "person", UNDERTAKES)
_PHONE = re.compile(r"[\d\-—\s]{5,20}")


@dataclass(frozen=True, slots=True)
class Run:
    """Names that stand together, at `start` of the list's text. `how` is the form that gave the role."""

    text: str
    start: int
    role: Role | None
    how: str = ""
    person: bool = False  # behind 责任人: only bodies count


@dataclass(frozen=True, slots=True)
class UnitList:
    """A list as read: its runs, whether a label or a verb of duty stood in it, and how many pieces read as bodies."""

    runs: tuple[Run, ...]
    labelled: bool
    form_label: bool  # a label that only has the form of one
    verbs: bool
    bodies: int
    others: int
    first_is_body: bool

    @property
    def share(self) -> float:
        """The share of the pieces that read as bodies."""
        return self.bodies / max(1, self.bodies + self.others)


class UnitLists:
    """Reads lists of units; built once for the forms of a run."""

    def __init__(self, forms: Forms) -> None:
        self._unit = forms.pattern("label.unit")
        self._short = forms.pattern("label.short")
        self._form = forms.pattern("label.form")
        self._person = forms.pattern("label.person")
        self._time = forms.pattern("label.time")
        self._any = forms.pattern("label.any")
        self._etc = re.compile(forms.source("list.etc") + "(?P<rest>(?:和|及|以及|与)?[^等]{0,30})$")
        self._end = forms.pattern("duty.end")
        self._with = forms.pattern("duty.with_at")
        self._when = forms.pattern("list.when")
        self._other = re.compile(forms.source("label.other"))
        self._lead = re.compile(forms.source("label.lead"))
        self._co = re.compile(forms.source("label.co"))
        self._undertakes = forms.pattern("label.undertakes")
        self._undertaking = frozenset(forms.words("duty.undertakes"))
        self._lead_verbs = frozenset(forms.words("duty.lead"))
        self._co_verbs = frozenset(forms.words("duty.co"))
        self._all = forms.pattern("legend.all")
        self._starts = re.compile(r"^|(?<=[，,；;。、（(\n ])")

    def read(self, text: str, bodies: Bodies, *, role: Role | None = None) -> UnitList:
        """The list in `text`; `role` is that of names without a label or verb of their own."""
        if "均" in text:
            text = self._all.sub(lambda m: "。" * len(m[0]), text)  # said of all items, not of this one
        runs: list[Run] = []
        labelled = form_label = verbs = False
        good = bad = 0
        first: bool | None = None
        for how, own, a, b in self._segments(text):
            if how in ("time", "other"):
                continue
            labelled = labelled or how in _SAID
            form_label = form_label or how == "form"
            segment = list(self._runs(text, a, b, role if how == "none" else own, bodies))
            verbs = verbs or any(r.how in ("verb", UNDERTAKES) for r in segment)
            for run in segment:
                for piece_a, piece_b in piece_spans(run.text):
                    piece = run.text[piece_a:piece_b]
                    if bodies.is_generic(piece):
                        continue
                    is_body = bodies.is_body(piece)
                    good, bad = good + is_body, bad + (not is_body)
                    first = is_body if first is None else first
            runs += [replace(r, how=how if r.how == "" else r.how, person=how == "person") for r in segment]
        return UnitList(tuple(with_roles(runs)), labelled, form_label, verbs, good, bad, bool(first))

    def label_at(self, text: str, at: int, end: int | None = None) -> re.Match[str] | None:
        """A label of units that begins here."""
        stop = len(text) if end is None else end
        found = self._unit.match(text, at, stop) or self._short.match(text, at, stop)
        if found is None and (form := self._form.match(text, at, stop)) and not self._other.search(form["root"]):
            return form
        return found

    def role_of_label(self, label: str) -> Role | None:
        """牵头单位 leads, 配合单位 helps, 责任单位 does not say; 牵头、责任单位 leads."""
        if self._lead.search(label):
            return Role.LEAD
        return Role.CO if self._co.search(label) else None

    def is_when(self, piece: str) -> bool:
        """6月底前完成, 长期推进: a piece that says when."""
        return bool(self._when.fullmatch(piece))

    # -- labels ---------------------------------------------------------------------------------------------------

    def _segments(self, text: str) -> Iterator[tuple[str, Role | None, int, int]]:
        """(how, role, start, end) of the stretches that labels divide a list into."""
        marks: list[tuple[int, int, str, Role | None]] = []
        for found in self._starts.finditer(text):
            at = found.start()
            if marks and at < marks[-1][1]:
                continue
            if mark := self._label(text, at):
                marks.append(mark)
        if not marks or marks[0][0] > 0:
            yield "none", None, 0, marks[0][0] if marks else len(text)
        for i, (_, value, how, role) in enumerate(marks):
            yield how, role, value, marks[i + 1][0] if i + 1 < len(marks) else len(text)

    def _label(self, text: str, at: int) -> tuple[int, int, str, Role | None] | None:
        if found := self._time.match(text, at):
            return at, found.end(), "time", None
        if found := self._unit.match(text, at) or self._short.match(text, at):
            role = self.role_of_label(found["label"])
            how = UNDERTAKES if role is None and self._undertakes.match(found["label"]) else "label"
            return at, found.end(), how, role
        if found := self._person.match(text, at):
            return at, found.end(), "person", self.role_of_label(found["label"])
        if found := self._form.match(text, at):
            other = self._other.search(found["root"])
            return at, found.end(), "other" if other else "form", self.role_of_label(found["root"])
        if found := self._any.match(text, at):
            return at, found.end(), "other", None
        return None

    # -- verbs ----------------------------------------------------------------------------------------------------

    def _runs(self, text: str, a: int, b: int, role: Role | None, bodies: Bodies) -> Iterator[Run]:
        at = a
        for found in self._end.finditer(text, a, b):
            if found.start() <= at or _depth(text, a, found.start()):
                continue
            piece = text[max(text.rfind(c, at, found.start()) for c in "、，,；;") + 1 : found.end()].strip()
            if bodies.is_body(piece) and not bodies.is_body(piece.removesuffix(found[0])):
                continue  # 各政府质量奖获奖|组织、…: a part of the name
            verb = found["do"]
            mine = Role.LEAD if verb in self._lead_verbs else Role.CO if verb in self._co_verbs else role
            how = UNDERTAKES if verb in self._undertaking else "verb"
            yield from self._divided(text, at, found.start(), mine, how, bodies)
            at = found.end()
        yield from self._divided(text, at, b, role, "", bodies)

    def _divided(self, text: str, a: int, b: int, role: Role | None, how: str, bodies: Bodies) -> Iterator[Run]:
        """甲会同乙: two runs; 甲（牵头）: a run of its own; 等 and words that name nobody end a run."""
        parts = [m for m in self._with.finditer(text, a, b) if not _depth(text, a, m.start())]
        if parts:
            yield from self._named(text, a, parts[0].start(), Role.LEAD, "verb", bodies)
            for i, part in enumerate(parts):
                end = parts[i + 1].start() if i + 1 < len(parts) else b
                yield from self._named(text, part.end(), end, Role.CO, "verb", bodies)
            return
        yield from self._named(text, a, b, role, how, bodies)

    def _named(self, text: str, a: int, b: int, role: Role | None, how: str, bodies: Bodies) -> Iterator[Run]:
        begin: int | None = None
        end = a
        spans = [(a + p, a + q) for p, q in piece_spans(text[a:b])]
        phones = any(_PHONE.fullmatch(text[p:q]) for p, q in spans)
        for p, q in spans:
            # 和平区 begins with a tie, and is a place
            place = bodies.is_place(text[p:q])
            if tie := _TIE.match(text[p:q]) if q - p > 2 and not place else None:
                p += tie.end()  # noqa: PLW2901 - 和各设区市…: the tie is no part of the name
            piece = text[p:q]
            beside = _BESIDE.search(piece)
            own = self._role_word(beside["role"]) if beside else None
            if beside and own is not None:
                if begin is not None:
                    yield Run(text[begin:end], begin, role, how)
                    begin = None
                yield Run(piece[: beside.start()], p, own, "beside")
                continue
            etc = self._etc.search(piece)
            if etc or self._says_nothing(piece, bodies, phones):
                stop = p + etc.start() if etc else p
                if etc and stop > p:
                    begin, end = p if begin is None else begin, stop
                if begin is not None:
                    yield Run(text[begin:end], begin, role, how)
                begin = None
                if etc and (rest := _TIE.sub("", etc["rest"])) and not bodies.is_generic(rest):
                    begin, end = q - len(rest), q
                continue
            begin, end = p if begin is None else begin, q
        if begin is not None:
            yield Run(text[begin:end], begin, role, how)

    def _role_word(self, word: str) -> Role | None:
        if self._lead.match(word):
            return Role.LEAD
        return Role.CO if self._co.match(word) else None

    def _says_nothing(self, piece: str, bodies: Bodies, phones: bool) -> bool:
        if not piece or self._when.fullmatch(piece) or _PHONE.fullmatch(piece):
            return True
        return phones and bool(_PERSON.fullmatch(piece)) and not bodies.is_body(piece)


def with_roles(runs: list[Run]) -> Iterator[Run]:
    """Beside one that leads the others help; beside those that help the others lead."""
    leads = any(r.role is Role.LEAD for r in runs)
    helps = any(r.role is Role.CO for r in runs)
    for run in runs:
        if run.role is None and run.how != UNDERTAKES and (leads or helps):
            yield replace(run, role=Role.CO if leads else Role.LEAD)
        else:
            yield run


def _depth(text: str, a: int, at: int) -> bool:
    inside = text[a:at]
    return sum(inside.count(c) for c in "（(〈《") > sum(inside.count(c) for c in "）)〉》")
