"""Activity tables (安排表, 任务分工表): columns by their headings, several activities in a cell, several units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ingest.extract.draft import Draft
from ingest.extract.events import ACT
from ingest.layout import CleanText
from ingest.readers.base import LineKind
from ingest.resolve.parties import text_to_parties
from ingest.resolve.places import Context
from ingest.resolve.resolver import Resolver
from kg.core.model import Evidence, Party, PartyKind, Role, Section, Status


class Column(StrEnum):
    """What a column holds."""

    NUMBER = "number"
    ACTIVITY = "activity"
    CONTENT = "content"  # what an activity consists of, beside a column with its name
    LEAD = "lead"
    CO = "co"
    UNIT = "unit"  # responsible, role not said
    TIME = "time"
    PLACE = "place"
    SECTION = "section"
    OTHER = "other"


# Tried in order; a heading such as 责任单位（牵头） is decided by its first match.
_HEADINGS: tuple[tuple[re.Pattern[str], Column], ...] = (
    (re.compile(r"^(?:序号?|编号|项号|No\.?)$", re.IGNORECASE), Column.NUMBER),
    (re.compile(r"^(?:类别|分类|板块|主题|领域|工作领域|活动类别|重点工作|方面)$"), Column.SECTION),
    (re.compile(r"配合|协办|协同|参与|参加|支持"), Column.CO),
    (re.compile(r"牵头|主办|主责|第一责任"), Column.LEAD),
    (re.compile(r"(?:责任|负责|承办|实施|组织|主管|完成|举办)?(?:单位|部门|主体|机构|科室)"), Column.UNIT),
    (re.compile(r"时间|时限|日期|期限|进度|节点"), Column.TIME),
    (re.compile(r"地点|场所|地址"), Column.PLACE),
    (
        re.compile(r"(?:活动|工作|任务|项目|事项|主要|具体)*(?:内容|名称|任务|事项|活动|项目|举措|措施|要求)"),
        Column.ACTIVITY,
    ),
)
# Beside 活动名称 a column of this kind says what happens in it.
_NAMES = re.compile(r"名称|项目|任务|事项|活动$")
_CONTENTS = re.compile(r"内容|要求|举措|措施|安排|形式")
# A blank form has columns to fill in, not activities: 数量, 金额, 签字 ...
_FORM = re.compile(r"数量|金额|签字|盖章|备注|联系电话|得分|分值")
_ITEM_END = re.compile(r"[；;]\s*")
_SENTENCE_END = re.compile(r"[；;]\s*|(?<=。)\s*")
_LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Row:
    """A table row: its cells with their positions."""

    cells: tuple[tuple[str, int], ...]
    start: int
    end: int


def header_of(cells: tuple[str, ...]) -> tuple[Column, ...] | None:
    """The columns if the row is a heading row of an activity table."""
    columns = tuple(next((c for p, c in _HEADINGS if p.search(cell.replace(" ", ""))), Column.OTHER) for cell in cells)
    if any(len(c) > 16 for c in cells) or Column.ACTIVITY not in columns:
        return None
    if not {Column.LEAD, Column.UNIT, Column.CO} & set(columns) or sum(bool(_FORM.search(c)) for c in cells) > 1:
        return None
    return tuple(_divide(cells, columns))


def _divide(cells: tuple[str, ...], columns: tuple[Column, ...]) -> Iterator[Column]:
    """Of a name's column and a content's, the first says which activity, the second what happens in it."""
    about = [i for i, c in enumerate(columns) if c is Column.ACTIVITY]
    named = [i for i in about if _NAMES.search(cells[i]) and not _CONTENTS.search(cells[i])]
    contents = {i for i in about if _CONTENTS.search(cells[i])} if named else set()
    first = named[0] if contents else None
    for i, column in enumerate(columns):
        if first is None or column is not Column.ACTIVITY:
            yield column
        elif i in contents:
            yield Column.CONTENT
        else:
            yield Column.ACTIVITY if i == first else Column.SECTION if i < first else Column.OTHER


def clean_to_rows(clean: CleanText) -> Iterator[Row]:
    """All table rows in order."""
    for p in clean.paragraphs:
        if p.kind is LineKind.ROW:
            cells, at = [], p.start
            for cell in clean.of(p).split("\t"):
                body = cell.strip()
                cells.append((body, at + (cell.find(body) if body else 0)))
                at += len(cell) + 1
            yield Row(tuple(cells), p.start, p.end)


def table_to_drafts(
    clean: CleanText, resolver: Resolver, context: Context, sections: tuple[Section, ...], status: Status
) -> list[Draft]:
    """The activities of every activity table; a heading row holds until a row of another width."""
    drafts: list[Draft] = []
    columns: tuple[Column, ...] | None = None
    group: str | None = None
    for row in _whole_rows(clean_to_rows(clean)):
        if found := header_of(tuple(c for c, _ in row.cells)):
            columns = found
            continue
        if columns is None or len(row.cells) != len(columns):
            continue
        by: dict[Column, tuple[str, int]] = {
            column: row.cells[i] for i, column in enumerate(columns) if column is not Column.OTHER
        }
        group = by[Column.SECTION][0] or group if Column.SECTION in by else group
        text, at = by[Column.ACTIVITY]
        section = group or next((s.title for s in reversed(sections) if s.start <= row.start < s.end and s.title), None)
        number = by.get(Column.NUMBER, ("", 0))[0] or None
        responsible = tuple(_parties(by, resolver, context))
        when = by.get(Column.TIME, ("", 0))[0]
        places = _places(by.get(Column.PLACE, ("", 0))[0], resolver, context)
        content, content_at = by.get(Column.CONTENT, ("", 0))
        for item, where in cell_to_items(text, at):
            words = "\n".join(filter(None, (item, content, when)))
            evidence = Evidence(clean.text[where : where + len(item)], where, where + len(item))
            title = _title(item)
            parent = len(drafts)
            drafts.append(
                Draft(title, status, evidence, number, section, None, responsible, places, words=words, start=where)
            )
            for part, inside in cell_to_items(content, content_at, _SENTENCE_END):
                if not _tells(part, title):
                    continue
                evidence = Evidence(clean.text[inside : inside + len(part)], inside, inside + len(part))
                drafts.append(Draft(_title(part), status, evidence, None, None, parent, words=part, start=inside))
    return drafts


def _title(item: str) -> str:
    return re.sub(r"^(?:\d{1,2}[.．、]|[（(]\d{1,2}[)）]|[①-⑳])\s*", "", item).rstrip("。")


def _tells(part: str, title: str) -> bool:
    """Whether a sentence of a content's cell tells of something held inside the activity, and not of itself again."""
    act = ACT.match(_title(part))
    plain = re.sub(r"[“”\s]", "", title)
    return act is not None and plain not in re.sub(r"[“”\s]", "", part) and len(part) <= _LONGEST_TITLE


def _places(cell: str, resolver: Resolver, context: Context) -> tuple[str, ...]:
    """The known places of a cell; halls and streets are none."""
    matches = [(resolver.places.at(p, context.place), p) for p in re.split(r"[、，；,;\s]+", cell) if p]
    out = [m.place.qualified for m, p in matches if m and m.length == len(p)]
    for match, words in matches:
        if (
            (match is None or match.length != len(words))
            and words
            and (found := resolver.resolve(words, context))
            and found[0].kind is PartyKind.PLACE
        ):
            out += [p.place for p in found if p.place]  # 曲阳路街道: a town by its form
    return tuple(dict.fromkeys(out))


def _whole_rows(rows: Iterator[Row]) -> Iterator[Row]:
    """Rows, with one that a line break inside a cell has cut in two put together again.

    The width is that of the last row with the most cells; two rows that together have one cell more are one row.
    """
    width = 0
    before: Row | None = None
    for row in rows:
        if before is not None and len(before.cells) + len(row.cells) - 1 == width and row.start == before.end + 1:
            (head, at), (tail, _) = before.cells[-1], row.cells[0]
            before = Row((*before.cells[:-1], (f"{head}\n{tail}", at), *row.cells[1:]), before.start, row.end)
            continue
        if before is not None:
            yield before
        width = max(width, len(row.cells)) if before is not None and before.end + 1 == row.start else len(row.cells)
        before = row
    if before is not None:
        yield before


def _parties(by: dict[Column, tuple[str, int]], resolver: Resolver, context: Context) -> Iterator[Party]:
    for column, role in ((Column.LEAD, Role.LEAD), (Column.UNIT, None), (Column.CO, Role.CO)):
        text, at = by.get(column, ("", 0))
        if text and text not in ("/", "—", "-", "无"):
            yield from text_to_parties(text, resolver, context, start=at, role=role, named=True)[0]


def cell_to_items(text: str, start: int, end: re.Pattern[str] = _ITEM_END) -> list[tuple[str, int]]:
    """The activities of one cell, separated by ；, with their positions."""
    out, at = [], 0
    for piece in end.split(text):
        where = text.index(piece, at)
        body = piece.strip()
        if body:
            out.append((body, start + where + piece.index(body)))
        at = where + len(piece)
    return out
