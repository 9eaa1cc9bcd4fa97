"""Where the cells of an answer's table lead: a body to its card, a document to its text, a series to its matrix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from kg.service.sheets import cell
from kg.ui.grids import Link

Json = dict[str, Any]

_BODIES = frozenset(("责任单位", "承担单位", "发文单位", "所问单位"))  # heads of columns, as answers have them
_DOCUMENT, _POLICY, _SERIES, _PLACE, _YEAR = "文件", "所引文件", "系列", "地区", "年份"
_TWO = 2


def titles_of(documents: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The ids of documents by their titles, where one document alone has the title."""
    held = [(item["title"], item["id"]) for item in documents if item["title"]]
    often = Counter(title for title, _ in held)
    return {title: id_ for title, id_ in held if often[title] == 1}


def linked_grid(
    columns: Sequence[str], rows: Iterable[Mapping[str, Any]], titles: Mapping[str, str]
) -> list[list[Any]]:
    """Rows of an answer in the order of its columns; a cell that names one thing with a page of its own is a `Link`."""
    return [[_linked(name, cell(row.get(name)), row, titles) for name in columns] for row in rows]


def _linked(column: str, value: Any, row: Mapping[str, Any], titles: Mapping[str, str]) -> Any:
    if not isinstance(value, str) or not value:
        return value
    address = _address(column, value, row, titles)
    return Link(value, address, "") if address else value


def _address(column: str, value: str, row: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """The page of a value, or of the one thing that a list of one names; empty where there is none."""
    if column in _BODIES and "、" not in value:
        return f"agencies?{urlencode({'agency': value})}"
    if column == _DOCUMENT and value in titles:
        return f"documents?{urlencode({'id': titles[value]})}"
    if column == _POLICY and "、" not in value:
        return f"basis?{urlencode({'policy': value})}"
    series = row.get(_SERIES)
    if series and isinstance(series, str) and column in (_SERIES, _PLACE):
        at = {"place": value, "year": row[_YEAR]} if column == _PLACE and row.get(_YEAR) else {}
        return f"evolution?{urlencode({'series': series, **at})}"
    return ""


def compared(answer: Json, documents: Iterable[Mapping[str, Any]]) -> dict[str, str] | None:
    """The two documents that the answer to a question of comparison rests on, the earlier on the left; else None."""
    ids = list(dict.fromkeys(item["document_id"] for item in answer.get("evidence") or ()))
    if len(ids) != _TWO:
        return None
    held = {item["id"]: (item["year"] or 0, item["date"] or "") for item in documents if item["id"] in ids}
    if len(held) != _TWO:
        return None
    left, right = sorted(held, key=lambda id_: (held[id_], ids.index(id_)))
    return {"left": left, "right": right}
