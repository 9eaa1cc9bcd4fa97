"""任务分工表 as people hand it round: a table for each document, a row for each activity, who leads and who helps."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any, Protocol

from kg.service.reports import rests_on
from kg.service.word import WordReport

Json = dict[str, Any]

_COLUMNS = ["序号", "活动", "牵头单位", "责任单位", "配合单位"]
_ROLES = ("牵头", "责任单位", "配合")  # in order of the columns; kg.service.agencies.ROLES
_MOST = 1_000  # rows in a text document; the workbook has them all


class Keeper(Protocol):
    """What the table asks of the service."""

    def generation(self) -> Json:
        """The generation that the rows come from."""
        ...

    def assignments(self, *, name: str | None = None, year: int | None = None) -> list[Json]:
        """Who carries what."""
        ...


def duties(rows: Iterable[Json]) -> list[Json]:
    """Rows of `assignments` by document and activity, the latest year first.

    `[{"document_id", "document", "year", "items": [{"activity", "quote", "牵头": [name], "责任单位", "配合"}]}]`.
    """

    def of_document(row: Json) -> tuple[int, str]:
        return -(row["year"] or 0), row["document_id"]

    ordered = sorted(rows, key=lambda row: (*of_document(row), row["start"], row["activity"]))
    found = []
    for _, held in groupby(ordered, key=of_document):
        listed = list(held)
        items = []
        for (_, activity), parties in groupby(listed, key=lambda row: (row["start"], row["activity"])):
            several = list(parties)
            named = {role: sorted({row["agency"] for row in several if row["role"] == role}) for role in _ROLES}
            items.append({"activity": activity, "quote": several[0]["quote"], **named})
        first = {name: listed[0][name] for name in ("document_id", "document", "year")}
        found.append({**first, "items": items})
    return found


def duties_docx(service: Keeper, *, name: str | None = None, year: int | None = None) -> bytes:
    """The table as a Word document: all agencies, or the activities of one with everybody else who takes part."""
    rows = service.assignments(year=year)
    if name is not None:
        mine = {_activity(row) for row in service.assignments(name=name, year=year)}
        rows = [row for row in rows if _activity(row) in mine]
    report = WordReport("任务分工表")
    ground = rests_on(service.generation())
    scope = f"{name or '全部机构'}，{f'{year}年' if year else '各年'}"
    report.paragraph(
        f"范围：{scope}。依据：库中 {ground['文档数']} 份文档，{ground['索引']}索引（{ground['语料日期']}）。"
    )
    report.paragraph("各单位按文件中的写法归到规范名称；文件只写集体的（如各区市场监管局），列集体名称，不拆到各成员。")
    tables = duties(rows)
    left = _MOST
    for table in tables:
        shown = table["items"][: max(left, 0)]
        left -= len(shown)
        if shown:
            when = f"（{table['year']}年）" if table["year"] else ""
            report.heading(f"{table['document']}{when}")
            cells = [
                [number, item["activity"], *("、".join(item[role]) for role in _ROLES)]
                for number, item in enumerate(shown, start=1)
            ]
            report.table(_COLUMNS, cells)
    if (total := sum(len(table["items"]) for table in tables)) > _MOST:
        report.paragraph(f"共 {total} 项，这里列出前 {_MOST} 项；全部内容请下载 Excel。")
    if not tables:
        report.paragraph("库中文档没有写到这一范围内的任务分工。")
    return report.data()


def _activity(row: Json) -> tuple[str, int, str]:
    return row["document_id"], row["start"], row["activity"]
