"""Facts as the JSON of the command-line contract (DESIGN §6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from kg.catalogue import Summary
from kg.core.model import Activity, AgencyEntry, Document, Evidence, Notice, Party, PolicyReference

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
) -> Json:
    """`policykg document`. `held` finds the document that a reference means; contacts are personal data."""
    return {
        "id": item.id,
        "source": item.source,
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
        "activities": [activity(a, item.page_of) for a in item.activities],
        "policy_references": [policy_reference(r, held(r), item.page_of) for r in item.policy_references],
        "works": [
            {"title": w.title, "kind": w.kind, "evidence": evidence(w.evidence, item.page_of)} for w in item.works
        ],
        "figures": [
            {
                "what": f.what,
                "value": f.value,
                "upper": f.upper,
                "unit": f.unit,
                "qualifier": f.qualifier,
                "scope": f.scope,
                "as_of": f.as_of,
                "as_written": f.as_written,
                "evidence": evidence(f.evidence, item.page_of),
            }
            for f in item.figures
        ],
        "agencies": [agency(a) for a in item.agencies],
        "places": [
            {"name": p.name, "qualified": p.qualified, "code": p.code, "as_written": list(p.as_written)}
            for p in item.places
        ],
        "deadlines": [
            {"what": d.what, "date": d.date, "to": d.to, "evidence": evidence(d.evidence, item.page_of)}
            for d in item.deadlines
        ],
        "contacts": [
            {
                "unit": c.unit,
                "persons": list(c.persons),
                "phones": list(c.phones),
                "emails": list(c.emails),
                "evidence": evidence(c.evidence, item.page_of),
            }
            for c in (item.contacts if with_contacts else ())
        ],
        "notices": [
            {
                "code": n.code,
                "message": n.message,
                "evidence": evidence(n.evidence, item.page_of) if n.evidence else None,
            }
            for n in (*item.notices, *_not_held(item, held))
        ],
    }


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
    return {
        "name": item.name,
        "as_written": item.as_written,
        "role": item.role,
        "kind": item.kind,
        "members": [member.name for member in item.members],
        "place": item.place,
    }


def activity(item: Activity, page_of: PageOf = _no_page) -> Json:
    """One activity."""
    return {
        "id": item.id,
        "no": item.no,
        "section": item.section,
        "title": item.title,
        "parent": item.parent,
        "status": item.status,
        "responsible": [party(p) for p in item.responsible],
        "series": item.series,
        "themes": list(item.themes),
        "places": list(item.places),
        "period": list(item.period) if item.period else None,
        "audience": item.audience,
        "evidence": evidence(item.evidence, page_of),
    }


def policy_reference(item: PolicyReference, document_id: str | None, page_of: PageOf = _no_page) -> Json:
    """A policy that the document names; `document_id` where it is held."""
    return {
        "as_written": item.as_written,
        "title": item.title,
        "number": item.number,
        "issuer": item.issuer,
        "relation": item.relation,
        "alias_of": item.alias_of,
        "date": item.date,
        "document_id": document_id,
        "evidence": evidence(item.evidence, page_of),
    }


def agency(item: AgencyEntry) -> Json:
    """A body that the document names."""
    return {
        "name": item.name,
        "as_written": list(item.as_written),
        "kind": item.kind,
        "region": item.region,
        "parent": item.parent,
        "members": list(item.members),
    }


def summaries(items: Iterable[Summary]) -> list[Json]:
    """`policykg documents`."""
    return [summary(item) for item in items]
