"""Names in context, for the readers of duties: the one place of `ingest.facts` that asks the resolver."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ingest.facts.body_pieces import piece_spans, pieces_of
from kg.core.model import Party, PartyKind, Role
from kg.core.replacing import replace
from ontology.forms import Forms
from ontology.names import Context, Resolver, Sorts, text_to_parties

_LONGEST = 40
_LINE = 6  # characters that tell the line of a body: 市场监督管理
_LONGEST_LIST = 160
_LONGEST_UNTAILED = 14  # of a name without the tail of one: 中通快递
_OR = re.compile("或者|或")
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


@lru_cache(maxsize=2)
def _ends(forms: Forms) -> tuple[re.Pattern[str], ...]:
    """How bodies end, how they end by two characters and more, and where a name may end: the same for all documents."""
    long = "|".join(map(re.escape, (w for w in forms.words("body.tail") if len(w) > 1)))
    bracket = r"(?:[（(][^（）()]{1,12}[)）])?$"
    return (
        re.compile(forms.source("body.tail") + bracket),
        re.compile(f"(?:{long})" + bracket),
        re.compile(f"(?:{long}|[{''.join(sorted(_STRONG_ONE))}行])" + r"(?:[（(][^（）()]{1,14}[)）])?"),
    )


class Bodies:
    """Asks whether words name bodies, and which, in the context of one document."""

    def __init__(self, forms: Forms, resolver: Resolver, context: Context, *, rules: bool = False) -> None:
        """`rules`: the document states rules, whose addressees it charges; elsewhere they only apply for something."""
        self.resolver = resolver
        self._rules = rules
        self._applies = forms.pattern("body.applies")
        self.context = context
        self._tail, self._long_tail, self._name_end = _ends(forms)
        self._not = forms.pattern("body.not")
        self._group = forms.pattern("list.group")
        self._generic = forms.pattern("list.generic")
        self._everybody = forms.quick("list.everybody")
        self._described = forms.quick("list.described")
        self._persons = forms.pattern("list.persons")
        self._many = forms.pattern("list.many")
        self._trade = forms.pattern("sort.trade")
        self._act = forms.pattern("sort.act")
        self._loose = forms.pattern("name.loose")
        self._tiered = forms.pattern("list.tiered")
        self._parties = frozenset(forms.words("body.party"))
        self._level = forms.pattern("group.kind")
        self._verb = re.compile(f"(?:{forms.source('act.adverb')}){{0,2}}(?:{forms.source('act.verb')})")
        self._role = forms.pattern("body.role")
        self._sorts = Sorts(forms, resolver)
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
        forms = self._group.fullmatch(words) or self._tiered.fullmatch(words)
        told = forms or self.is_everybody(words) or self._is_told(words)
        if told or self._stands_for_many(words):
            rule = "written" if told else "sort"
            return Party(words, words, PartyKind.GROUP, role, rule=rule, confidence=0.6, start=start, end=end)
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
        begin = start + len(text) - len(text.lstrip())
        text = text.strip()
        if "或" in text:
            text = _OR.sub(lambda m: "、" * len(m[0]), text)  # 派出所或者受委托的机构
        if sorts := self._sorts.read(text, self.context, start=begin) or self._as_one(text, begin):
            return [replace(p, role=role) for p in sorts]
        etc = self._etc.search(text)
        text = text[: etc.start()] if etc else text
        pieces = pieces_of(text)
        if len(pieces) > 2 and len(bodies := [p for p in pieces if not self._persons.fullmatch(p)]) > 1:
            pieces = bodies  # 村民委员会、用人单位以及房屋出租人: the persons among them are no bodies
        if etc and len(pieces) > 1 and self.is_body(pieces[0]):
            # 市发展改革、教育、公安等部门: the last words say that all of them are bodies
            pieces = [p for p in pieces if self.is_body(p) or not _SECTOR.fullmatch(p)]
        if not pieces or not all(self.is_body(p) and not self._is_clause(p) for p in pieces):
            return []
        if not self._rules and any(map(self._applies.match, pieces)) and not self._beside_others(pieces):
            return []
        # 市教育局、公安、民政: one sure name carries those beside it
        if not any(map(self.is_sure, pieces)) or not all(self.is_sure(p) for p in pieces if len(pieces) == 1):
            return []
        parties = [
            replace(p, kind=PartyKind.GROUP) if p.rule == "written" and self._stands_for_many(p.as_written) else p
            for p in self.read(text, begin, role, named=True)
            if p.rule != "unit" or not self._is_told(p.as_written)  # 居住地派出所 is no office of the issuer
        ]
        unnamed = [
            self._written(text[a:b], begin + a, role)
            for a, b in self._tied_spans(text)
            if (self._is_told(text[a:b]) or self._stands_for_many(text[a:b]))
            and not any(begin + a <= p.start < begin + b for p in parties)
        ]
        return sorted([*parties, *unnamed], key=lambda p: p.start)

    def _as_one(self, text: str, start: int) -> list[Party]:
        """从事采供血、检验等活动的单位; 市、县、区人民政府, where not each of them is known: one collective."""
        if "、" not in text:
            return []
        if tiered := self._tiered.fullmatch(text):
            known = tiered["line"] is None or tiered["line"] in self.resolver.departments.sectors
            named = self.read(text, start, None, named=True) if known else []
            return named if len(named) > text.count("、") else [self._written(text, start, None)]
        return [self._written(text, start, None)] if self.is_described(text) else []

    def _tied_spans(self, text: str) -> Iterator[tuple[int, int]]:
        """The pieces of a list; 采购人和采购代理机构 are two, as each is a sort by itself."""
        for a, b in piece_spans(text):
            for tie in _TIE.finditer(text, a, b):
                sides = (a, tie.start()), (tie.end(), b)
                if all(self._is_told(text[slice(*s)]) or self._stands_for_many(text[slice(*s)]) for s in sides):
                    yield from sides
                    break
            else:
                yield a, b

    def ends_as_body(self, text: str) -> bool:
        """Whether the last piece of a list reads as a body, or all of it tells what bodies do."""
        spans = piece_spans(text)
        if not spans or spans[-1][1] < len(text):
            return False
        last = text[spans[-1][0] :]
        if self.reads_as_body(last) or ("的" in text and self.is_described(text)):
            return True
        if "或" in last and (tie := _OR.search(last)):  # 派出所或者受委托的机构
            return self.ends_as_body(last[: tie.start()]) and self.ends_as_body(last[tie.end() :])
        return len(spans) > 2 and self._persons.fullmatch(self._etc.sub("", last)) is not None

    def is_described(self, text: str) -> bool:
        """Whether words tell bodies by what they do, 、 and all: 从事采供血、检验等活动的单位."""
        return self._described.fullmatch(text.strip()) is not None

    def _stands_for_many(self, piece: str) -> bool:
        """相关电力企业, 地方各级财政, 用证单位: bodies that no list holds, and that have no place."""
        if not (self._group.fullmatch(piece) or self._role.search(piece)):
            return False
        sort = self._many.fullmatch(piece)
        return sort is not None and not (sort["what"] and self._no_trade(sort["what"]))

    @staticmethod
    def is_mere_sort(party: Party) -> bool:
        """涉税服务机构: a sort that neither 各 nor 有关 addresses: that it acts charges nobody."""
        return party.rule == "sort"

    def _no_trade(self, what: str) -> bool:
        """督促 in 督促企业: an act, where 施工 in 施工企业 is a trade."""
        if self._trade.fullmatch(what):
            return False
        return bool(self._loose.search(what) or self._act.search(what) or self._verb.match(what))

    def _beside_others(self, pieces: list[str]) -> bool:
        """社区居民委员会、用人单位: beside a body that applies for nothing it is charged as that one is."""
        return any(not self._applies.match(p) for p in pieces)

    def _is_clause(self, piece: str) -> bool:
        """Whether a piece begins with an act, and is no name that is known to; 开发区教育局 begins with no 开发."""
        acts = (self._verb.match(piece) or self._act.match(piece)) and self._level.match(piece) is None
        return bool(acts) and not self.is_known(piece) and not self._is_told(piece)

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
