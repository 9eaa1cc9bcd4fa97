"""Which format a client gets (RFC 9110 §12.5.1)."""

from __future__ import annotations

from kg.core.errors import UsageError

TABLE_TYPES = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
GRAPH_TYPES = {
    "text/turtle": "ttl",
    "application/n-triples": "nt",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdf",
}

_SHOWN = 100  # characters of what was asked for that an error repeats


def negotiate(accept: str, types: dict[str, str]) -> str:
    """The media type to answer with: the client's best that we have; ours where it has no wish.

    The most specific range that covers a type gives its weight: `text/csv;q=0.5, text/*` weighs CSV 0.5 and TSV 1.
    Between equal weights a range that says more wins, then the one that comes first. Raises `UsageError` (406).
    """
    ranges = [_range(part) for part in accept.split(",") if part.strip()] or [("*/*", 1.0)]
    best: tuple[float, int, int] | None = None
    chosen = ""
    for known in types:
        covering = [
            (_specificity(media), -position, weight)
            for position, (media, weight) in enumerate(ranges)
            if media in ("*/*", known) or (media.endswith("/*") and known.startswith(media[:-1]))
        ]
        if covering:
            specificity, position, weight = max(covering)
            if weight > 0 and (best is None or (weight, specificity, position) > best):
                best, chosen = (weight, specificity, position), known
    if best is None:
        shown = accept if len(accept) <= _SHOWN else accept[:_SHOWN] + "…"
        raise UsageError(f"无法给出所要的格式 {shown}，可用：{'、'.join(types)}", status=406)
    return chosen


def _range(part: str) -> tuple[str, float]:
    media, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = next((p[2:] for p in parameters if p.startswith("q=")), "1")
    try:
        return media, float(quality)
    except ValueError:
        return media, 0.0


def _specificity(media: str) -> int:
    return 0 if media == "*/*" else 1 if media.endswith("/*") else 2
