"""The title of a document from the name of its file, where the text has none: people save pages under their titles."""

from __future__ import annotations

from pathlib import PurePath

from ingest.structure.kinds import title_to_kind
from ingest.structure.titles import title_letters
from kg.core.parts import part_number, shown
from ontology.forms import Forms

_SHORT = 14  # characters of a heading that may leave out whose it is


def file_to_title(source: str, forms: Forms) -> str:
    """The name of a file, where it has the form of a title (关于…, or a kind of document at its end); else nothing."""
    title = _named(source, forms)
    ends = tuple(forms.words("header.file_ends"))
    is_title = title_to_kind(title, forms) or title.startswith("关于") or title.endswith(ends)
    return title if title and is_title else ""


def completed(title: str, source: str, forms: Forms) -> str:
    """A short title with what the name of its file says before it: 协会章程 in 甲区信息技术协会章程.html.

    A page of a site leaves out whose it is; who saves it writes it down.
    """
    named, own = title_letters(_named(source, forms)), title_letters(title)
    if not own or len(own) > _SHORT or "关于" in title or not named.endswith(own) or named == own:
        return title
    return _named(source, forms)


def _named(source: str, forms: Forms) -> str:
    if part_number(source) is not None:
        return ""
    found = forms.full("header.file_title", PurePath(shown(source)).stem)
    return str(found["title"]).strip() if found else ""
