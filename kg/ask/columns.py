"""What the variables of a query are called above the columns of a table."""

from __future__ import annotations

from kg.core.declaration import Kind
from kg.core.facts import KINDS

LABELS = {
    "year": "年份", "place": "地区", "activity": "活动", "body": "责任单位", "role": "分工", "document": "文件",
    "number": "文号", "kind": "文种", "date": "日期", "issuer": "发文单位", "audience": "主送", "theme": "主题",
    "policy": "所引文件", "policy_number": "所引文号", "relation": "关系", "held": "是否入库", "state": "状态",
    "carriers": "承担单位", "activities": "活动", "documents": "文件", "level": "级别", "policy_issuer": "制定机关",
    "series": "系列", "effective": "施行日期", "printed": "印发日期", "period": "活动时间", "sort": "文种",
    "item": "序号", "asked": "所问单位", "through": "原文所写",
}  # fmt: skip


def kind_of(name: str) -> Kind:
    """A declared kind of fact by its name."""
    return next(kind for kind in KINDS if kind.name == name)


def fact_labels(kind: Kind) -> dict[str, str]:
    """The same with a column for each field of a kind."""
    return LABELS | {f"f_{field.name}": field.label for field in kind.fields}
