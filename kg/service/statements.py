"""From what a person points at (a document and a path in its JSON) to the statement that the catalogue keeps.

A path is what `policykg document` shows: `activities/3`, `activities/3/responsible/1`, `figures/2`, `to_check/1`
(numbers from 1), or `document` for the header; for something new the list alone: `figures`, `activities/3/responsible`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from kg.core.anchors import Anchor, anchor_at
from kg.core.corrections import BODY, POLICY, Action, Correction, checked
from kg.core.declaration import Kind
from kg.core.errors import UnknownName, UsageError
from kg.core.facts import ACTIVITY, AGENCY, DOUBT, DUTY, KINDS, kind_named
from kg.core.header import HEADER
from kg.core.model import Activity, Document
from kg.core.overlay import anchor_of

Json = dict[str, Any]
Resolve = Callable[[str, Document], Json]
"""A body's name in the context of a document -> `{"name", "place", "kind", "category", "parent"}`, as far as known."""

_OF_READING = ("id", "parent", "rule", "confidence", "review", "evidence", "start", "end", "spans", "proposal")
_GENERAL = (Action.MERGE, Action.SPLIT, Action.OTHER_NAME, Action.SUCCESSOR)


@dataclass(frozen=True, slots=True)
class Pointed:
    """What a path points at: a fact, or (with none) a list to add to; of a duty with its activity."""

    kind: Kind
    fact: Any = None
    activity: Activity | None = None


def pointed_at(document: Document, path: str) -> Pointed:
    """What a path means in a document. Raises `UnknownName`."""
    parts = path.strip("/").split("/")
    kind = kind_named(parts[0]) if parts else None
    if kind is None or kind is DUTY:
        raise UnknownName("事实", path, [HEADER, *(kind.key for kind in KINDS)])
    facts = getattr(document, kind.key)
    if len(parts) == 1:
        return Pointed(kind)
    fact = _numbered(facts, parts[1], path)
    if len(parts) == 2:
        return Pointed(kind, fact)
    if kind is not ACTIVITY or parts[2] != DUTY.name:
        raise UnknownName("事实", path)
    if len(parts) == 3:
        return Pointed(DUTY, None, fact)
    return Pointed(DUTY, _numbered(fact.responsible, parts[3], path), fact)


def _numbered(facts: Sequence[Any], number: str, path: str) -> Any:
    if not number.isdigit() or not 1 <= int(number) <= len(facts):
        raise UnknownName("事实", path, [f"{path.rpartition('/')[0]}/{n}" for n in range(1, len(facts) + 1)][:3])
    return facts[int(number) - 1]


def about_document(
    document: Document,
    action: str,
    path: str,
    values: Mapping[str, Any],
    *,
    quote: str | None = None,
    resolve: Resolve = lambda name, _: {"name": name},
) -> Correction:
    """The statement about a fact, or about the header, of one document. Raises `UsageError`, `UnknownName`."""
    act = _action(action, (Action.CONFIRM, Action.CORRECT, Action.REJECT, Action.ADD))
    if act is Action.CORRECT and not values:
        raise UsageError("请给出要改的字段，如 name=青浦区教育局")
    if path.strip("/") == HEADER:
        return _about_header(document, act, values)
    pointed = pointed_at(document, path)
    if act is Action.ADD:
        if pointed.fact is not None:
            raise UsageError(f"补充时只写清单，不写序号：{path.rpartition('/')[0]}")
        return _added(document, pointed, values, quote, resolve)
    if pointed.fact is None:
        raise UsageError(f"请写明是第几条：{path}/1")
    return _about_fact(document, act, pointed, values, resolve)


def _about_header(document: Document, act: Action, values: Mapping[str, Any]) -> Correction:
    if act not in (Action.CORRECT, Action.CONFIRM):
        raise UsageError("文档要素只能更正（correct）或确认（confirm）")
    told = checked(HEADER, values)
    was = {name: msgspec.to_builtins(getattr(document, name)) for name in told}
    words = next((document.header_evidence[name] for name in told if name in document.header_evidence), None)
    anchor = anchor_at(document.text, words.start, words.end) if words else None
    return Correction("", act, HEADER, document.id, anchor, was, told)


def _about_fact(
    document: Document, act: Action, pointed: Pointed, values: Mapping[str, Any], resolve: Resolve
) -> Correction:
    kind, fact, doubt = pointed.kind, pointed.fact, ""
    if kind is DOUBT:
        kind, was, doubt = _doubted(fact)
        anchor = anchor_at(document.text, fact.evidence.start, fact.evidence.end)
    else:
        was = snapshot(fact)
        anchor = anchor_of(document, kind, fact, pointed.activity)
    told = _with_body(kind, checked(kind.name, values), document, resolve) if act is Action.CORRECT else {}
    if doubt and act is not Action.REJECT:
        checked(kind.name, _settable(kind, {**was, **told}), whole=True)
    return Correction("", act, kind.name, document.id, anchor, was, told, doubt, getattr(fact, "review", None))


def _added(
    document: Document, pointed: Pointed, values: Mapping[str, Any], quote: str | None, resolve: Resolve
) -> Correction:
    kind = pointed.kind
    told = _with_body(kind, checked(kind.name, values, whole=kind is not DUTY), document, resolve)
    if pointed.activity is not None:
        if not told.get("name"):
            raise UsageError("请写出机构名称：name=青浦区教育局")
        anchor = anchor_of(document, kind, None, pointed.activity)
        told = {"as_written": quote or told["name"], **told}
    else:
        anchor = _quoted(document, quote)
        if kind.known_by and "as_written" in kind.known_by:
            told = {"as_written": quote, **told}
    return Correction("", Action.ADD, kind.name, document.id, anchor, {}, told)


def _quoted(document: Document, quote: str | None) -> Anchor:
    at = document.text.find(quote) if quote else -1
    if not quote or at < 0:
        raise UsageError("补充的事实须有原文：请从正文中照抄一句（--quote）")
    return anchor_at(document.text, at, at + len(quote))


def about_body(
    action: str,
    name: str,
    other: str,
    *,
    kind: str = BODY,
    documents: Sequence[str] = (),
    told: Mapping[str, Any] | None = None,
) -> Correction:
    """Two names are one body or policy (merge), another body in some documents (split), an other name, a successor."""
    act = _action(action, _GENERAL)
    if not name.strip() or not other.strip() or name == other:
        raise UsageError("请给出两个不同的名称")
    if kind == POLICY:
        if act is not Action.MERGE:
            raise UsageError("政策只能合并（merge）")
        return Correction("", act, kind, was={"title": _bare(name)}, values={"title": _bare(other)})
    if act is Action.SPLIT and not documents:
        raise UsageError("分开时请指明是哪些文档（--document），其余文档中的同名机构不变")
    values: Json = {**(told or {}), "name": other.strip()}
    if act is Action.SPLIT:
        values["documents"] = list(documents)
    return Correction("", act, kind, was={"name": name.strip()}, values=values)


def _bare(title: str) -> str:
    return title.strip().removeprefix("《").removesuffix("》")


def _with_body(kind: Kind, told: Json, document: Document, resolve: Resolve) -> Json:
    """A duty's body with its place and category, as far as its name tells them."""
    if kind is not DUTY or "name" not in told:
        return told
    return {**resolve(str(told["name"]), document), **{k: v for k, v in told.items() if k != "name"}}


def _doubted(doubt: Any) -> tuple[Kind, Json, str]:
    """The fact that a doubt would be, as it was proposed."""
    kind = kind_named(doubt.kind)
    if kind is None:
        raise UnknownName("事实种类", doubt.kind)
    proposal: Json = json.loads(doubt.proposal) if doubt.proposal else {}
    if kind is AGENCY and proposal:
        written = proposal.get("as_written") or proposal["name"]
        proposal = {
            "name": proposal["name"], "kind": proposal.get("category"), "region": proposal.get("place"),
            "as_written": [written],
        }  # fmt: skip
    return kind, {name: value for name, value in proposal.items() if name not in _OF_READING}, doubt.text


def doubted_values(doubt: Any) -> Json:
    """The values of the fact that a doubt would be."""
    return _doubted(doubt)[1]


def snapshot(fact: Any) -> Json:
    """A fact without what only a reading knows of it."""
    return {name: value for name, value in msgspec.to_builtins(fact).items() if name not in _OF_READING}


def _settable(kind: Kind, values: Mapping[str, Any]) -> Json:
    from kg.core.corrections import to_set

    return {field.name: values[field.name] for field in to_set(kind.name) if values.get(field.name) is not None}


def _action(name: str, allowed: Sequence[Action]) -> Action:
    if name not in {act.value for act in allowed}:
        raise UnknownName("核定动作", name, [act.value for act in allowed])
    return Action(name)
