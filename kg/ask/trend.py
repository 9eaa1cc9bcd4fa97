"""How a series goes on over years and places, in the four states of coverage: 点名, 推及, 未提及, 未入库."""

from __future__ import annotations

import re

from kg.ask.chart import trend_chart
from kg.ask.compose import levels_asked
from kg.ask.library import Library
from kg.ask.model import Answer, Row
from kg.ask.operators import undone
from kg.ask.question import Question
from kg.ask.session import select
from kg.ask.wording import Sources, listed
from kg.graph.queries import saved_query

_LABELS = {
    "year": "年份", "place": "地区", "level": "级别", "state": "状态", "carriers": "承担单位",
    "activities": "活动", "documents": "文件", "series": "系列",
}  # fmt: skip
_BLANK = re.compile(r"\s+")
_BRACKET = re.compile(r"（[^（）\n]{2,80}）(?=\s*\n)")
_SILENT = ("未提及", "未入库")


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
    query = saved_query("series-by-place-and-year", {"series": series[0]})
    query = "\n".join(line for line in query.splitlines() if not line.startswith("#")).lstrip()
    if question.years:
        wanted = ", ".join(map(str, question.years))
        query = query.replace("\nORDER BY ?year", f"\nHAVING (?year IN ({wanted}))\nORDER BY ?year")
    every = select(query, library)
    if levels[0]:
        tests = " || ".join(f'?level = "{level}"' for level in levels[0])
        joint = "\nHAVING (" if "\nHAVING" not in query else " ("
        query = query.replace("\nORDER BY ?year", f"{joint}{tests})\nORDER BY ?year")
    rows = select(query, library) if levels[0] else every
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
        sparql=query, evidence=sources.citations, chart=trend_chart(values),
    )  # fmt: skip


def _quoted_series(question: Question, library: Library) -> list[str]:
    found = [library.names.series.get(str(span.value)) for span in question.of("quoted")]
    return [library.lexicon.series[number].label for number in found if number is not None]


def _year(year: int, rows: list[Row], series: str, sources: Sources, library: Library, *, without: bool) -> str:
    mine = [row for row in rows if row["year"] == year]
    by_state = {state: [row for row in mine if row["state"] == state] for state in ("点名", "推及", *_SILENT)}
    said = []
    if without:
        silent = listed((str(row["place"]) for row in by_state["未提及"]), fold=20)
        said.append(f"文件没有提到的有{silent}（没有提到不等于没有举办）" if silent else "没有未提到的地方")
        if unheld := listed((str(row["place"]) for row in by_state["未入库"]), fold=20):
            said.append(f"没有收录其文件、无从判断的有{unheld}")
    for state, verb in (("点名", "文件点名"), ("推及", "由集体推及")):
        if found := by_state[state]:
            carriers = [c for row in found for c in str(row["carriers"] or "").split("、") if c]
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
