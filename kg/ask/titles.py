"""The forms in which a title and the name of a body are asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.ask.text import plain
from kg.core.ids import title_key

_SENT_OUT = re.compile(r"(?:印发|发布|公布|下发|转发)([^《》]{4,60})的(?:通知|公告|函|决定)$")
_DATED = re.compile(r"[(（]\d{4}[^()（）]{0,12}[)）]$")
_QUOTED = re.compile(r"《([^《》]{4,60})》")
_SHORTEST_TITLE = 3
_TELLING = 5  # characters of a name without its place
_TIERS = "省市州区县旗"


def other_titles(title: str, place: str) -> tuple[str, ...]:
    """The forms under which a document's title is found, beside the whole: undated, what 印发《…》 sends out."""
    keys = [title_key(_DATED.sub("", title))]
    if (inner := _QUOTED.search(title)) and title.endswith("通知"):
        keys.append(title_key(inner[1]))
    elif sent := _SENT_OUT.search(title):
        keys.append(title_key(sent[1]))
    for cut in range(len(place) - _SHORTEST_TITLE + 1):
        if title.startswith(place[cut:]):  # 上海职业病防治条例, without 市
            keys.append(title_key(place[cut:-1] + _DATED.sub("", title)[len(place) - cut :]))
            break
    return tuple(key for key in dict.fromkeys(keys) if key and key != title_key(title))


def other_names(name: str, place: str | None, forms: Sequence[str], *, group: bool) -> tuple[str, ...]:
    """The forms under which a body is found, beside those that documents write: without its place, with it."""
    return (*_without_place(name, place or "", forms, group=group), *_with_place(name, forms))


def policy_called_as(names: Sequence[str]) -> tuple[str, ...]:
    """The forms under which a policy is found."""
    return tuple(dict.fromkeys(key for key in map(title_key, names) if len(key) > _SHORTEST_TITLE))


def _without_place(name: str, place: str, forms: Sequence[str], *, group: bool) -> list[str]:
    """上海市工业经济联合会 is also asked for as 工业经济联合会, where that is long enough to be told."""
    for cut in range(len(place)):
        if len(place) - cut > 1 and name.startswith(place[cut:]):
            rest = plain(name[len(place) - cut :])
            return [rest] if len(rest) >= _TELLING and not group and rest not in forms else []
    return []


def _with_place(name: str, forms: Sequence[str]) -> list[str]:
    """市住房保障办 of a text is also asked for as 广州市住房保障办."""
    out = []
    for form in forms:
        at = name.find(form[:2]) if form and form[0] in _TIERS else -1
        if at > 0 and name[: at + 1] not in form:
            out.append(plain(name[:at] + form))
    return [form for form in dict.fromkeys(out) if form not in forms]
