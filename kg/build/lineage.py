"""Which file in a home is its catalogue: the one that the current generation was made from.

    indexes/catalogue.sqlite      until a backup is restored
    indexes/catalogue-2.sqlite    what a restore put in its place

A restore puts another catalogue beside the one that is there, and the manifest of its generation names it: so the one
rename that makes a generation current exchanges both, and a reader sees the old pair or the new pair. The old file
stays for as long as a generation is held that names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from kg.build.generations import current_folder, manifests
from kg.build.manifest import Manifest
from kg.catalogue import CATALOGUE, Catalogue
from kg.core.errors import EnvironmentProblem, NotBuilt

KindT = TypeVar("KindT", bound=Catalogue)

_NAME = re.compile(r"catalogue(?:-([1-9][0-9]{0,8}))?\.sqlite")
_FILES = ("-wal", "-shm", "")  # what SQLite keeps beside it, and the file: last, for its name is given again


def catalogue_of(home: Path) -> Path:
    """The catalogue of a home; where it would be, if there is none.

    Where no generation can tell (none was published, its manifest is damaged, the link was lost in copying) it is the
    latest one that lies there. There is but one unless a restore was killed, or its predecessor is still being read.
    """
    folder = current_folder(home)
    if folder is not None:
        with suppress(EnvironmentProblem):
            path = named_by(home, Manifest.read(folder))
            if path.exists():
                return path
    return max(_held(home), key=_number, default=home / CATALOGUE)


def named_by(home: Path, manifest: Manifest) -> Path:
    """The catalogue that a generation was made from; `home` is the one that holds it, not that of an audience."""
    return home / (manifest.catalogue if _NAME.fullmatch(manifest.catalogue) else CATALOGUE)


def name_of_next(home: Path) -> str:
    """A name for another catalogue beside those that are there."""
    numbers = [_number(path) for path in _held(home)]
    return f"catalogue-{max(numbers) + 1}.sqlite" if numbers else CATALOGUE


def read_catalogue(home: Path, kind: type[KindT]) -> KindT:
    """The catalogue as it is now, for reading. Raises `NotBuilt`, and what `Catalogue.open` raises."""
    while True:
        path = catalogue_of(home)
        try:
            return kind.open(path, read_only=True)
        except NotBuilt:
            if catalogue_of(home) == path:  # else a restore has come between the two lines
                raise


def superseded(home: Path) -> list[Path]:
    """Catalogues that are no more (or, of a killed restore, never came) into use and that nobody reads."""
    named = {named_by(home, manifest) for each in homes(home) for manifest in manifests(each)}
    return [path for path in _held(home) if path not in named and path != catalogue_of(home)]


def sweep(home: Path) -> None:
    """Remove them; the caller holds the write lock."""
    for path in superseded(home):
        for suffix in _FILES:
            path.with_name(path.name + suffix).unlink(missing_ok=True)


def homes(home: Path) -> list[Path]:
    """The home, and those of the audiences in it: their generations still quote from what was replaced."""
    return [home, *sorted((home / "audiences").glob("*"))]


def _held(home: Path) -> Iterator[Path]:
    return (path for path in sorted(home.glob("catalogue*.sqlite")) if _NAME.fullmatch(path.name))


def _number(path: Path) -> int:
    found = _NAME.fullmatch(path.name)
    return int(found[1] or 1) if found else 0
