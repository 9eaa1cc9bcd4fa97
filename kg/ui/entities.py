"""Where an IRI of the graph leads: the page of a document, an agency, a series, a policy, or what is stated of it."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlencode

from kg.service.querywords import compact
from kg.ui.grids import Link

_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_SPAN = re.compile(r"(?P<id>[^/]+)/span/(?P<start>\d+)-(?P<end>\d+)(?:/.*)?")
_DEEP = 2  # parts of the IRI of an agency or a collective: its place, its name


def entity_link(iri: str, base: str) -> Link | str:
    """The link of an IRI (`base` is that of the data); a blank node as it is.

    An IRI without a page of its own leads to the query that describes it.
    """
    if not _IRI.fullmatch(iri):
        return iri
    short = unquote(iri[len(base) :]) if iri.startswith(base) else compact(iri)
    return Link(short, _address(iri, base), iri)


def _address(iri: str, base: str) -> str:
    kind, _, rest = iri[len(base) :].partition("/") if iri.startswith(base) else ("", "", "")
    parts = [unquote(part) for part in rest.split("/")]
    if kind == "document" and rest:
        span = _SPAN.fullmatch(rest)
        if span:
            return f"documents?{urlencode(span.groupdict())}"
        if len(parts) == 1:
            return f"documents?{urlencode({'id': parts[0]})}"
    if kind in ("agency", "group") and len(parts) == _DEEP:
        return f"agencies?{urlencode({'agency': parts[1]})}"
    if kind == "series" and rest:
        return f"evolution?{urlencode({'series': parts[0]})}"
    if kind == "policy" and rest:
        return f"basis?{urlencode({'policy': parts[0]})}"
    return f"sparql?{urlencode({'query': f'DESCRIBE <{iri}>'})}"
