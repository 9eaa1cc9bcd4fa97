"""A written list of units to its pieces, each with its place and its role.

市科委牵头，市经济信息化委配合          two pieces, roles lead and co
责任单位：区应 急 管理局、各街道办        the lead-in goes; blanks inside a name are kept for the resolver
（商务部、财政部等部门按职责分工负责）      等部门按职责分工负责 is no name
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.core.model import Role
from ontology.forms import Forms

_SEPARATOR = re.compile(r"[、，,；;/]+")
_EDGES = "。；;：: \u3000\n·"
_SHORTEST_WITH_ROLE = 4
_PAIRS = (("（", "）"), ("(", ")"), ("〔", "〕"), ("“", "”"), ("《", "》"), ("〈", "〉"))


@dataclass(frozen=True, slots=True)
class Piece:
    """One name as written, at `start` in the list's text."""

    text: str
    start: int
    role: Role | None


class ListForms:
    """The forms of `lists.toml`, compiled."""

    def __init__(self, forms: Forms) -> None:
        self.lead_in = forms.pattern("unitlist.leadin")
        self.trail = forms.pattern("unitlist.trail")
        self.duty = forms.pattern("unitlist.duty")
        self.beside = forms.pattern("unitlist.beside")
        self.when = forms.pattern("unitlist.when")
        self.etc = forms.pattern("unitlist.etc")
        self.joined = forms.pattern("unitlist.joined")
        self.keep = forms.pattern("unitlist.keep")
        self.sectors = forms.pattern("unitlist.sectors")
        self._duty_end = forms.pattern("unitlist.duty_end")
        self.tie = forms.pattern("unitlist.tie")
        self._roles = {row["word"]: Role(row["role"]) for row in forms.rows("unitlist.roles")}

    def role_of(self, words: str, otherwise: Role | None) -> Role | None:
        """The role that a label or a verb gives."""
        return next((role for word, role in self._roles.items() if words.startswith(word)), otherwise)

    def pieces(self, text: str, role: Role | None = None) -> list[Piece]:
        """All names of a list; a role word at either end of a run of names colours the run."""
        out: list[Piece] = []
        at = 0
        for clause in re.split(r"(?<=[；;。])", text):
            out += self._clause(clause, at, role)
            at += len(clause)
        return out

    def _clause(self, clause: str, at: int, role: Role | None) -> list[Piece]:
        out: list[Piece] = []
        given = role
        pending = 0  # where the run of names begins that a role word at its end would colour
        for raw, position in self._separated(clause):
            name = raw.strip(_EDGES)
            start = at + position + (raw.find(name) if name else 0)
            if lead_in := self.lead_in.match(name):
                label = lead_in["label"] or ""
                role = self.role_of(label, given)
                name, start = name[lead_in.end() :], start + lead_in.end()
                pending = len(out)
            while joined := self.joined.search(name):
                # 区市场监管局会同区农业农村委、区文旅局: who comes after helps the one before
                out.append(Piece(name[: joined.start()], start, role or Role.LEAD))
                role, name, start = Role.CO, name[joined.end() :], start + joined.end()
                pending = len(out)
            mine = role
            if beside := self.beside.search(name):
                # 区市场监管局（牵头）、区经委: the word in brackets is of this one alone
                mine = self.role_of(beside["role"], role)
                name = name[: beside.start()]
            if self.duty.fullmatch(name) or self.when.fullmatch(name):
                if name and (trailing := self.trail.search(name)) and (own := self.role_of(trailing["role"], None)):
                    out[pending:] = [Piece(p.text, p.start, own) for p in out[pending:]]
                    pending = len(out)
                continue
            trail = self.trail.search(name) if len(name) >= _SHORTEST_WITH_ROLE else None
            # 甲指导，乙负责; but 甲指导 alone goes on with whom
            if trail and trail["role"] == "指导" and position + len(raw) == len(clause):
                trail = None
            if trail and trail.start() > 1:
                mine = self.role_of(trail["role"], given)
                name = self._kept_tail(name, trail)
                out[pending:] = [Piece(p.text, p.start, mine) for p in out[pending:]]
                out += self._with_group(name, start, mine)
                role = given
                pending = len(out)
                continue
            out += self._with_group(name, start, mine)
        return out

    def _kept_tail(self, name: str, trail: re.Match[str]) -> str:
        """市级有关部门按职责分工负责: the collective stays, the words of duty go."""
        body = name[: trail.start("role")]
        duty = self._duty_end.search(body)
        return body[: duty.start()] if duty else body

    def _with_group(self, name: str, start: int, role: Role | None) -> Iterator[Piece]:
        """市城管局等市级有关部门: the bureau, and those of the city; 等部门 alone names nobody."""
        etc = self.etc.search(name)
        if etc is None:
            if name:
                yield Piece(name, start, role)
            return
        if etc.start():
            yield Piece(name[: etc.start()], start, role)
        group = etc["group"]
        if group and group[:1] in "省市区县各有相":
            yield Piece(group, start + etc.start("group"), role)

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
    return [Piece(m[0], piece.start + m.start(), piece.role) for m in re.finditer(r"\S+", piece.text)]
