"""The facts of a document as tables, each row with the place in the text that carries it; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

ROLES = {"lead": "牵头", "co": "配合"}
STATUS = {"planned": "部署", "reported": "通报"}


@dataclass(frozen=True, slots=True)
class FactTable:
    """A tab: its name, the columns, the rows, and for each row the span (or None) that carries it."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    spans: tuple[tuple[int, int] | None, ...]

    @property
    def label(self) -> str:
        """The tab's label, with the number of rows."""
        return f"{self.name} {len(self.rows)}"


def fact_tables(document: Json) -> list[FactTable]:
    """The tabs of a document as `Service.document` gives it."""
    held = "已入库"
    return [
        _table("活动", _ACTIVITY, document["activities"]),
        _table("机构", _AGENCY, document["agencies"]),
        _table(
            "引用文件",
            {**_REFERENCE, "正文": lambda r: held if r["document_id"] else "未入库"},
            document["policy_references"],
        ),
        _table("数字", _FIGURE, document["figures"]),
        _table("提示", _NOTICE, [*map(_deadline_as_notice, document["deadlines"]), *document["notices"]]),
    ]


def span(item: Mapping[str, Any]) -> tuple[int, int] | None:
    """Where a fact stands in the text."""
    evidence = item.get("evidence")
    return (evidence["start"], evidence["end"]) if evidence else None


def responsible(parties: Iterable[Json]) -> str:
    """青浦区市场监督管理局（牵头）、…; a collective with the number of its members."""
    return "、".join(_party(party) for party in parties)


def _party(party: Json) -> str:
    notes = [ROLES[party["role"]]] if party["role"] else []
    notes += [f"{len(party['members'])}个"] if party["members"] else []
    return str(party["name"]) + (f"（{'，'.join(notes)}）" if notes else "")


def quantity(figure: Json) -> str:
    """近 54.77 亿元; a range as 3–5."""
    upper = f"–{figure['upper']:.12g}" if figure["upper"] is not None else ""
    amount = f"{figure['value']:.12g}{upper}"
    before, after = (
        ("", figure["qualifier"] or "") if figure["qualifier"] in _AFTER else (figure["qualifier"] or "", "")
    )
    return f"{before}{amount}{after} {figure['unit']}".strip()


_AFTER = ("余", "多", "以上", "以下", "以内")  # qualifiers that Chinese puts behind the number


def _deadline_as_notice(item: Json) -> Json:
    what = f"{item['what']}：{item['date'] or '日期未写明'}前" + (f"，报{item['to']}" if item["to"] else "")
    return {"code": "deadline", "message": f"报送时限　{what}", "evidence": item["evidence"]}


Columns = dict[str, Callable[[Json], Any]]

_ACTIVITY: Columns = {
    "序号": lambda a: a["no"],
    "活动": lambda a: a["title"],
    "责任单位": lambda a: responsible(a["responsible"]),
    "系列": lambda a: a["series"],
    "状态": lambda a: STATUS.get(a["status"], a["status"]),
}
_AGENCY: Columns = {
    "机构": lambda a: a["name"],
    "文中写法": lambda a: "、".join(a["as_written"]),
    "类别": lambda a: a["kind"],
    "成员": lambda a: "、".join(a["members"]),
}
_REFERENCE: Columns = {
    "文件": lambda r: r["alias_of"] or r["title"] or r["as_written"],
    "文号": lambda r: r["number"],
    "关系": lambda r: r["relation"],
    "制定机关": lambda r: r["issuer"],
}
_FIGURE: Columns = {
    "内容": lambda f: f["what"],
    "数值": quantity,
    "范围": lambda f: f["scope"],
}
_NOTICE: Columns = {"提示": lambda n: n["message"]}


def _table(name: str, columns: Columns, items: Iterable[Json]) -> FactTable:
    """Columns that are empty throughout are left out."""
    items = list(items)
    cells = {title: [value(item) for item in items] for title, value in columns.items()}
    kept = [title for title in cells if any(cell not in (None, "") for cell in cells[title])]
    return FactTable(
        name,
        tuple(kept),
        tuple(tuple(cells[title][row] for title in kept) for row in range(len(items))),
        tuple(span(item) for item in items),
    )


def first_mention(text: str, forms: Iterable[str]) -> tuple[int, int] | None:
    """Where one of the written forms occurs first; agencies have no evidence of their own."""
    found = [(at, at + len(form)) for form in forms if form and (at := text.find(form)) >= 0]
    return min(found, default=None)


def located(table: FactTable, text: str, document: Json) -> FactTable:
    """The table with places filled in where facts carry only written forms (agencies)."""
    if table.name != "机构":
        return table
    spans = tuple(first_mention(text, agency["as_written"]) for agency in document["agencies"])
    return FactTable(table.name, table.columns, table.rows, spans)
