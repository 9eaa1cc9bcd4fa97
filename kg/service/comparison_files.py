"""A comparison (kg.service.comparison) as a file to hand on: xlsx with every row, docx as a report."""

from __future__ import annotations

from typing import Any

from kg.core.errors import UnknownName
from kg.service.sheets import Sheet, xlsx_bytes

Json = dict[str, Any]

FORMATS = ("docx", "xlsx")
HONEST = (
    "“未提及”只说明后一份文件没有写到相近的内容，不等于没有开展。"
    "对照由程序按活动系列、名称和文字相近程度作出，请对照原文核对。"
)
_ROWS_IN_WORD = 400  # rows of a table in a text document; the workbook has them all
_WORDS_IN_WORD = 160  # characters of a quote in a cell
_COLUMNS = ["结果", "前一份文件", "后一份文件", "不同之处", "对上的依据"]
_SHEET = [
    *("结果", "前一份：序号", "前一份：任务", "前一份：责任单位", "前一份：原文"),
    *("后一份：序号", "后一份：任务", "后一份：责任单位", "后一份：原文"),
    *("不同之处", "共同的责任单位", "只在前一份", "只在后一份", "对上的依据", "文字相近", "前一份：页", "后一份：页"),
]


def comparison_file(compared: Json, format_: str) -> bytes:
    """What `Service.compare` gave in one of `FORMATS`. Raises `UnknownName` for another one."""
    writers = {"docx": _docx, "xlsx": _xlsx}
    if format_ not in writers:
        raise UnknownName("对照的格式", format_, FORMATS)
    return writers[format_](compared)


def units_text(side: Json | None) -> str:
    """The responsible bodies of a side."""
    return "、".join(unit["name"] for unit in side["units"]) if side else ""


def name_text(side: Json | None) -> str:
    """What to call a task: its title, or its words."""
    return (side["title"] or side["text"]) if side else ""


def about(compared: Json) -> list[tuple[str, str]]:
    """The two documents and what came of it: label and text."""
    counts = "，".join(f"{name} {compared['counts'][state]} 项" for state, (name, _) in compared["states"].items())
    return [
        ("前一份文件", _cited(compared["left"])),
        ("后一份文件", _cited(compared["right"])),
        ("结果", counts),
    ]


def _cited(head: Json) -> str:
    details = [head["doc_number"], head["date"], f"{head['tasks']} 项"]
    return f"{head['title'] or head['source']}（{'，'.join(str(item) for item in details if item)}）"


def _xlsx(compared: Json) -> bytes:
    rows = [
        [
            compared["states"][row["state"]][0],
            *_cells(row["left"]),
            *_cells(row["right"]),
            "、".join(row["changes"]),
            *("、".join((row["units"] or {}).get(key, [])) for key in ("both", "left", "right")),
            "；".join(row["reasons"]),
            row["likeness"] or None,
            *(side["evidence"].get("page") if side else None for side in (row["left"], row["right"])),
        ]
        for row in compared["rows"]
    ]
    notes = [*about(compared), *((name, meaning) for name, meaning in compared["states"].values()), ("说明", HONEST)]
    return xlsx_bytes([Sheet("衔接对照", [_SHEET, *rows]), Sheet("说明", [["项目", "内容"], *map(list, notes)])])


def _cells(side: Json | None) -> list[str]:
    return [side["no"], side["title"], units_text(side), side["text"]] if side else ["", "", "", ""]


def _docx(compared: Json) -> bytes:
    from kg.service.word import WordReport

    report = WordReport("衔接对照")
    for label, text in about(compared):
        report.paragraph(f"{label}：{text}")
    report.paragraph(HONEST)
    for number, (state, (name, meaning)) in enumerate(compared["states"].items()):
        rows = [row for row in compared["rows"] if row["state"] == state]
        if not rows:
            continue
        report.heading(f"{'一二三四'[number]}、{name}（{len(rows)} 项）")
        report.paragraph(f"{meaning}。")
        report.table(_COLUMNS[1:], [_report_row(row) for row in rows[:_ROWS_IN_WORD]])
        if len(rows) > _ROWS_IN_WORD:
            report.paragraph(f"其余 {len(rows) - _ROWS_IN_WORD} 项见 Excel 表。")
    return report.data()


def _report_row(row: Json) -> list[str]:
    return [_words(row["left"]), _words(row["right"]), "、".join(row["changes"]), "；".join(row["reasons"])]


def _words(side: Json | None) -> str:
    if side is None:
        return "—"
    name = f"{side['no']} {name_text(side)}".strip()
    shown = name if len(name) <= _WORDS_IN_WORD else name[: _WORDS_IN_WORD - 1] + "…"
    units = units_text(side)
    return shown + (f"\n责任单位：{units}" if units else "")
