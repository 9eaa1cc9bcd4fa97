"""Facts as the JSON of the command-line contract, as `kg.core.facts` declares them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from kg.catalogue import Summary
from kg.core.declaration import Field, Kind
from kg.core.facts import ACTIVITY, DUTY, KINDS, NOTICE, REFERENCE, facts_of
from kg.core.model import Activity, Document, Evidence, Notice, Party, PolicyReference
from kg.core.parts import file_of

Json = dict[str, Any]
PageOf = Callable[[int], int | None]  # `Document.page_of`


def _no_page(_: int) -> None:
    return None


def summary(item: Summary) -> Json:
    """One entry of `policykg documents`."""
    return {
        "id": item.id,
        "source": item.source,
        "title": item.title,
        "year": item.year,
        "place": item.place,
        "kind": item.kind,
        "level": item.level,
        "date": item.date,
        "doc_number": item.doc_number,
    }


def document(
    item: Document,
    *,
    agency_iri: Callable[[str | None, str], str],
    held: Callable[[PolicyReference], str | None],
    with_contacts: bool = False,
    kinds: Sequence[Kind] = KINDS,
) -> Json:
    """`policykg document`. `held` finds the document that a reference means; contacts are personal data."""
    return {
        "id": item.id,
        "source": item.source,
        "part": _part(item),
        "title": item.title,
        "doc_number": item.doc_number,
        "issuers": [
            {"name": p.name, "as_written": p.as_written, "iri": agency_iri(p.place, p.name)} for p in item.issuers
        ],
        "kind": item.kind,
        "date": item.date,
        "printed_date": item.printed_date,
        "year": item.year,
        "level": item.level,
        "region": item.region,
        "theme": item.theme,
        "recipients": item.recipients,
        "period": list(item.period) if item.period else None,
        **{kind.key: _facts(item, kind, held, with_contacts=with_contacts) for kind in kinds},
    }


def _part(item: Document) -> Json | None:
    """Of a document in a file that holds several: the file, which one it is, and how many there are."""
    return item.part and {"file": file_of(item.source), "number": item.part[0], "of": item.part[1]}


def _facts(
    item: Document, kind: Kind, held: Callable[[PolicyReference], str | None], *, with_contacts: bool
) -> list[Json]:
    facts: Iterable[Any] = (each for _, each in facts_of(item, kind, with_contacts=with_contacts))
    if kind is REFERENCE:
        return [policy_reference(each, held(each), item.page_of) for each in facts]
    if kind is NOTICE:
        facts = (*facts, *_not_held(item, held))
    return [fact(kind, each, item.page_of) for each in facts]


def fact(kind: Kind, item: Any, page_of: PageOf = _no_page, **given: Any) -> Json:
    """One fact as it is declared; `given` are the values that its declaration leaves to the caller."""
    return {field.name: given[field.name] if field.given else _value(field, item, page_of) for field in kind.fields}


def _value(field: Field, item: Any, page_of: PageOf) -> Any:
    value = field.value(item) if field.value else getattr(item, field.name)
    if isinstance(value, Evidence):
        return evidence(value, page_of)
    if field.part is not None and value is not None:
        return (
            [fact(field.part, each, page_of) for each in value]
            if isinstance(value, tuple)
            else fact(field.part, value, page_of)
        )
    return _plain(value)


def _plain(value: Any) -> Any:
    return [_plain(each) for each in value] if isinstance(value, (tuple, list)) else value


def _not_held(item: Document, held: Callable[[PolicyReference], str | None]) -> list[Notice]:
    """A notice for each policy that the document cites and that is not held; depends on what else is held."""
    out: dict[str, Notice] = {}
    for reference in item.policy_references:
        name = f"《{reference.title}》" if reference.title else reference.number or reference.as_written
        if held(reference) is None and name not in out:
            out[name] = Notice("cited-not-held", f"引用的{name}未入库", reference.evidence)
    return list(out.values())


def evidence(item: Evidence, page_of: PageOf = _no_page) -> Json:
    """The words that carry a fact; with `page` where the format has pages."""
    page = page_of(item.start)
    return {"quote": item.quote, "start": item.start, "end": item.end} | ({} if page is None else {"page": page})


def party(item: Party) -> Json:
    """A responsible party. Members are names: what a collective stands for."""
    return fact(DUTY, item)


def activity(item: Activity, page_of: PageOf = _no_page) -> Json:
    """One activity."""
    return fact(ACTIVITY, item, page_of)


def policy_reference(item: PolicyReference, document_id: str | None, page_of: PageOf = _no_page) -> Json:
    """A policy that the document names; `document_id` where it is held."""
    return fact(REFERENCE, item, page_of, document_id=document_id)


def summaries(items: Iterable[Summary]) -> list[Json]:
    """`policykg documents`."""
    return [summary(item) for item in items]
