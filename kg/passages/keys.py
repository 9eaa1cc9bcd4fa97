"""Passages as integers, because FAISS and tantivy's fast fields store 64-bit integers.

    d-3f9a1c20b7d84e651f02-p12 <-> 0x3f9a1c20b7 << 23 | 12

Forty bits are the number of the document in a generation, twenty-three that of the passage in it; so a document's
passages are one range of keys. An id has eighty bits: the number is the first forty of them, and where another document
has those already (at a million documents two do, one corpus in three), the next one that is free. Hence a table of
numbers is kept with a generation (`kg.passages.held`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence

from kg.core.model import Passage

_ID = re.compile(r"d-([0-9a-f]{10})(?:[0-9a-f]{10})?")
_PASSAGE_ID = re.compile(r"(d-[0-9a-f]+)-p(\d+)")
_BITS = 40
NUMBER_BITS = 23


class Numbers:
    """Which number stands for which document. Without a table each is its first forty bits, as of ids of ten digits."""

    def __init__(self, table: Sequence[tuple[int, str]] = ()) -> None:
        self._numbers = [number for number, _ in table]  # ascending
        self._ids = [ident for _, ident in table]
        self._elsewhere = {ident: number for number, ident in table if number != first_bits(ident)}

    @classmethod
    def given(cls, ids: Iterable[str], before: Numbers | None = None) -> Numbers:
        """Numbers for documents (ids); those that had one before keep it. `ValueError` for an id of another form.

        From scratch the same documents have the same numbers, in whatever order they came.
        """
        wanted = set(ids)
        taken = {number: ident for number, ident in before.table if ident in wanted} if before else {}
        for ident in sorted(wanted.difference(taken.values())):
            taken[cls.free(first_bits(ident), taken.__contains__)] = ident
        return cls(sorted(taken.items()))

    @staticmethod
    def free(number: int, is_taken: Callable[[int], bool]) -> int:
        """A number, or the next one that is free."""
        while is_taken(number):
            number = (number + 1) % (1 << _BITS)
        return number

    @property
    def table(self) -> list[tuple[int, str]]:
        """(number, id) of all documents, ascending."""
        return list(zip(self._numbers, self._ids, strict=True))

    def of(self, document_id: str) -> int:
        """The number of a document; of one that is not in the table its first forty bits."""
        return self._elsewhere.get(document_id, first_bits(document_id))

    def document(self, number: int) -> str:
        """The document of a number."""
        at = bisect_left(self._numbers, number)
        known = at < len(self._numbers) and self._numbers[at] == number
        return self._ids[at] if known else f"d-{number:010x}"

    def holds(self, document_id: str) -> bool:
        """Whether a number stands for this document and no other."""
        return self.document(self.of(document_id)) == document_id

    def range(self, document_id: str) -> tuple[int, int]:
        """Half-open range of the keys of a document's passages."""
        first = self.of(document_id) << NUMBER_BITS
        return first, first + (1 << NUMBER_BITS)

    def key(self, passage: Passage) -> int:
        """The integer of a passage; `ValueError` for a number beyond the range."""
        if passage.number < 0 or passage.number >> NUMBER_BITS:
            raise ValueError(f"not the number of a passage: {passage.number}")
        return self.of(passage.document_id) << NUMBER_BITS | passage.number

    def key_of(self, passage_id: str) -> int:
        """The integer of a passage id; `ValueError` for an id of another form."""
        match = _PASSAGE_ID.fullmatch(passage_id)
        if not match or int(match[2]) >> NUMBER_BITS:
            raise ValueError(f"not a passage id: {passage_id!r}")
        return self.of(match[1]) << NUMBER_BITS | int(match[2])

    def passage_id(self, key: int) -> str:
        """The inverse of `key_of`."""
        return f"{self.document(key >> NUMBER_BITS)}-p{key & ((1 << NUMBER_BITS) - 1)}"


def first_bits(document_id: str) -> int:
    """The number that a document has unless another one has it already."""
    match = _ID.fullmatch(document_id)
    if not match:
        raise ValueError(f"not a document id: {document_id!r}")
    return int(match[1], 16)
