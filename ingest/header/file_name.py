"""The title of a document from the name of its file, where the text has none: people save pages under their titles."""

from __future__ import annotations

from pathlib import PurePath

from ingest.structure.kinds import title_to_kind
from kg.core.parts import part_number, shown
from ontology.forms import Forms


def file_to_title(source: str, forms: Forms) -> str:
    """The name of a file, where it has the form of a title (关于…, or a kind of document at its end); else nothing."""
    if part_number(source) is not None:
        return ""
    found = forms.full("header.file_title", PurePath(shown(source)).stem)
    title = found["title"].strip() if found else ""
    return title if title_to_kind(title, forms) or title.startswith("关于") else ""
