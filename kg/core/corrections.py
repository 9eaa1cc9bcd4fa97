"""What a person states about a fact: the statement, and whether its values fit the kind's declaration.

A statement is bound to the words that it speaks of (`kg.core.anchors`), so that it outlives another reading of the
file; `kg.core.overlay` puts it over what was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, get_type_hints

import msgspec

from kg.core.anchors import Anchor
from kg.core.declaration import Field, Kind, Written, hint_of, optional
from kg.core.errors import UnknownName, UsageError
from kg.core.facts import kind_named, label_of
from kg.core.header import HEADER, HEADER_FIELDS
from kg.core.model import Document

Json = dict[str, Any]

BODY, POLICY = "body", "policy"
"""Statements that are not of one document: what a body or a policy is called."""

_DAY = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_NOT_TO_SET = frozenset(
    ("id", "parent", "rule", "confidence", "review", "evidence", "start", "end", "spans", "members")
)


class Action(StrEnum):
    """What a person may state."""

    CONFIRM = "confirm"
    CORRECT = "correct"
    REJECT = "reject"
    ADD = "add"
    MERGE = "merge"  # two names are one body or policy
    SPLIT = "split"  # in these documents the name means another body
    OTHER_NAME = "other-name"
    SUCCESSOR = "successor"


ACTIONS = {
    Action.CONFIRM: "确认",
    Action.CORRECT: "更正",
    Action.REJECT: "否定",
    Action.ADD: "补充",
    Action.MERGE: "合并",
    Action.SPLIT: "分开",
    Action.OTHER_NAME: "又名",
    Action.SUCCESSOR: "更名为",
}


@dataclass(frozen=True, slots=True)
class Correction:
    """One statement. `was` is the fact as the person saw it, `values` what they say instead.

    `kind` is a kind's name, `document`, `body` or `policy`; `doubt` the words of the doubt that it settles; `over` the
    statement that the fact carried before.
    """

    id: str
    action: Action
    kind: str
    document_id: str | None = None
    anchor: Anchor | None = None
    was: Json = field(default_factory=dict)
    values: Json = field(default_factory=dict)
    doubt: str = ""
    over: str | None = None
    at: str = ""  # ISO 8601, UTC
    actor: str = ""
    via: str = ""
    undone_at: str | None = None
    undone_by: str | None = None
    stands: bool = True  # its words are in the text


def in_words(correction: Correction) -> str:
    """A statement in a line: 更正责任：机构 青浦区教育局，角色 牵头."""
    was, values = correction.was, correction.values
    act = ACTIONS[correction.action]
    if correction.kind in (BODY, POLICY):
        names = [str(side.get("name") or side.get("title") or "") for side in (was, values)]
        return f"{act}：{names[0]} → {names[1]}"
    fields = {f.name: f for f in to_set(correction.kind)}
    shown = [f"{fields[name].label} {_read(fields[name], v)}" for name, v in values.items() if name in _told_of(fields)]
    named = next((str(was[key]) for key in _NAMING if was.get(key)), "")
    return f"{act}{label_of(correction.kind)}：{'，'.join(shown) or named}"


_NAMING = ("name", "title", "what", "as_written", "target")


def _told_of(fields: Mapping[str, Field]) -> set[str]:
    """Without what the program added by itself: a body's sort and place."""
    return set(fields) - ({"kind", "place"} if "role" in fields else set())


def _read(field_: Field, value: Any) -> str:
    if value in (None, ""):
        return "（空）"
    if isinstance(value, Mapping):
        return str(value.get("date") or value.get("as_written"))
    if isinstance(value, list | tuple):
        return "、".join(map(str, value))
    labels = {choice.value: choice.label for choice in field_.choices}
    return labels.get(str(value), f"{value:.12g}" if isinstance(value, float) else str(value))


def to_set(kind_name: str) -> tuple[Field, ...]:
    """The fields of a kind that a person may set. Raises `UnknownName`."""
    if kind_name == HEADER:
        return HEADER_FIELDS
    kind = _kind(kind_name)
    return tuple(f for f in kind.fields if not (f.name in _NOT_TO_SET or f.given or _is_list_of_parts(kind, f)))


def checked(kind_name: str, values: Mapping[str, Any], *, whole: bool = False) -> Json:
    """The values in the types that the kind declares; `whole` where they must make a fact of their own.

    Raises `UnknownName` for a field that cannot be set, `UsageError` for a value that does not fit.
    """
    fields = {f.name: f for f in to_set(kind_name)}
    extra = {"place", "category", "parent"} if kind_name == "responsible" else set()
    out: Json = {}
    for name, value in values.items():
        if name in extra and name not in fields:
            out[name] = value
            continue
        if name not in fields:
            raise UnknownName("字段", name, fields)
        out[name] = _value(kind_name, fields[name], value)
    wanted = [f for f in fields.values() if f.needed and (whole or f.name in out)]
    if missing := [f.label for f in wanted if out.get(f.name) in (None, "")]:
        raise UsageError(f"缺少必填的字段：{'、'.join(missing)}")
    return out


def _value(kind_name: str, field_: Field, value: Any) -> Any:
    hint, absent = _hint(kind_name, field_)
    if value in (None, ""):
        if not absent and field_.needed:
            raise UsageError(f"{field_.label}不能为空")
        return None if absent else ""
    if field_.part is not None:
        inner = {"as_written": "", **value} if isinstance(value, Mapping) else {"date": value, "as_written": str(value)}
        return {name: _value(field_.part.name, field_.part.field(name), each) for name, each in inner.items()}
    if field_.choices:
        by_label = {choice.label: choice.value for choice in field_.choices}
        value = by_label.get(value, value)
        if value not in by_label.values():
            raise UnknownName(field_.label, str(value), by_label)
    if field_.written is Written.DATE:
        _must_be_day(field_, str(value))
    if getattr(hint, "__origin__", None) is tuple and isinstance(value, str):
        value = [part for part in re.split(r"[、,，;；]", value) if part.strip()]
    try:
        typed = msgspec.to_builtins(msgspec.convert(value, hint, strict=False))
    except msgspec.ValidationError as error:
        raise UsageError(f"{field_.label}的值“{value}”无效：应为{_called(hint)}") from error
    return list(typed) if isinstance(typed, tuple) else typed


def _must_be_day(field_: Field, value: str) -> None:
    problem = not _DAY.fullmatch(value)
    if not problem and len(value) > len("2024-09"):
        try:
            date.fromisoformat(value)
        except ValueError:
            problem = True
    if problem:
        raise UsageError(f"{field_.label}“{value}”应写成 2024-09-05、2024-09 或 2024")


def _called(hint: Any) -> str:
    return {int: "整数", float: "数"}.get(hint, "文字")


def _hint(kind_name: str, field_: Field) -> tuple[Any, bool]:
    if kind_name == HEADER:
        return optional(_document_hints()[field_.name])
    if kind_name == "due":
        return str, field_.name == "date"
    return hint_of(_kind(kind_name), field_)


def _document_hints() -> dict[str, Any]:
    return get_type_hints(Document)


def _is_list_of_parts(kind: Kind, field_: Field) -> bool:
    return field_.part is not None and getattr(hint_of(kind, field_)[0], "__origin__", None) is tuple


def _kind(name: str) -> Kind:
    kind = kind_named(name)
    if kind is None:
        raise UnknownName("事实种类", name, [HEADER, *kind_names()])
    return kind


def kind_names() -> Iterator[str]:
    """The kinds that a person may state something about."""
    from kg.core.facts import DUTY, KINDS

    return (kind.name for kind in (*KINDS, DUTY) if kind.name != "doubt" and (kind.known_by or kind.name == "activity"))
