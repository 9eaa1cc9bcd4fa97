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

from kg.catalogue import sealing
from kg.catalogue.changing import Changing
from kg.catalogue.records import Actor
from kg.catalogue.rows import derived_columns
from kg.catalogue.upkeep import dump, now
from kg.core import glances, model
from kg.core.corrections import BODY, POLICY, Correction
from kg.core.errors import UnknownName, UsageError
from kg.core.ids import FORMER_DIGITS
from kg.core.model import Document
from kg.core.overlay import OVERLAY_VERSION, document_corrected

_COLUMNS = "id, document_id, kind, action, said, at, actor, via, undone_at, undone_by, stands"
_OVERLAY = "overlay"  # in `meta`: by which version the documents are shown


class Reviewing(Changing):
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
            values.append(self.current_id(document_id))
        if kinds:
            where.append("kind IN (SELECT value FROM json_each(?))")
            values.append(dump(list(kinds)))
        condition = f" WHERE {' AND '.join(where)}" if where else ""
        sql = f"SELECT {_COLUMNS} FROM corrections{condition} ORDER BY number"  # noqa: S608 - constants
        return [_row_to_correction(row) for row in self._rows(sql, *values)]

    def outlines(self) -> list[Correction]:
        """The statements that are not undone, without their words: for those who count them."""
        return [replace(each, anchor=None, was={}, values={}) for each in Reviewing.corrections(self)]

    def correction(self, correction_id: str) -> Correction:
        """One statement, by its id or the beginning of it. Raises `UnknownName`."""
        found = [each for each in Reviewing.corrections(self, undone=True) if each.id.startswith(correction_id)]
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
                each = replace(given, id=secrets.token_hex(10), at=now(), actor=actor.name, via=actor.via)
                told = {name: getattr(each, name) for name in ("id", "document_id", "kind", "at", "actor", "via")}
                number = self._next("corrections")
                said = {"action": each.action.value, "said": _said(each), "stands": 1, **self._file(each.document_id)}
                self._insert("corrections", number=number, **told, **said)
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
            changes = {"undone_at": "?1", "undone_by": "?2", "stands": "1"}
            self._change(changes, "id = ?3", done.undone_at, done.undone_by, found.id)
            self._record(actor, "undo", _told(found), run)
            self._show_all([found], run)
        return done

    def marks(self) -> Iterator[tuple[str, int, int]]:
        """Of each document: its id, how many doubts wait, how many parts of its file were not read."""
        for document_id, facts in self._rows("SELECT id, facts FROM documents"):
            found = glances.decode_marks(facts)
            yield document_id, len(found.to_check), len(found.fidelity)

    def judged(self) -> Iterator[tuple[str, Any]]:
        """Of each document: its id, and the facts that a person may be asked about (`glances.decode_judged`).

        For those who count them: they are as they were read, personal data and all. Who shows one takes it from
        `document`.
        """
        for document_id, facts in self._rows("SELECT id, facts FROM documents ORDER BY id"):
            yield document_id, glances.decode_judged(facts)

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
        sql = f"SELECT {self._read_column()} FROM documents WHERE id = ?"  # noqa: S608 - constants
        row = self._one(sql, self.current_id(document_id))
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
            self._insert("meta", verb="INSERT OR REPLACE", key=_OVERLAY, value=OVERLAY_VERSION)
        return len(shown)

    # -- plumbing ----------------------------------------------------------------------------------------------

    def _overlaid(self, document: Document) -> Document:
        """A document as it is to be shown, when it comes in; which statements still stand is noted."""
        self._change(  # what was said of the same file, or of the same part of it, while it stood elsewhere
            {"document_id": "?1"},
            "sha256 = ?2 AND part IS ?3 AND document_id <> ?1 AND document_id NOT IN (SELECT id FROM documents)",
            *(document.id, document.sha256, document.part[0] if document.part else None),
        )
        if self._has("aliases", "former"):
            self._change(  # what was said of it before it was removed, when its id had half as many digits
                {"document_id": "?1"},
                "document_id = ?2 AND document_id <> ?1 AND document_id NOT IN (SELECT id FROM documents)"
                " AND document_id NOT IN (SELECT former FROM aliases)",
                *(document.id, document.id[: len("d-") + FORMER_DIGITS]),
            )
        own = self.corrections(document.id)
        found = document_corrected(document, [*self._general(), *own])
        stands = "id NOT IN (SELECT value FROM json_each(?1))"
        self._change(
            {"stands": f"({stands})"},
            f"document_id = ?2 AND stands <> ({stands})",
            dump(sorted(found.fallen)),
            document.id,
        )
        return found.document

    def _change(self, changes: Mapping[str, str], where: str, *values: Any) -> None:
        """Set columns (to SQL) of some statements, and their seals with them."""
        seal = sealing.kept_whole("corrections", sealing.expression("corrections", changes))
        told = ", ".join(f"{column} = {sql}" for column, sql in changes.items())
        self._run(f"UPDATE corrections SET {told}, seal = {seal} WHERE {where}", *values)  # noqa: S608 - constants

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
        row = self._one("SELECT facts, facts_read FROM documents WHERE id = ?", document_id)
        if row is None:
            return False
        before, read = row
        read = before if read is None else read
        shown = self._overlaid(model.decode_document(read))
        facts = model.encode(shown)
        if facts == before:
            return False
        self._supersede(document_id, self._log(document_id, "put", run))
        told = {**derived_columns(shown), "facts": facts, "facts_read": None if facts == read else read}
        del told["id"]
        places = {column: f"?{number}" for number, column in enumerate(told, start=2)}
        seal = sealing.kept_whole("documents", sealing.expression("documents", places))
        columns = ", ".join(f"{column} = {place}" for column, place in places.items())
        sql = f"UPDATE documents SET {columns}, seal = {seal} WHERE id = ?1"  # noqa: S608 - constants
        self._run(sql, document_id, *told.values())
        return True

    def _concerned(self, correction: Correction) -> list[str]:
        """The documents that a statement may change: its own; of a body or a policy, all that name it."""
        if correction.document_id is not None:
            return [correction.document_id]
        sides = (correction.was, correction.values)
        return sorted({each for told in sides for each in self._naming(told, correction.kind)})

    def _naming(self, told: Mapping[str, Any], kind: str) -> list[str]:
        """The documents that name a body or a policy, as read or as shown."""
        name = str(told.get("title" if kind == POLICY else "name") or "")
        words = (name if kind == POLICY else json.dumps(name, ensure_ascii=False)).encode()
        sql = f"SELECT id FROM documents WHERE instr(facts, ?1) > 0 OR instr({self._read_column()}, ?1) > 0"  # noqa: S608
        return [row[0] for row in self._rows(sql, words)] if name else []

    def general_within(self) -> list[str]:
        """Statements of bodies and policies (ids) that a document which this reader sees names."""
        return [each.id for each in Reviewing.corrections(self, undone=True) if self._is_general(each)]

    def _is_general(self, correction: Correction) -> bool:
        return correction.document_id is None and bool(self._naming(correction.was, correction.kind))

    def _read_column(self) -> str:
        return "coalesce(facts_read, facts)" if self._has("documents", "facts_read") else "facts"

    def _file(self, document_id: str | None) -> dict[str, Any]:
        """The file that a document was read from, and which part of it: a statement finds it again elsewhere."""
        if document_id is None:
            return {}
        row = self._one("SELECT sha256, facts FROM documents WHERE id = ?", document_id)
        if row is None:
            raise UnknownName("文档", document_id)
        part = glances.decode_part(row[1])
        return {"sha256": row[0], "part": part[0] if part else None}


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
