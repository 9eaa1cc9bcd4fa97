"""What a person may set of a document as a whole, declared as the fields of facts are."""

from __future__ import annotations

from kg.core import model
from kg.core.declaration import Choice, Field, Written

HEADER = "document"
"""Stands for the header of a document where a kind of fact is named."""

HEADER_FIELDS: tuple[Field, ...] = (
    Field("title", "题名", needed="文档应有题名"),
    Field("doc_number", "文号"),
    Field("kind", "文种"),
    Field("date", "成文日期", written=Written.DATE),
    Field("printed_date", "印发日期", written=Written.DATE),
    Field("year", "年度"),
    Field("level", "层级", choices=tuple(Choice(level.value, level.value, "") for level in model.Level)),
    Field("region", "地区"),
    Field("region_qualified", "地区全称"),
    Field("theme", "主题"),
    Field("recipients", "主送"),
)
"""The types are those of `model.Document`."""
