"""The catalogue: what is known, one transaction per document."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import msgspec

from kg.catalogue import connection as connections
from kg.catalogue.questions import Questions
from kg.catalogue.records import Actor, Run, SourceState, Summary
from kg.catalogue.reviewing import Reviewing
from kg.catalogue.upkeep import dump, now
from kg.core import excerpts, model
from kg.core.errors import CatalogueError, UnknownName
from kg.core.model import Contact, Document, Passage

Outcome = Literal["added", "updated", "unchanged"]

_SUMMARY_COLUMNS = "id, source, sha256, title, year, place, kind, level, date, doc_number, place_qualified, source_key"
_SUMMARY = f"SELECT {_SUMMARY_COLUMNS} FROM documents"  # noqa: S608 - a constant
_KEPT = "id, source, source_key, sha256, title, doc_number, kind, level, date, year, place, place_qualified, facts"
_PASSAGE = 'SELECT id, document_id, number, start, "end", heading_path, text FROM passages'


class Catalogue(Reviewing, Questions):
    """An open catalogue. A context manager; closing twice is harmless.

    Reads see the last commit. Methods raise `CatalogueError` for a damaged file, `Locked` when another writer
    does not finish in time, and `EnvironmentProblem` for a full or read-only disk.
    """

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, as_of: int | None = None) -> Catalogue:
        """Open `path`; unless `read_only`, create it or bring it up to date. `NotBuilt` if there is none to read.

        With `as_of`, the change that a generation shows, `document`, `summary` and `contacts` speak of the state of
        then, for as long as that generation is there; lists, passages and counts are those of now.
        """
        catalogue = cls(connections.connect(path, read_only=read_only), path)
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
    ) -> Outcome:
        """Store a document whole, in one transaction, in place of what was held under its id.

        `steps` are the versions of the steps that made it (`{"ingest": "3"}`), `source_key` the absolute path
        that its id comes from (default: `source`). Facts and passages that come out as they were are `unchanged`;
        newer step versions are noted, and logged like a change, for the graph states them as provenance. `anew`
        writes all rows even then.
        """
        passages = tuple(passages)
        if alien := [p.id for p in passages if p.document_id != document.id]:
            raise ValueError(f"passages of another document than {document.id}: {alien[:3]}")
        read = model.encode(document)
        with self._transaction():
            document = self._overlaid(document, document.sha256)  # from here on as people say that it is
            facts = model.encode(document)
            held = self._one("SELECT facts, coalesce(facts_read, facts) FROM documents WHERE id = ?", document.id)
            same = not anew and held == (facts, read) and tuple(self.passages(document.id)) == passages
            if same:
                sql = "UPDATE documents SET steps = ?1 WHERE id = ?2 AND steps <> ?1"
                if self._run(sql, dump(steps), document.id).rowcount:
                    self._log(document.id, "put", run)
                return "unchanged"
            self._supersede(document.id, self._log(document.id, "put", run))
            self._run("DELETE FROM documents WHERE id = ?", document.id)
            self._run(
                "INSERT INTO documents (id, source, source_key, sha256, steps, title, doc_number, kind, level, date,"
                " year, place, place_qualified, facts, facts_read, run_id) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                *(document.id, document.source, source_key or document.source, document.sha256, dump(steps)),
                *(document.title, document.doc_number, document.kind, document.level, document.date, document.year),
                *(document.region, document.region_qualified, facts, None if facts == read else read, run),
            )
            for p in passages:
                self._run(
                    'INSERT INTO passages (id, document_id, number, start, "end", heading_path, text)'
                    " VALUES (?,?,?,?,?,?,?)",
                    *(p.id, p.document_id, p.number, p.start, p.end, dump(p.heading_path), p.text),
                )
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

    def contacts(self, document_id: str) -> tuple[Contact, ...]:
        """The contacts that a document names, without decoding its other facts; none where it is not held."""
        row = self._held("facts", document_id)
        return excerpts.decode_contacts(row[0]) if row else ()

    def pages(self, document_id: str) -> tuple[tuple[int, int], ...]:
        """Where the pages of a document begin (`Document.pages`), without decoding its facts."""
        row = self._held("facts", document_id)
        return excerpts.decode_pages(row[0]) if row else ()

    def count(self) -> int:
        """How many documents are held."""
        return int(self._value("SELECT count(*) FROM documents"))

    def find(self, name: str) -> str | None:
        """The id of the document whose id, source or absolute path is exactly `name`."""
        row = self._one("SELECT id FROM documents WHERE id = ?1 OR source_key = ?1 OR source = ?1 ORDER BY id", name)
        return row[0] if row else None

    def source_state(self, document_id: str) -> SourceState | None:
        """What a held document was read from, and by which steps; None where it is not held."""
        row = self._one("SELECT sha256, steps FROM documents WHERE id = ?", document_id)
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
            rows = self._rows(_PASSAGE + " WHERE document_id = ? ORDER BY number", document_id)
        return map(_row_to_passage, rows)

    def passage(self, passage_id: str) -> Passage:
        """One passage. Raises `UnknownName`."""
        row = self._one(_PASSAGE + " WHERE id = ?", passage_id)
        if row is None:
            raise UnknownName("段落", passage_id)
        return _row_to_passage(row)

    def passages_of(self, passage_ids: Iterable[str]) -> dict[str, Passage]:
        """Those of some passages that are held, by id, in one query."""
        sql = _PASSAGE + " WHERE id IN (SELECT value FROM json_each(?))"  # noqa: S608 - constants
        return {row[0]: _row_to_passage(row) for row in self._rows(sql, dump(list(passage_ids)))}

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
            for text_hash, vector in vectors.items():
                self._run("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", model_name, text_hash, vector)

    def vector_models(self) -> dict[str, int]:
        """How many vectors are kept of each model."""
        return dict(self._rows("SELECT model, count(*) FROM vectors GROUP BY model ORDER BY model"))

    def drop_vectors(self, model_name: str) -> int:
        """Forget the vectors of one model; returns how many there were."""
        with self._transaction():
            return self._run("DELETE FROM vectors WHERE model = ?", model_name).rowcount

    # -- changes and runs --------------------------------------------------------------------------------------

    def sequence(self) -> int:
        """The number of the last change; 0 when there was none. Never goes back."""
        return int(self._value("SELECT coalesce(max(sequence), 0) FROM changes"))

    def change_token(self, sequence: int) -> str | None:
        """The random name of one change: a catalogue that took another turn has another there, or None.

        A file that was written before there were tokens has "" throughout.
        """
        if not self._has("changes", "token"):
            return "" if sequence <= self.sequence() else None
        row = self._one("SELECT token FROM changes WHERE sequence = ?", sequence)
        return row[0] if row else None

    def changes_since(self, sequence: int) -> tuple[frozenset[str], frozenset[str], int]:
        """(ids that were put, ids that were removed, the sequence that this speaks of); the last action counts."""
        last: dict[str, tuple[int, str]] = {}
        rows = self._rows("SELECT sequence, document_id, action FROM changes WHERE sequence > ? ORDER BY 1", sequence)
        for number, document_id, action in rows:
            last[document_id] = (number, action)
        changed = frozenset(key for key, (_, action) in last.items() if action == "put")
        reached = max((number for number, _ in last.values()), default=sequence)
        return changed, frozenset(last) - changed, reached

    def start_run(
        self,
        command: str,
        versions: Mapping[str, str],
        *,
        actor: Actor | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> int:
        """Note that a writing command began, and in the audit log who began it; returns its number."""
        with self._transaction():
            sql = "INSERT INTO runs (command, started, versions) VALUES (?, ?, ?)"
            run = int(self._run(sql, command, now(), dump(versions)).lastrowid or 0)
            if actor is not None:
                self._record(actor, command, detail or {}, run)
        return run

    def finish_run(self, run: int, counts: Mapping[str, int]) -> None:
        """Note that it ended, and what it did."""
        with self._transaction():
            self._run("UPDATE runs SET finished = ?, counts = ? WHERE id = ?", now(), dump(counts), run)

    def runs(self) -> list[Run]:
        """All runs, the latest first."""
        rows = self._rows("SELECT id, command, started, finished, versions, counts FROM runs ORDER BY id DESC")
        return [
            Run(number, command, started, finished, json.loads(versions), json.loads(counts))
            for number, command, started, finished, versions, counts in rows
        ]

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
            self._run("INSERT OR REPLACE INTO meta VALUES (?, ?)", key, value)

    # -- plumbing ----------------------------------------------------------------------------------------------

    def _log(self, document_id: str, action: str, run: int | None) -> int:
        sql = "INSERT INTO changes (document_id, action, run_id, token) VALUES (?, ?, ?, lower(hex(randomblob(16))))"
        return int(self._run(sql, document_id, action, run).lastrowid or 0)

    def _supersede(self, document_id: str, sequence: int) -> None:
        """Keep what a change is about to replace or remove, if there is something."""
        sql = f"INSERT INTO superseded (sequence, {_KEPT}) SELECT ?, {_KEPT} FROM documents WHERE id = ?"  # noqa: S608
        self._run(sql, sequence, document_id)

    def forget_superseded(self, sequence: int) -> int:
        """Drop what only states up to a change show; returns how many versions there were."""
        with self._transaction():
            return self._run("DELETE FROM superseded WHERE sequence <= ?", sequence).rowcount

    def _held(self, columns: str, document_id: str) -> Any:
        """A document's row, as it was in the state that this reader serves."""
        if self._as_of is not None:
            sql = f"SELECT {columns} FROM superseded WHERE id = ? AND sequence > ? ORDER BY sequence LIMIT 1"  # noqa: S608
            if row := self._one(sql, document_id, self._as_of):
                return row
        return self._one(f"SELECT {columns} FROM documents WHERE id = ?", document_id)  # noqa: S608 - a constant

    def _unknown(self, name: str) -> UnknownName:
        return UnknownName("文档", name, [row[0] for row in self._rows("SELECT id FROM documents ORDER BY id")])


def _row_to_passage(row: tuple[Any, ...]) -> Passage:
    passage_id, document_id, number, start, end, heading_path, text = row
    return Passage(passage_id, document_id, number, start, end, tuple(json.loads(heading_path)), text)
