"""The reference data as plain records: places, agencies, department patterns, series, themes, policies.

The data are the Turtle files of this folder and the user's own (`POLICYKG_ONTOLOGY`), read as one graph: a user's
file may add a place, or one more `skos:altLabel` to an agency that is known. A file that cannot be used is refused
with its name and line; nothing is skipped silently. The counties of the country come from ontology/places.

    load_reference().places[0]            # PlaceRecord(name='全国', ...)
    load_reference("/data/own.ttl:/data/more")
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from ontology import kept
from ontology.forms import Forms
from ontology.forms import files_of as form_files
from ontology.forms import load as load_forms
from ontology.places import data as place_data
from ontology.places.record import PlaceRecord
from ontology.places.table import PlaceTable
from ontology.turtle import BadReference, files_of

FOLDER = Path(__file__).resolve().parent
BUILT_IN = ("places", "departments", "agencies", "themes", "series", "policies")


@dataclass(frozen=True, slots=True)
class RegionRecord:
    """An area that is no administrative place (长三角). `members` are qualified names; empty where not settled."""

    label: str
    aliases: tuple[str, ...]
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgencyRecord:
    """A known body. `place` is a qualified name (全国 for the state), `parent` and `members` are agencies' names."""

    name: str
    place: str
    category: str | None
    aliases: tuple[str, ...]
    parent: str | None
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DepartmentType:
    """How a department is named in any place.

    In templates `{place}` is 青浦区, `{bare}` 青浦, `{tier}` 区, 县, 市, 省 or 自治区, and in the full name `{city}`
    is the city of the district (上海市公安局青浦分局). The full name is
    `name_template`, or where that is None, the place followed by `name`. `tails` follow a place or a tier
    (青浦区市监局, 区市监局); `short_templates` are forms in which the place stands elsewhere (团{tier}委).
    """

    name: str  # 市场监督管理局
    category: str | None  # 政府部门
    tails: tuple[str, ...]  # 市场监管局, 市监局
    name_template: str | None  # 中共{place}委员会宣传部
    short_templates: tuple[str, ...]  # {tier}委宣传部
    sector: str | None  # 市场监管, as in 市场监管部门


@dataclass(frozen=True, slots=True)
class SeriesRecord:
    """An activity that returns every year. `patterns` are regular expressions on an activity's title."""

    label: str
    aliases: tuple[str, ...]
    patterns: tuple[str, ...]
    theme: str | None


@dataclass(frozen=True, slots=True)
class ThemeRecord:
    """A theme, with the words that point to it."""

    label: str
    aliases: tuple[str, ...]
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PolicyRecord:
    """A well-known policy. `date` is ISO (2023-02-06)."""

    title: str
    aliases: tuple[str, ...]
    number: str | None
    issuers: tuple[str, ...]
    date: str | None
    kind: str | None


@dataclass(frozen=True, slots=True)
class Reference:
    """All reference data of one run. `version` changes with any byte of the files that were read."""

    places: tuple[PlaceRecord, ...] = field(repr=False)
    regions: tuple[RegionRecord, ...] = field(repr=False)
    agencies: tuple[AgencyRecord, ...] = field(repr=False)
    departments: tuple[DepartmentType, ...] = field(repr=False)
    series: tuple[SeriesRecord, ...] = field(repr=False)
    themes: tuple[ThemeRecord, ...] = field(repr=False)
    policies: tuple[PolicyRecord, ...] = field(repr=False)
    version: str
    files: tuple[Path, ...]
    forms: Forms = field(default_factory=load_forms, repr=False, compare=False)  # the site's own among them
    place_table: PlaceTable | None = field(default=None, repr=False, compare=False)  # where it was kept


def load_reference(extra: str = "") -> Reference:
    """The built-in data together with the user's.

    `extra` is the setting `ontology` (`POLICYKG_ONTOLOGY`): Turtle files or folders of them, separated by `:`.
    The result is kept until one of the files changes. Raises `BadReference` for a file that is missing, is not
    Turtle, or says something that cannot be honoured (an unknown term, a place without a parent, ...).
    """
    files = _files(extra)
    stamps = tuple((path, stat.st_mtime_ns, stat.st_size) for path in files for stat in [path.stat()])
    return _load(stamps, load_forms(extra), form_files(extra))


def version_of(extra: str = "") -> str:
    """`load_reference(extra).version` without reading what the files say (0.01 s instead of half a second)."""
    return kept.digest(path.read_bytes() for path in (*_files(extra), *place_data.FILES, *form_files(extra)))


def _files(extra: str) -> tuple[Path, ...]:
    return (*(path for name in BUILT_IN if (path := FOLDER / f"{name}.ttl").is_file()), *files_of(extra))


@lru_cache(maxsize=4)
def _load(stamps: tuple[tuple[Path, int, int], ...], forms: Forms, forms_from: tuple[Path, ...]) -> Reference:
    contents = [path.read_bytes() for path, _, _ in stamps]
    version = kept.digest([*contents, *(path.read_bytes() for path in (*place_data.FILES, *forms_from))])
    files = tuple(path for path, _, _ in stamps)
    if (held := kept.records(version)) is not None:
        return Reference(**held, version=version, files=files, forms=forms)
    from ontology import records  # here, because it imports the records of this module
    from ontology.turtle import Triples

    triples = Triples()
    for (path, _, _), data in zip(stamps, contents, strict=True):
        triples.read(path, data)
    triples.check_terms()
    places = records.places(triples)
    return Reference(
        places=places.records,
        regions=records.regions(triples, places),
        agencies=records.agencies(triples, places),
        departments=records.departments(triples),
        series=records.series(triples),
        themes=records.themes(triples),
        policies=records.policies(triples),
        version=version,
        files=files,
        forms=forms,
    )


__all__ = [
    "AgencyRecord",
    "BadReference",
    "DepartmentType",
    "PlaceRecord",
    "PolicyRecord",
    "Reference",
    "RegionRecord",
    "SeriesRecord",
    "ThemeRecord",
    "load_reference",
    "version_of",
]
