"""The query for a series over years and places, with the four states of DESIGN §4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.answer.compile import iris, words

STATES = ("点名", "推及", "未提及", "未入库")


@dataclass(frozen=True, slots=True)
class TrendPlan:
    """Where and when activities took place or were planned: a series, or some activities (IRIs).

    `places` restricts to some places (IRIs), `levels` to administrative levels; without either, every place that a
    held document covers is asked about. `states` restricts the states shown. `documents` (IRIs) are those whose silence
    tells something: a law that names the city plans nothing there. `some`: such activities are held; else every
    place that a document covers is asked about.
    """

    series: str | None = None
    activities: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    places: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    some: bool = True


def compile_trend(plan: TrendPlan) -> str:
    """One row for each year, state and set of carriers: 年份, 状态, 地区, 数量, 承担单位, 文件.

    Carriers are those of the place, never of its neighbours in the list. Places stand in the order of GB/T 2260.

    Everything that is known of a place in a year is gathered by UNION with a rank, and the highest rank is its state:
    optional sub-queries would be run again for each place.
    """
    what = _what(plan)
    years = f"VALUES ?年份 {{ {' '.join(str(int(year)) for year in plan.years)} }}" if plan.years else ""
    every = years or (
        f"{{ SELECT DISTINCT ?年份 WHERE {{ {_touched(plan)} {_among(plan, '?some')}"
        " ?some pkg:covers ?touched ; pkg:activityYear ?年份 . } }"
    )
    states = ""
    if plan.states:
        listed = ", ".join(words(state) for state in plan.states)
        states = f"\n  FILTER(?状态 IN ({listed}))"
    at = "?involvement pkg:inActivity ?activity ; pkg:atPlace ?place ; pkg:assertionType"
    of = "?activity pkg:activityYear ?年份 ; pkg:announcedIn/dcterms:title ?title ."
    return f"""SELECT ?年份 ?状态
  (GROUP_CONCAT(DISTINCT ?name; separator="、") AS ?地区) (COUNT(DISTINCT ?place) AS ?数量)
  ?承担单位
  {_joined("titles", "；", "文件")}
WHERE {{
  {{
    SELECT ?年份 ?place ?name ?code (MAX(?rank) AS ?top)
      {_joined("carrier", "、", "承担单位")}
      {_joined("title", "；", "titles")}
    WHERE {{
      {years}
      {_universe(plan)}
      {{ {every} {_expected(plan)} BIND(0 AS ?rank) }}
      UNION {{ {_among(plan, "?held")} ?held pkg:covers ?place ; pkg:activityYear ?年份 ; dcterms:title ?title .
        BIND(1 AS ?rank) }}
      UNION {{ {what} {of} {at} pkg:Implied .
        OPTIONAL {{ ?involvement pkg:carrier/skos:prefLabel ?carrier . }} BIND(2 AS ?rank) }}
      UNION {{ {what} {of} {at} pkg:Named .
        OPTIONAL {{ ?responsibility pkg:inActivity ?activity ; pkg:party/skos:prefLabel ?carrier . }}
        BIND(3 AS ?rank) }}
    }} GROUP BY ?年份 ?place ?name ?code ORDER BY ?code ?place
  }}
  {_without(plan)}
  BIND(3 - ?top AS ?order)
  BIND(IF(?top = 3, "点名", IF(?top = 2, "推及", IF(?top = 1, "未提及", "未入库"))) AS ?状态){states}
}}
GROUP BY ?年份 ?状态 ?order ?承担单位
ORDER BY ?年份 ?order MIN(?code)"""


def _joined(variable: str, separator: str, name: str) -> str:
    """The distinct values of a variable joined; rows where it is unbound add nothing."""
    joined = f'GROUP_CONCAT(DISTINCT COALESCE(?{variable}, ""); separator="{separator}")'
    inside = f'REPLACE({joined}, "{separator}{separator}+", "{separator}")'
    return f'(REPLACE({inside}, "^{separator}|{separator}$", "") AS ?{name})'


def compile_trend_evidence(plan: TrendPlan) -> str:
    """The words that name the activities, and those that name who carries them there: `?span`."""
    years = f"FILTER(?year IN ({', '.join(str(int(year)) for year in plan.years)}))" if plan.years else ""
    places = f"VALUES ?place {{ {iris(plan.places)} }}" if plan.places else ""
    return f"""SELECT DISTINCT ?span
WHERE {{
  {years} {places}
  {_what(plan)}
  ?activity pkg:activityYear ?year .
  ?involvement pkg:inActivity ?activity ; pkg:atPlace ?place .
  ?activity prov:wasQuotedFrom ?span .
}}
ORDER BY ?span"""


def _what(plan: TrendPlan) -> str:
    return what(plan.series, plan.activities)


def what(series: str | None, activities: Sequence[str], variable: str = "?activity") -> str:
    """The pattern that binds a variable to the activities of a series, or to those given (IRIs)."""
    if series is not None:
        return f"{variable} pkg:inSeries {iris([series])} ."
    return f"VALUES {variable} {{ {iris(activities)} }}"


def _without(plan: TrendPlan) -> str:
    if not plan.excluded:
        return ""
    return f"FILTER(?place NOT IN ({', '.join(iris([place]) for place in plan.excluded)}))"


def _expected(plan: TrendPlan) -> str:
    """The places of which something is expected: of a place that documents only touch (吴江区), nothing is."""
    among = _among(plan, "?covering0")
    return "" if plan.places else f"{{ SELECT DISTINCT ?place WHERE {{ {among} ?covering0 pkg:covers ?place . }} }}"


def _touched(plan: TrendPlan) -> str:
    """The places that the activities touch; where nothing of the kind is held, all that a document covers."""
    if not plan.some:
        return f"{{ SELECT DISTINCT ?touched WHERE {{ {_among(plan, '?held0')} ?held0 pkg:covers ?touched . }} }}"
    return f"""{{ SELECT DISTINCT ?touched WHERE {{
          {_what(plan)} ?reached pkg:inActivity ?activity ; pkg:atPlace ?touched . }} }}"""


def _among(plan: TrendPlan, variable: str) -> str:
    return f"VALUES {variable} {{ {iris(plan.documents)} }}" if plan.documents else ""


def _universe(plan: TrendPlan) -> str:
    """The places asked about: those named, else those that an activity reaches and their neighbours.

    Neighbours are the places of the same city that a held document covers: of districts of other cities, where
    nothing of the kind is known, nothing is asked.
    """
    if plan.places:
        values = f"VALUES ?place {{ {iris(plan.places)} }} ?place skos:prefLabel ?name ."
        return f"{values} OPTIONAL {{ ?place skos:notation ?code . }}"
    levels: Sequence[str] = plan.levels or ("省", "市", "区", "县")
    listed = ", ".join(words(level) for level in levels)
    # in each branch: joined later it is 300 times slower
    called = "?place pkg:placeLevel ?level ; skos:prefLabel ?name ; skos:notation ?code ."
    return f"""{{ SELECT DISTINCT ?place ?name ?code WHERE {{
        {{ {_touched(plan)} ?touched schema:containedInPlace? ?city .
          ?city pkg:placeLevel ?size . FILTER(?size != "国家")
          ?place schema:containedInPlace ?city . {_among(plan, "?covering")} ?covering pkg:covers ?place . {called} }}
        UNION {{ {_what(plan)} ?reach pkg:inActivity ?activity ; pkg:atPlace ?place . {called} }}
        FILTER(?level IN ({listed}))
      }} }}"""
