"""Indexes for those who may not see everything (`rights.toml`): a whole generation for each set of groups.

    indexes/audiences/3f9a…/generations/000004, current

Graph, full text, vectors and lexicon are built from a catalogue that holds only what the groups have. So counts,
suggestions, neighbours, statistics and error messages cannot tell of anything else: it is not there.
"""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from kg.build import lineage
from kg.build.generations import current_manifest
from kg.build.masked import Masked
from kg.build.projections import PROJECTIONS, Projection
from kg.build.publishing import publish
from kg.catalogue import Catalogue
from kg.core.config import Settings
from kg.core.progress import Progress, silent
from kg.core.rights import Groups, Rights, key_of

FOLDER = "audiences"
_OF_DOCUMENTS = {"documents": "id", "passages": "document_id", "superseded": "id"}
_OF_THE_HOUSE = ("audit", "runs", "questions")


class Restricted(Masked):
    """A catalogue in which there is nothing but some documents: views of this connection stand before the tables."""

    _allowed: frozenset[str] = frozenset()

    def restrict(self, rights: Rights, groups: Groups) -> None:
        """Leave only what the groups have."""
        restrict(self, rights, groups)
        self._allowed = frozenset(row[0] for row in self._rows("SELECT id FROM temp.allowed"))

    def changes_since(self, sequence: int) -> tuple[frozenset[str], frozenset[str], int]:
        """As of any catalogue; what was put but is not for the groups (any more) counts as removed."""
        changed, removed, reached = super().changes_since(sequence)
        return changed & self._allowed, removed | (changed - self._allowed), reached

    def refresh_overlay(self) -> int:
        """The whole catalogue's affair."""
        return 0

    def forget_superseded(self, sequence: int) -> int:
        """The whole catalogue's affair."""
        del sequence
        return 0


def restrict(catalogue: Catalogue, rights: Rights, groups: Groups) -> None:
    """Put views before the tables of an open catalogue: from now on all its SQL sees only what the groups have."""
    former = catalogue.former_ids()  # what was granted by an id of before stays granted
    allowed = [
        (item.id,) for item in catalogue.documents() if rights.may_see(groups, item, former=former.get(item.id, ""))
    ]
    connection = catalogue._connection  # noqa: SLF001 - a catalogue's own business, done for it
    (read_only,) = connection.execute("PRAGMA query_only").fetchone()
    connection.execute("PRAGMA query_only = OFF")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("CREATE TEMP TABLE allowed (id TEXT PRIMARY KEY) WITHOUT ROWID")
    connection.executemany("INSERT INTO temp.allowed VALUES (?)", allowed)
    present = {name for (name,) in connection.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'")}
    for table, column in _OF_DOCUMENTS.items():
        if table in present:
            where = f"{column} IN (SELECT id FROM temp.allowed)"  # noqa: S608 - constants
            connection.execute(f"CREATE TEMP VIEW {table} AS SELECT * FROM main.{table} WHERE {where}")  # noqa: S608
    if "corrections" in present:
        # What was stated of a document is for those who have it; of a body or a policy, for those whose documents name
        # it: the name alone would tell that it is in somebody's documents.
        connection.execute("CREATE TEMP TABLE general (id TEXT PRIMARY KEY) WITHOUT ROWID")
        connection.executemany("INSERT INTO temp.general VALUES (?)", [(each,) for each in catalogue.general_within()])
        own = "document_id IN (SELECT id FROM temp.allowed) OR id IN (SELECT id FROM temp.general)"
        connection.execute(f"CREATE TEMP VIEW corrections AS SELECT * FROM main.corrections WHERE {own}")  # noqa: S608
    for table in _OF_THE_HOUSE:
        if table in present:
            connection.execute(f"CREATE TEMP VIEW {table} AS SELECT * FROM main.{table} WHERE false")  # noqa: S608
    connection.execute(f"PRAGMA query_only = {read_only}")


def home_of(home: Path, groups: Groups) -> Path:
    """Where the generations of an audience are."""
    return home / FOLDER / key_of(groups)


def mark(rights: Rights, groups: Groups) -> str:
    """What stands in the manifest of an audience's generation: one of other rights is not shown."""
    return f"{rights.version}-{key_of(groups)}"


def publish_audiences(
    settings: Settings,
    *,
    scratch: bool = False,
    projections: Sequence[Projection] = PROJECTIONS,
    progress: Progress = silent,
) -> None:
    """Bring the generations of all audiences up to the catalogue; the caller holds the write lock.

    Then nobody needs a catalogue that was replaced, unless he reads it still.
    """
    rights = Rights.load(settings.home)
    wanted = {home_of(settings.home, groups): groups for groups in (rights.audiences() if rights else ())}
    for folder in _folders(settings.home):
        if folder not in wanted:
            shutil.rmtree(folder, ignore_errors=True)  # nobody has these groups any more
    for folder, groups in wanted.items():
        assert rights is not None  # noqa: S101 - there are audiences
        # The indexes of an audience stay on this machine: an endpoint or a store holds all documents, and is not asked.
        own = dataclasses.replace(settings, home=folder, graph="", store="")
        with Restricted.open(lineage.catalogue_of(settings.home)) as catalogue:
            catalogue.restrict(rights, groups)
            publish(
                own,
                catalogue,
                projections=projections,
                scratch=scratch,
                progress=progress,
                audience=mark(rights, groups),
            )
    lineage.sweep(settings.home)


def is_up_to_date(home: Path, rights: Rights, groups: Groups) -> bool:
    """Whether the generation of an audience was built by these rights."""
    manifest = current_manifest(home_of(home, groups))
    return manifest is not None and manifest.fingerprint.get("audience") == mark(rights, groups)


def _folders(home: Path) -> Iterable[Path]:
    folder = home / FOLDER
    return sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
