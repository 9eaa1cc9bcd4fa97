"""Ids of the form of before (`kg.catalogue.long_ids`), which still mean their documents."""

from __future__ import annotations

from kg.catalogue.upkeep import Upkeep
from kg.core.ids import is_former


class Aliases(Upkeep):
    """The part of `Catalogue` that knows what a document was called before."""

    def current_id(self, name: str) -> str:
        """The id that an id of before stands for; any other name, and one that means nothing here, as it is.

        Of a document that was taken in anew, or in another home, nothing is noted: there its id begins with the one of
        before, and where one document alone does so, that is meant.
        """
        if not is_former(name) or self._one("SELECT 1 FROM documents WHERE id = ?", name):
            return name  # of an older file, which a reader need not bring up to date
        if self._has("aliases", "current"):
            sql = (
                "SELECT current FROM aliases WHERE former = ?"
                " AND (current IN (SELECT id FROM documents) OR current IN (SELECT id FROM superseded))"
            )
            if row := self._one(sql, name):
                return str(row[0])
        near = list(self._rows("SELECT id FROM documents WHERE id > ?1 AND id < ?1 || 'g' LIMIT 2", name))
        return str(near[0][0]) if len(near) == 1 else name

    def former_ids(self) -> dict[str, str]:
        """What documents were called before, by their ids of now; only what is noted, no likeness."""
        if not self._has("aliases", "current"):
            return {}
        return dict(self._rows("SELECT current, former FROM aliases"))

    def _current_passage(self, passage_id: str) -> str:
        document_id, _, number = passage_id.rpartition("-p")
        return f"{self.current_id(document_id)}-p{number}" if is_former(document_id) else passage_id
