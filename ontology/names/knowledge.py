"""What is known of bodies, and how a party is made of it: the ground that every reading stands on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kg.core.making import made_by_slots
from kg.core.model import Party
from kg.core.replacing import replace
from ontology.forms import Forms
from ontology.names.departments import DepartmentIndex, full_name
from ontology.names.grammar import Grammar
from ontology.names.groups import Groups
from ontology.names.lists import ListForms
from ontology.names.own import is_short_for
from ontology.places.index import PlaceIndex
from ontology.reference import AgencyRecord, DepartmentType, PlaceRecord, Reference

NATIONAL = ("中国", "全国", "中华", "世界", "国际", "国家")
TELLING = 7  # characters of a short form that is believed far from home
_CLOSED = ("政府", "法院", "检察院")  # bodies that have offices, and no bodies inside
_QUOTED = re.compile(r"“([^“”]{2,12})”")
_ATTRIBUTES = ("级", "直属", "辖区", "辖内", "市内", "省内", "区内", "两级", "性")  # 市级重点实验室, 辖区中小学
_BRANCHES = ("分局", "支队", "大队", "总队", "分行", "支行", "分公司", "办事处", "办公室", "中心", "分署", "站", "所")
_ENDS_A_NAME = frozenset("局委办厅会署")
_OF_A_TIER = frozenset("直级属管")  # 省委省直机关工委 is one body
# 区党工委管委会 are two, and so are 市河湖工作领导小组及市防汛指挥部
_TWO = re.compile("工委(?=管委会|管理委员会)|(?:领导小组|联席会议|指挥部)(?=[和及与暨])")
_DIGIT = re.compile(r"[0-9]")


@made_by_slots
@dataclass(frozen=True, slots=True)
class Reading:
    """One analysis: who is meant, and how sure."""

    score: float
    parties: tuple[Party, ...]


class Knowledge:
    """The reference data, looked up by name, and the forms of names."""

    def __init__(self, reference: Reference, forms: Forms) -> None:
        self.reference = reference
        self.forms = forms
        self.grammar = Grammar(forms)
        self.lists = ListForms(forms)
        self.places = PlaceIndex(reference)
        self.aliases: dict[str, list[AgencyRecord]] = {}
        for agency in reference.agencies:
            for name in {agency.name, *agency.aliases}:
                self.aliases.setdefault(name, []).append(agency)
        self.departments = DepartmentIndex(reference, self.grammar, self.aliases)
        self.groups = Groups(forms, self.places, self.departments)

    @staticmethod
    def unquoted(text: str) -> str:
        """A name without the marks around a quotation inside it: “两旧”专班."""
        return _QUOTED.sub(r"\1", text) if "“" in text else text

    def begins_with_tier(self, text: str, tiers: dict[str, PlaceRecord]) -> bool:
        """Whether a name begins with 市, 区 … as the word for a place, not as a part of 市场, 区域."""
        return text[:1] in tiers and not self.groups.tier_word.match(text)

    def is_local_tail(self, text: str) -> bool:
        """Whether a city may have a body of this name: 卫生健康委."""
        return not text.startswith(NATIONAL) and self.departments.after("", text) is not None

    def is_own_form(self, rest: str, department: DepartmentType) -> bool:
        """Whether a name that the document writes out differs from the list's full form: 科技工业和信息化局."""
        template = department.name_template
        short = is_short_for(rest, department.name) if template is None else rest in template or len(rest) < TELLING
        return not short and rest != department.name and self.grammar.is_name(rest)

    def is_placed_name(self, rest: str, tiers: Iterable[str] = ()) -> bool:
        """Whether what follows a place has a name's form: 大数据局, “两旧”专班, 住房建设和园林局.

        A group set up for a purpose may say it with a verb (推进政府职能转变协调小组); other names hold none, and what
        stands before 和 in them is no name by itself (市教育局和市科协 are two).
        """
        plain = self.unquoted(rest)
        if _DIGIT.search(plain) or plain.startswith(_ATTRIBUTES):
            return False  # 天府路1号区机关大院
        if self.grammar.is_purpose_group(plain):
            return not self.is_glued(plain, tiers)
        if not self.grammar.is_name(plain) or self.grammar.is_sort(plain, offices=False) or self.is_glued(plain, tiers):
            return False
        for tie in self.lists.tie.finditer(plain):
            left = plain[: tie.start()]
            if (
                self.grammar.ending_of(left)
                or self.grammar.zone_ends.search(left)
                or self.departments.after("", left) is not None
            ):
                return False
        return not self.grammar.is_loose(self.lists.tie.sub("", plain))

    def is_glued(self, rest: str, tiers: Iterable[str] = ()) -> bool:
        """Whether two names stand in one stretch without a separator: 发展和改革委员会中国人民银行, 教育局小学.

        `tiers` are the words for the context's places: 消防支队函告区社会事业局 holds 区 and a bureau.
        """
        for at, char in enumerate(rest[1:-2], start=1):
            if char not in tiers:
                continue
            beside = rest[at - 1] in _ENDS_A_NAME and rest[at + 1] not in _OF_A_TIER  # 管理委|市重大办
            if self.departments.after("", rest[at + 1 :]) is not None or (beside and self.grammar.is_name(rest[at:])):
                return True
        if _TWO.search(rest):
            return True
        for found in self.grammar.inner_ends.finditer(rest, 1, len(rest) - 1):
            tail = rest[found.end() :]
            if tail in self.aliases or tail in self.grammar.categories or tail.startswith(("中共", "共青团")):
                return True
            # 办公室, 七都分局, 缺陷产品管理中心 go on with a body; 中楼乡人民政府 begins another
            if self.grammar.is_name(tail) and found[0] in _CLOSED and not self.grammar.office.fullmatch(tail):
                return True
            match = self.places.at(tail)
            if match is not None and (match.whole or self._is_whole_body(tail[match.length :])):
                return True
        return False

    def agency_party(self, agency: AgencyRecord, text: str) -> Party:
        """A known body as a party."""
        return Party(
            agency.name, text, place=agency.place, category=agency.category, parent=agency.parent, rule="gazetteer"
        )

    def _is_whole_body(self, tail: str) -> bool:
        """武汉海关 behind a bureau is another body; 青浦分局 is a branch of it."""
        return tail in self.grammar.categories and tail not in _BRANCHES

    @staticmethod
    def party(name: str, text: str, place: PlaceRecord | None, category: str | None, rule: str) -> Party:
        """A party of a place."""
        home = place.qualified if place else None
        return Party(name, text, place=home, category=category, rule=rule)

    def department_of(self, tail: str, place: PlaceRecord, *, bare: bool = False) -> DepartmentType | None:
        """市场监管局, 市场监督管理局 or 市场监管部门 -> the department that a place has."""
        if tail.endswith("部门"):
            return self.departments.of_sector(tail, place)
        return self.departments.after("", tail, bare=bare)

    def department_party(self, department: DepartmentType, place: PlaceRecord, text: str, *, rule: str) -> Party:
        """A department of a place as a party; a body that the gazetteer lists under that name keeps its record."""
        name = full_name(department, place)
        if known := [a for a in self.aliases.get(name, ()) if a.place == place.qualified]:
            return replace(self.agency_party(known[0], text), rule=rule)
        return self.party(name, text, place, department.category, rule)
