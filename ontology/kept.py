"""The ontology as it was read, kept in a file so that a command does not read it all again.

Reading forms and Turtle and compiling patterns takes a second, a file of plain values some hundredths. The file stands
in the folder of a generation, written and sealed with it: whoever could change it could change all that is answered.
It holds values alone and no code, and says of what it is made: the bytes of the ontology's files, this program, this
Python. Where any of these is another it counts for nothing, and the ontology is read as ever.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
import sys
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ontology.forms.compiled import MADE_FOR, compiled

if TYPE_CHECKING:
    from ontology.forms import Form
    from ontology.reference import Reference

FILE = "ontology.msgpack"
LOG = logging.getLogger("kg.ontology")

_CODE = Path(__file__).resolve().parent
_offered: list[Path] = []  # the one offered last


class _KeptForms(msgspec.Struct, array_like=True):
    forms: msgspec.Raw
    patterns: dict[str, msgspec.Raw]


class _Kept(msgspec.Struct, array_like=True):
    """A file of this kind; what it holds is decoded as it is asked for."""

    made_for: str
    version: str
    records: msgspec.Raw
    forms: dict[str, _KeptForms]  # by the version of their files: all of them, and those of this program alone


def digest(contents: Iterable[bytes]) -> str:
    """Sixteen characters that change with any byte; compared with those of the run before."""
    whole = hashlib.sha256()
    for data in contents:
        whole.update(hashlib.sha256(data).digest())
    return whole.hexdigest()[:16]


def offer(path: Path) -> None:
    """Say where such a file may be; it is looked at when the ontology is first needed."""
    _offered[:] = [path]


def write(target: Path, reference: Reference, setting: str = "", *, previous: Path | None = None) -> None:
    """Keep reference data and forms at `target`; a `previous` file of the same is copied, which takes no time.

    `setting` is that of `POLICYKG_ONTOLOGY`, which the reference data were read with; nothing is written where its
    files are others by now, or gave other data.
    """
    from ontology.reference import version_of

    if reference.version != version_of(setting):
        return
    if previous is not None and (held := _read(previous)) is not None and held.version == reference.version:
        shutil.copyfile(previous, target)
        return
    target.write_bytes(_encoded(reference, setting))


@lru_cache(maxsize=1)
def _known(_version: str) -> dict[str, bytes]:
    return {}


def _encoded(reference: Reference, setting: str) -> bytes:
    known = _known(f"{reference.version} {setting}")  # several generations are made of one reading
    if not known:
        known[""] = _encode(reference, setting)
    return known[""]


def _encode(reference: Reference, setting: str) -> bytes:
    from ontology.forms import files_of, load
    from ontology.names import MentionFinder, Resolver
    from ontology.places.index import PlaceIndex
    from ontology.places.table import table_of
    from ontology.quantities import QuantityFinder

    encoder = msgspec.msgpack.Encoder(enc_hook=str)
    patterns: dict[str, msgspec.Raw] = {}
    forms: dict[str, _KeptForms] = {}
    for each in dict.fromkeys((setting, "")):
        files, found = files_of(each), load(each)
        MentionFinder(Resolver(reference, found))
        QuantityFinder(found)  # what these make of several forms is found by what it is
        sources = {form.name: found.source(form.name) for form in found if not form.rows}
        sources |= {source: source for source in found.made}
        for source in {*sources.values()} - patterns.keys():
            patterns[source] = msgspec.Raw(encoder.encode(compiled(source)))
        forms[_forms_version(files)] = _KeptForms(
            msgspec.Raw(encoder.encode(list(found))), {name: patterns[source] for name, source in sources.items()}
        )
    records = {name: getattr(reference, name) for name in _RECORDS}
    records["place_table"] = table_of(PlaceIndex(reference), reference.places)
    return encoder.encode(_Kept(_made_for(), reference.version, msgspec.Raw(encoder.encode(records)), forms))


_RECORDS = ("places", "regions", "agencies", "departments", "series", "themes", "policies")


def records(version: str) -> dict[str, Any] | None:
    """The fields of the `Reference` of this version, all but its forms; None where no offered file holds them."""
    if (held := _held()) is None or held.version != version:
        return None
    from ontology import reference as of
    from ontology.places.table import PlaceTable

    kinds = {
        "places": tuple[of.PlaceRecord, ...],
        "regions": tuple[of.RegionRecord, ...],
        "agencies": tuple[of.AgencyRecord, ...],
        "departments": tuple[of.DepartmentType, ...],
        "series": tuple[of.SeriesRecord, ...],
        "themes": tuple[of.ThemeRecord, ...],
        "policies": tuple[of.PolicyRecord, ...],
        "place_table": PlaceTable,
    }
    raw = msgspec.msgpack.decode(held.records, type=dict[str, msgspec.Raw])
    return {name: msgspec.msgpack.decode(raw[name], type=kind) for name, kind in kinds.items()}


def forms(files: Sequence[Path]) -> tuple[dict[str, Form], dict[str, msgspec.Raw]] | None:
    """The forms that these files give, with their patterns compiled; None where no offered file holds them."""
    from ontology.forms import Form

    if (kept := _held()) is None or (held := kept.forms.get(_forms_version(files))) is None:
        return None
    found = msgspec.msgpack.decode(held.forms, type=list[Form], dec_hook=lambda kind, value: kind(value))
    return {form.name: form for form in found}, held.patterns


def _forms_version(files: Sequence[Path]) -> str:
    return digest(file.read_bytes() for file in files)


def _held() -> _Kept | None:
    return _read(_offered[0]) if _offered else None


@lru_cache(maxsize=2)
def _decoded(path: Path, _stamp: tuple[int, int]) -> _Kept | None:
    try:
        held = msgspec.msgpack.decode(path.read_bytes(), type=_Kept)
    except (OSError, msgspec.MsgspecError) as error:
        LOG.info("%s: %s", path, error)
        return None
    return held if held.made_for == _made_for() else None


def _read(path: Path) -> _Kept | None:
    try:
        stat = path.stat()
    except OSError:  # a generation of before there was such a file
        return None
    return _decoded(path, (stat.st_mtime_ns, stat.st_size))


@lru_cache(maxsize=1)
def _made_for() -> str:
    """This program, as far as it reads the ontology, and this Python."""
    modules = sorted(path for folder in (_CODE, _CODE / "forms", _CODE / "places") for path in folder.glob("*.py"))
    return f"{digest(path.read_bytes() for path in modules)} {sys.version_info[:3]} {MADE_FOR}"
