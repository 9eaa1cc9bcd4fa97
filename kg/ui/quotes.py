"""Evidence cards: a sentence inside its surroundings, with where it stands and a way there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from kg.core.errors import PolicyKGError
from kg.ui import backend
from kg.ui.addresses import document_link, review_link
from kg.ui.copying import copy_button
from kg.ui.markup import escaped, file_name
from kg.ui.originals import original_button

Json = dict[str, Any]

AT_ONCE = 6  # cards shown before "more"; each is about a third of a screen


def evidence_cards(evidence: Sequence[Json], *, key: str, numbered: bool = False) -> None:
    """All pieces of evidence, the later ones folded; with the numbers that the answer cites them by."""
    for number, item in enumerate(evidence[:AT_ONCE]):
        _card(item, key=f"{key}-{number}", number=number + 1 if numbered else None)
    if rest := evidence[AT_ONCE:]:
        with st.expander(f"其余 {len(rest)} 条依据"):
            for number, item in enumerate(rest, start=AT_ONCE):
                _card(item, key=f"{key}-{number}", number=number + 1 if numbered else None)


def _card(item: Json, *, key: str, number: int | None = None) -> None:
    found = _context(item)
    with st.container(border=True, gap="small"):
        st.html(head_html(item, number) + context_html(found))
        with st.container(horizontal=True, vertical_alignment="center"):
            document_link("在文档中查看", found["document_id"], found["start"], found["end"])
            review_link(found["document_id"], found["start"], found["end"])
            original_button(found["document_id"], found["start"], key=f"original-{key}")
            copy_button(citation(found), "复制引文", key=f"copy-{key}")


def _context(item: Json) -> Json:
    """The quote with its surroundings; the quote alone where the document is gone since."""
    try:
        return backend.reader().passage_context(item["document_id"], item["start"], item["end"])
    except PolicyKGError:
        alone = {"title": file_name(item["source"]), "doc_number": None, "date": None, "heading": ""}
        return {**alone, "before": "", "after": "", "cut_before": False, "cut_after": False, **item}


def head_html(item: Json, number: int | None) -> str:
    """The number of a piece of evidence, and that a person stated what it carries."""
    shown = f"<b>[{number}]</b>" if number is not None else ""
    if review := item.get("review"):
        shown += f'<span class="pk-badge">人工核定</span><span>{escaped(review["at"][:10])}</span>'
    return f'<p class="pk-row">{shown}</p>' if shown else ""


def source_html(found: Json) -> str:
    """Title, number, date and page in one line."""
    title = found["title"] or file_name(found["source"])
    details = [found["doc_number"], found["date"], _page(found)]
    spans = "".join(f"<span>{escaped(detail)}</span>" for detail in details if detail)
    return f'<p class="pk-source"><b>{escaped(title)}</b>{spans}</p>'


def _page(found: Json) -> str | None:
    return f"第{found['page']}页" if found.get("page") else None


def context_html(found: Json) -> str:
    """The card's text as HTML: source, headings, the sentence marked in its surroundings."""
    path = f'<p class="pk-path">{escaped(found["heading"])}</p>' if found["heading"] else ""
    before = ("…" if found["cut_before"] else "") + found["before"].lstrip()
    after = found["after"].rstrip() + ("…" if found["cut_after"] else "")
    return (
        f"{source_html(found)}{path}"
        f'<p class="pk-quote"><span class="pk-around">{escaped(before)}</span>'
        f'<mark>{escaped(found["quote"])}</mark><span class="pk-around">{escaped(after)}</span></p>'
    )


def citation(found: Json) -> str:
    """The quote as a report would cite it: “…”（《题名》，文号，日期，第3页）. Titles that carry 《》 keep theirs."""
    title = found["title"] or file_name(found["source"])
    parts = [title if "《" in title else f"《{title}》", found["doc_number"], found["date"], _page(found)]
    return f"“{found['quote']}”（{'，'.join(part for part in parts if part)}）"
