"""Passage ids as integers, because FAISS and tantivy's fast fields store 64-bit integers.

`d-3f9a1c20b7-p12` <-> 0x3f9a1c20b7 << 23 | 12: forty bits of document, twenty-three of passage number. The key is
a bijection, so it is stable over builds and needs no table; a document's passages are one range of keys.
"""

from __future__ import annotations

import re

_ID = re.compile(r"d-([0-9a-f]{10})-p(\d+)")
_DOCUMENT_ID = re.compile(r"d-([0-9a-f]{10})")
NUMBER_BITS = 23


def passage_key(passage_id: str) -> int:
    """The integer of a passage id; `ValueError` for an id of another form."""
    match = _ID.fullmatch(passage_id)
    if not match or int(match[2]) >> NUMBER_BITS:
        raise ValueError(f"not a passage id: {passage_id!r}")
    return int(match[1], 16) << NUMBER_BITS | int(match[2])


def passage_id(key: int) -> str:
    """The inverse of `passage_key`."""
    return f"d-{key >> NUMBER_BITS:010x}-p{key & ((1 << NUMBER_BITS) - 1)}"


def document_number(document_id: str) -> int:
    """The upper bits of the keys of a document's passages; `ValueError` for an id of another form."""
    match = _DOCUMENT_ID.fullmatch(document_id)
    if not match:
        raise ValueError(f"not a document id: {document_id!r}")
    return int(match[1], 16)


def document_of(number: int) -> str:
    """The inverse of `document_number`."""
    return f"d-{number:010x}"


def document_range(document_id: str) -> tuple[int, int]:
    """Half-open range of the keys of a document's passages."""
    first = document_number(document_id) << NUMBER_BITS
    return first, first + (1 << NUMBER_BITS)
