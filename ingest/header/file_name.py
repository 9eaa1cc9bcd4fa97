"""The title of a document from the name of its file, where the text has none: people save pages under their titles."""

from __future__ import annotations

import re
from pathlib import PurePath

from ingest.structure.kinds import title_to_kind
from ingest.structure.titles import title_letters
from kg.core.parts import part_number, shown
from ontology.forms import Forms

_YEAR = re.compile(
    r"(?<![\dA-Za-z])((?:19|20)\d\d)(?:年度?(?![前后以远])|(?=[01]\d[0-3]\d(?!\d))|(?=[\s_\-.（）()]|$))"
)  # not 2030年前, 2000名, 1950平方米
_PLACED = re.compile(r"(?:\d{4}年?)?(?:中华人民共和国|全国|[\u4e00-\u9fff]{1,6}?[省市县区州盟旗镇乡])")
_BODY = re.compile(r"(?:[局委办厅部院会所馆站]|公司|集团|[学校院]校|[中小大]学|学院|医院|银行|中心)$")
_BEGINNING = 4  # letters of a name that the text must speak of
_SHORT = 14  # characters of a heading that may leave out whose it is


def file_to_title(source: str, forms: Forms) -> str:
    """The name of a file, where it has the form of a title (关于…, or a kind of document at its end); else nothing."""
    title = _named(source, forms)
    ends = tuple(forms.words("header.file_ends"))
    is_title = title_to_kind(title, forms) or title.startswith("关于") or title.endswith(ends)
    return title if title and is_title else ""


def completed(title: str, source: str, forms: Forms) -> str:
    """A short title with whose it is, which the name of its file says: 协会章程 in 甲区信息技术协会章程.html.

    A page of a site leaves that out; who saves it writes it down. 解读 or 转发 in front of a title is no such thing.
    """
    named, own = title_letters(_named(source, forms)), title_letters(title)
    whose = named.removesuffix(own)
    if not own or len(own) > _SHORT or "关于" in title or whose in ("", named) or _PLACED.match(own):
        return title
    is_name = _PLACED.match(whose) or _BODY.search(whose) or forms.full("header.name_line", whose)
    return _named(source, forms) if is_name else title


def titled_better(title: str, source: str, text: str, forms: Forms) -> str:
    """The name of the file where it is a title, and the heading that was taken for one has the form of none.

    必要证件及物品, the first heading of a page that is saved as 甲大学新生入学准备须知; 专题, the site's own. Only
    where the text speaks of what the name begins with, and the heading is of no place itself.
    """
    told = file_to_title(source, forms)
    plain_heading = not title_to_kind(title, forms) and not any(mark in title for mark in ("关于", "《"))
    apart = title_letters(title) not in title_letters(told)
    if not (told and plain_heading and apart) or len(title_letters(title)) > _SHORT or _PLACED.match(title):
        return title
    return told if title_letters(told)[:_BEGINNING] in title_letters(text) else title


def _named(source: str, forms: Forms) -> str:
    if part_number(source) is not None:
        return ""
    found = forms.full("header.file_title", PurePath(shown(source)).stem)
    return str(found["title"]).strip() if found else ""


def year_in_name(source: str) -> int | None:
    """The one year that the name of a file tells (招生指南2016.html, 评估报告20240620.txt); None for several."""
    years = set(map(int, _YEAR.findall(PurePath(shown(source)).stem)))
    return years.pop() if len(years) == 1 else None
