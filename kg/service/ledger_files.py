"""The ledger of tasks as files: a workbook with a row for each body of each task, and a calendar of deadlines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from kg.core.ids import FORMER_DIGITS
from kg.service.sheets import Sheet, xlsx_bytes

Json = dict[str, Any]

COLUMNS = (
    "年度", "地区", "文件", "序号", "任务", "单位", "角色", "时限", "时限原文", "状态", "通报", "通报原文", "原文",
    "核定",
)  # fmt: skip
_LINE = 73  # octets of a line of a calendar before it is folded (RFC 5545 §3.1 allows 75)


def ledger_xlsx(rows: Iterable[Json], held: Json) -> bytes:
    """The workbook; a task that names no body has one row all the same."""
    listed = list(rows)
    lines = [_line(row, body) for row in listed for body in row["bodies"] or [{"name": None, "role": None}]]
    notes: list[list[Any]] = [
        ["项目", "内容"],
        ["任务数", len(listed)],
        ["依据的文档数", held["documents"]],
        ["索引", f"第 {held['number']} 代，{held['created']}"],
        ["逾期未见通报", "时限已过，库中没有文件通报；不等于没有完成"],
        ["角色", "文件没有分牵头、配合的记为“负责”"],
    ]
    return xlsx_bytes([Sheet("任务", [list(COLUMNS), *lines]), Sheet("说明", notes)])


def _line(row: Json, body: Json) -> list[Any]:
    told = row["told"] or {}
    return [
        row["year"], row["place"], row["document"], row["no"], row["task"], body["name"], body["role"], row["due"],
        row["due_as_written"], row["state"], told.get("document"), told.get("quote"), row["quote"],
        "人工核定" if row["review"] else None,
    ]  # fmt: skip


def ledger_ics(rows: Iterable[Json], *, stamp: datetime | None = None) -> bytes:
    """The deadlines as a calendar (RFC 5545): a whole day each; those that tell no day are left out."""
    at = (stamp or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//policykg//ledger//ZH", "CALSCALE:GREGORIAN"]
    for row in rows:
        day = _day(row["due"])
        if day is None:
            continue
        bodies = "、".join(body["name"] for body in row["bodies"])
        summary = f"{row['task']}（{bodies}）" if bodies else row["task"]
        source = f"{row['document']}（{PurePath(row['source']).name}）：{row['quote']}"
        # Of the id as short as it was, so that a calendar which has the deadline already knows it again.
        document = row["document_id"][: len("d-") + FORMER_DIGITS]
        name = f"{document}-{row['start']}-{row['task']}"
        lines += [
            "BEGIN:VEVENT",
            f"UID:{sha256(name.encode()).hexdigest()[:24]}@policykg",
            f"DTSTAMP:{at}",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_text(summary)}",
            f"DESCRIPTION:{_text(source)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line)).encode()


def _day(due: str | None) -> date | None:
    try:
        return date.fromisoformat(due) if due else None
    except ValueError:
        return None


def _text(value: str) -> str:
    return value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n").replace("\r", "")


def _folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, never inside a character; all but the first begin with a blank."""
    piece, size = "", 0
    for char in line:
        width = len(char.encode())
        if size + width > _LINE:
            yield piece
            piece, size = " ", 1
        piece += char
        size += width
    yield piece
