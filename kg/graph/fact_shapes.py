"""What a graph of facts must satisfy (SHACL), as `kg.core.facts` declares it; the rest is `ontology/shapes.ttl`.

A field that is needed stands once (at least once where it is a list), a number is a number, one of several values is
one of them, and what was read from words names the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import get_origin

from kg.core.declaration import Field, Kind, Written, hint_of
from kg.core.facts import JUDGED
from kg.core.model import Evidence
from ontology.terms import OA, PROV, XSD, term

_SH = "http://www.w3.org/ns/shacl#"
_NUMBERS = {int: XSD.integer, float: XSD.decimal, bool: XSD.boolean}


def kinds_to_shapes(kinds: Iterable[Kind]) -> str:
    """The shapes of these kinds as Turtle without prefixes; a kind that is not in the graph has none."""
    limited = ((kind, [p for field in kind.fields for p in _properties(kind, field)]) for kind in kinds if kind.rdf)
    return "".join(_shape(kind, parts) for kind, parts in limited if parts)


def _shape(kind: Kind, parts: Iterable[str]) -> str:
    properties = "".join(f" ;\n    <{_SH}property> [ {part} ]" for part in parts)
    targets = " , ".join(f"<{term(name)}>" for name in kind.rdf)
    return f"[] a <{_SH}NodeShape> ;\n    <{_SH}targetClass> {targets}{properties} .\n"


def _properties(kind: Kind, field: Field) -> Iterator[str]:
    hint, absent = hint_of(kind, field)
    if hint is Evidence and not absent and kind.states:
        quoted = f"<{_SH}minCount> 1 ; <{_SH}class> <{OA.SpecificResource}>"
        yield _property(PROV.wasQuotedFrom, quoted, f"{kind.label}应有原文出处")
    if not field.rdf or field in JUDGED:  # what all facts have is said once, in shapes.ttl
        return
    limits = [f"<{_SH}minCount> 1"] if field.needed else []
    if field.needed and hint is str and field.written is not Written.DATE:
        limits.append(f"<{_SH}minLength> 1")
    if field.choices:
        limits.append(f"<{_SH}in> ( {' '.join(f'<{term(choice.rdf)}>' for choice in field.choices)} )")
    elif hint in _NUMBERS:
        limits.append(f"<{_SH}datatype> <{_NUMBERS[hint]}>")
    if limits:
        several = [] if get_origin(hint) is tuple else [f"<{_SH}maxCount> 1"]
        yield _property(term(field.rdf), " ; ".join(limits + several), field.needed or _unmet(kind, field))


def _unmet(kind: Kind, field: Field) -> str:
    if field.choices:
        return f"{kind.label}的{field.label}应是{'、'.join(choice.label for choice in field.choices)}之一"
    return f"{kind.label}的{field.label}应是一个数"


def _property(path: str, limits: str, message: str) -> str:
    return f'<{_SH}path> <{path}> ; {limits} ; <{_SH}message> "{message}"@zh'
