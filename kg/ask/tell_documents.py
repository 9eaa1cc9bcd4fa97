"""Documents, their heads, what they cite, the places they are of, and single facts in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePath

from kg.ask.columns import kind_of
from kg.ask.library import Library
from kg.ask.mentions import tell_mentions
from kg.ask.model import Row
from kg.ask.question import Question
from kg.ask.session import Place
from kg.ask.told import Groups, Told, groups, scope
from kg.ask.wording import Sources, dated, listed, sentence_around, titled

_ASKED = frozenset(("issuer", "recipient", "period", "number", "theme"))  # what is asked of one, not of an order
_OF_THE_STATE = ("国务院", "国发", "国办", "国函")  # no department gives such numbers
_ONE_LAW = re.compile(r"哪(?:些|几?[一两二三四五六七八九十]?[个部项])(?:国家)?法律(?!法规|、|和|或)")
_LISTED = 12  # documents that are written out
_SHOWN = 8  # found_groups that are written out; the rest is in the table


def tell_region(told: Told) -> str | None:
    """The places whose documents fit."""
    found, library, sources = told.found, told.library, told.sources
    found_groups = groups(found.rows, "place")
    parts: list[str] = []
    for (place,), rows in found_groups.items():
        titles = list(dict.fromkeys(str(row["document"]) for row in rows))
        marks = sources.cite_all(found.places_of(place=str(place))[:1]) if len(parts) < 20 else ""
        parts.append(f"{place}（{listed(map(titled, titles), fold=3)}）{marks}")
    where_when = scope(found.form, library)
    tail = "" if len(parts) <= 20 else f"等{len(parts)}个，见表"
    return f"按题名，已收录的文件中{where_when}有{len(parts)}个地方符合：{'、'.join(parts[:20])}{tail}。"


def tell_document(told: Told) -> str | None:
    """The documents, or how many there are."""
    found, question, library, sources = told.found, told.question, told.library, told.sources
    form = found.form
    found_groups = groups(found.facts, "document", "number", "date", "source")
    if form.operator == "count" and not question.asks & {"document"}:
        kinds = f"（{listed(form.kinds, fold=8)}）" if form.kinds else ""
        words = f"题名含“{listed(n.words[0] for n in form.needles)}”的" if form.needles else ""
        return f"库内收录{scope(form, library)}{words}文件{kinds}共{len(found_groups)}份，见表。"
    parts: list[str] = []
    for title, code, date, source in list(found_groups)[:_LISTED]:
        places = found.places_of(source=source)
        marks = sources.cite_all(places, most=2)
        same = sum(key[:3] == (title, code, date) for key in found_groups) > 1
        file = _file(places, library) if same else None
        note = "，".join(str(x) for x in (code, dated(str(date)) if date else None, file) if x)
        parts.append(f"{titled(str(title))}{f'（{note}）' if note else ''}{marks}")
    tail = f"；等{len(found_groups)}份，见表" if len(found_groups) > _LISTED else ""
    what = ""
    if form.bodies:
        what = f"{listed(name for group in form.bodies for name in group)}在其中有任务或由其印发的"
    elif form.policy:
        what = "引用该文件的"
    also = ""
    if form.bodies:
        also = tell_mentions(form, {place[0] for place in found.places_of()}, library, sources)
    return f"{scope(form, library)}{what}文件共{len(found_groups)}份：{'；'.join(parts)}{tail}。{also}"


def _file(places: list[Place], library: Library) -> str | None:
    """The file that tells a document from another of the same title, number and date."""
    return PurePath(library.document(places[0][0]).source).name if places else None


def tell_header(told: Told) -> str | None:
    """What the heads of documents say; the one that comes first or last."""
    found, question, library, sources = told.found, told.question, told.library, told.sources
    found_groups = groups(found.facts, "document", "number", "source")
    laws = {kind for row in library.forms.rows("noun.kind") for kind in row["kinds"]}
    dated_law = "date" in question.asks and any(row["sort"] in laws for row in found.rows)
    if (
        len(found_groups) > _SHOWN or dated_law
    ):  # the date of a law's file is that of its last version: its text tells more
        return None
    asks = set(question.asks)
    if asks & {"body", "person"}:
        asks.add("issuer")
    order = found.form.operator == "order"
    if order and len(found_groups) < len(question.of("title")):
        return None  # of several that are named one alone is no order
    if order and question.asks & _ASKED:
        found_groups = _first_or_last(found_groups, question)
        if not found_groups:
            return None
    parts: list[str] = []
    for (title, number, source), rows in found_groups.items():
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


def _first_or_last(found_groups: Groups, question: Question) -> Groups:
    """The one that 最早 or 最新 speaks of; none where dates do not tell."""
    said = "".join(span.text for span in question.of("op.order"))
    days = sorted((_one(rows, "date"), key) for key, rows in found_groups.items() if _one(rows, "date"))
    if not days or not (said.startswith(("最", "第一"))):
        return {}
    day, key = days[0] if said.startswith(("最早", "第一")) else days[-1]
    return {key: found_groups[key]} if sum(one == day for one, _ in days) == 1 else {}


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


def tell_reference(told: Told) -> str | None:
    """What documents rest on or cite, or who made a policy."""
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
    cites = told.library.forms.find("said.citing", question.text) is not None
    found_groups = groups(found.facts, "document", "source")
    parts: list[str] = []
    for (document, _), rows in found_groups.items():
        basis = rows if cites else [row for row in rows if row["relation"] == "根据"] or rows
        spans = [(row, place) for row, place in found.spans if row in basis]
        if not cites:
            # 依照治安管理处罚法处罚 is no basis of the rules that say so, where they say what they were made by
            spans = [(row, place) for row, place in spans if _tells_of_making(place, told.library)] or spans
        made = [(row, place) for row, place in spans if _is_of_the_kind(row, question)]
        if not made:
            return None
        names = [_cited(row) for row, _ in made if row["policy"] or row["policy_number"]]
        marks = sources.cite_all(list(dict.fromkeys(place for _, place in made)), most=3)
        verb = "依据" if basis is not rows else "引用"
        parts.append(f"{titled(str(document))}{verb}{listed(names, unit='份文件')}{marks}")
    return "；".join(parts) + "。" if len(parts) <= _SHOWN else None


def _is_of_the_kind(row: Row, question: Question) -> bool:
    """Whether what is cited may be what is asked for: a law (哪部国家法律), a document of departments."""
    title, number = str(row["policy"] or ""), str(row["policy_number"] or "")
    if any(span.value in {"部门", "部委"} for span in question.of("ask.basis")):
        return not title.endswith(("法", "条例")) and not number.startswith(_OF_THE_STATE)
    laws = any(_ONE_LAW.search(question.text, span.start) for span in question.of("ask.basis"))
    return not laws or title.endswith(("法", "法典"))


def _tells_of_making(place: Place, library: Library) -> bool:
    """Whether the sentence of a citation says that a document was made: 根据…，制定本办法."""
    text = library.document(place[0]).text
    start, end = sentence_around(text, place[1], place[2])
    return library.forms.find("said.made", text[start:end]) is not None


def _cited(row: Row) -> str:
    """A policy by its title, with its number where one is cited."""
    if not row["policy"]:
        return str(row["policy_number"])
    return f"《{row['policy']}》" + (f"（{row['policy_number']}）" if row["policy_number"] else "")


def tell_fact(told: Told) -> str | None:
    """Facts of one kind in the words of their documents."""
    found, sources = told.found, told.sources
    said: dict[str, None] = {}
    for row, place in found.spans:
        if any(cell is not None for name, cell in row.items() if name.startswith("f_")) and len(said) < _SHOWN:
            mark = sources.cite_all([place], most=1)
            quote = sources.citations[int(mark[1:-1]) - 1].quote
            said[f"“{' '.join(quote.split())}”{mark}"] = None
    if not said:
        return None
    where_when = scope(found.form, told.library)
    tail = "；其余见表" if len(found.facts) > len(said) else ""
    what = f"{where_when + '，' if where_when else ''}{kind_of(found.form.fact).label}共{len(found.rows)}条"
    return f"{what}：{'；'.join(said)}{tail}。"
