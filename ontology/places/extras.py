"""Zones, former places and the 兵团 as records. They are known by name but are no administrative places of today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ontology.places import data
from ontology.places.record import PlaceRecord, kind_of

CORPS = "新疆生产建设兵团"
ZONE, DIVISION, CORPS_KIND = "园区", "师", "兵团"
_XINJIANG = "新疆维吾尔自治区"

# Two names of one kind of zone: 合肥高新区, 合肥高新技术产业开发区. The first is the full one.
ZONE_KINDS = (
    ("高新技术产业开发区", "高新技术开发区", "高新技术产业园区", "高新区", "高新开发区"),
    ("高技术产业开发区", "高新区", "高技术开发区"),
    ("经济技术开发区", "经开区", "经济开发区", "开发区"),
    ("经济开发区", "经开区", "经济技术开发区", "开发区"),
    ("城乡一体化示范区", "示范区", "一体化示范区"),
    ("农业高新技术产业示范区", "示范区", "农高区"),
    ("综合保税区", "综保区"),
    ("旅游度假区", "度假区"),
    ("风景名胜区", "风景区", "景区"),
    ("综合实验区", "实验区"),
    ("管理区",),
    ("工业园区",),
)


def zone_forms(name: str) -> tuple[str, ...]:
    """A zone's name and its usual short forms: 合肥高新技术产业开发区, 合肥高新技术开发区, 合肥高新区 …"""
    for full, *shorts in ZONE_KINDS:
        if name.endswith(full):
            stem = name[: -len(full)]
            return (name, *(stem + short for short in shorts if stem))
    return (name,)


def zones(known: Mapping[str, PlaceRecord]) -> Iterator[tuple[PlaceRecord, tuple[str, ...]]]:
    """Each zone with the names that it goes by."""
    for zone in data.zones():
        over = "".join(dict.fromkeys(zone.where))
        qualified = over + zone.name
        if over not in known or qualified in known:  # a new area that has become a district
            continue
        place = known[over]
        forms = dict.fromkeys((*zone_forms(zone.name), *(f for alias in zone.aliases for f in zone_forms(alias))))
        # 合肥市高新区, as 合肥高新区
        for form in tuple(forms):
            if form.startswith(place.bare) and len(form) > len(place.bare) + 1 and not form.startswith(place.name):
                forms[place.name + form[len(place.bare) :]] = None
        record = PlaceRecord(
            name=zone.name,
            qualified=qualified,
            code=zone.code,
            level=zone.level,
            parent=over,
            bare=zone.name,
            short=None,
            aliases=zone.aliases,
            municipality=False,
            kind=ZONE,
            ranks=data.ranks().get(zone.name, ()),
            since=zone.since,
            until=zone.until,
        )
        yield record, tuple(forms)


def former(known: Mapping[str, PlaceRecord]) -> Iterator[PlaceRecord]:
    """The places that are no more; their parents first."""
    seen: set[str] = set()
    for row in sorted(data.former(), key=lambda row: len(row.path)):
        qualified = "".join(row.path)
        if qualified in known or qualified in seen:
            continue
        seen.add(qualified)
        name = row.path[-1]
        level = "市" if row.code.endswith("00") else "区" if name.endswith("区") and name[-2] not in "特林" else "县"
        above = ("".join(row.path[:end]) for end in range(len(row.path) - 1, 0, -1))
        over = next(path for path in above if path in seen or path in known)
        yield PlaceRecord(
            name=name,
            qualified=qualified,
            code=row.code,
            level=level,
            parent=over,
            bare=_bare(name),
            short=None,
            aliases=(),
            municipality=False,
            kind=kind_of(name, level),
            since=row.since,
            until=row.until,
            successors=("".join(row.now),),
        )


def _bare(name: str) -> str:
    from ontology.records import bare_name  # here, because it imports this package

    return bare_name(name)


def corps(known: Mapping[str, PlaceRecord]) -> Iterator[tuple[PlaceRecord, tuple[str, ...]]]:
    """The 兵团, a province in its offices, and its divisions (师), each with the names that it goes by."""
    if _XINJIANG not in known:
        return
    whole = PlaceRecord(CORPS, CORPS, None, "省", _XINJIANG, "兵团", None, (), municipality=False, kind=CORPS_KIND)
    yield whole, (CORPS, "新疆兵团", "生产建设兵团", "兵团")
    for name, city, names in data.corps():
        aliases = tuple(filter(None, (*names, name + city if city else "")))
        yield (
            PlaceRecord(name, CORPS + name, None, "市", CORPS, name, None, aliases, municipality=False, kind=DIVISION),
            (name, CORPS + name, "兵团" + name, *aliases, *("兵团" + alias for alias in aliases)),
        )
