"""What a name looks like, whoever it names: endings, words that no name holds, offices inside a body."""

from __future__ import annotations

import re
from functools import lru_cache

from ontology.forms import Forms

_CAMPUS = re.compile(r"[（(][^（）()]{1,8}[)）]$")  # 哈尔滨工业大学（深圳）
_INSIDE = re.compile(r"[（(][^（）()]{1,10}[)）]")
_OFFICES = frozenset(("政府部门", "党委部门", "政府", "司法机关", "内设机构", "领导小组", "协会", "学会"))
LONGEST_NAME = 40
_SHORTEST_NAME = 3


class Grammar:
    """The forms of `names.toml`, compiled once for each set of forms."""

    def __init__(self, forms: Forms) -> None:
        rows = forms.rows("name.endings")
        self.categories: dict[str, str] = {str(row["ending"]): str(row["category"]) for row in rows}
        self.strong = frozenset(row["ending"] for row in rows if row.get("strong"))
        self._longest = max(map(len, self.categories))
        self._last = frozenset(ending[-1] for ending in self.categories)
        self.ends = forms.pattern("name.endings")
        self.inner_ends = forms.compile(
            "委员会|党工委|办公[室厅]|[局厅]|政府|法院|检察院|公司|银行|大学|集团|中心|总队|支队"
        )
        self.expansions = tuple(
            (str(row["short"]), str(row["long"]))
            for row in sorted(forms.rows("name.expansions"), key=lambda row: -len(row["short"]))
        )
        self.usual_endings: dict[str, str] = {row["sector"]: row["ending"] for row in forms.rows("name.usual")}
        self.levels = {row["short"]: dict(row) for row in forms.rows("name.levels")}
        self.clause = forms.pattern("name.clause")
        self.loose = forms.pattern("name.loose")
        self.outposts = frozenset(forms.words("name.outpost"))
        self.verbal = forms.quick("name.verbal")
        self.sorts = forms.pattern("name.sorts")
        self.venue = forms.quick("name.venue")
        self.office = forms.pattern("name.office")
        self.office_alone = forms.quick("name.office.short")
        self.office_ends = frozenset("".join(forms.words("name.office.last")))
        zones = forms.rows("name.zones")
        self.zones: dict[str, str] = {row["short"]: row["long"] for row in zones}
        self.zone_ends = forms.compile(
            "(?P<zone>" + "|".join(sorted(map(re.escape, self.zones), key=len, reverse=True)) + ")"
            "(?P<office>管委会|管理委员会)?$"
        )
        self.purpose = forms.pattern("name.purpose")
        self.of_name = lru_cache(maxsize=4096)(self._of_name)

    def ending_of(self, name: str) -> str | None:
        """The longest known ending of a name."""
        if name[-1:] not in self._last:
            return None
        for length in range(min(self._longest, len(name)), 0, -1):
            if (tail := name[-length:]) in self.categories:
                return tail
        return None

    def category_of(self, name: str) -> str | None:
        """What kind of body a name's ending tells of."""
        ending = self.ending_of(name)
        return self.categories[ending] if ending else None

    def expand(self, tail: str) -> str:
        """A name's common abbreviations written out: 公共资源交易监管局 -> 公共资源交易监督管理局."""
        for short, long in self.expansions:
            if tail.endswith(short) and not tail.endswith(long) and len(tail) > len(short):
                return tail.removesuffix(short) + long
        return tail

    def is_name(self, text: str) -> bool:
        """Whether a text could be one body's name: it ends like one and holds no clause."""
        return self.of_name(text)

    def _of_name(self, text: str) -> bool:
        bare = _CAMPUS.sub("", text)
        ending = self.ending_of(bare)
        if ending is None or self.verbal.search(bare) or not _SHORTEST_NAME <= len(bare) <= LONGEST_NAME:
            return False
        stem = _INSIDE.sub("", bare[: -len(ending)])
        return bool(stem) and not self.clause.search(stem)

    def is_purpose_group(self, text: str) -> bool:
        """Whether a text names a group by its purpose, verbs and all: 推进政府职能转变协调小组办公室."""
        return bool(self.purpose.fullmatch(text))

    def is_clause(self, text: str) -> bool:
        """Whether a text holds stops or words that tie clauses together."""
        return bool(self.clause.search(text))

    def is_loose(self, text: str) -> bool:
        """Whether a name-like text holds words of a clause, or counts bodies (20多个行业协会)."""
        return bool(self.loose.search(text))

    def is_sort(self, text: str, *, offices: bool = True) -> bool:
        """Whether a text names a sort of body, not one: 行业协会, 辖内银行, 国家重点实验室.

        `offices` says whether offices of the state count too; behind a place 地方金融工作局 is one body.
        """
        ending = self.ending_of(text)
        if ending is None or (not offices and self.categories[ending] in _OFFICES):
            return False
        return bool(self.sorts.fullmatch(text[: -len(ending)]))

    def is_plain_name(self, text: str) -> bool:
        """Whether a text where units stand has a name's form: an ending of two characters or more, no clause."""
        ending = self.ending_of(text)
        return ending is not None and len(ending) > 1 and self.is_name(text) and not self.is_loose(text)

    def is_strong_name(self, text: str) -> bool:
        """Whether a text is a name by itself, without a known place before it (瑞金医院)."""
        return (
            self.is_name(text)
            and self.ending_of(text) in self.strong
            and not text[0].isdigit()
            and not self.is_sort(text)
            and not self.is_loose(text)
        )
