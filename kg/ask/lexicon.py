"""The names and pointers of one generation, gathered when it is published and loaded in milliseconds.

What it holds are the words under which things may be asked for; every fact in an answer comes from the graph or from
the text of a document. Kept are the shares of documents (`kg.ask.shares`), what they come to together when they were
last put together (`kg.ask.folded`), and what is said beside the documents, by reference data and by people.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import msgspec

from kg.ask import folded
from kg.ask.folded import Body, Folded, Policy
from kg.ask.shares import SHARES, Doc, Event, Share, policy_claims, policy_key, share_of, slot_term
from kg.ask.text import plain
from kg.ask.titles import other_names, policy_called_as
from kg.core.collector import paused
from kg.core.corrections import BODY, Action, Correction
from kg.core.errors import EnvironmentProblem
from kg.core.model import Document
from kg.core.segments import Segments, link
from kg.core.sounds import sound

LEXICON_VERSION = "ask-6"
"""Goes up with each change of what this module writes."""

FILE = "said.msgpack"
_COUNTED = ("body", "policy", "series")


class Concept(msgspec.Struct, frozen=True, array_like=True):
    """A series of activities with the words for it; `used`: a held document has it."""

    label: str
    words: tuple[str, ...]
    used: bool


class Lexicon(msgspec.Struct, frozen=True):
    """All names of one generation."""

    documents: tuple[Doc, ...]
    bodies: tuple[Body, ...]
    series: tuple[Concept, ...]
    policies: tuple[Policy, ...]
    events: tuple[Event, ...]
    places: tuple[str, ...]  # qualified names of places that a document is of or that an activity touches
    terms: dict[str, str]  # how a phrase sounds -> the phrase


class _Said(msgspec.Struct, array_like=True):
    """What is said beside the documents: policies and series of the reference data, other names of bodies."""

    policies: list[Policy]
    series: list[tuple[str, tuple[str, ...]]]
    heard: dict[str, str]  # as `Lexicon.terms`, of the series
    names: list[tuple[str, str]]


class _Catalogue(Protocol):
    def documents(self) -> Iterable[Any]: ...
    def document(self, document_id: str, /) -> Document: ...
    def corrections(self, *, kinds: Sequence[str]) -> Iterable[Correction]: ...


def build_lexicon(
    target: Path,
    catalogue: _Catalogue,
    reference: Any,
    *,
    previous: Path | None = None,
    changed: Iterable[str] = (),
    removed: Iterable[str] = (),
    names: int | None = None,
) -> dict[str, Any]:
    """Write what `load_lexicon` reads into `target`; returns the manifest's entries: how many things have `names`.

    With the folder of a previous generation, and its number of names, only the documents that `changed` are read; the
    others' shares are those that it holds. What people say that bodies are called is of no document, and is added by
    whoever reads.
    """
    target.mkdir(parents=True, exist_ok=True)
    (target / FILE).write_bytes(msgspec.msgpack.encode(_said(catalogue, reference)))
    held = Segments.open(previous, SHARES) if previous is not None and names is not None else Segments(SHARES)
    with paused():
        if previous is None or names is None or not held.is_there:
            shares = [share_of(catalogue.document(summary.id)) for summary in catalogue.documents()]
            held.save(target, {share.doc.id: (share.doc.source, share) for share in shares})
            return {"names": _fold(target, shares)}
        return {"names": names + _renew(target, catalogue, held, previous, frozenset(changed), frozenset(removed))}


def _renew(
    target: Path,
    catalogue: _Catalogue,
    held: Segments[Share],
    previous: Path,
    changed: frozenset[str],
    removed: frozenset[str],
) -> int:
    """The files of the next generation, from those of the one before; by how many the names have grown."""
    now: dict[str, Share | None] = {key: share_of(catalogue.document(key)) for key in sorted(changed)}
    now |= dict.fromkeys(sorted(removed - changed))
    packed = {key: msgspec.msgpack.encode(share) if share is not None else None for key, share in now.items()}
    heirs = folded.heirs(held, packed)
    slots = [slot for slot in folded.slots_of((*now.values(), *map(held.get, now))) if slot[0] in _COUNTED]
    rows = {key: (share.doc.source, share) if share is not None else None for key, share in now.items()}
    rows |= {key: (share.doc.source, share) for key, share in heirs.items()}
    is_anew = held.save(target, rows, again=heirs)
    after = Segments.open(target, SHARES)
    if is_anew:
        _fold(target, [share for _, share in after.base()])
    else:
        for path in folded.files(previous):
            link(path, target / path.name)
    return sum(after.finds(slot_term(slot)) - held.finds(slot_term(slot)) for slot in slots)


def _fold(target: Path, shares: Sequence[Share]) -> int:
    """Write what shares come to; how many names they have."""
    found, slots = folded.fold(sorted(shares, key=lambda share: share.order))
    folded.save(target, found, slots)
    return sum(slot[0] in _COUNTED for slot in slots)


def _said(catalogue: _Catalogue, reference: Any) -> _Said:
    policies = []
    for record in reference.policies:
        if key := policy_key(record.title, record.number):
            claims = policy_claims(key, record.title, record.number, record.aliases)
            names = tuple(dict.fromkeys(value for _, field, value in claims if field == "name"))
            policies.append(Policy(record.title, record.number, names, key, policy_called_as(names)))
    others: list[tuple[str, str]] = []
    for correction in catalogue.corrections(kinds=(BODY,)):
        told = (correction.was["name"], correction.values["name"])
        if correction.action in (Action.MERGE, Action.OTHER_NAME):
            others.append(told[::-1] if correction.action is Action.MERGE else told)
    series = [(record.label, tuple(record.aliases)) for record in reference.series]
    return _Said(policies, series, _heard(word for label, words in series for word in (label, *words)), others)


def _heard(words: Iterable[str]) -> dict[str, str]:
    return {sound(plain(word)): plain(word) for word in words if len(word) > 2}


def load_lexicon(folder: Path) -> Lexicon:
    """The lexicon of a generation. Raises `EnvironmentProblem` when it is missing or of another version."""
    path = folder / FILE
    try:
        return _load(path, path.stat().st_mtime_ns)
    except (OSError, msgspec.DecodeError, EnvironmentProblem) as error:
        raise EnvironmentProblem("问答词表缺失或版本不符。请运行 policykg rebuild 重建索引") from error


@lru_cache(maxsize=2)
def _load(path: Path, _stamp: int) -> Lexicon:
    with paused():
        said = msgspec.msgpack.decode(path.read_bytes(), type=_Said)
        return _whole(folded.load(path.parent, Segments.open(path.parent, SHARES)), said)


def _whole(found: Folded, said: _Said) -> Lexicon:
    """What documents say, with what is said beside them."""
    bodies = found.bodies
    for known, other in said.names:
        bodies = [_also_called(body, plain(other)) if body.name == known else body for body in bodies]
    used = set(found.series)
    series = [Concept(label, words, label in used) for label, words in said.series]
    others = sorted(used - {label for label, _ in said.series})
    series += [Concept(label, (), True) for label in others]
    return Lexicon(
        tuple(found.documents),
        tuple(bodies),
        tuple(series),
        tuple(_with_known(found.policies, said.policies)),
        tuple(found.events),
        tuple(found.places),
        dict(found.terms) | said.heard | _heard(others),
    )


def _also_called(body: Body, form: str) -> Body:
    forms = tuple(dict.fromkeys((*body.forms, form)))
    asked = other_names(body.name, body.place, forms, group=body.group)
    return msgspec.structs.replace(body, forms=forms, asked=asked)


def _with_known(policies: Sequence[Policy], known: Sequence[Policy]) -> list[Policy]:
    """Policies, with what the reference data say of them and of others."""
    out = list(policies)
    numbers = {policy.key: number for number, policy in enumerate(out)}
    for policy in known:
        number = numbers.setdefault(policy.key, len(out))
        if number == len(out):
            out.append(policy)
            continue
        held = out[number]
        names, asked = (
            tuple(dict.fromkeys((*a, *b))) for a, b in ((held.names, policy.names), (held.asked, policy.asked))
        )
        out[number] = Policy(held.title, held.number or policy.number, names, held.key, asked)
    return out
