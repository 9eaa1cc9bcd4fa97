"""An answer as a file to hand on: docx with footnotes, xlsx, csv, Markdown; each says what it rests on."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any, Protocol

from kg.core.errors import PolicyKGError, UnknownName
from kg.core.parts import shown
from kg.service.sheets import Sheet, csv_bytes, grid, xlsx_bytes

Json = dict[str, Any]

FORMATS = ("docx", "xlsx", "csv", "md")
_EVIDENCE = ["序号", "文件", "文号", "日期", "页", "原文", "核定", "文档编号", "起", "止"]
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~&])")
_ROWS_IN_WORD = 500  # rows of a table in a text document; the workbook has them all


class Asked(Protocol):
    """What a report asks of the service."""

    def generation(self) -> Json:
        """The generation that answers come from."""
        ...

    def passage_context(self, document_id: str, start: int, end: int) -> Json:
        """The document around a quote."""
        ...


def answer_file(service: Asked, answer: Json, format_: str) -> bytes:
    """The answer of `Service.ask` in one of `FORMATS`. Raises `UnknownName` for another one."""
    writers = {"docx": _docx, "xlsx": _xlsx, "csv": _csv, "md": _markdown}
    if format_ not in writers:
        raise UnknownName("答案的格式", format_, FORMATS)
    evidence = [_located(service, item) for item in answer.get("evidence") or []]
    return writers[format_](answer, evidence, rests_on(service.generation()))


def rests_on(held: Json) -> Json:
    """What an answer rests on, in words: `{"语料日期", "索引", "文档数"}`, of `Service.generation`."""
    created = dt.datetime.fromisoformat(held["created"])
    local = created.astimezone() if created.tzinfo else created
    return {
        "语料日期": f"{local:%Y-%m-%d %H:%M}",
        "索引": f"第 {held['number']} 代",
        "文档数": held["documents"],
    }


def chinese_date(date: str | None) -> str:
    """2024年9月6日 for 2024-09-06, as far as it is known; other text as it is."""
    parts = (date or "").split("-")
    if not date or not all(part.isdigit() for part in parts):
        return date or ""
    return "".join(f"{int(part)}{unit}" for part, unit in zip(parts, "年月日", strict=False))


def source_line(item: Json) -> str:
    """《题名》（文号，日期，第3页）; titles that carry 《》 keep theirs."""
    title = item["title"] or shown(item["source"])
    page = f"第{item['page']}页" if item.get("page") else None
    details = "，".join(part for part in (item["doc_number"], chinese_date(item["date"]), page) if part)
    return (title if "《" in title else f"《{title}》") + (f"（{details}）" if details else "")


def _located(service: Asked, item: Json) -> Json:
    """A piece of evidence with the title, number, date and page of its document, where that is still held."""
    try:
        found = service.passage_context(item["document_id"], item["start"], item["end"])
    except PolicyKGError:
        found = {"title": None, "doc_number": None, "date": None}
    known = {name: found.get(name) for name in ("title", "doc_number", "date")}
    return {**item, **known, "page": item.get("page") or found.get("page")}


def _interpretation(answer: Json) -> str:
    return str(answer.get("interpretation") or "").removeprefix("理解为：")


def _resting(held: Json) -> str:
    return f"{held['文档数']} 份文档，{held['索引']}索引，{held['语料日期']} 建立。只据库中文档作答，未入库的不在其内。"


def _docx(answer: Json, evidence: Sequence[Json], held: Json) -> bytes:
    """As a clerk would send it: the answer with its sources at the foot, the table, and in small type what it rests on.

    The query is in the workbook, for those who check it.
    """
    from kg.service.word import WordReport

    report = WordReport(answer["question"])
    notes = {
        number: f"{source_line(item)}：“{_one_line(item['quote'])}”{_reviewed(item)}"
        for number, item in enumerate(evidence, start=1)
    }
    report.cited(answer["answer"], notes)
    if answer.get("rows"):
        rows = grid(answer["columns"], answer["rows"])
        filled = [n for n in range(len(answer["columns"])) if any(row[n] not in (None, "") for row in rows)]
        columns = [answer["columns"][n] for n in filled]
        report.table(columns, [[row[n] for n in filled] for row in rows[:_ROWS_IN_WORD]])
        if len(rows) > _ROWS_IN_WORD:
            report.small(f"表长 {len(rows)} 行，以上为前 {_ROWS_IN_WORD} 行；全部见同一答案的 Excel 文件。")
    if _interpretation(answer):
        report.small(f"对问题的理解：{_interpretation(answer)}")
    report.small(f"依据范围：{_resting(held)}")
    return report.data()


def _reviewed(item: Json) -> str:
    return f"（人工核定，{chinese_date(item['review']['at'][:10])}）" if item.get("review") else ""


def _evidence_rows(evidence: Sequence[Json]) -> list[list[Any]]:
    return [
        [
            number,
            item["title"] or shown(item["source"]),
            *(item[name] for name in ("doc_number", "date", "page", "quote")),
            "人工核定" if item.get("review") else None,
            *(item[name] for name in ("document_id", "start", "end")),
        ]
        for number, item in enumerate(evidence, start=1)
    ]


def _xlsx(answer: Json, evidence: Sequence[Json], held: Json) -> bytes:
    facts = [
        ["项目", "内容"],
        ["问题", answer["question"]],
        ["答案", answer["answer"]],
        ["理解为", _interpretation(answer)],
        *held.items(),
        ["查询语句", answer.get("sparql")],
    ]
    sheets = [Sheet("答案", facts)]
    if answer.get("rows"):
        sheets.append(Sheet("表", [answer["columns"], *grid(answer["columns"], answer["rows"])]))
    if evidence:
        sheets.append(Sheet("依据", [_EVIDENCE, *_evidence_rows(evidence)]))
    return xlsx_bytes(sheets)


def _csv(answer: Json, evidence: Sequence[Json], held: Json) -> bytes:
    """The table of the answer, its evidence where there is no table; what it rests on after an empty line."""
    columns, rows = answer.get("columns"), grid(answer.get("columns") or [], answer.get("rows") or [])
    if not rows:
        columns, rows = _EVIDENCE, _evidence_rows(evidence)
    return csv_bytes(columns or [], [*rows, [], ["问题", answer["question"]], *held.items()])


def _markdown(answer: Json, evidence: Sequence[Json], held: Json) -> bytes:
    marks = "".join(f"[^{number}]" for number in range(1, len(evidence) + 1))
    parts = [f"# {_plain(answer['question'])}", _plain(answer["answer"]) + marks]
    if _interpretation(answer):
        parts.append(f"理解为：{_plain(_interpretation(answer))}")
    if answer.get("rows"):
        lines = [answer["columns"], ["---"] * len(answer["columns"]), *grid(answer["columns"], answer["rows"])]
        parts.append("\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines))
    parts.append(f"依据范围：{_resting(held)}")
    if answer.get("sparql"):
        fence = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`+", answer["sparql"])), 3)
        parts.append(f"{fence}sparql\n{answer['sparql'].strip()}\n{fence}")
    notes = (f"{_plain(source_line(item))}：“{_plain(_one_line(item['quote']))}”" for item in evidence)
    parts += [f"[^{number}]: {note}" for number, note in enumerate(notes, start=1)]
    return ("\n\n".join(parts) + "\n").encode()


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _plain(text: object) -> str:
    return _MARKDOWN.sub(r"\\\1", str(text))


def _cell(value: object) -> str:
    text = "" if value is None else _one_line(str(value))
    return text if text == "---" else _plain(text)
