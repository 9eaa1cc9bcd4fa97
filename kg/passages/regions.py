"""Stretches of a document that share a heading path: what passages are cut from.

A heading leads the text under it. Only a plain heading with other headings below it (二、主要任务, 第一章 总则) is left
out, because it stands in the path of every passage there; a clause that was taken for a heading is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kg.core.model import Document, Section

Path = tuple[str, ...]

TITLE_IN_TEXT = 2  # headings from this level down lead the text before their first sub-heading
LONGEST_PLAIN = 40  # characters of a heading that is only a heading
SHORT = 80  # an item below this is read together with its neighbours
LONGEST_LIST = 300  # characters of items put together

_MATTERS = re.compile(r"\w")
_CLAUSE = re.compile("[。；！？;!?，,：:]")


@dataclass(frozen=True, slots=True)
class Region:
    """`text[start:end]` under the headings `path`."""

    path: Path
    start: int
    end: int


def document_to_regions(document: Document) -> list[Region]:
    """Disjoint and ascending; together they cover the text but for plain headings and blanks."""
    return [region for region in _regions(document) if _MATTERS.search(document.text, region.start, region.end)]


def _regions(document: Document) -> Iterator[Region]:
    text, sections = document.text, document.sections
    paths = section_paths(sections)
    order = sorted(range(len(sections)), key=lambda i: (sections[i].start, -sections[i].end))
    position = 0
    open_: list[int] = []  # sections that contain `position`, outermost first
    for place, index in enumerate(order):
        section = sections[index]
        if section.start < position:  # overlapping headings: the text before stays with the earlier one
            continue
        while open_ and sections[open_[-1]].end <= section.start:
            inner = open_.pop()
            yield from _region(paths[inner], position, sections[inner].end)
            position = max(position, sections[inner].end)
        yield from _region(paths[open_[-1]] if open_ else (), position, section.start)
        open_.append(index)
        following = sections[order[place + 1]].start if place + 1 < len(order) else len(text)
        has_children = following < section.end
        keeps = _keeps_title(text, section, min(following, section.end), has_children=has_children)
        position = section.start if keeps else section.body_start
    while open_:
        inner = open_.pop()
        yield from _region(paths[inner], position, sections[inner].end)
        position = max(position, sections[inner].end)
    yield from _region((), position, len(text))


def _region(path: Path, start: int, end: int) -> Iterator[Region]:
    if start < end:
        yield Region(path, start, end)


def _keeps_title(text: str, section: Section, first_child: int, *, has_children: bool) -> bool:
    """Whether the heading leads the section's text instead of being in the path only."""
    heading = text[section.start : section.body_start].strip()
    if not has_children or len(heading) > LONGEST_PLAIN or _CLAUSE.search(heading):
        return True
    body = _MATTERS.search(text, section.body_start, max(section.body_start, first_child))
    if body is None:
        return False
    inline = "\n" not in text[section.start : body.start()]
    return inline or section.level >= TITLE_IN_TEXT


def section_paths(sections: Sequence[Section]) -> list[Path]:
    """The headings above each section and its own, as they are shown."""
    return [_path(sections, i) for i in range(len(sections))]


def _path(sections: Sequence[Section], index: int) -> Path:
    names: list[str] = []
    seen: set[int] = set()
    at: int | None = index
    while at is not None and at not in seen:
        seen.add(at)
        section = sections[at]
        title = section.title.strip()
        label = section.label.strip()
        gap = " " if label.startswith("第") else ""  # 第三章 总则, but 一、总则
        names.append(title if not label or title.startswith(label) else f"{label}{gap}{title}".strip())
        at = section.parent
    return tuple(reversed(names))


def join_lists(text: str, regions: Sequence[Region]) -> list[Region]:
    """Short items of one list put together, with the sentence that they follow (有下列情形之一的：)."""
    out: list[Region] = []
    for region in regions:
        last = out[-1] if out else None
        joined = _joined(text, last, region) if last is not None else None
        if joined is None:
            out.append(region)
        else:
            out[-1] = joined
    return out


def _joined(text: str, last: Region, item: Region) -> Region | None:
    if not item.path or item.end - item.start >= SHORT or item.end - last.start > LONGEST_LIST:
        return None
    if text[last.end : item.start].strip():  # a heading of the path stands between them
        return None
    above = item.path[:-1]
    if last.path == above and text[last.start : last.end].rstrip().endswith(("：", ":")):
        return replace(last, end=item.end)
    siblings = last.path == above or (last.path[:-1] == above and last.path and last.end - last.start < SHORT)
    if siblings and _is_item(text, item) and (last.path != above or _is_list(text, last)):
        return Region(above, last.start, item.end)
    return None


def _is_item(text: str, region: Region) -> bool:
    """A line of its own: a heading with a body of several lines is a thought of its own."""
    return "\n" not in text[region.start : region.end].strip()


def _is_list(text: str, region: Region) -> bool:
    """What was put together before: its lines end as items do."""
    lines = text[region.start : region.end].strip().splitlines()
    return len(lines) > 1 and all(len(line.strip()) < SHORT for line in lines[1:])
