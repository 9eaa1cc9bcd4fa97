"""The catalogue: what is known, one transaction per document."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import msgspec

from kg.catalogue import connection as connections
from kg.catalogue import sealing
from kg.catalogue.glancing import Glancing
from kg.catalogue.questions import Questions
from kg.catalogue.records import SourceState, Summary
from kg.catalogue.reviewing import Reviewing
from kg.catalogue.rows import derived_columns, passage_columns, row_to_passage
from kg.catalogue.upkeep import dump
from kg.core import model
from kg.core.errors import CatalogueError, IdTaken, PolicyKGError, UnknownName
from kg.core.model import Document, Passage
from kg.core.parts import file_of, part_number

Outcome = Literal["added", "updated", "unchanged"]

_SUMMARY_COLUMNS = "id, source, sha256, title, year, place, kind, level, date, doc_number, place_qualified, source_key"
_SUMMARY = f"SELECT {_SUMMARY_COLUMNS} FROM documents"  # noqa: S608 - a constant
_REPLACE = "INSERT OR REPLACE"
_PASSAGE = 'SELECT id, document_id, number, start, "end", heading_path, text FROM passages'


class Catalogue(Glancing, Reviewing, Questions):
    """An open catalogue. A context manager; closing twice is harmless.

    Reads see the last commit. Methods raise `CatalogueError` for a damaged file, `Locked` when another writer
    does not finish in time, and `EnvironmentProblem` for a full or read-only disk.
    """

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, as_of: int | None = None, upgrade: bool = True) -> Self:
        """Open `path`; unless `read_only`, create it or bring it up to date. `NotBuilt` if there is none to read.

        With `as_of`, the change that a generation shows, `document` and `summary` speak of the state of then, for as
        long as that generation is there; lists, passages and counts are those of now.
        Without `upgrade` an older file keeps its short ids: for who only notes something, and publishes nothing.
        """
        catalogue = cls(connections.connect(path, read_only=read_only, upgrade=upgrade), path)
        if as_of is not None and catalogue._has("superseded", "sequence"):
            catalogue._as_of = as_of
        return catalogue

    def close(self) -> None:
        """Give the file back; after writing, all of it is in that one file, so that a copy of it is a backup."""
        connections.close(self._connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Catalogue({str(self.path)!r})"

    def together(self) -> AbstractContextManager[None]:
        """One transaction for several writes: all of them, or none."""
        return self._transaction()

    # -- documents ---------------------------------------------------------------------------------------------

    def put_document(
        self,
        document: Document,
        passages: Iterable[Passage],
        *,
        steps: Mapping[str, str],
        source_key: str | None = None,
        run: int | None = None,
        anew: bool = False,
        moved: bool = False,
    ) -> Outcome:
        """Store a document whole, in one transaction, in place of what was held under its id.

        `steps` are the versions of the steps that made it (`{"ingest": "3"}`), `source_key` the absolute path
        that its id comes from (default: `source`). Facts and passages that come out as they were are `unchanged`;
        newer step versions are noted, and logged like a change, for the graph states them as provenance. `anew`
        writes all rows even then. Raises `IdTaken` where another source is held under the id, unless that is where the
        document was `moved` from.
        """
        key = source_key or document.source
        passages = tuple(passages)
        if alien := [p.id for p in passages if p.document_id != document.id]:
            raise ValueError(f"passages of another document than {document.id}: {alien[:3]}")
        read = model.encode(document)
        with self._transaction():
            other = self._one("SELECT source_key, source FROM documents WHERE id = ?", document.id)
            if other and other[0] != key and not moved:
                raise IdTaken(document.source, document.id, f"另一个文件 {other[1]}")
            document = self._overlaid(document)  # from here on as people say that it is
            facts = model.encode(document)
            held = self._one("SELECT facts, coalesce(facts_read, facts) FROM documents WHERE id = ?", document.id)
            same = not anew and held == (facts, read) and tuple(self.passages(document.id)) == passages
            if same:
                seal = sealing.kept_whole("documents", sealing.expression("documents", {"steps": "?1"}))
                sql = f"UPDATE documents SET steps = ?1, seal = {seal} WHERE id = ?2 AND steps <> ?1"  # noqa: S608
                if self._run(sql, dump(steps), document.id).rowcount:
                    self._log(document.id, "put", run)
                return "unchanged"
            self._supersede(document.id, self._log(document.id, "put", run))
            self._run("DELETE FROM documents WHERE id = ?", document.id)
            self._insert(
                "documents",
                **derived_columns(document),
                source_key=key,
                steps=dump(steps),
                facts=facts,
                run_id=run,
                facts_read=None if facts == read else read,
            )
            self._insert_all("passages", map(passage_columns, passages))
        return "added" if held is None else "updated"

    def remove_document(self, document_id: str, *, run: int | None = None) -> bool:
        """Drop a document with its passages; False if it was not held."""
        with self._transaction():
            if self._one("SELECT 1 FROM documents WHERE id = ?", document_id) is None:
                return False
            self._supersede(document_id, self._log(document_id, "remove", run))
            self._run("DELETE FROM documents WHERE id = ?", document_id)
        return True

    def documents(self) -> Iterator[Summary]:
        """All documents in order of source."""
        return (Summary(*row) for row in self._rows(_SUMMARY + " ORDER BY source, id"))

    def summary(self, document_id: str) -> Summary:
        """One line of `documents()`. Raises `UnknownName`."""
        row = self._held(_SUMMARY_COLUMNS, document_id)
        if row is None:
            raise self._unknown(document_id)
        return Summary(*row)

    def document(self, document_id: str) -> Document:
        """A document with all its facts. Raises `UnknownName`; `CatalogueError` for facts that do not decode."""
        row = self._held("facts", document_id)
        if row is None:
            raise self._unknown(document_id)
        try:
            return model.decode_document(row[0])
        except msgspec.MsgspecError as error:
            raise CatalogueError(
                f"文档 {document_id} 的内容无法读取（{error}）。请移除后重新入库：policykg remove {document_id}",
                document_id=document_id,
            ) from error

    def held_of(self, file: str) -> list[Summary]:
        """What is held of the file of an absolute path: the document that it is, or those that it holds, in order."""
        sql = _SUMMARY + " WHERE source_key = ?1 OR (source_key >= ?1 || '#' AND source_key < ?1 || '$')"
        found = [item for item in (Summary(*row) for row in self._rows(sql, file)) if file_of(item.source_key) == file]
        return sorted(found, key=lambda item: part_number(item.source_key) or 0)

    def inside(self, folders: Iterable[str]) -> list[str]:
        """The ids of the documents whose source or absolute path begins with one of some folders (`a/`), in order."""
        found: dict[str, str] = {}
        for folder in folders:
            past = folder[:-1] + chr(ord(folder[-1]) + 1)
            for column in ("source", "source_key"):
                sql = f"SELECT id, source FROM documents WHERE {column} >= ? AND {column} < ?"  # noqa: S608 - constants
                found |= dict(self._rows(sql, folder, past))
        return sorted(found, key=lambda ident: (found[ident], ident))

    def count(self) -> int:
        """How many documents are held."""
        return int(self._value("SELECT count(*) FROM documents"))

    def find(self, name: str) -> str | None:
        """The id of the document whose id, of now or of before, source or absolute path is exactly `name`."""
        sql = "SELECT id FROM documents WHERE id = ?2 OR source_key = ?1 OR source = ?1 ORDER BY id"
        row = self._one(sql, name, self.current_id(name))
        return row[0] if row else None

    def source_state(self, document_id: str) -> SourceState | None:
        """What a held document was read from, and by which steps; None where it is not held."""
        row = self._one("SELECT sha256, steps FROM documents WHERE id = ?", self.current_id(document_id))
        return SourceState(row[0], json.loads(row[1])) if row else None

    def by_sha256(self, digest: str) -> str | None:
        """The id of a document with these source bytes."""
        row = self._one("SELECT id FROM documents WHERE sha256 = ? ORDER BY id", digest)
        return row[0] if row else None

    # -- passages ----------------------------------------------------------------------------------------------

    def passages(self, document_id: str | None = None) -> Iterator[Passage]:
        """Passages in reading order, of one document or of all."""
        if document_id is None:
            rows = self._rows(_PASSAGE + " ORDER BY document_id, number")
        else:
            rows = self._rows(_PASSAGE + " WHERE document_id = ? ORDER BY number", self.current_id(document_id))
        return map(row_to_passage, rows)

    def passage(self, passage_id: str) -> Passage:
        """One passage. Raises `UnknownName`."""
        row = self._one(_PASSAGE + " WHERE id = ?", self._current_passage(passage_id))
        if row is None:
            raise UnknownName("段落", passage_id)
        return row_to_passage(row)

    def passages_of(self, passage_ids: Iterable[str]) -> dict[str, Passage]:
        """Those of some passages that are held, by the ids that were asked for, in one query."""
        wanted = list(passage_ids)
        sql = _PASSAGE + " WHERE id IN (SELECT value FROM json_each(?))"  # noqa: S608 - constants
        found = {row[0]: row_to_passage(row) for row in self._rows(sql, dump(wanted))}
        asked = {self._current_passage(ident): ident for ident in wanted if ident not in found}
        if former := {now: ident for now, ident in asked.items() if now != ident}:
            found |= {former[row[0]]: row_to_passage(row) for row in self._rows(sql, dump(list(former)))}
        return found

    def passage_count(self) -> int:
        """How many passages are held."""
        return int(self._value("SELECT count(*) FROM passages"))

    # -- vectors -----------------------------------------------------------------------------------------------

    def vectors(self, model_name: str, text_hashes: Iterable[str]) -> dict[str, bytes]:
        """The known vectors of some texts under one model: hash of the text -> raw bytes."""
        wanted = dump(list(text_hashes))
        sql = "SELECT text_hash, vector FROM vectors WHERE model = ? AND text_hash IN (SELECT value FROM json_each(?))"
        return dict(self._rows(sql, model_name, wanted))

    def put_vectors(self, model_name: str, vectors: Mapping[str, bytes]) -> None:
        """Keep vectors, in one transaction; a known text's is replaced."""
        with self._transaction():
            rows = ({"model": model_name, "text_hash": key, "vector": vector} for key, vector in vectors.items())
            self._insert_all("vectors", rows, verb=_REPLACE)

    def vector_models(self) -> dict[str, int]:
        """How many vectors are kept of each model."""
        return dict(self._rows("SELECT model, count(*) FROM vectors GROUP BY model ORDER BY model"))

    def drop_vectors(self, model_name: str) -> int:
        """Forget the vectors of one model; returns how many there were."""
        with self._transaction():
            return self._run("DELETE FROM vectors WHERE model = ?", model_name).rowcount

    def identity(self) -> str:
        """A random name given at creation: a catalogue that was deleted and made anew has another."""
        return self.meta("identity") or ""

    def meta(self, key: str) -> str | None:
        """A note kept with the catalogue."""
        row = self._one("SELECT value FROM meta WHERE key = ?", key)
        return row[0] if row else None

    def set_meta(self, key: str, value: str) -> None:
        """Keep a note."""
        with self._transaction():
            self._insert("meta", verb=_REPLACE, key=key, value=value)

    # -- plumbing ----------------------------------------------------------------------------------------------

    def mend_document(self, document_id: str) -> bool:
        """Write a broken row's columns anew from its facts, if that makes it what it was; False where it does not."""
        row = self._one(
            "SELECT facts, source_key, steps, run_id, facts_read, seal FROM documents WHERE id = ?", document_id
        )
        try:
            document = model.decode_document(row[0]) if row else None
        except msgspec.MsgspecError:
            return False
        if document is None or row is None:
            return False
        facts, source_key, steps, run, read, seal = row
        values = {**derived_columns(document), "source_key": source_key, "steps": steps, "facts": facts, "run_id": run}
        values["facts_read"] = read
        return self._rewritten("documents", document_id, values, seal)

    def mend_passage(self, passage_id: str) -> bool:
        """The same for a passage whose words stand in its document."""
        columns = 'document_id, number, start, "end", heading_path, seal'
        row = self._one(f"SELECT {columns} FROM passages WHERE id = ?", passage_id)  # noqa: S608 - a constant
        if row is None:
            return False
        document_id, number, start, end, heading, seal = row
        try:
            text = self.document(document_id).text[start:end]
        except PolicyKGError:
            return False
        values = {"document_id": document_id, "number": number, "start": start, "end": end, "heading_path": heading}
        return self._rewritten("passages", passage_id, {**values, "id": passage_id, "text": text}, seal)

    def _rewritten(self, table: str, key: str, values: dict[str, Any], seal: int) -> bool:
        *row, fresh = sealing.sealed(table, **values)
        if fresh != seal:
            return False
        columns = ", ".join(f'"{column}" = ?' for column in sealing.COLUMNS[table])
        with self._transaction():
            self._run(f"UPDATE {table} SET {columns} WHERE id = ?", *row, key)  # noqa: S608 - constants
        return True

    def _unknown(self, name: str) -> UnknownName:
        return UnknownName("文档", name, [row[0] for row in self._rows("SELECT id FROM documents ORDER BY id")])
