"""The title of a document from the name of its file: people save pages under their titles."""

from __future__ import annotations

from pathlib import PurePath

from ingest.structure.kinds import title_to_kind
from ingest.structure.titles import has_verb, title_letters
from kg.core.parts import part_number, shown
from ontology.forms import Forms
from ontology.names import Resolver

_BEGINNING = 4  # letters of a name that the text must speak of
_SHORT = 14  # letters of a heading that may leave out whose it is


def file_to_title(source: str, forms: Forms) -> str:
    """The name of a file, where it has the form of a title (关于…, or a kind of document at its end); else nothing."""
    title = _named(source, forms)
    ends = tuple(forms.words("header.file_ends"))
    is_title = title_to_kind(title, forms) or title.startswith("关于") or title.endswith(ends)
    return title if title and is_title else ""


def heading_to_title(title: str, source: str, text: str, resolver: Resolver) -> str:
    """What was read as a title, completed by the name of its file, or that name where a heading is no title.

    A page of a site leaves out whose it is, who saves it writes that down: 协会章程 in 青浦区信息技术协会章程.html;
    解读 or 转发 in front of a title is no such thing. The first heading of a page (必要证件及物品) or the column of a
    site is no title; the name is one where it has the form of it and the text speaks of what it begins with.
    """
    forms, own = resolver.forms, title_letters(title)
    if not own or len(own) > _SHORT or has_verb(title) or "《" in title:
        return title
    name = _named(source, forms)
    whose = title_letters(name).removesuffix(own)
    if whose != title_letters(name):
        is_name = whose and (_place_at(whose, 0, resolver) or forms.full("header.name_line", whose))
        return name if is_name else title
    if title_to_kind(title, forms) or any(_place_at(own, at, resolver) for at in range(len(own))):
        return title
    told = file_to_title(source, forms)
    apart = told and own not in title_letters(told)
    return told if apart and title_letters(told)[:_BEGINNING] in title_letters(text) else title


def _place_at(text: str, start: int, resolver: Resolver) -> bool:
    found = resolver.places.at(text, None, start)
    return found is not None and found.whole


def _named(source: str, forms: Forms) -> str:
    if part_number(source) is not None:
        return ""
    found = forms.full("header.file_title", PurePath(shown(source)).stem)
    return str(found["title"]).strip() if found else ""
