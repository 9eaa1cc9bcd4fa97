"""The title of a document from the name of its file, where the text has none: people save pages under their titles."""

from __future__ import annotations

import re
from pathlib import PurePath

from ingest.structure.kinds import title_to_kind
from ingest.structure.titles import title_letters
from kg.core.parts import part_number, shown
from ontology.forms import Forms

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d{2,3}(?!\d)|\d)|(?<!\d)((?:19|20)\d\d)(?=[01]\d[0-3]\d(?!\d))")
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


def titled_better(title: str, source: str, forms: Forms) -> str:
    """The name of the file where it is a title, and the heading that was taken for one has the form of none.

    必要证件及物品, the first heading of a page that is saved as 甲大学新生入学准备须知; 专题, the site's own.
    """
    told = file_to_title(source, forms)
    plain_heading = not title_to_kind(title, forms) and not any(mark in title for mark in ("关于", "《"))
    apart = title_letters(title) not in title_letters(told)
    return told if told and plain_heading and apart and len(title_letters(title)) <= _SHORT else title


def _named(source: str, forms: Forms) -> str:
    if part_number(source) is not None:
        return ""
    found = forms.full("header.file_title", PurePath(shown(source)).stem)
    return str(found["title"]).strip() if found else ""


def year_in_name(source: str) -> int | None:
    """The one year that the name of a file tells (招生指南2016.html, 评估报告20240620.txt); None for several."""
    years = {int(a or b) for a, b in _YEAR.findall(PurePath(shown(source)).stem)}
    return years.pop() if len(years) == 1 else None
