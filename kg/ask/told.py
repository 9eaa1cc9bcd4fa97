"""What is put into words, and the pieces that all sentences share: groups of rows, scopes, quotation marks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.ask.form import Form
from kg.ask.library import Library
from kg.ask.model import Cell, Row
from kg.ask.question import Question
from kg.ask.session import Rows
from kg.ask.wording import Sources, listed

Groups = dict[tuple[Cell, ...], list[Row]]

ACTIVITY = ("year", "activity", "document", "event")
"""The cells by which activities are told apart, and told."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is put into words, and where its sources are gathered."""

    found: Rows
    question: Question
    library: Library
    sources: Sources


def groups(rows: Iterable[Row], *names: str) -> Groups:
    """Rows by these cells."""
    out: Groups = {}
    for row in rows:
        out.setdefault(tuple(row[name] for name in names), []).append(row)
    return out


def quoted(title: object) -> str:
    """A title of an activity in quotation marks, where it has none."""
    text = str(title)
    return text if "“" in text[:2] or "《" in text[:2] else f"“{text}”"


def scope(form: Form, library: Library) -> str:
    """The years and places of a form, and what is left out."""
    years = "、".join(f"{year}年" for year in form.years)
    places = "、".join(record.name for place in form.places if (record := library.place(place)))
    without = apart(form).rstrip("，")
    return "，".join(part for part in (years + ("，" if years and places else "") + places, without) if part)


def apart(form: Form) -> str:
    """除甲、乙以外，"""
    return f"除{listed(form.apart)}以外，" if form.apart else ""
