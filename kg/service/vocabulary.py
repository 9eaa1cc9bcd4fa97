"""The site's own ontology files and forms in a restore: which of them take part, and where they go.

Those that lay in the home go back under their own names. Those from elsewhere come into the home where the place that
the settings name is not there; where it is, the site's files of today count alone: two states of one file, both in
force, would be neither.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from kg.core.errors import PolicyKGError
from kg.service import archive


def staged(contents: archive.Contents, folder: Path, home: Path, setting: str) -> tuple[str, list[str]]:
    """Make `folder/ontology` what `home/ontology` will be; the setting to build with, and what to tell.

    `setting` is that of `Settings.ontology`; parts of it below the home or the folder stand for that ontology.
    """
    named = [part for part in setting.split(":") if part.strip() and not _is_own(Path(part).expanduser(), home, folder)]
    elsewhere = ":".join(named) if readable(":".join(named)) else ""
    copied = False
    differing = []
    for name, stood in sorted(contents.ontology.items()):
        file, original = folder / name, Path(stood)
        if not file.is_file():
            continue
        if (place := _place_at_home(original, Path(contents.home))) is not None:
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            file.replace(folder / place)
        elif elsewhere:
            if not original.is_file() or original.read_bytes() != file.read_bytes():
                differing.append(original.name)
            file.unlink()
        else:
            copied = True
    for path in own_files(home):  # what came since the backup stays
        target = folder / path.relative_to(home)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    notes = []
    if copied:
        notes.append(
            f"自有本体文件已恢复到 {home / archive.ONTOLOGY}，自动使用；"
            "POLICYKG_ONTOLOGY 所指的位置不在，请取消这项设置或设为该文件夹"
        )
    if differing:
        notes.append(f"自有本体文件 {'、'.join(differing)} 与备份时不同，使用现在的；备份时的在备份文件中")
    own = str(folder / archive.ONTOLOGY) if any(own_files(folder)) else ""
    return ":".join(part for part in (elsewhere, own) if part), notes


def own_files(home: Path) -> Iterator[Path]:
    """The files of a home's own ontology that are used."""
    yield from sorted((home / archive.ONTOLOGY).glob("*.ttl"))
    yield from sorted((home / archive.FORMS).glob("*.toml"))


def readable(ontology: str) -> bool:
    """Whether a setting names anything that is there."""
    from ontology.turtle import files_of

    try:
        files_of(ontology)
    except PolicyKGError:
        return False
    return bool(ontology.strip())


def _place_at_home(original: Path, home: Path) -> str | None:
    """Where in a home a file lay; None for one that lay elsewhere."""
    for below, suffix in ((archive.ONTOLOGY, ".ttl"), (archive.FORMS, ".toml")):
        if original.suffix == suffix and original == home / below / original.name:
            return f"{below}/{original.name}"
    return None


def _is_own(part: Path, home: Path, folder: Path) -> bool:
    return part.resolve() in {(each / archive.ONTOLOGY).resolve() for each in (home, folder)}
