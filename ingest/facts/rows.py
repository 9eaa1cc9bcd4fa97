"""Rows of tables of tasks as proposals: several tasks in a cell, and what the content's cell says happens in one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ingest.candidates import Candidate
from ingest.facts.bodies import Bodies
from ingest.facts.draft import Draft
from ingest.facts.headlines import Headlines
from ingest.facts.tables import SENTENCE_END, TaskRow, cell_to_items, numbered_items
from ingest.layout import CleanText
from kg.core.model import Evidence, Party, PartyKind, Role, Section, Status
from kg.core.replacing import replace

_LABEL = re.compile(r"^(?:\d{1,3}[.．、]|[（(]\d{1,3}[)）]|[①-⑳])\s*")
_LONGEST_INNER = 60
_ACT = re.compile(
    r"(?:组织)?(?:开展|举办|举行|召开|实施|启动|发布|评选|制播|播放|发放|张贴|征集|走访|推出|上线|设立|开设|揭牌)"
)
_MARKS = re.compile(r"[\s“”‘’，、。；：]|^[\d一二三四五六七八九十]{1,3}[.．、]")
_PLACES = re.compile(r"[、，；,;\s]+")


def rows_to_candidates(
    rows: Iterable[TaskRow],
    clean: CleanText,
    bodies: Bodies,
    sections: tuple[Section, ...],
    status: Status,
    headlines: Headlines,
) -> list[Candidate[Draft]]:
    """The tasks of all rows, each followed by what it contains."""
    out: list[Candidate[Draft]] = []
    for row in rows:
        text, at = row.task
        section = row.section or next(
            (s.title for s in reversed(sections) if s.start <= row.start < s.end and s.title), None
        )
        places = _places(row.place, bodies)
        content, content_at = row.content
        features = frozenset(("row", "units" if row.parties else "no-units"))
        if row.duties:
            out += _duties(row, clean, section, status, headlines, len(out))
            continue
        for item, where in numbered_items(text, at) or cell_to_items(text, at):
            title = _title(item, headlines)
            parent = len(out)
            words = "\n".join(filter(None, (item, content, row.when)))
            draft = Draft(
                title, status, Evidence(clean.text[where : where + len(item)], where, where + len(item)), row.number,
                section, None, row.parties, places, words=words, rule="row", features=features,
                confidence=0.97 if row.parties else 0.9,
            )  # fmt: skip
            out.append(Candidate("task", draft, where, where + len(item), "row", features))
            for part, inside in cell_to_items(content, content_at, SENTENCE_END):
                if _tells(part, title, headlines):
                    evidence = Evidence(clean.text[inside : inside + len(part)], inside, inside + len(part))
                    inner = Draft(
                        _title(part, headlines), status, evidence, parent=parent, words=part,
                        rule="inner", features=frozenset(("inner",)), confidence=0.7,
                    )  # fmt: skip
                    out.append(Candidate("task", inner, inside, inside + len(part), "inner", inner.features))
    return out


def _duties(
    row: TaskRow, clean: CleanText, section: str | None, status: Status, headlines: Headlines, base: int
) -> list[Candidate[Draft]]:
    """What the body of a row has to do: a task for each number, or the first clause with the others inside it.

    Clauses that nobody counted are told as one (加强河道保洁；维护水闸。): the first names the row.
    """
    numbered = numbered_items(*row.task)
    out: list[Candidate[Draft]] = []
    for i, (words, at) in enumerate(numbered or cell_to_items(*row.task, SENTENCE_END)):
        inner = bool(i) and not numbered
        title = headlines.of(words, 0, len(words)).title
        if not title or (inner and not headlines.acts(title)):
            continue
        name = "inner" if inner else "row"
        features = frozenset((name, "units" if row.parties else "no-units"))
        whole = "\n".join(filter(None, (words if numbered or inner else row.task[0], row.when)))
        draft = Draft(
            title, status, Evidence(clean.text[at : at + len(words)], at, at + len(words)),
            None if inner else row.number, section, base if inner else None, _told(row.parties, words), words=whole,
            rule=name, features=features,
            confidence=0.7 if inner else 0.95 if row.parties else 0.4,
        )  # fmt: skip
        out.append(Candidate("task", draft, at, at + len(words), name, features))
    return out


def _told(parties: tuple[Party, ...], words: str) -> tuple[Party, ...]:
    """牵头开展…, 配合做好…: what a body has to do says which part it has."""
    role = Role.LEAD if words.startswith("牵头") else Role.CO if words.startswith(("配合", "协助", "协同")) else None
    return tuple(replace(p, role=role) for p in parties) if role is not None else parties


def _title(item: str, headlines: Headlines) -> str:
    """The task as a title: without its number and, where it is long, clipped as the titles of items are."""
    words = _LABEL.sub("", item).rstrip("。")
    return words if len(words) <= _LONGEST_INNER else headlines.of(words, 0, len(words)).title


def _tells(part: str, title: str, headlines: Headlines) -> bool:
    """Whether a sentence of a content's cell tells of something held inside the task, and not of itself again."""
    plain = re.sub(r"[“”\s]", "", title)
    return (
        len(part) <= _LONGEST_INNER
        and _ACT.match(_title(part, headlines)) is not None
        and plain not in re.sub(r"[“”\s]", "", part)
    )


def _places(cell: str, bodies: Bodies) -> tuple[str, ...]:
    """The known places of a cell; halls and streets are none."""
    if not cell:
        return ()
    index, home = bodies.resolver.places, bodies.context.place
    out: list[str] = []
    for words in filter(None, _PLACES.split(cell)):
        match = index.at(words, home)
        if match is not None and match.length == len(words):
            out.append(match.place.qualified)
        elif (found := bodies.resolver.resolve(words, bodies.context)) and found[0].kind is PartyKind.PLACE:
            out += [p.place for p in found if p.place]  # 曲阳路街道: a town by its form
    return tuple(dict.fromkeys(out))


def rows_by_item(rows: Iterable[TaskRow], items: Mapping[str, int]) -> tuple[dict[int, list[TaskRow]], list[TaskRow]]:
    """Rows of a table that shares out what the items say, by the number of the item, and all other rows.

    `items` are the titles of items as `plain` gives them.
    """
    by_item: dict[int, list[TaskRow]] = {}
    new: list[TaskRow] = []
    for row in rows:
        i = items.get(plain(row.task[0]), items.get(plain(row.section or "")))
        if i is None:
            new.append(row)
        else:
            by_item.setdefault(i, []).append(row)
    return by_item, new


def merged_rows(rows: Iterable[TaskRow]) -> tuple[Party, ...]:
    """The bodies of several rows, each once."""
    seen: dict[str, Party] = {}
    for party in (p for row in rows for p in row.parties):
        seen.setdefault(party.name, replace(party, start=-1, end=-1))
    return tuple(seen.values())


def plain(title: str) -> str:
    """A title without its number, blanks and marks, for comparing."""
    return _MARKS.sub("", title)
