"""Duties, activities and the places of activities in words."""

from __future__ import annotations

from dataclasses import replace

from kg.ask.form import Form
from kg.ask.library import Library
from kg.ask.model import Cell, Row
from kg.ask.session import Place, Rows, form_to_rows
from kg.ask.told import ACTIVITY, Groups, Told, apart, groups, quoted, scope
from kg.ask.wording import Sources, listed, sentence_around, titled

_SHOWN = 8  # found_groups that are written out; the rest is in the table
_SILENT = 3  # activities without a body that are told beside those with one
_BRACKET = 90  # characters of a bracket that is quoted
_MARKS = 6


def tell_body(told: Told) -> str | None:
    """Who carries each activity."""
    found, library, sources = told.found, told.library, told.sources
    form = found.form
    found_groups = groups(found.facts, "activity", "document", "year", "event")
    words = [word for needle in form.needles for word in needle.words]
    if words and not form.series and not form.items:
        found_groups = {
            key: rows for key, rows in found_groups.items() if any(word in str(key[0]).lower() for word in words)
        } or (found_groups if form.within == "words" else {})
    if not found_groups or (len(found_groups) > _SHOWN and not form.series) or not (words or form.series or form.items):
        return None
    several = len({(key[1], key[2]) for key in found_groups}) > 1
    ordered = sorted(found_groups, key=lambda key: -sum(word in str(key[0]).lower() for word in [*form.series, *words]))
    parts: list[str] = []
    for key in ordered[:_SHOWN]:
        rows = found_groups[key]
        marks = sources.cite_all(_duty_places(found, key), most=2)
        where = f"（{titled(str(key[1]))}）" if several or not (form.years or form.titles) else ""
        quote = _bracket(found, key, library)
        parts.append(f"{quoted(key[0])}{_by_role(rows, form)}{quote}{marks}{where}")
    where_when = scope(form, library)
    more = f"；另有{len(found_groups) - _SHOWN}项见表" if len(found_groups) > _SHOWN else ""
    parts += _without_body(found, found_groups, library, sources)
    return f"{where_when + '，' if where_when else ''}{'；'.join(parts)}{more}。"


def _without_body(found: Rows, found_groups: Groups, library: Library, sources: Sources) -> list[str]:
    """The activities that are meant as well, but of which no body was read."""
    form = found.form
    if form.bodies or form.role or not (form.series or form.items):
        return []
    every = form_to_rows(replace(form, target="activity"), library)
    told = {key[3] for key in found_groups}
    silent = groups((row for row in every.facts if row["event"] not in told), *ACTIVITY)
    return [
        f"另{titled(str(key[2]))}写到{quoted(key[1])}，没有读出责任单位"
        f"{sources.cite_all(every.places_of(event=key[3]), most=1)}"
        for key in list(silent)[:_SILENT]
    ]


def _duty_places(found: Rows, key: tuple[Cell, ...]) -> list[Place]:
    return found.places_of(event=key[3])


def _by_role(rows: list[Row], form: Form) -> str:
    lead = [str(row["body"]) for row in rows if row.get("role") == "牵头"]
    co = [str(row["body"]) for row in rows if row.get("role") == "配合"]
    plain = [str(row["body"]) for row in rows if not row.get("role") and form.role is None]
    if form.role:
        return f"由{listed((str(row['body']) for row in rows), fold=30)}{'牵头' if form.role == 'lead' else '配合'}"
    said = [f"由{listed(lead, fold=30)}牵头"] if lead else []
    said += [f"由{listed(plain, fold=30)}负责"] if plain else []
    said += [f"{listed(co, fold=30)}配合"] if co else []
    return "，".join(said)


def _bracket(found: Rows, key: tuple[Cell, ...], library: Library) -> str:
    """The words that name the units, where they stand in a bracket of their own."""
    places = _duty_places(found, key)
    if not places:
        return ""
    text = library.document(places[0][0]).text
    start, end = sentence_around(text, places[0][1], places[0][2])
    words = text[start:end].strip()
    return f"，原文写作{words}" if words.startswith("（") and len(words) <= _BRACKET else ""


def tell_activity(told: Told) -> str | None:
    """Which activities there are, of whom, how many; and by whom, where that is asked too."""
    text = _which_activities(told)
    form = told.found.form
    if text is None or "body" not in told.question.asks or form.none:
        return text
    who = form_to_rows(replace(form, target="body", bodies=(), role=None), told.library)
    events = {row["event"] for row in told.found.facts}
    by_event = groups((row for row in who.facts if row["event"] in events), "activity", "document", "year", "event")
    said = [
        f"{quoted(key[0])}{_by_role(rows, who.form)}{_bracket(who, key, told.library)}"
        f"{told.sources.cite_all(_duty_places(who, key), most=2)}"
        for key, rows in list(by_event.items())[:_SHOWN]
    ]
    return f"{text}其中{'；'.join(said)}。" if said else text


def _which_activities(told: Told) -> str | None:
    found, library, sources = told.found, told.library, told.sources
    form = found.form
    asked = dict.fromkeys(name for group in form.bodies for name in group)
    if form.none:
        return _tell_none(told)
    if len(form.bodies) > 1 and not form.joint:
        return "".join(_of_body(found, names, library, sources) for names in form.bodies)
    if form.bodies and not form.joint and not form.only:
        return _of_body(found, form.bodies[0], library, sources)
    found_groups = groups(found.facts, *ACTIVITY)
    head = scope(form, library)
    who = listed(asked, fold=6)
    partners = [record.name for place in form.partners if (record := library.place(place))]
    if form.only:
        head += f"由{who}单独负责的"
    elif partners:
        head += f"由{'、'.join(partners)}共同负责的"
    elif form.joint:
        head += f"由{who}共同承担的"
    elif form.needles or form.series:
        words = listed([*form.series, *(n.words[0] for n in form.needles)])
        head += f"与“{words}”相符的"
    items = {str(row["item"]) for row in found.rows if row.get("item")}
    if form.operator == "count" and len(items) > 1 and len({row["source"] for row in found.facts}) == 1:
        more = f"（其下写到的具体活动合计{len(found_groups)}项）" if len(found_groups) > len(items) else ""
        return f"{head}活动按原文编号共{len(items)}项{more}：{_activities(_numbered(found_groups), found, sources)}。"
    return f"{head}活动共{len(found_groups)}项：{_activities(found_groups, found, sources)}。"


def _numbered(found_groups: Groups) -> Groups:
    return {key: rows for key, rows in found_groups.items() if any(row.get("item") for row in rows)}


def _activities(found_groups: Groups, found: Rows, sources: Sources) -> str:
    several = len({key[2] for key in found_groups}) > 1
    parts: list[str] = []
    for number, key in enumerate(found_groups):
        year, title, _, event = key
        marks = sources.cite_all(found.places_of(event=event), most=2) if number < 20 else ""
        when = f"（{year}年）" if several and year else ""
        states = {row.get("state") for row in found_groups[key]}
        told = "（由集体推及，没有点名）" if states == {"推及"} else ""
        parts.append(f"{quoted(title)}{when}{told}{marks}")
    return "；".join(parts) if len(parts) <= 20 else "；".join(parts[:20]) + f"；等{len(parts)}项，见表"


def _of_body(found: Rows, names: tuple[str, ...], library: Library, sources: Sources) -> str:
    """What one body of the question does; under a collective's name where only that is written."""
    form = found.form
    found_groups = groups((row for row in found.facts if row["asked"] in names), *ACTIVITY)
    if not found_groups:
        return f"没有找到{listed(names)}负责的活动。"
    direct = {key: rows for key, rows in found_groups.items() if any(row["through"] in names for row in rows)}
    shared = {key: rows for key, rows in found_groups.items() if key not in direct}
    own = [row for rows in direct.values() for row in rows if row["body"] in names]
    lead = form.role == "lead" or (own and all(row["role"] == "牵头" for row in own))
    verb = "牵头" if lead else "配合" if form.role == "co" else "负责"
    where_when = scope(form, library)
    parts = [f"{listed(names)}{verb}{len(direct)}项活动：{_activities(direct, found, sources)}"] if direct else []
    if shared:
        teams = listed((str(row["through"]) for rows in shared.values() for row in rows), fold=16)
        who = "另" if direct else listed(names)
        parts.append(f"{who}以集体或成员名义（{teams}）{verb}{len(shared)}项：{_activities(shared, found, sources)}")
    return f"{where_when + '，' if where_when else ''}{'；'.join(parts)}。"


def _tell_none(told: Told) -> str | None:
    found, sources = told.found, told.sources
    found_groups = groups(found.facts, *ACTIVITY)
    if not found_groups:
        return None
    return f"没有写责任单位的活动共{len(found_groups)}项：{_activities(found_groups, found, sources)}。"


def tell_place(told: Told) -> str | None:
    """Which places are named or meant by a collective."""
    found, sources = told.found, told.sources
    found_groups = groups(found.rows, "year", "state")
    parts: list[str] = []
    for (year, state), rows in sorted(found_groups.items(), key=lambda item: (str(item[0][0]), str(item[0][1]))):
        names = list(dict.fromkeys(str(row["place"]) for row in rows))
        activities = list(dict.fromkeys(str(row["activity"]) for row in rows))
        marks = "".join(sources.cite_all(found.places_of(year=year, place=name), most=1) for name in names[:_MARKS])
        marks = "".join(dict.fromkeys(marks.replace("]", "]\n").split()))
        shown = listed(names, unit="个地方", fold=20)
        when = f"{year}年，" if year else ""
        if state == "点名":
            parts.append(f"{when}文件点名的有{shown}（{listed(map(quoted, activities), fold=4)}）{marks}")
        else:
            parts.append(
                f"{when}由集体推及{shown}（{listed(map(quoted, activities), fold=3)}，原文没有逐一列名）{marks}"
            )
    return f"{apart(found.form)}{'；'.join(parts)}。"
