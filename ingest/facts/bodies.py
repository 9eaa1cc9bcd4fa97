"""Names in context, for the readers of duties: the one place of `ingest.facts` that asks the resolver."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.core.model import Party, PartyKind, Role
from ontology.forms import Forms
from ontology.names import Context, Resolver, text_to_parties

_LONGEST = 40
_LINE = 6  # characters that tell the line of a body: 市场监督管理
_LONGEST_LIST = 160
_LONGEST_UNTAILED = 14  # of a name without the tail of one: 中通快递
_TIE = re.compile(r"以及|[和与及]")
_AFTER_ETC = r"(?:\S{0,6}(?:部门|单位|机构|企业)(?:[（(](?:部门|单位)[)）])?)?$"
_ALSO = re.compile(
    r"[（(](?!以下|简称|下称|含|包括)[^（）()]{1,14}[)）]$"
)  # 市发展改革委（市粮食和物资储备局）: the name on its other plate
_OF = re.compile(r"[^，。；]{0,4}的")  # 由市教育局牵头的机制
_SECTOR = re.compile(r"[\u4e00-\u9fff]{2,8}")
_NAME = re.compile(r"[\u4e00-\u9fffA-Za-z]{3,12}")
_OFFICES = frozenset("处科室股")
_STRONG_ONE = frozenset("局委办厅署院处司")
_SURE_RULES = frozenset(("gazetteer", "tier", "place", "own"))
_JOINT = frozenset(("议事协调机构", "领导小组", "领导小组办公室"))
_NAMED_RULES = _SURE_RULES | {"zone", "deictic", "unit", "form"}


class Bodies:
    """Asks whether words name bodies, and which, in the context of one document."""

    def __init__(self, forms: Forms, resolver: Resolver, context: Context) -> None:
        self.resolver = resolver
        self.context = context
        self._tail = re.compile(forms.source("body.tail") + r"(?:[（(][^（）()]{1,12}[)）])?$")
        long = "|".join(map(re.escape, (w for w in forms.words("body.tail") if len(w) > 1)))
        self._long_tail = re.compile(f"(?:{long})" + r"(?:[（(][^（）()]{1,12}[)）])?$")
        self._name_end = re.compile(
            f"(?:{long}|[{''.join(sorted(_STRONG_ONE))}行])" + r"(?:[（(][^（）()]{1,14}[)）])?"
        )
        self._not = forms.pattern("body.not")
        self._group = forms.pattern("list.group")
        self._generic = forms.pattern("list.generic")
        self._everybody = forms.pattern("list.everybody")
        self._described = forms.pattern("list.described")
        self._parties = frozenset(forms.words("body.party"))
        self._level = forms.pattern("group.kind")
        self._verb = re.compile(f"(?:{forms.source('act.adverb')}){{0,2}}(?:{forms.source('act.verb')})")
        self._role = forms.pattern("body.role")
        self._etc = re.compile(f"{forms.source('list.etc')}{_AFTER_ETC}|{forms.source('list.and_its')}")
        self._known: dict[str, bool] = {}

    def read(self, text: str, start: int, role: Role | None, *, named: bool) -> list[Party]:
        """The bodies of a list that stands at `start`; `named` says that the list is known to hold nothing else."""
        parties, unresolved = text_to_parties(text, self.resolver, self.context, start=start, named=named)
        if unresolved and not named and (len(unresolved) >= len(parties) or not all(map(self.is_body, unresolved))):
            return []
        if unresolved and not named:
            # most of a list are bodies: the rest are too, whatever their names
            parties = text_to_parties(text, self.resolver, self.context, start=start, named=True)[0]
        return [replace(p, role=role) for p in parties] if role is not None else parties

    def groups(self, text: str, start: int, role: Role | None = None) -> list[Party]:
        """各有关单位, 各地各部门 in a list or a subject that is told to do something."""
        return [self._written(text[a:b], start + a, role) for a, b in piece_spans(text) if self.is_everybody(text[a:b])]

    def unnamed(self, text: str, start: int, role: Role | None, named: list[Party], *, all_told: bool) -> list[Party]:
        """The bodies of a list that the resolver has no name for: 登记指导处负责, 责任单位：…、各有关单位.

        `named` are those that it has; `all_told` says that everybody counts.
        """
        return [
            self._written(text[a:b], start + a, role)
            for a, b in piece_spans(text)
            if not any(p.start < start + b and start + a < p.end for p in named)
            and (self.is_sure(text[a:b]) or (all_told and self._may_be_told(text[a:b])))
        ]

    def _may_be_told(self, piece: str) -> bool:
        """Whether a piece behind a label may be a body: 中通快递, 各有关单位."""
        plain = _NAME.fullmatch(piece) and not self._not.search(piece) and not self._generic.fullmatch(piece)
        return bool(plain) or self.is_everybody(piece)

    def _written(self, words: str, start: int, role: Role | None) -> Party:
        """A body under the words that the text has for it; an office of the one body that issued the document."""
        issuer, end = self.context.issuer, start + len(words)
        if self.is_everybody(words) or self._is_told(words) or self._group.fullmatch(words):
            return Party(words, words, PartyKind.GROUP, role, rule="written", confidence=0.6, start=start, end=end)
        owner = issuer if issuer is not None and words[-1] in _OFFICES else None
        return Party(
            (owner.name if owner else "") + words, words, PartyKind.AGENCY, role,
            place=owner.place if owner else None, category="内设机构" if owner else None,
            parent=owner.name if owner else None, rule="written", confidence=0.5, start=start, end=end,
        )  # fmt: skip

    def is_everybody(self, piece: str) -> bool:
        """各有关单位, 各地各部门: told to do something where an order is given, nobody elsewhere."""
        return bool(self._everybody.fullmatch(piece.strip()))

    def _is_told(self, piece: str) -> bool:
        # 以下简称承储企业; 以下简称招生平台 is a thing, not a body
        declared = piece in self.context.own.declared and bool(self._role.search(piece)) and piece[-2:] != "平台"
        return declared or piece in self._parties or bool(self._described.fullmatch(piece))

    def whole(self, text: str, start: int, role: Role | None = None) -> list[Party]:
        """All of `text` as bodies, each of them surely one; nothing otherwise."""
        etc = self._etc.search(text)
        text = text[: etc.start()] if etc else text
        pieces = pieces_of(text)
        if etc and len(pieces) > 1 and self.is_body(pieces[0]):
            # 市发展改革、教育、公安等部门: the last words say that all of them are bodies
            pieces = [p for p in pieces if self.is_body(p) or not _SECTOR.fullmatch(p)]
        if not pieces or not all(self.is_body(p) and not self._is_clause(p) for p in pieces):
            return []
        # 市教育局、公安、民政: one sure name carries those beside it
        if not any(map(self.is_sure, pieces)) or not all(self.is_sure(p) for p in pieces if len(pieces) == 1):
            return []
        parties = self.read(text, start, role, named=True)
        unnamed = [
            self._written(text[a:b], start + a, role)
            for a, b in piece_spans(text)
            if self._is_told(text[a:b]) and not any(start + a <= p.start < start + b for p in parties)
        ]
        return sorted([*parties, *unnamed], key=lambda p: p.start)

    def _is_clause(self, piece: str) -> bool:
        """Whether a piece begins with an act, and is no name that is known to; 开发区教育局 begins with no 开发."""
        acts = self._verb.match(piece) is not None and self._level.match(piece) is None
        return acts and not self.is_known(piece) and not self._is_told(piece)

    def is_body(self, piece: str) -> bool:
        """Whether a piece reads as the name of a body, of a group of bodies, or is a known one."""
        piece = piece.strip()
        if piece not in self._known:
            self._known[piece] = self._is_body(piece)
        return self._known[piece]

    def is_sure(self, piece: str) -> bool:
        """Whether a piece alone, without a list around it, is surely a body."""
        piece = piece.strip()
        if not self.is_body(piece):
            return False
        if self._group.fullmatch(piece) or self._is_told(piece):
            return True
        for tie in _TIE.finditer(piece):  # 团市委和市妇联
            left, right = piece[: tie.start()], piece[tie.end() :]
            if self.is_body(left) and self.is_body(right) and (self.is_known(left) or self.is_known(right)):
                return True
        plain = _ALSO.sub("", piece)
        if self._long_tail.search(piece) or plain[-1:] in _STRONG_ONE:
            return len(plain) > 2 or self.is_known(piece)
        return self.is_known(piece)

    def is_named(self, text: str) -> bool:
        """Whether a list names bodies, not roles: 市教育局, 各港口企业, but not 初核机构 or 科技领军企业."""
        return all(self._group.fullmatch(p) or self.is_known(p) or not self._role.search(p) for p in pieces_of(text))

    def is_one(self, party: Party) -> bool:
        """Whether a body is named, or those of each district are: 市财政局, 各区人民政府; not 行政主管部门, 实验室."""
        rule, grammar = party.rule.rsplit("/", 1)[-1].split("+")[0], self.resolver.grammar
        # 联席会议, said to be short for 某市某某联席会议; not 重点实验室 for 本市重点实验室
        name = party.name if rule == "own" and party.category in _JOINT else party.as_written
        if party.kind is PartyKind.AGENCY and rule in _NAMED_RULES:
            return not (self._role.search(name) or grammar.is_sort(name) or grammar.verbal.search(name))
        return name.startswith("各") and rule == "division"

    def is_own_line(self, party: Party) -> bool:
        """市场监督管理部门 in what a 市场监督管理局 issues."""
        issuer, stem = self.context.issuer, party.as_written.removesuffix("部门")
        if issuer is None or stem == party.as_written:
            return False
        return stem in issuer.name or (len(stem) > _LINE and stem[-_LINE:] in issuer.name)  # 上级市场监督管理部门

    def first_of(self, text: str, start: int, role: Role | None = None) -> list[Party]:
        """The known bodies that `text` begins with, whatever verb follows: 市财政局|据实核销."""
        ends = [m.end() for m in self._name_end.finditer(text, 0, _LONGEST_LIST) if not _OF.match(text, m.end())]
        for end in ends:
            found = self.resolver.resolve(text[:end], self.context) if "、" in text[:end] else ()
            if [p.rule for p in found] == ["division"]:
                return self.read(text[:end], start, role, named=True)  # 市、县（市、区）人民政府|依次…
        for end in reversed(ends):
            pieces = pieces_of(text[:end])
            if pieces and all(self.is_known(_ALSO.sub("", p)) for p in pieces):
                return self.whole(text[:end], start, role)
        return []

    def is_known(self, piece: str) -> bool:
        """Whether the resolver knows the name by more than its form."""
        found = self.resolver.resolve(piece, self.context)
        return bool(found) and (
            found[0].rule.split("+")[0] in _SURE_RULES
            or found[0].kind is PartyKind.PLACE
            or found[0].confidence >= 0.95
        )

    def is_place(self, piece: str) -> bool:
        """Whether a piece begins with a place by its whole name."""
        match = self.resolver.places.at(piece, self.context.place)
        return match is not None and match.whole

    def is_generic(self, piece: str) -> bool:
        """有关部门: nobody who could be asked."""
        return bool(self._generic.fullmatch(piece.strip()))

    def reads_as_body(self, piece: str) -> bool:
        """Whether a piece has the form of a name; the resolver is not asked."""
        if self._is_told(piece):
            return True
        if not 1 < len(piece) <= _LONGEST or not (self._tail.search(piece) or piece[0] == "各"):
            return False
        if self._generic.fullmatch(piece) or self._not.search(piece):
            return False
        return bool(self._tail.search(piece) or self._group.fullmatch(piece))

    def _is_body(self, piece: str) -> bool:
        if self.reads_as_body(piece):
            return True
        plausible = 1 < len(piece) <= _LONGEST_UNTAILED and not self._not.search(piece)
        return plausible and not self._generic.fullmatch(piece) and self.is_known(piece)


_OPEN, _CLOSE = "（(〈<《“〔【", "）)〉>》”〕】"


def pieces_of(text: str) -> list[str]:
    """The pieces between separators outside brackets."""
    return [text[a:b] for a, b in piece_spans(text)]


def piece_spans(text: str) -> list[tuple[int, int]]:
    """The same as half-open stretches, blanks at the edges left out."""
    out: list[tuple[int, int]] = []
    depth = begin = 0
    for i, char in enumerate(text):
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)
        elif char in "、，,；;/\n\t " and depth == 0:
            _put(out, text, begin, i)
            begin = i + 1
    _put(out, text, begin, len(text))
    return out


def _put(out: list[tuple[int, int]], text: str, a: int, b: int) -> None:
    while a < b and text[a] in " \u3000\n。：:":
        a += 1
    while b > a and text[b - 1] in " \u3000\n。：:":
        b -= 1
    if b > a:
        out.append((a, b))
