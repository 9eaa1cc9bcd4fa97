"""Chinese sentences from facts: enumerations, names of documents, dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kg.answer.model import Row

_ISO = re.compile(r"^(\d{4})-(\d\d)-(\d\d)$")


def listed(values: Iterable[object], *, most: int = 30) -> str:
    """A、B、C, without repeats; past `most` the rest is counted."""
    items = list(dict.fromkeys(str(value) for value in values if value not in (None, "")))
    if len(items) > most:
        return "、".join(items[:most]) + f"等{len(items)}项"
    return "、".join(items)


def day(value: object) -> str:
    """2024-09-05 as 2024年9月5日; anything else as it is."""
    found = _ISO.match(str(value))
    return f"{found[1]}年{int(found[2])}月{int(found[3])}日" if found else str(value)


def column(rows: Sequence[Row], name: str) -> list[str]:
    """The distinct values of a column, in order."""
    return list(dict.fromkeys(str(row[name]) for row in rows if row.get(name) not in (None, "")))


def grouped(rows: Sequence[Row], by: str, what: str) -> dict[str, list[str]]:
    """The distinct values of one column for each value of another, in order."""
    out: dict[str, list[str]] = {}
    for row in rows:
        values = out.setdefault(str(row.get(by) or ""), [])
        value = row.get(what)
        if value not in (None, "") and str(value) not in values:
            values.append(str(value))
    return out


def quoted(title: object) -> str:
    """A title in 《》, with inner ones as 〈〉."""
    text = str(title)
    if text.startswith("《") and text.endswith("》") and text.count("《") == 1:
        return text
    return "《" + text.replace("《", "〈").replace("》", "〉") + "》"


def named(title: object) -> str:
    """A title in quotation marks, with inner ones as ‘’."""
    return "“" + str(title).replace("“", "‘").replace("”", "’") + "”"
