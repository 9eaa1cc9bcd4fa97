"""Collectives: 各区市场监管局, 各街镇, 各区、县（市）应急局, 本市各级市场监管部门, 相关企业."""

from __future__ import annotations

import re

# What may follow 各 and is part of an administrative place, so that the collective carries its place.
_DIVISIONS = (
    "区县（市）",
    "镇街道",
    "镇街",
    "街道办事处",
    "乡镇（街道）",
    "镇（街道）",
    "区县",
    "县市区",
    "市区县",
    "县区",
    "县市",
    "市州",
    "乡镇街道",
    "街乡镇",
    "街乡",
    "乡镇（街）",
    "区",
    "县",
    "街镇",
    "街道",
    "镇",
    "乡镇",
    "乡",
    "市",
    "省",
    "地市",
    "州市",
    "盟",
    "州",
    "旗县",
    "地区",
    "村居",
    "社区",
    "园区",
    "开发区",
)
_DIVISION = re.compile(rf"各(?:级|有关|相关)?({'|'.join(_DIVISIONS)})(?![场民容域级])(?P<rest>.*)$")
_SCOPE = re.compile(r"^(?:本|全|我)(?P<tier>[省市区县])")
_BODIES = (
    "单位|部门|企业|机构|组织|团体|院校|高校|学校|协会|学会|商会|地方|地区|公署|街镇|街道|镇|乡|村|区|县|市|省|局|委|办|厅|所|院|中心|集团|公司|银行|小组|办公室|"
    "党委|党组|工会|平台|园区|商圈|社区|支队|大队|成员|政府|委员会|媒体|医院|商家|门店|会员|防指|指挥部|专班"
)
_GENERAL = re.compile(
    rf"^(?:各|有关|相关|其他|其它|全体)\S{{0,20}}(?:{_BODIES})$|^\S{{0,20}}(?:各|有关|相关|全体)\S{{0,12}}(?:{_BODIES})$"
    r"|^\S{0,20}(?:成员单位|主管部门|监管部门|行政部门|获奖组织|获奖单位|试点单位|会员单位|直属单位)$"
)
_REST = re.compile(rf"^(?:\S{{0,20}}(?:{_BODIES}))?$")
_STOPS = re.compile(r"[，。；：！？\s]")


def is_group(text: str) -> bool:
    """Whether a text names bodies together without listing them."""
    return (
        1 < len(text) <= 30 and not _STOPS.search(text) and (bool(_GENERAL.match(text)) or division(text) is not None)
    )


# 各区、县（市）应急局, 各县（市、区）人民政府: several kinds of division under one 各
_DIVISIONS_MIXED = re.compile(
    r"^各(?:(?:县级市|区|县|市(?![场民级容政])|州|盟|旗|地)|[、及和]|各|[（(][市区县州旗、]{1,6}[)）]){2,}(?P<rest>.*)$"
)


def mixed_divisions(text: str) -> str | None:
    """What follows the divisions in 各区、县（市）应急局 (应急局, or nothing); None for another form."""
    found = _DIVISIONS_MIXED.match(text)
    return found["rest"] if found and _REST.match(found["rest"]) else None


def scope_tier(text: str) -> tuple[str, str] | None:
    """(市, 各级市场监管部门) for 本市各级市场监管部门."""
    found = _SCOPE.match(text)
    return (found["tier"], text[found.end() :]) if found else None


def division(text: str) -> tuple[str, str, str] | None:
    """(what stands before 各, the division, the rest): ('', 区, 市场监管局) for 各区市场监管局; None for 各有关单位."""
    found = _DIVISION.search(text)
    if not found:
        return None
    rest = re.sub(r"^[（(][^（）()]{1,8}[)）]", "", found["rest"])  # 各街镇（园区）
    return (text[: found.start()], found[1], rest) if _REST.match(rest) else None
