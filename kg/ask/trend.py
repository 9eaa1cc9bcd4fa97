"""How a series goes on over years and places, in the four states of coverage: 点名, 推及, 未提及, 未入库."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from kg.ask.chart import trend_chart
from kg.ask.levels import levels_asked
from kg.ask.library import Library
from kg.ask.model import Answer, Row
from kg.ask.operators import undone
from kg.ask.question import Question
from kg.ask.session import select
from kg.ask.wording import Sources, listed
from kg.graph.queries import saved_query
from kg.graph.rdf import text as literal
from kg.graph.rdf import to_ntriples, zh

_LABELS = {
    "year": "年份", "place": "地区", "level": "级别", "state": "状态", "carriers": "承担单位",
    "activities": "活动", "documents": "文件", "series": "系列",
}  # fmt: skip
_BLANK = re.compile(r"\s+")
_BRACKET = re.compile(r"（[^（）\n]{2,80}）(?=\s*\n)")
_SILENT = ("未提及", "未入库")
_MOST_YEARS = 8
_PROVINCE = 2  # digits of a GB/T 2260 code that name the province
_CELLS_END = "    }\n    GROUP BY ?series ?known ?at ?year\n"
_PLACES_END = "  OPTIONAL { ?at skos:notation ?code }\n"
"""Where the saved query takes conditions: behind what makes the cells, and behind what tells of their places."""

_TOLD = """SELECT DISTINCT ?year ?code WHERE {
  VALUES ?series { $series } ?known skos:prefLabel|skos:altLabel ?series ; a schema:EventSeries .
  ?event pkg:inSeries ?known ; pkg:activityYear ?year . ?touch pkg:inActivity ?event ; pkg:atPlace ?at .
  OPTIONAL { ?at skos:notation ?code }
}"""
_HELD = "SELECT DISTINCT ?year WHERE { ?held pkg:covers ?at ; pkg:activityYear ?year }"


def trend_answer(question: Question, library: Library) -> Answer | None:
    """Which places held a series in which year, and by whom; None for what is no such question."""
    series = [str(span.value) for span in question.of("series")] or _quoted_series(question, library)
    without = question.has("op.without")
    if len(series) != 1 or question.words or not (question.asks & {"change"} or (without and "place" in question.asks)):
        return None
    if undone(question, "op.without"):
        return None
    if (levels := levels_asked(question, library)) is None or levels[1]:
        return None  # the saved query knows levels, not how names end
    query, shown_query = _queries(series[0], question.years, levels[0], library, everywhere=without)
    every = select(query, library)
    rows = [row for row in every if not levels[0] or row["level"] in levels[0]]
    told = rows if without else every  # who carries it for all may be of another level
    if not rows or (not without and all(row["state"] in _SILENT for row in rows)):
        return None
    sources = Sources(library)
    years = sorted({int(str(row["year"])) for row in rows})
    parts = [text for year in years if (text := _year(year, told, series[0], sources, library, without=without))]
    shown = [{_LABELS[name]: value for name, value in row.items()} for row in rows]
    counts: dict[tuple[object, object], int] = {}
    for row in rows:
        counts[(row["year"], row["state"])] = counts.get((row["year"], row["state"]), 0) + 1
    values: list[Row] = [{"年份": str(y), "状态": str(s), "数量": n} for (y, s), n in counts.items()]
    return Answer(
        question.text, True, f"“{series[0]}”：{'；'.join(parts)}。未提及不等于没有举办；未入库的地方和年份无从判断。",
        list(shown[0]), shown, interpretation=f"理解为：查系列“{series[0]}”历年在各地的情况。",
        sparql=shown_query, evidence=sources.citations, chart=trend_chart(values),
    )  # fmt: skip


def _carriers(rows: list[Row], names: Container[str]) -> list[str]:
    """Who carries something, in one order: that of GROUP_CONCAT is each engine's own."""
    cells = [str(row["carriers"] or "") for row in rows]
    return sorted({name for cell in cells for name in members_of(cell, "、", names) or cell.split("、") if name})


def members_of(joined: str, mark: str, names: Container[str]) -> list[str]:
    """The names that were joined by a mark which some of them hold; none where it cannot be told.

    >>> members_of("市教育局、各县（市、区）人民政府", "、", {"市教育局", "各县（市、区）人民政府"})
    ['市教育局', '各县（市、区）人民政府']
    """
    parts, members = joined.split(mark), []
    while parts:
        length = next((n for n in range(len(parts), 0, -1) if mark.join(parts[:n]) in names), 0)
        if not length:
            return []
        members.append(mark.join(parts[:length]))
        parts = parts[length:]
    return members


def _queries(
    series: str, years: Iterable[int], levels: Iterable[str], library: Library, *, everywhere: bool
) -> tuple[str, str]:
    """The saved query for these years, narrowed to where and since when the series is told of; the same by levels.

    That a law of another province does not tell of an open day says nothing, unless it is asked who does not tell of it
    (`everywhere`). Few years stand whole, for they show when it began.
    """
    told = select(_TOLD.replace("$series", to_ntriples(zh(series))), library)
    held = [int(str(row["year"])) for row in select(_HELD, library)]
    began = min((int(str(row["year"])) for row in told), default=0)
    provinces = sorted({str(row["code"])[:_PROVINCE] for row in told if row["code"]})
    cells = []
    if asked := list(years):
        cells.append(f"      FILTER (?year IN ({', '.join(map(str, asked))}))\n")
    elif len(held) > _MOST_YEARS and began and not everywhere:
        cells.append(f"      FILTER (?year >= {began})\n")
    places = []
    if provinces and not everywhere:
        codes = ", ".join(to_ntriples(literal(code)) for code in provinces)
        places.append(f"  FILTER (!BOUND(?code) || SUBSTR(STR(?code), 1, {_PROVINCE}) IN ({codes}))\n")
    lines = saved_query("series-by-place-and-year", {"series": series}).splitlines()
    query = "\n".join(line for line in lines if not line.startswith("#")).lstrip()
    query = query.replace(_CELLS_END, "".join(cells) + _CELLS_END).replace(_PLACES_END, _PLACES_END + "".join(places))
    if not (named := ", ".join(to_ntriples(literal(level)) for level in levels)):
        return query, query
    return query, query.replace(_PLACES_END, f"{_PLACES_END}  FILTER (?level IN ({named}))\n")


def _quoted_series(question: Question, library: Library) -> list[str]:
    found = [library.names.series.get(str(span.value)) for span in question.of("quoted")]
    return [library.lexicon.series[number].label for number in found if number is not None]


def _year(year: int, rows: list[Row], series: str, sources: Sources, library: Library, *, without: bool) -> str:
    mine = [row for row in rows if row["year"] == year]
    names = {body.name for body in library.lexicon.bodies}
    by_state = {state: [row for row in mine if row["state"] == state] for state in ("点名", "推及", *_SILENT)}
    said = []
    if without:
        silent = listed((str(row["place"]) for row in by_state["未提及"]), fold=20)
        unheld = listed((str(row["place"]) for row in by_state["未入库"]), fold=20)
        if silent:
            said.append(f"文件没有提到的有{silent}（没有提到不等于没有举办）")
        elif not unheld:
            said.append("没有未提到的地方")
        if unheld:
            said.append(f"没有收录其文件、无从判断的有{unheld}")
    for state, verb in (("点名", "文件点名"), ("推及", "由集体推及")):
        if found := by_state[state]:
            carriers = _carriers(found, names)
            places = listed((str(row["place"]) for row in found), unit="个地方", fold=20)
            by = f"，承担单位为{listed(carriers, fold=24)}" if carriers else ""
            said.append(f"{verb}的有{places}{by}")
    if not said:
        return f"{year}年，已收录的文件没有提到" if by_state["未提及"] else ""
    quotes = "".join(_quotes(year, series, sources, library))
    return f"{year}年，{'；'.join(said)}{quotes}"


def _quotes(year: int, series: str, sources: Sources, library: Library) -> list[str]:
    """The documents' own words for each activity of the year."""
    out: list[str] = []
    for event in library.lexicon.events:
        doc = library.lexicon.documents[event.doc]
        if event.series == series and doc.year == year and len(out) < 6:
            text = library.document(doc.id).text
            start = text.find(event.words[:40])
            if start >= 0:
                end = start + min(len(event.words), 110)
                mark = sources.cite(doc.id, start, end)
                words = _BLANK.sub(" ", text[start:end] + _goes_on(text, end, series, sources, doc.id)).strip()
                out.append(f"，原文：“{words}”{mark}")
    return out


def _goes_on(text: str, end: int, series: str, sources: Sources, document_id: str) -> str:
    """The first clause behind a heading that speaks of the series again, and the bracket that names the units."""
    line = text.find("\n", end + 2)
    behind = text[end : line if line >= 0 else len(text)][:400]
    said = ""
    clause = re.match(r"[。．.\s]*([^，。；]{4,80})", behind)
    if clause and series in clause[1].replace("“", "").replace("”", ""):
        said = f" {clause[1]}"
    if bracket := _BRACKET.search(text, end, end + 400):
        sources.cite(document_id, *bracket.span())
        said += f"……{bracket[0]}"
    return said
