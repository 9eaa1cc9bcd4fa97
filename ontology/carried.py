"""A site's own reference data as one piece of bytes, for readers on other machines.

    data = packed("/data/own.ttl:/data/more")     # what the setting `ontology` names here
    setting = unpacked(data, Path("/tmp/there"))  # what it has to say there

The order of files and folders stays, and with it what a later file adds to an earlier one: `load_reference` has the
same `version` on both sides where the built-in data are the same, too.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from ontology.forms import FOLDER as BUILT_IN_FORMS
from ontology.forms import files_of as form_files
from ontology.turtle import files_of

_LIST = "setting"  # the entry with what the setting names, a line each
_AT = (1980, 1, 1, 0, 0, 0)  # the same files are the same bytes, whenever they were written


def packed(setting: str) -> bytes:
    """The files that a setting names; empty where it names none. Raises `BadReference` for one that is missing."""
    turtles = files_of(setting)
    forms = [file for file in form_files(setting) if file.parent != BUILT_IN_FORMS]
    if not turtles and not forms:
        return b""
    numbers: dict[Path, int] = {}  # folders, in the order of the setting: forms are read in that order
    named: dict[str, None] = {}
    entries: dict[str, Path] = {}
    for part in filter(None, (part.strip() for part in setting.split(":"))):
        path = Path(part).expanduser()
        folder = (path if path.is_dir() else path.parent).resolve()
        number = numbers.setdefault(folder, len(numbers))
        inside = sorted(folder.glob("*.ttl")) if path.is_dir() else [path.resolve()]
        entries |= {f"{number}/{file.name}": file for file in inside}
        named[str(number) if path.is_dir() else f"{number}/{inside[0].name}"] = None
    entries |= {f"{numbers[file.parent.parent]}/forms/{file.name}": file for file in forms}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo(_LIST, _AT), "\n".join(named))
        for name, file in entries.items():
            archive.writestr(zipfile.ZipInfo(name, _AT), file.read_bytes(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def unpacked(data: bytes, folder: Path) -> str:
    """Write what was packed below a folder; the setting that names it. Raises `OSError`."""
    if not data:
        return ""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(folder)
        named = archive.read(_LIST).decode().splitlines()
    return ":".join(str(folder / name) for name in named)
