"""A written list of units to its pieces, each with its place. Who leads and who helps is read by `ingest.facts`.

市科委牵头，市经济信息化委配合          two pieces
责任单位：区应 急 管理局、各街道办        the lead-in goes; blanks inside a name are kept for the resolver
（商务部、财政部等部门按职责分工负责）      等部门按职责分工负责 is no name
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ontology.forms import Forms

_SEPARATOR = re.compile(r"[、，,；;/]+")
_EDGES = "。；;：: \u3000\n·"
_SHORTEST_WITH_DUTY = 4
_PAIRS = (("（", "）"), ("(", ")"), ("〔", "〕"), ("“", "”"), ("《", "》"), ("〈", "〉"))


@dataclass(frozen=True, slots=True)
class Piece:
    """One name as written, at `start` in the list's text."""

    text: str
    start: int


class ListForms:
    """The forms of `lists.toml`, compiled."""

    def __init__(self, forms: Forms) -> None:
        self.lead_in = forms.quick("unitlist.leadin")
        self.trail = forms.quick("unitlist.trail")
        self.duty = forms.pattern("unitlist.duty")
        self.beside = forms.quick("unitlist.beside")
        self.when = forms.pattern("unitlist.when")
        self.etc = forms.quick("unitlist.etc")
        self.joined = forms.pattern("unitlist.joined")
        self.keep = forms.quick("unitlist.keep")
        self.sectors = forms.pattern("unitlist.sectors")
        self._duty_end = forms.pattern("unitlist.duty_end")
        self.tie = forms.pattern("unitlist.tie")

    def pieces(self, text: str) -> Iterator[Piece]:
        """All names of a list."""
        at = 0
        for clause in re.split(r"(?<=[；;。])", text):
            yield from self._clause(clause, at)
            at += len(clause)

    def _clause(self, clause: str, at: int) -> Iterator[Piece]:
        for raw, position in self._separated(clause):
            name = raw.strip(_EDGES)
            start = at + position + (raw.find(name) if name else 0)
            if lead_in := self.lead_in.match(name):
                name, start = name[lead_in.end() :], start + lead_in.end()
            while joined := self.joined.search(name):
                # 区市场监管局会同区农业农村委、区文旅局
                yield Piece(name[: joined.start()], start)
                name, start = name[joined.end() :], start + joined.end()
            if beside := self.beside.search(name):
                name = name[: beside.start()]  # 区市场监管局（牵头）、区经委
            if self.duty.fullmatch(name) or self.when.fullmatch(name):
                continue
            trail = self.trail.search(name) if len(name) >= _SHORTEST_WITH_DUTY else None
            # 甲指导，乙负责; but 甲指导 alone goes on with whom
            alone = trail is not None and trail["role"] == "指导" and position + len(raw) == len(clause)
            if trail and not alone and trail.start() > 1:
                name = self._kept_tail(name, trail)
            yield from self._with_group(name, start)

    def _kept_tail(self, name: str, trail: re.Match[str]) -> str:
        """市级有关部门按职责分工负责: the collective stays, the words of duty go."""
        body = name[: trail.start("role")]
        duty = self._duty_end.search(body)
        return body[: duty.start()] if duty else body

    def _with_group(self, name: str, start: int) -> Iterator[Piece]:
        """市城管局等市级有关部门: the bureau, and those of the city; 等部门 alone names nobody."""
        etc = self.etc.search(name)
        if etc is None:
            if name:
                yield Piece(name, start)
            return
        if etc.start():
            yield Piece(name[: etc.start()], start)
        group = etc["group"]
        if group and group[:1] in "省市区县各有相":
            yield Piece(group, start + etc.start("group"))

    def _separated(self, clause: str) -> Iterator[tuple[str, int]]:
        """The stretches between separators, with their positions."""
        kept = [k.span() for k in self.keep.finditer(clause)]
        position = 0
        for separator in _SEPARATOR.finditer(clause):
            if any(a <= separator.start() < b for a, b in kept) or _inside_brackets(clause, separator.start()):
                continue
            yield clause[position : separator.start()], position
            position = separator.end()
        yield clause[position:], position


def _inside_brackets(clause: str, at: int) -> bool:
    before = clause[max(0, at - 60) : at]
    return any(before.count(a) > before.count(b) for a, b in _PAIRS)


def blank_separated(piece: Piece) -> list[Piece]:
    """The names of a piece whose separator is a blank (signatures: 财政部 税务总局)."""
    return [Piece(m[0], piece.start + m.start()) for m in re.finditer(r"\S+", piece.text)]
