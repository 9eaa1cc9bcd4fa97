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

_SEPARATOR = re.compile(r"[、，,；;/]+")
# One collective, though it holds separators
_KEEP = re.compile(
    r"(?:全国)?各?省[、，]自治区[、，]直辖市(?:人民政府|[^、，；]{0,20})|省（自治区、直辖市）|市、县（区）"
    r"|各(?:区|市|县|县级市|地|州|盟)(?:[、及和](?:各)?(?:区|市|县|旗)(?!委|政)|（[市区县旗、]{1,6}）)+[^、，；。]{0,20}"
    r"|各(?:区|县|市)?[（(][市区县州旗、]{1,6}[)）][^、，；。]{0,20}"
)
_KINDS = "责任|负责|牵头|主办|承办|主责|主管|实施|组织|协办|配合|参与|参加|支持|指导|协同|完成"
_LEAD_IN = re.compile(
    rf"^(?:(?:{_KINDS})(?:单位|部门|机构|科室)|(?:单位|部门))\s*(?:[：:]|为)\s*|^(?:牵头|主办|承办|责任|负责|配合|协办|参与)\s*[：:]\s*|^由(?=\S{{3}})"
)
_CO_LEAD_IN = re.compile(r"^(?:协办|配合|参与|参加|支持|协同)")
_LEAD_LEAD_IN = re.compile(r"^(?:牵头|主办|主责)")
_TRAIL = re.compile(
    r"(?:等?(?:有关|相关)?(?:部门|单位|机构|企业|地区|各方)?)?(?:等?按(?:照)?(?:各自)?(?:职责|职能)(?:分工)?)?(?:分别|分工)?(?:共同)?"
    r"(?P<role>牵头负责|牵头组织|牵头|负责落实|负责|主办|承办|协办|配合|参与|参加|协助|实施|落实|组织实施|具体实施|指导)$"
)
_JOINED = re.compile(r"(?<=[局委办部厅院会心司所府])会同(?=\S{2})")
_ROLE_BESIDE = re.compile(r"[（(](?P<role>牵头|主办|主责|配合|协办|参与|参加|协助|承办|负责)(?:单位|部门)?[)）]$")
# the time that stands behind the units: （市市场监管局、市委宣传部，9月上旬）
_WHEN = re.compile(
    r"(?:(?:完成|活动|实施)?(?:时间|时限)[：:])?(?:\d{4}年)?(?:\d{1,2}[—\-－至到~]?)?\d{1,2}月(?:份|\d{1,2}日)?(?:[上中下]旬|初|底|末)?(?:前|底前|前后|起|完成|至\S{1,10}|[—\-－~]\S{1,10})?"
    r"|(?:全年|长期|常年|持续|活动期间|“?质量月”?期间|\d{4}年(?:底|内|全年)?|年底)(?:推进|实施|开展|前|完成)?"
)
_ETC = re.compile(r"(?<=\S)等(?:\S{0,2}(?:部门|单位|机构|企业|成员单位|高校))?$")
_ROLES = {
    "牵头": Role.LEAD,
    "主办": Role.LEAD,
    "主责": Role.LEAD,
    "配合": Role.CO,
    "协办": Role.CO,
    "参与": Role.CO,
    "参加": Role.CO,
    "协助": Role.CO,
}
_SHORTEST_WITH_ROLE = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """One name as written, at `start` in the list's text."""

    text: str
    start: int
    role: Role | None


def list_to_pieces(text: str, role: Role | None = None) -> list[Piece]:
    """All names of a list; a role word at either end of a run of names colours the run."""
    out: list[Piece] = []
    at = 0
    for clause in re.split(r"(?<=[；;。])", text):
        out += _clause_to_pieces(clause, at, role)
        at += len(clause)
    return out


def _clause_to_pieces(clause: str, at: int, role: Role | None) -> list[Piece]:
    out: list[Piece] = []
    pending = 0  # where the run of names begins that a role word at its end would colour
    for raw, position in _separated(clause):
        name = raw.strip("。；;：: \u3000")
        start = at + position + (raw.find(name) if name else 0)
        if lead_in := _LEAD_IN.match(name):
            role = Role.CO if _CO_LEAD_IN.match(name) else Role.LEAD if _LEAD_LEAD_IN.match(name) else role
            name, start = name[lead_in.end() :], start + lead_in.end()
            pending = len(out)
        if joined := _JOINED.search(name):
            # 区市场监管局会同区农业农村委、区文旅局: who comes after helps the one before
            out.append(Piece(name[: joined.start()], start, role or Role.LEAD))
            role, name, start = Role.CO, name[joined.end() :], start + joined.end()
            pending = len(out)
        mine = role
        if beside := _ROLE_BESIDE.search(name):
            # 区市场监管局（牵头）、区经委: the word in brackets is of this one alone
            mine = _ROLES.get(beside["role"], role)
            name = name[: beside.start()]
        trail = _TRAIL.search(name) if len(name) >= _SHORTEST_WITH_ROLE else None
        # 甲指导，乙负责; but 甲指导 alone goes on with whom
        if trail and trail["role"] == "指导" and position + len(raw) == len(clause):
            trail = None
        if trail and trail.start() > 1:
            mine = next((r for word, r in _ROLES.items() if trail["role"].startswith(word)), role)
            name = name[: trail.start()]
            out[pending:] = [Piece(p.text, p.start, mine) for p in out[pending:]]
        name = _ETC.sub("", name)
        if name and not _WHEN.fullmatch(name):
            out.append(Piece(name, start, mine))
        if trail:
            pending = len(out)
    return out


def _separated(clause: str) -> Iterator[tuple[str, int]]:
    """The stretches between separators, with their positions."""
    kept = [k.span() for k in _KEEP.finditer(clause)]
    position = 0
    for separator in _SEPARATOR.finditer(clause):
        if any(a <= separator.start() < b for a, b in kept) or _inside_brackets(clause, separator.start()):
            continue
        yield clause[position : separator.start()], position
        position = separator.end()
    yield clause[position:], position


def _inside_brackets(clause: str, at: int) -> bool:
    before = clause[:at]
    return any(before.count(a) > before.count(b) for a, b in ("（）", "()", "“”", "《》"))


def blank_separated(piece: Piece) -> list[Piece]:
    """The names of a piece whose separator is a blank (signatures: 财政部 税务总局)."""
    return [Piece(m[0], piece.start + m.start(), piece.role) for m in re.finditer(r"\S+", piece.text)]
