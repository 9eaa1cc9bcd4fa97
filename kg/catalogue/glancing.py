"""Single fields of held documents, without decoding all of their facts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kg.catalogue.aliases import Aliases
from kg.catalogue.upkeep import dump
from kg.core import glances
from kg.core.model import Contact


class Glancing(Aliases):
    """The part of `Catalogue` that looks at one field of a document."""

    def held_among(self, ids: Iterable[str]) -> set[str]:
        """Which of some documents are held."""
        sql = "SELECT id FROM documents WHERE id IN (SELECT value FROM json_each(?))"
        return {row[0] for row in self._rows(sql, dump(list(ids)))}

    def text_and_contacts(self, document_id: str) -> tuple[str, tuple[Contact, ...]]:
        """The text of a document and the contacts in it as they are now, as passages are; nothing where it is not held.

        Of the state of a generation they would say where personal data stood in a text that has changed since.
        """
        row = self._one("SELECT facts FROM documents WHERE id = ?", self.current_id(document_id))
        return glances.decode_text(row[0]) if row else ("", ())

    def pages(self, document_id: str) -> tuple[tuple[int, int], ...]:
        """Where the pages of a document begin (`Document.pages`), without decoding its facts."""
        row = self._held("facts", document_id)
        return glances.decode_pages(row[0]) if row else ()

    def part(self, document_id: str) -> tuple[int, int] | None:
        """Which of the documents of its file this is, and how many there are; None for a whole file."""
        row = self._held("facts", document_id)
        return glances.decode_part(row[0]) if row else None

    def _held(self, columns: str, document_id: str) -> Any:
        """A document's row, as it was in the state that this reader serves."""
        document_id = self.current_id(document_id)
        if self._as_of is not None:
            sql = f"SELECT {columns} FROM superseded WHERE id = ? AND sequence > ? ORDER BY sequence LIMIT 1"  # noqa: S608
            if row := self._one(sql, document_id, self._as_of):
                return row
        return self._one(f"SELECT {columns} FROM documents WHERE id = ?", document_id)  # noqa: S608 - a constant
