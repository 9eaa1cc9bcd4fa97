"""The names of a lexicon under the forms in which questions have them, made when a generation is published.

A generation of before there were such tables has none: they are made of its lexicon where it is opened.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from kg.ask.lexicon import Body, Lexicon
from kg.ask.text import all_plain, plain
from kg.core.ids import title_key

FILE = "tables.msgpack"
TABLES_VERSION = "1"
"""Goes up with each change of what this module writes, `plain` and `title_key` among it."""

_SENT_OUT = re.compile(r"(?:印发|发布|公布|下发|转发)([^《》]{4,60})的(?:通知|公告|函|决定)$")
_DATED = re.compile(r"[(（]\d{4}[^()（）]{0,12}[)）]$")
_QUOTED = re.compile(r"《([^《》]{4,60})》")
_SHORTEST_TITLE = 3
_TELLING = 5  # characters of a name without its place
_TIERS = "省市州区县旗"


class Tables(msgspec.Struct, frozen=True, array_like=True):
    """Names -> numbers in the lists of the lexicon; `size` is that of its file in bytes."""

    version: str
    size: int
    bodies: dict[str, tuple[int, ...]]  # by the forms in which documents write them
    titles: dict[str, tuple[int, ...]]
    policies: dict[str, int]
    series: dict[str, int]
    plain_titles: tuple[str, ...]  # of all documents, in their order


def tables_of(lexicon: Lexicon, size: int = 0) -> Tables:
    """The tables of a lexicon."""
    bodies: dict[str, list[int]] = {}
    for number, body in enumerate(lexicon.bodies):
        for form in (*body.forms, *_without_place(body), *_with_place(body)):
            bodies.setdefault(form, []).append(number)
    titles: dict[str, list[int]] = {}
    for number, doc in enumerate(lexicon.documents):
        for key in _keys_of(doc.title, doc.place or ""):
            titles.setdefault(key, []).append(number)
    policies: dict[str, int] = {}
    for number, policy in enumerate(lexicon.policies):
        for name in policy.names:
            if len(key := title_key(name)) > _SHORTEST_TITLE:
                policies.setdefault(key, number)
    series: dict[str, int] = {}
    for number, concept in enumerate(lexicon.series):
        for word in (concept.label, *concept.words):
            series.setdefault(plain(word), number)
    return Tables(
        TABLES_VERSION,
        size,
        {form: tuple(numbers) for form, numbers in bodies.items()},
        {key: tuple(numbers) for key, numbers in titles.items()},
        policies,
        series,
        tuple(all_plain([doc.title for doc in lexicon.documents])),
    )


def write_tables(folder: Path, lexicon: Lexicon, size: int) -> None:
    """Keep the tables of the lexicon beside it; `size` is that of its file."""
    (folder / FILE).write_bytes(msgspec.msgpack.encode(tables_of(lexicon, size)))


def load_tables(folder: Path, lexicon: Lexicon, size: int) -> Tables:
    """Those that were kept, or else made of the lexicon."""
    try:
        found = msgspec.msgpack.decode((folder / FILE).read_bytes(), type=Tables)
    except (OSError, msgspec.MsgspecError):
        return tables_of(lexicon, size)
    return found if (found.version, found.size) == (TABLES_VERSION, size) else tables_of(lexicon, size)


def _without_place(body: Body) -> list[str]:
    """上海市工业经济联合会 is also asked for as 工业经济联合会, where that is long enough to be told."""
    place = body.place or ""
    for cut in range(len(place)):
        if len(place) - cut > 1 and body.name.startswith(place[cut:]):
            rest = plain(body.name[len(place) - cut :])
            return [rest] if len(rest) >= _TELLING and not body.group and rest not in body.forms else []
    return []


def _with_place(body: Body) -> list[str]:
    """市住房保障办 of a text is also asked for as 广州市住房保障办."""
    out = []
    for form in body.forms:
        at = body.name.find(form[:2]) if form[0] in _TIERS else -1
        if at > 0 and body.name[: at + 1] not in form:
            out.append(plain(body.name[:at] + form))
    return [form for form in dict.fromkeys(out) if form not in body.forms]


def _keys_of(title: str, place: str) -> list[str]:
    """The forms under which a document's title is found: whole, without its date, what 印发《…》 sends out."""
    keys = [title_key(title), title_key(_DATED.sub("", title))]
    if (inner := _QUOTED.search(title)) and title.endswith("通知"):
        keys.append(title_key(inner[1]))
    elif sent := _SENT_OUT.search(title):
        keys.append(title_key(sent[1]))
    for cut in range(len(place) - _SHORTEST_TITLE + 1):
        if title.startswith(place[cut:]):  # 上海职业病防治条例, without 市
            keys.append(title_key(place[cut:-1] + _DATED.sub("", title)[len(place) - cut :]))
            break
    return [key for key in dict.fromkeys(keys) if key]
