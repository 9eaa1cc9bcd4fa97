"""Rows of a form in words: the fact first, in full names, with the numbers of the sources behind each statement.

Numbers of things are told only because the rows are all that the graph has; nothing is cut before it is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import PurePath

from kg.ask.form import Form
from kg.ask.library import Library
from kg.ask.mentions import tell_mentions
from kg.ask.model import Cell, Row
from kg.ask.question import Question
from kg.ask.session import Place, Rows, form_to_rows
from kg.ask.wording import Sources, dated, listed, sentence_around, titled

Groups = dict[tuple[Cell, ...], list[Row]]

_ASKED = frozenset(("issuer", "recipient", "period", "number", "theme"))  # what is asked of one, not of an order
_ACTIVITY = ("year", "activity", "document", "event")
_LISTED = 12  # documents that are written out
_SHOWN = 8  # groups that are written out; the rest is in the table
_SILENT = 3  # activities without a body that are told beside those with one
_BRACKET = 90  # characters of a bracket that is quoted
_MARKS = 6


@dataclass(frozen=True, slots=True)
class Told:
    """What is put into words, and where its sources are gathered."""

    found: Rows
    question: Question
    library: Library
    sources: Sources


def tell(found: Rows, question: Question, library: Library, sources: Sources) -> str | None:
    """The sentences; None where the rows do not answer."""
    return _TELLERS[found.form.target](Told(found, question, library, sources))


def _groups(rows: Iterable[Row], *names: str) -> Groups:
    out: Groups = {}
    for row in rows:
        out.setdefault(tuple(row[name] for name in names), []).append(row)
    return out


def _quoted(title: object) -> str:
    text = str(title)
    return text if "“" in text[:2] or "《" in text[:2] else f"“{text}”"


def _scope(form: Form, library: Library) -> str:
    years = "、".join(f"{year}年" for year in form.years)
    places = "、".join(record.name for place in form.places if (record := library.place(place)))
    apart = _apart(form).rstrip("，")
    return "，".join(part for part in (years + ("，" if years and places else "") + places, apart) if part)


def _tell_body(told: Told) -> str | None:
    found, library, sources = told.found, told.library, told.sources
    form = found.form
    groups = _groups(found.facts, "activity", "document", "year", "event")
    words = [word for needle in form.needles for word in needle.words]
    if words and not form.series and not form.items:
        groups = {key: rows for key, rows in groups.items() if any(word in str(key[0]).lower() for word in words)} or (
            groups if form.within == "words" else {}
        )
    if not groups or (len(groups) > _SHOWN and not form.series) or not (words or form.series or form.items):
        return None
    several = len({(key[1], key[2]) for key in groups}) > 1
    ordered = sorted(groups, key=lambda key: -sum(word in str(key[0]).lower() for word in [*form.series, *words]))
    parts: list[str] = []
    for key in ordered[:_SHOWN]:
        rows = groups[key]
        marks = sources.cite_all(_duty_places(found, key), most=2)
        where = f"（{titled(str(key[1]))}）" if several or not (form.years or form.titles) else ""
        quote = _bracket(found, key, library)
        parts.append(f"{_quoted(key[0])}{_by_role(rows, form)}{quote}{marks}{where}")
    scope = _scope(form, library)
    more = f"；另有{len(groups) - _SHOWN}项见表" if len(groups) > _SHOWN else ""
    parts += _without_body(found, groups, library, sources)
    return f"{scope + '，' if scope else ''}{'；'.join(parts)}{more}。"


def _without_body(found: Rows, groups: Groups, library: Library, sources: Sources) -> list[str]:
    """The activities that are meant as well, but of which no body was read."""
    form = found.form
    if form.bodies or form.role or not (form.series or form.items):
        return []
    every = form_to_rows(replace(form, target="activity"), library)
    told = {key[3] for key in groups}
    silent = _groups((row for row in every.facts if row["event"] not in told), *_ACTIVITY)
    return [
        f"另{titled(str(key[2]))}写到{_quoted(key[1])}，没有读出责任单位"
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


def _tell_activity(told: Told) -> str | None:
    found, library, sources = told.found, told.library, told.sources
    form = found.form
    asked = dict.fromkeys(name for group in form.bodies for name in group)
    if form.none:
        return _tell_none(told)
    if len(form.bodies) > 1 and not form.joint:
        return "".join(_of_body(found, names, library, sources) for names in form.bodies)
    if form.bodies and not form.joint and not form.only:
        return _of_body(found, form.bodies[0], library, sources)
    groups = _groups(found.facts, *_ACTIVITY)
    head = _scope(form, library)
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
        more = f"（其下写到的具体活动合计{len(groups)}项）" if len(groups) > len(items) else ""
        return f"{head}活动按原文编号共{len(items)}项{more}：{_activities(_numbered(groups), found, sources)}。"
    return f"{head}活动共{len(groups)}项：{_activities(groups, found, sources)}。"


def _numbered(groups: Groups) -> Groups:
    return {key: rows for key, rows in groups.items() if any(row.get("item") for row in rows)}


def _activities(groups: Groups, found: Rows, sources: Sources) -> str:
    several = len({key[2] for key in groups}) > 1
    parts: list[str] = []
    for number, key in enumerate(groups):
        year, title, _, event = key
        marks = sources.cite_all(found.places_of(event=event), most=2) if number < 20 else ""
        when = f"（{year}年）" if several and year else ""
        states = {row.get("state") for row in groups[key]}
        told = "（由集体推及，没有点名）" if states == {"推及"} else ""
        parts.append(f"{_quoted(title)}{when}{told}{marks}")
    return "；".join(parts) if len(parts) <= 20 else "；".join(parts[:20]) + f"；等{len(parts)}项，见表"


def _of_body(found: Rows, names: tuple[str, ...], library: Library, sources: Sources) -> str:
    """What one body of the question does; under a collective's name where only that is written."""
    form = found.form
    groups = _groups((row for row in found.facts if row["asked"] in names), *_ACTIVITY)
    if not groups:
        return f"没有找到{listed(names)}负责的活动。"
    direct = {key: rows for key, rows in groups.items() if any(row["through"] in names for row in rows)}
    shared = {key: rows for key, rows in groups.items() if key not in direct}
    own = [row for rows in direct.values() for row in rows if row["body"] in names]
    lead = form.role == "lead" or (own and all(row["role"] == "牵头" for row in own))
    verb = "牵头" if lead else "配合" if form.role == "co" else "负责"
    scope = _scope(form, library)
    parts = [f"{listed(names)}{verb}{len(direct)}项活动：{_activities(direct, found, sources)}"] if direct else []
    if shared:
        teams = listed((str(row["through"]) for rows in shared.values() for row in rows), fold=16)
        who = "另" if direct else listed(names)
        parts.append(f"{who}以集体或成员名义（{teams}）{verb}{len(shared)}项：{_activities(shared, found, sources)}")
    return f"{scope + '，' if scope else ''}{'；'.join(parts)}。"


def _tell_none(told: Told) -> str | None:
    found, sources = told.found, told.sources
    groups = _groups(found.facts, *_ACTIVITY)
    if not groups:
        return None
    return f"没有写责任单位的活动共{len(groups)}项：{_activities(groups, found, sources)}。"


def _tell_place(told: Told) -> str | None:
    found, sources = told.found, told.sources
    groups = _groups(found.rows, "year", "state")
    parts: list[str] = []
    for (year, state), rows in sorted(groups.items(), key=lambda item: (str(item[0][0]), str(item[0][1]))):
        names = list(dict.fromkeys(str(row["place"]) for row in rows))
        activities = list(dict.fromkeys(str(row["activity"]) for row in rows))
        marks = "".join(sources.cite_all(found.places_of(year=year, place=name), most=1) for name in names[:_MARKS])
        marks = "".join(dict.fromkeys(marks.replace("]", "]\n").split()))
        shown = listed(names, unit="个地方", fold=20)
        if state == "点名":
            parts.append(f"{year}年，文件点名的有{shown}（{listed(map(_quoted, activities), fold=4)}）{marks}")
        else:
            parts.append(
                f"{year}年，由集体推及{shown}（{listed(map(_quoted, activities), fold=3)}，原文没有逐一列名）{marks}"
            )
    return f"{_apart(found.form)}{'；'.join(parts)}。"


def _apart(form: Form) -> str:
    return f"除{listed(form.apart)}以外，" if form.apart else ""


def _tell_region(told: Told) -> str | None:
    found, library, sources = told.found, told.library, told.sources
    groups = _groups(found.rows, "place")
    parts: list[str] = []
    for (place,), rows in groups.items():
        titles = list(dict.fromkeys(str(row["document"]) for row in rows))
        marks = sources.cite_all(found.places_of(place=str(place))[:1]) if len(parts) < 20 else ""
        parts.append(f"{place}（{listed(map(titled, titles), fold=3)}）{marks}")
    scope = _scope(found.form, library)
    tail = "" if len(parts) <= 20 else f"等{len(parts)}个，见表"
    return f"按题名，已收录的文件中{scope}有{len(parts)}个地方符合：{'、'.join(parts[:20])}{tail}。"


def _tell_document(told: Told) -> str | None:
    found, question, library, sources = told.found, told.question, told.library, told.sources
    form = found.form
    groups = _groups(found.facts, "document", "number", "date", "source")
    if form.operator == "count" and not question.asks & {"document"}:
        kinds = f"（{listed(form.kinds, fold=8)}）" if form.kinds else ""
        words = f"题名含“{listed(n.words[0] for n in form.needles)}”的" if form.needles else ""
        return f"库内收录{_scope(form, library)}{words}文件{kinds}共{len(groups)}份，见表。"
    parts: list[str] = []
    for title, code, date, source in list(groups)[:_LISTED]:
        places = found.places_of(source=source)
        marks = sources.cite_all(places, most=2)
        same = sum(key[:3] == (title, code, date) for key in groups) > 1
        file = _file(places, library) if same else None
        note = "，".join(str(x) for x in (code, dated(str(date)) if date else None, file) if x)
        parts.append(f"{titled(str(title))}{f'（{note}）' if note else ''}{marks}")
    tail = f"；等{len(groups)}份，见表" if len(groups) > _LISTED else ""
    what = ""
    if form.bodies:
        what = f"{listed(name for group in form.bodies for name in group)}在其中有任务或由其印发的"
    elif form.policy:
        what = "引用该文件的"
    also = ""
    if form.bodies:
        also = tell_mentions(form, {place[0] for place in found.places_of()}, library, sources)
    return f"{_scope(form, library)}{what}文件共{len(groups)}份：{'；'.join(parts)}{tail}。{also}"


def _file(places: list[Place], library: Library) -> str | None:
    """The file that tells a document from another of the same title, number and date."""
    return PurePath(library.document(places[0][0]).source).name if places else None


def _tell_header(told: Told) -> str | None:
    found, question, library, sources = told.found, told.question, told.library, told.sources
    groups = _groups(found.facts, "document", "number", "source")
    laws = {kind for row in library.forms.rows("noun.kind") for kind in row["kinds"]}
    dated_law = "date" in question.asks and any(row["sort"] in laws for row in found.rows)
    if len(groups) > _SHOWN or dated_law:  # the date of a law's file is that of its last version: its text tells more
        return None
    asks = set(question.asks)
    if asks & {"body", "person"}:
        asks.add("issuer")
    order = found.form.operator == "order"
    if order and question.asks & _ASKED:
        groups = _first_or_last(groups, question)
        if not groups:
            return None
    parts: list[str] = []
    for (title, number, source), rows in groups.items():
        if asks & {"document", "which", "definition", "summary"} and not asks & {"date", "number", "issuer", "theme"}:
            asks |= {"issuer", "date", "theme", "sort", "number"}
        said = [text for ask in _HEADERS if ask in asks and (text := _HEADERS[ask](rows))]
        if order:
            said = [*([] if "date" in asks else said), _HEADERS["date"](rows) or "没有写日期"]
        if said:
            marks = _header_marks(found.places_of(source=source), rows, sources, library)
            code = f"（{number}）" if number and "number" not in asks else ""
            parts.append(f"{titled(str(title))}{code}{'，'.join(said)}{marks}")
    if not parts:
        return None
    years = {row["year"] for row in found.rows}
    absent = [str(year) for year in found.form.years if year not in years]
    where = "、".join(record.name for place in found.form.places if (record := library.place(place)))
    note = f"；没有收录{where}{'、'.join(absent)}年的相应文件" if absent and len(found.form.years) > 1 else ""
    return f"{'按日期先后：' if order and not question.asks & _ASKED else ''}{'；'.join(parts)}{note}。"


def _first_or_last(groups: Groups, question: Question) -> Groups:
    """The one that 最早 or 最新 speaks of; none where dates do not tell."""
    said = "".join(span.text for span in question.of("op.order"))
    days = sorted((_one(rows, "date"), key) for key, rows in groups.items() if _one(rows, "date"))
    if not days or not (said.startswith(("最", "第一"))):
        return {}
    day, key = days[0] if said.startswith(("最早", "第一")) else days[-1]
    return {key: groups[key]} if sum(one == day for one, _ in days) == 1 else {}


def _one(rows: list[Row], name: str) -> str:
    return next((str(row[name]) for row in rows if row.get(name)), "")


def _issuers(rows: list[Row]) -> str:
    names = [str(row["issuer"]) for row in rows if row.get("issuer")]
    return f"由{listed(names, fold=40)}印发" if names else ""


def _dates(rows: list[Row]) -> str:
    """The date of the document, and that of its printing where that is another."""
    written, printed = _one(rows, "date"), _one(rows, "printed")
    if not written:
        return ""
    if printed and printed != written:
        return f"成文日期为{dated(written)}（{written}），印发日期为{dated(printed)}（{printed}）"
    return f"日期为{dated(written)}"


_HEADERS: dict[str, Callable[[list[Row]], str]] = {
    "issuer": _issuers,
    "recipient": lambda rows: f"主送{_one(rows, 'audience')}" if _one(rows, "audience") else "",
    "sort": lambda rows: f"文种为{_one(rows, 'sort')}" if _one(rows, "sort") else "",
    "date": _dates,
    "period": lambda rows: (
        f"活动时间为{'至'.join(dated(day) for day in _one(rows, 'period').split('/'))}" if _one(rows, "period") else ""
    ),
    "number": lambda rows: f"文号为{_one(rows, 'number')}" if _one(rows, "number") else "",
    "theme": lambda rows: f"主题为“{_one(rows, 'theme')}”" if _one(rows, "theme") else "",
}


def _header_marks(places: list[Place], rows: list[Row], sources: Sources, library: Library) -> str:
    """The lines of the head that hold what is told."""
    values = [_one(rows, name) for name in ("theme", "audience", "number", "issuer")]
    day = _one(rows, "date")
    values.append(dated(day) if day else "")
    telling = []
    for place in places:
        words = library.document(place[0]).text[place[1] : place[2]]
        if any(value and (value[:12] in words or words in value) for value in values):
            telling.append(place)
    return sources.cite_all(telling or places, most=3)


def _tell_reference(told: Told) -> str | None:
    found, question, sources = told.found, told.question, told.sources
    form = found.form
    if form.policy and question.asks & {"issuer", "body"}:
        issuers = [str(row["policy_issuer"]) for row in found.rows if row.get("policy_issuer")]
        if not issuers:
            return None
        places = [p for row, p in found.spans if row.get("policy_issuer")]
        title = _one(found.rows, "policy")
        return (
            f"《{title}》由{listed(sorted(set(issuers)), fold=12)}制定{sources.cite_all(sorted(set(places)), most=3)}。"
        )
    if form.policy:
        return None
    groups = _groups(found.facts, "document", "source")
    parts: list[str] = []
    for (document, source), rows in groups.items():
        basis = [row for row in rows if row["relation"] in ("根据", "依据", "按照", "遵照", "依照")] or rows
        names = [
            f"《{row['policy']}》" if row["policy"] else str(row["policy_number"])
            for row in basis
            if row["policy"] or row["policy_number"]
        ]
        marks = sources.cite_all(found.places_of(source=source), most=3)
        verb = "依据" if basis is not rows else "引用"
        parts.append(f"{titled(str(document))}{verb}{listed(names, unit='份文件')}{marks}")
    return "；".join(parts) + "。" if len(parts) <= _SHOWN else None


def _tell_fact(told: Told) -> str | None:
    found, library, sources = told.found, told.library, told.sources
    labels = [label for name, label in found.labels.items() if name.startswith("f_")]
    shown = [name for name in found.rows[0] if name.startswith("f_")] if found.rows else []
    parts: list[str] = []
    for row in found.rows[:_SHOWN]:
        cells = [str(row[name]) for name in shown if row[name] is not None]
        marks = sources.cite_all([p for r, p in found.spans if r == row], most=1)
        parts.append(f"{'，'.join(dict.fromkeys(cells))}{marks}")
    tail = f"；等{len(found.rows)}条，见表" if len(found.rows) > _SHOWN else ""
    return f"{_scope(found.form, library)}共{len(found.rows)}条：{'；'.join(parts)}{tail}。" if labels else None


_TELLERS = {
    "body": _tell_body, "activity": _tell_activity, "place": _tell_place, "region": _tell_region,
    "document": _tell_document, "header": _tell_header, "reference": _tell_reference, "fact": _tell_fact,
}  # fmt: skip
