"""How values of facts (as JSON) read in a table's cell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]

ROLES = {"lead": "牵头", "co": "配合"}
STATUS = {"planned": "部署", "reported": "通报"}
FIGURE_STATUS = {"target": "目标", "achieved": "实际"}
REVIEWED = "人工核定"
_AFTER = ("余", "多", "以上", "以下", "以内")  # qualifiers that Chinese puts behind the number


def responsible(parties: Iterable[Json]) -> str:
    """青浦区市场监督管理局（牵头）、…; a collective with the number of its members."""
    return "、".join(_party(party) for party in parties)


def _party(party: Json) -> str:
    notes = [ROLES[party["role"]]] if party["role"] else []
    notes += [f"{len(party['members'])}个"] if party["members"] else []
    return str(party["name"]) + (f"（{'，'.join(notes)}）" if notes else "")


def quantity(figure: Json) -> str:
    """近30 家; a range as 3–5 %."""
    upper = f"–{figure['upper']:.12g}" if figure["upper"] is not None else ""
    amount = f"{figure['value']:.12g}{upper}"
    qualifier = figure["qualifier"] or ""
    before, after = ("", qualifier) if qualifier in _AFTER else (qualifier, "")
    return f"{before}{amount}{after} {figure['unit']}".strip()


def due(deadline: Json | None) -> str | None:
    """The last day, or the words where they tell no day."""
    return (deadline.get("date") or deadline.get("as_written")) if deadline else None


def several(names: Iterable[str]) -> str:
    """甲、乙."""
    return "、".join(names)


def sureness(fact: Json) -> str | None:
    """Of a fact that is not certain, how sure it is: 93%; of one that a person stated, that they did."""
    if fact.get("review"):
        return REVIEWED
    confidence = fact.get("confidence", 1.0)
    return f"{confidence:.0%}" if confidence < 1 else None


def counted(items: Iterable[Any]) -> int | None:
    """How many; nothing where there are none."""
    return len(list(items)) or None


_FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # OWASP, CSV injection; Excel reads the wide ones too


def harmless(text: str) -> str:
    """A text for a CSV file that people open: what a spreadsheet would take for a formula gets an apostrophe."""
    return "'" + text if text.startswith(_FORMULA) else text
