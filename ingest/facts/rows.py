"""Rows of tables of tasks as proposals: several tasks in a cell, and what the content's cell says happens in one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.candidates import Candidate
from ingest.facts.bodies import Bodies
from ingest.facts.draft import Draft
from ingest.facts.tables import SENTENCE_END, TaskRow, cell_to_items
from ingest.layout import CleanText
from kg.core.model import Evidence, PartyKind, Section, Status

_LABEL = re.compile(r"^(?:\d{1,3}[.．、]|[（(]\d{1,3}[)）]|[①-⑳])\s*")
_LONGEST_INNER = 60
_ACT = re.compile(
    r"(?:组织)?(?:开展|举办|举行|召开|实施|启动|发布|评选|制播|播放|发放|张贴|征集|走访|推出|上线|设立|开设|揭牌)"
)
_PLACES = re.compile(r"[、，；,;\s]+")


def rows_to_candidates(
    rows: Iterable[TaskRow], clean: CleanText, bodies: Bodies, sections: tuple[Section, ...], status: Status
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
        for item, where in cell_to_items(text, at):
            title = _title(item)
            parent = len(out)
            words = "\n".join(filter(None, (item, content, row.when)))
            draft = Draft(
                title, status, Evidence(clean.text[where : where + len(item)], where, where + len(item)), row.number,
                section, None, row.parties, places, words=words, start=where, rule="row", features=features,
                confidence=0.97 if row.parties else 0.9,
            )  # fmt: skip
            out.append(Candidate("task", draft, where, where + len(item), "row", features))
            for part, inside in cell_to_items(content, content_at, SENTENCE_END):
                if _tells(part, title):
                    evidence = Evidence(clean.text[inside : inside + len(part)], inside, inside + len(part))
                    inner = Draft(
                        _title(part), status, evidence, parent=parent, words=part, start=inside, rule="inner",
                        features=frozenset(("inner",)), confidence=0.7,
                    )  # fmt: skip
                    out.append(Candidate("task", inner, inside, inside + len(part), "inner", inner.features))
    return out


def _title(item: str) -> str:
    """The task as a title: without its number and, where it is long, up to its first full stop."""
    words = _LABEL.sub("", item).rstrip("。")
    stop = words.find("。")
    return words[:stop] if stop > 0 and len(words) > 80 else words


def _tells(part: str, title: str) -> bool:
    """Whether a sentence of a content's cell tells of something held inside the task, and not of itself again."""
    plain = re.sub(r"[“”\s]", "", title)
    return (
        _ACT.match(_title(part)) is not None
        and plain not in re.sub(r"[“”\s]", "", part)
        and len(part) <= _LONGEST_INNER
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
