"""Where documents give a body something to do in running text, beside the duties that were read as such."""

from __future__ import annotations

import re

from kg.ask.compose import fits
from kg.ask.form import Form
from kg.ask.library import Library
from kg.ask.windows import sentences_of
from kg.ask.wording import Sources, titled
from kg.passages.facets import Filters

_TOP = 60  # passages that name the body
_SHOWN = 6
_BETWEEN = 10  # characters between the name and what it does


def tell_mentions(form: Form, known: set[str], library: Library, sources: Sources) -> str:
    """Sentences in which a body of the form does something, in documents that are not told already."""
    duties = library.forms.source("duty.plain")
    lead, co = library.forms.source("duty.lead"), library.forms.source("duty.co")
    year = form.years[0] if len(form.years) == 1 else None
    said: list[str] = []
    for name in (name for group in form.bodies for name in group):
        does = re.compile(f"{re.escape(name)}(?![副部局委])[^，。；、]{{0,{_BETWEEN}}}?(?:{lead}|{co}|{duties})")
        for hit in library.context.search.search(
            f"“{name}”", top=_TOP, filters=Filters(year=year), fold=False, arm="lexical"
        ):
            doc = library.doc(hit.document_id)
            if doc is None or doc.id in known or not fits(doc, form, library):
                continue
            for start, end in sentences_of(hit.text):
                if does.search(hit.text[start:end]) and len(said) < _SHOWN:
                    known.add(doc.id)
                    mark = sources.cite(hit.document_id, hit.start + start, hit.start + end, whole=False)
                    words = hit.text[start:end].strip()
                    said.append(f"{titled(doc.title)}（{doc.number or doc.date or ''}）写到“{words}”{mark}")
                    break
    return f"另按全文，{'；'.join(said)}。" if said else ""
