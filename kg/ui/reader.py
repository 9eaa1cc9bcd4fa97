"""The text of a document to read: headings, an outline, what it names by type, pages, one sentence marked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

Json = dict[str, Any]
Address = tuple[str, dict[str, str]]  # a page, and what its address bar holds

_HERE = Path(__file__)
_reader = st.components.v2.component(
    "policykg_reader",
    html='<div class="reader"></div>',
    css=_HERE.with_name("reader.css").read_text(encoding="utf-8"),
    js=_HERE.with_name("reader.js").read_text(encoding="utf-8"),
)
_LABELS = {
    "documents": "打开这份文件",
    "basis": "查看谁引用它",
    "agencies": "查看这个机构",
    "evolution": "查看历年各地情况",
    "search": "检索全部文档",
}


def show_text(reading: Json, highlights: Json, *, networked: Mapping[str, str], focus: tuple[int, int] | None) -> None:
    """The whole text of `Service.reading` with `Service.highlights`; `focus` are positions in it.

    `networked` are the names that the page of agencies knows, with what it calls them. What is named leads to its page
    in another tab: the reader stays where it is (and `st.switch_page` would change the address that "back" leads to).
    The script builds text nodes, never HTML.
    """
    leads = [destination(thing, networked) for thing in highlights["things"]]
    things = [
        {**thing, "lead": {"label": _LABELS[lead[0]], "href": f"{lead[0]}?{urlencode(lead[1])}"} if lead else None}
        for thing, lead in zip(highlights["things"], leads, strict=True)
    ]
    _reader(
        data={
            "text": reading["text"],
            "outline": reading["outline"],
            "pages": reading["pages"],
            "focus": list(focus) if focus else None,
            "kinds": list(highlights["kinds"].items()),
            "things": things,
            "spans": highlights["spans"],
        },
        key="reader",
        height="content",
    )


def known_agency(name: str, networked: Mapping[str, str]) -> Address:
    """The page of agencies where it knows the body; else (a collective, a body without ties) the search."""
    return ("agencies", {"agency": networked[name]}) if name in networked else ("search", {"find": name})


def destination(thing: Json, networked: Mapping[str, str]) -> Address | None:
    """Where a click on what is named leads; None where a card says all there is (dates, figures)."""
    name = thing["name"]
    if thing["kind"] == "policy":
        return ("documents", {"id": thing["document_id"]}) if thing["document_id"] else ("basis", {"policy": name})
    if thing["kind"] == "agency":
        return known_agency(name, networked)
    if thing["kind"] == "series":
        return "evolution", {"series": name}
    return ("search", {"find": name}) if thing["kind"] == "place" else None
