"""People's statements in the catalogue: kept apart from what was read, and put over it whenever either changes.

A row of `documents` that statements speak of holds both: `facts` as shown, `facts_read` as read. So a reader, the
graph and the indexes see one document, a newer reading is compared with the older reading, and undoing loses nothing.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from kg.catalogue.records import Actor
from kg.catalogue.upkeep import Upkeep, dump, now
from kg.core import excerpts, model
from kg.core.corrections import BODY, POLICY, Correction
from kg.core.errors import UnknownName, UsageError
from kg.core.model import Document
from kg.core.overlay import OVERLAY_VERSION, document_corrected

_COLUMNS = "id, document_id, kind, action, said, at, actor, via, undone_at, undone_by, stands"
_OVERLAY = "overlay"  # in `meta`: by which version the documents are shown


class Reviewing(Upkeep):
    """The part of `Catalogue` that keeps what people state."""

    def corrections(
        self, document_id: str | None = None, *, kinds: Sequence[str] = (), undone: bool = False
    ) -> list[Correction]:
        """The statements, the earliest first: all, of a document, or of some kinds; the undone ones where asked for."""
        if not self._has("corrections", "id"):
            return []
        where = [] if undone else ["undone_at IS NULL"]
        values: list[Any] = []
        if document_id is not None:
            where.append("document_id = ?")
            values.append(document_id)
        if kinds:
            where.append("kind IN (SELECT value FROM json_each(?))")
            values.append(dump(list(kinds)))
        condition = f" WHERE {' AND '.join(where)}" if where else ""
        sql = f"SELECT {_COLUMNS} FROM corrections{condition} ORDER BY number"  # noqa: S608 - constants
        return [_row_to_correction(row) for row in self._rows(sql, *values)]

    def correction(self, correction_id: str) -> Correction:
        """One statement, by its id or the beginning of it. Raises `UnknownName`."""
        found = [each for each in self.corrections(undone=True) if each.id.startswith(correction_id)]
        if len(found) != 1:
            raise UnknownName("核定记录", correction_id, [each.id for each in found])
        return found[0]

    def correct(self, corrections: Iterable[Correction], *, actor: Actor, run: int | None = None) -> list[Correction]:
        """Take statements in, in one transaction, each with a line in the audit log; returns them as they are kept.

        The documents that they speak of are shown under them, and noted as changed, so that they are published.
        """
        kept: list[Correction] = []
        with self._transaction():
            for given in corrections:
                each = replace(given, id=secrets.token_hex(8), at=now(), actor=actor.name, via=actor.via)
                if each.document_id is not None:
                    self._must_hold(each.document_id)
                self._run(
                    "INSERT INTO corrections (id, document_id, kind, action, said, at, actor, via, sha256)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, (SELECT sha256 FROM documents WHERE id = ?))",
                    *(each.id, each.document_id, each.kind, each.action.value, _said(each)),
                    *(each.at, each.actor, each.via, each.document_id),
                )
                self._record(actor, "correct", _told(each), run)
                kept.append(each)
            self._show_all(kept, run)
        return kept

    def undo(self, correction_id: str, *, actor: Actor, run: int | None = None) -> Correction:
        """Take a statement back. Raises `UnknownName`; `UsageError` where it is undone, or a later one rests on it."""
        with self._transaction():
            found = self.correction(correction_id)
            if found.undone_at is not None:
                raise UsageError(f"核定 {found.id} 已经撤销")
            if later := next((each for each in self.corrections() if each.over == found.id), None):
                raise UsageError(f"其后还有对同一事实的核定，请先撤销后一条：{later.id}")
            done = replace(found, undone_at=now(), undone_by=actor.name)
            sql = "UPDATE corrections SET undone_at = ?, undone_by = ?, stands = 1 WHERE id = ?"
            self._run(sql, done.undone_at, done.undone_by, found.id)
            self._record(actor, "undo", _told(found), run)
            self._show_all([found], run)
        return done

    def marks(self) -> Iterator[tuple[str, int, int]]:
        """Of each document: its id, how many doubts wait, how many parts of its file were not read."""
        for document_id, facts in self._rows("SELECT id, facts FROM documents"):
            found = excerpts.decode_marks(facts)
            yield document_id, len(found.to_check), len(found.fidelity)

    def with_activities(self) -> Iterator[Document]:
        """The documents that plan or report something: of a corpus of laws, few."""
        words = b'"activities":[{'
        for (facts,) in self._rows("SELECT facts FROM documents WHERE instr(facts, ?) > 0 ORDER BY id", words):
            yield model.decode_document(facts)

    def latest(self, count: int) -> list[str]:
        """The documents that were taken in or changed last, the latest first; what people stated is no such change."""
        sql = (
            "SELECT document_id FROM changes LEFT JOIN runs ON runs.id = run_id WHERE action = 'put'"
            " AND coalesce(command, 'ingest') <> 'correct' GROUP BY document_id ORDER BY max(sequence) DESC LIMIT ?"
        )
        return [row[0] for row in self._rows(sql, count)]

    def document_as_read(self, document_id: str) -> Document:
        """A document without anybody's statements. Raises `UnknownName`."""
        row = self._one(f"SELECT {self._read_column()} FROM documents WHERE id = ?", document_id)  # noqa: S608
        if row is None:
            raise UnknownName("文档", document_id)
        return model.decode_document(row[0])

    def refresh_overlay(self) -> int:
        """Show all documents anew that statements speak of, if they were shown by another version; returns how many."""
        if not self._has("corrections", "id"):
            return 0
        row = self._one("SELECT value FROM meta WHERE key = ?", _OVERLAY)
        if row and row[0] == OVERLAY_VERSION:
            return 0
        with self._transaction():
            shown = [row[0] for row in self._rows("SELECT id FROM documents WHERE facts_read IS NOT NULL ORDER BY id")]
            for document_id in shown:
                self._show(document_id, None)
            self._run("INSERT OR REPLACE INTO meta VALUES (?, ?)", _OVERLAY, OVERLAY_VERSION)
        return len(shown)

    # -- plumbing ----------------------------------------------------------------------------------------------

    def _overlaid(self, document: Document, sha256: str) -> Document:
        """A document as it is to be shown, when it comes in; which statements still stand is noted."""
        self._run(  # what was said of the same file while it stood elsewhere
            "UPDATE corrections SET document_id = ?1 WHERE sha256 = ?2 AND document_id <> ?1"
            " AND document_id NOT IN (SELECT id FROM documents)",
            *(document.id, sha256),
        )
        own = self.corrections(document.id)
        found = document_corrected(document, [*self._general(), *own])
        self._run(
            "UPDATE corrections SET stands = id NOT IN (SELECT value FROM json_each(?)) WHERE document_id = ?",
            *(dump(sorted(found.fallen)), document.id),
        )
        return found.document

    def _general(self) -> list[Correction]:
        return self.corrections(kinds=(BODY, POLICY))

    def _show_all(self, corrections: Sequence[Correction], run: int | None) -> None:
        """Show each document anew that some statements speak of; what they say of bodies alone is published too."""
        concerned = {each.id: self._concerned(each) for each in corrections}
        changed = {name for names in concerned.values() for name in names if self._show(name, run)}
        for each in corrections:
            names = concerned[each.id]
            if each.kind == BODY and names and not changed & set(names):
                self._log(names[0], "put", run)

    def _show(self, document_id: str, run: int | None) -> bool:
        """Put the statements over a held document anew; whether that changed it."""
        row = self._one("SELECT sha256, facts, facts_read FROM documents WHERE id = ?", document_id)
        if row is None:
            return False
        digest, before, read = row
        read = before if read is None else read
        document = model.decode_document(read)
        shown = self._overlaid(document, digest)
        facts = model.encode(shown)
        if facts == before:
            return False
        self._supersede(document_id, self._log(document_id, "put", run))
        self._run(
            "UPDATE documents SET facts = ?, facts_read = ?, title = ?, doc_number = ?, kind = ?, level = ?, date = ?,"
            " year = ?, place = ?, place_qualified = ? WHERE id = ?",
            *(facts, None if facts == read else read, shown.title, shown.doc_number, shown.kind, shown.level),
            *(shown.date, shown.year, shown.region, shown.region_qualified, document_id),
        )
        return True

    def _concerned(self, correction: Correction) -> list[str]:
        """The documents that a statement may change: its own; of a body or a policy, all that name it."""
        if correction.document_id is not None:
            return [correction.document_id]
        key = "title" if correction.kind == POLICY else "name"
        names = {str(told[key]) for told in (correction.was, correction.values) if told.get(key)}
        found: set[str] = set()
        for name in names:
            words = (name if correction.kind == POLICY else json.dumps(name, ensure_ascii=False)).encode()
            sql = f"SELECT id FROM documents WHERE instr(facts, ?1) > 0 OR instr({self._read_column()}, ?1) > 0"  # noqa: S608
            found |= {row[0] for row in self._rows(sql, words)}
        return sorted(found)

    def _read_column(self) -> str:
        return "coalesce(facts_read, facts)" if self._has("documents", "facts_read") else "facts"

    def _must_hold(self, document_id: str) -> None:
        if self._one("SELECT 1 FROM documents WHERE id = ?", document_id) is None:
            raise UnknownName("文档", document_id)

    def _log(self, document_id: str, action: str, run: int | None) -> int:
        raise NotImplementedError

    def _supersede(self, document_id: str, sequence: int) -> None:
        raise NotImplementedError


def _said(correction: Correction) -> str:
    names = ("anchor", "was", "values", "doubt", "over")
    return json.dumps(
        {name: msgspec.to_builtins(getattr(correction, name)) for name in names}, ensure_ascii=False, sort_keys=True
    )


def _told(correction: Correction) -> Mapping[str, Any]:
    """What the audit log says: what was stated of what, no words of the text."""
    told = {"correction": correction.id, "action": correction.action.value, "kind": correction.kind}
    if correction.document_id is not None:
        told["document"] = correction.document_id
    return {**told, "fields": sorted(correction.values)}


def _row_to_correction(row: Iterable[Any]) -> Correction:
    number, document_id, kind, action, said, at, actor, via, undone_at, undone_by, stands = row
    told = {
        "id": number, "document_id": document_id, "kind": kind, "action": action, **json.loads(said), "at": at,
        "actor": actor, "via": via, "undone_at": undone_at, "undone_by": undone_by, "stands": bool(stands),
    }  # fmt: skip
    return msgspec.convert(told, Correction)
