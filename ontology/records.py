"""Triples to records: one function a kind. What does not hold together is refused, with file and line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import Formatter

from kg.core.ids import DEFAULT_BASE
from ontology.places import data
from ontology.places.record import kind_of
from ontology.reference import (
    AgencyRecord,
    DepartmentType,
    PlaceRecord,
    PolicyRecord,
    RegionRecord,
    SeriesRecord,
    ThemeRecord,
)
from ontology.terms import DCTERMS, ELI, ORG, PKG, SCHEMA, SKOS
from ontology.turtle import CONTAINS_PLACE, Triples

NATION = "全国"
LEVELS = ("国家", "省", "市", "区", "县")
PREF, ALT = SKOS.prefLabel, SKOS.altLabel

# GB/T 3304 nationalities as they stand in the names of autonomous places, where three leave out 族
_PEOPLES = (
    "柯尔克孜|乌孜别克|维吾尔|哈萨克|达斡尔|塔吉克|俄罗斯|鄂温克|塔塔尔|鄂伦春|蒙古|布依|朝鲜|土家|哈尼|傈僳|"
    "拉祜|东乡|纳西|景颇|仫佬|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|德昂|保安|裕固|独龙|赫哲|门巴|珞巴|基诺|"
    "回|藏|苗|彝|壮|满|侗|瑶|白|傣|黎|佤|畲|水|土|羌|怒|京"
)
_PEOPLE = rf"(?:(?:{_PEOPLES})族|维吾尔|哈萨克|柯尔克孜|蒙古|塔吉克|锡伯)"
_AUTONOMOUS = re.compile(rf"{_PEOPLE}*(?:各族)?自治(?:区|州|县|旗)$")
_SHORTEST = 2  # characters of a bare name: 歙县 stays 歙县
_PLAIN = re.compile(r"(?:特别行政区|行政委员会|自治区|新区|林区|特区|矿区|地区|省|市|区|县|州|盟|旗)$")


def bare_name(name: str, aliases: tuple[str, ...] = ()) -> str:
    """A place's name without the word for its kind, never shorter than two characters.

    青浦区 青浦, 浦东新区 浦东, 广西壮族自治区 广西, 内蒙古自治区 内蒙古, 歙县 歙县. An alias that the name begins
    with is what people write, and goes before the rule.
    """
    given = [alias for alias in aliases if len(alias) >= _SHORTEST and name.startswith(alias) and alias != name]
    if given:
        return min(given, key=len)
    for tail in (_AUTONOMOUS, _PLAIN):
        match = tail.search(name)
        # 内蒙古自治区: 蒙古 is part of the place's own name, so the people's name must leave two characters
        while match and match.start() < _SHORTEST:
            match = tail.search(name, match.start() + 1)
        if match:
            return name[: match.start()]
    return name


@dataclass(frozen=True, slots=True)
class Places:
    """The places with their IRIs, for the records that point at them."""

    records: tuple[PlaceRecord, ...]
    qualified: dict[str, str]  # IRI -> 上海市青浦区

    def of(self, triples: Triples, subject: str, iri: str) -> str:
        """The qualified name of the place with this IRI. Raises `BadReference` where no file describes it."""
        if iri not in self.qualified:
            raise triples.problem(subject, f"所指的地方 <{iri}> 没有定义", iri)
        return self.qualified[iri]


def places(triples: Triples) -> Places:
    """All places, containers first: those of the Turtle files, and the counties of the country (places/counties.tsv).

    Raises `BadReference` for a missing parent, a circle, a wrong code or level.
    """
    subjects = list(triples.of_type(SCHEMA.AdministrativeArea))
    names = {subject: triples.need(subject, PREF) for subject in subjects}
    parents = {subject: triples.one(subject, SCHEMA.containedInPlace) for subject in subjects}
    counties = _counties(triples, names, parents)
    qualified: dict[str, str] = {subject: county.qualified for subject, county in counties.items()}

    def qualify(subject: str, path: tuple[str, ...] = ()) -> str:
        if subject in path:
            raise triples.problem(subject, "与上级互相包含，请检查 schema:containedInPlace", "containedInPlace")
        if subject not in qualified:
            parent = parents[subject]
            if parent is not None and parent not in names and parent not in qualified:
                raise triples.problem(subject, f"的上级 <{parent}> 没有定义", "containedInPlace")
            above = qualify(parent, (*path, subject)) if parent else ""
            qualified[subject] = names[subject] if above in ("", NATION) else above + names[subject]
        return qualified[subject]

    for subject in subjects:
        qualify(subject)
    records = {county.qualified: county for county in counties.values()}
    for subject in sorted(subjects, key=triples.age):  # of two equal names, the later file's is to blame
        record = _place(triples, subject, names[subject], qualified, parents[subject])
        if record.qualified in records:
            raise triples.problem(subject, f"与另一处地方的全称相同：{record.qualified}", PREF)
        records[record.qualified] = record
    rank = {level: number for number, level in enumerate(LEVELS)}
    ordered = sorted(
        records.values(), key=lambda item: (min(rank[item.level], 3), item.code or "999999", item.qualified)
    )
    return Places(tuple(ordered), qualified)


def _counties(triples: Triples, names: dict[str, str], parents: dict[str, str | None]) -> dict[str, PlaceRecord]:
    """IRI -> county. Its city is known by the code; a file of the site's own may add names to it, as to any place."""
    over: dict[str, tuple[str, str]] = {}  # code -> (IRI, qualified name) of provinces and cities
    for subject, name in names.items():
        if (code := triples.one(subject, SKOS.notation)) and code.endswith("00"):
            above = names.get(parents[subject] or "", NATION)
            over[code] = subject, name if above == NATION else above + name
    out: dict[str, PlaceRecord] = {}
    for code, name in data.counties():
        parent = over.get(code[:4] + "00") or over.get(code[:2] + "0000")
        if parent is None:  # only where places.ttl is not among the files
            continue
        subject = f"{DEFAULT_BASE}place/{parent[1]}{name}"
        if subject in names:
            continue  # a Turtle file describes it whole
        level = "区" if name.endswith("区") and not name.endswith(("林区", "特区")) else "县"
        qualified = parent[1] + name
        aliases = data.aliases().get(qualified, ())
        short = None
        if triples.holds(subject):
            own = ((PREF, name), (SKOS.notation, code), (PKG.placeLevel, level), (SCHEMA.containedInPlace, parent[0]))
            for predicate, value in own:
                if others := [other for other in triples.all(subject, predicate) if other != value]:
                    reason = f"已有 {value}，不能另写作 {'、'.join(others)}"
                    raise triples.problem(subject, reason, predicate)
            aliases = tuple(sorted({*aliases, *triples.all(subject, ALT)}))
            short = triples.one(subject, PKG.shortName)
        out[subject] = PlaceRecord(
            name=name,
            qualified=qualified,
            code=code if code.isdecimal() else None,
            level=level,
            parent=parent[1],
            bare=bare_name(name, aliases),
            short=short,
            aliases=aliases,
            municipality=False,
            kind=kind_of(name, level),
        )
    return out


def _place(triples: Triples, subject: str, name: str, qualified: dict[str, str], parent: str | None) -> PlaceRecord:
    level = triples.need(subject, PKG.placeLevel)
    if level not in LEVELS:
        raise triples.problem(subject, f"的 pkg:placeLevel 应为 {'、'.join(LEVELS)} 之一，不是“{level}”", level)
    if parent is None and name != NATION:
        raise triples.problem(subject, "缺少 schema:containedInPlace（省级写 <place/全国>）")
    code = triples.one(subject, SKOS.notation)
    if code is not None and not re.fullmatch(r"[1-9]\d{5}", code):
        raise triples.problem(subject, f"的行政区划代码应为六位数字，不是“{code}”", code)
    aliases = triples.all(subject, ALT)
    return PlaceRecord(
        name=name,
        qualified=qualified[subject],
        code=code,
        level=level,
        parent=qualified[parent] if parent else None,
        bare=bare_name(name, aliases) if name != NATION else name,
        short=triples.one(subject, PKG.shortName),
        aliases=aliases,
        municipality=level == "省" and name.endswith("市"),
        kind=kind_of(name, level),
        ranks=data.ranks().get(name, ()) if level in ("省", "市") else (),
    )


def regions(triples: Triples, known: Places) -> tuple[RegionRecord, ...]:
    """Areas above administrative places; members in the order of the places."""
    order = {place.qualified: number for number, place in enumerate(known.records)}
    return tuple(
        RegionRecord(
            triples.need(subject, PREF),
            triples.all(subject, ALT),
            tuple(
                sorted(
                    (known.of(triples, subject, iri) for iri in triples.all(subject, CONTAINS_PLACE)),
                    key=order.__getitem__,
                )
            ),
        )
        for subject in triples.of_type(PKG.Region)
    )


def agencies(triples: Triples, known: Places) -> tuple[AgencyRecord, ...]:
    """Known bodies. A parent or member is named by the label of its IRI, which must be described too."""
    subjects = list(triples.of_type(ORG.FormalOrganization, ORG.OrganizationalCollaboration))
    names = {subject: triples.need(subject, PREF) for subject in subjects}

    def name_of(subject: str, iri: str) -> str:
        if iri not in names:
            raise triples.problem(subject, f"所指的机构 <{iri}> 没有定义", iri)
        return names[iri]

    out: list[AgencyRecord] = []
    for subject in subjects:
        parent = triples.one(subject, ORG.subOrganizationOf)
        out.append(
            AgencyRecord(
                name=names[subject],
                place=known.of(triples, subject, triples.need(subject, PKG.jurisdiction)),
                category=triples.one(subject, PKG.agencyCategory),
                aliases=triples.all(subject, ALT),
                parent=name_of(subject, parent) if parent else None,
                members=tuple(name_of(subject, iri) for iri in triples.all(subject, ORG.hasMember)),
            )
        )
    return tuple(out)


def departments(triples: Triples) -> tuple[DepartmentType, ...]:
    """Naming patterns; tails and templates longest first, as a matcher wants them."""
    out: list[DepartmentType] = []
    for subject in triples.of_type(PKG.DepartmentType):
        full = triples.one(subject, PKG.nameTemplate)
        shorts = _longest_first(triples.all(subject, PKG.shortTemplate))
        for template in shorts:
            _check_template(triples, subject, template, _SLOTS)
        if full:
            _check_template(triples, subject, full, (*_SLOTS, "city"))
        out.append(
            DepartmentType(
                name=triples.need(subject, PREF),
                category=triples.one(subject, PKG.agencyCategory),
                tails=_longest_first(triples.all(subject, ALT)),
                name_template=full,
                short_templates=shorts,
                sector=triples.one(subject, PKG.sector),
            )
        )
    return tuple(out)


_SLOTS = ("place", "bare", "tier")


def _check_template(triples: Triples, subject: str, template: str, slots: tuple[str, ...]) -> None:
    try:
        fields = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    except ValueError:
        fields = {""}
    if not fields or not fields <= set(slots):
        reason = f"的模板“{template}”只能用 {'、'.join('{' + slot + '}' for slot in slots)}，且至少用一个"
        raise triples.problem(subject, reason, template)


def _longest_first(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(values, key=lambda value: (-len(value), value)))


def series(triples: Triples) -> tuple[SeriesRecord, ...]:
    """Activity series; a pattern that is no regular expression is refused."""
    out: list[SeriesRecord] = []
    for subject in triples.of_type(SCHEMA.EventSeries):
        patterns = triples.all(subject, PKG.titlePattern)
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise triples.problem(subject, f"的正则表达式“{pattern}”有误：{error}", PKG.titlePattern) from error
        theme = triples.one(subject, ELI.is_about)
        label = triples.one(theme, PREF) if theme else None
        if theme and label is None:
            raise triples.problem(subject, f"所指的主题 <{theme}> 没有定义", "is_about")
        out.append(SeriesRecord(triples.need(subject, PREF), triples.all(subject, ALT), patterns, label))
    return tuple(out)


def themes(triples: Triples) -> tuple[ThemeRecord, ...]:
    """Themes are the concepts that carry keywords or stand in a scheme of themes; series are concepts too."""
    rest = set(triples.of_type(SCHEMA.EventSeries))
    return tuple(
        ThemeRecord(triples.need(subject, PREF), triples.all(subject, ALT), triples.all(subject, PKG.keyword))
        for subject in triples.of_type(SKOS.Concept)
        if subject not in rest and (triples.all(subject, PKG.keyword) or _in_themes(triples, subject))
    )


def _in_themes(triples: Triples, subject: str) -> bool:
    return any(scheme.endswith("/themes") for scheme in triples.all(subject, SKOS.inScheme))


def policies(triples: Triples) -> tuple[PolicyRecord, ...]:
    """Well-known policies; a date is `2023-02-06`, or the year or month where no more is known."""
    out: list[PolicyRecord] = []
    for subject in triples.of_type(ELI.LegalResource):
        date = triples.one(subject, ELI.date_document)
        if date is not None and not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", date):
            raise triples.problem(subject, f"的日期应写作 2023-02-06，不是“{date}”", date)
        out.append(
            PolicyRecord(
                title=triples.need(subject, DCTERMS.title),
                aliases=triples.all(subject, ALT),
                number=triples.one(subject, ELI.id_local),
                issuers=triples.all(subject, PKG.issuerName),
                date=date,
                kind=triples.one(subject, PKG.kindLabel),
            )
        )
    return tuple(out)
